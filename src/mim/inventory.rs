//! What is known about the agents of one server besides what it says now: what it said when it was
//! last asked, and what was exported from it.
//!
//! Pure; the server is believed first. Must not decide what old knowledge is good for: whoever uses
//! it is told how certain it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{AgentInfo, AgentName, AgentState, ExportedAgent, ProfileName};

/// How many names of former days are kept for one server.
const MAX_FORMER: usize = 1_000;

/// What is kept about one server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What the server said when it was last asked.
    pub told: Option<Told>,
    /// What was exported from it.
    pub export: Option<Export>,
}

/// What a server said about its agents when it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The server's name for people.
    pub server: String,
    /// The account that asked; may be empty. Another one may see other agents.
    pub account: String,
    /// When it was asked.
    pub read_at: Timestamp,
    /// Its agents, all of them idle: what they did then means nothing now.
    pub agents: Arc<[AgentInfo]>,
    /// The names that its agents had before.
    pub former: Vec<FormerName>,
}

/// A name that an agent had before it was renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The name.
    pub name: AgentName,
    /// The agent's identifier, which stays.
    pub guid: String,
}

/// What was exported from a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The file or folder that it was read from.
    pub origin: String,
    /// When its oldest part was written, if that is known.
    pub written: Option<Timestamp>,
    /// Whether it holds all agents of the server, so that what is not in it does not exist.
    pub is_whole: bool,
    /// Its agents with all of their run profiles, by name.
    pub agents: Vec<ExportedAgent>,
}

/// Everything that is known about the agents of a server, joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knowledge {
    /// The agents by name, with their run profiles.
    pub agents: Arc<[AgentInfo]>,
    /// How certain that is.
    pub certainty: Certainty,
    /// The agents that have another name now.
    pub renamed: Vec<Renamed>,
    /// When the export that was joined was written, if that is known.
    pub written: Option<Timestamp>,
    added: BTreeMap<(AgentName, Option<ProfileName>), Added>,
    /// The run profiles of which only an export knows the types.
    typed: BTreeSet<(AgentName, ProfileName)>,
}

/// How certain it is what agents there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The server says so now.
    Now,
    /// The server said so then.
    Told(Timestamp),
    /// Only an export says so.
    Exported {
        /// When it was written.
        written: Option<Timestamp>,
        /// Whether it holds all agents.
        is_whole: bool,
    },
}

/// Where something comes from that the server itself did not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// From an export.
    Export,
    /// From what the server said before its run history was cleared.
    Earlier,
}

/// An agent that has another name now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// Its former name, which no agent has now.
    pub from: AgentName,
    /// Its name.
    pub to: AgentName,
}

impl Told {
    /// What a server says now, with what is still worth knowing of what it said before: former names,
    /// and the run profiles of an agent whose run history was cleared.
    ///
    /// An account that is not shown all agents does not know which of the others are gone: what
    /// another one was told stays then, with its age.
    #[must_use]
    pub fn after(self, before: Option<&Self>) -> Self {
        if let Some(before) = before.filter(|before| self.sees_less_than(before)) {
            return before.clone();
        }
        let mut former = self.former;
        let mut agents: Vec<AgentInfo> = self.agents.to_vec();
        for agent in &mut agents {
            agent.state = AgentState::Idle { last_result: None };
            let earlier = before.and_then(|before| before.agent_like(agent));
            if let Some(earlier) = earlier.filter(|_| agent.profiles.is_empty()) {
                agent.profiles.clone_from(&earlier.profiles);
            }
        }
        if let Some(before) = before {
            let old = before.agents.iter().map(|agent| FormerName {
                name: agent.name.clone(),
                guid: agent.guid.clone(),
            });
            former.extend(old.chain(before.former.iter().cloned()));
        }
        let names = Names::of(&agents);
        let mut seen = BTreeSet::new();
        former.retain(|it| {
            names.renamed(&it.name, &it.guid).is_some() && seen.insert(it.name.clone())
        });
        former.truncate(MAX_FORMER);
        Self {
            agents: agents.into(),
            former,
            ..self
        }
    }

