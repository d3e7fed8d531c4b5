//! The system's file dialogs, and whether there are any.
//!
//! The library says the same whether the person closes a dialog or none can open. So it is looked
//! beforehand whether one can, and an end within a blink is none of a person.

use std::path::PathBuf;
use std::time::Duration;

use rfd::FileDialog;

use crate::base::desktop;
use crate::base::time::{Clock as _, Moment, SystemClock};
use crate::designer::PathPurpose;
use crate::designer::words::effects as words;

/// No person closes a dialog so fast.
const BLINK: Duration = Duration::from_millis(150);

/// The system's dialogs, or a test's.
pub trait FileDialogs: Send + Sync {
    /// Asks a person; blocks the thread until there is an answer.
    fn choose(&self, question: &Question) -> Chosen;
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What for.
    pub purpose: PathPurpose,
    /// Where to begin.
    pub folder: Option<PathBuf>,
    /// The name to suggest.
    pub name: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// A path.
    Path(PathBuf),
    /// The person closed the dialog.
    Cancelled,
    /// No dialog can open here.
    NoDialog,
}

/// The dialogs of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDialogs;

impl FileDialogs for SystemDialogs {
    fn choose(&self, question: &Question) -> Chosen {
        if !desktop::has_dialogs() {
            return Chosen::NoDialog;
        }
        let clock = SystemClock::start();
        match ask(question) {
            Some(path) => Chosen::Path(path),
            None if clock.now().since(Moment::ZERO) < BLINK => Chosen::NoDialog,
            None => Chosen::Cancelled,
        }
    }
}

/// Where a typed path begins when nothing else is known: where the program was started, if that is
/// a person's place, or else at home.
pub(super) fn usual_folder() -> Option<PathBuf> {
    let current = std::env::current_dir().ok();
    let current = current.filter(|folder| folder.parent().is_some());
    current.or_else(std::env::home_dir)
}

fn ask(question: &Question) -> Option<PathBuf> {
    let mut dialog = FileDialog::new().set_title(words::dialog_title(&question.purpose));
    if let Some(folder) = &question.folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = &question.name {
        dialog = dialog.set_file_name(name);
    }
    let filter = match question.purpose {
        PathPurpose::Open | PathPurpose::SaveAs { .. } => {
            Some((words::SEQUENCE_FILES, &["xml"][..]))
        }
        PathPurpose::Export { is_folder: false } => Some((words::EXPORTED_AGENTS, &["xml"][..])),
        PathPurpose::LogFile => Some((words::LOG_FILES, &["log", "txt"][..])),
        PathPurpose::CaFile | PathPurpose::ConnectCaFile => {
            Some((words::CERTIFICATES, &["pem", "crt", "cer"][..]))
        }
        PathPurpose::Export { is_folder: true }
        | PathPurpose::Program(_)
        | PathPurpose::Directory(_)
        | PathPurpose::CopyFrom(_)
        | PathPurpose::CopyTo(_) => None,
    };
    if let Some((name, endings)) = filter {
        dialog = dialog
            .add_filter(name, endings)
            .add_filter(words::ALL_FILES, &["*"]);
    }
    match question.purpose {
        PathPurpose::Open
        | PathPurpose::CaFile
        | PathPurpose::ConnectCaFile
        | PathPurpose::Export { is_folder: false }
        | PathPurpose::Program(_)
        | PathPurpose::CopyFrom(_) => dialog.pick_file(),
        PathPurpose::SaveAs { .. } | PathPurpose::LogFile | PathPurpose::CopyTo(_) => {
            dialog.save_file()
        }
        PathPurpose::Export { is_folder: true } | PathPurpose::Directory(_) => dialog.pick_folder(),
    }
}
