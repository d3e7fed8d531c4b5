//! What the canvas shows: the open document, or the watched run in its place.
//!
//! Must not draw; answers what there is, however it is told.

use crate::designer::{State, Watch};
use crate::model::{Place, Sequence, Thread};
use crate::run::{StepOutline, ThreadOutline, ThreadSummary};

/// Threads and steps, from a document or from a run.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    /// The document, which can be edited.
    Document(&'a Sequence),
    /// A run, which can only be watched.
    Run(&'a Watch),
}

impl<'a> Content<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        match &state.watch {
            Some(watch) => Self::Run(watch),
            None => Self::Document(&state.document.sequence),
        }
    }

    pub(super) const fn is_run(self) -> bool {
        matches!(self, Self::Run(_))
    }

    pub(super) fn threads(self) -> usize {
        match self {
            Self::Document(sequence) => sequence.threads.len(),
            Self::Run(watch) => watch
                .summary
                .outline
                .as_ref()
                .map_or(0, |outline| outline.threads.len()),
        }
    }

    pub(super) fn steps(self, thread: usize) -> usize {
        match self {
            Self::Document(sequence) => sequence.thread(thread).map_or(0, |it| it.steps.len()),
            Self::Run(watch) => thread_of(watch, thread).map_or(0, |it| it.steps.len()),
        }
    }

    pub(super) fn has(self, place: Place) -> bool {
        match place {
            Place::Sequence => false,
            Place::Thread(thread) => thread < self.threads(),
            Place::Step { thread, step } => step < self.steps(thread),
        }
    }

    pub(super) fn thread_name(self, thread: usize) -> &'a str {
        match self {
            Self::Document(sequence) => sequence.thread(thread).map_or("", |it| &it.name),
            Self::Run(watch) => thread_of(watch, thread).map_or("", |it| &it.name),
        }
    }

    pub(super) fn thread_enabled(self, thread: usize) -> bool {
        match self {
            Self::Document(sequence) => sequence.thread(thread).is_some_and(|it| it.enabled),
            Self::Run(watch) => thread_of(watch, thread).is_some_and(|it| it.enabled),
        }
    }

    pub(super) fn thread(self, thread: usize) -> Option<&'a Thread> {
        match self {
            Self::Document(sequence) => sequence.thread(thread),
            Self::Run(_) => None,
        }
    }
}

/// A thread as a run sees it.
pub(super) fn thread_of(watch: &Watch, thread: usize) -> Option<&ThreadOutline> {
    watch.summary.outline.as_ref()?.threads.get(thread)
}

/// A step as a run sees it.
pub(super) fn step_of(watch: &Watch, thread: usize, step: usize) -> Option<&StepOutline> {
    thread_of(watch, thread)?.steps.get(step)
}

/// The state of a run's thread.
pub(super) fn summary_of(watch: &Watch, thread: usize) -> Option<&ThreadSummary> {
    watch.summary.threads.get(thread)
}
