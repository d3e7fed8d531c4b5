//! The canvas under a hand and a keyboard: what is drawn, and what becomes of what is done.

use std::sync::Arc;

use egui::accesskit::Role as Part;
use egui::{Key, Modifiers, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;

use crate::designer::{self, DropPoint, FindMsg, Msg, Screen, Select, State};
use crate::mim::{AgentName, ProfileName};
use crate::model::{Place, RunProfileStep, Sequence, Step, StepKind, Thread};
use crate::settings::Settings;
use crate::ui::theme::{self, LookChoice};
use crate::ui::view::View;

use super::Memory;

struct Rig {
    state: State,
    memory: Memory,
}

fn step(name: &str) -> Step {
    Step::new(StepKind::RunProfile(RunProfileStep {
        agent: AgentName::new(name).unwrap(),
        profile: ProfileName::new("Delta Import").unwrap(),
        step_type: None,
    }))
}

fn sequence(threads: &[usize]) -> Sequence {
    let threads = threads.iter().enumerate().map(|(thread, count)| Thread {
        steps: (0..*count)
            .map(|index| step(&format!("Agent {}-{}", thread + 1, index + 1)))
            .collect(),
        ..Thread::new(format!("Name {}", thread + 1))
    });
    Sequence {
        threads: threads.collect(),
        ..Sequence::default()
    }
}

fn rig(threads: &[usize]) -> Harness<'static, Rig> {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    state.document.sequence = Arc::new(sequence(threads));
    let rig = Rig {
        state,
        memory: Memory::default(),
    };
    let mut harness = Harness::builder()
        .with_size([900.0, 600.0])
        .with_max_steps(12)
        .with_context_setup(|ctx| theme::apply(ctx, LookChoice::Light, false))
        .build_ui_state(
            |ui, rig: &mut Rig| {
                let mut out = Vec::new();
                let mut view = View::new(&rig.state, Timestamp::UNIX_EPOCH, &mut out);
                super::show(ui, &mut view, &mut rig.memory);
                for msg in out {
                    for effect in designer::update(&mut rig.state, msg) {
                        if let designer::Effect::Reveal(place) = effect {
                            rig.memory.reveal(place);
                        }
                    }
                    ui.ctx().request_repaint();
                }
            },
            rig,
        );
    harness.run();
    harness
}

fn agents(harness: &Harness<'_, Rig>, thread: usize) -> Vec<String> {
    let steps = &harness.state().state.document.sequence.threads[thread].steps;
    let names = steps.iter().filter_map(Step::run_profile);
    names.map(|step| step.agent.as_str().to_owned()).collect()
}

fn middle(harness: &Harness<'_, Rig>, label: &str) -> Pos2 {
    harness
        .get_by(|node| node.label().is_some_and(|text| text.starts_with(label)))
        .rect()
        .center()
}

fn drag(harness: &mut Harness<'_, Rig>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for part in [0.3, 0.7, 1.0] {
        harness.hover_at(from + (to - from) * part);
        harness.step();
    }
    harness.step();
}

fn card(thread: usize, step: usize) -> Place {
    Place::Step { thread, step }
}

#[test]
fn a_step_is_dragged_into_another_thread() {
    let mut harness = rig(&[3, 2]);
    let from = middle(&harness, "Step 1.1,");
    let to = middle(&harness, "Step 2.2,") + egui::vec2(0.0, 12.0);
    drag(&mut harness, from, to);
    let target = harness.state().state.drag.as_ref().unwrap().target;
    assert_eq!(target, Some(DropPoint::In { thread: 1, step: 2 }));
    harness.drop_at(to);
    harness.run();
    assert_eq!(agents(&harness, 0), ["Agent 1-2", "Agent 1-3"]);
    assert_eq!(agents(&harness, 1), ["Agent 2-1", "Agent 2-2", "Agent 1-1"]);
    assert!(harness.state().state.drag.is_none());
}

#[test]
fn escape_ends_a_drag_without_a_change() {
    for modifiers in [Modifiers::NONE, Modifiers::COMMAND] {
        let mut harness = rig(&[3, 2]);
        let from = middle(&harness, "Step 1.1,");
        let to = middle(&harness, "Step 2.2,");
        drag(&mut harness, from, to);
        assert!(harness.state().state.drag.is_some());
        harness.key_press_modifiers(modifiers, Key::Escape);
        harness.run();
        assert!(harness.state().state.drag.is_none());
        harness.drop_at(to);
        harness.run();
        assert_eq!(agents(&harness, 0).len(), 3);
        assert_eq!(agents(&harness, 1).len(), 2);
    }
}

#[test]
fn a_step_between_two_threads_begins_a_new_one() {
    let mut harness = rig(&[3, 2]);
    let from = middle(&harness, "Step 1.1,");
    let second = harness.get_by_label("Thread 2, Name 2, 2 steps").rect();
    let to = pos2(second.left() - 5.0, from.y);
    drag(&mut harness, from, to);
    harness.drop_at(to);
    harness.run();
    assert_eq!(harness.state().state.document.sequence.threads.len(), 3);
    assert_eq!(agents(&harness, 1), ["Agent 1-1"]);
}

