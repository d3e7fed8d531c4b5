//! The rows of the palette, and its headings.

use crate::mim::{AgentName, ProfileName};

use super::super::palette::PaletteGroup;

/// A row that adds a run profile.
pub const PROFILE: &str = "Run profile";
/// A row that goes to a thread.
pub const THREAD: &str = "Thread";
/// A row that goes to a problem.
pub const PROBLEM: &str = "Problem";

/// A heading; `thread` is the index of the thread to which run profiles are added.
pub fn heading(group: PaletteGroup, thread: usize) -> String {
    match group {
        PaletteGroup::Commands => "Commands".to_owned(),
        PaletteGroup::Add => format!("Add to thread {}", thread + 1),
        PaletteGroup::GoTo => "Go to".to_owned(),
    }
}

/// A run profile.
pub fn profile(agent: &AgentName, profile: &ProfileName) -> String {
    format!("{agent}, {profile}")
}

/// A thread by its index.
pub fn thread(thread: usize, name: &str) -> String {
    format!("Thread {}, {name}", thread + 1)
}

/// A step by its indexes.
pub fn step(thread: usize, step: usize, label: &str) -> String {
    format!("Step {}.{}, {label}", thread + 1, step + 1)
}

/// Where a step is.
pub fn in_thread(thread: usize) -> String {
    format!("Thread {}", thread + 1)
}
