//! What the status bar says.

use jiff::tz::TimeZone;

use crate::base::text::plural;
use crate::check::Severity;
use crate::designer::{Screen, State, Watch};

/// Everything is in the file.
pub const SAVED: &str = "Saved";
/// A save is under way.
pub const SAVING: &str = "Saving";
/// Nothing was drawn yet.
pub const UNTOUCHED: &str = "New";
/// There is work that no file holds.
pub const UNSAVED: &str = "Not saved yet";
/// The rules are being applied.
pub const CHECKING: &str = "Checking";
/// The rules found nothing.
pub const NO_PROBLEMS: &str = "No problems";
/// Shows the problems.
pub const SHOW_PROBLEMS: &str = "Show problems";
/// Draws at 100 %.
pub const ACTUAL_SIZE: &str = "Back to 100 %";

/// Whether the file holds what is drawn.
pub fn saved(state: &State) -> &'static str {
    let document = &state.document;
    if document.is_saving {
        SAVING
    } else if document.is_modified() {
        UNSAVED
    } else if document.file.is_none() {
        UNTOUCHED
    } else {
        SAVED
    }
}

/// What the rules say, in a few words.
pub fn problems(state: &State) -> String {
    let list = &state.problems.list;
    if list.is_empty() && state.problems.content != state.document.content {
        return CHECKING.to_owned();
    }
    let count = |severity: Severity| {
        let of = list.iter().filter(|problem| problem.severity == severity);
        of.count() as u64
    };
    let words = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let parts: Vec<String> = words
        .into_iter()
        .map(|(severity, word)| (count(severity), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    if parts.is_empty() {
        NO_PROBLEMS.to_owned()
    } else {
        parts.join(", ")
    }
}

/// How much is chosen; nothing where that is one thing or none.
pub fn selected(state: &State) -> Option<String> {
    let count = state.selection.places.len();
    if count < 2 || state.screen == Screen::Welcome {
        return None;
    }
    let noun = if state.selection.steps().next().is_some() {
        "step"
    } else {
        "thread"
    };
    Some(format!("{} selected", plural(count as u64, noun)))
}

/// How large the document is.
pub fn extent(state: &State) -> String {
    let threads = &state.document.sequence.threads;
    let steps: usize = threads.iter().map(|thread| thread.steps.len()).sum();
    format!(
        "{}, {}",
        plural(threads.len() as u64, "thread"),
        plural(steps as u64, "step")
    )
}

/// The watched run.
pub fn run(watch: &Watch, zone: &TimeZone) -> String {
    let local = watch.run.started.to_zoned(zone.clone());
    format!("Run {}", local.strftime("%Y-%m-%d %H:%M"))
}

/// The scale of the window.
pub fn zoom(percent: u16) -> String {
    format!("{percent} %")
}
