//! Everything that a person can do, once: menus, toolbar, keys, context menus and palette derive from
//! it.

mod availability;
mod shortcut;
#[cfg(test)]
mod tests;
mod words;

pub(in crate::designer) use availability::why_not_edit;
pub use shortcut::{Key, Shortcut};

/// Something that a person can do.
#[expect(
    clippy::enum_variant_names,
    reason = "to add a command step is what people call it"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// A new sequence with one empty thread.
    New,
    /// Opens a file.
    Open,
    /// Saves the file.
    Save,
    /// Saves under another name.
    SaveAs,
    /// Closes the file and shows the welcome screen.
    Close,
    /// Ends the program.
    Exit,
    /// Takes the last change back.
    Undo,
    /// Does it again.
    Redo,
    /// Takes the selection to the clipboard.
    Cut,
    /// Copies the selection to the clipboard.
    Copy,
    /// Adds what is on the clipboard after the selection.
    Paste,
    /// Adds a copy of the selection after it.
    Duplicate,
    /// Removes the selection.
    Delete,
    /// Selects all steps of the thread, then all of the sequence.
    SelectAll,
    /// Edits the name in place.
    Rename,
    /// Switches the selection on or off.
    ToggleEnabled,
    /// Searches the sequence.
    Find,
    /// The next hit.
    FindNext,
    /// The previous hit.
    FindPrevious,
    /// Adds a thread.
    AddThread,
    /// Adds the tree's run profile to the selected thread.
    AddSelected,
    /// Adds a run-profile step whose names are typed in.
    AddRunProfile,
    /// Adds a command step.
    AddCommand,
    /// Adds a delay step.
    AddDelay,
    /// Moves the selected steps up.
    MoveUp,
    /// Moves the selected steps down.
    MoveDown,
    /// Moves the selected steps, or the thread, to the left.
    MoveLeft,
    /// Moves the selected steps, or the thread, to the right.
    MoveRight,
    /// Opens the palette.
    Palette,
    /// Moves the keyboard to the next panel.
    NextPanel,
    /// Moves the keyboard to the previous panel.
    PreviousPanel,
    /// Shows the next problem.
    NextProblem,
    /// Shows the previous problem.
    PreviousProblem,
    /// Applies the quick fix of the current problem.
    ApplyFix,
    /// Shows the problems.
    ShowProblems,
    /// Shows the timeline.
    ShowTimeline,
    /// Shows the log.
    ShowLog,
    /// Shows the XML.
    ShowXml,
    /// Shows or hides the tree.
    ToggleTree,
    /// Shows or hides the inspector.
    ToggleInspector,
    /// Shows or hides the bottom panel.
    ToggleBottom,
    /// Draws larger.
    ZoomIn,
    /// Draws smaller.
    ZoomOut,
    /// Draws at 100 %.
    ZoomReset,
    /// Shows less of the run's time.
    TimelineIn,
    /// Shows more of the run's time.
    TimelineOut,
    /// Shows all of the run's time.
    TimelineAll,
    /// Follows the system's theme.
    ThemeSystem,
    /// The light theme.
    ThemeLight,
    /// The dark theme.
    ThemeDark,
    /// The high-contrast theme.
    ThemeHighContrast,
    /// The preferences.
    Preferences,
    /// Opens the Connect dialog.
    ConnectTo,
    /// Opens the Connect dialog and lets the doctor look at the way to the server.
    Examine,
    /// Connects to the server of the server bar.
    Connect,
    /// Connects to the demo server.
    ConnectDemo,
    /// Gives up connecting.
    CancelConnect,
    /// Ends the connection.
    Disconnect,
    /// Reads the agents again.
    Refresh,
    /// Reads an exported server.
    ReadExport,
    /// Reads an exported agent.
    ReadExportedAgent,
    /// Forgets what was exported.
    ForgetExport,
    /// Starts the sequence.
    Start,
    /// Starts only the selected thread.
    StartThread,
    /// Starts the selected thread from the selected step on.
    StartFromHere,
    /// Starts nothing more until resumed.
    Pause,
    /// Goes on.
    Resume,
    /// Lets what runs finish and ends the run.
    Stop,
    /// Asks the service to break off what this run started.
    StopNow,
    /// Applies the rules and shows the problems.
    Check,
    /// Watches a run that somebody else started on this machine.
    Attach,
    /// Ends watching and shows the document again; a run goes on.
    BackToEditing,
    /// Opens the log file.
    OpenLogFile,
    /// Lists all keys.
    Shortcuts,
    /// Explains the current problem.
    ExplainProblem,
    /// Names the program and its version.
    About,
}

