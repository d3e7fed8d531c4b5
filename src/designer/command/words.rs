//! What commands are called, and what they do in one sentence.

use super::{Command, Menu};

impl Command {
    /// Its label in menus, buttons and the palette.
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Open => "Open…",
            Self::Save => "Save",
            Self::SaveAs => "Save as…",
            Self::Close => "Close",
            Self::Exit => "Exit",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Cut => "Cut",
            Self::Copy => "Copy",
            Self::Paste => "Paste",
            Self::Duplicate => "Duplicate",
            Self::Delete => "Delete",
            Self::SelectAll => "Select all",
            Self::Rename => "Rename",
            Self::ToggleEnabled => "Enable or disable",
            Self::Find => "Find…",
            Self::FindNext => "Find next",
            Self::FindPrevious => "Find previous",
            Self::AddThread => "Add thread",
            Self::AddSelected => "Add selected run profile",
            Self::AddRunProfile => "Add run profile by name…",
            Self::AddCommand => "Add command",
            Self::AddDelay => "Add delay",
            Self::MoveUp => "Move up",
            Self::MoveDown => "Move down",
            Self::MoveLeft => "Move left",
            Self::MoveRight => "Move right",
            Self::Palette => "Search or run a command…",
            Self::NextPanel => "Next panel",
            Self::PreviousPanel => "Previous panel",
            Self::NextProblem => "Next problem",
            Self::PreviousProblem => "Previous problem",
            Self::ApplyFix => "Apply suggested fix",
            Self::ShowProblems => "Problems",
            Self::ShowTimeline => "Timeline",
            Self::ShowLog => "Log",
            Self::ShowXml => "XML",
            Self::ToggleTree => "Management agents",
            Self::ToggleInspector => "Inspector",
            Self::ToggleBottom => "Bottom panel",
            Self::ZoomIn => "Larger",
            Self::ZoomOut => "Smaller",
            Self::ZoomReset => "Actual size",
            Self::ThemeSystem => "Theme of the system",
            Self::ThemeLight => "Light theme",
            Self::ThemeDark => "Dark theme",
            Self::ThemeHighContrast => "High contrast theme",
            Self::Preferences => "Preferences…",
            Self::Connect => "Connect",
            Self::ConnectDemo => "Connect to the demo server",
            Self::CancelConnect => "Cancel connecting",
            Self::Disconnect => "Disconnect",
            Self::Refresh => "Refresh agents",
            Self::Start => "Start",
            Self::StartThread => "Start only this thread",
            Self::StartFromHere => "Start from here",
            Self::Pause => "Pause",
            Self::Resume => "Resume",
            Self::Stop => "Stop",
            Self::StopNow => "Stop now…",
            Self::Check => "Check",
            Self::Attach => "Attach to a run…",
            Self::BackToEditing => "Back to editing",
            Self::OpenLogFile => "Open log file",
            Self::Shortcuts => "Keyboard shortcuts",
            Self::ExplainProblem => "Explain this problem",
            Self::About => "About",
        }
    }
}

impl Menu {
    /// Its word in the menu bar.
    pub const fn label(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Server => "Server",
            Self::Action => "Action",
            Self::Help => "Help",
        }
    }
}
