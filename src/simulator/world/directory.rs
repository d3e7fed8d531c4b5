//! The metaverse and the connector spaces around it: projection, join, flow, provisioning.
//!
//! One rule set for all scenarios: objects with the same anchor are the same person; a person
//! exists as long as one source knows them; every target holds every person. Must not know of
//! profiles, runs or time.

use std::collections::BTreeMap;

use super::space::{Anchor, Change, Role, Space, SpaceObject, Stamp};
use super::tally::{InboundTally, OutboundTally};

/// The metaverse and all connector spaces; an agent is named by its place in the scenario.
#[derive(Debug, Clone)]
pub struct Directory {
    spaces: Vec<Space>,
    metaverse: BTreeMap<Anchor, Person>,
}

/// A metaverse object: what each agent contributed to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Person {
    contributions: BTreeMap<usize, Stamp>,
}

impl Person {
    /// All attributes folded into one number, independent of who is asked.
    fn stamp(&self) -> Stamp {
        self.contributions
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |folded, (agent, stamp)| {
                let salted = stamp ^ (*agent as u64 + 1).rotate_left(32);
                (folded ^ salted).wrapping_mul(0x0100_0000_01b3)
            })
    }
}

/// What a synchronization counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncOutcome {
    /// What came into the metaverse.
    pub inbound: InboundTally,
    /// What went out, per agent in the scenario's order.
    pub outbound: BTreeMap<usize, OutboundTally>,
}

impl Directory {
    /// An empty metaverse between these spaces.
    pub fn new(spaces: Vec<Space>) -> Self {
        Self {
            spaces,
            metaverse: BTreeMap::new(),
        }
    }

    /// The connector space of an agent.
    pub fn space(&self, agent: usize) -> Option<&Space> {
        self.spaces.get(agent)
    }

    /// The connector space of an agent.
    pub fn space_mut(&mut self, agent: usize) -> Option<&mut Space> {
        self.spaces.get_mut(agent)
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        self.metaverse.len()
    }

    /// Synchronizes every object of an agent.
    pub fn synchronize_all(&mut self, agent: usize) -> SyncOutcome {
        self.synchronize(agent, |_| true)
    }

    /// Synchronizes the objects of an agent whose import is pending.
    pub fn synchronize_changes(&mut self, agent: usize) -> SyncOutcome {
        self.synchronize(agent, |object| object.pending_import.is_some())
    }

    fn synchronize(&mut self, agent: usize, wanted: fn(&SpaceObject) -> bool) -> SyncOutcome {
        let mut outcome = SyncOutcome::default();
        let anchors: Vec<Anchor> = self.space(agent).map_or_else(Vec::new, |space| {
            let chosen = space.objects.iter().filter(|(_, object)| wanted(object));
            chosen.map(|(anchor, _)| *anchor).collect()
        });
        for anchor in anchors {
            self.inbound(agent, anchor, &mut outcome);
            self.outbound(anchor, &mut outcome);
        }
        outcome
    }

    fn inbound(&mut self, agent: usize, anchor: Anchor, outcome: &mut SyncOutcome) {
        let Some(space) = self.spaces.get_mut(agent) else {
            return;
        };
        let role = space.role;
        let Some(object) = space.objects.get_mut(&anchor) else {
            return;
        };
        if object.pending_import == Some(Change::Delete) {
            space.objects.remove(&anchor);
            self.lose(agent, anchor, outcome);
            return;
        }
        if let Some(change) = object.pending_import.take() {
            object.hologram = change.after();
        }
        let tally = &mut outcome.inbound;
        let contribution = object.hologram.filter(|_| role != Role::Target);
        if object.is_connector {
            let flows = self.metaverse.get_mut(&anchor).is_some_and(|person| {
                contribution
                    .is_some_and(|stamp| person.contributions.insert(agent, stamp) != Some(stamp))
            });
            tally.connector_flow += u64::from(flows);
            tally.connector_no_flow += u64::from(!flows);
            return;
        }
        if object.hologram.is_none() {
            tally.disconnector_remains += 1;
            return;
        }
        if let Some(person) = self.metaverse.get_mut(&anchor) {
            object.is_connector = true;
            object.pending_export = None;
            match contribution {
                Some(stamp) => {
                    person.contributions.insert(agent, stamp);
                    tally.joined_flow += 1;
                }
                None => tally.joined_no_flow += 1,
            }
        } else if let (Role::Source, Some(stamp)) = (role, contribution) {
            object.is_connector = true;
            let person = Person {
                contributions: BTreeMap::from([(agent, stamp)]),
            };
            self.metaverse.insert(anchor, person);
            tally.projected_flow += 1;
        } else {
            tally.disconnector_remains += 1;
        }
    }

