//! Panels, scales and themes, and that settings are stored only when they change.

use crate::settings::{Settings, ThemeChoice};

use super::super::super::{Command, Effect, Msg, Panel, PanelMsg, Screen, State, update};

fn work() -> State {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    state
}

fn stores(effects: &[Effect]) -> bool {
    let is_store = |effect: &Effect| matches!(effect, Effect::SaveSettings(_));
    effects.iter().any(is_store)
}

#[test]
fn the_keyboard_goes_round_the_open_panels() {
    let mut state = work();
    update(&mut state, Msg::Command(Command::ToggleInspector));
    let mut seen = Vec::new();
    for _ in 0..4 {
        update(&mut state, Msg::Command(Command::NextPanel));
        seen.push(state.focus);
    }
    assert_eq!(
        seen,
        [Panel::Bottom, Panel::Server, Panel::Tree, Panel::Canvas]
    );
    update(&mut state, Msg::Command(Command::PreviousPanel));
    assert_eq!(state.focus, Panel::Tree);
    update(&mut state, Msg::Command(Command::ToggleTree));
    assert_eq!(state.focus, Panel::Canvas, "a hidden panel has no keyboard");
}

#[test]
fn the_scale_has_its_limits() {
    let mut state = work();
    assert!(Command::ZoomOut.availability(&state).is_err());
    let mut scales = Vec::new();
    while Command::ZoomIn.availability(&state).is_ok() {
        update(&mut state, Msg::Command(Command::ZoomIn));
        scales.push(state.settings.scale_percent);
    }
    assert_eq!(scales, [110, 125, 150, 175, 200, 250, 300]);
    update(&mut state, Msg::Command(Command::ZoomOut));
    assert_eq!(state.settings.scale_percent, 250);
    update(&mut state, Msg::Command(Command::ZoomReset));
    assert_eq!(state.settings.scale_percent, 100);
}

#[test]
fn choices_are_marked_and_stored_once() {
    let mut state = work();
    assert!(Command::ThemeSystem.is_on(&state));
    assert!(stores(&update(
        &mut state,
        Msg::Command(Command::ThemeDark)
    )));
    assert_eq!(state.settings.theme, ThemeChoice::Dark);
    assert!(Command::ThemeDark.is_on(&state));
    assert!(!stores(&update(
        &mut state,
        Msg::Command(Command::ThemeDark)
    )));
    assert!(stores(&update(&mut state, Msg::Command(Command::ShowLog))));
    assert!(Command::ShowLog.is_on(&state));
    update(&mut state, Msg::Command(Command::ToggleBottom));
    assert!(!Command::ShowLog.is_on(&state), "nobody sees it");
    let sizes = PanelMsg::Sizes(f32::NAN, 1.0, 200.0);
    update(&mut state, Msg::Panel(sizes));
    let panels = state.settings.panels;
    assert!(panels.tree.is_finite() && panels.inspector >= 80.0);
}
