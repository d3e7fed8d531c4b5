//! What quick fixes are called.

use crate::base::text::plural;
use crate::mim::StepType;
use crate::model::Place;

/// A sequence without a thread.
pub const ADD_THREAD: &str = "Add a thread";
/// A character that a file cannot hold.
pub const REMOVE_CHARACTER: &str = "Remove the character";
/// The overlap rule that Microsoft supports.
pub const EXCLUSIVE: &str = "Let synchronizations run alone";
/// A copy that does not say which file.
pub const CHOOSE_SOURCE: &str = "Choose the file to copy";
/// A copy that does not say where to.
pub const CHOOSE_TARGET: &str = "Choose where to copy it";
/// Basic where nothing is encrypted.
pub const AUTHENTICATION_AUTO: &str = "Choose the authentication automatically";
/// A pinned certificate where none is shown.
pub const USE_TLS: &str = "Use HTTPS";
/// A user without a server.
pub const REMOVE_USER: &str = "Remove the user";

/// Switching a thread off, by its index.
pub fn disable_thread(thread: usize) -> String {
    format!("Disable thread {}", thread + 1)
}

/// Removing a thread or a step.
pub fn remove(place: Place) -> Option<String> {
    match place {
        Place::Sequence => None,
        Place::Thread(thread) => Some(format!("Delete thread {}", thread + 1)),
        Place::Step { thread, step } => Some(format!("Delete step {}.{}", thread + 1, step + 1)),
    }
}

/// Another name for a thread.
pub fn rename(name: &str) -> String {
    format!("Rename to {name}")
}

/// Another value.
pub fn change_to(value: &str) -> String {
    format!("Change to {value}")
}

/// Another name for an agent, in so many steps.
pub fn rename_agent(name: &str, steps: u64) -> String {
    match steps {
        1 => change_to(name),
        steps => format!("Change to {name} in {}", plural(steps, "step")),
    }
}

/// What a run profile does; `None` leaves it to the server.
pub fn set_type(step_type: Option<StepType>) -> String {
    match step_type {
        Some(step_type) => format!("Set step type to {}", lower(step_type)),
        None => "Leave the step type to the server".to_owned(),
    }
}

/// An import before or after a step, by its indexes.
pub fn add_import(step_type: StepType, is_after: bool, thread: usize, step: usize) -> String {
    let side = if is_after { "after" } else { "before" };
    format!(
        "Add {} {side} {}.{}",
        lower(step_type),
        thread + 1,
        step + 1
    )
}

fn lower(step_type: StepType) -> String {
    step_type.label().to_lowercase()
}
