//! Switches, check boxes and radio buttons.

use egui::{
    Color32, CornerRadius, Rect, Response, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::paint::{focus_ring, layout};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, motion, radius, seconds, size, tokens};

/// A switch without words; its name is what stands beside it.
pub(in crate::ui) fn switch(ui: &mut Ui, name: &str, on: &mut bool) -> Response {
    let enabled = ui.is_enabled();
    let (rect, mut response) = ui.allocate_exact_size(size::SWITCH, Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let is_on = *on;
    response.widget_info(|| WidgetInfo::selected(Part::Switch, enabled, is_on, name));
    if ui.is_rect_visible(rect) {
        let tokens = tokens(ui);
        let time = seconds(ui, motion::HOVER);
        let way = ui.ctx().animate_bool_with_time(response.id, is_on, time);
        let border = match (enabled, is_on) {
            (false, _) => tokens.stroke_default,
            (true, true) => tokens.accent,
            (true, false) => tokens.stroke_strong,
        };
        let fill = match (enabled, is_on, response.hovered()) {
            (false, ..) => tokens.bg_disabled,
            (true, true, false) => tokens.accent,
            (true, true, true) => tokens.accent_hover,
            (true, false, false) => tokens.bg_input,
            (true, false, true) => tokens.bg_hover,
        };
        let knob = match (enabled, is_on) {
            (false, _) => tokens.text_disabled,
            (true, true) => tokens.on_accent,
            (true, false) => tokens.stroke_strong,
        };
        const ROUND: u8 = 9;
        let painter = ui.painter();
        let edge = Stroke::new(1.5, border);
        painter.rect(
            rect,
            CornerRadius::same(ROUND),
            fill,
            edge,
            StrokeKind::Inside,
        );
        let x = egui::lerp(rect.left() + 9.0..=rect.right() - 9.0, way);
        painter.circle_filled(pos2(x, rect.center().y), 6.0, knob);
        focus_ring(ui, &response, rect, ROUND);
    }
    response
}

/// A check box with its word.
pub(in crate::ui) fn checkbox(ui: &mut Ui, text: &str, on: &mut bool) -> Response {
    let (rect, mut response, words) = allocate(ui, text);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let enabled = ui.is_enabled();
    let is_on = *on;
    response.widget_info(|| WidgetInfo::selected(Part::CheckBox, enabled, is_on, text));
    if ui.is_rect_visible(rect) {
        let mark = mark_rect(rect);
        let (fill, border) = mark_colours(ui, &response, is_on);
        let edge = Stroke::new(1.5, border);
        let corner = CornerRadius::same(radius::CHECK);
        ui.painter()
            .rect(mark, corner, fill, edge, StrokeKind::Inside);
        if is_on {
            let colour = if enabled {
                tokens(ui).on_accent
            } else {
                tokens(ui).text_disabled
            };
            let place = mark.shrink(2.0);
            icons::paint_with(ui.painter(), Icon::Check, place, colour, Weight::Block);
        }
        paint_words(ui, rect, words);
        focus_ring(ui, &response, mark, radius::CHECK);
    }
    response
}

/// A radio button with its word, and a second line that explains the choice.
pub(in crate::ui) fn radio(ui: &mut Ui, name: &str, hint: &str, selected: bool) -> Response {
    let (rect, response, words) = allocate(ui, name);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Part::RadioButton, enabled, selected, name));
    if !hint.is_empty() {
        response
            .ctx
            .accesskit_node_builder(response.id, |node| node.set_description(hint));
    }
    if ui.is_rect_visible(rect) {
        let mark = mark_rect(rect);
        let tokens = tokens(ui);
        let dot = if enabled {
            tokens.accent
        } else {
            tokens.text_disabled
        };
        let border = match (enabled, selected) {
            (false, _) => tokens.stroke_default,
            (true, true) => tokens.accent,
            (true, false) => tokens.stroke_strong,
        };
        let fill = if response.hovered() && enabled {
            tokens.bg_hover
        } else {
            tokens.bg_input
        };
        let painter = ui.painter();
        painter.circle(mark.center(), 7.25, fill, Stroke::new(1.5, border));
        if selected {
            painter.circle_filled(mark.center(), 4.0, dot);
        }
        paint_words(ui, rect, words);
        focus_ring(ui, &response, mark, 8);
    }
    if !hint.is_empty() {
        // The second line belongs to the first, whatever room the rows around keep.
        ui.add_space(-ui.spacing().item_spacing.y - 3.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(size::CHECK + WORDS_AFTER);
            super::text(ui, hint, Role::Small, tokens(ui).text_tertiary);
        });
    }
    response
}

/// Between a mark and its words.
const WORDS_AFTER: f32 = 8.0;

fn allocate(ui: &mut Ui, text: &str) -> (Rect, Response, std::sync::Arc<egui::Galley>) {
    let room = (ui.available_width() - size::CHECK - WORDS_AFTER).max(20.0);
    let galley = layout(ui.painter(), text, Role::Body, room);
    let words = if text.is_empty() {
        0.0
    } else {
        WORDS_AFTER + galley.size().x
    };
    let wanted = vec2(size::CHECK + words, size::BUTTON_SMALL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    (rect, response, galley)
}

fn mark_rect(rect: Rect) -> Rect {
    let centre = pos2(rect.left() + size::CHECK / 2.0, rect.center().y);
    Rect::from_center_size(centre, vec2(size::CHECK, size::CHECK))
}

fn mark_colours(ui: &Ui, response: &Response, on: bool) -> (Color32, Color32) {
    let tokens = tokens(ui);
    match (ui.is_enabled(), on, response.hovered()) {
        (false, ..) => (tokens.bg_disabled, tokens.stroke_default),
        (true, true, false) => (tokens.accent, tokens.accent),
        (true, true, true) => (tokens.accent_hover, tokens.accent_hover),
        (true, false, false) => (tokens.bg_input, tokens.stroke_strong),
        (true, false, true) => (tokens.bg_hover, tokens.stroke_strong),
    }
}

fn paint_words(ui: &Ui, rect: Rect, words: std::sync::Arc<egui::Galley>) {
    let tokens = tokens(ui);
    let colour = if ui.is_enabled() {
        tokens.text_primary
    } else {
        tokens.text_disabled
    };
    let at = pos2(
        rect.left() + size::CHECK + WORDS_AFTER,
        rect.center().y - words.size().y / 2.0,
    );
    ui.painter().galley(at, words, colour);
}
