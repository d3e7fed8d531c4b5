//! One agent's connected system and connector space: imports, exports, confirmations.
//!
//! Must not know of other agents or the metaverse; [`super::Directory`] joins the spaces.

use std::collections::{BTreeMap, BTreeSet};

use super::run::ObjectFailure;
use super::tally::{ExportTally, SpaceTally, StagingTally};

/// The attribute by which objects of different agents are told to be the same person.
pub type Anchor = u32;

/// All other attributes of an object, folded into one number: two objects are equal if it is.
pub type Stamp = u64;

/// What an agent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Its objects become people of the metaverse.
    Source,
    /// Its objects add attributes to people that others brought.
    Contributor,
    /// It receives every person of the metaverse.
    Target,
}

/// A change that waits for a synchronization, an export or a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new object.
    Add(Stamp),
    /// Other attributes.
    Update(Stamp),
    /// An object that is gone.
    Delete,
}

impl Change {
    /// What the object is after this change.
    pub const fn after(self) -> Option<Stamp> {
        match self {
            Self::Add(stamp) | Self::Update(stamp) => Some(stamp),
            Self::Delete => None,
        }
    }
}

/// An object of a connector space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpaceObject {
    /// What the connected system is known to hold: imported and synchronized, or confirmed.
    pub hologram: Option<Stamp>,
    /// Imported, not yet synchronized.
    pub pending_import: Option<Change>,
    /// Decided by a synchronization, not yet exported.
    pub pending_export: Option<Change>,
    /// Exported, not yet seen again by an import.
    pub unconfirmed: Option<Change>,
    /// Whether a metaverse object with the same anchor is connected to it.
    pub is_connector: bool,
}

impl SpaceObject {
    /// What the connected system holds if every export arrived.
    pub const fn expected(&self) -> Option<Stamp> {
        match self.unconfirmed {
            Some(change) => change.after(),
            None => self.hologram,
        }
    }
}

/// How many failed objects of a step are told one by one; the rest is only counted.
pub const MAX_FAILURES: usize = 5_000;

/// An agent's connected system and connector space.
#[derive(Debug, Clone)]
pub struct Space {
    /// What the agent is for.
    pub role: Role,
    /// The rows of the connected system.
    pub rows: BTreeMap<Anchor, Stamp>,
    /// Rows that changed since the last import: the connected system's change log.
    pub changed: BTreeSet<Anchor>,
    /// The connector space.
    pub objects: BTreeMap<Anchor, SpaceObject>,
}

impl Space {
    /// A connected system with rows, and an empty connector space.
    pub fn new(role: Role, rows: BTreeMap<Anchor, Stamp>) -> Self {
        let changed = rows.keys().copied().collect();
        Self {
            role,
            rows,
            changed,
            objects: BTreeMap::new(),
        }
    }

    /// Somebody writes a row of the connected system.
    pub fn write_row(&mut self, anchor: Anchor, stamp: Stamp) {
        if self.rows.insert(anchor, stamp) != Some(stamp) {
            self.changed.insert(anchor);
        }
    }

    /// Somebody removes a row of the connected system.
    pub fn remove_row(&mut self, anchor: Anchor) {
        if self.rows.remove(&anchor).is_some() {
            self.changed.insert(anchor);
        }
    }

    /// Reads every row and detects deletions.
    pub fn import_all(&mut self, failures: &mut Vec<ObjectFailure>) -> StagingTally {
        let mut anchors: BTreeSet<Anchor> = self.rows.keys().copied().collect();
        anchors.extend(self.objects.keys().copied());
        self.changed.clear();
        self.import(&anchors, failures)
    }

    /// Reads every row but some that cannot be read, and detects no deletion.
    pub fn import_readable(
        &mut self,
        unreadable: &[Anchor],
        failures: &mut Vec<ObjectFailure>,
    ) -> StagingTally {
        let rows = self.rows.keys().copied();
        let anchors: BTreeSet<Anchor> = rows.filter(|row| !unreadable.contains(row)).collect();
        // What was read is known now; the rest waits for a later import.
        self.changed.retain(|anchor| !anchors.contains(anchor));
        self.import(&anchors, failures)
    }

    /// Reads what the change log names.
    pub fn import_changes(&mut self, failures: &mut Vec<ObjectFailure>) -> StagingTally {
        let anchors = std::mem::take(&mut self.changed);
        self.import(&anchors, failures)
    }

