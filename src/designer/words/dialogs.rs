//! What dialogs say, and what their buttons do.

use crate::base::text::printable;

use super::super::{
    AfterSave, ConnectForm, ConnectMethod, Connection, Dialog, DialogButton, PathPurpose, State,
};
use super::{doctor, files};

/// A path that was left empty.
pub const PATH_EMPTY: &str = "Type the path of a file";
/// A path that no system takes.
pub const PATH_BAD: &str = "This path has a character that no file name can have";
/// A path that counts from nowhere.
pub const PATH_RELATIVE: &str = "Type the whole path, from the root or the drive on";
/// A path was typed without its folder.
pub fn counted_from(folder: &str) -> String {
    format!("The path counts from {folder}")
}

/// The place that a path was asked for has changed meanwhile.
pub const PATH_NOT_USED: &str = "The path was not used";
/// Why.
pub const PATH_NOT_USED_HELP: &str =
    "What it was asked for has changed meanwhile; choose the path again";
/// No dialog of the system can open.
pub const NO_FILE_DIALOG: &str = "No file dialog can open here";
/// What to do instead.
pub const NO_FILE_DIALOG_HELP: &str = "Type the path into the field.";
/// A folder where a file is wanted.
pub const PATH_FOLDER: &str = "This is a folder; type the name of a file in it";

/// The words of a dialog. A button without a word is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogWords {
    /// The heading.
    pub title: String,
    /// What it is about; empty where the dialog shows more than words.
    pub text: String,
    /// The main button.
    pub primary: Option<&'static str>,
    /// The other choice.
    pub secondary: Option<&'static str>,
    /// The way back.
    pub cancel: &'static str,
    /// The button that Enter presses: never one that loses something.
    pub default: DialogButton,
}

impl DialogWords {
    fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            primary: None,
            secondary: None,
            cancel: "Cancel",
            default: DialogButton::Primary,
        }
    }

    fn only_close(self) -> Self {
        Self {
            cancel: "Close",
            default: DialogButton::Cancel,
            ..self
        }
    }
}

/// What a dialog says.
pub fn dialog(state: &State, dialog: &Dialog) -> DialogWords {
    match dialog {
        Dialog::Unsaved { then } => unsaved(state, then),
        Dialog::ChangedOnDisk { is_saving } => changed_on_disk(state, *is_saving),
        Dialog::LeaveRun { then } => leave_run(then),
        Dialog::Recovery { .. } => DialogWords {
            primary: Some("Recover the newest"),
            secondary: Some("Throw all away"),
            cancel: "Decide later",
            ..DialogWords::new(
                "Unsaved work was found",
                "The program ended before this work was saved.",
            )
        },
        Dialog::Path { purpose, .. } => path(purpose),
        Dialog::NewRunProfile { .. } => DialogWords {
            primary: Some("Add"),
            ..DialogWords::new(
                "Add run profile by name",
                "For an agent or a run profile that the server has not told of.",
            )
        },
        Dialog::Password { user, host } => DialogWords {
            primary: Some("Connect"),
            ..DialogWords::new(
                if matches!(state.connection, Connection::Failed { .. }) {
                    "Logon refused"
                } else {
                    "Password needed"
                },
                format!("Password of {} on {}", printable(user), printable(host)),
            )
        },
        Dialog::Connect(form) => connect(state, form),
        Dialog::Runs(None) => DialogWords::new("Attach to a run", "Looking for runs…"),
        Dialog::Runs(Some(runs)) if runs.is_empty() => DialogWords::new(
            "Attach to a run",
            "No sequence runs on this machine under your account.",
        )
        .only_close(),
        Dialog::Runs(Some(runs)) => DialogWords {
            primary: (runs.len() == 1).then_some("Watch"),
            ..DialogWords::new("Attach to a run", "")
        },
        Dialog::ConfirmStopNow => DialogWords {
            primary: Some("Stop now"),
            cancel: "Let it run",
            default: DialogButton::Cancel,
            ..DialogWords::new(
                "Stop now?",
                "The service is asked to break off the run profiles that this run started. \
                 What they have not finished is left for the next run. Stop lets them finish.",
            )
        },
        Dialog::Settings => DialogWords::new("Preferences", "").only_close(),
        Dialog::Shortcuts => DialogWords::new("Keyboard shortcuts", "").only_close(),
        Dialog::Explain(code) => DialogWords::new(rule(*code), "").only_close(),
        Dialog::About => DialogWords::new("About", "").only_close(),
        Dialog::Failure { title, sentence } => {
            DialogWords::new(title.clone(), sentence.clone()).only_close()
        }
    }
}

