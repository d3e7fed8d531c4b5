//! What the menu bar says besides its commands.

use std::path::Path;

/// The menu of the files that were opened before.
pub const RECENT: &str = "Recent files";
/// There is none.
pub const NO_RECENT: &str = "No file was opened yet";
/// A recent file that is not there.
pub const GONE: &str = "File not found";
/// Forgets them.
pub const CLEAR_RECENT: &str = "Forget recent files";
/// What that does.
pub const CLEAR_RECENT_TIP: &str = "Empties this list; the files themselves stay where they are";
/// What is shown while a file is held over the window.
pub const DROP_TO_OPEN: &str = "Drop to open or read";

/// The folder of a file, for people.
pub fn folder(file: &Path) -> String {
    let folder = file.parent().unwrap_or(file);
    folder.to_string_lossy().into_owned()
}
