//! What commands and menus are called, what they do, and why one cannot be performed now.

use super::super::command::{Command, Menu};

/// The label of a command in menus, buttons and the palette.
pub const fn label(command: Command) -> &'static str {
    match command {
        Command::New => "New",
        Command::Open => "Open…",
        Command::Save => "Save",
        Command::SaveAs => "Save as…",
        Command::Close => "Close",
        Command::Exit => "Exit",
        Command::Undo => "Undo",
        Command::Redo => "Redo",
        Command::Cut => "Cut",
        Command::Copy => "Copy",
        Command::Paste => "Paste",
        Command::Duplicate => "Duplicate",
        Command::Delete => "Delete",
        Command::SelectAll => "Select all",
        Command::Rename => "Rename",
        Command::ToggleEnabled => "Enable or disable",
        Command::Find => "Find…",
        Command::FindNext => "Find next",
        Command::FindPrevious => "Find previous",
        Command::AddThread => "Add thread",
        Command::AddSelected => "Add selected run profile",
        Command::AddRunProfile => "Add run profile by name…",
        Command::AddCommand => "Add command",
        Command::AddDelay => "Add delay",
        Command::MoveUp => "Move up",
        Command::MoveDown => "Move down",
        Command::MoveLeft => "Move left",
        Command::MoveRight => "Move right",
        Command::Palette => "Search or run a command…",
        Command::NextPanel => "Next panel",
        Command::PreviousPanel => "Previous panel",
        Command::NextProblem => "Next problem",
        Command::PreviousProblem => "Previous problem",
        Command::ApplyFix => "Apply suggested fix",
        Command::ShowProblems => "Problems",
        Command::ShowTimeline => "Timeline",
        Command::ShowLog => "Log",
        Command::ShowXml => "XML",
        Command::ToggleTree => "Management agents",
        Command::ToggleInspector => "Inspector",
        Command::ToggleBottom => "Bottom panel",
        Command::ZoomIn => "Larger",
        Command::ZoomOut => "Smaller",
        Command::ZoomReset => "Actual size",
        Command::TimelineIn => "Zoom in on the timeline",
        Command::TimelineOut => "Zoom out of the timeline",
        Command::TimelineAll => "Show the whole run",
        Command::ThemeSystem => "Theme of the system",
        Command::ThemeLight => "Light theme",
        Command::ThemeDark => "Dark theme",
        Command::ThemeHighContrast => "High contrast theme",
        Command::Preferences => "Preferences…",
        Command::ConnectTo => "Connect to a server…",
        Command::Examine => "Check the way to the server…",
        Command::Connect => "Connect",
        Command::ConnectDemo => "Connect to the demo server",
        Command::CancelConnect => "Cancel connecting",
        Command::Disconnect => "Disconnect",
        Command::Refresh => "Refresh agents",
        Command::ReadExport => "Read configuration folder…",
        Command::ReadExportedAgent => "Read agent file…",
        Command::ForgetExport => "Forget configuration files",
        Command::Start => "Start",
        Command::StartThread => "Start only this thread",
        Command::StartFromHere => "Start from here",
        Command::Pause => "Pause",
        Command::Resume => "Resume",
        Command::Stop => "Stop",
        Command::StopNow => "Stop now…",
        Command::Check => "Check",
        Command::Attach => "Attach to a run…",
        Command::BackToEditing => "Back to editing",
        Command::OpenLogFile => "Open log file",
        Command::Shortcuts => "Keyboard shortcuts",
        Command::ExplainProblem => "Explain this problem",
        Command::About => "About",
    }
}

