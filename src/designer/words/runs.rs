//! What is said about runs.

use std::time::Duration;

use crate::base::text::{list, plural, printable, short_duration};
use crate::run::RunOutcome;

use super::super::{HeadlineState, ListedRun, RunCounts, RunScope};

/// A start while another run is watched.
pub const ALREADY_RUNNING: &str = "A run is going on";
/// What to do about it.
pub const ALREADY_RUNNING_HELP: &str = "Wait for its end, or stop it first.";
/// Leaving while a run is being started.
pub const IS_STARTING: &str = "A run is being started";
/// What to do about it.
pub const IS_STARTING_HELP: &str = "It takes a moment. Then leave it running, or stop it.";
/// A start of what is not finished.
pub const HAS_ERRORS: &str = "Not started, because it cannot run like this";
/// A run of unsaved work.
pub const UNSAVED: &str = "Runs what you see";
/// Why that is worth saying.
pub const UNSAVED_TEXT: &str = "The file is not saved yet.";
/// The same, where somebody else changed the file.
pub const UNREAD_TEXT: &str = "The file on disk has changed since it was read.";
/// A run that could not be started.
pub const NOT_STARTED: &str = "The run could not be started";
/// A run that could not be attached to.
pub const NOT_ATTACHED: &str = "The run cannot be watched";
/// An order that did not reach the run.
pub const NOT_CONTROLLED: &str = "The run could not be told";
/// A run that was attached to because its file was opened.
pub const WATCHING: &str = "This sequence is running; you are watching it";
/// A run whose host is gone.
pub const BROKEN_OFF: &str = "The run broke off";
/// What that means.
pub const BROKEN_OFF_TEXT: &str = "Its program is gone without a word. A run profile that it started may still run on the server.";
/// A run that was left.
pub const GOES_ON: &str = "The run goes on";
/// How to come back to it.
pub const GOES_ON_TEXT: &str = "Attach to it again with Action, Attach to a run.";
/// The other runs could not all be asked.
pub const NOT_ALL_FOUND: &str = "Not all runs could be found";

/// Which part of the sequence a run ran, as a suffix; empty for all of it.
pub fn scope(scope: RunScope) -> String {
    match scope {
        RunScope::All => String::new(),
        RunScope::OnlyThread(thread) => format!("only thread {}", thread + 1),
        RunScope::From { thread, step } => {
            format!(
                "thread {} from step {}.{}",
                thread + 1,
                thread + 1,
                step + 1
            )
        }
    }
}

/// A run on another server than the one that the sequence names.
pub fn other_server(connected: &str) -> String {
    format!("Runs on {}", printable(connected))
}

/// Which server the sequence names.
pub fn names_server(named: &str) -> String {
    format!(
        "The sequence names {}; by itself it would run there.",
        printable(named)
    )
}

/// The problems that keep a run from starting.
pub fn errors(first: &str, count: usize) -> String {
    let first = super::watch::first_upper(first);
    match count {
        0 | 1 => first.into_owned(),
        _ => format!("{first} ({} more)", count - 1),
    }
}

/// The heading over the end of a run.
pub fn ended(outcome: RunOutcome, sequence: &str) -> String {
    let name = if sequence.is_empty() {
        "The sequence"
    } else {
        sequence
    };
    match outcome {
        RunOutcome::Success => format!("{name} succeeded"),
        RunOutcome::Warning => format!("{name} ended with warnings"),
        RunOutcome::Stopped => format!("{name} was stopped"),
        RunOutcome::Failed => format!("{name} failed"),
    }
}

/// How many steps ended how, and how long it took.
pub fn counts(counts: &RunCounts, elapsed_ms: u64) -> String {
    let parts: Vec<String> = [
        (counts.failed, "failed"),
        (counts.warning, "with warnings"),
        (counts.stopped, "stopped"),
        (counts.skipped, "skipped"),
        (counts.success, "succeeded"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let took = took(elapsed_ms);
    if parts.is_empty() {
        format!("No step ran; it took {took}")
    } else {
        let all = plural(counts.all as u64, "step");
        format!("{all}: {}; it took {took}", list(&parts))
    }
}

/// A span of time.
pub fn took(elapsed_ms: u64) -> String {
    short_duration(Duration::from_millis(elapsed_ms))
}

/// The word in the block of the run bar.
pub const fn headline(state: HeadlineState) -> &'static str {
    match state {
        HeadlineState::Starting => "Starting",
        HeadlineState::Running => "Running",
        HeadlineState::RunningWithFailures
        | HeadlineState::PausedWithFailures
        | HeadlineState::Failed => "Failed",
        HeadlineState::Waiting => "Waiting",
        HeadlineState::Paused => "Paused",
        HeadlineState::Stopping => "Stopping",
        HeadlineState::Success => "Success",
        HeadlineState::Warning => "Warning",
        HeadlineState::Stopped => "Stopped",
        HeadlineState::BrokenOff => "Broken off",
    }
}

/// How far a run is, such as `9 of 15 steps`.
pub fn progress(counts: &RunCounts) -> String {
    format!(
        "{} of {}",
        counts.ended(),
        plural(counts.all as u64, "step")
    )
}

/// The name of a run's sequence, or what a person calls one that was never saved.
pub fn sequence_name(name: &str) -> &str {
    let inner = name.strip_prefix("unsaved-");
    let number = inner.and_then(|inner| inner.strip_suffix(".xml"));
    let is_ours = number.is_some_and(|number| {
        let mut parts = number.split('-');
        parts.all(|part| part.parse::<u64>().is_ok())
    });
    if is_ours {
        super::window::UNTITLED
    } else {
        name
    }
}

/// A run in the list of runs.
pub fn listed(run: &ListedRun) -> String {
    match (&run.sequence[..], &run.file) {
        ("", Some(file)) => file.clone(),
        ("", None) => run.run.to_string(),
        (name, _) => name.to_owned(),
    }
}
