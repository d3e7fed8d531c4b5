//! Tells of waits that last and that nobody in this run can end, where no live line shows them.
//!
//! Pure: takes the state and the time, returns sentences. Must not decide anything about a run.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::text::printable;
use crate::run::{RunSummary, StepStatus, StepSummary, WaitReason};

/// How long a wait lasts before it is worth a line.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a silent server is not told of again.
const SILENCE_AGAIN: Duration = Duration::from_mins(10);

/// Remembers what was told: each wait once, a silent server once for all that wait for it.
#[derive(Debug, Default)]
pub struct Patience {
    told: BTreeSet<(usize, usize, Timestamp)>,
    silence_told: Option<Timestamp>,
}

impl Patience {
    /// The waits that have become long since the last call, one sentence each.
    pub fn overdue(&mut self, summary: &RunSummary, now: Timestamp) -> Vec<String> {
        let Some(outline) = &summary.outline else {
            return Vec::new();
        };
        let mut sentences = Vec::new();
        let threads = outline.threads.iter().zip(&summary.threads).enumerate();
        for (thread, (thread_outline, state)) in threads {
            let steps = thread_outline.steps.iter().zip(&state.steps).enumerate();
            for (step, (step_outline, step_state)) in steps {
                let Some((reason, since)) = long_wait(step_state, now) else {
                    continue;
                };
                let is_new = if matches!(reason, WaitReason::ServiceUnavailable { .. }) {
                    self.silence_is_new(now)
                } else {
                    self.told.insert((thread, step, since))
                };
                if is_new {
                    sentences.push(printable(&format!(
                        "{}, {}: {}",
                        thread_outline.name, step_outline.name, step_state.sentence
                    )));
                }
            }
        }
        sentences
    }

    fn silence_is_new(&mut self, now: Timestamp) -> bool {
        let is_new = self
            .silence_told
            .is_none_or(|told| lasted(told, now) >= SILENCE_AGAIN);
        if is_new {
            self.silence_told = Some(now);
        }
        is_new
    }
}

/// Why a step waits and since when, if for something outside of the run and for long.
fn long_wait(step: &StepSummary, now: Timestamp) -> Option<(&WaitReason, Timestamp)> {
    if step.status != StepStatus::Waiting {
        return None;
    }
    let reason = step.waiting.as_ref()?;
    let since = match reason {
        WaitReason::ForeignRun { since, .. }
        | WaitReason::ForeignSynchronization { since }
        | WaitReason::AgentUpdate { since }
        | WaitReason::ServiceUnavailable { since, .. } => *since,
        WaitReason::StartDelay { .. } => step.since?,
        // A pause has a line of its own, and what this run does itself ends by itself.
        WaitReason::Paused { .. }
        | WaitReason::AgentBusy { .. }
        | WaitReason::Synchronization { .. }
        | WaitReason::BeforeSynchronization { .. }
        | WaitReason::MimService { .. }
        | WaitReason::Turn { .. }
        | WaitReason::MaxParallel { .. } => return None,
    };
    (lasted(since, now) >= PATIENCE).then_some((reason, since))
}

fn lasted(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::run::{
        At, Outline, RunEvent, RunEventKind, RunId, StepOutline, StepOutlineKind, ThreadOutline,
    };

    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Two threads of one step each, which wait since second 1.
    fn waiting(because: &WaitReason) -> RunSummary {
        let thread = |name: &str| ThreadOutline {
            name: name.to_owned(),
            enabled: true,
            repeat: 1,
            steps: vec![StepOutline {
                name: "HR".to_owned(),
                enabled: true,
                does: StepOutlineKind::Delay { duration_ms: 1 },
            }],
        };
        let outline = Outline {
            part: None,
            run: RunId::parse("r1").unwrap(),
            sequence: "Nightly".to_owned(),
            file: None,
            server: "mim01".to_owned(),
            overlap: "exclusive-sync".to_owned(),
            threads: vec![thread("A"), thread("B")],
        };
        let mut summary = RunSummary::default();
        let begin = RunEventKind::RunStarted { outline };
        let waits = (0..2).map(|thread| RunEventKind::Waiting {
            at: At {
                thread: Some(thread),
                thread_name: None,
                step: Some(0),
                step_name: None,
            },
            because: because.clone(),
            sentence: "waits".to_owned(),
        });
        for (seq, event) in (1..).zip(std::iter::once(begin).chain(waits)) {
            summary.apply(&RunEvent {
                seq,
                at: second(1),
                elapsed_ms: 0,
                event,
            });
        }
        summary
    }

    #[test]
    fn a_foreign_run_is_told_once_for_each_step_that_waits() {
        let since = second(1);
        let summary = waiting(&WaitReason::ForeignSynchronization { since });
        let mut patience = Patience::default();
        assert!(patience.overdue(&summary, second(10)).is_empty());
        let told = patience.overdue(&summary, second(11));
        assert_eq!(told, ["A, HR: waits", "B, HR: waits"]);
        assert!(patience.overdue(&summary, second(3_000)).is_empty());
    }

    #[test]
    fn a_silent_server_is_told_once_for_all_and_again_much_later() {
        let summary = waiting(&WaitReason::ServiceUnavailable {
            message: "silent".to_owned(),
            since: second(1),
        });
        let mut patience = Patience::default();
        assert_eq!(patience.overdue(&summary, second(11)), ["A, HR: waits"]);
        assert!(patience.overdue(&summary, second(610)).is_empty());
        assert_eq!(patience.overdue(&summary, second(611)), ["A, HR: waits"]);
    }

    #[test]
    fn what_the_run_itself_makes_wait_is_not_told() {
        let summary = waiting(&WaitReason::MaxParallel { limit: 1 });
        let told = Patience::default().overdue(&summary, second(1_000));
        assert!(told.is_empty(), "{told:?}");
    }
}
