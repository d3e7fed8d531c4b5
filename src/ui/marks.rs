//! Which icon stands for what: commands, step types, kinds of steps.

use crate::designer::Command;
use crate::mim::StepType;

use super::icons::Icon;
use super::theme::StepLook;

/// The icon of a command, if it has one.
pub(in crate::ui) const fn of_command(command: Command) -> Option<Icon> {
    use Command as C;
    Some(match command {
        C::New => Icon::New,
        C::Open | C::ReadExport => Icon::Open,
        C::Save | C::SaveAs => Icon::Save,
        C::Undo | C::BackToEditing => Icon::Undo,
        C::Redo => Icon::Redo,
        C::Cut => Icon::Cut,
        C::Copy => Icon::Copy,
        C::Paste => Icon::Paste,
        C::Duplicate => Icon::Duplicate,
        C::Delete => Icon::Delete,
        C::ToggleEnabled => Icon::Skip,
        C::Find => Icon::Search,
        C::AddThread | C::StartThread => Icon::Thread,
        C::AddSelected => Icon::Add,
        C::AddRunProfile => Icon::Sync,
        C::AddCommand => Icon::Command,
        C::AddDelay => Icon::Delay,
        C::Palette => Icon::Palette,
        C::NextProblem | C::PreviousProblem | C::ShowProblems => Icon::Warning,
        C::ApplyFix => Icon::Bulb,
        C::ShowTimeline => Icon::Gantt,
        C::ShowLog | C::OpenLogFile => Icon::Log,
        C::ShowXml => Icon::Xml,
        C::ToggleTree => Icon::Tree,
        C::ThemeSystem | C::ThemeHighContrast => Icon::ThemeContrast,
        C::ThemeLight => Icon::ThemeLight,
        C::ThemeDark => Icon::ThemeDark,
        C::Preferences => Icon::Settings,
        C::ConnectTo | C::Connect | C::Attach => Icon::Connect,
        C::ConnectDemo => Icon::Server,
        C::CancelConnect | C::Disconnect | C::ForgetExport => Icon::Close,
        C::Refresh => Icon::Retry,
        C::ReadExportedAgent => Icon::AgentGeneric,
        C::Start => Icon::Play,
        C::Pause => Icon::Pause,
        C::Resume | C::StartFromHere => Icon::Resume,
        C::Stop | C::StopNow => Icon::Stop,
        C::Check | C::Examine => Icon::CheckList,
        C::Shortcuts => Icon::Key,
        C::ExplainProblem | C::About => Icon::Info,
        C::Close
        | C::Exit
        | C::SelectAll
        | C::Rename
        | C::FindNext
        | C::FindPrevious
        | C::MoveUp
        | C::MoveDown
        | C::MoveLeft
        | C::MoveRight
        | C::NextPanel
        | C::PreviousPanel
        | C::ToggleInspector
        | C::ToggleBottom
        | C::ZoomIn
        | C::ZoomOut
        | C::ZoomReset
        | C::TimelineIn
        | C::TimelineOut
        | C::TimelineAll => return None,
    })
}

/// The icon and the colours of a run profile that does this; `None` when nobody knows.
pub(in crate::ui) const fn of_type(kind: Option<StepType>) -> (Icon, StepLook) {
    match kind {
        Some(StepType::FullImport | StepType::DeltaImport) => (Icon::Import, StepLook::Import),
        Some(StepType::FullSync | StepType::DeltaSync) => (Icon::Sync, StepLook::Sync),
        Some(StepType::Export) => (Icon::Export, StepLook::Export),
        Some(
            StepType::FullImportDeltaSync
            | StepType::DeltaImportDeltaSync
            | StepType::FullImportFullSync,
        ) => (Icon::Combined, StepLook::Sync),
        None => (Icon::Sequence, StepLook::Flow),
    }
}
