//! The words of the console: lines in the old tool's manner, live lines, the closing table.
//!
//! Pure functions of events and of the summary they fold to; no terminal in sight.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::text::{plural, printable, short_duration};
use crate::run::{
    At, Outline, RunEvent, RunEventKind, RunOutcome, RunPhase, RunSummary, Severity, StepOutcome,
    StepStatus, StepSummary, StopMode, ThreadStatus,
};

use super::Colour;
use super::paint::{self, Tone};
use super::table::{self, Cell};

/// How many counters a table or a live line names; the rest is counted.
const SHOWN_COUNTERS: usize = 4;

/// A line for a reader, and which stream it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Part of the answer.
    Line(String),
    /// Worth knowing.
    Note(String),
}

/// What the console says at an event; `summary` has the event already.
pub fn at_event(event: &RunEvent, summary: &RunSummary, colour: Colour) -> Option<Said> {
    match &event.event {
        RunEventKind::RunStarted { .. } => Some(Said::Line("Starting all MAs.".to_owned())),
        RunEventKind::ThreadFinished { at, outcome, .. } => {
            let reason = at
                .thread
                .and_then(|index| first_reason(summary, index, *outcome));
            Some(Said::Line(thread_line(
                at,
                *outcome,
                reason.as_deref(),
                colour,
            )))
        }
        RunEventKind::Paused => Some(Said::Note(
            "Paused: what runs is finished, nothing more starts until `masequencer resume`."
                .to_owned(),
        )),
        RunEventKind::Resumed => Some(Said::Note("Resumed.".to_owned())),
        RunEventKind::StopRequested { mode } => Some(Said::Note(match mode {
            StopMode::Graceful => {
                "Stopping: what runs is finished, nothing more starts.".to_owned()
            }
            StopMode::Now => {
                "Stopping now: the service is asked to stop what this run started.".to_owned()
            }
        })),
        RunEventKind::Notice {
            at,
            severity,
            message,
        } => notice(at, *severity, message, colour).map(Said::Note),
        RunEventKind::ThreadStarted { .. }
        | RunEventKind::RoundStarted { .. }
        | RunEventKind::Waiting { .. }
        | RunEventKind::StepStarted { .. }
        | RunEventKind::CommandStarted { .. }
        | RunEventKind::CommandFinished { .. }
        | RunEventKind::ProfileStarted { .. }
        | RunEventKind::ProfileProgress { .. }
        | RunEventKind::ProfileRefused { .. }
        | RunEventKind::ProfileFinished { .. }
        | RunEventKind::StepFinished { .. }
        | RunEventKind::StepSkipped { .. }
        | RunEventKind::Protocol { .. }
        | RunEventKind::RunFinished { .. } => None,
    }
}

fn notice(at: &At, severity: Severity, message: &str, colour: Colour) -> Option<String> {
    let (word, tone) = match severity {
        Severity::Error => ("error", Tone::Bad),
        Severity::Warning => ("warning", Tone::Doubtful),
        Severity::Information => ("note", Tone::Quiet),
        Severity::Detail => return None,
    };
    let place: Vec<&str> = [&at.thread_name, &at.step_name]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect();
    let place = if place.is_empty() {
        String::new()
    } else {
        format!("{}: ", printable(&place.join(", ")))
    };
    let word = paint::word(word, tone, colour);
    Some(format!("{word}: {place}{}", printable(message)))
}

fn thread_line(at: &At, outcome: StepOutcome, reason: Option<&str>, colour: Colour) -> String {
    let name = printable(at.thread_name.as_deref().unwrap_or("sequence"));
    let said = |text: &str| paint::word(text, outcome.into(), colour);
    let because = reason
        .map(|text| format!(": {}", printable(text)))
        .unwrap_or_default();
    match outcome {
        StepOutcome::Success => format!("{name} execution {}", said("completed")),
        StepOutcome::Warning => {
            format!(
                "{name} execution {}{because}",
                said("completed with warnings")
            )
        }
        StepOutcome::Stopped => format!("{name} execution {}{because}", said("stopped")),
        StepOutcome::Failed => format!("{name} execution {}{because}", said("failed")),
        StepOutcome::Skipped => format!("{name} execution {}{because}", said("skipped")),
    }
}

