//! From where the tree has what it shows, and how old that is: one line for each source.

use egui::{Align, Layout, Ui, vec2};

use crate::designer::words::inventory as words;
use crate::designer::{Asked, Command};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Elide, IconButton, elided, tooltip};

/// How high a line is.
const HEIGHT: f32 = 26.0;

/// Draws the lines; none while the connected server is the only source.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let (state, now) = (view.state, view.now);
    let inventory = &state.inventory;
    if let Some(told) = &inventory.kept.told
        && state.asked() == Asked::Before
    {
        let tip = || words::told_tip(told);
        line(ui, (Icon::History, &words::told(told, now)), tip, |_| {});
    }
    if let Some(path) = &inventory.reading {
        let tip = || path.display().to_string();
        line(ui, (Icon::Open, &words::reading(path)), tip, |_| {});
    } else if let Some(export) = &inventory.kept.export {
        let tip = || words::export_tip(export);
        let text = words::export(export, now);
        line(ui, (Icon::Open, &text), tip, |ui| forget(ui, view));
    }
}

fn line(
    ui: &mut Ui,
    (icon, text): (Icon, &str),
    tip: impl FnOnce() -> String,
    end: impl FnOnce(&mut Ui),
) {
    let look = tokens(ui);
    let wanted = vec2(ui.available_width(), HEIGHT);
    ui.allocate_ui_with_layout(wanted, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_height(HEIGHT);
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        ui.add_space(10.0);
        end(ui);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = gap::NEAR;
            ui.add_space(gap::PANEL);
            icons::show(ui, icon, size::ICON_PILL, look.text_tertiary);
            let room = ui.available_width();
            let colour = look.text_secondary;
            let said = elided(ui, text, Role::Small, colour, Elide::Middle, room);
            if said.contains_pointer() {
                tooltip(&said, &tip(), None);
            }
        });
    });
}

fn forget(ui: &mut Ui, view: &mut View<'_>) {
    let command = Command::ForgetExport;
    let button = IconButton::new(Icon::Close, words::FORGET)
        .small()
        .enabled_or(command.availability(view.state));
    if button.show(ui).clicked() {
        view.command(command);
    }
}
