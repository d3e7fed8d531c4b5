//! How the inspector answers: what is typed reaches the document, what cannot be read does not.

use std::time::Duration;

use egui::accesskit::Role as Part;
use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;

use super::*;
use crate::designer::words::inspector as words;
use crate::designer::{Msg, Screen, Select, State, recipe, update};
use crate::model::{Sequence, Step, StepKind, Thread};
use crate::settings::Settings;
use crate::ui::theme::{LookChoice, apply};

/// The inspector over a state of its own.
struct World {
    state: State,
    memory: Memory,
}

const STEP: Place = Place::Step { thread: 0, step: 0 };

fn harness(place: Place) -> Harness<'static, World> {
    let mut state = State::new(Settings::default());
    let mut thread = Thread::new("First");
    thread.steps.push(Step::new(StepKind::Delay {
        duration: Duration::from_secs(30),
    }));
    let sequence = Sequence {
        threads: vec![thread],
        ..Sequence::default()
    };
    state.document = crate::designer::Document::new(sequence);
    state.screen = Screen::Work;
    update(&mut state, Msg::Select(Select::One(place)));
    let world = World {
        state,
        memory: Memory::default(),
    };
    let draw = |ui: &mut Ui, world: &mut World| {
        ui.ctx()
            .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
        apply(ui.ctx(), LookChoice::Light, false);
        let mut out = Vec::new();
        let mut view = View::new(&world.state, Timestamp::UNIX_EPOCH, &mut out);
        show(ui, &mut view, &mut world.memory);
        for msg in out {
            update(&mut world.state, msg);
        }
    };
    let mut harness = Harness::builder()
        .with_size(vec2(328.0, 1200.0))
        .build_ui_state(draw, world);
    harness.run();
    harness
}

fn step(harness: &Harness<'_, World>) -> Step {
    let sequence = &harness.state().state.document.sequence;
    sequence.step(STEP).unwrap().clone()
}

/// Types into a field as a person does, over what is in it.
fn type_over(harness: &mut Harness<'_, World>, field: &str, text: &str) {
    harness
        .get_by_role_and_label(Part::TextInput, field)
        .focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run();
    let field = harness.get_by_role_and_label(Part::TextInput, field);
    field.type_text(text);
    harness.run();
}

#[test]
fn what_is_typed_changes_the_document_at_once() {
    let mut harness = harness(STEP);
    type_over(&mut harness, words::TIMEOUT, "1h30m");
    assert_eq!(step(&harness).timeout, Some(Duration::from_mins(90)));
    harness.key_press(Key::Tab);
    harness.run();
    let field = harness.get_by_role_and_label(Part::TextInput, words::TIMEOUT);
    assert_eq!(field.value().as_deref(), Some("1 h 30 min"));
}

#[test]
fn what_cannot_be_read_stays_until_it_is_mended_or_given_up() {
    let mut harness = harness(STEP);
    type_over(&mut harness, words::DURATION, "soon");
    harness.get_by_label(words::SPAN_EXPECTED);
    harness.key_press(Key::Tab);
    harness.run();
    let delay = StepKind::Delay {
        duration: Duration::from_secs(30),
    };
    assert_eq!(step(&harness).kind, delay);
    let field = |harness: &Harness<'_, World>| {
        let field = harness.get_by_role_and_label(Part::TextInput, words::DURATION);
        field.value()
    };
    assert_eq!(field(&harness).as_deref(), Some("soon"));
    harness
        .get_by_role_and_label(Part::TextInput, words::DURATION)
        .focus();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(field(&harness).as_deref(), Some("30 s"));
    assert!(harness.query_by_label(words::SPAN_EXPECTED).is_none());
}

#[test]
fn a_value_goes_back_to_its_default() {
    let mut harness = harness(STEP);
    type_over(&mut harness, words::NAME, "Rest");
    assert_eq!(step(&harness).name.as_deref(), Some("Rest"));
    harness
        .get_by_role_and_label(Part::Button, words::RESET)
        .click();
    harness.run();
    assert_eq!(step(&harness).name, None);
}

#[test]
fn a_copy_before_a_step_is_two_paths() {
    let mut harness = harness(STEP);
    let buttons = harness.get_all_by_label(words::ADD_COPY);
    let first = buttons.into_iter().next().unwrap();
    first.click();
    harness.run();
    type_over(&mut harness, words::COPY_FROM, "in/hr.csv");
    type_over(&mut harness, words::COPY_TO, "work/hr.csv");
    let pre = step(&harness).processing.pre;
    let [command] = pre.as_slice() else {
        panic!("{pre:?}");
    };
    assert_eq!(recipe::copied(command), Some(("in/hr.csv", "work/hr.csv")));
    harness
        .get_by_role_and_label(Part::Button, words::REMOVE)
        .click();
    harness.run();
    assert!(step(&harness).processing.is_empty());
}

#[test]
fn a_thread_is_switched_off_and_renamed() {
    let mut harness = harness(Place::Thread(0));
    harness
        .get_by_role_and_label(Part::Switch, words::ENABLED)
        .click();
    harness.run();
    type_over(&mut harness, words::NAME, "Inbound");
    let thread = harness.state().state.document.sequence.thread(0).unwrap();
    assert!(!thread.enabled);
    assert_eq!(thread.name, "Inbound");
}

#[test]
fn nothing_chosen_shows_the_sequence() {
    let mut harness = harness(Place::Sequence);
    type_over(&mut harness, words::HOST, "mim01");
    type_over(&mut harness, words::PORT, "70000");
    harness.get_by_label(words::PORT_EXPECTED);
    let server = &harness.state().state.document.sequence.server;
    assert_eq!(server.host.as_deref(), Some("mim01"));
    assert_eq!(server.port, None);
}

#[test]
fn what_is_half_typed_does_not_go_on_in_another_document() {
    let mut harness = harness(STEP);
    type_over(&mut harness, words::DURATION, "soon");
    let field = |harness: &Harness<'_, World>| {
        let field = harness.get_by_role_and_label(Part::TextInput, words::DURATION);
        field.value().unwrap_or_default()
    };
    assert_eq!(field(&harness), "soon");
    let other = (*harness.state().state.document.sequence).clone();
    let state = &mut harness.state_mut().state;
    update(state, Msg::OpenFile("/data/b.xml".into()));
    update(
        state,
        Msg::Answer(crate::designer::Answer::Opened {
            file: "/data/b.xml".into(),
            sequence: Box::new(other),
            stamp: crate::designer::FileStamp::of_no_file(),
            at: Timestamp::UNIX_EPOCH,
        }),
    );
    update(state, Msg::Select(Select::One(STEP)));
    harness.run();
    assert_eq!(field(&harness), "30 s");
}
