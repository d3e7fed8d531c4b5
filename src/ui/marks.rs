//! Which icon stands for what: commands, step types, kinds of steps.

use crate::designer::Command;
use crate::mim::StepType;

use super::icons::Icon;
use super::theme::StepLook;

/// The icon of a command, if it has one.
pub(in crate::ui) const fn of_command(command: Command) -> Option<Icon> {
    Some(match command {
        Command::New => Icon::New,
        Command::Open => Icon::Open,
        Command::Save | Command::SaveAs => Icon::Save,
        Command::Undo => Icon::Undo,
        Command::Redo => Icon::Redo,
        Command::Cut => Icon::Cut,
        Command::Copy => Icon::Copy,
        Command::Paste => Icon::Paste,
        Command::Duplicate => Icon::Duplicate,
        Command::Delete => Icon::Delete,
        Command::ToggleEnabled => Icon::Skip,
        Command::Find | Command::FindNext | Command::FindPrevious => Icon::Search,
        Command::AddThread => Icon::Thread,
        Command::AddSelected | Command::AddRunProfile => Icon::Add,
        Command::AddCommand => Icon::Command,
        Command::AddDelay => Icon::Delay,
        Command::Palette => Icon::Palette,
        Command::ShowProblems | Command::NextProblem | Command::PreviousProblem => Icon::Warning,
        Command::ApplyFix => Icon::Bulb,
        Command::ShowTimeline => Icon::Gantt,
        Command::ShowLog | Command::OpenLogFile => Icon::Log,
        Command::ShowXml => Icon::Xml,
        Command::ToggleTree => Icon::Tree,
        Command::ThemeLight => Icon::ThemeLight,
        Command::ThemeDark => Icon::ThemeDark,
        Command::ThemeHighContrast => Icon::ThemeContrast,
        Command::Preferences => Icon::Settings,
        Command::Connect => Icon::Connect,
        Command::ConnectDemo => Icon::Server,
        Command::Refresh => Icon::Retry,
        Command::Start | Command::StartThread | Command::StartFromHere => Icon::Play,
        Command::Pause => Icon::Pause,
        Command::Resume => Icon::Resume,
        Command::Stop | Command::StopNow => Icon::Stop,
        Command::Check => Icon::CheckList,
        Command::Attach => Icon::Running,
        Command::ExplainProblem | Command::About => Icon::Info,
        Command::Close => Icon::Close,
        Command::Exit
        | Command::SelectAll
        | Command::Rename
        | Command::MoveUp
        | Command::MoveDown
        | Command::MoveLeft
        | Command::MoveRight
        | Command::NextPanel
        | Command::PreviousPanel
        | Command::ToggleInspector
        | Command::ToggleBottom
        | Command::ZoomIn
        | Command::ZoomOut
        | Command::ZoomReset
        | Command::ThemeSystem
        | Command::CancelConnect
        | Command::Disconnect
        | Command::BackToEditing
        | Command::Shortcuts => return None,
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
