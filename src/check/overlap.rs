//! Rules about what may run beside a synchronization of another thread (design section 5, rule 2).

use std::collections::BTreeSet;

use crate::base::text::plural;
use crate::model::{OverlapRule, Place};

use super::view::View;
use super::{Code, Problem, Severity};

/// Applies the rules of this group.
pub(super) fn check(view: &View<'_>, problems: &mut Vec<Problem>) {
    let Some(meeting) = Meeting::of(view) else {
        return;
    };
    let (code, severity, message) = match view.sequence.run.overlap {
        OverlapRule::ExclusiveSync => (
            Code::SynchronizationsWait,
            Severity::Note,
            format!(
                "{} in different threads wait for one another: nothing else runs beside their {}",
                plural(meeting.steps, "step"),
                plural(meeting.syncs, "synchronization"),
            ),
        ),
        OverlapRule::SingleSync => (
            Code::SynchronizationsOverlap,
            Severity::Warning,
            format!(
                "under single-sync, imports and exports of other threads may run beside {}, which \
                 Microsoft does not support; exclusive-sync is the safe rule",
                plural(meeting.syncs, "synchronization"),
            ),
        ),
        OverlapRule::Unrestricted => (
            Code::SynchronizationsOverlap,
            Severity::Warning,
            format!(
                "under unrestricted, steps of other threads may run beside {}, and the service \
                 refuses a second synchronization; exclusive-sync is the safe rule",
                plural(meeting.syncs, "synchronization"),
            ),
        ),
    };
    problems.push(Problem::new(code, severity, Place::Sequence, message));
    if view.sequence.run.overlap != OverlapRule::ExclusiveSync {
        mim_imports(view, problems);
    }
}

/// Steps of different threads of which one at least counts as a synchronization.
struct Meeting {
    /// How many synchronizations have a step of another thread beside them.
    syncs: u64,
    /// How many steps have a synchronization of another thread beside them, or are one.
    steps: u64,
}

impl Meeting {
    fn of(view: &View<'_>) -> Option<Self> {
        let threads: BTreeSet<usize> = view.profile_steps.iter().map(|step| step.thread).collect();
        if threads.len() < 2 {
            return None;
        }
        let sync_threads = sync_threads(view);
        let syncs = view
            .profile_steps
            .iter()
            .filter(|step| step.counts_as_sync())
            .count() as u64;
        let steps = view
            .profile_steps
            .iter()
            .filter(|step| {
                step.counts_as_sync() || sync_threads.iter().any(|other| *other != step.thread)
            })
            .count() as u64;
        (syncs > 0).then_some(Self { syncs, steps })
    }
}

fn sync_threads(view: &View<'_>) -> BTreeSet<usize> {
    view.profile_steps
        .iter()
        .filter(|step| step.counts_as_sync())
        .map(|step| step.thread)
        .collect()
}

/// The service hangs when a delta import of its agent meets a synchronization. The engine keeps
/// them apart under every rule; the warning says that this costs time and that another tool, or a
/// person at the console, would not.
fn mim_imports(view: &View<'_>, problems: &mut Vec<Problem>) {
    for step in &view.profile_steps {
        let is_delta_import = step.types.iter().any(|kind| kind.imports_delta())
            && view.is_mim_service(&step.run.agent);
        // A synchronization of the same agent never meets it: one profile per agent at a time.
        let meets = is_delta_import
            && view.profile_steps.iter().any(|other| {
                other.counts_as_sync()
                    && other.thread != step.thread
                    && other.run.agent != step.run.agent
            });
        if meets {
            problems.push(Problem::new(
                Code::MimImportBesideSync,
                Severity::Warning,
                step.place(),
                format!(
                    "the delta import of the MIM Service agent `{}` may meet a synchronization of \
                     another thread, at which the service hangs, so one waits for the other; put it \
                     into the thread that synchronizes",
                    step.run.agent
                ),
            ));
        }
    }
}
