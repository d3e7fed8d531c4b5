//! The statistics of a run profile as an event carries them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::mim::{Counters, RunDetails};

/// What one run of a run profile did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileStatistics {
    /// The steps of the profile, by number.
    pub steps: Vec<StepStatistics>,
}

/// What one step of a run profile did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStatistics {
    /// Its number within the run, from 1.
    pub number: u32,
    /// Its type's word, such as `delta-import`, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_type: Option<String>,
    /// The service's result.
    pub result: String,
    /// The counters above zero, by the service's names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, u64>,
    /// The outbound counters above zero, per agent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outbound: BTreeMap<String, BTreeMap<String, u64>>,
    /// How many objects had errors.
    #[serde(default)]
    pub error_count: u64,
    /// The first errors, at most [`StepStatistics::SHOWN_ERRORS`]: type, object, detail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What the service said about the connection to the connected system, if that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
}

impl StepStatistics {
    /// How many errors an event names; the rest is counted.
    pub const SHOWN_ERRORS: usize = 10;
}

fn by_name(counters: &Counters) -> BTreeMap<String, u64> {
    counters
        .iter()
        .map(|(counter, count)| (counter.as_str().to_owned(), count))
        .collect()
}

impl From<&RunDetails> for ProfileStatistics {
    fn from(details: &RunDetails) -> Self {
        let steps = details
            .steps
            .iter()
            .map(|step| StepStatistics {
                number: step.number,
                step_type: step.step_type.map(|kind| kind.as_str().to_owned()),
                result: step.result.as_str().to_owned(),
                counters: by_name(&step.counters),
                outbound: step
                    .outbound
                    .iter()
                    .map(|(agent, counters)| (agent.as_str().to_owned(), by_name(counters)))
                    .collect(),
                error_count: step.error_count,
                errors: step
                    .errors
                    .iter()
                    .take(StepStatistics::SHOWN_ERRORS)
                    .map(|error| {
                        let words = [&error.error_type, &error.dn, &error.detail];
                        let words: Vec<&str> = words
                            .into_iter()
                            .map(|w| w.trim())
                            .filter(|w| !w.is_empty())
                            .collect();
                        words.join(" · ")
                    })
                    .collect(),
                connection: step.connection.clone(),
            })
            .collect();
        Self { steps }
    }
}

impl ProfileStatistics {
    /// All counters of all steps added up, the outbound ones left out.
    pub fn totals(&self) -> BTreeMap<String, u64> {
        let mut totals = BTreeMap::new();
        for (name, count) in self.steps.iter().flat_map(|step| &step.counters) {
            let total: &mut u64 = totals.entry(name.clone()).or_default();
            *total = total.saturating_add(*count);
        }
        totals
    }

    /// How many objects had errors in all steps.
    pub fn error_count(&self) -> u64 {
        self.steps
            .iter()
            .fold(0, |sum, step| sum.saturating_add(step.error_count))
    }
}
