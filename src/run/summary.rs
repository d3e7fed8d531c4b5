//! The one fold from events to the state of a run; console, control socket and designer share it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Outline, ProfileStatistics, RunEvent, RunEventKind, RunOutcome, StepOutcome, WaitReason,
};

/// The state of a run, as far as its events have told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The number of the last event that was applied.
    pub seq: u64,
    /// The sequence; `None` before the first event.
    pub outline: Option<Outline>,
    /// What the run does now.
    pub phase: RunPhase,
    /// When it began.
    pub started: Option<Timestamp>,
    /// Milliseconds since then, at the last event.
    pub elapsed_ms: u64,
    /// Its threads, as in the outline.
    pub threads: Vec<ThreadSummary>,
}

/// What a run does now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", content = "outcome", rename_all = "kebab-case")]
pub enum RunPhase {
    /// It has not said anything yet.
    #[default]
    Starting,
    /// It runs.
    Running,
    /// It starts nothing until it is resumed.
    Paused,
    /// It ends as soon as what runs has ended.
    Stopping,
    /// It has ended.
    Finished(RunOutcome),
}

/// The state of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadSummary {
    /// What it does now.
    pub status: ThreadStatus,
    /// Which round of its steps, from 1.
    pub round: u32,
    /// Its steps, as in the outline; of the current round.
    pub steps: Vec<StepSummary>,
}

/// What a thread does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "outcome", rename_all = "kebab-case")]
pub enum ThreadStatus {
    /// Switched off in the file.
    Disabled,
    /// It has not begun.
    Pending,
    /// It has begun.
    Running,
    /// It has ended.
    Finished(StepOutcome),
}

/// The state of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepSummary {
    /// What it does now.
    pub status: StepStatus,
    /// Why it waits, was skipped or failed: one sentence, empty when there is nothing to say.
    pub sentence: String,
    /// Why it waits, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitReason>,
    /// When its current state began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The service's last word about its run profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What its run profile did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<ProfileStatistics>,
    /// How long it took, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u64>,
    /// The worst end of an earlier round that was not a success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierRound>,
}

/// How a step ended in an earlier round of its thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRound {
    /// Which round, from 1.
    pub round: u32,
    /// How it ended.
    pub outcome: StepOutcome,
    /// What went wrong, one sentence.
    pub sentence: String,
}

/// What a step does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "outcome", rename_all = "kebab-case")]
pub enum StepStatus {
    /// Its turn has not come.
    Pending,
    /// It waits for something.
    Waiting,
    /// It runs.
    Running,
    /// It has ended or was skipped.
    Finished(StepOutcome),
}

impl StepSummary {
    const fn pending() -> Self {
        Self {
            status: StepStatus::Pending,
            sentence: String::new(),
            waiting: None,
            since: None,
            result: None,
            statistics: None,
            elapsed_ms: None,
            earlier: None,
        }
    }

    /// How it ended, the worst round counting; `None` as long as it has not.
    pub fn worst(&self) -> Option<StepOutcome> {
        let earlier = self.earlier.as_ref().map(|earlier| earlier.outcome);
        match self.status {
            StepStatus::Finished(outcome) => Some(outcome).max(earlier),
            StepStatus::Pending | StepStatus::Waiting | StepStatus::Running => earlier,
        }
    }

    /// Makes it ready for the next round; a bad end of this one is not forgotten.
    fn next_round(&mut self, ended: u32) {
        let fresh = Self::pending();
        let last = std::mem::replace(self, fresh);
        self.earlier = match last.status {
            StepStatus::Finished(outcome)
                if outcome > StepOutcome::Success
                    && last
                        .earlier
                        .as_ref()
                        .is_none_or(|earlier| earlier.outcome < outcome) =>
            {
                Some(EarlierRound {
                    round: ended,
                    outcome,
                    sentence: last.sentence,
                })
            }
            _ => last.earlier,
        };
    }
}

impl RunSummary {
    /// Applies the next event. An event that was applied before changes nothing.
    pub fn apply(&mut self, event: &RunEvent) {
        if event.seq <= self.seq {
            return;
        }
        self.seq = event.seq;
        self.elapsed_ms = event.elapsed_ms;
        self.take(event);
    }

