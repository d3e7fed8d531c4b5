//! The words of the console: lines in the old tool's manner, live lines, the closing sentence.
//!
//! Pure functions of events and of the summary they fold to; no terminal in sight.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::text::{plural, printable, short_duration};
use crate::run::{
    At, Outline, RunEvent, RunEventKind, RunOutcome, RunPhase, RunSummary, Severity, StepOutcome,
    StepStatus, StopMode, ThreadStatus,
};

use super::Colour;
use super::closing::{counters, reason};
use super::layout::elide;
use super::paint::{self, Tone};

/// How many counters a live line names; the rest is counted.
const SHOWN_COUNTERS: usize = 3;
/// How many cells of a step's name a live line shows.
const SHOWN_NAME: usize = 34;

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

/// The closing sentence of a run.
pub fn closing_sentence(summary: &RunSummary, outcome: RunOutcome, colour: Colour) -> String {
    let mut counts: BTreeMap<StepOutcome, u64> = BTreeMap::new();
    let steps = summary
        .threads
        .iter()
        .filter(|thread| thread.status != ThreadStatus::Disabled);
    for step in steps.flat_map(|thread| &thread.steps) {
        if let (StepStatus::Finished(_), Some(outcome)) = (step.status, step.worst()) {
            *counts.entry(outcome).or_default() += 1;
        }
    }
    let all = counts.values().sum();
    let parts: Vec<String> = counts
        .iter()
        .map(|(outcome, count)| format!("{count} {}", ended(*outcome)))
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

fn ended(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Skipped => "skipped",
        StepOutcome::Success => "succeeded",
        StepOutcome::Warning => "with warnings",
        StepOutcome::Stopped => "stopped",
        StepOutcome::Failed => "failed",
    }
}

