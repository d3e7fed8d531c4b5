//! Dragging: what is dragged, where it would land, and whether it may.

use crate::mim::{AgentName, ProfileName};
use crate::model::Place;

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
pub fn drag_hint(_state: &super::State) -> Option<DragHint> {
    None
}