    fn import(
        &mut self,
        anchors: &BTreeSet<Anchor>,
        failures: &mut Vec<ObjectFailure>,
    ) -> StagingTally {
        let mut tally = StagingTally::default();
        for anchor in anchors {
            match (self.rows.get(anchor).copied(), self.objects.get_mut(anchor)) {
                (None, None) => {}
                (Some(stamp), None) => {
                    let object = SpaceObject {
                        pending_import: Some(Change::Add(stamp)),
                        ..SpaceObject::default()
                    };
                    self.objects.insert(*anchor, object);
                    tally.add += 1;
                    tally.created += 1;
                }
                (row, Some(object)) => {
                    if confirm(object, row, &mut tally) {
                        if is_gone(object) {
                            self.objects.remove(anchor);
                            tally.removed += 1;
                        }
                        continue;
                    }
                    take_back(*anchor, object, row, failures);
                    match row {
                        Some(stamp) => stage_row(object, stamp, &mut tally),
                        None => stage_loss(object, &mut tally),
                    }
                    if is_gone(object) {
                        self.objects.remove(anchor);
                        tally.removed += 1;
                    }
                }
            }
        }
        tally
    }

    /// Writes the pending exports; `refused` of them at most are refused by the connected system.
    pub fn export(&mut self, refused: u64, failures: &mut Vec<ObjectFailure>) -> ExportTally {
        let mut tally = ExportTally::default();
        for (anchor, object) in &mut self.objects {
            let Some(change) = object.pending_export else {
                continue;
            };
            let is_there = self.rows.contains_key(anchor);
            let problem = match change {
                _ if tally.failure < refused => Some("permission-issue"),
                Change::Add(_) if is_there => Some("cd-existing-object"),
                Change::Update(_) | Change::Delete if !is_there => Some("cd-missing-object"),
                Change::Add(_) | Change::Update(_) | Change::Delete => None,
            };
            if let Some(problem) = problem {
                tally.failure += 1;
                if failures.len() < MAX_FAILURES {
                    failures.push(ObjectFailure::export(*anchor, problem));
                }
                continue;
            }
            match change {
                Change::Add(_) => tally.add += 1,
                Change::Update(_) => tally.update += 1,
                Change::Delete => tally.delete += 1,
            }
            match change.after() {
                Some(stamp) => self.rows.insert(*anchor, stamp),
                None => self.rows.remove(anchor),
            };
            self.changed.insert(*anchor);
            object.pending_export = None;
            object.unconfirmed = Some(match (change.after(), object.hologram) {
                (None, _) => Change::Delete,
                (Some(stamp), None) => Change::Add(stamp),
                (Some(stamp), Some(_)) => Change::Update(stamp),
            });
        }
        tally
    }

    /// Counts the connector space.
    pub fn tally(&self) -> SpaceTally {
        let mut tally = SpaceTally::default();
        for object in self.objects.values() {
            tally.objects += 1;
            tally.connectors += u64::from(object.is_connector);
            tally.disconnectors += u64::from(!object.is_connector);
            tally.unconfirmed += u64::from(object.unconfirmed.is_some());
            match object.pending_import {
                None => tally.import_no_change += 1,
                Some(Change::Add(_)) => tally.import_add += 1,
                Some(Change::Update(_)) => tally.import_update += 1,
                Some(Change::Delete) => tally.import_delete += 1,
            }
            match object.pending_export {
                None => {}
                Some(Change::Add(_)) => tally.export_add += 1,
                Some(Change::Update(_)) => tally.export_update += 1,
                Some(Change::Delete) => tally.export_delete += 1,
            }
        }
        tally
    }
}

/// Whether nothing is left that the object would stand for.
const fn is_gone(object: &SpaceObject) -> bool {
    !object.is_connector
        && object.hologram.is_none()
        && object.pending_import.is_none()
        && object.pending_export.is_none()
        && object.unconfirmed.is_none()
}

/// Compares an exported change with what the import saw; true if the import confirms it.
fn confirm(object: &mut SpaceObject, row: Option<Stamp>, tally: &mut StagingTally) -> bool {
    let Some(change) = object.unconfirmed else {
        return false;
    };
    if change.after() != row {
        return false;
    }
    object.unconfirmed = None;
    object.hologram = row;
    object.pending_import = None;
    tally.confirmed += 1;
    match change {
        Change::Add(_) => tally.add += 1,
        Change::Update(_) => tally.update += 1,
        Change::Delete => tally.delete += 1,
    }
    true
}

/// Gives up an exported change that the import did not see again.
fn take_back(
    anchor: Anchor,
    object: &mut SpaceObject,
    row: Option<Stamp>,
    failures: &mut Vec<ObjectFailure>,
) {
    let Some(change) = object.unconfirmed.take() else {
        return;
    };
    if failures.len() < MAX_FAILURES {
        failures.push(ObjectFailure::not_reimported(anchor));
    }
    let retry = match (change, row) {
        // The deletion did not last, or a new object is not there: the same order stands again.
        (Change::Delete, Some(_)) if !object.is_connector => Some(Change::Delete),
        (Change::Add(stamp), None) if object.is_connector => Some(Change::Add(stamp)),
        // The update was undone: the same order stands again.
        (Change::Update(stamp), Some(_)) if object.is_connector && row == object.hologram => {
            Some(Change::Update(stamp))
        }
        // Anything else is staged, and the next synchronization decides anew.
        (Change::Add(_) | Change::Update(_) | Change::Delete, _) => None,
    };
    if object.pending_export.is_none() {
        object.pending_export = retry;
    }
    // Wanted again while its deletion was on the way, and the deletion did not last.
    if let (Some(Change::Add(stamp)), Some(_), Some(_)) =
        (object.pending_export, row, object.hologram)
    {
        object.pending_export = Some(Change::Update(stamp));
    }
}

