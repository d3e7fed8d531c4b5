//! Rows of the run history (`MIIS_RunHistory`, ms697834), and which of them tell about a profile.
//!
//! Pure. Must not ask a server.

use std::collections::BTreeMap;

use crate::mim::{AgentName, ProfileName, ResultClass, RunResult};
use crate::wsman::message::Instance;

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
    pub(super) fn read(instance: &Instance) -> Option<Self> {
        Some(Self {
            key: instance.value("Key")?.to_owned(),
            agent: AgentName::new(instance.value("MaName")?).ok()?,
            profile: ProfileName::new(instance.value("RunProfile")?).ok()?,
            number: instance.value("RunNumber")?.trim().parse().ok()?,
            result: RunResult::new(instance.value("RunStatus").unwrap_or_default()),
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
