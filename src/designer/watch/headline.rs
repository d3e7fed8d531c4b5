//! A watched run in one look: the state that needs a person most, and how many steps are where.

use crate::run::{RunOutcome, RunPhase, StepOutcome, StepStatus, ThreadStatus};

use super::super::words::watch as words;
use super::Watch;

/// What a run bar shows in its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// The state.
    pub state: HeadlineState,
    /// One sentence: the thread that needs somebody, or what the run waits for.
    pub sentence: String,
}

/// The state of a run, the worst that needs a person first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadlineState {
    /// It has not said anything yet.
    Starting,
    /// It runs.
    Running,
    /// It runs, but something failed already.
    RunningWithFailures,
    /// It starts nothing until resumed, and something failed already.
    PausedWithFailures,
    /// Everything that could run waits.
    Waiting,
    /// It starts nothing until resumed.
    Paused,
    /// It ends as soon as what runs has ended.
    Stopping,
    /// It ended well.
    Success,
    /// It ended with warnings.
    Warning,
    /// It failed.
    Failed,
    /// A person ended it.
    Stopped,
    /// Its host is gone without a word.
    BrokenOff,
}

/// How many steps are in which state; only those that take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunCounts {
    /// Succeeded.
    pub success: usize,
    /// Ended with warnings.
    pub warning: usize,
    /// Failed.
    pub failed: usize,
    /// Stopped by a person.
    pub stopped: usize,
    /// Skipped.
    pub skipped: usize,
    /// Run now.
    pub running: usize,
    /// Wait now.
    pub waiting: usize,
    /// Ran or waited when the run broke off.
    pub unknown: usize,
    /// Not their turn.
    pub planned: usize,
    /// All of them.
    pub all: usize,
}

impl RunCounts {
    /// How many have ended, however.
    pub const fn ended(&self) -> usize {
        self.success + self.warning + self.failed + self.stopped + self.skipped
    }
}

impl Watch {
    /// The run in one look.
    pub fn headline(&self) -> Headline {
        let counts = self.counts();
        let phase = self.summary.phase;
        if self.is_broken_off() {
            return Headline {
                state: HeadlineState::BrokenOff,
                sentence: words::BROKEN_OFF.to_owned(),
            };
        }
        let state = match phase {
            RunPhase::Starting => HeadlineState::Starting,
            RunPhase::Finished(RunOutcome::Success) => HeadlineState::Success,
            RunPhase::Finished(RunOutcome::Warning) => HeadlineState::Warning,
            RunPhase::Finished(RunOutcome::Stopped) => HeadlineState::Stopped,
            RunPhase::Finished(RunOutcome::Failed) => HeadlineState::Failed,
            // What a person did is what they want to see confirmed; the counts show the failures.
            RunPhase::Stopping => HeadlineState::Stopping,
            RunPhase::Running if counts.failed > 0 => HeadlineState::RunningWithFailures,
            RunPhase::Paused if counts.failed > 0 => HeadlineState::PausedWithFailures,
            RunPhase::Paused => HeadlineState::Paused,
            RunPhase::Running if counts.running == 0 && counts.waiting > 0 => {
                HeadlineState::Waiting
            }
            RunPhase::Running => HeadlineState::Running,
        };
        Headline {
            state,
            sentence: self.sentence(state, &counts),
        }
    }

    fn sentence(&self, state: HeadlineState, counts: &RunCounts) -> String {
        let failure = || self.first(|status| status == StepStatus::Finished(StepOutcome::Failed));
        let text = match state {
            HeadlineState::Starting => words::STARTING.to_owned(),
            HeadlineState::RunningWithFailures
            | HeadlineState::PausedWithFailures
            | HeadlineState::Failed => failure().map_or_else(String::new, |(number, name)| {
                words::failed_at(&number, name, counts.failed)
            }),
            HeadlineState::Waiting => self.first_wait(),
            HeadlineState::Paused if counts.running > 0 => words::paused(counts.running),
            HeadlineState::Paused => words::PAUSED.to_owned(),
            HeadlineState::Stopping => words::stopping(counts.running),
            HeadlineState::Running => {
                let running = self.first(|status| status == StepStatus::Running);
                running.map_or_else(String::new, |(number, name)| {
                    words::running_at(&number, name, counts.running)
                })
            }
            HeadlineState::Warning => {
                let warned = StepStatus::Finished(StepOutcome::Warning);
                let warning = self.first(|status| status == warned);
                warning.map_or_else(String::new, |(number, name)| {
                    words::warned_at(&number, name, counts.warning)
                })
            }
            HeadlineState::Success => words::ALL_WELL.to_owned(),
            HeadlineState::Stopped | HeadlineState::BrokenOff => String::new(),
        };
        if text.is_empty() {
            words::ended_of(counts)
        } else {
            text
        }
    }

