//! The keys of the canvas that are no commands: moving, choosing, the menu, going on.

use egui::{Event, EventFilter, Key, Modifiers, Ui};

use crate::designer::{Command, Direction, Msg, Panel, Select};
use crate::model::Place;
use crate::ui::view::View;

use super::menu::{self, MenuKind};
use super::{Memory, id};

const ARROWS: [(Key, Direction); 6] = [
    (Key::ArrowUp, Direction::Up),
    (Key::ArrowDown, Direction::Down),
    (Key::ArrowLeft, Direction::Left),
    (Key::ArrowRight, Direction::Right),
    (Key::Home, Direction::Home),
    (Key::End, Direction::End),
];

/// Reads the keys while the canvas has the keyboard.
pub(super) fn read(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let has_focus = ui.memory(|memory| memory.has_focus(id()));
    if !has_focus {
        return;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: view.state.drag.is_some(),
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id(), filter));
    if view.state.renaming.is_some() || view.state.drag.is_some() || memory.menu.is_some() {
        return;
    }
    for (key, direction) in ARROWS {
        for (modifiers, extend) in [(Modifiers::SHIFT, true), (Modifiers::NONE, false)] {
            if pressed(ui, modifiers, key) {
                view.say(Msg::Cursor { direction, extend });
            }
        }
    }
    let cursor = if view.state.watch.is_some() {
        view.state.watched_place
    } else {
        view.state.selection.cursor
    };
    let Some(cursor) = cursor else {
        return;
    };
    if pressed(ui, Modifiers::NONE, Key::Space) {
        view.say(Msg::Select(Select::Toggle(cursor)));
    }
    if pressed(ui, Modifiers::NONE, Key::Enter) {
        match cursor {
            Place::Step { .. } => crate::ui::keys::focus(ui, Panel::Inspector),
            Place::Thread(_) | Place::Sequence if view.state.watch.is_none() => {
                view.command(Command::AddSelected);
            }
            Place::Thread(_) | Place::Sequence => {}
        }
    }
    let wants_menu =
        pressed(ui, Modifiers::NONE, Key::Menu) || pressed(ui, Modifiers::SHIFT, Key::F10);
    if wants_menu && let Some(rect) = memory.cursor_rect {
        let kind = match cursor {
            Place::Step { .. } => MenuKind::Step,
            Place::Thread(_) | Place::Sequence => MenuKind::Thread,
        };
        menu::open(view, &mut memory.menu, cursor, kind, rect.left_bottom());
    }
}

/// Whether a key was pressed with exactly these modifiers; nobody else sees it then. The event tells
/// what was held, since a quick hand has let go of Shift before the frame is drawn.
fn pressed(ui: &Ui, wanted: Modifiers, wanted_key: Key) -> bool {
    ui.input_mut(|input| {
        let before = input.events.len();
        input.events.retain(|event| {
            !matches!(
                event,
                Event::Key { key, pressed: true, modifiers, .. }
                    if *key == wanted_key && modifiers.matches_exact(wanted)
            )
        });
        input.events.len() < before
    })
}
