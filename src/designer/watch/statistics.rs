//! What a run profile did, as the service's own Operations view groups and names it.

use std::collections::{BTreeMap, BTreeSet};

use crate::mim::{Counter, CounterGroup, StepType};
use crate::run::{StepStatistics, StepSummary};

use super::super::words::watch as words;

/// A table of counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsGroup {
    /// Its heading.
    pub title: String,
    /// The counters with their labels, in the service's order; zeros too, as the service shows them.
    pub rows: Vec<(String, u64)>,
}

/// What went wrong with single objects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatisticsErrors {
    /// The connection to the connected system, if the service said something about it.
    pub connection: Vec<String>,
    /// The first errors: type, object, detail.
    pub shown: Vec<String>,
    /// How many there are in all.
    pub all: u64,
}

/// A row of a table: its label, and the counters that the service adds up for it.
type Row = (&'static str, &'static [Counter]);

const STAGING: &[Row] = &[
    (words::UNCHANGED, &[Counter::StageNoChange]),
    (words::ADDS, &[Counter::StageAdd]),
    (words::UPDATES, &[Counter::StageUpdate]),
    (words::RENAMES, &[Counter::StageRename]),
    (words::DELETES, &[Counter::StageDelete]),
    (words::DELETE_ADDS, &[Counter::StageDeleteAdd]),
    (words::FAILURES, &[Counter::StageFailure]),
];

const DISCOVERY: &[Row] = &[
    (words::FILTERED_DELETIONS, &[Counter::FilteredDeletions]),
    (words::FILTERED_OBJECTS, &[Counter::FilteredObjects]),
];

const INBOUND: &[Row] = &[
    (
        words::PROJECTIONS,
        &[
            Counter::DisconnectorProjectedNoFlow,
            Counter::DisconnectorProjectedFlow,
            Counter::DisconnectorProjectedRemoveMv,
        ],
    ),
    (
        words::JOINS,
        &[
            Counter::DisconnectorJoinedNoFlow,
            Counter::DisconnectorJoinedFlow,
            Counter::DisconnectorJoinedRemoveMv,
        ],
    ),
    (
        words::FILTERED_DISCONNECTORS,
        &[Counter::DisconnectorFiltered],
    ),
    (words::DISCONNECTORS, &[Counter::DisconnectorRemains]),
    (
        words::WITH_FLOW,
        &[Counter::ConnectorFlow, Counter::ConnectorFlowRemoveMv],
    ),
    (words::WITHOUT_FLOW, &[Counter::ConnectorNoFlow]),
    (
        words::FILTERED_CONNECTORS,
        &[
            Counter::ConnectorFilteredRemoveMv,
            Counter::ConnectorFilteredLeaveMv,
        ],
    ),
    (
        words::DELETED_CONNECTORS,
        &[
            Counter::ConnectorDeleteRemoveMv,
            Counter::ConnectorDeleteLeaveMv,
            Counter::ConnectorDeleteAddProcessed,
        ],
    ),
    (
        words::METAVERSE_DELETES,
        &[
            Counter::DisconnectorProjectedRemoveMv,
            Counter::DisconnectorJoinedRemoveMv,
            Counter::ConnectorFlowRemoveMv,
            Counter::ConnectorFilteredRemoveMv,
            Counter::ConnectorDeleteRemoveMv,
        ],
    ),
    (words::FLOW_ERRORS, &[Counter::FlowFailure]),
];

const OUTBOUND: &[Row] = &[
    (words::EXPORT_FLOW, &[Counter::OutboundConnectorFlow]),
    (words::EXPORT_NO_FLOW, &[Counter::OutboundConnectorNoFlow]),
    (
        words::PROVISIONED_ADDS,
        &[Counter::ProvisionedAddNoFlow, Counter::ProvisionedAddFlow],
    ),
    (
        words::PROVISIONED_RENAMES,
        &[
            Counter::ProvisionedRenameNoFlow,
            Counter::ProvisionedRenameFlow,
        ],
    ),
    (
        words::PROVISIONED_DISCONNECTS,
        &[Counter::ProvisionedDisconnect],
    ),
    (
        words::PROVISIONED_DELETE_ADDS,
        &[
            Counter::ProvisionedDeleteAddNoFlow,
            Counter::ProvisionedDeleteAddFlow,
        ],
    ),
];

