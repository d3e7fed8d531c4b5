//! What a step does to the objects, and what happens in the connected systems meanwhile.
//!
//! Must not know of time or of which run is allowed.

use std::collections::BTreeMap;

use super::agent::next_step_runs;
use super::directory::{Directory, SyncOutcome};
use super::run::{ObjectFailure, StepWork};
use super::space::{Anchor, Role, Space, Stamp};
use crate::mim::StepType;
use crate::simulator::scenario::{Changes, Fault, FaultKind, ScenarioAgent};

/// What a step works on.
pub(super) struct Bench<'a> {
    /// All objects.
    pub(super) directory: &'a mut Directory,
    /// All chance.
    pub(super) rng: &'a mut fastrand::Rng,
    /// What happens in the agent's system before an import.
    pub(super) changes: Changes,
}

impl Bench<'_> {
    /// Does a step's work at its end.
    pub(super) fn perform(
        &mut self,
        place: usize,
        step_type: StepType,
        fault: Option<&Fault>,
    ) -> (StepWork, String) {
        let mut work = StepWork::default();
        match fault.map(|fault| (fault.kind, fault)) {
            Some((FaultKind::Deadlock, _)) => return (work, "stopped-deadlocked".to_owned()),
            Some((FaultKind::Result, fault)) => {
                let word = fault.result.clone().unwrap_or_default();
                if word.starts_with("stopped-server") || word.contains("credentials") {
                    work.connection = Some("failed-connection".to_owned());
                }
                return (work, word);
            }
            _ => {}
        }
        let mut result = "success".to_owned();
        if step_type.imports() {
            result = self.import(place, step_type, fault, &mut work);
        }
        if step_type.synchronizes() && next_step_runs(&result) {
            let everything = matches!(step_type, StepType::FullSync | StepType::FullImportFullSync);
            let SyncOutcome { inbound, outbound } = if everything {
                self.directory.synchronize_all(place)
            } else {
                self.directory.synchronize_changes(place)
            };
            work.inbound = Some(inbound);
            work.outbound = outbound.into_iter().collect();
        }
        if step_type.exports()
            && let Some(space) = self.directory.space_mut(place)
        {
            let refused = fault.filter(|fault| fault.kind == FaultKind::ExportErrors);
            let refused = refused.map_or(0, |fault| u64::from(fault.objects));
            let tally = space.export(refused, &mut work.failures);
            work.export = Some(tally);
            if tally.failure > 0 {
                "completed-export-errors".clone_into(&mut result);
            }
        }
        (work, result)
    }

    fn import(
        &mut self,
        place: usize,
        step_type: StepType,
        fault: Option<&Fault>,
        work: &mut StepWork,
    ) -> String {
        let changes = self.changes;
        let Some(space) = self.directory.space_mut(place) else {
            return "stopped-server".to_owned();
        };
        happen(space, changes, self.rng);
        let kind = fault.map(|fault| (fault.kind, fault));
        if let Some((FaultKind::MassDelete, fault)) = kind {
            let share = (fault.percent / 100.0).clamp(0.0, 1.0);
            let count = (space.rows.len() as f64 * share).round() as usize;
            remove_some(space, count, self.rng);
        }
        if let Some((FaultKind::DiscoveryErrors, fault)) = kind {
            let unreadable: Vec<Anchor> = space
                .rows
                .keys()
                .copied()
                .take(fault.objects as usize)
                .collect();
            work.staging = Some(space.import_readable(&unreadable, &mut work.failures));
            let failed = unreadable.into_iter().map(ObjectFailure::discovery);
            work.failures.extend(failed);
            return "completed-discovery-errors".to_owned();
        }
        let tally = if step_type.imports_delta() {
            space.import_changes(&mut work.failures)
        } else {
            space.import_all(&mut work.failures)
        };
        work.staging = Some(tally);
        if !work.failures.is_empty() {
            "completed-warnings".to_owned()
        } else if tally.total() == 0 {
            "completed-no-objects".to_owned()
        } else {
            "success".to_owned()
        }
    }
}

/// The rows that a connected system has at start.
pub(super) fn first_rows(
    described: &ScenarioAgent,
    rng: &mut fastrand::Rng,
) -> BTreeMap<Anchor, Stamp> {
    (0..described.people)
        .map(|offset| (described.first.saturating_add(offset), rng.u64(..)))
        .collect()
}

/// What happens in a connected system between two imports.
fn happen(space: &mut Space, changes: Changes, rng: &mut fastrand::Rng) {
    let about = |rng: &mut fastrand::Rng, count: u32| rng.u32(count / 2..=count + count / 2);
    let gone = about(rng, changes.gone);
    remove_some(space, gone as usize, rng);
    let anchors: Vec<Anchor> = space.rows.keys().copied().collect();
    for _ in 0..about(rng, changes.changed) {
        if let Some(anchor) = rng.choice(&anchors) {
            space.write_row(*anchor, rng.u64(..));
        }
    }
    for _ in 0..about(rng, changes.new) {
        let last = space.rows.keys().next_back().copied();
        let fresh = last.map_or(1, |anchor| anchor.saturating_add(1));
        // A target is written by exports; what appears there by itself belongs to nobody.
        let fresh = match space.role {
            Role::Target => fresh.max(u32::MAX / 2),
            Role::Source | Role::Contributor => fresh,
        };
        space.write_row(fresh, rng.u64(..));
    }
}

fn remove_some(space: &mut Space, count: usize, rng: &mut fastrand::Rng) {
    let anchors: Vec<Anchor> = space.rows.keys().copied().collect();
    for anchor in rng.choose_multiple(anchors, count) {
        space.remove_row(anchor);
    }
}