/// Why a thread does not take part: nobody asked for it, or the file says so.
pub fn off_word(outline: Option<&Outline>, thread: usize) -> &'static str {
    if outline.is_some_and(|outline| outline.is_left_out(thread, None)) {
        "not in this run"
    } else {
        "disabled"
    }
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
        ThreadStatus::Disabled => return quiet(off_word(summary.outline.as_ref(), thread)),
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
        elide(&printable(&step.name), SHOWN_NAME)
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
        words.push(counters(step_state, SHOWN_COUNTERS));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::run::{
        ProfileStatistics, RunId, SkipReason, StepOutline, StepOutlineKind, StepStatistics,
        ThreadOutline,
    };

    use super::*;

    fn outline() -> Outline {
        let step = |name: &str| StepOutline {
            name: name.to_owned(),
            enabled: true,
            does: StepOutlineKind::Delay { duration_ms: 1 },
        };
        let thread = |name: &str, enabled, steps: &[&str]| ThreadOutline {
            name: name.to_owned(),
            enabled,
            repeat: 1,
            steps: steps.iter().map(|name| step(name)).collect(),
        };
        Outline {
            part: None,
            run: RunId::parse("r1").unwrap(),
            sequence: "Nightly".to_owned(),
            file: None,
            server: "https://mim01".to_owned(),
            overlap: "exclusive-sync".to_owned(),
            threads: vec![
                thread("Import", true, &["HR", "AD"]),
                thread("Old", false, &["X"]),
            ],
        }
    }

    fn at(thread: usize, step: Option<usize>) -> At {
        let outline = outline();
        let thread_outline = &outline.threads[thread];
        At {
            thread: Some(thread),
            thread_name: Some(thread_outline.name.clone()),
            step,
            step_name: step.map(|step| thread_outline.steps[step].name.clone()),
        }
    }

    /// Applies events at one second each and returns the summary with the last event.
    fn story(events: Vec<RunEventKind>) -> (RunSummary, RunEvent) {
        let begin = RunEventKind::RunStarted { outline: outline() };
        let mut summary = RunSummary::default();
        let mut last = None;
        for (seq, event) in (1_u64..).zip(std::iter::once(begin).chain(events)) {
            let event = RunEvent {
                seq,
                at: Timestamp::from_second(i64::try_from(seq).unwrap()).unwrap(),
                elapsed_ms: seq * 1_000,
                event,
            };
            summary.apply(&event);
            last = Some(event);
        }
        (summary, last.unwrap())
    }

    fn profile_finished(step: usize, result: &str, counters: &[(&str, u64)]) -> RunEventKind {
        let counters: BTreeMap<String, u64> = counters
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect();
        RunEventKind::ProfileFinished {
            at: at(0, Some(step)),
            agent: "HR".to_owned(),
            profile: "Delta Import".to_owned(),
            run_number: None,
            result: result.to_owned(),
            class: String::new(),
            statistics: ProfileStatistics {
                steps: vec![StepStatistics {
                    counters,
                    ..StepStatistics::default()
                }],
            },
            elapsed_ms: 1,
        }
    }

    fn step_finished(step: usize, outcome: StepOutcome, sentence: &str) -> RunEventKind {
        RunEventKind::StepFinished {
            at: at(0, Some(step)),
            outcome,
            sentence: sentence.to_owned(),
            elapsed_ms: 4_200,
        }
    }

    fn thread_finished(outcome: StepOutcome) -> RunEventKind {
        RunEventKind::ThreadFinished {
            at: at(0, None),
            outcome,
            elapsed_ms: 9_000,
        }
    }

    fn failing() -> Vec<RunEventKind> {
        vec![
            RunEventKind::StepStarted { at: at(0, Some(0)) },
            profile_finished(
                0,
                "stopped-server-down",
                &[
                    ("stage-no-change", 90),
                    ("stage-add", 3),
                    ("stage-failure", 1),
                ],
            ),
            step_finished(0, StepOutcome::Failed, "ended with `stopped-server-down`"),
            RunEventKind::StepSkipped {
                at: at(0, Some(1)),
                because: SkipReason::Stopped,
                sentence: "skipped because `HR` failed".to_owned(),
            },
            thread_finished(StepOutcome::Failed),
        ]
    }

    fn line(events: Vec<RunEventKind>) -> Option<Said> {
        let (summary, last) = story(events);
        at_event(&last, &summary, Colour::Off)
    }

    #[test]
    fn a_finished_thread_has_the_old_tools_line() {
        let said = |text: &str| Some(Said::Line(text.to_owned()));
        assert_eq!(line(Vec::new()), said("Starting all MAs."));
        for (events, text) in [
            (
                vec![thread_finished(StepOutcome::Success)],
                "Import execution completed",
            ),
            (
                vec![
                    profile_finished(1, "completed-export-errors", &[]),
                    step_finished(1, StepOutcome::Warning, ""),
                    thread_finished(StepOutcome::Warning),
                ],
                "Import execution completed with warnings: AD: completed-export-errors",
            ),
            (
                failing(),
                "Import execution failed: HR: ended with `stopped-server-down`",
            ),
            (
                vec![thread_finished(StepOutcome::Stopped)],
                "Import execution stopped",
            ),
        ] {
            assert_eq!(line(events), said(text));
        }
    }

    #[test]
    fn notices_are_told_by_weight_and_place() {
        let notice = |severity, message: &str| RunEventKind::Notice {
            at: at(0, Some(1)),
            severity,
            message: message.to_owned(),
        };
        assert_eq!(line(vec![notice(Severity::Detail, "x")]), None);
        assert_eq!(
            line(vec![notice(Severity::Warning, "lost\u{1b}[2J")]),
            Some(Said::Note("warning: Import, AD: lost [2J".to_owned()))
        );
    }

    #[test]
    fn the_closing_sentence_counts_the_steps() {
        let (summary, _) = story(failing());
        assert_eq!(
            closing_sentence(&summary, RunOutcome::Failed, Colour::Off),
            "The sequence failed. 2 steps: 1 skipped, 1 failed; it took 6.0 s."
        );
    }

    #[test]
    fn a_live_line_says_step_time_and_reason() {
        let now = Timestamp::from_second(14).unwrap();
        let live = |events| live_line(&story(events).0, 0, now, Colour::Off);
        assert_eq!(live(Vec::new()), "not started");
        assert_eq!(
            live(vec![RunEventKind::StepStarted { at: at(0, Some(0)) }]),
            "1/2 HR  12 s  running"
        );
        assert_eq!(
            live(vec![RunEventKind::Waiting {
                at: at(0, Some(1)),
                because: crate::run::WaitReason::MaxParallel { limit: 8 },
                sentence: "waits because 8 run".to_owned(),
            }]),
            "2/2 AD  12 s  waits because 8 run"
        );
        assert_eq!(live(vec![thread_finished(StepOutcome::Success)]), "success");
        assert_eq!(live_line(&RunSummary::default(), 3, now, Colour::Off), "");
    }

    #[test]
    fn a_headline_counts_the_steps() {
        let (summary, _) = story(failing());
        assert_eq!(
            headline(&summary),
            "r1 `Nightly` on https://mim01: running, 2 of 2 steps ended"
        );
    }
}
