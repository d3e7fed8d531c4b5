//! The problems of what is chosen, with their fixes.

use egui::{Align, CornerRadius, Frame, Layout, Margin, Ui, vec2};

use crate::check::{Problem, Severity};
use crate::designer::words::{inspector as words, quotes::shown};
use crate::designer::{Command, Msg, fix};
use crate::model::Place;
use crate::ui::icons;
use crate::ui::theme::{Role, Status, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, ButtonKind, layout, status_icon, text};

/// The status of a severity.
pub(in crate::ui) const fn status(severity: Severity) -> Status {
    match severity {
        Severity::Error => Status::Error,
        Severity::Warning => Status::Warning,
        Severity::Note => Status::Info,
    }
}

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, place: Place) {
    let state = view.state;
    if place != Place::Sequence && !state.problems.marks.contains_key(&place) {
        return;
    }
    for (index, problem) in state.problems.list.iter().enumerate() {
        if problem.place == place {
            one(ui, view, index, problem);
        }
    }
}

fn one(ui: &mut Ui, view: &mut View<'_>, index: usize, problem: &Problem) {
    let status = status(problem.severity);
    let colours = tokens(ui).status(status);
    Frame::new()
        .fill(colours.tint)
        .corner_radius(CornerRadius::same(radius::BUTTON))
        .inner_margin(Margin::symmetric(9, 7))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.x = gap::CLOSE;
                icons::show(ui, status_icon(status), size::ICON_ROW, colours.text);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = gap::TIGHT;
                    let message = shown(&problem.message);
                    text(ui, &message, Role::Body, tokens(ui).text_primary);
                    actions(ui, view, index, problem);
                });
            });
        });
    ui.add_space(gap::CLOSE);
}

/// The room at each side of a link's word.
const LINK_SIDE: f32 = 10.0;

fn actions(ui: &mut Ui, view: &mut View<'_>, index: usize, problem: &Problem) {
    let fix = fix(view.state, problem);
    let width = |word: &str| {
        let galley = layout(ui.painter(), word, Role::Body, f32::INFINITY);
        galley.size().x + 2.0 * LINK_SIDE
    };
    let both = fix.as_ref().map_or(0.0, |fix| width(&fix.label)) + width(words::EXPLAIN);
    let is_narrow = both + gap::CLOSE > ui.available_width();
    if let Some(fix) = &fix {
        if is_narrow {
            line(ui, |ui| apply(ui, view, index, &fix.label));
        } else {
            line(ui, |ui| {
                apply(ui, view, index, &fix.label);
                explain(ui, view, index);
            });
            return;
        }
    }
    line(ui, |ui| {
        // A link has room around its word; the word itself is to stand under the sentence.
        ui.add_space(-LINK_SIDE);
        explain(ui, view, index);
    });
}

fn line(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let wanted = vec2(ui.available_width(), size::BUTTON_SMALL);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::CLOSE;
        content(ui);
    });
}

fn apply(ui: &mut Ui, view: &mut View<'_>, index: usize, label: &str) {
    let button = Button::new(label).small().tooltip(label);
    if button.show(ui).clicked() {
        view.say(Msg::FixProblem(index));
    }
}

fn explain(ui: &mut Ui, view: &mut View<'_>, index: usize) {
    let explain = Button::new(words::EXPLAIN).small().kind(ButtonKind::Link);
    if explain.show(ui).clicked() {
        view.say(Msg::ShowProblem(index));
        view.command(Command::ExplainProblem);
    }
}