    /// The number (`2.1`) and name of the first step in such a state.
    fn first(&self, is_meant: impl Fn(StepStatus) -> bool) -> Option<(String, &str)> {
        let outline = self.summary.outline.as_ref()?;
        let threads = self.summary.threads.iter().zip(&outline.threads);
        threads.enumerate().find_map(|(thread, (state, known))| {
            let mut steps = state.steps.iter().zip(&known.steps).enumerate();
            let (step, (_, known)) = steps.find(|(_, (state, known))| {
                is_meant(state.status)
                    || (known.enabled && is_meant_earlier(state.worst(), &is_meant))
            })?;
            Some((words::number(thread, step), known.name.as_str()))
        })
    }

    fn first_wait(&self) -> String {
        let threads = self.summary.threads.iter();
        let mut steps = threads.flat_map(|thread| &thread.steps);
        let waiting = steps.find(|step| step.status == StepStatus::Waiting);
        waiting.map_or_else(String::new, |step| words::sentence(&step.sentence))
    }

    /// How many steps are where.
    pub fn counts(&self) -> RunCounts {
        let mut counts = RunCounts::default();
        let Some(outline) = &self.summary.outline else {
            return counts;
        };
        for (known, state) in outline.threads.iter().zip(&self.summary.threads) {
            if !known.enabled {
                continue;
            }
            let has_ended = matches!(state.status, ThreadStatus::Finished(_));
            for (known, state) in known.steps.iter().zip(&state.steps) {
                if known.enabled {
                    counts.all += 1;
                    let is_open = matches!(state.status, StepStatus::Running | StepStatus::Waiting);
                    if is_open && self.is_broken_off() {
                        counts.unknown += 1;
                    } else {
                        *counts.of(state.status, state.worst(), has_ended) += 1;
                    }
                }
            }
        }
        counts
    }

    /// How a thread stands, for its head: its worst end so far.
    pub fn thread_worst(&self, thread: usize) -> Option<StepOutcome> {
        let outline = self.summary.outline.as_ref();
        let known = outline.and_then(|outline| outline.threads.get(thread))?;
        let state = self.summary.threads.get(thread)?;
        let own = match state.status {
            ThreadStatus::Finished(outcome) => Some(outcome),
            ThreadStatus::Disabled | ThreadStatus::Pending | ThreadStatus::Running => None,
        };
        let steps = known.steps.iter().zip(&state.steps);
        let steps = steps.filter(|(known, _)| known.enabled);
        own.max(steps.filter_map(|(_, state)| state.worst()).max())
    }
}

fn is_meant_earlier(worst: Option<StepOutcome>, is_meant: impl Fn(StepStatus) -> bool) -> bool {
    worst.is_some_and(|outcome| is_meant(StepStatus::Finished(outcome)))
}

