//! Which step each thread of a run shows by itself: the one that runs.
//!
//! A person who has scrolled a thread is not taken away from what is read there.

use std::collections::BTreeSet;

use crate::designer::Watch;
use crate::run::{RunId, StepStatus};

/// What has been shown of a run.
#[derive(Default)]
pub(super) struct Follow {
    run: Option<RunId>,
    shown: Vec<Option<usize>>,
    left_alone: BTreeSet<usize>,
}

impl Follow {
    /// The step to scroll to, whenever another one runs.
    pub(super) fn next(
        &mut self,
        watch: &Watch,
        thread: usize,
        is_scrolled: bool,
    ) -> Option<usize> {
        if self.run.as_ref() != Some(&watch.run.run) {
            *self = Self {
                run: Some(watch.run.run.clone()),
                ..Self::default()
            };
        }
        if is_scrolled {
            self.left_alone.insert(thread);
        }
        if !watch.is_going_on() || self.left_alone.contains(&thread) {
            return None;
        }
        let steps = &watch.summary.threads.get(thread)?.steps;
        let is_now = |status| matches!(status, StepStatus::Running | StepStatus::Waiting);
        let step = steps.iter().position(|step| is_now(step.status))?;
        if self.shown.len() <= thread {
            self.shown.resize(thread + 1, None);
        }
        let shown = self.shown.get_mut(thread)?;
        if *shown == Some(step) {
            return None;
        }
        *shown = Some(step);
        Some(step)
    }
}