fn stage_row(object: &mut SpaceObject, stamp: Stamp, tally: &mut StagingTally) {
    let known = match object.pending_import {
        Some(change) => change.after(),
        None => object.hologram,
    };
    if known == Some(stamp) {
        tally.no_change += 1;
        return;
    }
    let was = object.pending_import;
    object.pending_import = match object.hologram {
        None => Some(Change::Add(stamp)),
        Some(hologram) if hologram == stamp => None,
        Some(_) => Some(Change::Update(stamp)),
    };
    match (was, object.hologram) {
        (Some(Change::Delete), _) => tally.delete_add += 1,
        (None, None) => tally.add += 1,
        (Some(Change::Add(_) | Change::Update(_)) | None, _) => tally.update += 1,
    }
}

fn stage_loss(object: &mut SpaceObject, tally: &mut StagingTally) {
    let was_there = object.hologram.is_some() || object.pending_import.is_some();
    if !was_there && !object.is_connector {
        // Nobody wants it and nothing is there: an order to delete it has no object.
        object.pending_export = None;
    }
    if !was_there || object.pending_import == Some(Change::Delete) {
        return;
    }
    tally.delete += 1;
    if !object.is_connector {
        // A disconnector needs no synchronization to go (nor does a deletion that came first).
        object.hologram = None;
        object.pending_import = None;
        object.pending_export = None;
    } else if object.hologram.is_some() {
        object.pending_import = Some(Change::Delete);
    } else {
        object.pending_import = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(rows: &[(Anchor, Stamp)]) -> Space {
        Space::new(Role::Target, rows.iter().copied().collect())
    }

    fn connector(pending_export: Option<Change>, hologram: Option<Stamp>) -> SpaceObject {
        SpaceObject {
            hologram,
            pending_export,
            is_connector: true,
            ..SpaceObject::default()
        }
    }

    #[test]
    fn a_full_import_stages_and_detects_deletions() {
        let mut space = space(&[(1, 10), (2, 20), (3, 30)]);
        space.objects.insert(2, connector(None, Some(20)));
        space.objects.insert(3, connector(None, Some(31)));
        space.objects.insert(4, connector(None, Some(40)));
        let tally = space.import_all(&mut Vec::new());
        assert_eq!(
            (tally.no_change, tally.add, tally.update, tally.delete),
            (1, 1, 1, 1)
        );
        let state = space.tally();
        assert_eq!(
            (state.import_add, state.import_update, state.import_delete),
            (1, 1, 1)
        );
        // Nothing changed since: the second import finds nothing new.
        let again = space.import_all(&mut Vec::new());
        assert_eq!(again.no_change, 3);
        assert_eq!(again.total(), 3);
    }

    #[test]
    fn an_export_waits_for_its_confirmation() {
        let mut space = space(&[(2, 20), (3, 30)]);
        space
            .objects
            .insert(1, connector(Some(Change::Add(11)), None));
        space
            .objects
            .insert(2, connector(Some(Change::Update(21)), Some(20)));
        let mut leaver = connector(Some(Change::Delete), Some(30));
        leaver.is_connector = false;
        space.objects.insert(3, leaver);
        let tally = space.export(0, &mut Vec::new());
        assert_eq!((tally.add, tally.update, tally.delete), (1, 1, 1));
        assert_eq!(space.tally().unconfirmed, 3);
        let mut failures = Vec::new();
        let confirmed = space.import_changes(&mut failures);
        assert_eq!(confirmed.confirmed, 3);
        assert_eq!(failures, []);
        let state = space.tally();
        assert_eq!((state.objects, state.unconfirmed), (2, 0));
    }

    #[test]
    fn a_change_that_somebody_overwrote_is_told() {
        let mut space = space(&[(2, 20)]);
        space
            .objects
            .insert(2, connector(Some(Change::Update(21)), Some(20)));
        space.export(0, &mut Vec::new());
        space.write_row(2, 99);
        let mut failures = Vec::new();
        let tally = space.import_changes(&mut failures);
        assert_eq!(tally.update, 1);
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].error_type, "exported-change-not-reimported");
    }

    #[test]
    fn a_refused_export_stays_pending() {
        let mut space = space(&[(2, 20)]);
        space
            .objects
            .insert(2, connector(Some(Change::Add(21)), None));
        let mut failures = Vec::new();
        let tally = space.export(0, &mut failures);
        assert_eq!((tally.failure, tally.total()), (1, 1));
        assert_eq!(failures[0].error_type, "cd-existing-object");
        assert_eq!(space.tally().export_add, 1);
    }
}