/// What a command does, one sentence.
#[expect(clippy::too_many_lines, reason = "one line for each command")]
pub const fn tooltip(command: Command) -> &'static str {
    match command {
        Command::New => "Begins a new sequence with one empty thread",
        Command::Open => "Opens a sequence file",
        Command::Save => "Writes the sequence to its file, which is what the scheduled run reads",
        Command::SaveAs => "Writes the sequence to another file and goes on with that one",
        Command::Close => "Closes the file and shows the welcome screen",
        Command::Exit => "Ends the program; a run that was started goes on",
        Command::Undo => "Takes the last change back",
        Command::Redo => "Makes the change again that was taken back",
        Command::Cut => "Takes the selected steps or threads to the clipboard",
        Command::Copy => {
            "Copies the selected steps or threads to the clipboard, as a small sequence file"
        }
        Command::Paste => {
            "Adds what is on the clipboard after the selection; a whole sequence file works too"
        }
        Command::Duplicate => "Adds a copy of the selection right behind it",
        Command::Delete => "Removes the selected steps or threads",
        Command::SelectAll => {
            "Selects all steps of the thread; pressed again, all steps of the sequence"
        }
        Command::Rename => "Edits the name in place; a step without a name shows what it does",
        Command::ToggleEnabled => {
            "Keeps the selection in the file but leaves it out of runs, or takes it in again"
        }
        Command::Find => {
            "Searches thread names, steps, agents, run profiles, programs and arguments"
        }
        Command::FindNext => "Goes to the next place that was found",
        Command::FindPrevious => "Goes to the previous place that was found",
        Command::AddThread => "Adds a thread; threads run side by side",
        Command::AddSelected => {
            "Adds the run profile that is selected in the tree to the selected thread"
        }
        Command::AddRunProfile => {
            "Adds a step for a run profile whose names are typed in, also without a server"
        }
        Command::AddCommand => {
            "Adds a step that starts a program, such as a script that fetches a file"
        }
        Command::AddDelay => "Adds a step that waits, such as for a directory to replicate",
        Command::MoveUp => {
            "Moves the selected steps one place up; steps of a thread run from top to bottom"
        }
        Command::MoveDown => {
            "Moves the selected steps one place down; steps of a thread run from top to bottom"
        }
        Command::MoveLeft => {
            "Moves the selected steps into the thread on the left, or the selected thread itself"
        }
        Command::MoveRight => {
            "Moves the selected steps into the thread on the right, or the selected thread itself"
        }
        Command::Palette => {
            "Finds commands, run profiles, steps and problems by typing a part of their name"
        }
        Command::NextPanel => "Moves the keyboard to the next panel",
        Command::PreviousPanel => "Moves the keyboard to the previous panel",
        Command::NextProblem => "Shows the next problem and its place",
        Command::PreviousProblem => "Shows the previous problem and its place",
        Command::ApplyFix => "Mends the current problem as suggested; undo takes it back",
        Command::ShowProblems => "Shows what the rules say about the sequence",
        Command::ShowTimeline => "Shows when each step waited and ran",
        Command::ShowLog => "Shows what the run has said",
        Command::ShowXml => "Shows the file as it would be saved",
        Command::ToggleTree => "Shows or hides the management agents and their run profiles",
        Command::ToggleInspector => "Shows or hides the settings of what is selected",
        Command::ToggleBottom => "Shows or hides problems, timeline, log and XML",
        Command::ZoomIn => "Draws everything larger",
        Command::ZoomOut => "Draws everything smaller",
        Command::ZoomReset => "Draws everything at its actual size",
        Command::TimelineIn => "Shows a shorter part of the run on the timeline",
        Command::TimelineOut => "Shows a longer part of the run on the timeline",
        Command::TimelineAll => "Shows the run on the timeline from its begin to its end",
        Command::ThemeSystem => "Follows the light or dark setting of the system",
        Command::ThemeLight => "Draws dark on light",
        Command::ThemeDark => "Draws light on dark",
        Command::ThemeHighContrast => "Draws with the strongest contrast",
        Command::Preferences => "Changes theme, scale, motion and how often agents are read",
        Command::ConnectTo => {
            "Chooses server, method, authentication and account, and shows what goes wrong"
        }
        Command::Examine => {
            "Finds out, step by step, why a server cannot be used, and what to do about it"
        }
        Command::Connect => "Connects to the server and reads its agents and run profiles",
        Command::ConnectDemo => {
            "Connects to a simulated server on this machine, to try things out safely"
        }
        Command::CancelConnect => "Gives up connecting",
        Command::Disconnect => "Ends the connection; the sequence stays as it is",
        Command::Refresh => "Reads the agents, their states and their run profiles again",
        Command::ReadExport => {
            "Takes agents and run profiles from the folder to which a server's configuration was exported"
        }
        Command::ReadExportedAgent => {
            "Takes the run profiles from the file to which one management agent was exported"
        }
        Command::ForgetExport => "Shows only what the server itself has said",
        Command::Start => "Runs the sequence as it is drawn, saved or not",
        Command::StartThread => "Runs only the selected thread",
        Command::StartFromHere => "Runs the selected thread, beginning with the selected step",
        Command::Pause => {
            "Lets run profiles that run finish, and starts nothing more until resumed"
        }
        Command::Resume => "Goes on with a paused run",
        Command::Stop => "Lets run profiles that run finish, and ends the run",
        Command::StopNow => "Asks the service to break off the agents that this run has started",
        Command::Check => "Applies the rules and shows the problems",
        Command::Attach => "Watches a run on this machine that was started elsewhere",
        Command::BackToEditing => "Shows the sequence again; a run goes on without this window",
        Command::OpenLogFile => "Opens the log file with the program that the system has for it",
        Command::Shortcuts => "Lists all keys and what they do",
        Command::ExplainProblem => {
            "Tells what the rule of the current problem means, and how to mend it"
        }
        Command::About => "Names the program and its version",
    }
}

