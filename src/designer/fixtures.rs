//! What tests of the designer begin with: a connected server and a document that knows some of it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};
use crate::model::{RunProfileStep, Sequence, Step, StepKind, Thread};
use crate::settings::Settings;

use super::{Agents, ConnectedServer, Connection, Document, Screen, ServerChoice, State, Token};

/// A step for a run profile.
pub(super) fn run(agent: &str, profile: &str, step_type: Option<StepType>) -> Step {
    Step::new(StepKind::RunProfile(RunProfileStep {
        agent: AgentName::new(agent).unwrap(),
        profile: ProfileName::new(profile).unwrap(),
        step_type,
    }))
}

/// An agent with its run profiles.
pub(super) fn agent(name: &str, profiles: &[(&str, StepType)]) -> AgentInfo {
    AgentInfo {
        name: AgentName::new(name).unwrap(),
        guid: String::new(),
        agent_type: "SQL".to_owned(),
        state: AgentState::Idle { last_result: None },
        profiles: profiles
            .iter()
            .map(|(name, kind)| ProfileInfo {
                name: ProfileName::new(name).unwrap(),
                step_types: vec![*kind],
            })
            .collect(),
    }
}

/// A sequence of one thread.
pub(super) fn one_thread(steps: Vec<Step>) -> Sequence {
    let mut thread = Thread::new("Import");
    thread.steps = steps;
    Sequence {
        threads: vec![thread],
        ..Sequence::default()
    }
}

/// A window with this document, and these agents when a server is connected.
pub(super) fn state(sequence: Sequence, agents: Option<Arc<[AgentInfo]>>) -> State {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    state.document = Document::new(sequence);
    if let Some(list) = agents {
        state.connection = Connection::Connected {
            token: Token(1),
            choice: ServerChoice::Demo,
            server: ConnectedServer::default(),
            agents: Agents {
                list,
                read_at: Some(Timestamp::UNIX_EPOCH),
                is_reading: false,
                problem: None,
            },
        };
    }
    state
}
