//! The whole window under a keyboard: menus, panels, tree and server bar.

mod settling;

use std::sync::Arc;

use egui::{Event, Key, Modifiers, Role as Part};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;

use super::{Performer, Shell};
use crate::designer::words::{server, tree_panel};
use crate::designer::{
    Agents, Command, ConnectedServer, Connection, DragSource, Effect, Menu, Msg, Panel, Screen,
    ServerChoice, State, Token,
};
use crate::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};
use crate::model::{Place, Sequence, Step, StepKind, Thread};
use crate::settings::Settings;
use crate::ui::theme::{self, LookChoice};

struct Nobody;

impl Performer for Nobody {
    fn perform(&mut self, _effect: Effect) {}

    fn answers(&mut self) -> Vec<Msg> {
        Vec::new()
    }
}

fn agent(name: &str, profile: &str) -> AgentInfo {
    AgentInfo {
        name: AgentName::new(name).unwrap(),
        guid: String::new(),
        agent_type: "SQL Server".to_owned(),
        state: AgentState::Idle { last_result: None },
        profiles: vec![ProfileInfo {
            name: ProfileName::new(profile).unwrap(),
            step_types: vec![StepType::DeltaImport],
        }],
    }
}

fn connected() -> State {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    state.document.sequence = Arc::new(Sequence {
        threads: vec![Thread::new("Inbound")],
        ..Sequence::default()
    });
    state.connection = Connection::Connected {
        token: Token(1),
        choice: ServerChoice::Demo,
        server: ConnectedServer {
            name: "mim01".to_owned(),
            ..ConnectedServer::default()
        },
        agents: Agents {
            list: vec![agent("HR", "Delta Import"), agent("Badge", "Nightly")].into(),
            read_at: Some(Timestamp::UNIX_EPOCH),
            ..Agents::default()
        },
    };
    state
}

fn window(state: State) -> Harness<'static, Shell> {
    let mut harness = Harness::builder()
        .with_size([1200.0, 800.0])
        .with_max_steps(20)
        .with_context_setup(|ctx| theme::apply(ctx, LookChoice::Light, false))
        .build_ui_state(
            |ui, shell: &mut Shell| shell.frame(ui, Timestamp::UNIX_EPOCH),
            Shell::showing(state, Box::new(Nobody)),
        );
    harness.run();
    harness
}

fn press(harness: &mut Harness<'_, Shell>, key: Key) {
    harness.key_press(key);
    harness.run();
}

fn types(harness: &mut Harness<'_, Shell>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run();
}

#[test]
fn f6_brings_the_keyboard_to_every_panel_and_back() {
    let mut harness = window(connected());
    let mut seen = Vec::new();
    for _ in 0..5 {
        press(&mut harness, Key::F6);
        let shell = harness.state();
        seen.push(shell.state().focus);
        let focused = harness.ctx.memory(|memory| memory.focused());
        assert!(focused.is_some(), "{:?}", shell.state().focus);
    }
    assert_eq!(
        seen,
        [
            Panel::Inspector,
            Panel::Bottom,
            Panel::Server,
            Panel::Tree,
            Panel::Canvas
        ]
    );
}

#[test]
fn alt_opens_the_menus_and_arrows_walk_them() {
    let mut harness = window(connected());
    press(&mut harness, Key::AltLeft);
    assert!(harness.query_by_label(Command::SaveAs.label()).is_some());
    press(&mut harness, Key::ArrowRight);
    assert!(harness.query_by_label(Command::SaveAs.label()).is_none());
    assert!(
        harness
            .query_by_label(Command::AddSelected.label())
            .is_some()
    );
    press(&mut harness, Key::Escape);
    assert!(
        harness
            .query_by_label(Command::AddSelected.label())
            .is_none()
    );
    harness.key_press_modifiers(Modifiers::ALT, Key::A);
    harness.run();
    assert!(Menu::Action.label().starts_with('A'));
    let item = Command::StartFromHere.label();
    assert!(harness.query_by_label(item).is_some());
}

#[test]
fn a_key_of_a_command_performs_it() {
    let mut harness = window(connected());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
    harness.run();
    assert_eq!(harness.state().state().document.sequence.threads.len(), 2);
}

