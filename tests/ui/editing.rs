//! What a person does to a sequence in the window, by hand and by keyboard.

use std::fs;
use std::path::PathBuf;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rangef};
use masequencer::designer::{Connection, Dialog, Panel, Screen};
use masequencer::model::Place;
use masequencer::settings::ThemeChoice;
use masequencer::ui::effects::Chosen;
use tempfile::TempDir;

use crate::window::Window;

const SEQUENCE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<masequence xmlns="urn:masequencer:sequence" version="1" name="Editing">
  <thread name="Inbound">
    <run-profile agent="HR" profile="Full Import" type="full-import"/>
    <run-profile agent="HR" profile="Full Sync" type="full-sync"/>
    <run-profile agent="AD" profile="Export" type="export"/>
  </thread>
  <thread name="Pause">
    <delay duration="5s"/>
  </thread>
</masequence>
"#;

/// The window with a file of two threads.
struct Desk {
    window: Window,
    file: PathBuf,
    _home: TempDir,
}

fn desk() -> Desk {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("editing.xml");
    fs::write(&file, SEQUENCE).expect("a file");
    let mut window = Window::open_file(home.path(), &file);
    window.until("checked", |state| {
        state.problems.content == state.document.content
    });
    Desk {
        window,
        file,
        _home: home,
    }
}

impl Desk {
    /// How many steps each thread has.
    fn counts(&self) -> Vec<usize> {
        let threads = self.window.sequence().threads.iter();
        threads.map(|thread| thread.steps.len()).collect()
    }
}

const fn step(thread: usize, step: usize) -> Place {
    Place::Step { thread, step }
}

#[test]
fn the_keyboard_undoes_and_redoes() {
    let mut desk = desk();
    desk.window.click(Role::ListItem, "Step 1.1, *");
    desk.window.key(Key::Delete);
    assert_eq!(desk.counts(), [2, 1]);
    desk.window.ctrl(Key::Z);
    assert_eq!(desk.counts(), [3, 1]);
    assert!(!desk.window.state().document.is_modified());
    desk.window.ctrl(Key::Y);
    assert_eq!(desk.counts(), [2, 1]);
    desk.window
        .keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(desk.counts(), [2, 1], "there is nothing more to redo");
}

/// Walks through the inspector with a key; every field must be in sight when it has the keyboard.
#[track_caller]
fn walk(desk: &mut Desk, modifiers: Modifiers, seen: Rangef, left: f32) -> Vec<String> {
    const ENOUGH: usize = 60;
    let mut names = Vec::new();
    for _ in 0..ENOUGH {
        desk.window.keys(modifiers, Key::Tab);
        let Some((name, rect)) = desk.window.focused() else {
            return names;
        };
        if rect.left() < left {
            return names;
        }
        assert!(
            seen.contains(rect.top()) && seen.contains(rect.bottom()),
            "`{name}` at {:?} is out of {seen:?}, after {names:?}",
            rect.y_range()
        );
        names.push(name);
    }
    panic!("the keyboard never leaves the inspector: {names:?}");
}

#[test]
fn tab_brings_each_field_of_the_inspector_into_sight_there_and_back() {
    let mut desk = desk();
    let left = desk.window.text("Editing").left() - 60.0;
    let seen = Rangef::new(
        desk.window.text("2 threads, 4 steps").bottom(),
        desk.window.find(Role::Tab, "Problems*").y - 10.0,
    );
    let levels = desk.window.places(Role::ComboBox, "Level");
    assert!(
        !levels.iter().any(|rect| seen.contains(rect.center().y)),
        "all of the inspector is in sight, so there is nothing to test"
    );
    desk.window.click(Role::TextInput, "Name");
    let there = walk(&mut desk, Modifiers::NONE, seen, left);
    for field in ["Host", "Port", "Level"] {
        assert!(there.iter().any(|name| name == field), "{field}: {there:?}");
    }
    let back = walk(&mut desk, Modifiers::SHIFT, seen, left);
    assert!(back.iter().any(|name| name == "Name"), "{back:?}");
}

