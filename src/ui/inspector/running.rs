//! The state of the chosen step during a run.

use egui::Ui;

use crate::ui::view::View;

/// Draws it.
pub(super) fn show(_ui: &mut Ui, _view: &mut View<'_>) {}
