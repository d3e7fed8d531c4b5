//! Merging, the limit, and how little many snapshots hold.

use std::time::Duration;

use crate::model::{Place, Sequence, Step, StepKind, Thread};

use super::super::{Edit, Field, Selection, ThreadHead};
use super::snapshot::Snapshot;
use super::{Change, History};

fn sequence(threads: u64, steps: u64) -> Sequence {
    let mut sequence = Sequence::default();
    for thread in 0..threads {
        let mut content = Thread::new(format!("T{thread}"));
        for step in 0..steps {
            content.steps.push(Step::new(StepKind::Delay {
                duration: Duration::from_secs(thread * steps + step),
            }));
        }
        sequence.threads.push(content);
    }
    sequence
}

fn renamed(sequence: &Sequence, name: &str) -> Edit {
    Edit::Thread {
        thread: 0,
        head: Box::new(ThreadHead {
            name: name.to_owned(),
            ..ThreadHead::of(&sequence.threads[0])
        }),
        field: Field::Name,
    }
}

/// A document with its history, as small as can be.
struct Desk {
    history: History,
    sequence: Sequence,
    content: u64,
    last: u64,
    selection: Selection,
}

impl Desk {
    fn new(sequence: Sequence) -> Self {
        Self {
            history: History::default(),
            sequence,
            content: 0,
            last: 0,
            selection: Selection::default(),
        }
    }

    fn edit(&mut self, edit: &Edit) {
        let applied = edit.apply(&self.sequence).unwrap();
        let after = applied.selection.unwrap_or_else(|| self.selection.clone());
        self.history.record(Change {
            label: edit.label(),
            key: edit.merge_key(&self.sequence),
            sequence: &self.sequence,
            content: self.content,
            before: self.selection.clone(),
            after: after.clone(),
        });
        self.last += 1;
        self.content = self.last;
        self.sequence = applied.sequence;
        self.selection = after;
    }

    fn rename(&mut self, name: &str) {
        let edit = renamed(&self.sequence, name);
        self.edit(&edit);
    }

    fn undo(&mut self) -> bool {
        let restored = self.history.undo(&self.sequence, self.content);
        self.take(restored)
    }

    fn redo(&mut self) -> bool {
        let restored = self.history.redo(&self.sequence, self.content);
        self.take(restored)
    }

    fn take(&mut self, restored: Option<super::Restored>) -> bool {
        let Some(restored) = restored else {
            return false;
        };
        self.sequence = restored.sequence;
        self.content = restored.content;
        self.selection = restored.selection;
        true
    }
}

#[test]
fn a_typing_is_one_step_until_it_ends() {
    let mut desk = Desk::new(sequence(1, 1));
    desk.rename("a");
    desk.rename("ab");
    desk.history.end_typing();
    desk.rename("abc");
    assert_eq!(desk.history.undo_label(), Some("Rename"));
    assert!(desk.undo());
    assert_eq!(desk.sequence.threads[0].name, "ab");
    assert!(desk.undo());
    assert_eq!(desk.sequence.threads[0].name, "T0");
    assert_eq!(desk.content, 0);
    assert!(!desk.undo());
    assert!(desk.redo() && desk.redo() && !desk.redo());
    assert_eq!(desk.sequence.threads[0].name, "abc");
    assert_eq!(desk.content, desk.last);
}

#[test]
fn a_new_change_forgets_what_was_undone() {
    let mut desk = Desk::new(sequence(1, 1));
    desk.rename("a");
    desk.undo();
    assert_eq!(desk.history.redo_label(), Some("Rename"));
    desk.rename("b");
    assert_eq!(desk.history.redo_label(), None);
    // After undo, typing in the same field is an entry of its own.
    desk.history.end_typing();
    desk.rename("c");
    desk.undo();
    desk.rename("d");
    desk.undo();
    assert_eq!(desk.sequence.threads[0].name, "b");
}

#[test]
fn undo_and_redo_bring_the_selection_back() {
    let mut desk = Desk::new(sequence(2, 2));
    let step = Place::Step { thread: 0, step: 1 };
    desk.selection = Selection::one(step);
    desk.edit(&Edit::Remove { places: vec![step] });
    let after = desk.selection.clone();
    desk.undo();
    assert_eq!(desk.selection, Selection::one(step));
    desk.redo();
    assert_eq!(desk.selection, after);
}

#[test]
fn the_oldest_changes_are_forgotten() {
    let mut desk = Desk::new(sequence(1, 1));
    for number in 0..History::LIMIT + 5 {
        desk.rename(&number.to_string());
        desk.history.end_typing();
    }
    let mut count = 0;
    while desk.undo() {
        count += 1;
    }
    assert_eq!(count, History::LIMIT);
    assert_eq!(desk.sequence.threads[0].name, "4");
}

#[test]
fn snapshots_share_what_did_not_change() {
    let before = sequence(4, 300);
    let first = Snapshot::new(&before, None);
    assert_eq!(first.sequence(), before);
    let step = |thread, step| Place::Step { thread, step };
    let to = |thread, step| super::super::DropPoint::In { thread, step };
    let all: Vec<Place> = before.step_places().take(300).collect();
    let switch_off = super::super::StepChange::Enabled(false);
    for (edit, threads, steps) in [
        (renamed(&before, "x"), 1, 0),
        (
            Edit::Remove {
                places: vec![step(1, 5)],
            },
            1,
            0,
        ),
        (
            Edit::MoveSteps {
                places: vec![step(1, 0)],
                to: to(1, 300),
            },
            1,
            1,
        ),
        (
            Edit::MoveSteps {
                places: vec![step(1, 299)],
                to: to(1, 0),
            },
            1,
            1,
        ),
        (
            Edit::MoveSteps {
                places: vec![step(1, 9)],
                to: to(3, 7),
            },
            2,
            1,
        ),
        (Edit::MoveThread { from: 0, to: 4 }, 0, 0),
        (
            Edit::Remove {
                places: vec![Place::Thread(1)],
            },
            0,
            0,
        ),
        (
            Edit::Steps {
                places: vec![step(0, 0), step(0, 299)],
                change: switch_off,
            },
            1,
            2,
        ),
        (
            Edit::Steps {
                places: all,
                change: switch_off,
            },
            1,
            300,
        ),
    ] {
        let after = edit.apply(&before).unwrap().sequence;
        let second = Snapshot::new(&after, Some(&first));
        assert_eq!(second.sequence(), after, "{}", edit.label());
        assert_eq!(
            second.own_parts(&first),
            (threads, steps),
            "{}",
            edit.label()
        );
    }
}
