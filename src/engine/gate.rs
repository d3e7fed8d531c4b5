//! Who may run beside whom (design section 5, rules 1 and 2), and whose turn it is.
//!
//! Pure: entries wait with a ticket, are admitted when nothing in their way runs and no older waiter
//! that they conflict with would be overtaken. Must not know threads, timers or events.

use crate::base::time::Moment;
use crate::model::OverlapRule;

use super::program::Footprint;

/// Identifies an entry: the thread it belongs to (a thread runs one step at a time).
pub(super) type Key = usize;

/// The one place that says what may run now.
#[derive(Debug)]
pub(super) struct Gate {
    rule: OverlapRule,
    max_parallel: usize,
    running: Vec<Entry>,
    waiting: Vec<Entry>,
    next_ticket: u64,
}

#[derive(Debug, Clone)]
struct Entry {
    key: Key,
    ticket: u64,
    footprint: Footprint,
    since: Moment,
}

/// Why an entry waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// Another entry uses the agent.
    Agent(Other),
    /// Another entry synchronizes, and this one may not run beside it.
    Synchronization(Other),
    /// This one synchronizes; `Other` has run the longest of those in its way, with so many more.
    BeforeSynchronization(Other, usize),
    /// The MIM Service agent's delta import and another agent's synchronization.
    MimService(Other),
    /// An older waiter would be overtaken.
    Turn(Other),
    /// As many run as may.
    Full(usize),
}

/// The entry in the way, and since when it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Other {
    pub(super) key: Key,
    pub(super) since: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Conflict {
    Agent,
    Synchronization,
    MimService,
}

impl Gate {
    pub(super) const fn new(rule: OverlapRule, max_parallel: usize) -> Self {
        Self {
            rule,
            max_parallel,
            running: Vec::new(),
            waiting: Vec::new(),
            next_ticket: 0,
        }
    }

    /// Lets an entry wait, behind all others, or with the ticket of an earlier wait at that place.
    /// Returns its ticket.
    pub(super) fn wait(
        &mut self,
        key: Key,
        footprint: Footprint,
        ticket: Option<u64>,
        now: Moment,
    ) -> u64 {
        let ticket = ticket.unwrap_or_else(|| {
            self.next_ticket += 1;
            self.next_ticket
        });
        let at = self.waiting.partition_point(|entry| entry.ticket < ticket);
        self.waiting.insert(
            at,
            Entry {
                key,
                ticket,
                footprint,
                since: now,
            },
        );
        ticket
    }

    /// Takes an entry out, whether it waits or runs.
    pub(super) fn leave(&mut self, key: Key) {
        self.running.retain(|entry| entry.key != key);
        self.waiting.retain(|entry| entry.key != key);
    }

    /// Admits every waiter that may run now, oldest first, and returns them.
    pub(super) fn admit(&mut self, now: Moment) -> Vec<Key> {
        let mut admitted = Vec::new();
        let mut index = 0;
        while let Some(entry) = self.waiting.get(index) {
            if self.block_at(index, entry).is_none() {
                let mut entry = self.waiting.remove(index);
                entry.since = now;
                admitted.push(entry.key);
                self.running.push(entry);
            } else {
                index += 1;
            }
        }
        admitted
    }

    /// Every waiter with the reason why it waits.
    pub(super) fn blocks(&self) -> Vec<(Key, Block)> {
        self.waiting
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| Some((entry.key, self.block_at(index, entry)?)))
            .collect()
    }

    fn block_at(&self, index: usize, entry: &Entry) -> Option<Block> {
        self.running_block(entry).or_else(|| {
            let overtaken = self
                .waiting
                .iter()
                .take(index)
                .find(|older| self.conflict(&older.footprint, &entry.footprint).is_some());
            overtaken
                .map(|older| Block::Turn(older.other()))
                .or_else(|| {
                    (self.running.len() >= self.max_parallel)
                        .then_some(Block::Full(self.max_parallel))
                })
        })
    }

    fn running_block(&self, entry: &Entry) -> Option<Block> {
        let mut conflicts = self.running.iter().filter_map(|running| {
            Some((
                self.conflict(&running.footprint, &entry.footprint)?,
                running,
            ))
        });
        // `running` is in the order of admission, so the first has run the longest.
        let (conflict, first) = conflicts.next()?;
        let others = conflicts.count();
        Some(match conflict {
            Conflict::Agent => Block::Agent(first.other()),
            Conflict::MimService => Block::MimService(first.other()),
            Conflict::Synchronization if first.footprint.synchronizes() => {
                Block::Synchronization(first.other())
            }
            Conflict::Synchronization => Block::BeforeSynchronization(first.other(), others),
        })
    }

    fn conflict(&self, a: &Footprint, b: &Footprint) -> Option<Conflict> {
        if a.agent == b.agent {
            return Some(Conflict::Agent);
        }
        let (sync_a, sync_b) = (a.synchronizes(), b.synchronizes());
        let synchronization = match self.rule {
            OverlapRule::ExclusiveSync => sync_a || sync_b,
            OverlapRule::SingleSync => sync_a && sync_b,
            OverlapRule::Unrestricted => false,
        };
        if synchronization {
            return Some(Conflict::Synchronization);
        }
        let mim_service = a.is_mim_delta_import() && sync_b || b.is_mim_delta_import() && sync_a;
        mim_service.then_some(Conflict::MimService)
    }
}

