//! What the rules know about the server's agents, and how certain that is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::mim::{AgentInfo, AgentName, Certainty, Knowledge, Renamed};

use super::Severity;

/// What is known about the server's agents.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The agents with their run profiles.
    pub(super) agents: &'a [AgentInfo],
    renamed: &'a [Renamed],
    certainty: Certainty,
    zone: Option<&'a TimeZone>,
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The server, now.
    Server,
    /// The server, when it was last asked.
    Kept,
    /// An export.
    Export,
}

impl<'a> Known<'a> {
    /// What the server says now.
    pub const fn now(agents: &'a [AgentInfo]) -> Self {
        Self {
            agents,
            renamed: &[],
            certainty: Certainty::Now,
            zone: None,
        }
    }

    /// What is known from all sources; the time zone is for the dates in what the rules say.
    pub fn of(knowledge: &'a Knowledge, zone: &'a TimeZone) -> Self {
        Self {
            agents: &knowledge.agents,
            renamed: &knowledge.renamed,
            certainty: knowledge.certainty,
            zone: Some(zone),
        }
    }

    pub(super) const fn origin(&self) -> Origin {
        match self.certainty {
            Certainty::Now => Origin::Server,
            Certainty::Told(_) => Origin::Kept,
            Certainty::Exported { .. } => Origin::Export,
        }
    }

    /// How bad something is that may have changed since.
    pub(super) fn at_most(&self, severity: Severity) -> Severity {
        match self.certainty {
            Certainty::Now => severity,
            Certainty::Told(_) | Certainty::Exported { .. } => severity.min(Severity::Warning),
        }
    }

    /// Whether an agent that is not among them does not exist.
    pub(super) const fn has_all_agents(&self) -> bool {
        match self.certainty {
            Certainty::Now | Certainty::Told(_) => true,
            Certainty::Exported { is_whole, .. } => is_whole,
        }
    }

    /// What an agent of this name is called now.
    pub(super) fn new_name(&self, former: &AgentName) -> Option<&'a AgentName> {
        let mut renamed = self.renamed.iter();
        renamed.find(|it| it.from == *former).map(|it| &it.to)
    }

    /// A statement with the day of which it is true.
    pub(super) fn as_of(&self, statement: &str) -> String {
        match self.certainty {
            Certainty::Told(at) => format!("as of {} {statement}", self.date(at)),
            Certainty::Now | Certainty::Exported { .. } => statement.to_owned(),
        }
    }

    /// The export with its day.
    pub(super) fn export_name(&self) -> String {
        match self.certainty {
            Certainty::Exported {
                written: Some(at), ..
            } => format!("configuration exported on {}", self.date(at)),
            _ => "exported configuration".to_owned(),
        }
    }

    fn date(&self, at: Timestamp) -> String {
        let zone = self.zone.cloned().unwrap_or(TimeZone::UTC);
        at.to_zoned(zone).strftime("%-d %B %Y").to_string()
    }
}
