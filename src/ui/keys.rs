//! The keyboard: keys become commands, F6 moves between panels.

use egui::Ui;

use crate::designer::Panel;

use super::view::View;

/// Reads the keys of this frame that belong to commands.
pub(in crate::ui) fn read(_ui: &Ui, _view: &mut View<'_>) {}

/// Moves the keyboard to a panel.
pub(in crate::ui) fn focus(_ui: &Ui, _panel: Panel) {}