impl Entry {
    const fn other(&self) -> Other {
        Other {
            key: self.key,
            since: self.since,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::mim::{AgentName, ProfileName, StepType};

    fn footprint(agent: &str, kind: StepType) -> Footprint {
        Footprint {
            agent: AgentName::new(agent).unwrap(),
            profile: ProfileName::new("p").unwrap(),
            step_types: vec![kind],
            is_mim_service: agent == "MIM",
        }
    }

    const fn at(secs: u64) -> Moment {
        Moment::after_zero(Duration::from_secs(secs))
    }

    /// May `second` run while `first` runs?
    fn beside(rule: OverlapRule, first: (&str, StepType), second: (&str, StepType)) -> bool {
        let mut gate = Gate::new(rule, usize::MAX);
        gate.wait(0, footprint(first.0, first.1), None, at(0));
        assert_eq!(gate.admit(at(0)), [0]);
        gate.wait(1, footprint(second.0, second.1), None, at(1));
        !gate.admit(at(1)).is_empty()
    }

    #[test]
    fn the_overlap_rules_hold_in_both_directions() {
        use OverlapRule::{ExclusiveSync, SingleSync, Unrestricted};
        use StepType::{DeltaImport, DeltaSync, Export, FullImport};
        for (rule, first, second, may) in [
            (ExclusiveSync, ("A", DeltaImport), ("B", Export), true),
            (ExclusiveSync, ("A", DeltaImport), ("A", Export), false),
            (ExclusiveSync, ("A", DeltaImport), ("B", DeltaSync), false),
            (SingleSync, ("A", DeltaImport), ("B", DeltaSync), true),
            (SingleSync, ("A", DeltaSync), ("B", DeltaSync), false),
            (SingleSync, ("MIM", DeltaImport), ("B", DeltaSync), false),
            (SingleSync, ("MIM", FullImport), ("B", DeltaSync), true),
            (Unrestricted, ("A", DeltaSync), ("B", DeltaSync), true),
            (Unrestricted, ("A", DeltaSync), ("A", Export), false),
            (Unrestricted, ("MIM", DeltaImport), ("B", DeltaSync), false),
        ] {
            assert_eq!(
                beside(rule, first, second),
                may,
                "{rule:?} {first:?} {second:?}"
            );
            assert_eq!(
                beside(rule, second, first),
                may,
                "{rule:?} {second:?} {first:?}"
            );
        }
    }

    #[test]
    fn a_waiting_synchronization_is_not_overtaken() {
        let mut gate = Gate::new(OverlapRule::ExclusiveSync, usize::MAX);
        gate.wait(0, footprint("A", StepType::DeltaImport), None, at(0));
        assert_eq!(gate.admit(at(0)), [0]);
        gate.wait(1, footprint("B", StepType::DeltaSync), None, at(1));
        gate.wait(2, footprint("C", StepType::DeltaImport), None, at(2));
        assert!(gate.admit(at(2)).is_empty());
        assert_eq!(
            gate.blocks(),
            [
                (
                    1,
                    Block::BeforeSynchronization(
                        Other {
                            key: 0,
                            since: at(0)
                        },
                        0
                    )
                ),
                (
                    2,
                    Block::Turn(Other {
                        key: 1,
                        since: at(1)
                    })
                ),
            ]
        );
        gate.leave(0);
        assert_eq!(gate.admit(at(3)), [1]);
        assert_eq!(
            gate.blocks(),
            [(
                2,
                Block::Synchronization(Other {
                    key: 1,
                    since: at(3)
                })
            )]
        );
        gate.leave(1);
        assert_eq!(gate.admit(at(4)), [2]);
        assert!(gate.blocks().is_empty());
    }

    #[test]
    fn an_unrelated_waiter_may_pass() {
        let mut gate = Gate::new(OverlapRule::ExclusiveSync, usize::MAX);
        gate.wait(0, footprint("A", StepType::DeltaImport), None, at(0));
        gate.admit(at(0));
        gate.wait(1, footprint("A", StepType::Export), None, at(1));
        gate.wait(2, footprint("C", StepType::Export), None, at(2));
        assert_eq!(gate.admit(at(2)), [2]);
    }

    #[test]
    fn the_limit_counts_what_runs() {
        let mut gate = Gate::new(OverlapRule::Unrestricted, 2);
        for (key, agent) in ["A", "B", "C"].into_iter().enumerate() {
            gate.wait(key, footprint(agent, StepType::Export), None, at(0));
        }
        assert_eq!(gate.admit(at(0)), [0, 1]);
        assert_eq!(gate.blocks(), [(2, Block::Full(2))]);
        gate.leave(0);
        assert_eq!(gate.admit(at(1)), [2]);
    }

    #[test]
    fn an_old_ticket_keeps_its_place() {
        let mut gate = Gate::new(OverlapRule::ExclusiveSync, usize::MAX);
        let ticket = gate.wait(0, footprint("A", StepType::DeltaSync), None, at(0));
        gate.admit(at(0));
        gate.wait(1, footprint("B", StepType::DeltaSync), None, at(1));
        gate.leave(0);
        gate.wait(0, footprint("A", StepType::DeltaSync), Some(ticket), at(2));
        assert_eq!(gate.admit(at(2)), [0]);
    }
}