/// The sentence of the thread's first step that ended as badly as the thread.
fn first_reason(summary: &RunSummary, thread: usize, outcome: StepOutcome) -> Option<String> {
    let outline = summary.outline.as_ref()?.threads.get(thread)?;
    let steps = &summary.threads.get(thread)?.steps;
    outline.steps.iter().zip(steps).find_map(|(step, state)| {
        let is_cause = state.status == StepStatus::Finished(outcome) && !reason(state).is_empty();
        is_cause.then(|| format!("{}: {}", step.name, reason(state)))
    })
}

/// What there is to say about a step beyond its outcome.
fn reason(step: &StepSummary) -> String {
    if !step.sentence.is_empty() {
        return step.sentence.clone();
    }
    match (&step.result, step.status) {
        (Some(result), StepStatus::Finished(outcome)) if outcome > StepOutcome::Success => {
            result.clone()
        }
        _ => String::new(),
    }
}

/// The closing table: every step that was to run, with result, counters, time and reason.
pub fn closing_table(summary: &RunSummary, colour: Colour) -> String {
    let Some(outline) = &summary.outline else {
        return String::new();
    };
    let mut rows = Vec::new();
    for (thread, state) in outline.threads.iter().zip(&summary.threads) {
        if !thread.enabled {
            rows.push(row(
                &thread.name,
                "",
                Cell::toned("disabled", Tone::Quiet),
                "",
                "",
                "",
            ));
            continue;
        }
        for (step, step_state) in thread.steps.iter().zip(&state.steps) {
            let elapsed = step_state
                .elapsed_ms
                .map(|millis| short_duration(Duration::from_millis(millis)))
                .unwrap_or_default();
            rows.push(row(
                &thread.name,
                &step.name,
                status_cell(step_state),
                &counters(step_state),
                &elapsed,
                &reason(step_state),
            ));
        }
    }
    let heading = ["Thread", "Step", "Result", "Counters", "Time", "Reason"];
    table::render(heading, &rows, colour)
}

fn row(thread: &str, step: &str, status: Cell, counters: &str, time: &str, why: &str) -> [Cell; 6] {
    [
        printable(thread).into(),
        printable(step).into(),
        status,
        counters.into(),
        time.into(),
        printable(why).into(),
    ]
}

fn status_cell(step: &StepSummary) -> Cell {
    match step.status {
        StepStatus::Pending => Cell::toned("not started", Tone::Quiet),
        StepStatus::Waiting => Cell::toned("waiting", Tone::Quiet),
        StepStatus::Running => Cell::toned("running", Tone::Doubtful),
        StepStatus::Finished(outcome) => Cell::toned(outcome.word(), outcome.into()),
    }
}