const EXPORT: &[Row] = &[
    (words::ADDS, &[Counter::ExportAdd]),
    (words::UPDATES, &[Counter::ExportUpdate]),
    (words::RENAMES, &[Counter::ExportRename]),
    (words::DELETES, &[Counter::ExportDelete]),
    (words::DELETE_ADDS, &[Counter::ExportDeleteAdd]),
    (words::FAILURES, &[Counter::ExportFailure]),
];

const fn rows_of(group: CounterGroup) -> &'static [Row] {
    match group {
        CounterGroup::Discovery => DISCOVERY,
        CounterGroup::Staging => STAGING,
        CounterGroup::Inbound => INBOUND,
        CounterGroup::Outbound => OUTBOUND,
        CounterGroup::Export => EXPORT,
    }
}

/// What the run profile of a step did; nothing as long as the service has not told.
pub fn statistics_view(step: &StepSummary) -> Vec<StatisticsGroup> {
    let Some(statistics) = &step.statistics else {
        return Vec::new();
    };
    let is_only = statistics.steps.len() == 1;
    statistics
        .steps
        .iter()
        .flat_map(|step| groups(step, is_only))
        .collect()
}

/// What went wrong with single objects of a step.
pub fn statistics_errors(step: &StepSummary) -> StatisticsErrors {
    let Some(statistics) = &step.statistics else {
        return StatisticsErrors::default();
    };
    let steps = statistics.steps.iter();
    StatisticsErrors {
        connection: steps
            .clone()
            .filter_map(|step| step.connection.clone())
            .collect(),
        shown: steps.flat_map(|step| &step.errors).cloned().collect(),
        all: statistics.error_count(),
    }
}

fn groups(step: &StepStatistics, is_only: bool) -> Vec<StatisticsGroup> {
    let kind = step.step_type.as_deref().and_then(StepType::from_word);
    let prefix = if is_only {
        String::new()
    } else {
        words::profile_step(step.number, kind)
    };
    let belongs = |group| match group {
        CounterGroup::Staging => kind.is_some_and(StepType::imports),
        CounterGroup::Inbound => kind.is_some_and(StepType::synchronizes),
        CounterGroup::Export => kind.is_some_and(StepType::exports),
        CounterGroup::Discovery | CounterGroup::Outbound => false,
    };
    let own = [
        CounterGroup::Staging,
        CounterGroup::Discovery,
        CounterGroup::Inbound,
        CounterGroup::Export,
    ];
    let mut groups: Vec<StatisticsGroup> = own
        .into_iter()
        .filter(|group| belongs(*group) || has_any(&step.counters, *group))
        .map(|group| StatisticsGroup {
            title: words::group(&prefix, group, None),
            rows: rows(&step.counters, rows_of(group)),
        })
        .collect();
    groups.extend(step.outbound.iter().map(|(agent, counters)| {
        let mut rows = rows(counters, rows_of(CounterGroup::Outbound));
        rows.extend(unknown(counters, &[CounterGroup::Outbound]));
        StatisticsGroup {
            title: words::group(&prefix, CounterGroup::Outbound, Some(agent)),
            rows,
        }
    }));
    let others: Vec<_> = unknown(&step.counters, &own).collect();
    if !others.is_empty() {
        groups.push(StatisticsGroup {
            title: words::other_group(&prefix),
            rows: others,
        });
    }
    groups
}

fn rows(counters: &BTreeMap<String, u64>, rows: &[Row]) -> Vec<(String, u64)> {
    rows.iter()
        .map(|(label, parts)| {
            let sum = parts.iter().fold(0_u64, |sum, counter| {
                sum.saturating_add(value(counters, *counter))
            });
            ((*label).to_owned(), sum)
        })
        .collect()
}

fn value(counters: &BTreeMap<String, u64>, counter: Counter) -> u64 {
    counters.get(counter.as_str()).copied().unwrap_or(0)
}

fn has_any(counters: &BTreeMap<String, u64>, group: CounterGroup) -> bool {
    counters
        .keys()
        .any(|word| Counter::from_word(group, word).is_some())
}

/// What no table has a row for, under the service's own word: a newer service may count more.
fn unknown(
    counters: &BTreeMap<String, u64>,
    groups: &[CounterGroup],
) -> impl Iterator<Item = (String, u64)> {
    let known: BTreeSet<&str> = groups
        .iter()
        .flat_map(|group| rows_of(*group))
        .flat_map(|(_, parts)| parts.iter().map(|counter| counter.as_str()))
        .collect();
    let unknown = counters.iter();
    unknown
        .filter(move |(word, _)| !known.contains(word.as_str()))
        .map(|(word, count)| (word.clone(), *count))
}

