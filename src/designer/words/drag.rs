//! What a drag would do, while it is under way.

use super::super::drag::{DragSource, Landing};

/// Nothing would change.
pub const STAYS: &str = "Stays where it is";
/// Over the steps of a thread.
pub const THREAD_INTO_THREAD: &str = "A thread goes before or after another thread";
/// How to copy.
const COPY: &str = "Hold Ctrl to copy";
/// How to move.
const MOVE: &str = "Release Ctrl to move";
/// How to give up.
const CANCEL: &str = "Press Esc to cancel";

/// What it would do.
pub(in crate::designer) fn hint(source: &DragSource, is_copy: bool, landing: Landing) -> String {
    let verb = match source {
        DragSource::Steps(_) | DragSource::Thread(_) if is_copy => "Copy",
        DragSource::Steps(_) | DragSource::Thread(_) => "Move",
        DragSource::Profile { .. }
        | DragSource::NewCommand
        | DragSource::NewDelay
        | DragSource::NewRunProfile => "Add",
    };
    let what = match source {
        DragSource::Steps(places) if places.len() > 1 => format!(" {} steps", places.len()),
        _ => String::new(),
    };
    match landing {
        Landing::Steps { thread, step } => {
            let (thread, step) = (thread + 1, step + 1);
            let from = if what.is_empty() { "as" } else { "from" };
            format!("{verb}{what} to thread {thread}, {from} step {thread}.{step}")
        }
        Landing::NewThread(thread) => format!("{verb}{what} to a new thread {}", thread + 1),
        Landing::Thread(thread) => format!("{verb} to position {}", thread + 1),
    }
}

/// The keys that change it.
pub(in crate::designer) const fn keys(source: &DragSource, is_copy: bool) -> &'static str {
    match source {
        DragSource::Steps(_) | DragSource::Thread(_) => {
            if is_copy {
                MOVE
            } else {
                COPY
            }
        }
        DragSource::Profile { .. }
        | DragSource::NewCommand
        | DragSource::NewDelay
        | DragSource::NewRunProfile => CANCEL,
    }
}