#[test]
fn several_are_chosen_deleted_and_brought_back() {
    let mut desk = desk();
    desk.window.click(Role::ListItem, "Step 1.1, *");
    desk.window
        .click_with(Role::ListItem, "Step 1.3, *", Modifiers::SHIFT);
    assert_eq!(desk.window.state().selection.places.len(), 3);
    desk.window
        .click_with(Role::ListItem, "Step 1.2, *", Modifiers::COMMAND);
    desk.window.key(Key::Delete);
    assert_eq!(desk.counts(), [1, 1]);
    desk.window.ctrl(Key::Z);
    assert_eq!(desk.counts(), [3, 1]);
    assert_eq!(desk.window.state().selection.places.len(), 2);
}

#[test]
fn a_thread_and_a_step_are_renamed_in_place() {
    let mut desk = desk();
    for (name, typed) in [("Thread 1, *", "Morning"), ("Step 1.1, *", "The feed")] {
        desk.window.click(Role::ListItem, name);
        desk.window.key(Key::F2);
        assert!(desk.window.state().renaming.is_some(), "{name}");
        desk.window.ctrl(Key::A);
        desk.window.write(typed);
        desk.window.key(Key::Enter);
        assert!(desk.window.state().renaming.is_none(), "{name}");
    }
    let thread = &desk.window.sequence().threads[0];
    assert_eq!(thread.name, "Morning");
    assert_eq!(thread.steps[0].name.as_deref(), Some("The feed"));
    let card = "Step 1.1, HR, Full Import, The feed";
    assert!(desk.window.shows(Role::ListItem, card));
}

#[test]
fn what_is_looked_for_is_found() {
    let mut desk = desk();
    desk.window.ctrl(Key::F);
    desk.window.write("export");
    let hits = |desk: &Desk| {
        let find = desk.window.state().find.as_ref();
        find.map(|find| find.hits.clone())
    };
    assert_eq!(hits(&desk), Some(vec![step(0, 2)]));
    assert!(desk.window.says("1 of 1"), "{}", desk.window.dump());
    desk.window.key(Key::Escape);
    assert_eq!(hits(&desk), None);
}

#[test]
fn steps_go_over_the_clipboard_as_a_file_and_other_text_is_refused() {
    let mut desk = desk();
    desk.window.click(Role::ListItem, "Step 1.2, *");
    let copied = desk.window.clipboard(Event::Copy).expect("a copy");
    assert!(
        copied.contains("<masequence") && copied.contains("Full Sync"),
        "{copied}"
    );
    assert!(!copied.contains("Full Import"), "{copied}");
    desk.window.clipboard(Event::Paste(copied));
    assert_eq!(desk.counts(), [4, 1]);
    let cut = desk.window.clipboard(Event::Cut).expect("a copy");
    assert_eq!(desk.counts(), [3, 1]);
    assert!(cut.contains("Full Sync"), "{cut}");
    desk.window
        .clipboard(Event::Paste("no sequence".to_owned()));
    assert_eq!(desk.counts(), [3, 1]);
    assert!(desk.window.says("Nothing was pasted"));
}

#[test]
fn unsaved_work_is_asked_about_before_the_window_closes() {
    let mut desk = desk();
    let closing = |desk: &mut Desk| {
        desk.window.close();
        assert!(!desk.window.is_closing());
        let dialog = desk.window.state().dialog.as_ref();
        assert!(matches!(dialog, Some(Dialog::Unsaved { .. })), "{dialog:?}");
    };
    desk.window.click(Role::ListItem, "Step 1.1, *");
    desk.window.key(Key::Delete);
    closing(&mut desk);
    desk.window.click(Role::Button, "Cancel");
    assert!(desk.window.state().dialog.is_none());
    closing(&mut desk);
    desk.window.key(Key::Escape);
    assert!(desk.window.state().dialog.is_none());
    assert!(!desk.window.is_closing());
    closing(&mut desk);
    desk.window.click(Role::Button, "Don’t save");
    assert!(desk.window.is_closing());
    assert_eq!(fs::read_to_string(&desk.file).expect("a file"), SEQUENCE);
}

