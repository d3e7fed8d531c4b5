//! A watched run in one look: the state that needs a person most, and how many steps are where.

use crate::run::{RunPhase, StepOutcome};

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
    /// Not their turn.
    pub planned: usize,
    /// All of them.
    pub all: usize,
}

impl Watch {
    /// The run in one look.
    pub fn headline(&self) -> Headline {
        let state = match self.summary.phase {
            RunPhase::Starting => HeadlineState::Starting,
            RunPhase::Running => HeadlineState::Running,
            RunPhase::Paused => HeadlineState::Paused,
            RunPhase::Stopping => HeadlineState::Stopping,
            RunPhase::Finished(_) => HeadlineState::Success,
        };
        Headline {
            state,
            sentence: String::new(),
        }
    }

    /// How many steps are where.
    pub fn counts(&self) -> RunCounts {
        RunCounts::default()
    }

    /// How a thread stands, for its head: its worst end so far.
    pub fn thread_worst(&self, thread: usize) -> Option<StepOutcome> {
        let steps = &self.summary.threads.get(thread)?.steps;
        steps.iter().filter_map(|step| step.worst()).max()
    }
}