/// The word of a menu.
pub const fn menu(menu: Menu) -> &'static str {
    match menu {
        Menu::File => "File",
        Menu::Edit => "Edit",
        Menu::View => "View",
        Menu::Server => "Server",
        Menu::Action => "Action",
        Menu::Help => "Help",
    }
}

/// Undo or redo with what it is about: `Undo move 3 steps`.
pub fn with_change(command: Command, change: &str) -> String {
    let mut letters = change.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    let first = first.unwrap_or_default();
    format!("{} {first}{}", label(command), letters.as_str())
}

/// Switching what is chosen off.
pub const DISABLE: &str = "Disable";
/// Switching what is chosen on.
pub const ENABLE: &str = "Enable";

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $sentence:literal;)+) => {
        $($(#[$doc])* pub const $name: &str = $sentence;)+
    };
}

reasons! {
    /// A dialog is open.
    ANSWER_FIRST = "Close the dialog first";
    /// The welcome screen is shown.
    NO_DOCUMENT = "Open a sequence or begin a new one first";
    /// A run is being watched.
    RUN_GOES_ON = "A run is going on; stop it or wait for its end";
    /// A run is about to begin.
    RUN_STARTS = "A run is being started";
    /// The run on the canvas is of another sequence.
    OTHER_RUN = "Another sequence is shown; go back to editing first";
    /// Neither step nor thread is chosen.
    SELECT_SOMETHING = "Select a step or a thread first";
    /// No step is chosen.
    SELECT_STEP = "Select a step first";
    /// Not exactly one step is chosen.
    SELECT_ONE_STEP = "Select one step first";
    /// No thread is chosen.
    SELECT_THREAD = "Select a thread first";
    /// Several are chosen.
    SELECT_ONE = "Select only one step or thread";
    /// No run profile of the tree is chosen.
    SELECT_PROFILE = "Select a run profile in the tree first";
    /// There is no step at all.
    NO_STEPS = "There is no step yet";
    /// Nothing was changed.
    NO_UNDO = "There is nothing to undo";
    /// Nothing was undone.
    NO_REDO = "There is nothing to redo";
    /// Nothing changed since it was saved.
    SAVED = "Everything is saved";
    /// A save is under way.
    SAVING = "The file is being saved";
    /// It is at the top.
    IS_FIRST = "It is the first step of its thread already";
    /// It is at the bottom.
    IS_LAST = "It is the last step of its thread already";
    /// It is at the left.
    IS_LEFTMOST = "There is no thread further to the left";
    /// It is at the right.
    IS_RIGHTMOST = "There is no thread further to the right";
    /// Nothing was found.
    NO_HIT = "Nothing was found";
    /// There is no problem.
    NO_PROBLEM = "The rules have found no problem";
    /// No problem is meant.
    SELECT_PROBLEM = "Select a problem first";
    /// The problem has no fix.
    NO_FIX = "Nobody but you can decide how to mend this problem";
    /// The rules are being applied.
    CHECKING = "The sequence is being checked";
    /// Larger is not possible.
    LARGEST = "It cannot be larger";
    /// Smaller is not possible.
    SMALLEST = "It has its actual size";
    /// A connection is being made.
    CONNECTING = "It is being connected; cancel that first";
    /// A server is connected.
    DISCONNECT_FIRST = "Disconnect from the server first";
    /// No server is connected.
    CONNECT_FIRST = "Connect to a server first";
    /// No connection is being made.
    NOT_CONNECTING = "Nothing is being connected";
    /// The agents are being read.
    READING = "The agents are being read";
    /// An export is being read.
    READING_EXPORT = "An exported configuration is being read";
    /// There is no export.
    NO_EXPORT = "No exported configuration has been read";
    /// No step would run.
    NOTHING_TO_RUN = "No step that is enabled would run";
    /// No run is being watched.
    NO_RUN = "No run is going on";
    /// The run is paused.
    IS_PAUSED = "The run is paused already";
    /// The run is not paused.
    NOT_PAUSED = "The run is not paused";
    /// The run is ending.
    IS_STOPPING = "The run is ending already";
}
