//! Dragging: what is dragged, where it would land, and whether it may.

use crate::mim::{AgentName, ProfileName};
use crate::model::{Place, Sequence};

use super::State;
use super::words::drag as words;

/// What a person drags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DragSource {
    /// A run profile of the tree.
    Profile {
        /// The agent.
        agent: AgentName,
        /// The profile.
        profile: ProfileName,
    },
    /// The building block for a command.
    NewCommand,
    /// The building block for a delay.
    NewDelay,
    /// The building block for a run profile whose names are typed in.
    NewRunProfile,
    /// Steps of the canvas.
    Steps(Vec<Place>),
    /// A thread of the canvas.
    Thread(usize),
}

/// Where steps can land; indexes count before anything is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropPoint {
    /// Within a thread, before the step that is at `step` now.
    In {
        /// The thread.
        thread: usize,
        /// The index; the number of steps means at the end.
        step: usize,
    },
    /// In a new thread that comes before the thread that is at this index now.
    NewThread(usize),
}

/// A drag under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drag {
    /// What is dragged.
    pub source: DragSource,
    /// Where it would land now; `None` over nothing.
    pub target: Option<DropPoint>,
    /// Whether it copies (Ctrl is held).
    pub is_copy: bool,
}

/// What a drag would do if it ended now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DragHint {
    /// In a few words, such as `Move to thread 2, as step 2.3`, or why it cannot land here.
    pub text: String,
    /// The keys that change it.
    pub keys: &'static str,
    /// Whether it may land here.
    pub is_allowed: bool,
}

/// What the drag under way would do here; `None` over nothing.
pub fn drag_hint(state: &State) -> Option<DragHint> {
    let drag = state.drag.as_ref()?;
    let target = drag.target?;
    let sequence = &state.document.sequence;
    let landing = landing(sequence, drag, target);
    Some(DragHint {
        text: match landing {
            Ok(landing) => words::hint(&drag.source, drag.is_copy, landing),
            Err(reason) => reason.to_owned(),
        },
        keys: words::keys(&drag.source, drag.is_copy),
        is_allowed: landing.is_ok(),
    })
}

/// Where something would be after it was dropped; indexes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Landing {
    /// In a thread that is there, its first step at this index.
    Steps {
        /// The thread.
        thread: usize,
        /// The step.
        step: usize,
    },
    /// In a new thread at this index.
    NewThread(usize),
    /// As the thread at this index.
    Thread(usize),
}

/// Where the drag would land.
///
/// # Errors
/// Why it may not, in a few words.
pub(super) fn landing(
    sequence: &Sequence,
    drag: &Drag,
    target: DropPoint,
) -> Result<Landing, &'static str> {
    match (&drag.source, target) {
        (DragSource::Thread(_), DropPoint::In { .. }) => Err(words::THREAD_INTO_THREAD),
        (DragSource::Thread(from), DropPoint::NewThread(to)) => {
            let to = to.min(sequence.threads.len());
            if drag.is_copy {
                return Ok(Landing::Thread(to));
            }
            if to == *from || to == from + 1 {
                return Err(words::STAYS);
            }
            Ok(Landing::Thread(if to > *from { to - 1 } else { to }))
        }
        (_, DropPoint::NewThread(at)) => Ok(Landing::NewThread(at.min(sequence.threads.len()))),
        (DragSource::Steps(places), DropPoint::In { thread, step }) if !drag.is_copy => {
            if stays(places, thread, step) {
                return Err(words::STAYS);
            }
            let is_before = |place: &&Place| match place {
                Place::Step {
                    thread: of,
                    step: index,
                } => *of == thread && *index < step,
                Place::Sequence | Place::Thread(_) => false,
            };
            let gone = places.iter().filter(is_before).count();
            let step = step.saturating_sub(gone);
            Ok(Landing::Steps { thread, step })
        }
        (_, DropPoint::In { thread, step }) => Ok(Landing::Steps { thread, step }),
    }
}

/// Whether steps that are next to each other would land where they are.
fn stays(places: &[Place], thread: usize, step: usize) -> bool {
    let mut next = None;
    places.iter().all(|place| match *place {
        Place::Step {
            thread: of,
            step: index,
        } if of == thread && next.is_none_or(|next| next == index) => {
            let is_first = next.is_none();
            next = Some(index + 1);
            !is_first || index <= step
        }
        _ => false,
    }) && next.is_some_and(|end| step <= end)
}
