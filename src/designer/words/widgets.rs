//! Words of the controls themselves.

/// The button that closes a dialog.
pub const CLOSE: &str = "Close";
/// The key that closes a dialog.
pub const ESCAPE: &str = "Esc";
