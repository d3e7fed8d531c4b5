//! The list of problems, and what the current one means.

use std::sync::Arc;

use egui::{
    Align, Align2, Frame, Id, Key, Layout, Margin, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2,
    vec2,
};

use crate::check::{Problem, Severity};
use crate::designer::words::{bottom as words, inspector::place, quotes::shown};
use crate::designer::{Command, Msg, fix};
use crate::model::Sequence;
use crate::ui::icons::Icon;
use crate::ui::inspector::problems::status;
use crate::ui::theme::{Role, gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{
    Button, ButtonKind, Chip, Column, Elide, elided, pill, row, table_head, text, tooltip,
};

/// What it remembers by itself.
#[derive(Default)]
pub(super) struct Memory {
    hidden: [bool; 3],
    rows: Vec<usize>,
    counts: [usize; 3],
    fixes: Vec<Found>,
    of: Option<(Arc<Sequence>, u64, usize, [bool; 3])>,
    shown: Option<usize>,
}

/// Whether a fix was looked for.
#[derive(Clone)]
enum Found {
    NotYet,
    Label(Option<String>),
}

const KINDS: [(Severity, &str, Icon); 3] = [
    (Severity::Error, words::ERRORS, Icon::Error),
    (Severity::Warning, words::WARNINGS, Icon::Warning),
    (Severity::Note, words::NOTES, Icon::Info),
];

impl Memory {
    /// Brings the rows up to date with what the rules say.
    fn refresh(&mut self, view: &View<'_>) {
        let state = view.state;
        let problems = &state.problems;
        let list = problems.list.len();
        let is_same = self
            .of
            .as_ref()
            .is_some_and(|(sequence, content, count, hidden)| {
                Arc::ptr_eq(sequence, &state.document.sequence)
                    && (*content, *count, *hidden) == (problems.content, list, self.hidden)
            });
        if is_same {
            return;
        }
        let sequence = Arc::clone(&state.document.sequence);
        self.of = Some((sequence, problems.content, list, self.hidden));
        self.fixes = vec![Found::NotYet; list];
        self.rows.clear();
        self.counts = [0; 3];
        for (index, problem) in problems.list.iter().enumerate() {
            let kind = KINDS
                .iter()
                .position(|(severity, ..)| *severity == problem.severity);
            let kind = kind.unwrap_or_default();
            if let Some(count) = self.counts.get_mut(kind) {
                *count += 1;
            }
            if !self.hidden.get(kind).copied().unwrap_or_default() {
                self.rows.push(index);
            }
        }
    }

    /// The fix of a problem, found when it first comes into sight.
    fn fix(&mut self, view: &View<'_>, index: usize, problem: &Problem) -> Option<&str> {
        let slot = self.fixes.get_mut(index)?;
        if matches!(slot, Found::NotYet) {
            *slot = Found::Label(fix(view.state, problem).map(|fix| fix.label));
        }
        match slot {
            Found::Label(label) => label.as_deref(),
            Found::NotYet => None,
        }
    }
}

/// The chips that filter.
pub(super) fn tools(ui: &mut Ui, view: &View<'_>, memory: &mut Memory) {
    memory.refresh(view);
    for (index, (_, word, icon)) in KINDS.iter().enumerate().rev() {
        let count = memory.counts.get(index).copied().unwrap_or_default();
        let is_filter = memory.hidden.contains(&true);
        let is_shown = memory.hidden.get(index) == Some(&false);
        let label = words::counted(word, count);
        let chip = Chip::new(&label)
            .icon(*icon)
            .selected(is_filter && is_shown);
        if chip.tooltip(words::FILTER_TIP).show(ui).clicked() {
            memory.hidden = filtered(memory.hidden, index);
        }
    }
    let all = words::counted(words::ALL, memory.counts.iter().sum());
    let chip = Chip::new(&all).selected(!memory.hidden.contains(&true));
    if chip.tooltip(words::ALL_TIP).show(ui).clicked() {
        memory.hidden = [false; 3];
    }
}

/// What is hidden after a click on a kind: the first click leaves only it, the next ones add and take
/// away, and nothing at all means everything.
fn filtered(hidden: [bool; 3], clicked: usize) -> [bool; 3] {
    let is_filter = hidden.contains(&true);
    let mut new = if is_filter { hidden } else { [true; 3] };
    if let Some(kind) = new.get_mut(clicked) {
        *kind = !*kind;
    }
    if new == [true; 3] { [false; 3] } else { new }
}

/// Draws the list.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    const DETAIL: f32 = 328.0;
    memory.refresh(view);
    if memory.rows.is_empty() {
        let is_fine = view.state.problems.list.is_empty();
        let (icon, title, hint) = if is_fine {
            (Icon::Success, words::NO_PROBLEMS, words::NO_PROBLEMS_HINT)
        } else {
            (Icon::Filter, words::ALL_FILTERED, words::ALL_FILTERED_HINT)
        };
        super::empty(ui, icon, [title, hint], |_ui| {});
        return;
    }
    let whole = ui.max_rect();
    let has_detail = whole.width() > 2.0 * DETAIL;
    let split = if has_detail {
        whole.right() - DETAIL.min(whole.width() * 0.3)
    } else {
        whole.right()
    };
    let left = Rect::from_min_max(whole.min, pos2(split, whole.bottom()));
    // The words begin where those of the tabs do.
    let inset = Rect::from_min_max(left.min + vec2(gap::CLOSE, 0.0), left.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(inset).id_salt("problem-list"));
    child.shrink_clip_rect(left);
    list(&mut child, view, memory);
    if has_detail {
        let right = Rect::from_min_max(pos2(split, whole.top()), whole.max);
        let edge = Rect::from_min_max(right.min, pos2(split + 1.0, right.bottom()));
        ui.painter()
            .rect_filled(edge, 0.0, tokens(ui).stroke_subtle);
        let mut child = ui.new_child(UiBuilder::new().max_rect(right).id_salt("problem-detail"));
        child.shrink_clip_rect(right);
        detail(&mut child, view, memory);
    }
}

