//! Whether the person steers with the keyboard, so that the focus ring shows only then.

use egui::{Context, Event, Id, Key, RawInput};

/// Whether the last thing the person did was to press a key that moves or acts.
pub(in crate::ui) fn by_keyboard(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(id())).unwrap_or(false)
}

/// Watches the input from now on; asking twice changes nothing.
pub(super) fn install(ctx: &Context) {
    ctx.add_plugin(Watch);
}

fn id() -> Id {
    Id::unique("theme-by-keyboard")
}

struct Watch;

impl egui::Plugin for Watch {
    fn debug_name(&self) -> &'static str {
        "theme-by-keyboard"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        if let Some(keyboard) = input.events.iter().rev().find_map(told_by) {
            ctx.data_mut(|data| data.insert_temp(id(), keyboard));
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
