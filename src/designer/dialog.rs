//! What can lie over the window: dialogs, and messages that pass.

use std::path::PathBuf;

use super::connect_form::ConnectForm;
use super::msg::{ListedRun, RecoveryCopy};
use crate::check::Code;

/// A dialog; at most one is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    /// Unsaved work: save, discard or stay; then goes on.
    Unsaved {
        /// What goes on.
        then: AfterSave,
    },
    /// The file was changed by somebody else while there is unsaved work here.
    ChangedOnDisk {
        /// Whether a save brought it up (then overwriting is a choice).
        is_saving: bool,
    },
    /// A run is being watched; leave it, stop it or stay.
    LeaveRun {
        /// What goes on.
        then: AfterSave,
    },
    /// Copies of work that a crash interrupted.
    Recovery {
        /// The newest first.
        copies: Vec<RecoveryCopy>,
    },
    /// No system dialog can open: a path is typed in.
    Path {
        /// What for.
        purpose: PathPurpose,
        /// What was typed.
        text: String,
        /// Why the last try failed, one sentence.
        problem: Option<String>,
    },
    /// The agent and profile of a new step are typed in.
    NewRunProfile {
        /// Where it goes.
        at: super::DropPoint,
        /// The agent's name as typed.
        agent: String,
        /// The profile's name as typed.
        profile: String,
    },
    /// The password of an account, before connecting goes on.
    Password {
        /// The account.
        user: String,
        /// The server.
        host: String,
    },
    /// Everything about the way to a server.
    Connect(Box<ConnectForm>),
    /// Runs of this machine to attach to; `None` while they are being found.
    Runs(Option<Vec<ListedRun>>),
    /// Stop now: the service is asked to break off what runs.
    ConfirmStopNow,
    /// The preferences.
    Settings,
    /// All shortcuts.
    Shortcuts,
    /// What a rule means.
    Explain(Code),
    /// The program.
    About,
    /// Something failed: one sentence, with what can be done.
    Failure {
        /// The heading.
        title: String,
        /// The sentence.
        sentence: String,
    },
}

/// What goes on after unsaved work or a watched run has been settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterSave {
    /// A new document.
    New,
    /// A template, by index in `templates`.
    Template(usize),
    /// The question which file to open.
    Open,
    /// This file.
    OpenFile(PathBuf),
    /// The welcome screen.
    Welcome,
    /// The end of the program.
    Exit,
    /// Recovered work.
    Recover(String),
}

/// What a path is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPurpose {
    /// The file to open.
    Open,
    /// The file to save to, and what goes on after that.
    SaveAs {
        /// What goes on.
        then: Option<AfterSave>,
    },
    /// What was exported from a server.
    Export {
        /// Whether it is a folder: an exported server; else a file: an exported agent.
        is_folder: bool,
    },
    /// The log file of the sequence.
    LogFile,
    /// The file of authorities to trust.
    CaFile,
    /// The same, for the server of the Connect dialog.
    ConnectCaFile,
    /// The program of a command.
    Program(ProgramOf),
    /// The working directory of a command.
    Directory(ProgramOf),
    /// The file that a command copies.
    CopyFrom(ProgramOf),
    /// Where a command copies a file to.
    CopyTo(ProgramOf),
}

/// Whose program is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramOf {
    /// The place.
    pub place: crate::model::Place,
    /// Which of its commands.
    pub slot: crate::run::Slot,
}

/// A message that passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Names it.
    pub id: u64,
    /// How it looks.
    pub kind: ToastKind,
    /// The heading.
    pub title: String,
    /// The second line, may be empty.
    pub text: String,
    /// What it offers.
    pub action: Option<ToastAction>,
}

/// How a passing message looks; failures stay until closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// Done.
    Success,
    /// Good to know.
    Info,
    /// Done differently.
    Warning,
    /// Failed.
    Error,
}

/// What a passing message offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToastAction {
    /// Undo it: the change that made the content of this number.
    Undo(u64),
    /// Show a place.
    Show(crate::model::Place),
    /// Show the log.
    ShowLog,
    /// Read the file again.
    Reload,
    /// Let the doctor look at the way to the server.
    Examine,
}

impl ToastAction {
    /// Whether it can be done now; undoing is for the newest change only, or it would take back another.
    pub fn is_possible(&self, state: &super::State) -> bool {
        match self {
            Self::Undo(content) => {
                state.document.content == *content
                    && super::Command::Undo.availability(state).is_ok()
            }
            Self::Examine => super::Command::Examine.availability(state).is_ok(),
            Self::Show(_) | Self::ShowLog | Self::Reload => true,
        }
    }

    /// Whether another offers the same, however often the file has changed in between.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self == other || matches!((self, other), (Self::Undo(_), Self::Undo(_)))
    }
}
