//! What the palette finds, in which order, and what its rows do.

use std::sync::Arc;

use crate::mim::StepType;
use crate::model::Place;

use super::super::fixtures::{agent, one_thread, run, state};
use super::super::{Command, Effect, Msg, PaletteMsg, State, update};
use super::{PaletteGroup, palette_rows};

fn open(text: &str) -> State {
    let agents = [agent("Contoso AD", &[("Export", StepType::Export)])];
    let document = one_thread(vec![run("HR", "Export", None)]);
    let mut state = state(document, Some(Arc::new(agents)));
    update(&mut state, Msg::Command(Command::Palette));
    update(&mut state, Msg::Palette(PaletteMsg::Text(text.to_owned())));
    state
}

fn titles(state: &State, group: PaletteGroup) -> Vec<String> {
    let rows = palette_rows(state).into_iter();
    rows.filter(|row| row.group == group)
        .map(|row| row.title)
        .collect()
}

#[test]
fn rows_come_in_groups_with_what_was_typed_marked() {
    let state = open("export");
    let rows = palette_rows(&state);
    assert!(rows.is_sorted_by_key(|row| row.group));
    assert_eq!(
        titles(&state, PaletteGroup::Add),
        ["HR, Export", "Contoso AD, Export"]
    );
    assert_eq!(
        titles(&state, PaletteGroup::GoTo),
        ["Step 1.1, HR · Export"]
    );
    let marked: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.matches.iter().map(|range| &row.title[range.clone()]))
        .collect();
    assert_eq!(marked, ["Export"; 3]);
}

#[test]
fn with_nothing_typed_only_what_can_be_done_is_offered() {
    let rows = palette_rows(&open(""));
    assert!(!rows.is_empty() && rows.len() <= 50);
    assert!(rows.iter().all(|row| row.why_not.is_empty()));
}

#[test]
fn what_cannot_be_done_comes_last_and_says_why() {
    let state = open("undo");
    let row = palette_rows(&state).remove(0);
    assert_eq!((row.title.as_str(), row.keys.as_str()), ("Undo", "Ctrl+Z"));
    assert_eq!(row.why_not, "There is nothing to undo");
    let state = open("run");
    let rows = palette_rows(&state);
    let commands = rows
        .iter()
        .filter(|row| row.group == PaletteGroup::Commands);
    assert!(commands.is_sorted_by_key(|row| !row.why_not.is_empty()));
}

#[test]
fn a_row_is_performed_and_the_palette_closes_unless_told_otherwise() {
    let row = |state: &State, title: &str| {
        let rows = palette_rows(state);
        rows.iter().position(|row| row.title == title)
    };
    let mut state = open("export");
    let run = PaletteMsg::Run {
        row: row(&state, "HR, Export"),
        keep_open: true,
    };
    update(&mut state, Msg::Palette(run));
    assert_eq!(state.document.sequence.threads[0].steps.len(), 2);
    assert!(state.palette.is_some());
    let run = PaletteMsg::Run {
        row: row(&state, "Step 1.1, HR · Export"),
        keep_open: false,
    };
    let effects = update(&mut state, Msg::Palette(run));
    let place = Place::Step { thread: 0, step: 0 };
    assert_eq!(state.selection.single(), Some(place));
    let reveals = |effect: &Effect| matches!(effect, Effect::Reveal(at) if *at == place);
    assert!(effects.iter().any(reveals));
    assert!(state.palette.is_none());
}

#[test]
fn the_choice_goes_round() {
    let mut state = open("export");
    let chosen = |state: &State| state.palette.as_ref().unwrap().row;
    for (by, row) in [(1, 1), (1, 2), (1, 0), (-1, 2)] {
        update(&mut state, Msg::Palette(PaletteMsg::Move(by)));
        assert_eq!(chosen(&state), row);
    }
    update(&mut state, Msg::Palette(PaletteMsg::Text("x".to_owned())));
    assert_eq!(chosen(&state), 0);
}