    fn sees_less_than(&self, before: &Self) -> bool {
        self.account.to_lowercase() != before.account.to_lowercase()
            && before.agents.iter().any(|it| self.agent_like(it).is_none())
    }

    /// The same agent: by identifier, or by name where one side has none.
    fn agent_like(&self, agent: &AgentInfo) -> Option<&AgentInfo> {
        let mut agents = self.agents.iter();
        agents.find(|it| match (it.guid.as_str(), agent.guid.as_str()) {
            ("", _) | (_, "") => it.name == agent.name,
            (then, now) => then == now,
        })
    }

    /// Whether another answer of the server says nothing else.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.former == other.former
            && self.account == other.account
            && self.server == other.server
            && is_same(&self.agents, &other.agents)
    }
}

impl Export {
    /// Whether it names this agent of the server.
    pub fn has(&self, agent: &AgentInfo) -> bool {
        self.agents.iter().any(|from| from.is_same(agent))
    }

    /// Joins what was read from one more file with what was read before; the new word counts.
    #[must_use]
    pub fn joined(self, before: Option<Self>) -> Self {
        let Some(before) = before.filter(|_| !self.is_whole) else {
            return self;
        };
        let mut agents = self.agents;
        for old in before.agents {
            let is_same = |new: &ExportedAgent| new.is_same(&old.as_info());
            if !agents.iter().any(is_same) {
                agents.push(old);
            }
        }
        agents.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            // As old as its oldest part: nothing of it looks newer than it is.
            written: self.written.min(before.written),
            is_whole: before.is_whole,
            agents,
            origin: self.origin,
        }
    }
}

impl Knowledge {
    /// Joins what the server says now, if it is connected, with what is kept about it; nothing when
    /// nobody knows anything.
    pub fn of(live: Option<&Arc<[AgentInfo]>>, inventory: &Inventory) -> Option<Self> {
        let (told, export) = (inventory.told.as_ref(), inventory.export.as_ref());
        let (certainty, base) = match (live, told, export) {
            (Some(live), ..) => (Certainty::Now, Arc::clone(live)),
            (None, Some(told), _) => (Certainty::Told(told.read_at), Arc::clone(&told.agents)),
            (None, None, Some(export)) => {
                let (written, is_whole) = (export.written, export.is_whole);
                (Certainty::Exported { written, is_whole }, Arc::default())
            }
            (None, None, None) => return None,
        };
        let mut joining = Joining {
            agents: base.to_vec(),
            added: BTreeMap::new(),
            typed: BTreeSet::new(),
        };
        if let Some(told) = told.filter(|_| live.is_some()) {
            joining.add_earlier(told);
        }
        if let Some(export) = export {
            joining.add_export(export, certainty);
        }
        let Joining {
            agents,
            added,
            typed,
        } = joining;
        let renamed = renamed(&agents, inventory);
        // The same list is known to be the same without a look at it.
        let agents = if *agents == *base {
            base
        } else {
            agents.into()
        };
        Some(Self {
            agents,
            certainty,
            renamed,
            written: export.and_then(|export| export.written),
            added,
            typed,
        })
    }

    /// Where an agent or one of its run profiles comes from, when the server itself did not name it.
    pub fn added(&self, agent: &AgentName, profile: Option<&ProfileName>) -> Option<Added> {
        if self.added.is_empty() {
            return None;
        }
        let key = (agent.clone(), profile.cloned());
        self.added.get(&key).copied()
    }

    /// Where the types of a run profile come from, when the server itself did not name them.
    pub fn types_from(&self, agent: &AgentName, profile: &ProfileName) -> Option<Added> {
        let added = self.added(agent, Some(profile));
        let added = added.or_else(|| self.added(agent, None));
        added.or_else(|| {
            let key = (agent.clone(), profile.clone());
            self.typed.contains(&key).then_some(Added::Export)
        })
    }

    /// The name that an agent has now, if it was renamed.
    pub fn new_name(&self, former: &AgentName) -> Option<&AgentName> {
        let mut renamed = self.renamed.iter();
        renamed.find(|it| it.from == *former).map(|it| &it.to)
    }

