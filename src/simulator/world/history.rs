//! The run history: rows of `MIIS_RunHistory`, the clean-up of old runs, the past week.
//!
//! Decides what has run in the past; [`super::World`] makes it happen.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::mim::StepType;
use crate::simulator::scenario::Scenario;

/// One row of the run history, in the service's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The agent's identifier, a hyphen, the run's number: the key of the class.
    pub key: String,
    /// The agent's identifier.
    pub agent_guid: String,
    /// The agent's name.
    pub agent: String,
    /// The run's number.
    pub run_number: u64,
    /// The profile.
    pub profile: String,
    /// When it began, as the service writes it.
    pub started: String,
    /// When it ended; empty while it runs.
    pub ended: String,
    /// Its result; `in-progress` while it runs.
    pub status: String,
}

/// A run of the past: how many days ago, of which agent and profile (places in the scenario).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastRun {
    /// How many days before the start, from 1.
    pub days_ago: u32,
    /// The agent's place.
    pub agent: usize,
    /// The profile's place.
    pub profile: usize,
}

/// What ran in the past: on the first day every profile once in the order of an initial load, on
/// all later days the daily cycle with its confirming imports.
pub fn past_runs(scenario: &Scenario) -> Vec<PastRun> {
    const DAILY: [StepType; 5] = [
        StepType::DeltaImport,
        StepType::DeltaSync,
        StepType::Export,
        StepType::DeltaImport,
        StepType::DeltaSync,
    ];
    let all: Vec<(StepType, usize, usize)> = scenario
        .agents
        .iter()
        .enumerate()
        .flat_map(|(agent, described)| {
            let profiles = described.profiles.iter().enumerate();
            profiles.filter_map(move |(profile, steps)| {
                steps.steps.first().map(|first| (*first, agent, profile))
            })
        })
        .collect();
    let mut runs = Vec::new();
    for days_ago in (1..=scenario.history_days).rev() {
        let mut add = |(_, agent, profile): &(StepType, usize, usize)| {
            runs.push(PastRun {
                days_ago,
                agent: *agent,
                profile: *profile,
            });
        };
        if days_ago == scenario.history_days {
            let mut load = all.clone();
            load.sort_by_key(|(first, agent, profile)| (load_rank(*first), *agent, *profile));
            load.iter().for_each(&mut add);
        } else {
            for wanted in DAILY {
                all.iter()
                    .filter(|(first, ..)| *first == wanted)
                    .for_each(&mut add);
            }
        }
    }
    runs
}

/// The order of an initial load: import everything, synchronize everything, export, confirm.
const fn load_rank(first: StepType) -> u8 {
    match first {
        StepType::FullImport => 0,
        StepType::FullSync => 1,
        StepType::FullImportFullSync => 2,
        StepType::FullImportDeltaSync => 3,
        StepType::Export => 4,
        StepType::DeltaImport => 5,
        StepType::DeltaImportDeltaSync => 6,
        StepType::DeltaSync => 7,
    }
}

/// Reads the argument of `ClearRuns` (ms698220): `yyyy-MM-dd`, or with ` HH:mm:ss.fff`; UTC.
pub fn read_ending_before(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let time: civil::DateTime = match text.parse::<civil::Date>() {
        Ok(date) if text.len() == 10 => date.at(0, 0, 0, 0),
        _ => text.parse().ok()?,
    };
    time.to_zoned(TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_clear_runs() {
        for (text, expected) in [
            ("2026-03-01", Some("2026-03-01T00:00:00Z")),
            ("2026-03-01 10:11:12", Some("2026-03-01T10:11:12Z")),
            ("2026-03-01 10:11:12.345", Some("2026-03-01T10:11:12.345Z")),
            ("01.03.2026", None),
            ("", None),
        ] {
            let expected = expected.map(|time| time.parse().unwrap());
            assert_eq!(read_ending_before(text), expected, "{text}");
        }
    }

    #[test]
    fn every_profile_has_run_in_the_past() {
        let scenario = Scenario::small_company();
        let runs = past_runs(&scenario);
        for agent in 0..scenario.agents.len() {
            for profile in 0..5 {
                let has_run = runs
                    .iter()
                    .any(|run| run.agent == agent && run.profile == profile);
                assert!(has_run, "agent {agent}, profile {profile}");
            }
        }
        let fresh = Scenario {
            history_days: 0,
            ..scenario
        };
        assert_eq!(past_runs(&fresh), []);
    }
}
