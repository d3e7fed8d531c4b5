//! Messages that pass.

use egui::Ui;

use super::view::View;

/// Draws it.
pub(in crate::ui) fn show(_ui: &mut Ui, _view: &mut View<'_>) {}
