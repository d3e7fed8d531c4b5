//! What is known about agents and run profiles: from the server, else from the document.

use crate::mim::{AgentInfo, AgentName, ProfileName, StepType};
use crate::model::{RunProfileStep, Step, StepKind};

use super::State;

/// What the server says about an agent.
pub(super) fn agent<'a>(state: &'a State, name: &AgentName) -> Option<&'a AgentInfo> {
    let agents = state.connection.agents()?;
    agents.list.iter().find(|agent| agent.name == *name)
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