#[test]
fn a_thread_is_dragged_by_its_head() {
    let mut harness = rig(&[1, 1, 1]);
    let from = middle(&harness, "Thread 1,");
    let to = middle(&harness, "Thread 3,") + egui::vec2(60.0, 40.0);
    drag(&mut harness, from, to);
    harness.drop_at(to);
    harness.run();
    let threads = &harness.state().state.document.sequence.threads;
    let names: Vec<&str> = threads.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Name 2", "Name 3", "Name 1"]);
}

#[test]
fn a_small_movement_is_a_click() {
    let mut harness = rig(&[3]);
    let at = middle(&harness, "Step 1.2,");
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
    harness.hover_at(at + egui::vec2(2.0, 1.0));
    harness.step();
    harness.drop_at(at + egui::vec2(2.0, 1.0));
    harness.run();
    assert_eq!(harness.state().state.selection.single(), Some(card(0, 1)));
}

#[test]
fn modifiers_choose_more_than_one() {
    let mut harness = rig(&[4]);
    let find = |harness: &Harness<'_, Rig>, label: &str| middle(harness, label);
    let at = find(&harness, "Step 1.1,");
    click(&mut harness, at, Modifiers::NONE);
    let at = find(&harness, "Step 1.3,");
    click(&mut harness, at, Modifiers::SHIFT);
    assert_eq!(harness.state().state.selection.places.len(), 3);
    let at = find(&harness, "Step 1.2,");
    click(&mut harness, at, Modifiers::COMMAND);
    let chosen: Vec<Place> = harness.state().state.selection.steps().collect();
    assert_eq!(chosen, [card(0, 0), card(0, 2)]);
}

fn click(harness: &mut Harness<'_, Rig>, at: Pos2, modifiers: Modifiers) {
    harness.hover_at(at);
    harness.step();
    for pressed in [true, false] {
        let button = egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers,
        };
        harness.event_modifiers(button, modifiers);
        harness.step();
    }
    // A second click that comes at once would be a double click.
    harness.run_steps(40);
}

#[test]
fn the_keyboard_moves_and_chooses() {
    let mut harness = rig(&[3, 2]);
    let at = middle(&harness, "Step 1.1,");
    click(&mut harness, at, Modifiers::NONE);
    for (modifiers, key) in [
        (Modifiers::NONE, Key::ArrowDown),
        (Modifiers::NONE, Key::ArrowRight),
    ] {
        harness.key_press_modifiers(modifiers, key);
        harness.run();
    }
    assert_eq!(harness.state().state.selection.single(), Some(card(1, 1)));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
    harness.run();
    assert_eq!(harness.state().state.selection.places.len(), 2);
}

#[test]
fn enter_in_the_field_renames_and_escape_does_not() {
    for (key, name) in [(Key::Enter, "Morning"), (Key::Escape, "Name 1")] {
        let mut harness = rig(&[1]);
        let select = Msg::Select(Select::One(Place::Thread(0)));
        let _ = designer::update(&mut harness.state_mut().state, select);
        let rename = Msg::Command(designer::Command::Rename);
        let _ = designer::update(&mut harness.state_mut().state, rename);
        harness.run();
        harness
            .get_by_role_and_label(Part::TextInput, "Name")
            .type_text("Morning");
        harness.run();
        harness.key_press(key);
        harness.run();
        let state = &harness.state().state;
        assert_eq!(state.document.sequence.threads[0].name, name);
        assert_eq!(state.renaming, None);
    }
}

#[test]
fn the_menu_key_opens_the_menu_of_the_card() {
    let mut harness = rig(&[2]);
    let at = middle(&harness, "Step 1.1,");
    click(&mut harness, at, Modifiers::NONE);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run();
    assert!(harness.query_by_label("Duplicate").is_some());
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Duplicate").is_none());
}

#[test]
fn only_what_is_visible_is_drawn_and_the_rest_can_be_revealed() {
    let mut harness = rig(&[10_000, 1]);
    let cards = harness.get_all_by_role(Part::ListItem).count();
    assert!(cards < 20, "{cards} are drawn");
    harness.state_mut().memory.reveal(card(0, 7_000));
    harness.run();
    assert!(harness.query_by_label_contains("Step 1.7001,").is_some());
}

#[test]
fn a_thread_far_to_the_right_is_revealed() {
    let mut harness = rig(&[2; 30]);
    assert!(harness.query_by_label_contains("Step 25.2,").is_none());
    harness.state_mut().memory.reveal(card(24, 1));
    harness.run();
    assert!(harness.query_by_label_contains("Step 25.2,").is_some());
}

#[test]
fn what_is_typed_is_found() {
    let mut harness = rig(&[3]);
    let find = Msg::Command(designer::Command::Find);
    let _ = designer::update(&mut harness.state_mut().state, find);
    harness.run();
    let field = harness.get_by_role_and_label(Part::TextInput, "Find in sequence");
    field.type_text("Agent 1-3");
    harness.run();
    let hits = harness
        .state()
        .state
        .find
        .as_ref()
        .map(|find| find.hits.clone());
    assert_eq!(hits, Some(vec![card(0, 2)]));
    let _ = designer::update(&mut harness.state_mut().state, Msg::Find(FindMsg::Close));
    harness.run();
    assert!(harness.query_by_label("Find in sequence").is_none());
}

#[test]
fn nothing_moves_when_nothing_happens() {
    let harness = rig(&[3, 2]);
    let pause = harness
        .output()
        .viewport_output
        .values()
        .map(|output| output.repaint_delay)
        .min();
    assert_eq!(pause, Some(std::time::Duration::MAX));
}