#[test]
fn enter_saves_before_the_window_closes() {
    let mut desk = desk();
    desk.window.click(Role::ListItem, "Step 1.1, *");
    desk.window.key(Key::Delete);
    desk.window.close();
    desk.window.key(Key::Enter);
    desk.window
        .until("saved", |state| !state.document.is_modified());
    assert!(desk.window.is_closing());
    let saved = fs::read_to_string(&desk.file).expect("a file");
    assert!(!saved.contains("Full Import"), "{saved}");
}

#[test]
fn where_no_dialog_opens_a_path_is_typed() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("editing.xml");
    fs::write(&file, SEQUENCE).expect("a file");
    let mut window = Window::open(home.path());
    window.dialogs.answers.lock().push(Chosen::NoDialog);
    window.ctrl(Key::O);
    window.until("asked", |state| {
        matches!(state.dialog, Some(Dialog::Path { .. }))
    });
    window.type_into(Role::TextInput, "Path", "editing.xml");
    window.key(Key::Enter);
    assert!(
        window.says("Type the whole path, from the root or the drive on"),
        "{}",
        window.dump()
    );
    window.type_into(Role::TextInput, "Path", &file.to_string_lossy());
    window.key(Key::Enter);
    window.until("opened", |state| state.screen == Screen::Work);
    assert_eq!(window.state().document.file.as_ref(), Some(&file));
    assert_eq!(window.dialogs.questions.lock().len(), 1);
}

#[test]
fn what_lies_over_the_window_keeps_the_keyboard() {
    let home = tempfile::tempdir().expect("a folder");
    let mut window = Window::open(home.path());
    window.dialogs.answers.lock().push(Chosen::NoDialog);
    window.ctrl(Key::O);
    window.until("asked", |state| {
        matches!(state.dialog, Some(Dialog::Path { .. }))
    });
    window.click_at(egui::pos2(12.0, 500.0));
    window.write("/typed");
    let typed = |state: &masequencer::designer::State| match &state.dialog {
        Some(Dialog::Path { text, .. }) => text.clone(),
        other => panic!("{other:?}"),
    };
    window.until("typed", |state| typed(state).ends_with("/typed"));
    window.keys(Modifiers::ALT, Key::F);
    assert!(!window.says("Exit"), "{}", window.dump());
}

#[test]
fn a_cancelled_dialog_changes_nothing() {
    let mut desk = desk();
    desk.window.dialogs.answers.lock().push(Chosen::Cancelled);
    desk.window
        .keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    let dialogs = std::sync::Arc::clone(&desk.window.dialogs);
    desk.window
        .until("asked", move |_| !dialogs.questions.lock().is_empty());
    assert_eq!(desk.window.state().document.file.as_ref(), Some(&desk.file));
    assert!(desk.window.state().dialog.is_none());
}

#[test]
fn the_palette_performs_a_command() {
    let mut desk = desk();
    desk.window.ctrl(Key::K);
    desk.window.write("dark theme");
    desk.window.key(Key::Enter);
    assert_eq!(desk.window.state().settings.theme, ThemeChoice::Dark);
    assert!(desk.window.state().palette.is_none());
    desk.window.ctrl(Key::K);
    desk.window.key(Key::Escape);
    assert!(desk.window.state().palette.is_none());
}

