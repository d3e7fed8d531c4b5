//! Undo and redo: labelled snapshots of the sequence. What did not change is shared between them, so
//! that many snapshots of a large sequence stay small.

mod snapshot;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::model::Sequence;

use super::Selection;
use super::edit::MergeKey;
use snapshot::Snapshot;

/// What can be undone and redone.
#[derive(Debug, Clone, Default)]
pub struct History {
    undo: VecDeque<Entry>,
    redo: Vec<Entry>,
    /// The snapshot that the next one is likely to resemble.
    latest: Option<Snapshot>,
    /// Whether the last entry may take another edit of the same typing.
    is_open: bool,
}

/// A change that was made, and the other side of it.
#[derive(Debug, Clone)]
struct Entry {
    label: String,
    key: Option<MergeKey>,
    /// The content on the other side: before the change on the undo list, after it on the redo list.
    snapshot: Snapshot,
    content: u64,
    before: Selection,
    after: Selection,
}

/// A change to be remembered, before it is made.
pub(super) struct Change<'a> {
    /// What people call it.
    pub(super) label: String,
    /// What joins it with others.
    pub(super) key: Option<MergeKey>,
    /// The sequence before it.
    pub(super) sequence: &'a Sequence,
    /// The number of that content.
    pub(super) content: u64,
    /// What was chosen before it.
    pub(super) before: Selection,
    /// What is chosen after it.
    pub(super) after: Selection,
}

/// What undo or redo brings back.
pub(super) struct Restored {
    /// The sequence.
    pub(super) sequence: Sequence,
    /// The number of that content.
    pub(super) content: u64,
    /// What was chosen.
    pub(super) selection: Selection,
}

impl History {
    /// How many changes can be undone.
    pub const LIMIT: usize = 200;

    /// What undo would take back, such as `Move 3 steps`.
    pub fn undo_label(&self) -> Option<&str> {
        self.undo.back().map(|entry| entry.label.as_str())
    }

    /// What redo would do again.
    pub fn redo_label(&self) -> Option<&str> {
        self.redo.last().map(|entry| entry.label.as_str())
    }

    /// Remembers a change. One with the key of the last one joins it while the typing goes on.
    pub(super) fn record(&mut self, change: Change<'_>) {
        self.redo.clear();
        let joins = self.is_open && change.key.is_some();
        self.is_open = change.key.is_some();
        if let Some(last) = self.undo.back_mut()
            && joins
            && last.key == change.key
        {
            last.after = change.after;
            return;
        }
        let snapshot = self.snapshot(change.sequence);
        self.undo.push_back(Entry {
            label: change.label,
            key: change.key,
            snapshot,
            content: change.content,
            before: change.before,
            after: change.after,
        });
        while self.undo.len() > Self::LIMIT {
            self.undo.pop_front();
        }
    }

    /// The next change is an entry of its own.
    pub(super) const fn end_typing(&mut self) {
        self.is_open = false;
    }

    /// Takes the last change back.
    pub(super) fn undo(&mut self, now: &Sequence, content: u64) -> Option<Restored> {
        let entry = self.undo.pop_back()?;
        let (other, restored) = self.turn(entry, now, content);
        let selection = other.before.clone();
        self.redo.push(other);
        Some(Restored {
            selection,
            ..restored
        })
    }

    /// Does it again.
    pub(super) fn redo(&mut self, now: &Sequence, content: u64) -> Option<Restored> {
        let entry = self.redo.pop()?;
        let (other, restored) = self.turn(entry, now, content);
        self.undo.push_back(other);
        Some(restored)
    }

    /// The same change seen from its other side, and what lies on this side.
    fn turn(&mut self, entry: Entry, now: &Sequence, content: u64) -> (Entry, Restored) {
        self.is_open = false;
        let restored = Restored {
            sequence: entry.snapshot.sequence(),
            content: entry.content,
            selection: entry.after.clone(),
        };
        let snapshot = self.snapshot(now);
        let other = Entry {
            snapshot,
            content,
            ..entry
        };
        (other, restored)
    }

    fn snapshot(&mut self, sequence: &Sequence) -> Snapshot {
        let snapshot = Snapshot::new(sequence, self.latest.as_ref());
        self.latest = Some(snapshot.clone());
        snapshot
    }
}
