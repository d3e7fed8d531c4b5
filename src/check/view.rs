//! What of a sequence would run, and what is known about each of its run profiles.

use crate::mim::{AgentInfo, AgentName, StepType, is_mim_service};
use crate::model::{Place, RunProfileStep, Sequence, Step, Thread};

use super::known::Known;

/// A sequence without what is switched off.
pub(super) struct View<'a> {
    /// The whole sequence.
    pub(super) sequence: &'a Sequence,
    /// What is known about the server's agents, if anything is.
    pub(super) known: Option<Known<'a>>,
    /// The run-profile steps that would run, in the order of the document.
    pub(super) profile_steps: Vec<ProfileStep<'a>>,
}

/// A run-profile step that would run.
pub(super) struct ProfileStep<'a> {
    /// The index of its thread.
    pub(super) thread: usize,
    /// Its index within the thread.
    pub(super) index: usize,
    /// What it runs.
    pub(super) run: &'a RunProfileStep,
    /// What its profile does, step by step: as the file says, else the server; empty if nobody
    /// knows.
    pub(super) types: Vec<StepType>,
}

impl<'a> View<'a> {
    /// Looks at a sequence.
    pub(super) fn new(sequence: &'a Sequence, known: Option<Known<'a>>) -> Self {
        let mut view = Self {
            sequence,
            known,
            profile_steps: Vec::new(),
        };
        view.profile_steps = view
            .threads()
            .flat_map(|(thread, content)| {
                enabled_steps(content).map(move |(index, step)| (thread, index, step))
            })
            .filter_map(|(thread, index, step)| {
                let run = step.run_profile()?;
                let types = match run.step_type {
                    Some(step_type) => vec![step_type],
                    None => view.server_types(run).to_vec(),
                };
                Some(ProfileStep {
                    thread,
                    index,
                    run,
                    types,
                })
            })
            .collect();
        view
    }

    /// The threads that would run, with their indexes.
    pub(super) fn threads(&self) -> impl Iterator<Item = (usize, &'a Thread)> + use<'a> {
        self.sequence
            .threads
            .iter()
            .enumerate()
            .filter(|(_, thread)| thread.enabled)
    }

    /// What the server says about an agent.
    pub(super) fn agent(&self, name: &AgentName) -> Option<&'a AgentInfo> {
        let mut agents = self.known?.agents.iter();
        agents.find(|agent| agent.name == *name)
    }

    /// What the server says about the types of a run profile; nothing if it does not know.
    pub(super) fn server_types(&self, run: &RunProfileStep) -> &'a [StepType] {
        self.agent(&run.agent)
            .and_then(|agent| {
                agent
                    .profiles
                    .iter()
                    .find(|profile| profile.name == run.profile)
            })
            .map(|profile| profile.step_types.as_slice())
            .unwrap_or_default()
    }

    /// Whether an agent is the MIM Service's: by its type, and as long as that is unknown by a name
    /// that could be no other's.
    pub(super) fn is_mim_service(&self, name: &AgentName) -> bool {
        is_mim_service(match self.agent(name) {
            Some(agent) => &agent.agent_type,
            None => name.as_str(),
        })
    }
}

impl ProfileStep<'_> {
    /// Where it is.
    pub(super) const fn place(&self) -> Place {
        Place::Step {
            thread: self.thread,
            step: self.index,
        }
    }

    /// Whether it counts as a synchronization: it is one, or nobody knows.
    pub(super) fn counts_as_sync(&self) -> bool {
        self.types.is_empty() || self.synchronizes()
    }

    /// Whether it surely synchronizes.
    pub(super) fn synchronizes(&self) -> bool {
        self.types.iter().any(|kind| kind.synchronizes())
    }

    /// Whether it may import: it does, or nobody knows.
    pub(super) fn may_import(&self) -> bool {
        self.types.is_empty() || self.types.iter().any(|kind| kind.imports())
    }

    /// Whether it surely exports and does not import again itself, as a profile of several steps
    /// may.
    pub(super) fn leaves_an_export(&self) -> bool {
        let last = |does: fn(StepType) -> bool| self.types.iter().rposition(|kind| does(*kind));
        last(StepType::exports) > last(StepType::imports)
    }
}

/// The steps of a thread that would run, with their indexes.
pub(super) fn enabled_steps(thread: &Thread) -> impl Iterator<Item = (usize, &Step)> {
    thread
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.enabled)
}
