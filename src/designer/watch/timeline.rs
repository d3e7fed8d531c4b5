//! When each step waited and ran, and who held the synchronization lock.

use crate::run::{RunEvent, RunSummary, StepOutcome};

/// What a run did over its time, in milliseconds since it began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// One lane for each thread.
    pub lanes: Vec<Lane>,
    /// The steps that synchronized.
    pub sync: Vec<SyncBar>,
    /// The newest moment that is known.
    pub now_ms: u64,
}

/// The bars of a thread, in order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its bars.
    pub bars: Vec<Bar>,
}

/// A stretch of time of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The step's index in its thread.
    pub step: usize,
    /// The round of the thread, from 1.
    pub round: u32,
    /// What it did.
    pub kind: BarKind,
    /// When it began.
    pub start_ms: u64,
    /// When it ended; `None` while it goes on.
    pub end_ms: Option<u64>,
}

/// What a step did in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BarKind {
    /// It waited; the sentence says why.
    Waited(String),
    /// It runs.
    Runs,
    /// It ran and ended so.
    Ended(StepOutcome),
}

/// A stretch of time in which a step synchronized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncBar {
    /// The thread's index.
    pub thread: usize,
    /// The step's index.
    pub step: usize,
    /// When it began.
    pub start_ms: u64,
    /// When it ended; `None` while it goes on.
    pub end_ms: Option<u64>,
}

impl Timeline {
    /// Begins anew from a state whose events were not seen.
    pub fn restart(&mut self, _summary: &RunSummary) {}

    /// Takes an event.
    pub fn apply(&mut self, _event: &RunEvent) {}
}
