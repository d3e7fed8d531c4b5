//! The tree of management agents and run profiles, and what of it is shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::mim::{Added, AgentInfo, AgentName, AgentState, Knowledge, ProfileName, StepType};
use crate::model::Step;

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

impl TreeItem {
    /// The agent, if it is one.
    pub fn into_agent(self) -> Option<AgentName> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Profile(..) => None,
        }
    }
}

/// A row of the tree as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeRow {
    /// What it stands for.
    pub item: TreeItem,
    /// What an agent does (`None` for profiles, and where no server is connected that tells).
    pub state: Option<AgentState>,
    /// The agent's type as the service calls it; empty when nothing is known.
    pub agent_type: String,
    /// What a profile does, its first step counting; `None` when unknown.
    pub step_type: Option<StepType>,
    /// How many profiles an agent has.
    pub count: usize,
    /// Whether an agent's profiles are hidden.
    pub is_folded: bool,
    /// Whether the server or an export knows it; what only the document names is not known.
    pub is_known: bool,
    /// Where it comes from, when the server itself did not name it.
    pub added: Option<Added>,
}

/// A run profile and what it does.
struct ProfileEntry {
    name: ProfileName,
    step_type: Option<StepType>,
    is_known: bool,
    added: Option<Added>,
}

/// The profiles that the document names, by agent, with what it says that they do.
type Named = BTreeMap<AgentName, BTreeMap<ProfileName, Option<StepType>>>;

fn named_in_document(state: &State) -> Named {
    let mut named = Named::new();
    let threads = state.document.sequence.threads.iter();
    let steps = threads.flat_map(|thread| &thread.steps);
    for run in steps.filter_map(Step::run_profile) {
        let profiles = named.entry(run.agent.clone()).or_default();
        let step_type = profiles.entry(run.profile.clone()).or_default();
        *step_type = step_type.or(run.step_type);
    }
    named
}

/// The rows of the tree, filtered: the agents of the server as far as they are known, and those that
/// only the document names.
///
/// Costs a look at every step; keep the rows as long as content, agents, filter and folds are the
/// same.
pub fn tree_rows(state: &State) -> Vec<TreeRow> {
    let wanted = state.tree.filter.trim().to_lowercase();
    let mut named = named_in_document(state);
    let mut rows = Vec::new();
    let known = state.agents().map(|agents| &**agents);
    let joined = state.joined().map(|joined| &**joined);
    for agent in known.unwrap_or_default() {
        let named = named.remove(&agent.name).unwrap_or_default();
        let profiles = profiles_of(agent, named, joined);
        push_agent(
            state,
            &mut rows,
            &agent.name,
            Some(agent),
            &profiles,
            &wanted,
        );
    }
    for (agent, profiles) in named {
        let profiles: Vec<_> = profiles.into_iter().map(unknown_profile).collect();
        push_agent(state, &mut rows, &agent, None, &profiles, &wanted);
    }
    rows
}

/// All run profiles that are known or named, folded or not, with what they do.
pub(super) fn all_profiles(
    state: &State,
) -> impl Iterator<Item = (AgentName, ProfileName, Option<StepType>)> + use<> {
    let mut all: BTreeMap<(AgentName, ProfileName), Option<StepType>> = BTreeMap::new();
    let known = state.agents().map(|agents| &**agents);
    for agent in known.unwrap_or_default() {
        for profile in &agent.profiles {
            let key = (agent.name.clone(), profile.name.clone());
            all.insert(key, profile.step_types.first().copied());
        }
    }
    for (agent, profiles) in named_in_document(state) {
        for (profile, declared) in profiles {
            let known = all.entry((agent.clone(), profile)).or_default();
            *known = known.or(declared);
        }
    }
    all.into_iter()
        .map(|((agent, profile), step_type)| (agent, profile, step_type))
}

fn unknown_profile((name, step_type): (ProfileName, Option<StepType>)) -> ProfileEntry {
    ProfileEntry {
        name,
        step_type,
        is_known: false,
        added: None,
    }
}

fn profiles_of(
    agent: &AgentInfo,
    mut named: BTreeMap<ProfileName, Option<StepType>>,
    joined: Option<&Knowledge>,
) -> Vec<ProfileEntry> {
    let mut profiles: Vec<ProfileEntry> = agent
        .profiles
        .iter()
        .map(|profile| {
            let declared = named.remove(&profile.name).flatten();
            ProfileEntry {
                name: profile.name.clone(),
                step_type: profile.step_types.first().copied().or(declared),
                is_known: true,
                added: joined.and_then(|it| it.added(&agent.name, Some(&profile.name))),
            }
        })
        .collect();
    profiles.extend(named.into_iter().map(unknown_profile));
    profiles
}

fn push_agent(
    state: &State,
    rows: &mut Vec<TreeRow>,
    name: &AgentName,
    agent: Option<&AgentInfo>,
    profiles: &[ProfileEntry],
    wanted: &str,
) {
    let has = |text: &str| wanted.is_empty() || text.to_lowercase().contains(wanted);
    let is_wanted = has(name.as_str());
    let shown = |profile: &&ProfileEntry| is_wanted || has(profile.name.as_str());
    if !is_wanted && !profiles.iter().any(|profile| shown(&profile)) {
        return;
    }
    let is_folded = wanted.is_empty() && state.tree.folded.contains(name);
    rows.push(TreeRow {
        item: TreeItem::Agent(name.clone()),
        state: agent
            .filter(|_| state.connection.is_connected())
            .map(|agent| agent.state.clone()),
        agent_type: agent
            .map(|agent| agent.agent_type.clone())
            .unwrap_or_default(),
        step_type: None,
        count: profiles.len(),
        is_folded,
        is_known: agent.is_some(),
        added: state.joined().and_then(|joined| joined.added(name, None)),
    });
    if is_folded {
        return;
    }
    rows.extend(profiles.iter().filter(shown).map(|profile| TreeRow {
        item: TreeItem::Profile(name.clone(), profile.name.clone()),
        state: None,
        agent_type: String::new(),
        step_type: profile.step_type,
        count: 0,
        is_folded: false,
        is_known: profile.is_known,
        added: profile.added,
    }));
}

#[cfg(test)]
mod tests;
