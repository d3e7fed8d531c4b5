//! A watched run: its state, its log and its timeline, folded from what it says.

mod card;
mod headline;
mod log;
#[cfg(test)]
pub(super) mod rig;
mod statistics;
mod timeline;

use std::collections::BTreeMap;

use crate::model::Place;
use crate::run::{RunEvent, RunEventKind, RunPhase, RunSummary, Severity, StepStatus, StepSummary};

use super::effect::RunScope;
use super::msg::{ListedRun, RunUpdate};

pub use card::{CardState, CardText, CardTime};
pub use headline::{Headline, HeadlineState, RunCounts};
pub use log::{LogEntry, LogFilter, LogView, RunLog};
pub use statistics::{StatisticsErrors, StatisticsGroup, statistics_errors, statistics_view};
pub use timeline::{Bar, BarKind, Lane, SyncBar, Timeline};

/// A run that this window watches.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Which.
    pub run: ListedRun,
    /// Which part of the sequence runs.
    pub scope: RunScope,
    /// Its state.
    pub summary: RunSummary,
    /// What it said.
    pub log: RunLog,
    /// When what ran and waited.
    pub timeline: Timeline,
    /// Whether its host is still there.
    pub is_attached: bool,
    /// What is not as it should be with a step that runs, such as a server that does not answer.
    notices: BTreeMap<Place, String>,
}

impl Watch {
    /// Begins to watch.
    pub fn new(run: ListedRun, scope: RunScope) -> Self {
        Self {
            run,
            scope,
            summary: RunSummary::default(),
            log: RunLog::default(),
            timeline: Timeline::default(),
            is_attached: true,
            notices: BTreeMap::new(),
        }
    }

    /// Takes what the run says.
    pub fn take(&mut self, update: &RunUpdate) {
        match update {
            RunUpdate::Snapshot(summary) => {
                self.summary = (**summary).clone();
                self.timeline.restart(summary);
                self.log.joined(summary);
            }
            RunUpdate::Event(event) => {
                self.summary.apply(event);
                self.timeline.apply(event);
                self.log.apply(event);
                self.notice(event);
            }
        }
    }

    /// The host is gone; how what ran goes on or ends is not known any more.
    pub fn break_off(&mut self) {
        self.is_attached = false;
        if self.is_broken_off() {
            self.timeline.break_off();
        }
    }

    fn notice(&mut self, event: &RunEvent) {
        if let RunEventKind::Notice {
            at,
            severity,
            message,
        } = &event.event
            && let (Some(thread), Some(step)) = (at.thread, at.step)
        {
            let place = Place::Step { thread, step };
            match severity {
                Severity::Error | Severity::Warning => {
                    self.notices.insert(place, message.clone());
                }
                // It is as it should be again.
                Severity::Information => drop(self.notices.remove(&place)),
                Severity::Detail => {}
            }
        }
        if !self.notices.is_empty() {
            let threads = &self.summary.threads;
            self.notices.retain(|place, _| match *place {
                Place::Step { thread, step } => threads
                    .get(thread)
                    .and_then(|thread| thread.steps.get(step))
                    .is_some_and(|step| step.status == StepStatus::Running),
                Place::Sequence | Place::Thread(_) => false,
            });
        }
    }

    /// Whether the run has not ended, as far as is known.
    pub const fn is_going_on(&self) -> bool {
        self.is_attached && !matches!(self.summary.phase, RunPhase::Finished(_))
    }

    /// Whether the run's host is gone without having said how the run ended.
    pub const fn is_broken_off(&self) -> bool {
        !self.is_attached && !matches!(self.summary.phase, RunPhase::Finished(_))
    }

    /// The state of a step.
    pub fn step(&self, place: Place) -> Option<&StepSummary> {
        match place {
            Place::Step { thread, step } => self.summary.threads.get(thread)?.steps.get(step),
            Place::Sequence | Place::Thread(_) => None,
        }
    }
}
