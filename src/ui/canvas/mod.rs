//! The threads as columns and their steps as cards.

use egui::Ui;

use crate::model::Place;

use super::view::View;

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {}

impl Memory {
    /// Scrolls to a place in the next frame.
    pub(in crate::ui) const fn reveal(&mut self, _place: Place) {}
}

/// Draws it.
pub(in crate::ui) fn show(_ui: &mut Ui, _view: &mut View<'_>, _memory: &mut Memory) {}