/// How many objects of a group were changed and how many were looked at without a change.
pub(super) fn sum_of(step: &StepStatistics, group: CounterGroup) -> (u64, u64) {
    let mut sums = (0_u64, 0_u64);
    for (word, count) in &step.counters {
        let Some(counter) = Counter::from_word(group, word) else {
            continue;
        };
        let sum = match counter {
            Counter::StageNoChange
            | Counter::ConnectorNoFlow
            | Counter::DisconnectorRemains
            | Counter::DisconnectorFiltered => &mut sums.1,
            Counter::StageFailure | Counter::FlowFailure | Counter::ExportFailure => continue,
            _ => &mut sums.0,
        };
        *sum = sum.saturating_add(*count);
    }
    sums
}

#[cfg(test)]
mod tests {
    use crate::run::ProfileStatistics;

    use super::super::rig::{Story, outline};
    use super::*;

    fn counters(counters: &[(&str, u64)]) -> BTreeMap<String, u64> {
        let owned = counters.iter();
        owned
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    }

    fn step(statistics: Vec<StepStatistics>) -> StepSummary {
        let statistics = ProfileStatistics { steps: statistics };
        let story = Story::new(outline())
            .step_started(0, 0)
            .profile_finished(0, 0, "success", statistics);
        story.summary().threads[0].steps[0].clone()
    }

    fn nonzero(groups: &[StatisticsGroup]) -> Vec<(&str, Vec<(&str, u64)>)> {
        let groups = groups.iter();
        groups
            .map(|group| {
                let rows = group.rows.iter().filter(|(_, count)| *count > 0);
                let rows = rows.map(|(label, count)| (label.as_str(), *count));
                (group.title.as_str(), rows.collect())
            })
            .collect()
    }

    #[test]
    fn counters_stand_under_the_labels_of_the_service() {
        let sync = StepStatistics {
            number: 1,
            step_type: Some("delta-sync".to_owned()),
            counters: counters(&[
                ("disconnector-projected-flow", 9),
                ("disconnector-projected-no-flow", 3),
                ("connector-delete-remove-mv", 2),
                ("a-counter-of-the-future", 4),
            ]),
            outbound: BTreeMap::from([(
                "AD".to_owned(),
                counters(&[("provisioned-add-flow", 12), ("connector-flow", 5)]),
            )]),
            ..StepStatistics::default()
        };
        let view = statistics_view(&step(vec![sync]));
        assert_eq!(
            nonzero(&view),
            [
                (
                    "Inbound synchronization",
                    vec![
                        ("Projections", 12),
                        ("Deleted connectors", 2),
                        ("Metaverse object deletes", 2)
                    ]
                ),
                (
                    "Outbound synchronization to AD",
                    vec![("Export attribute flow", 5), ("Provisioning adds", 12)]
                ),
                ("Other counters", vec![("a-counter-of-the-future", 4)]),
            ]
        );
    }

    #[test]
    fn a_group_is_there_with_zeros_when_the_step_is_of_its_kind() {
        let of = |number, kind: &str| StepStatistics {
            number,
            step_type: Some(kind.to_owned()),
            ..StepStatistics::default()
        };
        let view = statistics_view(&step(vec![of(1, "export"), of(2, "full-import")]));
        let titles: Vec<_> = nonzero(&view);
        assert_eq!(
            titles,
            [
                ("1 Export, export", Vec::new()),
                ("2 Full import, staging", Vec::new())
            ]
        );
        assert_eq!(view[1].rows.len(), STAGING.len());
    }

    #[test]
    fn every_counter_of_the_service_has_a_row() {
        for group in CounterGroup::ALL {
            let rows = rows_of(group).iter();
            let shown: BTreeSet<Counter> =
                rows.flat_map(|(_, parts)| parts.iter().copied()).collect();
            let all = Counter::ALL.iter().copied();
            let all: BTreeSet<Counter> = all.filter(|counter| counter.group() == group).collect();
            assert_eq!(shown, all);
        }
    }

    #[test]
    fn errors_are_listed_and_counted() {
        let failed = StepStatistics {
            number: 1,
            error_count: 12,
            errors: vec!["bad · CN=a".to_owned()],
            connection: Some("no route".to_owned()),
            ..StepStatistics::default()
        };
        let errors = statistics_errors(&step(vec![failed.clone(), failed]));
        assert_eq!(errors.all, 24);
        assert_eq!(errors.shown.len(), 2);
        assert_eq!(errors.connection, ["no route", "no route"]);
    }
}
