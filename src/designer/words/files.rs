//! What is said about files.

use std::path::Path;

use crate::base::text::{elide_middle, printable};

/// The name of the first thread of a new sequence.
pub const FIRST_THREAD: &str = "Thread 1";
/// What a sequence without a name is called.
pub const UNNAMED: &str = "New sequence";
/// A save that worked.
pub const SAVED: &str = "Saved";
/// The heading over why a file could not be read.
pub const NOT_OPENED: &str = "Not opened";
/// The heading over why a file could not be written.
pub const NOT_SAVED: &str = "Not saved";
/// A file that was read again.
pub const READ_AGAIN: &str = "Read again, because it changed on disk";
/// Why nothing is lost by that.
pub const READ_AGAIN_WHY: &str = "You had no unsaved changes. Undo brings back what was here.";
/// A file that could not be read again.
pub const NOT_READ_AGAIN: &str = "The changed file could not be read again";
/// What to do about a file that is gone.
pub const GONE_HELP: &str = "Your work is still here. Save writes the file again.";
/// A change by somebody else while there is unsaved work.
pub const CHANGED_WHILE_MODIFIED: &str = "You have unsaved changes. Read it again to see theirs (undo brings yours back), or save to decide.";
/// A change by somebody else while a run is watched.
pub const CHANGED_WHILE_RUNNING: &str = "The run goes on with what it was started with. Read the file again when you are back at editing.";
/// Work that was recovered.
pub const RECOVERED: &str = "Your unsaved work is back";
/// What to do with it.
pub const RECOVERED_HELP: &str = "It is not in any file yet. Save to keep it.";
/// A log file that has no place yet.
pub const NO_LOG_YET: &str = "There is no log file yet";
/// What to do about it.
pub const NO_LOG_YET_HELP: &str =
    "The log lies beside the sequence file, so save the sequence first.";
/// Something that failed without a heading of its own.
pub const FAILED: &str = "That did not work";

/// The longest path in a message.
const SHOWN_PATH: usize = 60;

/// A path for a message: its middle left out where it is long.
pub fn path_text(path: &Path) -> String {
    elide_middle(&printable(&path.display().to_string()), SHOWN_PATH)
}

/// The file name to suggest for a sequence.
pub fn file_name(sequence: &str) -> String {
    let forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name: String = sequence
        .trim()
        .chars()
        .map(|c| if forbidden(c) { '-' } else { c })
        .take(80)
        .collect();
    let name = name.trim_matches(['.', ' ']);
    let name = if name.is_empty() { UNNAMED } else { name };
    format!("{name}.xml")
}

/// The heading when the open file is gone.
pub fn gone(name: &str) -> String {
    format!("{} is no longer on disk", printable(name))
}

/// The heading when somebody else changed the open file.
pub fn changed(name: &str) -> String {
    format!("{} was changed by another program", printable(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_name_can_be_a_file_name() {
        for (sequence, file) in [
            ("", "New sequence.xml"),
            ("Full cycle", "Full cycle.xml"),
            ("HR: in/out?", "HR- in-out-.xml"),
            (" .. ", "New sequence.xml"),
            ("a\nb", "a-b.xml"),
        ] {
            assert_eq!(file_name(sequence), file, "{sequence:?}");
        }
        assert_eq!(file_name(&"x".repeat(300)).len(), 84);
    }
}