    /// A connector is gone: its contribution goes, and the person too if no source is left.
    fn lose(&mut self, agent: usize, anchor: Anchor, outcome: &mut SyncOutcome) {
        if let Some(person) = self.metaverse.get_mut(&anchor) {
            person.contributions.remove(&agent);
        }
        let has_source = self.spaces.iter().any(|space| {
            let object = space.objects.get(&anchor);
            space.role == Role::Source && object.is_some_and(|object| object.is_connector)
        });
        if has_source {
            outcome.inbound.delete_leave_mv += 1;
            return;
        }
        outcome.inbound.delete_remove_mv += 1;
        self.metaverse.remove(&anchor);
        for (index, space) in self.spaces.iter_mut().enumerate() {
            let Some(object) = space.objects.get_mut(&anchor) else {
                continue;
            };
            if !object.is_connector {
                continue;
            }
            let tally = outcome.outbound.entry(index).or_default();
            tally.provisioned_disconnect += 1;
            object.is_connector = false;
            if object.pending_import == Some(Change::Delete) {
                // Already gone in the connected system: nothing to export, nothing to wait for.
                space.objects.remove(&anchor);
                tally.removed += 1;
                continue;
            }
            if space.role != Role::Target {
                continue;
            }
            object.pending_export = object.expected().map(|_| Change::Delete);
            let was_never_there = object.hologram.is_none()
                && object.unconfirmed.is_none()
                && object.pending_import.is_none();
            if was_never_there {
                space.objects.remove(&anchor);
                tally.removed += 1;
            }
        }
    }

    /// Provisions a person to every target and flows their attributes out.
    fn outbound(&mut self, anchor: Anchor, outcome: &mut SyncOutcome) {
        let Some(wanted) = self.metaverse.get(&anchor).map(Person::stamp) else {
            return;
        };
        for (index, space) in self.spaces.iter_mut().enumerate() {
            if space.role != Role::Target {
                continue;
            }
            let tally = outcome.outbound.entry(index).or_default();
            let Some(object) = space.objects.get_mut(&anchor) else {
                let object = SpaceObject {
                    pending_export: Some(Change::Add(wanted)),
                    is_connector: true,
                    ..SpaceObject::default()
                };
                space.objects.insert(anchor, object);
                tally.provisioned_add += 1;
                continue;
            };
            let order = match object.expected() {
                Some(stamp) if stamp == wanted => None,
                Some(_) => Some(Change::Update(wanted)),
                None => Some(Change::Add(wanted)),
            };
            let is_being_deleted = object.pending_export == Some(Change::Delete)
                || object.unconfirmed == Some(Change::Delete);
            if object.is_connector {
                let flows = object.pending_export != order;
                object.pending_export = order;
                tally.connector_flow += u64::from(flows);
                tally.connector_no_flow += u64::from(!flows);
            } else if is_being_deleted {
                object.is_connector = true;
                object.pending_export = order;
                tally.provisioned_delete_add += 1;
            }
            // Another disconnector waits until its own agent's synchronization joins it.
        }
    }

    /// Everything that must hold between two operations; a sentence when it does not.
    pub fn broken_rule(&self) -> Option<String> {
        for (index, space) in self.spaces.iter().enumerate() {
            for (anchor, object) in &space.objects {
                let place = format!("object {anchor} of agent {index}");
                let stands_for_something = object.hologram.is_some()
                    || object.pending_import.is_some()
                    || object.pending_export.is_some()
                    || object.unconfirmed.is_some();
                if !stands_for_something {
                    return Some(format!("{place} stands for nothing"));
                }
                if object.is_connector && !self.metaverse.contains_key(anchor) {
                    return Some(format!("{place} is connected to nothing"));
                }
                if object.pending_import == Some(Change::Delete) && !object.is_connector {
                    return Some(format!(
                        "{place} is a disconnector that waits to be deleted"
                    ));
                }
                if space.role != Role::Target && object.pending_export.is_some() {
                    return Some(format!(
                        "{place} is exported by an agent that does not export"
                    ));
                }
            }
        }
        for (anchor, person) in &self.metaverse {
            let has_source = self.spaces.iter().any(|space| {
                let object = space.objects.get(anchor);
                space.role == Role::Source && object.is_some_and(|object| object.is_connector)
            });
            if !has_source || person.contributions.is_empty() {
                return Some(format!("person {anchor} has no source"));
            }
        }
        None
    }
}
