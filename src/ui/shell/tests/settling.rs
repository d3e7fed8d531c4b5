//! What moves comes to rest, and with motion off it is at its end in the first picture.

use egui::{Modifiers, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;

use super::{Nobody, connected};
use crate::designer::words::toasts;
use crate::designer::{Command, Panel, State, Toast, ToastKind};
use crate::ui::shell::Shell;
use crate::ui::theme::{self, LookChoice};

/// The pictures of a second; whatever moves must have ended by then.
const SECOND: u64 = 60;
/// More pictures than a change without movement needs, and fewer than any movement.
const STILL: u64 = 4;

fn window(state: State, moves: bool) -> Harness<'static, Shell> {
    let mut harness = Harness::builder()
        .with_size([1200.0, 800.0])
        .with_step_dt(1.0 / SECOND as f32)
        .with_max_steps(SECOND)
        .with_context_setup(|ctx| theme::apply(ctx, LookChoice::Light, false))
        .build_ui_state(
            |ui, shell: &mut Shell| shell.frame(ui, Timestamp::UNIX_EPOCH),
            Shell::showing(state, Box::new(Nobody)),
        );
    // Afterwards, since the harness by itself lets nothing move.
    theme::apply(&harness.ctx, LookChoice::Light, moves);
    harness.run();
    harness
}

fn threads(harness: &Harness<'_, Shell>) -> Rect {
    harness.state().memory.places.of(Panel::Canvas).unwrap()
}

/// Says it as the menus do.
fn fold(harness: &Harness<'_, Shell>, command: Command) {
    let keys = command.shortcuts().first().unwrap();
    let key = egui::Key::from_name(&keys.to_string()["Ctrl+".len()..]).unwrap();
    harness.key_press_modifiers(Modifiers::CTRL | Modifiers::COMMAND, key);
}

#[test]
fn panels_fold_and_come_to_rest() {
    for command in [
        Command::ToggleTree,
        Command::ToggleInspector,
        Command::ToggleBottom,
    ] {
        for moves in [true, false] {
            let mut harness = window(connected(), moves);
            let before = threads(&harness);
            fold(&harness, command);
            let pictures = harness.run();
            let folded = threads(&harness);
            assert!(folded.area() > before.area() + 1000.0, "{command:?}");
            assert_eq!(pictures > STILL, moves, "{command:?}: {pictures}");
            fold(&harness, command);
            let pictures = harness.run();
            assert_eq!(threads(&harness), before, "{command:?}");
            assert_eq!(pictures > STILL, moves, "{command:?}: {pictures}");
        }
    }
}

#[test]
fn a_panel_without_movement_is_at_its_end_in_the_picture_after_the_key() {
    let mut harness = window(connected(), false);
    fold(&harness, Command::ToggleTree);
    // The picture of the key, and the first one of the folded panel.
    harness.run_steps(2);
    let first = threads(&harness);
    harness.run();
    assert_eq!(threads(&harness), first);
}

fn told() -> State {
    let mut state = connected();
    state.toasts.push(Toast {
        id: 1,
        kind: ToastKind::Error,
        title: "It failed".to_owned(),
        text: String::new(),
        action: None,
    });
    state
}

#[test]
fn messages_come_and_go_and_come_to_rest() {
    for moves in [true, false] {
        let mut harness = window(connected(), moves);
        harness.state_mut().state = told();
        let pictures = harness.run();
        assert_eq!(pictures > STILL, moves, "{pictures}");
        let close = harness.get_by_label(toasts::CLOSE);
        let at = close.rect();
        close.click();
        let pictures = harness.run();
        assert!(harness.query_by_label(toasts::CLOSE).is_none(), "{at}");
        assert_eq!(pictures > STILL + 2, moves, "{pictures}");
    }
}
