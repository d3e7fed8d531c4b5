//! The server bar: the old tool's fields while no server is connected, one line when it is.

use egui::Ui;

use super::view::View;

/// Draws it.
pub(in crate::ui) fn show(_ui: &mut Ui, _view: &mut View<'_>) {}
