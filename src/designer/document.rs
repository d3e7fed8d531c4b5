//! The open document: the sequence, the file it came from, and whether both agree.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::Sequence;

/// The open sequence. Its content is replaced as a whole, so that others may keep what they saw.
#[derive(Debug, Clone)]
pub struct Document {
    /// The sequence as it is drawn.
    pub sequence: Arc<Sequence>,
    /// Names this content: equal numbers mean equal content, also after undo and redo.
    pub content: u64,
    /// The content that the file holds, or with which a new document began; `None` when no file
    /// holds this work, as after a recovery.
    pub saved_content: Option<u64>,
    /// The file, absolute; `None` when it was never saved.
    pub file: Option<PathBuf>,
    /// What is known about the file on disk.
    pub disk: DiskState,
    /// Whether a save is under way.
    pub is_saving: bool,
    /// Names this opening: what is only half typed belongs to one document, not to its place in the
    /// next one.
    pub opened: u64,
}

/// Tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStamp {
    /// When it was last written, as the file system says.
    pub modified: Option<Timestamp>,
    /// Its length in bytes.
    pub bytes: u64,
    /// A digest of its content, hexadecimal.
    pub digest: String,
}

impl FileStamp {
    /// What no file has: expected where there should be none yet.
    pub const fn of_no_file() -> Self {
        Self {
            modified: None,
            bytes: 0,
            digest: String::new(),
        }
    }
}

/// What is known about the file on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DiskState {
    /// There is no file, or nothing is known about it.
    #[default]
    Unknown,
    /// The file is as it was read or written.
    Same(FileStamp),
    /// Somebody else changed it, and the person has not answered yet.
    Changed {
        /// As it was read or written.
        ours: FileStamp,
        /// As it is now.
        theirs: FileStamp,
    },
    /// It is gone.
    Gone,
}

impl Document {
    /// A new document that was never saved.
    pub fn new(sequence: Sequence) -> Self {
        Self {
            sequence: Arc::new(sequence),
            content: 0,
            saved_content: None,
            file: None,
            disk: DiskState::Unknown,
            is_saving: false,
            opened: 0,
        }
    }

    /// Whether there is work that no file holds. An untouched new document has none.
    pub fn is_modified(&self) -> bool {
        self.content != self.saved_content.unwrap_or(0)
    }

    /// The file's name, without its folder.
    pub fn file_name(&self) -> Option<String> {
        let name = self.file.as_ref()?.file_name()?;
        Some(name.to_string_lossy().into_owned())
    }
}
