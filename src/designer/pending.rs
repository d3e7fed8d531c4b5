//! What the designer keeps in mind between a question to the world and its answer.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::base::secret::Secret;
use crate::model::{Place, Sequence};
use crate::settings::BottomTab;

use super::dialog::{AfterSave, PathPurpose};
use super::document::FileStamp;
use super::effect::{PasswordOf, RunScope, Token};
use super::msg::RecoveryCopy;

/// Questions that are under way. Nothing in it is drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Pending {
    /// The save.
    pub(super) saving: Option<Saving>,
    /// The document for which a file name is asked: the system's dialog does not keep anybody from
    /// beginning another one meanwhile.
    pub(super) naming: Option<u64>,
    /// The reading of a file.
    pub(super) opening: Option<Opening>,
    /// The content that the person has agreed to lose.
    pub(super) discarded: Option<u64>,
    /// What the file held before it was gone.
    pub(super) before_gone: Option<(FileStamp, Option<u64>)>,
    /// The copy of interrupted work that is being read.
    pub(super) recovering: Option<String>,
    /// Copies of interrupted work that the person has not answered about yet: another dialog may
    /// come first, or take the place of the question.
    pub(super) left_copies: Vec<RecoveryCopy>,
    /// What is being typed as the new name of a place.
    pub(super) new_name: Option<(Place, String)>,
    /// What paths are being asked for, each with the sequence whose place it is for.
    pub(super) browsing: Vec<(PathPurpose, Arc<Sequence>)>,
    /// The password of the connected server, for the runs that are started on it.
    pub(super) password: Option<Secret>,
    /// Whose stored password is being tried.
    pub(super) recalled: Option<PasswordOf>,
    /// Whose stored password was refused; it is not tried again.
    pub(super) refused: Option<PasswordOf>,
    /// Whether the password goes into the store once the server has taken it.
    pub(super) is_to_remember: bool,
    /// The last examination: its dialog may be gone before it has ended.
    pub(super) examination: Option<Examination>,
    /// A server with the certificate that is trusted until the window closes, and kept nowhere.
    pub(super) passing_pin: Option<(String, String)>,
    /// The run that is being started.
    pub(super) starting: Option<Starting>,
    /// The file for whose sake a run is attached to without being asked for.
    pub(super) attaching: Option<PathBuf>,
    /// What goes on as soon as the watched run has been told to stop.
    pub(super) leaving: Option<AfterSave>,
    /// The tab that was shown before the watched run.
    pub(super) tab_before: Option<BottomTab>,
}

/// The way to a server is or was examined.
#[derive(Debug, Clone)]
pub(super) struct Examination {
    /// Ties what is told to the order.
    pub(super) token: Token,
    /// Whose password is tried.
    pub(super) of: PasswordOf,
    /// Whether it is the one in the system's store.
    pub(super) is_recalled: bool,
    /// Whether it goes on.
    pub(super) is_going_on: bool,
}

/// A save under way.
#[derive(Debug, Clone)]
pub(super) struct Saving {
    /// Where to.
    pub(super) file: PathBuf,
    /// What goes on after it.
    pub(super) then: Option<AfterSave>,
    /// Whether it is to write the document under another name.
    pub(super) is_new_name: bool,
}

/// A file that is being read.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    /// Which.
    pub(super) file: PathBuf,
    /// The content that the document had then: work since must not be lost.
    pub(super) content: u64,
    /// Whether the open file is read again.
    pub(super) is_reload: bool,
}

impl Opening {
    /// Whether this file is the one that was asked for; whoever reads a file gives its whole path
    /// back, so that what was asked for as a part of it is known by its name.
    pub(super) fn is_of(&self, file: &Path) -> bool {
        let is_whole = self.file.is_absolute()
            && !self
                .file
                .components()
                .any(|part| part == Component::ParentDir);
        self.file == file || (!is_whole && self.file.file_name() == file.file_name())
    }
}

/// A run that is being started.
#[derive(Debug, Clone)]
pub(super) struct Starting {
    /// Ties the answer to the order.
    pub(super) token: Token,
    /// Which part runs.
    pub(super) scope: RunScope,
    /// How it differs from the file, to be said when it runs.
    pub(super) differs: Option<&'static str>,
}
