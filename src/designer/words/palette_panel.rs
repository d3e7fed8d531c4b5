//! The palette's frame.

use crate::base::text::plural;

/// The field.
pub const FIELD: &str = "Search or run a command";
/// When nothing fits.
pub const NOTHING: &str = "Nothing fits";
/// What to do then.
pub const NOTHING_TEXT: &str =
    "Commands, run profiles, steps and problems are found by any part of their name.";
/// The keys that move.
pub const MOVE_KEYS: &str = "↑↓";
/// What they do.
pub const MOVE: &str = "Move";
/// The key that runs.
pub const RUN_KEY: &str = "Enter";
/// What it does.
pub const RUN: &str = "Run";
/// The keys that run and stay.
pub const KEEP_KEYS: &str = "Ctrl+Enter";
/// What they do.
pub const KEEP: &str = "Run and keep open";

/// How much was found.
pub fn results(count: usize) -> String {
    plural(count as u64, "result")
}
