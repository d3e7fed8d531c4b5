//! The server bar: connecting, and what is connected.

use egui::{Id, Ui};

use super::view::View;

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {}

/// The first field, which takes the keyboard.
pub(in crate::ui) fn first_id() -> Id {
    Id::unique("server-host")
}

/// Draws it.
pub(in crate::ui) fn show(_ui: &mut Ui, _view: &mut View<'_>, _memory: &mut Memory) {}
