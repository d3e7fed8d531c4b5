//! Whether the person steers with the keyboard, so that the focus ring shows only then.

use egui::{Context, Event, Key, RawInput};

/// Whether the last thing the person did was to press a key that moves or acts.
pub(in crate::ui) fn by_keyboard(ctx: &Context) -> bool {
    ctx.plugin_opt::<Keyboard>()
        .is_some_and(|keyboard| keyboard.lock().is_last)
}

/// Watches the input from now on; asking twice changes nothing.
pub(super) fn install(ctx: &Context) {
    ctx.add_plugin(Keyboard { is_last: false });
}

struct Keyboard {
    is_last: bool,
}

impl egui::Plugin for Keyboard {
    fn debug_name(&self) -> &'static str {
        "theme-keyboard"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        if let Some(keyboard) = input.events.iter().rev().find_map(told_by) {
            self.is_last = keyboard;
        }
    }
}

/// Typing a letter into a field says nothing about how the person moves.
fn told_by(event: &Event) -> Option<bool> {
    match event {
        Event::Key {
            key:
                Key::Tab
                | Key::Enter
                | Key::Space
                | Key::Escape
                | Key::ArrowUp
                | Key::ArrowDown
                | Key::ArrowLeft
                | Key::ArrowRight
                | Key::Home
                | Key::End
                | Key::PageUp
                | Key::PageDown
                | Key::F6
                | Key::F8,
            pressed: true,
            ..
        } => Some(true),
        Event::PointerButton { pressed: true, .. } => Some(false),
        _ => None,
    }
}