fn unsaved(state: &State, then: &AfterSave) -> DialogWords {
    let name = state.document.file_name();
    let name = name.unwrap_or_else(|| match state.document.sequence.name.trim() {
        "" => super::window::UNTITLED.to_owned(),
        name => name.to_owned(),
    });
    DialogWords {
        primary: Some("Save"),
        secondary: Some("Don’t save"),
        ..DialogWords::new(
            format!("Save {} first?", printable(&name)),
            format!("Otherwise your changes are lost {}.", when(then)),
        )
    }
}

const fn when(then: &AfterSave) -> &'static str {
    match then {
        AfterSave::New | AfterSave::Template(_) => "when a new sequence begins",
        AfterSave::Open | AfterSave::OpenFile(_) => "when another file is opened",
        AfterSave::Welcome => "when the file is closed",
        AfterSave::Exit => "when the program ends",
        AfterSave::Recover(_) => "when the recovered work takes their place",
    }
}

fn changed_on_disk(state: &State, is_saving: bool) -> DialogWords {
    let saving = state.pending.saving.as_ref();
    if let Some(saving) = saving.filter(|saving| is_saving && saving.is_new_name) {
        return DialogWords {
            primary: Some("Overwrite"),
            secondary: Some("Another name…"),
            default: DialogButton::Secondary,
            ..DialogWords::new(
                "This file exists already",
                format!("{} would be overwritten.", files::path_text(&saving.file)),
            )
        };
    }
    let name = state.document.file_name().unwrap_or_default();
    let title = files::changed(&name);
    if is_saving {
        DialogWords {
            primary: Some("Overwrite"),
            secondary: Some("Read theirs"),
            default: DialogButton::Cancel,
            ..DialogWords::new(
                title,
                "Overwrite puts your work in its place. Read theirs shows what is in the file now; \
                 undo brings your work back.",
            )
        }
    } else {
        DialogWords {
            primary: Some("Read theirs"),
            secondary: Some("Keep mine"),
            default: DialogButton::Cancel,
            ..DialogWords::new(
                title,
                "Read theirs shows what is in the file now; undo brings your work back.",
            )
        }
    }
}

fn leave_run(then: &AfterSave) -> DialogWords {
    let title = match then {
        AfterSave::Exit => "A run is going on",
        _ => "Leave the run?",
    };
    DialogWords {
        primary: Some("Stop it"),
        secondary: Some("Leave it running"),
        cancel: "Stay",
        default: DialogButton::Secondary,
        ..DialogWords::new(
            title,
            "It goes on without this window, and you can attach to it again. \
             Stop it lets the run profiles that run now finish and starts no other.",
        )
    }
}

fn connect(state: &State, form: &ConnectForm) -> DialogWords {
    let is_connecting = matches!(state.connection, Connection::Connecting { .. });
    let is_idle = !is_connecting && !form.is_examined();
    let check = if form.diagnosis.is_some() {
        doctor::CHECK_AGAIN
    } else {
        doctor::CHECK
    };
    let is_examinable = form.method != ConnectMethod::Demo;
    DialogWords {
        primary: is_idle.then_some("Connect"),
        secondary: (is_idle && is_examinable).then_some(check),
        cancel: if is_connecting {
            super::connect::GIVE_UP
        } else if form.is_examined() {
            doctor::STOP
        } else {
            "Cancel"
        },
        ..DialogWords::new(super::connect::TITLE, "")
    }
}

fn path(purpose: &PathPurpose) -> DialogWords {
    let (title, text, button) = match purpose {
        PathPurpose::Open => ("Open a sequence", "Path of the file", "Open"),
        PathPurpose::SaveAs { .. } => ("Save the sequence", "Path of the file", "Save"),
        PathPurpose::Export { .. } => (
            "Read exported configuration",
            "Path of the folder, or of one agent's file",
            "Read",
        ),
        PathPurpose::LogFile => ("Log file", "Path of the log file", "Use"),
        PathPurpose::CaFile | PathPurpose::ConnectCaFile => {
            ("Authorities to trust", "Path of the PEM file", "Use")
        }
        PathPurpose::Program(_) => ("Program", "Path of the program", "Use"),
        PathPurpose::Directory(_) => ("Working directory", "Path of the folder", "Use"),
        PathPurpose::CopyFrom(_) => ("Copy from", "Path of the file", "Use"),
        PathPurpose::CopyTo(_) => ("Copy to", "Path of the copy", "Use"),
    };
    DialogWords {
        primary: Some(button),
        ..DialogWords::new(title, text)
    }
}

/// The heading over what a rule means: its word without the dashes, its number behind.
fn rule(code: crate::check::Code) -> String {
    let word = code.as_str();
    let Some((number, words)) = word.split_once('-') else {
        return word.to_owned();
    };
    let words = words.replace('-', " ").replace("mim ", "MIM ");
    format!("{} ({number})", super::watch::first_upper(&words))
}