    fn take(&mut self, event: &RunEvent) {
        match &event.event {
            RunEventKind::RunStarted { outline } => self.begin(outline, event.at),
            RunEventKind::ThreadStarted { at } => {
                self.thread_mut(at.thread, |thread| thread.status = ThreadStatus::Running);
            }
            RunEventKind::RoundStarted { at, round } => self.thread_mut(at.thread, |thread| {
                for step in &mut thread.steps {
                    step.next_round(thread.round);
                }
                thread.round = *round;
            }),
            RunEventKind::Waiting {
                at,
                because,
                sentence,
            } => {
                // A thread that waits before its first step shows it on that step.
                let step = at.step.unwrap_or(0);
                self.step_mut(at.thread, Some(step), |summary| {
                    summary.status = StepStatus::Waiting;
                    summary.sentence.clone_from(sentence);
                    summary.waiting = Some(because.clone());
                    summary.since = Some(event.at);
                });
            }
            RunEventKind::StepStarted { at } => self.step_mut(at.thread, at.step, |step| {
                *step = StepSummary {
                    status: StepStatus::Running,
                    since: Some(event.at),
                    earlier: step.earlier.take(),
                    ..StepSummary::pending()
                };
            }),
            RunEventKind::ProfileStarted { at, .. } => self.step_mut(at.thread, at.step, |step| {
                step.status = StepStatus::Running;
                step.sentence.clear();
                step.waiting = None;
            }),
            RunEventKind::ProfileProgress { at, status: result }
            | RunEventKind::ProfileRefused { at, result } => {
                self.step_mut(at.thread, at.step, |step| {
                    step.result = Some(result.clone());
                });
            }
            RunEventKind::ProfileFinished {
                at,
                result,
                statistics,
                ..
            } => {
                self.step_mut(at.thread, at.step, |step| {
                    step.result = Some(result.clone());
                    step.statistics = Some(statistics.clone());
                });
            }
            RunEventKind::StepFinished {
                at,
                outcome,
                sentence,
                elapsed_ms,
            } => {
                self.finish_step(at.thread, at.step, *outcome, sentence, Some(*elapsed_ms));
            }
            RunEventKind::StepSkipped { at, sentence, .. } => {
                self.finish_step(at.thread, at.step, StepOutcome::Skipped, sentence, None);
            }
            RunEventKind::ThreadFinished { at, outcome, .. } => {
                self.thread_mut(at.thread, |thread| {
                    thread.status = ThreadStatus::Finished(*outcome);
                });
            }
            RunEventKind::Paused => self.phase = RunPhase::Paused,
            RunEventKind::Resumed => self.phase = RunPhase::Running,
            RunEventKind::StopRequested { .. } => self.phase = RunPhase::Stopping,
            RunEventKind::RunFinished { outcome, .. } => self.phase = RunPhase::Finished(*outcome),
            RunEventKind::CommandStarted { .. }
            | RunEventKind::CommandFinished { .. }
            | RunEventKind::Notice { .. } => {}
        }
    }

    /// How many enabled steps of enabled threads have ended, and how many there are (one round).
    pub fn progress(&self) -> (usize, usize) {
        let Some(outline) = &self.outline else {
            return (0, 0);
        };
        let steps = outline
            .threads
            .iter()
            .zip(&self.threads)
            .filter(|(thread, _)| thread.enabled);
        let steps = steps.flat_map(|(thread, summary)| thread.steps.iter().zip(&summary.steps));
        steps
            .filter(|(step, _)| step.enabled)
            .fold((0, 0), |(done, all), (_, summary)| {
                let ended = matches!(summary.status, StepStatus::Finished(_));
                (done + usize::from(ended), all + 1)
            })
    }

    fn begin(&mut self, outline: &Outline, at: Timestamp) {
        self.started = Some(at);
        self.phase = RunPhase::Running;
        self.threads = outline
            .threads
            .iter()
            .map(|thread| ThreadSummary {
                status: if thread.enabled {
                    ThreadStatus::Pending
                } else {
                    ThreadStatus::Disabled
                },
                round: 1,
                steps: vec![StepSummary::pending(); thread.steps.len()],
            })
            .collect();
        self.outline = Some(outline.clone());
    }

    fn finish_step(
        &mut self,
        thread: Option<usize>,
        step: Option<usize>,
        outcome: StepOutcome,
        sentence: &str,
        elapsed_ms: Option<u64>,
    ) {
        self.step_mut(thread, step, |summary| {
            summary.status = StepStatus::Finished(outcome);
            sentence.clone_into(&mut summary.sentence);
            summary.waiting = None;
            summary.elapsed_ms = elapsed_ms;
        });
    }

    fn thread_mut(&mut self, thread: Option<usize>, change: impl FnOnce(&mut ThreadSummary)) {
        if let Some(summary) = thread.and_then(|index| self.threads.get_mut(index)) {
            change(summary);
        }
    }

    fn step_mut(
        &mut self,
        thread: Option<usize>,
        step: Option<usize>,
        change: impl FnOnce(&mut StepSummary),
    ) {
        self.thread_mut(thread, |summary| {
            if let Some(step) = step.and_then(|index| summary.steps.get_mut(index)) {
                change(step);
            }
        });
    }
}