#[test]
fn the_next_problem_is_shown_and_mended_by_keyboard() {
    let mut desk = desk();
    let problems = desk.window.state().problems.list.clone();
    let export = problems
        .iter()
        .position(|problem| problem.place == step(0, 2));
    let export = export.expect("an export that nobody confirms");
    for _ in 0..=export {
        desk.window.key(Key::F8);
    }
    let state = desk.window.state();
    assert_eq!(state.problems.current, Some(export));
    assert_eq!(state.selection.single(), Some(step(0, 2)));
    desk.window.ctrl(Key::Period);
    assert_eq!(desk.counts(), [4, 1]);
    desk.window.until("mended", |state| {
        state.problems.content == state.document.content
            && !state.problems.marks.contains_key(&step(0, 2))
    });
}

#[test]
fn f6_goes_round_the_panels_in_both_directions() {
    let mut desk = desk();
    desk.window.click(Role::ListItem, "Step 1.1, *");
    let round = [
        Panel::Inspector,
        Panel::Bottom,
        Panel::Server,
        Panel::Tree,
        Panel::Canvas,
    ];
    for panel in round {
        desk.window.key(Key::F6);
        assert_eq!(desk.window.state().focus, panel);
    }
    for panel in round.into_iter().rev().skip(1) {
        desk.window.keys(Modifiers::SHIFT, Key::F6);
        assert_eq!(desk.window.state().focus, panel);
    }
}

#[test]
fn the_keyboard_alone_moves_steps() {
    let mut desk = desk();
    desk.window.click(Role::ListItem, "Step 1.1, *");
    desk.window.keys(Modifiers::ALT, Key::ArrowDown);
    assert_eq!(desk.window.state().selection.single(), Some(step(0, 1)));
    desk.window.keys(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(desk.counts(), [2, 2]);
    desk.window.ctrl(Key::T);
    assert_eq!(desk.counts(), [2, 2, 0]);
}

#[test]
fn menus_perform_their_commands() {
    let mut desk = desk();
    desk.window.click_secondary(Role::ListItem, "Step 1.1, *");
    desk.window.click(Role::MenuItem, "Duplicate");
    assert_eq!(desk.counts(), [4, 1]);
    desk.window.click(Role::MenuItem, "Edit");
    desk.window.click(Role::MenuItem, "Undo*");
    assert_eq!(desk.counts(), [3, 1]);
}

#[test]
fn a_server_that_cannot_be_reached_is_named_with_the_reason() {
    let mut desk = desk();
    desk.window
        .type_into(Role::TextInput, "Server", "http://127.0.0.1:1");
    desk.window.type_into(Role::TextInput, "User", "CORP\\ada");
    desk.window
        .type_into(Role::PasswordInput, "Password", "not-told");
    desk.window.click(Role::Button, "Connect");
    desk.window.until("refused", |state| {
        matches!(state.connection, Connection::Failed { .. })
    });
    let connection = &desk.window.state().connection;
    let Connection::Failed { sentence, .. } = connection else {
        panic!("{connection:?}");
    };
    assert!(sentence.contains("127.0.0.1"), "{sentence}");
    assert!(!sentence.contains("not-told"), "{sentence}");
    assert!(desk.window.says(sentence), "{}", desk.window.dump());
    assert!(!desk.window.dump().contains("not-told"));
}

#[test]
fn the_filter_leaves_what_matches() {
    let mut desk = desk();
    desk.window.click(Role::Button, "Try the demo server");
    desk.window.until("agents are listed", |state| {
        let agents = state.connection.agents();
        agents.is_some_and(|agents| agents.read_at.is_some())
    });
    assert!(desk.window.shows(Role::TreeItem, "HR"));
    assert!(desk.window.shows(Role::TreeItem, "AD"));
    desk.window
        .type_into(Role::TextInput, "Filter agents and run profiles", "hr");
    assert!(desk.window.shows(Role::TreeItem, "HR"));
    assert!(!desk.window.shows(Role::TreeItem, "AD"));
    desk.window
        .type_into(Role::TextInput, "Filter agents and run profiles", "zzz");
    assert!(!desk.window.shows(Role::TreeItem, "HR"));
    assert!(desk.window.says("Nothing matches"));
}
