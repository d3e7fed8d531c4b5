//! What the corner with passing messages says besides the messages.

/// The corner itself, for a screen reader.
pub const MESSAGES: &str = "Messages";

/// A message as a screen reader says it.
pub fn spoken(kind: &str, title: &str, text: &str) -> String {
    if text.is_empty() {
        format!("{kind}: {title}")
    } else {
        format!("{kind}: {title}. {text}")
    }
}
