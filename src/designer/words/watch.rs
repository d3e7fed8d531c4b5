//! What is said about a watched run: its cards, its log, its statistics.

use std::borrow::Cow;

use crate::base::text::{grouped, plural};
use crate::mim::{CounterGroup, StepType};
use crate::run::StepOutcome;

use super::super::RunCounts;

/// A run whose program is gone.
pub const BROKEN_OFF: &str = "Its program is gone; what it started may still run on the server";
/// A run that ended well.
pub const ALL_WELL: &str = "No errors, no warnings";
/// A run that has not said anything yet.
pub const STARTING: &str = "Waits for the first word of the run";
/// A paused run.
pub const PAUSED: &str = "Starts nothing until you resume";
/// A step that does not take part.
pub const OFF: &str = "Disabled";
/// A step or thread that was left out when a part of the sequence was started.
pub const LEFT_OUT: &str = "Not in this run";
/// A step whose turn has not come.
pub const PLANNED: &str = "Planned";
/// A step that waits.
pub const WAITING: &str = "Waiting";
/// The run broke off while it was under way.
pub const UNKNOWN: &str = "Unknown";
/// What may be the case.
pub const UNKNOWN_SENTENCE: &str = "May still run on the server";
/// A step that runs.
pub const RUNNING: &str = "Running";

/// Objects that were as before.
pub const UNCHANGED: &str = "Unchanged";
/// Objects that were added.
pub const ADDS: &str = "Adds";
/// Objects that were changed.
pub const UPDATES: &str = "Updates";
/// Objects that got another name.
pub const RENAMES: &str = "Renames";
/// Objects that were deleted.
pub const DELETES: &str = "Deletes";
/// Objects that were deleted and added again.
pub const DELETE_ADDS: &str = "Delete adds";
/// Objects that could not be processed.
pub const FAILURES: &str = "Failures";
/// Deletions that a filter left out.
pub const FILTERED_DELETIONS: &str = "Filtered deletions";
/// Objects that a filter left out.
pub const FILTERED_OBJECTS: &str = "Filtered objects";
/// New metaverse objects.
pub const PROJECTIONS: &str = "Projections";
/// Objects that found their metaverse object.
pub const JOINS: &str = "Joins";
/// Objects that a filter keeps apart.
pub const FILTERED_DISCONNECTORS: &str = "Filtered disconnectors";
/// Objects without a metaverse object.
pub const DISCONNECTORS: &str = "Disconnectors";
/// Connected objects whose values went on.
pub const WITH_FLOW: &str = "Connectors with flow updates";
/// Connected objects without news.
pub const WITHOUT_FLOW: &str = "Connectors without flow updates";
/// Connected objects that a filter disconnected.
pub const FILTERED_CONNECTORS: &str = "Filtered connectors";
/// Connected objects that are gone.
pub const DELETED_CONNECTORS: &str = "Deleted connectors";
/// Metaverse objects that are gone.
pub const METAVERSE_DELETES: &str = "Metaverse object deletes";
/// Values that could not go on.
pub const FLOW_ERRORS: &str = "Flow errors";
/// Values that go to another agent.
pub const EXPORT_FLOW: &str = "Export attribute flow";
/// Objects of another agent without news.
pub const EXPORT_NO_FLOW: &str = "Without export attribute flow";
/// Objects that are made for another agent.
pub const PROVISIONED_ADDS: &str = "Provisioning adds";
/// Objects of another agent that get another name.
pub const PROVISIONED_RENAMES: &str = "Provisioning renames";
/// Objects of another agent that are let go.
pub const PROVISIONED_DISCONNECTS: &str = "Provisioning disconnects";
/// Objects of another agent that are made anew.
pub const PROVISIONED_DELETE_ADDS: &str = "Provisioning delete adds";

/// The number of a step as cards show it.
pub fn number(thread: usize, step: usize) -> String {
    format!("{}.{}", thread + 1, step + 1)
}

fn and_more(all: usize) -> String {
    match all {
        0 | 1 => String::new(),
        _ => format!(" and {} more", all - 1),
    }
}

/// The steps that failed.
pub fn failed_at(number: &str, name: &str, all: usize) -> String {
    format!("Step {number} failed, {name}{}", and_more(all))
}

/// The steps that ended with warnings.
pub fn warned_at(number: &str, name: &str, all: usize) -> String {
    format!("Step {number} has warnings, {name}{}", and_more(all))
}

/// The steps that run.
pub fn running_at(number: &str, name: &str, all: usize) -> String {
    format!("{number} {name}{}", and_more(all))
}

fn to_the_end(running: usize) -> String {
    match running {
        1 => "1 step runs to its end".to_owned(),
        _ => format!("{running} steps run to their end"),
    }
}

