//! What is known about agents and run profiles: from the server, from what it told before or what was
//! exported from it, else from the document.

use std::sync::Arc;

use crate::mim::{AgentInfo, AgentName, Certainty, Inventory, Knowledge, ProfileName, StepType};
use crate::model::{RunProfileStep, Step, StepKind};

use super::{Asked, State};

impl State {
    /// The agents of the server that is meant, as far as they are known.
    pub fn agents(&self) -> Option<&Arc<[AgentInfo]>> {
        let joined = self.joined().map(|joined| &joined.agents);
        joined.or_else(|| self.connection.agents().map(|agents| &agents.list))
    }

    /// Whether a server has said which agents there are.
    pub fn asked(&self) -> Asked {
        if self.connection.is_connected() {
            Asked::Now
        } else if self.agents().is_some() {
            Asked::Before
        } else {
            Asked::Never
        }
    }

    /// Everything that is known about the server that is meant.
    pub fn knowledge(&self) -> Option<Arc<Knowledge>> {
        if let Some(joined) = self.joined() {
            return Some(Arc::clone(joined));
        }
        let agents = self.connection.agents();
        let live = agents.filter(|agents| agents.read_at.is_some())?;
        Knowledge::of(Some(&live.list), &Inventory::default()).map(Arc::new)
    }

    /// What was joined, as long as it is about the connection that there is.
    pub(super) fn joined(&self) -> Option<&Arc<Knowledge>> {
        let joined = self.inventory.knowledge.as_ref()?;
        let is_now = joined.certainty == Certainty::Now;
        match (self.connection.agents(), &self.inventory.joined) {
            (Some(live), Some(then)) => is_now && Arc::ptr_eq(&live.list, then),
            (None, None) => !is_now,
            _ => false,
        }
        .then_some(joined)
    }
}

/// What is known about an agent.
pub(super) fn agent<'a>(state: &'a State, name: &AgentName) -> Option<&'a AgentInfo> {
    state.agents()?.iter().find(|agent| agent.name == *name)
}
/// What a run profile does as the server says, when it does one thing only.
pub(super) fn only_type(agent: &AgentInfo, profile: &ProfileName) -> Option<StepType> {
    let known = agent.profiles.iter().find(|known| known.name == *profile)?;
    match known.step_types.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// What a run profile does: as the server says, else as another step of the document says.
pub(super) fn step_type(
    state: &State,
    agent: &AgentName,
    profile: &ProfileName,
) -> Option<StepType> {
    if let Some(known) = self::agent(state, agent).and_then(|agent| {
        let known = agent.profiles.iter().find(|known| known.name == *profile);
        known.filter(|known| !known.step_types.is_empty())
    }) {
        return match known.step_types.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
    }
    let steps = state.document.sequence.threads.iter();
    steps
        .flat_map(|thread| &thread.steps)
        .filter_map(Step::run_profile)
        .find(|run| run.step_type.is_some() && run.agent == *agent && run.profile == *profile)
        .and_then(|run| run.step_type)
}

/// A step for a run profile; it says what the profile does where that is known, so that the overlap
/// rule is kept also when the history of the server is cleared.
pub(super) fn new_step(state: &State, agent: &AgentName, profile: &ProfileName) -> Step {
    Step::new(StepKind::RunProfile(RunProfileStep {
        agent: agent.clone(),
        profile: profile.clone(),
        step_type: step_type(state, agent, profile),
    }))
}
