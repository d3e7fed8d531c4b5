//! The tree of management agents and run profiles, and the building blocks.

use egui::Ui;

use super::view::View;

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {}

/// Draws it.
pub(in crate::ui) fn show(_ui: &mut Ui, _view: &mut View<'_>, _memory: &mut Memory) {}

/// The list of agents, which takes the keyboard.
pub(in crate::ui) fn list_id() -> egui::Id {
    egui::Id::unique("tree-rows")
}
