//! The tree of management agents and run profiles, and what of it is shown.

use std::collections::BTreeSet;

use crate::mim::{AgentName, AgentState, ProfileName, StepType};

use super::State;

/// What the tree shows of what is known.
#[derive(Debug, Clone, Default)]
pub struct TreeState {
    /// Only agents and profiles that contain this, letter case aside.
    pub filter: String,
    /// The agents that are folded; a filter unfolds them all.
    pub folded: BTreeSet<AgentName>,
    /// The row that is chosen.
    pub selected: Option<TreeItem>,
}

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TreeItem {
    /// An agent.
    Agent(AgentName),
    /// A run profile.
    Profile(AgentName, ProfileName),
}

/// A row of the tree as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeRow {
    /// What it stands for.
    pub item: TreeItem,
    /// What is known about an agent (`None` for profiles and for agents that no server told of).
    pub state: Option<AgentState>,
    /// The agent's type as the service calls it; empty when nothing is known.
    pub agent_type: String,
    /// What a profile does, its first step counting; `None` when unknown.
    pub step_type: Option<StepType>,
    /// How many profiles an agent has.
    pub count: usize,
    /// Whether an agent's profiles are hidden.
    pub is_folded: bool,
    /// Whether the server knows it; what only the document names is not known.
    pub is_known: bool,
}

/// The rows of the tree: the agents of the server, and those that only the document names, filtered.
pub fn tree_rows(_state: &State) -> Vec<TreeRow> {
    Vec::new()
}
