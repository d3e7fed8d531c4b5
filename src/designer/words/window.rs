//! The window itself.

use crate::designer::State;

/// The program's name; the words that users of the old tool look for.
pub const TITLE: &str = "MA Run Sequence Configuration";

/// The file's name when there is no file yet.
pub const UNTITLED: &str = "Untitled";

/// The window's title: the file, a mark for unsaved work, the program.
pub fn window_title(state: &State) -> String {
    if state.screen == crate::designer::Screen::Welcome {
        return TITLE.to_owned();
    }
    let file = state.document.file_name();
    let file = file.as_deref().unwrap_or(UNTITLED);
    let mark = if state.document.is_modified() {
        "• "
    } else {
        ""
    };
    format!("{mark}{file} — {TITLE}")
}