    /// Whether a rule that looks at agents and run profiles would say the same: what agents do at the
    /// moment does not count.
    pub fn is_same_to_rules(&self, other: &Self) -> bool {
        self.certainty == other.certainty
            && self.renamed == other.renamed
            && self.written == other.written
            && self.added == other.added
            && self.typed == other.typed
            && is_same(&self.agents, &other.agents)
    }
}

/// Whether agents have the same names, types and run profiles.
fn is_same(old: &[AgentInfo], new: &[AgentInfo]) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            old.name.as_str() == new.name.as_str()
                && old.guid == new.guid
                && old.agent_type == new.agent_type
                && old.profiles == new.profiles
        })
}

struct Joining {
    agents: Vec<AgentInfo>,
    added: BTreeMap<(AgentName, Option<ProfileName>), Added>,
    typed: BTreeSet<(AgentName, ProfileName)>,
}

impl Joining {
    /// An agent without any run profile has a cleared run history: its profiles are still there.
    fn add_earlier(&mut self, told: &Told) {
        for agent in &mut self.agents {
            if !agent.profiles.is_empty() {
                continue;
            }
            let earlier = told.agent_like(agent);
            agent.profiles = earlier.map_or_else(Vec::new, |it| it.profiles.clone());
            for profile in &agent.profiles {
                let key = (agent.name.clone(), Some(profile.name.clone()));
                self.added.insert(key, Added::Earlier);
            }
        }
    }

    fn add_export(&mut self, export: &Export, certainty: Certainty) {
        let mut is_sorted = true;
        for from in &export.agents {
            let known = self.agents.iter_mut().find(|agent| from.is_same(agent));
            match (known, certainty) {
                (Some(agent), _) => {
                    if let Certainty::Told(read_at) = certainty
                        && export.written > Some(read_at)
                    {
                        is_sorted &= agent.name == from.name;
                        agent.name = from.name.clone();
                    }
                    for supplied in from.add_to(agent) {
                        let (agent, profile) = (agent.name.clone(), supplied.profile);
                        if supplied.is_new {
                            self.added.insert((agent, Some(profile)), Added::Export);
                        } else {
                            self.typed.insert((agent, profile));
                        }
                    }
                }
                // What the server does not have is gone from it.
                (None, Certainty::Now) => {}
                (None, Certainty::Told(_)) => {
                    self.added.insert((from.name.clone(), None), Added::Export);
                    self.agents.push(from.as_info());
                    is_sorted = false;
                }
                // They have an order of their own.
                (None, Certainty::Exported { .. }) => self.agents.push(from.as_info()),
            }
        }
        if !is_sorted {
            self.agents.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
}

/// The agents by what tells one from another.
struct Names<'a> {
    by_guid: BTreeMap<&'a str, &'a AgentName>,
    all: BTreeSet<&'a AgentName>,
}

impl<'a> Names<'a> {
    fn of(agents: &'a [AgentInfo]) -> Self {
        let with_guid = agents.iter().filter(|agent| !agent.guid.is_empty());
        Self {
            by_guid: with_guid
                .map(|agent| (agent.guid.as_str(), &agent.name))
                .collect(),
            all: agents.iter().map(|agent| &agent.name).collect(),
        }
    }

    /// What an agent is called now that had this name, which nobody has any more.
    fn renamed(&self, name: &AgentName, guid: &str) -> Option<&'a AgentName> {
        let now = self.by_guid.get(guid)?;
        (!self.all.contains(name)).then_some(*now)
    }
}

fn renamed(agents: &[AgentInfo], inventory: &Inventory) -> Vec<Renamed> {
    let names = Names::of(agents);
    let told = inventory.told.iter();
    let before = told.clone().flat_map(|told| told.agents.iter());
    let former = told.flat_map(|told| &told.former);
    let export = inventory.export.iter().flat_map(|export| &export.agents);
    let all = before
        .map(|it| (&it.name, &it.guid))
        .chain(former.map(|it| (&it.name, &it.guid)))
        .chain(export.map(|it| (&it.name, &it.guid)));
    let mut seen = BTreeSet::new();
    all.filter(|(name, _)| seen.insert((*name).clone()))
        .filter_map(|(name, guid)| {
            Some(Renamed {
                from: name.clone(),
                to: names.renamed(name, guid)?.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
