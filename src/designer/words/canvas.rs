//! What the canvas says when something cannot be done.

/// An edit was refused.
pub const NOT_EDITED: &str = "Nothing was changed";
/// A text was refused.
pub const NOT_PASTED: &str = "Nothing was pasted";
/// The limits of a file.
pub const TOO_MUCH: &str =
    "The sequence would have more threads, steps or commands than a file holds";

/// Why a text was not pasted: heading and sentence. `why` is what the reader says; empty when there
/// is nothing in the sequence.
pub fn not_pasted(why: &str) -> (String, String) {
    let sentence = if why.is_empty() {
        "The sequence on the clipboard has no steps".to_owned()
    } else {
        format!("The clipboard holds no steps or threads of a sequence ({why})")
    };
    (NOT_PASTED.to_owned(), sentence)
}