/// The counters of a step that say most: what changed or failed, the largest first.
fn counters(step: &StepSummary) -> String {
    let Some(statistics) = &step.statistics else {
        return String::new();
    };
    let totals = statistics.totals();
    let mut telling: Vec<(&str, u64)> = totals
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .filter(|(name, _)| !is_unchanged(name))
        .collect();
    if telling.is_empty() {
        let unchanged = totals
            .values()
            .fold(0_u64, |sum, count| sum.saturating_add(*count));
        return if unchanged == 0 {
            String::new()
        } else {
            format!("{unchanged} unchanged")
        };
    }
    telling.sort_by_key(|(name, count)| (!name.ends_with("failure"), std::cmp::Reverse(*count)));
    let more = telling.len().saturating_sub(SHOWN_COUNTERS);
    let mut words: Vec<String> = telling
        .iter()
        .take(SHOWN_COUNTERS)
        .map(|(name, count)| format!("{} {count}", printable(name)))
        .collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

fn is_unchanged(counter: &str) -> bool {
    counter.ends_with("no-change")
        || counter.ends_with("no-flow")
        || counter == "disconnector-remains"
}

/// The closing sentence of a run.
pub fn closing_sentence(summary: &RunSummary, outcome: RunOutcome, colour: Colour) -> String {
    let mut counts: BTreeMap<StepOutcome, u64> = BTreeMap::new();
    let steps = summary
        .threads
        .iter()
        .filter(|thread| thread.status != ThreadStatus::Disabled);
    for step in steps.flat_map(|thread| &thread.steps) {
        if let StepStatus::Finished(outcome) = step.status {
            *counts.entry(outcome).or_default() += 1;
        }
    }
    let all = counts.values().sum();
    let parts: Vec<String> = counts
        .iter()
        .map(|(outcome, count)| format!("{count} {}", outcome.word()))
        .collect();
    let verdict = match outcome {
        RunOutcome::Success => "The sequence completed.",
        RunOutcome::Warning => "The sequence completed with warnings.",
        RunOutcome::Stopped => "The sequence was stopped.",
        RunOutcome::Failed => "The sequence failed.",
    };
    let took = short_duration(Duration::from_millis(summary.elapsed_ms));
    let verdict = paint::word(verdict, outcome.into(), colour);
    if parts.is_empty() {
        return format!("{verdict} No step ran; it took {took}.");
    }
    format!(
        "{verdict} {}: {}; it took {took}.",
        plural(all, "step"),
        parts.join(", ")
    )
}

/// What a thread does now, one line; `now` is the time of day.
pub fn live_line(summary: &RunSummary, thread: usize, now: Timestamp, colour: Colour) -> String {
    let known = summary
        .outline
        .as_ref()
        .and_then(|outline| outline.threads.get(thread));
    let (Some(outline), Some(state)) = (known, summary.threads.get(thread)) else {
        return String::new();
    };
    let quiet = |text: &str| paint::word(text, Tone::Quiet, colour);
    match state.status {
        ThreadStatus::Disabled => return quiet("disabled"),
        ThreadStatus::Finished(outcome) => {
            return paint::word(outcome.word(), outcome.into(), colour);
        }
        ThreadStatus::Pending | ThreadStatus::Running => {}
    }
    let current = outline
        .steps
        .iter()
        .zip(&state.steps)
        .enumerate()
        .find(|(_, (_, step))| matches!(step.status, StepStatus::Running | StepStatus::Waiting));
    let Some((index, (step, step_state))) = current else {
        return quiet("not started");
    };
    let since = step_state
        .since
        .map(|since| {
            short_duration(Duration::try_from(now.duration_since(since)).unwrap_or_default())
        })
        .unwrap_or_default();
    let place = format!(
        "{}/{} {}",
        index + 1,
        outline.steps.len(),
        printable(&step.name)
    );
    let round = if outline.repeat > 1 {
        format!("round {}/{} ", state.round, outline.repeat)
    } else {
        String::new()
    };
    let mut words = vec![format!("{round}{place}"), since];
    if step_state.status == StepStatus::Waiting {
        words.push(quiet(&printable(&step_state.sentence)));
    } else {
        let result = step_state.result.as_deref().unwrap_or("running");
        words.push(printable(result));
        words.push(counters(step_state));
    }
    words.retain(|word| !word.is_empty());
    words.join("  ")
}

/// One line about a run, for `status`.
pub fn headline(summary: &RunSummary) -> String {
    let (done, all) = summary.progress();
    let phase = match summary.phase {
        RunPhase::Starting => "starting",
        RunPhase::Running => "running",
        RunPhase::Paused => "paused",
        RunPhase::Stopping => "stopping",
        RunPhase::Finished(outcome) => outcome.word(),
    };
    let name = summary.outline.as_ref().map(describe).unwrap_or_default();
    format!(
        "{name}: {phase}, {done} of {} ended",
        plural(all as u64, "step")
    )
}

fn describe(outline: &Outline) -> String {
    format!(
        "{} `{}` on {}",
        outline.run,
        printable(&outline.sequence),
        printable(&outline.server)
    )
}