impl RunCounts {
    /// The count to which a step belongs. A step that was never reached in a thread that has ended
    /// counts as skipped.
    const fn of(
        &mut self,
        status: StepStatus,
        worst: Option<StepOutcome>,
        thread_has_ended: bool,
    ) -> &mut usize {
        match (status, worst) {
            (StepStatus::Running, _) => &mut self.running,
            (StepStatus::Waiting, _) => &mut self.waiting,
            (_, Some(StepOutcome::Success)) => &mut self.success,
            (_, Some(StepOutcome::Warning)) => &mut self.warning,
            (_, Some(StepOutcome::Failed)) => &mut self.failed,
            (_, Some(StepOutcome::Stopped)) => &mut self.stopped,
            (_, Some(StepOutcome::Skipped)) => &mut self.skipped,
            (_, None) if thread_has_ended => &mut self.skipped,
            (_, None) => &mut self.planned,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::run::{RunEventKind, StopMode};

    use super::super::BarKind;
    use super::super::rig::{Story, outline};
    use super::*;

    fn begun() -> Story {
        Story::new(outline())
    }

    fn one_failed() -> Story {
        begun()
            .step_started(0, 0)
            .step_finished(0, 0, StepOutcome::Failed, "gone")
    }

    #[test]
    fn the_state_that_needs_somebody_comes_first() {
        use HeadlineState as H;
        let stop = RunEventKind::StopRequested {
            mode: StopMode::Graceful,
        };
        for (story, state, sentence) in [
            (begun(), H::Running, "0 of 4 steps"),
            (
                begun().step_started(0, 0),
                H::Running,
                "1.1 HR · Delta Import",
            ),
            (
                begun().step_started(0, 0).step_started(1, 1),
                H::Running,
                "1.1 HR · Delta Import and 1 more",
            ),
            (
                begun().waiting(1, None, "waits for it"),
                H::Waiting,
                "Waits for it",
            ),
            (
                begun().waiting(1, None, "waits").step_started(0, 0),
                H::Running,
                "1.1 HR · Delta Import",
            ),
            (
                one_failed().step_started(1, 0),
                H::RunningWithFailures,
                "Step 1.1 failed, HR · Delta Import",
            ),
            (
                one_failed().then(RunEventKind::Paused),
                H::PausedWithFailures,
                "Step 1.1 failed, HR · Delta Import",
            ),
            (
                begun().then(RunEventKind::Paused),
                H::Paused,
                "Starts nothing until you resume",
            ),
            (
                begun().step_started(0, 0).then(stop.clone()),
                H::Stopping,
                "1 step runs to its end",
            ),
            (
                one_failed().step_started(1, 0).then(stop),
                H::Stopping,
                "1 step runs to its end",
            ),
            (
                one_failed().run_finished(RunOutcome::Failed),
                H::Failed,
                "Step 1.1 failed, HR · Delta Import",
            ),
            (
                begun().run_finished(RunOutcome::Success),
                H::Success,
                "No errors, no warnings",
            ),
        ] {
            let headline = story.watch().headline();
            assert_eq!(
                (headline.state, headline.sentence.as_str()),
                (state, sentence)
            );
        }
    }

    #[test]
    fn a_run_whose_host_is_gone_broke_off_unless_it_had_ended() {
        let mut watch = begun().watch();
        watch.is_attached = false;
        assert_eq!(watch.headline().state, HeadlineState::BrokenOff);
        let mut watch = begun().run_finished(RunOutcome::Success).watch();
        watch.is_attached = false;
        assert_eq!(watch.headline().state, HeadlineState::Success);
    }

    #[test]
    fn what_ran_when_the_host_went_runs_no_more() {
        let mut watch = begun().step_started(0, 0).waiting(1, None, "waits").watch();
        assert_eq!(watch.counts().running, 1);
        watch.break_off();
        let expected = RunCounts {
            unknown: 2,
            planned: 2,
            all: 4,
            ..RunCounts::default()
        };
        assert_eq!(watch.counts(), expected);
        let bars = watch.timeline.lanes.iter().flat_map(|lane| &lane.bars);
        let kinds: Vec<&BarKind> = bars.clone().map(|bar| &bar.kind).collect();
        assert_eq!(
            kinds,
            [&BarKind::Lost, &BarKind::Waited("waits".to_owned())]
        );
        assert!(bars.into_iter().all(|bar| bar.end_ms.is_some()));
        assert!(watch.timeline.sync.iter().all(|bar| bar.end_ms.is_some()));
    }

    #[test]
    fn only_what_takes_part_is_counted() {
        let mut outline = outline();
        outline.threads[1].steps[1].enabled = false;
        let story = Story::new(outline)
            .step_started(0, 0)
            .step_finished(0, 0, StepOutcome::Warning, "errors")
            .waiting(0, Some(1), "waits")
            .step_started(1, 0);
        let counts = story.watch().counts();
        let expected = RunCounts {
            warning: 1,
            waiting: 1,
            running: 1,
            all: 3,
            ..RunCounts::default()
        };
        assert_eq!(counts, expected);
        assert_eq!(counts.ended(), 1);
        assert_eq!(story.watch().thread_worst(0), Some(StepOutcome::Warning));
        assert_eq!(story.watch().thread_worst(1), None);
        assert_eq!(story.watch().thread_worst(9), None);
    }
}
