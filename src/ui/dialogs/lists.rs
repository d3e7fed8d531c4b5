//! Dialogs with a list: copies of interrupted work, and runs to attach to.

use egui::{Align, Layout, Ui, vec2};
use jiff::Timestamp;

use crate::designer::words::dialogs_panel as words;
use crate::designer::{ListedRun, Msg, RecoveryCopy};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, gap, size, tokens};
use crate::ui::widgets::{Button, Elide, elided, separator};

/// The height of a row with two lines.
const ROW: f32 = 48.0;

/// Copies of interrupted work.
pub(super) fn recovery(ui: &mut Ui, copies: &[RecoveryCopy], now: Timestamp, said: &mut Vec<Msg>) {
    for (index, copy) in copies.iter().enumerate() {
        if index > 0 {
            separator(ui);
        }
        let (title, text) = (words::copy_of(copy), words::written(copy, now));
        two_lines(ui, Icon::History, (&title, &text), |ui| {
            if Button::new(words::RECOVER).small().show(ui).clicked() {
                said.push(Msg::Recover(copy.id.clone()));
            }
            if Button::new(words::DISCARD).small().show(ui).clicked() {
                said.push(Msg::DiscardRecovery(copy.id.clone()));
            }
        });
    }
}

/// Runs to attach to.
pub(super) fn runs(ui: &mut Ui, runs: &[ListedRun], now: Timestamp, said: &mut Vec<Msg>) {
    for (index, run) in runs.iter().enumerate() {
        if index > 0 {
            separator(ui);
        }
        let since = words::started(run, now);
        let file = run.file.as_deref().unwrap_or(words::NEVER_SAVED);
        let text = format!("{since} · {file}");
        two_lines(ui, Icon::Running, (&run.sequence, &text), |ui| {
            if Button::new(words::WATCH).small().show(ui).clicked() {
                said.push(Msg::AttachTo(run.socket.clone()));
            }
        });
    }
}

fn two_lines(ui: &mut Ui, icon: Icon, (title, line): (&str, &str), actions: impl FnOnce(&mut Ui)) {
    let tokens = tokens(ui);
    let wanted = vec2(ui.available_width(), ROW);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(ROW);
        icons::show(ui, icon, size::ICON_TOOLBAR, tokens.text_secondary);
        ui.add_space(gap::TIGHT);
        let room = ui.available_width() - 190.0;
        ui.vertical(|ui| {
            ui.add_space(gap::TIGHT);
            ui.spacing_mut().item_spacing.y = 0.0;
            elided(
                ui,
                title,
                Role::BodyStrong,
                tokens.text_primary,
                Elide::Middle,
                room,
            );
            elided(
                ui,
                line,
                Role::Small,
                tokens.text_tertiary,
                Elide::Middle,
                room,
            );
        });
        ui.with_layout(Layout::right_to_left(Align::Center), actions);
    });
}
