//! Commands as a whole: every one is within reach, and no two get into each other's way.

use std::collections::{BTreeMap, BTreeSet};

use crate::settings::Settings;

use super::super::{Dialog, Screen, State, update};
use super::super::{Msg, TEMPLATES};
use super::{Command, Menu};
use crate::designer::Document;

fn in_menus() -> Vec<Command> {
    let groups = Menu::ALL.into_iter().flat_map(Menu::groups);
    groups.flat_map(|group| group.iter().copied()).collect()
}

#[test]
fn every_command_is_in_one_menu() {
    let menus = in_menus();
    let once: BTreeSet<Command> = menus.iter().copied().collect();
    assert_eq!(once.len(), menus.len());
    assert_eq!(once, Command::ALL.iter().copied().collect());
}

#[test]
fn no_two_commands_have_the_same_keys() {
    let mut taken = BTreeMap::new();
    for command in Command::ALL {
        for keys in command.shortcuts() {
            let other = taken.insert(*keys, *command);
            assert_eq!(other, None, "{keys}: {command:?}");
        }
    }
}

#[test]
fn words_are_unique_and_in_form() {
    let mut labels = BTreeSet::new();
    for command in Command::ALL {
        let label = command.label();
        assert!(labels.insert(label), "{label}");
        assert!(!label.ends_with(['.', ':']), "{label}");
        let tooltip = command.tooltip();
        assert!(tooltip.len() > 15 && !tooltip.ends_with('.'), "{tooltip}");
        assert!(tooltip.starts_with(char::is_uppercase), "{tooltip}");
    }
}

fn work() -> State {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    state.document = Document::new((TEMPLATES[1].build)(&[]));
    state
}

#[test]
fn what_cannot_be_done_says_why() {
    let welcome = State::new(Settings::default());
    let mut asked = work();
    asked.dialog = Some(Dialog::About);
    for (state, command, reason) in [
        (
            &welcome,
            Command::Save,
            "Open a sequence or begin a new one first",
        ),
        (&welcome, Command::Refresh, "Connect to a server first"),
        (&work(), Command::Delete, "Select a step or a thread first"),
        (&work(), Command::MoveUp, "Select a step first"),
        (&work(), Command::Pause, "No run is going on"),
        (&work(), Command::Undo, "There is nothing to undo"),
        (&asked, Command::New, "Close the dialog first"),
    ] {
        assert_eq!(command.availability(state), Err(reason), "{command:?}");
    }
    for command in [Command::New, Command::ConnectDemo, Command::Palette] {
        assert_eq!(command.availability(&welcome), Ok(()), "{command:?}");
    }
}

#[test]
fn labels_follow_the_state() {
    let mut state = work();
    assert_eq!(Command::Undo.label_for(&state), "Undo");
    assert_eq!(
        Command::ToggleEnabled.label_for(&state),
        "Enable or disable"
    );
    update(&mut state, Msg::Command(Command::AddDelay));
    assert_eq!(Command::Undo.label_for(&state), "Undo add step");
    assert_eq!(Command::ToggleEnabled.label_for(&state), "Disable");
    update(&mut state, Msg::Command(Command::ToggleEnabled));
    assert_eq!(Command::ToggleEnabled.label_for(&state), "Enable");
    update(&mut state, Msg::Command(Command::Undo));
    assert_eq!(Command::Redo.label_for(&state), "Redo disable step");
}
