//! When each step waited and ran, and who held the synchronization lock.

use jiff::Timestamp;

use crate::mim::StepType;
use crate::run::{
    At, Outline, RunEvent, RunEventKind, RunSummary, StepOutcome, StepOutlineKind, StepStatus,
    StepSummary, WaitReason,
};

/// What a run did over its time, in milliseconds since it began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// One lane for each thread.
    pub lanes: Vec<Lane>,
    /// The steps that synchronized.
    pub sync: Vec<SyncBar>,
    /// The newest moment that is known.
    pub now_ms: u64,
    /// The last event that was taken.
    seq: u64,
    /// For each thread and step, whether it counts as a synchronization.
    is_sync: Vec<Vec<bool>>,
}

/// The bars of a thread, in order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its bars.
    pub bars: Vec<Bar>,
    /// The round of the thread, from 0.
    round: u32,
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
    /// It ran when the run broke off; how it ended is not known.
    Lost,
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
    /// Begins anew from a state whose events were not seen: what the state tells of the current
    /// round. Waits and earlier rounds that were seen before stay.
    pub fn restart(&mut self, summary: &RunSummary) {
        let Some(outline) = &summary.outline else {
            return;
        };
        let mut old = std::mem::take(self);
        self.begin(outline);
        self.seq = summary.seq;
        self.now_ms = summary.elapsed_ms;
        let began = summary.started.unwrap_or_default();
        for (thread, state) in summary.threads.iter().enumerate() {
            let mut bars = old
                .lanes
                .get_mut(thread)
                .map(|lane| std::mem::take(&mut lane.bars))
                .unwrap_or_default();
            bars.retain(|bar| {
                let is_earlier = bar.round < state.round || matches!(bar.kind, BarKind::Waited(_));
                bar.end_ms.is_some() && is_earlier
            });
            for (step, state_of_step) in state.steps.iter().enumerate() {
                if let Some(bar) = bar_of(state_of_step, step, state.round, began, self.now_ms) {
                    if !matches!(bar.kind, BarKind::Waited(_)) && self.counts_as_sync(thread, step)
                    {
                        self.sync.push(SyncBar {
                            thread,
                            step,
                            start_ms: bar.start_ms,
                            end_ms: bar.end_ms,
                        });
                    }
                    bars.push(bar);
                }
            }
            bars.sort_by_key(|bar| bar.start_ms);
            if let Some(lane) = self.lanes.get_mut(thread) {
                lane.bars = bars;
                lane.round = state.round;
            }
        }
        let is_known = |bar: &SyncBar| self.sync.iter().any(|new| new.start_ms == bar.start_ms);
        old.sync
            .retain(|bar| bar.end_ms.is_some() && !is_known(bar));
        self.sync.extend(old.sync);
        self.sync.sort_by_key(|bar| bar.start_ms);
    }

    /// Takes an event. An event that was taken before changes nothing.
    pub fn apply(&mut self, event: &RunEvent) {
        if event.seq <= self.seq {
            return;
        }
        self.seq = event.seq;
        self.now_ms = event.elapsed_ms;
        match &event.event {
            RunEventKind::RunStarted { outline } => self.begin(outline),
            RunEventKind::RoundStarted { at, round } => {
                if let Some(lane) = at.thread.and_then(|thread| self.lanes.get_mut(thread)) {
                    lane.round = *round;
                }
            }
            RunEventKind::Waiting {
                at,
                because,
                sentence,
            } => self.wait(at, because, sentence),
            RunEventKind::StepStarted { at } | RunEventKind::ProfileStarted { at, .. } => {
                self.run(at);
            }
            RunEventKind::StepFinished { at, outcome, .. }
            | RunEventKind::ThreadFinished { at, outcome, .. } => self.end(at, *outcome),
            RunEventKind::StepSkipped { at, .. } => self.end(at, StepOutcome::Skipped),
            RunEventKind::RunFinished { outcome, .. } => {
                let outcome = match outcome {
                    crate::run::RunOutcome::Stopped => StepOutcome::Stopped,
                    _ => StepOutcome::Failed,
                };
                for thread in 0..self.lanes.len() {
                    self.close(thread, outcome);
                }
            }
            RunEventKind::ThreadStarted { .. }
            | RunEventKind::CommandStarted { .. }
            | RunEventKind::CommandFinished { .. }
            | RunEventKind::ProfileProgress { .. }
            | RunEventKind::ProfileRefused { .. }
            | RunEventKind::ProfileFinished { .. }
            | RunEventKind::Paused
            | RunEventKind::Resumed
            | RunEventKind::StopRequested { .. }
            | RunEventKind::Notice { .. } => {}
        }
    }

    /// Nobody tells any more what goes on: every stretch ends at the newest moment that is known.
    pub fn break_off(&mut self) {
        for lane in &mut self.lanes {
            if let Some(bar) = lane.bars.last_mut().filter(|bar| bar.end_ms.is_none()) {
                bar.end_ms = Some(self.now_ms);
                if bar.kind == BarKind::Runs {
                    bar.kind = BarKind::Lost;
                }
            }
        }
        for bar in self.sync.iter_mut().filter(|bar| bar.end_ms.is_none()) {
            bar.end_ms = Some(self.now_ms);
        }
    }

    fn begin(&mut self, outline: &Outline) {
        let lane = Lane {
            bars: Vec::new(),
            round: 1,
        };
        self.lanes = vec![lane; outline.threads.len()];
        self.sync.clear();
        let is_sync = |does: &StepOutlineKind| match does {
            StepOutlineKind::RunProfile { step_types, .. } => {
                let known = step_types.iter().map(|word| StepType::from_word(word));
                // As the engine counts: what nobody knows may synchronize.
                step_types.is_empty()
                    || known
                        .into_iter()
                        .any(|kind| kind.is_none_or(StepType::synchronizes))
            }
            StepOutlineKind::Delay { .. } | StepOutlineKind::Command { .. } => false,
        };
        let threads = outline.threads.iter();
        self.is_sync = threads
            .map(|thread| {
                thread
                    .steps
                    .iter()
                    .map(|step| is_sync(&step.does))
                    .collect()
            })
            .collect();
    }

    fn counts_as_sync(&self, thread: usize, step: usize) -> bool {
        let steps = self.is_sync.get(thread);
        steps.and_then(|steps| steps.get(step)) == Some(&true)
    }

    fn wait(&mut self, at: &At, because: &WaitReason, sentence: &str) {
        let Some(thread) = at.thread else {
            return;
        };
        // A thread that waits before its first step shows it on that step.
        let step = at.step.unwrap_or(0);
        if let Some(open) = self.open_bar(thread)
            && open.step == step
            && matches!(&open.kind, BarKind::Waited(known) if known == sentence)
        {
            return;
        }
        if let Some(open) = self.open_bar(thread)
            && open.step == step
            && open.kind == BarKind::Runs
        {
            // A pause holds a delay up; anything else means that its profile was refused, so that
            // all of this time was waiting. Nothing was stopped in either case.
            if !matches!(because, WaitReason::Paused { .. }) {
                open.kind = BarKind::Waited(sentence.to_owned());
            }
            return;
        }
        self.close(thread, StepOutcome::Stopped);
        self.open(thread, step, BarKind::Waited(sentence.to_owned()));
    }

    fn run(&mut self, at: &At) {
        let (Some(thread), Some(step)) = (at.thread, at.step) else {
            return;
        };
        if let Some(open) = self.open_bar(thread)
            && open.step == step
            && open.kind == BarKind::Runs
        {
            return;
        }
        self.close(thread, StepOutcome::Stopped);
        self.open(thread, step, BarKind::Runs);
        if self.counts_as_sync(thread, step) {
            self.sync.push(SyncBar {
                thread,
                step,
                start_ms: self.now_ms,
                end_ms: None,
            });
        }
    }

    fn end(&mut self, at: &At, outcome: StepOutcome) {
        let Some(thread) = at.thread else {
            return;
        };
        let is_open = |step| self.lanes.get(thread).and_then(Lane::open_step) == Some(step);
        if at.step.is_none_or(is_open) {
            self.close(thread, outcome);
        }
    }

    fn open_bar(&mut self, thread: usize) -> Option<&mut Bar> {
        let bars = &mut self.lanes.get_mut(thread)?.bars;
        bars.last_mut().filter(|bar| bar.end_ms.is_none())
    }

    fn open(&mut self, thread: usize, step: usize, kind: BarKind) {
        let start_ms = self.now_ms;
        if let Some(lane) = self.lanes.get_mut(thread) {
            lane.bars.push(Bar {
                step,
                round: lane.round,
                kind,
                start_ms,
                end_ms: None,
            });
        }
    }

    /// Ends what goes on in a thread. A step that was refused runs on as a wait: its stretch ends
    /// without an outcome that anybody reported.
    fn close(&mut self, thread: usize, outcome: StepOutcome) {
        let now = self.now_ms;
        let Some(bar) = self.open_bar(thread) else {
            return;
        };
        bar.end_ms = Some(now);
        if bar.kind == BarKind::Runs {
            bar.kind = BarKind::Ended(outcome);
        }
        let open = self.sync.iter_mut().rev();
        let mut open = open.filter(|bar| bar.thread == thread && bar.end_ms.is_none());
        if let Some(bar) = open.next() {
            bar.end_ms = Some(now);
        }
    }
}

impl Lane {
    fn open_step(&self) -> Option<usize> {
        let bar = self.bars.last()?;
        bar.end_ms.is_none().then_some(bar.step)
    }
}

/// What the state of a step tells of its time.
fn bar_of(state: &StepSummary, step: usize, round: u32, began: Timestamp, now: u64) -> Option<Bar> {
    let since = state.since?;
    let start_ms = u64::try_from(since.duration_since(began).as_millis()).unwrap_or(0);
    let start_ms = start_ms.min(now);
    let (kind, end_ms) = match state.status {
        StepStatus::Pending | StepStatus::Finished(StepOutcome::Skipped) => return None,
        StepStatus::Waiting => (BarKind::Waited(state.sentence.clone()), None),
        StepStatus::Running => (BarKind::Runs, None),
        StepStatus::Finished(outcome) => {
            let end = start_ms.saturating_add(state.elapsed_ms.unwrap_or(0));
            (BarKind::Ended(outcome), Some(end.min(now)))
        }
    };
    Some(Bar {
        step,
        round,
        kind,
        start_ms,
        end_ms,
    })
}

#[cfg(test)]
mod tests;