#[test]
fn typing_in_the_tree_filters_and_enter_adds() {
    let mut harness = window(connected());
    for _ in 0..4 {
        press(&mut harness, Key::F6);
    }
    assert_eq!(harness.state().state().focus, Panel::Tree);
    types(&mut harness, "nigh");
    assert_eq!(harness.state().state().tree.filter, "nigh");
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    let threads = &harness.state().state().document.sequence.threads;
    let step = threads[0].steps[0].run_profile().unwrap();
    assert_eq!(
        (step.agent.as_str(), step.profile.as_str()),
        ("Badge", "Nightly")
    );
}

#[test]
fn the_password_reaches_no_screen_reader() {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    let mut harness = window(state);
    let field = harness.get_by(|node| {
        node.role() == Part::PasswordInput && node.label().as_deref() == Some(server::PASSWORD)
    });
    field.focus();
    harness.run();
    types(&mut harness, "hunter2");
    assert_eq!(harness.state().state().fields.password.reveal(), "hunter2");
    let told = harness.query_by(|node| {
        let value = node.value().unwrap_or_default();
        value.contains("hunter2") || node.label().is_some_and(|label| label.contains("hunter2"))
    });
    assert!(told.is_none());
}

#[test]
fn without_a_server_the_tree_says_what_to_do() {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    let mut harness = window(state);
    let button = harness
        .get_all_by_role_and_label(Part::Button, tree_panel::DEMO)
        .last();
    button.unwrap().click();
    harness.run_steps(3);
    let connection = &harness.state().state().connection;
    assert!(matches!(connection, Connection::Connecting { .. }));
}

/// Several inputs in one frame, as a slow machine delivers them.
fn at_once(harness: &mut Harness<'_, Shell>, events: Vec<Event>) {
    harness.input_mut().events.extend(events);
    harness.run();
}

fn pressed(key: Key, modifiers: Modifiers) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    }
}

#[test]
fn letters_right_after_f6_reach_the_panel() {
    let mut harness = window(connected());
    for _ in 0..3 {
        press(&mut harness, Key::F6);
    }
    let text = Event::Text("nigh".to_owned());
    at_once(&mut harness, vec![pressed(Key::F6, Modifiers::NONE), text]);
    assert_eq!(harness.state().state().focus, Panel::Tree);
    assert_eq!(harness.state().state().tree.filter, "nigh");
}

#[test]
fn enter_right_after_letters_runs_the_row_that_they_mean() {
    let mut harness = window(connected());
    let ctrl = Modifiers::COMMAND | Modifiers::CTRL;
    let text = Event::Text(Command::AddThread.label().to_owned());
    let keys = vec![
        pressed(Key::K, ctrl),
        text,
        pressed(Key::Enter, Modifiers::NONE),
    ];
    at_once(&mut harness, keys);
    let state = harness.state().state();
    assert!(state.palette.is_none());
    assert_eq!(state.document.sequence.threads.len(), 2);
    // Its name is what is typed next.
    let name = Event::Text("Outbound".to_owned());
    at_once(&mut harness, vec![name, pressed(Key::S, ctrl)]);
    let threads = &harness.state().state().document.sequence.threads;
    assert_eq!(threads[1].name, "Outbound");
}

#[test]
fn a_press_and_a_long_way_seize_what_is_under_the_press() {
    let mut state = connected();
    let delay = |seconds| {
        Step::new(StepKind::Delay {
            duration: std::time::Duration::from_secs(seconds),
        })
    };
    let mut sequence = Sequence::clone(&state.document.sequence);
    sequence.threads[0].steps = vec![delay(1), delay(2), delay(3)];
    state.document.sequence = Arc::new(sequence);
    let mut harness = window(state);
    let place = |number: &str| {
        let card = harness.get_by(|node| {
            let label = node.label().unwrap_or_default();
            label.starts_with(&format!("Step {number}"))
        });
        card.rect().center()
    };
    let (first, last) = (place("1.1"), place("1.3"));
    let button = |pos| Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed: true,
        modifiers: Modifiers::NONE,
    };
    let moves = vec![
        Event::PointerMoved(first),
        button(first),
        Event::PointerMoved(last),
    ];
    at_once(&mut harness, moves);
    let drag = harness.state().state().drag.as_ref().unwrap();
    let seized = Place::Step { thread: 0, step: 0 };
    assert_eq!(drag.source, DragSource::Steps(vec![seized]));
}
