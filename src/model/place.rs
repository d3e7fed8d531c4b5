//! Where something is within a sequence.

use super::{Processing, Sequence, Step, Thread};

/// A place in a sequence; indexes count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The sequence itself.
    Sequence,
    /// A thread.
    Thread(usize),
    /// A step of a thread.
    Step {
        /// The thread's index.
        thread: usize,
        /// The step's index within it.
        step: usize,
    },
}

impl Place {
    /// The thread in which this place lies, if it lies in one.
    pub const fn thread(self) -> Option<usize> {
        match self {
            Self::Sequence => None,
            Self::Thread(thread) | Self::Step { thread, .. } => Some(thread),
        }
    }
}

impl Sequence {
    /// The thread at an index.
    pub fn thread(&self, thread: usize) -> Option<&Thread> {
        self.threads.get(thread)
    }

    /// The step at a place, if the place is a step that exists.
    pub fn step(&self, place: Place) -> Option<&Step> {
        match place {
            Place::Step { thread, step } => self.threads.get(thread)?.steps.get(step),
            Place::Sequence | Place::Thread(_) => None,
        }
    }

    /// The processing of a place that exists.
    pub fn processing(&self, place: Place) -> Option<&Processing> {
        match place {
            Place::Sequence => Some(&self.processing),
            Place::Thread(thread) => Some(&self.threads.get(thread)?.processing),
            Place::Step { .. } => Some(&self.step(place)?.processing),
        }
    }

    /// The places of all steps, in the order of the document.
    pub fn step_places(&self) -> impl Iterator<Item = Place> + '_ {
        self.threads
            .iter()
            .enumerate()
            .flat_map(|(thread, content)| {
                (0..content.steps.len()).map(move |step| Place::Step { thread, step })
            })
    }
}