/// The widths of the columns.
#[derive(Clone, Copy)]
struct Widths {
    severity: f32,
    message: f32,
    place: f32,
    fix: f32,
}

impl Widths {
    fn of(width: f32) -> Self {
        let severity = 102.0;
        let place = 150.0;
        let fix = (width * 0.2).clamp(120.0, 240.0);
        let message = (width - severity - place - fix).max(120.0);
        Self {
            severity,
            message,
            place,
            fix,
        }
    }
}

fn list(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let widths = Widths::of(ui.available_width());
    let column = |title, width| Column {
        title,
        width,
        right: false,
    };
    let columns = [
        column(words::SEVERITY, widths.severity),
        column(words::PROBLEM, widths.message),
        column(words::PLACE, widths.place),
        column(words::SUGGESTED_FIX, widths.fix),
    ];
    table_head(ui, &columns);
    let current = view.state.problems.current;
    let mut scroll = ScrollArea::vertical()
        .id_salt("problem-rows")
        .auto_shrink(false);
    if memory.shown != current {
        memory.shown = current;
        let row = memory.rows.iter().position(|row| Some(*row) == current);
        if let Some(row) = row {
            let room = ui.available_height();
            let middle = row as f32 * size::ROW - room / 2.0 + size::ROW / 2.0;
            scroll = scroll.vertical_scroll_offset(middle.max(0.0));
        }
    }
    let count = memory.rows.len();
    scroll.show_rows(ui, size::ROW, count, |ui, range| {
        for at in range {
            let Some(index) = memory.rows.get(at).copied() else {
                continue;
            };
            if let Some(problem) = view.state.problems.list.get(index) {
                one(ui, view, memory, (index, problem), widths);
            }
        }
    });
}

