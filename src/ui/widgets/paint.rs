//! What several controls paint alike: a line of text, the focus ring, dashes, fading colours.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Color32, CornerRadius, Galley, Id, Painter, Pos2, Rect, Response, Shape, Stroke,
    StrokeKind, Ui, pos2, vec2,
};

use crate::ui::theme::{Role, by_keyboard, motion, seconds, tokens};

/// One line of text, cut at the end where it is wider than `max_width`; its colour comes later.
pub(in crate::ui) fn layout(
    painter: &Painter,
    text: &str,
    role: Role,
    max_width: f32,
) -> Arc<Galley> {
    let format = TextFormat {
        line_height: Some(role.line_height()),
        ..TextFormat::simple(role.font(), Color32::PLACEHOLDER)
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping::truncate_at_width(max_width);
    painter.layout_job(job)
}

/// Paints one line of text at an anchor and says where it went.
pub(in crate::ui) fn line(
    painter: &Painter,
    anchor: (Pos2, Align2),
    text: &str,
    role: Role,
    colour: Color32,
) -> Rect {
    let galley = layout(painter, text, role, f32::INFINITY);
    let rect = anchor.1.anchor_size(anchor.0, galley.size());
    painter.galley(rect.min, galley, colour);
    rect
}

/// A paragraph of text that wraps, with the role's own line height.
pub(in crate::ui) fn text(ui: &mut Ui, text: &str, role: Role, colour: Color32) -> Response {
    let rich = egui::RichText::new(text)
        .font(role.font())
        .line_height(Some(role.line_height()))
        .color(colour);
    ui.label(rich)
}

/// The ring around what has the keyboard's focus, after a key was pressed.
pub(in crate::ui) fn focus_ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() && by_keyboard(ui.ctx()) {
        reveal(ui, response);
        ring(
            ui,
            rect.expand(2.0),
            radius.saturating_add(2),
            StrokeKind::Outside,
        );
    }
}

/// The same ring within the edge, for rows that touch each other.
pub(in crate::ui) fn focus_ring_inside(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() && by_keyboard(ui.ctx()) {
        reveal(ui, response);
        ring(ui, rect, radius, StrokeKind::Inside);
    }
}

/// Scrolls to what the keyboard has come to, once, and to what it would come to next.
///
/// What is out of sight takes no focus, so without the room around it Tab would leave the list at
/// its last visible row.
fn reveal(ui: &Ui, response: &Response) {
    const AROUND: f32 = 120.0;
    let key = Id::unique("revealed");
    let last = ui.ctx().data(|data| data.get_temp::<Id>(key));
    if last == Some(response.id) {
        return;
    }
    ui.ctx().data_mut(|data| data.insert_temp(key, response.id));
    let room = (ui.clip_rect().height() - response.rect.height()) / 2.0;
    let around = AROUND.min(room).max(0.0);
    ui.scroll_to_rect(response.rect.expand2(vec2(0.0, around)), None);
}

/// The ground of a chosen row.
///
/// In high contrast a tint alone tells too little apart, so it has an edge there.
pub(in crate::ui) fn chosen_ground(ui: &Ui, rect: Rect, radius: u8) {
    let look = tokens(ui);
    let edge = Stroke::new(1.0, look.chosen_edge());
    let corner = CornerRadius::same(radius);
    ui.painter()
        .rect(rect, corner, look.bg_selected, edge, StrokeKind::Inside);
}

fn ring(ui: &Ui, rect: Rect, radius: u8, kind: StrokeKind) {
    let stroke = Stroke::new(2.0, tokens(ui).focus);
    ui.painter()
        .rect_stroke(rect, CornerRadius::same(radius), stroke, kind);
}

/// A colour on its way from rest to hover.
pub(super) fn faded(ui: &Ui, response: &Response, rest: Color32, hover: Color32) -> Color32 {
    let time = seconds(ui, motion::HOVER);
    let how_far = ui
        .ctx()
        .animate_bool_with_time(response.id, response.hovered(), time);
    rest.lerp_to_gamma(hover, how_far)
}

/// A rectangle of dashes: what waits, is left out, or can be added.
pub(in crate::ui) fn dashed_rect(
    painter: &Painter,
    rect: Rect,
    radius: f32,
    stroke: Stroke,
    (dash, space): (f32, f32),
) {
    if !painter.clip_rect().intersects(rect) {
        return;
    }
    let rect = rect.shrink(stroke.width / 2.0);
    let path = rounded_path(rect, radius);
    painter.extend(Shape::dashed_line(&path, stroke, dash, space));
}

fn rounded_path(rect: Rect, radius: f32) -> Vec<Pos2> {
    const STEPS: u8 = 6;
    let corners = [
        (pos2(rect.right() - radius, rect.top() + radius), -0.25),
        (pos2(rect.right() - radius, rect.bottom() - radius), 0.0),
        (pos2(rect.left() + radius, rect.bottom() - radius), 0.25),
        (pos2(rect.left() + radius, rect.top() + radius), 0.5),
    ];
    let mut path = Vec::with_capacity(usize::from(STEPS + 1) * corners.len() + 1);
    for (centre, from) in corners {
        for step in 0..=STEPS {
            let turn = from + 0.25 * f32::from(step) / f32::from(STEPS);
            path.push(centre + radius * egui::Vec2::angled(turn * std::f32::consts::TAU));
        }
    }
    path.extend(path.first().copied());
    path
}