/// A paused run in which something still runs.
pub fn paused(running: usize) -> String {
    format!(
        "{}, then nothing starts until you resume",
        to_the_end(running)
    )
}

/// A run that ends.
pub fn stopping(running: usize) -> String {
    match running {
        0 => "Nothing more starts".to_owned(),
        _ => to_the_end(running),
    }
}

/// How many steps have ended.
pub fn ended_of(counts: &RunCounts) -> String {
    format!(
        "{} of {}",
        counts.ended(),
        plural(counts.all as u64, "step")
    )
}

/// A sentence of the engine with a capital letter.
pub fn sentence(text: &str) -> String {
    first_upper(text).into_owned()
}

/// A text with a capital letter.
pub fn first_upper(text: &str) -> Cow<'_, str> {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => {
            Cow::Owned(first.to_uppercase().chain(letters).collect())
        }
        _ => Cow::Borrowed(text),
    }
}

/// Why a step waits, beside the word that says that it does.
pub fn wait(sentence: &str) -> Cow<'_, str> {
    first_upper(sentence.strip_prefix("waits ").unwrap_or(sentence))
}

/// Why a step was skipped, beside the word that says that it was.
pub fn skip(sentence: &str) -> Cow<'_, str> {
    first_upper(sentence.strip_prefix("skipped ").unwrap_or(sentence))
}

/// Why a step ended as it did, beside the word for that; a card has no room for who says so.
pub fn ended(sentence: &str) -> Cow<'_, str> {
    match sentence.strip_prefix("the service says ") {
        Some(what) => Cow::Borrowed(what),
        None => first_upper(sentence),
    }
}

/// How a step ended, as a word.
pub const fn outcome(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Skipped => "Skipped",
        StepOutcome::Success => "Success",
        StepOutcome::Warning => "Warning",
        StepOutcome::Stopped => "Stopped",
        StepOutcome::Failed => "Failed",
    }
}

/// When a step's turn comes.
pub fn after(number: &str) -> String {
    format!("After step {number}")
}

/// How a step ended in an earlier round.
pub fn earlier(round: u32, outcome: StepOutcome, sentence: &str) -> String {
    if sentence.is_empty() {
        format!("Round {round} ended with {}", outcome.word())
    } else {
        format!("Round {round}: {sentence}")
    }
}

/// How many objects had errors.
pub fn errors(count: u64) -> String {
    plural(count, "error")
}

/// What a run profile did.
pub fn did(group: CounterGroup, changed: u64, unchanged: u64) -> String {
    match (group, changed, unchanged) {
        (CounterGroup::Export, 0, _) => "Nothing to export".to_owned(),
        (CounterGroup::Export, ..) => format!("{} exported", grouped(changed)),
        (_, 0, 0) => "No changes".to_owned(),
        (_, 0, _) => format!("No changes in {}", plural(unchanged, "object")),
        (CounterGroup::Inbound, ..) => format!("{} changed", grouped(changed)),
        _ => plural(changed, "change"),
    }
}

/// Beginning to watch in the middle of a run.
pub fn joined(missed: u64) -> String {
    format!(
        "Watched from here on; the {} before are in the log file",
        plural(missed, "event")
    )
}

/// A step of a run profile with several.
pub fn profile_step(number: u32, kind: Option<StepType>) -> String {
    match kind {
        Some(kind) => format!("{number} {}", kind.label()),
        None => format!("Step {number}"),
    }
}

/// The heading of a table of counters.
pub fn group(prefix: &str, group: CounterGroup, agent: Option<&str>) -> String {
    let title = match group {
        CounterGroup::Discovery => "Discovery",
        CounterGroup::Staging => "Staging",
        CounterGroup::Inbound => "Inbound synchronization",
        CounterGroup::Outbound => "Outbound synchronization",
        CounterGroup::Export => "Export",
    };
    let agent = agent
        .map(|agent| format!(" to {agent}"))
        .unwrap_or_default();
    if prefix.is_empty() {
        format!("{title}{agent}")
    } else {
        format!("{prefix}, {}{agent}", title.to_lowercase())
    }
}

/// The heading over counters that have no label.
pub fn other_group(prefix: &str) -> String {
    if prefix.is_empty() {
        "Other counters".to_owned()
    } else {
        format!("{prefix}, other counters")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_stands_beside_its_word() {
        assert_eq!(wait("waits for `x`"), "For `x`");
        assert_eq!(wait("is late"), "Is late");
        assert_eq!(skip("skipped because `x` failed"), "Because `x` failed");
        let says = "the service says `stopped-server`, 2 objects with errors";
        assert_eq!(ended(says), "`stopped-server`, 2 objects with errors");
        assert_eq!(ended("exit code 3"), "Exit code 3");
        assert_eq!(wait(""), "");
    }
}
