//! What changes of the sequence are called, and what new things are called.

use crate::model::Place;

use super::super::edit::Field;

/// The name of a new thread.
pub fn thread_name(number: usize) -> String {
    format!("Thread {number}")
}

/// A name that was taken, with a number.
pub fn numbered(name: &str, number: usize) -> String {
    format!("{name} {number}")
}

/// So many steps, after a verb.
pub fn steps(count: usize) -> String {
    if count == 1 {
        "step".to_owned()
    } else {
        format!("{count} steps")
    }
}

/// So many threads, after a verb.
pub fn threads(count: usize) -> String {
    if count == 1 {
        "thread".to_owned()
    } else {
        format!("{count} threads")
    }
}

/// What these places are, after a verb.
pub fn places(places: &[Place]) -> String {
    let is_thread = |place: &&Place| matches!(place, Place::Thread(_));
    let of_threads = places.iter().filter(is_thread).count();
    if of_threads > 0 {
        threads(of_threads)
    } else {
        steps(places.len())
    }
}

/// Adding.
pub fn add(what: &str) -> String {
    format!("Add {what}")
}

/// Moving.
pub fn move_by(what: &str) -> String {
    format!("Move {what}")
}

/// Copying by dragging.
pub fn copy(what: &str) -> String {
    format!("Copy {what}")
}

/// Removing.
pub fn remove(what: &str) -> String {
    format!("Delete {what}")
}

/// Taking to the clipboard.
pub fn cut(what: &str) -> String {
    format!("Cut {what}")
}

/// Adding from the clipboard.
pub fn paste(what: &str) -> String {
    format!("Paste {what}")
}

/// Copying to right behind.
pub fn duplicate(what: &str) -> String {
    format!("Duplicate {what}")
}

/// Switching on.
pub fn enable(what: &str) -> String {
    format!("Enable {what}")
}

/// Switching off.
pub fn disable(what: &str) -> String {
    format!("Disable {what}")
}

/// Changing one property.
pub const fn change_field(field: Field) -> &'static str {
    match field {
        Field::Name => "Rename",
        Field::Enabled => "Enable or disable",
        Field::Host => "Change server",
        Field::Transport => "Change connection type",
        Field::Authentication => "Change authentication",
        Field::Tls => "Change encryption",
        Field::Port => "Change port",
        Field::User => "Change user",
        Field::CaFile => "Change authorities file",
        Field::Pin => "Change pinned certificate",
        Field::AllowUnencrypted => "Change unencrypted password rule",
        Field::ResourceUris => "Change resource URIs",
        Field::LogFile => "Change log file",
        Field::LogLevel => "Change log level",
        Field::Overlap => "Change overlap rule",
        Field::MaxParallel => "Change number of parallel run profiles",
        Field::StartDelay => "Change start delay",
        Field::Repeat => "Change repetitions",
        Field::Agent => "Change management agent",
        Field::Profile => "Change run profile",
        Field::StepType => "Change step type",
        Field::Duration => "Change duration",
        Field::Timeout => "Change timeout",
        Field::OnFailure => "Change what happens on failure",
        Field::Program => "Change program",
        Field::Arguments => "Change arguments",
        Field::Directory => "Change working directory",
        Field::Environment => "Change environment",
        Field::CommandTimeout => "Change command timeout",
        Field::Wait => "Change waiting for the command",
        Field::ExitCodes => "Change exit codes",
        Field::PreProcessing(_) => "Change pre-processing",
        Field::PostProcessing(_) => "Change post-processing",
    }
}

/// What a sequence without any step needs.
pub const ADD_A_STEP: &str = "add a step: drag a run profile, a command or a delay into a thread";
