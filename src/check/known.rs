//! What the rules know about the server's agents, and how certain that is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::mim::{Added, AgentInfo, AgentName, Certainty, Knowledge, ProfileName};

use super::Severity;

/// What is known about the server's agents.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The agents with their run profiles.
    pub(super) agents: &'a [AgentInfo],
    /// All that is known beside that; nothing when only the server speaks.
    knowledge: Option<&'a Knowledge>,
    zone: Option<&'a TimeZone>,
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The server, now.
    Server,
    /// The server, when it was last asked.
    Kept,
    /// The server, before its run history was cleared; nobody knows when.
    Earlier,
    /// An export.
    Export,
}

impl Origin {
    /// How bad something is that may have changed since.
    pub(super) fn at_most(self, severity: Severity) -> Severity {
        match self {
            Self::Server => severity,
            Self::Kept | Self::Earlier | Self::Export => severity.min(Severity::Warning),
        }
    }
}

impl<'a> Known<'a> {
    /// What the server says now.
    pub const fn now(agents: &'a [AgentInfo]) -> Self {
        Self {
            agents,
            knowledge: None,
            zone: None,
        }
    }

    /// What is known from all sources; the time zone is for the dates in what the rules say.
    pub fn of(knowledge: &'a Knowledge, zone: &'a TimeZone) -> Self {
        Self {
            agents: &knowledge.agents,
            knowledge: Some(knowledge),
            zone: Some(zone),
        }
    }

    fn certainty(&self) -> Certainty {
        self.knowledge.map_or(Certainty::Now, |it| it.certainty)
    }

    /// Who says which agents there are.
    pub(super) fn origin(&self) -> Origin {
        match self.certainty() {
            Certainty::Now => Origin::Server,
            Certainty::Told(_) => Origin::Kept,
            Certainty::Exported { .. } => Origin::Export,
        }
    }

    /// Who says what a run profile does.
    pub(super) fn origin_of(&self, agent: &AgentName, profile: &ProfileName) -> Origin {
        let added = self.knowledge.and_then(|it| it.types_from(agent, profile));
        match added {
            Some(Added::Export) => Origin::Export,
            Some(Added::Earlier) => Origin::Earlier,
            None => self.origin(),
        }
    }

    /// Who says which run profiles an agent has: the server, unless it names none of them.
    pub(super) fn origin_of_all(&self, agent: &AgentInfo) -> Origin {
        let mut profiles = agent.profiles.iter();
        let added = self.knowledge.and_then(|it| {
            let from = |name| it.added(&agent.name, None).or(it.added(&agent.name, name));
            let first = from(profiles.next().map(|profile| &profile.name))?;
            let is_first = |name| from(Some(name)) == Some(first);
            profiles
                .all(|profile| is_first(&profile.name))
                .then_some(first)
        });
        match added {
            Some(Added::Export) => Origin::Export,
            Some(Added::Earlier) => Origin::Earlier,
            None => self.origin(),
        }
    }

    /// Whether an agent that is not among them does not exist.
    pub(super) fn has_all_agents(&self) -> bool {
        match self.certainty() {
            Certainty::Now | Certainty::Told(_) => true,
            Certainty::Exported { is_whole, .. } => is_whole,
        }
    }

    /// What an agent of this name is called now.
    pub(super) fn new_name(&self, former: &AgentName) -> Option<&'a AgentName> {
        self.knowledge?.new_name(former)
    }

    /// A statement with the day of which it is true.
    pub(super) fn as_of(&self, statement: &str) -> String {
        match self.certainty() {
            Certainty::Told(at) => format!("as of {} {statement}", self.date(at)),
            Certainty::Now | Certainty::Exported { .. } => statement.to_owned(),
        }
    }

    /// The export with its day.
    pub(super) fn export_name(&self) -> String {
        match self.knowledge.and_then(|it| it.written) {
            Some(at) => format!("configuration exported on {}", self.date(at)),
            None => "exported configuration".to_owned(),
        }
    }

    fn date(&self, at: Timestamp) -> String {
        let zone = self.zone.cloned().unwrap_or(TimeZone::UTC);
        at.to_zoned(zone).strftime("%-d %B %Y").to_string()
    }
}
