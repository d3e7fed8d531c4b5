//! What stands where there is nothing yet: what would be here, and how to get it.

use egui::{Response, Ui};

use super::paint::text;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, gap, tokens};

/// A large quiet icon, a title, a sentence and the ways out.
pub(in crate::ui) fn empty_state(
    ui: &mut Ui,
    icon: Icon,
    title: &str,
    sentence: &str,
    actions: impl FnOnce(&mut Ui),
) -> Response {
    const WIDTH: f32 = 340.0;
    const ICON: f32 = 36.0;
    let tokens = tokens(ui);
    ui.vertical_centered(|ui| {
        ui.set_max_width(WIDTH.min(ui.available_width()));
        ui.add_space(gap::FAR);
        icons::show(ui, icon, ICON, tokens.text_tertiary);
        ui.add_space(gap::NEAR);
        text(ui, title, Role::Section, tokens.text_primary);
        ui.add_space(gap::HAIR);
        text(ui, sentence, Role::Body, tokens.text_secondary);
        ui.add_space(gap::APART);
        actions(ui);
        ui.add_space(gap::FAR);
    })
    .response
}
