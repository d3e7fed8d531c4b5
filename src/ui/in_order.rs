//! Several inputs that fell into one slow frame: each is read where the one before it has led.
//!
//! A key may open a field and the next letter is meant for it; a press may seize a card and the
//! movement after it is a drag of that card. Egui hands over everything of a frame at once, so what
//! follows such an input waits for a frame of its own. Must not drop or reorder anything.

use std::collections::VecDeque;

use egui::{Context, Event, Key, Pos2, RawInput, Ui};

/// How many frames it takes until a key has moved the keyboard: its command is performed at the end
/// of the first, the field is drawn and asks for the keyboard in the second.
const SETTLING: u8 = 2;

/// So many inputs wait at most; a window that is behind by more catches up at once.
const MOST: usize = 256;

/// Hands inputs to egui in portions.
#[derive(Default)]
pub(in crate::ui) struct InOrder {
    waiting: VecDeque<Event>,
    settling: u8,
}

impl egui::Plugin for InOrder {
    fn debug_name(&self) -> &'static str {
        "in-order"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        self.portion(&mut input.events);
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        if self.settling > 0 || !self.waiting.is_empty() {
            ui.ctx().request_repaint();
        }
    }
}

impl InOrder {
    /// Leaves in `events` what this frame may read.
    fn portion(&mut self, events: &mut Vec<Event>) {
        self.waiting.extend(events.drain(..));
        if self.waiting.len() > MOST {
            self.settling = 0;
            events.extend(self.waiting.drain(..));
            return;
        }
        if self.settling > 0 {
            self.settling -= 1;
            return;
        }
        let mut seen = Seen::default();
        while let Some(event) = self.waiting.pop_front() {
            if seen.must_come_before(&event) {
                self.waiting.push_front(event);
                return;
            }
            seen.note(&event);
            let leads_on = leads_on(&event);
            events.push(event);
            if leads_on {
                self.settling = SETTLING;
                return;
            }
        }
    }
}

/// What a portion holds already.
#[derive(Default)]
struct Seen {
    is_typed: bool,
    button: Option<Pos2>,
}

impl Seen {
    /// Whether what was seen is to take effect before this input is read.
    fn must_come_before(&self, event: &Event) -> bool {
        match event {
            Event::PointerMoved(at) => self.button.is_some_and(|pressed| pressed != *at),
            Event::PointerButton { .. } => self.is_typed,
            Event::Text(_) => self.button.is_some(),
            Event::Copy | Event::Cut | Event::Paste(_) => self.is_typed || self.button.is_some(),
            event => is_steering(event) && (self.is_typed || self.button.is_some()),
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::PointerButton { pos, .. } => self.button = Some(*pos),
            Event::Text(_)
            | Event::Paste(_)
            | Event::Copy
            | Event::Cut
            | Event::Key { pressed: true, .. } => {
                self.is_typed = true;
            }
            _ => {}
        }
    }
}

/// Whether a key does more than write: what it does depends on everything before it. A key that is
/// held may not fall behind.
const fn is_steering(event: &Event) -> bool {
    let Event::Key {
        key,
        pressed: true,
        repeat: false,
        ..
    } = event
    else {
        return false;
    };
    leads_on(event)
        || matches!(
            key,
            Key::ArrowUp
                | Key::ArrowDown
                | Key::ArrowLeft
                | Key::ArrowRight
                | Key::PageUp
                | Key::PageDown
        )
}

/// Whether a key may move the keyboard, so that the next input is meant for another place.
const fn leads_on(event: &Event) -> bool {
    let Event::Key {
        key,
        pressed: true,
        repeat: false,
        modifiers,
        ..
    } = event
    else {
        return false;
    };
    let is_modifier = matches!(
        key,
        Key::AltLeft
            | Key::AltRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::ShiftLeft
            | Key::ShiftRight
    );
    if is_modifier {
        return false;
    }
    // Alt and Ctrl together write signs on many keyboards.
    (modifiers.alt != (modifiers.ctrl || modifiers.command))
        || matches!(
            key,
            Key::Enter
                | Key::Tab
                | Key::Escape
                | Key::F1
                | Key::F2
                | Key::F3
                | Key::F4
                | Key::F5
                | Key::F6
                | Key::F7
                | Key::F8
                | Key::F9
                | Key::F10
                | Key::F11
                | Key::F12
        )
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, PointerButton, pos2};

    use super::*;

    fn key(key: Key, modifiers: Modifiers) -> Event {
        Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        }
    }

    fn plain(of: Key) -> Event {
        key(of, Modifiers::NONE)
    }

    fn text(text: &str) -> Event {
        Event::Text(text.to_owned())
    }

    fn button(x: f32, pressed: bool) -> Event {
        Event::PointerButton {
            pos: pos2(x, 0.0),
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        }
    }

    fn moved(x: f32) -> Event {
        Event::PointerMoved(pos2(x, 0.0))
    }

    #[test]
    fn each_input_is_read_where_the_one_before_has_led() {
        let table: Vec<(Vec<Event>, Vec<usize>)> = vec![
            // Letters go together, and a field takes its keys in order.
            (vec![plain(Key::A), text("a"), text("b")], vec![3]),
            (vec![plain(Key::F6), text("a"), text("b")], vec![1, 0, 0, 2]),
            (
                vec![key(Key::K, Modifiers::COMMAND | Modifiers::CTRL), text("a")],
                vec![1, 0, 0, 1],
            ),
            (
                vec![text("a"), plain(Key::Enter), text("b")],
                vec![1, 1, 0, 0, 1],
            ),
            (
                vec![plain(Key::ArrowDown), plain(Key::ArrowDown)],
                vec![1, 1],
            ),
            (vec![button(1.0, true), moved(9.0)], vec![1, 1]),
            (
                vec![
                    moved(1.0),
                    button(1.0, true),
                    moved(9.0),
                    button(9.0, false),
                    moved(20.0),
                ],
                vec![2, 2, 1],
            ),
            // A double click is one.
            (
                vec![
                    button(1.0, true),
                    button(1.0, false),
                    moved(1.0),
                    button(1.0, true),
                    button(1.0, false),
                ],
                vec![5],
            ),
            (vec![button(1.0, true), text("a")], vec![1, 1]),
        ];
        for (all, portions) in table {
            let mut order = InOrder::default();
            let mut read = Vec::new();
            let mut sizes = Vec::new();
            let mut events = all.clone();
            while read.len() < all.len() {
                order.portion(&mut events);
                sizes.push(events.len());
                read.append(&mut events);
                assert!(sizes.len() < 20, "{all:?}");
            }
            assert_eq!(read, all, "nothing is lost or changes places");
            assert_eq!(sizes, portions, "{all:?}");
        }
    }

    #[test]
    fn a_window_far_behind_catches_up_at_once() {
        let mut order = InOrder::default();
        let mut events = vec![plain(Key::F6); MOST + 1];
        order.portion(&mut events);
        assert_eq!(events.len(), MOST + 1);
    }
}