fn one(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    (index, problem): (usize, &Problem),
    widths: Widths,
) {
    let is_current = view.state.problems.current == Some(index);
    let id = Id::unique(("bottom-problem", index));
    let mut is_fixed = false;
    let where_it_is = place(problem.place);
    let label = memory.fix(view, index, problem);
    let response = row(ui, (id, &problem.message), is_current, size::ROW, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        cell(ui, widths.severity, |ui| {
            pill(
                ui,
                status(problem.severity),
                words::severity(problem.severity),
            );
        });
        let look = tokens(ui);
        cell(ui, widths.message, |ui| {
            let room = ui.available_width() - gap::NEAR;
            elided(
                ui,
                &shown(&problem.message),
                Role::Body,
                look.text_primary,
                Elide::End,
                room,
            );
        });
        cell(ui, widths.place, |ui| {
            let room = ui.available_width() - gap::NEAR;
            elided(
                ui,
                &where_it_is,
                Role::Body,
                look.text_secondary,
                Elide::End,
                room,
            );
        });
        if let Some(label) = label {
            cell(ui, widths.fix - 2.0 * gap::NEAR, |ui| {
                is_fixed = link(ui, id.with("fix"), label);
            });
        }
    });
    let line = Rect::from_min_max(
        pos2(response.rect.left(), response.rect.bottom() - 1.0),
        response.rect.max,
    );
    ui.painter()
        .rect_filled(line, 0.0, tokens(ui).stroke_subtle);
    let enter = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if is_fixed {
        view.say(Msg::FixProblem(index));
    } else if response.clicked() || response.double_clicked() || enter {
        view.say(Msg::ShowProblem(index));
    }
}

fn cell(ui: &mut Ui, width: f32, show: impl FnOnce(&mut Ui)) {
    let (_, rect) = ui.allocate_space(vec2(width, size::ROW));
    let layout = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    child.shrink_clip_rect(rect);
    show(&mut child);
}

/// A fix as a link that takes no more room than its cell.
fn link(ui: &Ui, id: Id, label: &str) -> bool {
    let rect = ui.max_rect();
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, label));
    let colour = tokens(ui).accent_text;
    let at = (pos2(rect.left(), rect.center().y), Align2::LEFT_CENTER);
    let room = rect.width() - gap::NEAR;
    let (drawn, is_cut) = crate::ui::widgets::paint_elided(
        ui.painter(),
        at,
        label,
        (Role::Body, colour),
        Elide::End,
        room,
    );
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        let stroke = egui::Stroke::new(1.0, colour);
        ui.painter()
            .hline(drawn.x_range(), drawn.bottom() - 1.0, stroke);
    }
    crate::ui::widgets::focus_ring(ui, &response, drawn, 4);
    if is_cut {
        tooltip(&response, label, None);
    }
    response.clicked()
}

/// What the current problem means, and how to mend it.
fn detail(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let current = view.state.problems.current;
    let found = current.and_then(|index| Some((index, view.state.problems.list.get(index)?)));
    ScrollArea::vertical()
        .id_salt(("problem-text", current))
        .auto_shrink(false)
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::symmetric(gap::PANEL as i8, 10))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing = vec2(gap::CLOSE, gap::TIGHT);
                    let look = tokens(ui);
                    let Some((index, problem)) = found else {
                        text(ui, words::NONE_CHOSEN, Role::Body, look.text_tertiary);
                        return;
                    };
                    let message = shown(&problem.message);
                    text(ui, &message, Role::BodyStrong, look.text_primary);
                    let page = problem.code.explanation();
                    let first = page.split("\n\n").next().unwrap_or_default();
                    text(ui, first, Role::Body, look.text_secondary);
                    ui.add_space(gap::TIGHT);
                    let fix = memory.fix(view, index, problem).map(str::to_owned);
                    actions(ui, view, index, fix.as_deref());
                });
        });
}

fn actions(ui: &mut Ui, view: &mut View<'_>, index: usize, fix: Option<&str>) {
    ui.horizontal_wrapped(|ui| {
        if let Some(label) = fix {
            let button = Button::new(words::FIX).small().kind(ButtonKind::Primary);
            if button.tooltip(label).show(ui).clicked() {
                view.say(Msg::FixProblem(index));
            }
        }
        let explain = Button::new(words::EXPLAIN).small().kind(ButtonKind::Link);
        if explain.show(ui).clicked() {
            view.command(Command::ExplainProblem);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::filtered;

    #[test]
    fn a_kind_is_shown_alone_first_and_nothing_means_everything() {
        for (before, clicked, after) in [
            ([false; 3], 1, [true, false, true]),
            ([true, false, true], 0, [false, false, true]),
            ([true, false, true], 1, [false; 3]),
            ([false, false, true], 2, [false; 3]),
        ] {
            assert_eq!(filtered(before, clicked), after);
        }
    }
}
