//! Whatever a person does in whatever order: the document can be saved, what is chosen exists, undo
//! and redo are each other's inverse, and a command that cannot be performed changes nothing.
//!
//! Seeded chance, so that a failure can be repeated: the message names seed and step.

mod chance;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::format;
use crate::model::{Place, Sequence};
use crate::settings::Settings;

use super::{Command, Msg, Screen, State, drag_hint, palette_rows, tree_rows, update};
use chance::Chance;

/// How many states; `MASEQUENCER_CASES` asks for more.
fn cases() -> u64 {
    let asked = std::env::var("MASEQUENCER_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(256)
}

/// How many messages each state takes.
const MESSAGES: usize = 100;

fn exists(sequence: &Sequence, place: Place) -> bool {
    match place {
        Place::Sequence => true,
        Place::Thread(thread) => sequence.thread(thread).is_some(),
        Place::Step { .. } => sequence.step(place).is_some(),
    }
}

fn assert_consistent(state: &State, story: &str) {
    let sequence = &state.document.sequence;
    let selection = &state.selection;
    let find = state.find.iter().flat_map(|find| &find.hits);
    let places = selection
        .places
        .iter()
        .chain(&selection.cursor)
        .chain(&selection.anchor)
        .chain(&state.renaming)
        .chain(find);
    for place in places {
        assert!(exists(sequence, *place), "{story}: {place:?}");
    }
    let is_step = |place: &&Place| matches!(place, Place::Step { .. });
    let steps = selection.places.iter().filter(is_step).count();
    let is_mixed = steps > 0 && steps < selection.places.len();
    assert!(!is_mixed, "{story}: {:?}", selection.places);
    assert!(!selection.places.contains(&Place::Sequence), "{story}");
}

fn assert_can_be_saved(sequence: &Sequence, story: &str) {
    let written = format::write(sequence);
    let read = format::read(written.as_bytes());
    assert_eq!(read.as_ref(), Ok(sequence), "{story}\n{written}");
}

fn assert_undo_and_redo_agree(state: &State, story: &str) {
    for (there, back) in [
        (Command::Undo, Command::Redo),
        (Command::Redo, Command::Undo),
    ] {
        if there.availability(state).is_err() {
            continue;
        }
        let mut copy = state.clone();
        update(&mut copy, Msg::Command(there));
        assert_consistent(&copy, story);
        update(&mut copy, Msg::Command(back));
        assert_consistent(&copy, story);
        assert_eq!(copy.document.content, state.document.content, "{story}");
        assert_eq!(copy.document.sequence, state.document.sequence, "{story}");
    }
}

/// Equal numbers mean equal content, as long as it is the same document.
fn assert_content_is_named(seen: &mut BTreeMap<u64, Arc<Sequence>>, state: &State, story: &str) {
    // Another document begins without a history, and may use the numbers again.
    let history = &state.history;
    if history.undo_label().is_none() && history.redo_label().is_none() {
        seen.clear();
    }
    let sequence = Arc::clone(&state.document.sequence);
    let known = seen.entry(state.document.content).or_insert(sequence);
    assert_eq!(**known, *state.document.sequence, "{story}");
}

#[test]
fn any_messages_leave_a_document_that_can_be_saved() {
    for seed in 0..cases() {
        let mut chance = Chance::new(seed);
        let mut state = chance.state();
        let mut seen = BTreeMap::new();
        for number in 0..MESSAGES {
            let msg = chance.msg(&state);
            let story = format!("seed {seed}, message {number}: {msg:?}");
            // An open dialog would make every command wait for the rest of the story.
            if number % 8 == 0 {
                state.dialog = None;
            }
            let before = state.clone();
            update(&mut state, msg.clone());
            assert_consistent(&state, &story);
            assert_content_is_named(&mut seen, &state, &story);
            if before.is_running() && !matches!(msg, Msg::DialogAnswer(_) | Msg::Answer(_)) {
                assert_eq!(state.document.content, before.document.content, "{story}");
            }
            if let Msg::Command(command) = msg
                && let Err(reason) = command.availability(&before)
            {
                assert!(!reason.is_empty(), "{story}");
                assert_eq!(state.document.content, before.document.content, "{story}");
                assert_eq!(state.selection, before.selection, "{story}");
                assert!(Arc::ptr_eq(
                    &state.document.sequence,
                    &before.document.sequence
                ));
            }
            if state.document.content != before.document.content {
                assert_can_be_saved(&state.document.sequence, &story);
            }
            if number % 4 == 0 {
                assert_undo_and_redo_agree(&state, &story);
                drag_hint(&state);
            }
            if number % 32 == 0 {
                tree_rows(&state);
                palette_rows(&state);
            }
        }
    }
}

#[test]
fn all_changes_can_be_taken_back_one_by_one() {
    for seed in 0..cases() / 4 {
        let mut chance = Chance::new(seed);
        let mut state = chance.state();
        let first = state.document.clone();
        for _ in 0..MESSAGES / 2 {
            let msg = Msg::Edit(chance.edit(&state));
            update(&mut state, msg);
        }
        let last = state.document.clone();
        let mut count = 0;
        while Command::Undo.availability(&state).is_ok() {
            update(&mut state, Msg::Command(Command::Undo));
            count += 1;
        }
        assert_eq!(state.document.sequence, first.sequence, "seed {seed}");
        assert_eq!(state.document.content, first.content, "seed {seed}");
        assert!(!state.document.is_modified(), "seed {seed}");
        for _ in 0..count {
            update(&mut state, Msg::Command(Command::Redo));
        }
        assert_eq!(state.document.sequence, last.sequence, "seed {seed}");
        assert_eq!(state.document.content, last.content, "seed {seed}");
    }
}

#[test]
fn nothing_is_edited_on_the_welcome_screen() {
    let mut chance = Chance::new(1);
    let mut state = State::new(Settings::default());
    assert_eq!(state.screen, Screen::Welcome);
    for _ in 0..200 {
        let edit = chance.edit(&state);
        update(&mut state, Msg::Edit(edit));
        assert_eq!(*state.document.sequence, Sequence::default());
    }
}