impl Command {
    /// All commands.
    pub const ALL: &'static [Self] = &[
        Self::New,
        Self::Open,
        Self::Save,
        Self::SaveAs,
        Self::Close,
        Self::Exit,
        Self::Undo,
        Self::Redo,
        Self::Cut,
        Self::Copy,
        Self::Paste,
        Self::Duplicate,
        Self::Delete,
        Self::SelectAll,
        Self::Rename,
        Self::ToggleEnabled,
        Self::Find,
        Self::FindNext,
        Self::FindPrevious,
        Self::AddThread,
        Self::AddSelected,
        Self::AddRunProfile,
        Self::AddCommand,
        Self::AddDelay,
        Self::MoveUp,
        Self::MoveDown,
        Self::MoveLeft,
        Self::MoveRight,
        Self::Palette,
        Self::NextPanel,
        Self::PreviousPanel,
        Self::NextProblem,
        Self::PreviousProblem,
        Self::ApplyFix,
        Self::ShowProblems,
        Self::ShowTimeline,
        Self::ShowLog,
        Self::ShowXml,
        Self::ToggleTree,
        Self::ToggleInspector,
        Self::ToggleBottom,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::TimelineIn,
        Self::TimelineOut,
        Self::TimelineAll,
        Self::ThemeSystem,
        Self::ThemeLight,
        Self::ThemeDark,
        Self::ThemeHighContrast,
        Self::Preferences,
        Self::ConnectTo,
        Self::Examine,
        Self::Connect,
        Self::ConnectDemo,
        Self::CancelConnect,
        Self::Disconnect,
        Self::Refresh,
        Self::ReadExport,
        Self::ReadExportedAgent,
        Self::ForgetExport,
        Self::Start,
        Self::StartThread,
        Self::StartFromHere,
        Self::Pause,
        Self::Resume,
        Self::Stop,
        Self::StopNow,
        Self::Check,
        Self::Attach,
        Self::BackToEditing,
        Self::OpenLogFile,
        Self::Shortcuts,
        Self::ExplainProblem,
        Self::About,
    ];
}

/// A menu of the menu bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Files.
    File,
    /// Changes of the sequence.
    Edit,
    /// What is shown.
    View,
    /// The server.
    Server,
    /// Runs.
    Action,
    /// Help.
    Help,
}

impl Menu {
    /// All menus, in the order of the menu bar.
    pub const ALL: [Self; 6] = [
        Self::File,
        Self::Edit,
        Self::View,
        Self::Server,
        Self::Action,
        Self::Help,
    ];

    /// Its commands in groups, a line between them. The file menu has the recent files besides.
    pub const fn groups(self) -> &'static [&'static [Command]] {
        use Command as C;
        match self {
            Self::File => &[
                &[C::New, C::Open],
                &[C::Save, C::SaveAs],
                &[C::Close, C::Preferences],
                &[C::Exit],
            ],
            Self::Edit => &[
                &[C::Undo, C::Redo],
                &[C::Cut, C::Copy, C::Paste, C::Duplicate, C::Delete],
                &[
                    C::AddThread,
                    C::AddSelected,
                    C::AddRunProfile,
                    C::AddCommand,
                    C::AddDelay,
                ],
                &[C::MoveUp, C::MoveDown, C::MoveLeft, C::MoveRight],
                &[C::Rename, C::ToggleEnabled, C::SelectAll],
                &[C::Find, C::FindNext, C::FindPrevious],
            ],
            Self::View => &[
                &[C::Palette],
                &[C::ShowProblems, C::ShowTimeline, C::ShowLog, C::ShowXml],
                &[C::NextProblem, C::PreviousProblem],
                &[C::ToggleTree, C::ToggleInspector, C::ToggleBottom],
                &[C::NextPanel, C::PreviousPanel],
                &[C::TimelineIn, C::TimelineOut, C::TimelineAll],
                &[C::ZoomIn, C::ZoomOut, C::ZoomReset],
                &[
                    C::ThemeSystem,
                    C::ThemeLight,
                    C::ThemeDark,
                    C::ThemeHighContrast,
                ],
            ],
            Self::Server => &[
                &[
                    C::ConnectTo,
                    C::Connect,
                    C::ConnectDemo,
                    C::CancelConnect,
                    C::Disconnect,
                ],
                &[C::Refresh, C::Examine],
                &[C::ReadExport, C::ReadExportedAgent, C::ForgetExport],
            ],
            Self::Action => &[
                &[C::Start, C::StartThread, C::StartFromHere],
                &[C::Pause, C::Resume, C::Stop, C::StopNow],
                &[C::Check, C::ApplyFix, C::ExplainProblem],
                &[C::Attach, C::BackToEditing, C::OpenLogFile],
            ],
            Self::Help => &[&[C::Shortcuts], &[C::About]],
        }
    }
}
