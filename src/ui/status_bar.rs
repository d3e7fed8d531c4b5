//! The status bar: how things stand, in a few words each.

use egui::{Align, Color32, Layout, Role as Part, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::designer::words::{servers, status as words};
use crate::designer::{Command, Screen};

use super::theme::{Role, Status, gap, radius, size, tokens};
use super::view::View;
use super::widgets::{focus_ring, layout, text, tooltip};

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = gap::CLOSE;
        ui.add_space(gap::PANEL);
        left(ui, view);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(gap::PANEL);
            right(ui, view);
        });
    });
}

fn left(ui: &mut Ui, view: &mut View<'_>) {
    let state = view.state;
    let plain = tokens(ui).text_secondary;
    word(ui, &servers::state(&state.connection), plain);
    if let Some(signed_on) = servers::signed_on(&state.connection) {
        dot(ui);
        word(ui, signed_on, plain);
    }
    if let Some(agents) = state.connection.agents() {
        dot(ui);
        word(ui, &servers::agents(agents.list.len()), plain);
    }
    if state.screen == Screen::Welcome {
        return;
    }
    dot(ui);
    let command = (Command::ShowProblems, words::SHOW_PROBLEMS);
    button(ui, view, command, &words::problems(state));
    dot(ui);
    let colour = if state.document.is_modified() {
        tokens(ui).status(Status::Warning).text
    } else {
        plain
    };
    word(ui, words::saved(state), colour);
    if let Some(selected) = words::selected(state) {
        dot(ui);
        word(ui, &selected, plain);
    }
}

/// From the right edge to the left.
fn right(ui: &mut Ui, view: &mut View<'_>) {
    let state = view.state;
    let plain = tokens(ui).text_secondary;
    let percent = state.settings.scale_percent;
    if percent != 100 {
        let command = (Command::ZoomReset, words::ACTUAL_SIZE);
        button(ui, view, command, &words::zoom(percent));
        if state.screen == Screen::Work {
            dot(ui);
        }
    }
    if state.screen == Screen::Welcome {
        return;
    }
    word(ui, &words::extent(state), plain);
    if let Some(watch) = &state.watch {
        dot(ui);
        word(ui, &words::run(watch, &jiff::tz::TimeZone::system()), plain);
    }
}

fn word(ui: &mut Ui, word: &str, colour: Color32) {
    if ui.available_width() > 30.0 {
        text(ui, word, Role::Small, colour);
    }
}

fn dot(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
    let colour = tokens(ui).text_tertiary;
    ui.painter().circle_filled(rect.center(), 1.5, colour);
}

/// A word that does something.
fn button(ui: &mut Ui, view: &mut View<'_>, (command, tip): (Command, &str), word: &str) {
    let look = tokens(ui);
    let galley = layout(
        ui.painter(),
        word,
        Role::Small,
        ui.available_width().max(20.0),
    );
    let wanted = vec2(galley.size().x, size::STATUS_BAR - 6.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::Button, ui.is_enabled(), tip);
        info.current_text_value = Some(word.to_owned());
        info
    });
    let colour = if response.hovered() {
        look.accent_text
    } else {
        look.text_secondary
    };
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, colour);
    if response.hovered() {
        let line = Stroke::new(1.0, colour);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 2.5, line);
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    focus_ring(ui, &response, rect, radius::CHART);
    let key = command.shortcuts().first().map(ToString::to_string);
    tooltip(&response, tip, key.as_deref());
    if response.clicked() {
        view.command(command);
    }
}
