//! Rows of the run history (`MIIS_RunHistory`, ms697834), which of them tell about a profile, and
//! how they are asked for; the same over WS-Management and over WMI.
//!
//! Pure. Must not ask a server.

use std::collections::BTreeMap;

use super::HistoryEntry;
use super::wql::quoted;
use crate::mim::{AgentInfo, AgentName, AgentState, ProfileName, ResultClass, RunResult};
use crate::wmi::Row;
use crate::wsman::message::Instance;

/// How many runs beyond the known one are asked for by number.
const NEAR_RUNS: u64 = 8;

/// An object of the provider, however it came.
pub(super) trait Fields {
    /// The value of a property; `None` when it is missing or null.
    fn field(&self, name: &str) -> Option<&str>;
}

impl Fields for Instance {
    fn field(&self, name: &str) -> Option<&str> {
        self.value(name)
    }
}

impl Fields for Row {
    fn field(&self, name: &str) -> Option<&str> {
        self.value(name)
    }
}

/// Reads a row of `MIIS_ManagementAgent`; what it does and its profiles are not in it.
pub(super) fn agent(row: &impl Fields) -> Option<AgentInfo> {
    Some(AgentInfo {
        name: AgentName::new(row.field("Name")?).ok()?,
        guid: row.field("Guid").unwrap_or_default().to_owned(),
        agent_type: row.field("Type").unwrap_or_default().to_owned(),
        state: AgentState::Idle { last_result: None },
        profiles: Vec::new(),
    })
}

/// The queries for the runs of an agent after a number.
pub(super) struct QueryAfter {
    /// For the next few runs.
    pub(super) near: String,
    /// For all.
    pub(super) all: String,
}

/// Whether so many rows for the near runs are all that there are.
pub(super) const fn near_suffices(count: usize) -> bool {
    count > 0 && (count as u64) < NEAR_RUNS
}

/// What to ask for. The numbers are strings there, which cannot be compared by size, and a history
/// may hold thousands of runs: so the next few are asked for one by one first.
pub(super) fn query_after(agent: &AgentName, after: u64) -> QueryAfter {
    let all = format!(
        "select * from MIIS_RunHistory where MaName = {}",
        quoted(agent.as_str())
    );
    let near: Vec<String> = (1..=NEAR_RUNS)
        .map(|step| format!("RunNumber = '{}'", after.saturating_add(step)))
        .collect();
    QueryAfter {
        near: format!("{all} and ({})", near.join(" or ")),
        all,
    }
}

/// The query for one run of an agent.
pub(super) fn query_for(agent: &AgentName, number: u64) -> String {
    format!(
        "select * from MIIS_RunHistory where MaName = {} and RunNumber = '{number}'",
        quoted(agent.as_str())
    )
}

/// The rows of an agent after a number, oldest first and each number once.
pub(super) fn entries(rows: Vec<HistoryRow>, agent: &AgentName, after: u64) -> Vec<HistoryEntry> {
    let mut rows: Vec<HistoryRow> = rows
        .into_iter()
        .filter(|row| row.number > after && row.agent == *agent)
        .collect();
    rows.sort_by_key(|row| row.number);
    rows.dedup_by_key(|row| row.number);
    rows.into_iter()
        .map(|row| HistoryEntry {
            run_number: row.number,
            profile: row.profile,
            result: row.result,
        })
        .collect()
}

/// One row of `MIIS_RunHistory`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HistoryRow {
    /// The key of the row: the agent's identifier and the number.
    pub(super) key: String,
    /// The agent that ran.
    pub(super) agent: AgentName,
    /// The profile that ran.
    pub(super) profile: ProfileName,
    /// The number of the run on its agent.
    pub(super) number: u64,
    /// Its result, or `in-progress`.
    pub(super) result: RunResult,
}

impl HistoryRow {
    /// Reads a row; `None` when it lacks what makes it a run.
    pub(super) fn read(row: &impl Fields) -> Option<Self> {
        Some(Self {
            key: row.field("Key")?.to_owned(),
            agent: AgentName::new(row.field("MaName")?).ok()?,
            profile: ProfileName::new(row.field("RunProfile")?).ok()?,
            number: row.field("RunNumber")?.trim().parse().ok()?,
            result: RunResult::new(row.field("RunStatus").unwrap_or_default()),
        })
    }

    /// Whether every step of the profile ran, so that the run's details name all of them.
    pub(super) fn is_complete(&self) -> bool {
        match self.result.class() {
            ResultClass::Success => true,
            // After discovery errors the next step does not run.
            ResultClass::Warning => self.result.as_str() != "completed-discovery-errors",
            ResultClass::Error | ResultClass::Running | ResultClass::Unknown => false,
        }
    }
}

/// Of every profile of every agent the newest complete run, or the newest if none is complete.
pub(super) fn newest_by_profile(rows: Vec<HistoryRow>) -> Vec<HistoryRow> {
    let mut newest: BTreeMap<(AgentName, ProfileName), HistoryRow> = BTreeMap::new();
    for row in rows {
        let key = (row.agent.clone(), row.profile.clone());
        let rank = |row: &HistoryRow| (row.is_complete(), row.number);
        match newest.get(&key) {
            Some(known) if rank(known) >= rank(&row) => {}
            _ => {
                newest.insert(key, row);
            }
        }
    }
    newest.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: &str, profile: &str, status: &str) -> Instance {
        let values = [
            ("Key", "{1}-1"),
            ("MaName", "HR"),
            ("RunNumber", number),
            ("RunProfile", profile),
            ("RunStatus", status),
        ];
        Instance {
            class_uri: String::new(),
            class: "MIIS_RunHistory".to_owned(),
            properties: values
                .into_iter()
                .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
                .collect(),
        }
    }

    #[test]
    fn the_newest_complete_run_tells_about_a_profile() {
        let rows: Vec<HistoryRow> = [
            ("1", "Full", "success"),
            ("12", "full", "stopped-server-down"),
            ("9", "Full", "completed-sync-errors"),
            ("11", "FULL", "completed-discovery-errors"),
            ("13", "Delta", "in-progress"),
            ("10", "Delta", "no-start-connection"),
            ("x", "Delta", "success"),
            ("14", " ", "success"),
        ]
        .iter()
        .filter_map(|(number, profile, status)| HistoryRow::read(&row(number, profile, status)))
        .collect();
        assert_eq!(rows.len(), 6);
        let newest: Vec<_> = newest_by_profile(rows)
            .into_iter()
            .map(|row| (row.profile.to_string(), row.number, row.is_complete()))
            .collect();
        assert_eq!(
            newest,
            [
                ("Delta".to_owned(), 13, false),
                ("Full".to_owned(), 9, true)
            ]
        );
    }
}
