//! The templates, each with a small drawing of what it begins with.

use std::sync::LazyLock;

use egui::{
    CornerRadius, Id, Rect, Response, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::designer::words::welcome as words;
use crate::designer::{Msg, TEMPLATES, Template};
use crate::mim::StepType;
use crate::model::{Sequence, StepKind};
use crate::ui::theme::{Elevation, Role, StepLook, gap, radius, shadow, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{focus_ring, layout, text};

/// The least width of a card.
const LEAST: f32 = 250.0;
/// The height of a card.
const HEIGHT: f32 = 82.0;
/// The drawing.
const SKETCH: egui::Vec2 = vec2(92.0, 60.0);

/// What the drawings show, of templates with the usual names.
static SKETCHES: LazyLock<Vec<Sequence>> = LazyLock::new(|| {
    let all = TEMPLATES.iter();
    all.map(|template| (template.build)(&[])).collect()
});

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let colour = tokens(ui).text_primary;
    text(ui, words::TEMPLATES, Role::Section, colour);
    ui.add_space(gap::NEAR);
    let room = ui.available_width();
    let columns = if room < 2.0 * LEAST { 1 } else { 2 };
    let width = (room - gap::APART * (columns - 1) as f32) / columns as f32;
    let all: Vec<(usize, &Template)> = TEMPLATES.iter().enumerate().collect();
    for line in all.chunks(columns) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap::APART;
            for (index, template) in line {
                if card(ui, (*index, template), width).clicked() {
                    view.say(Msg::UseTemplate(*index));
                }
            }
        });
        ui.add_space(gap::APART);
    }
}

fn card(ui: &mut Ui, (index, template): (usize, &Template), width: f32) -> Response {
    let (_, rect) = ui.allocate_space(vec2(width, HEIGHT));
    let response = ui.interact(
        rect,
        Id::unique(("template", template.name)),
        Sense::click(),
    );
    response.widget_info(|| WidgetInfo::labeled(Part::Button, true, template.name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let tokens = tokens(ui);
    let corner = CornerRadius::same(radius::CARD);
    let border = if response.hovered() {
        tokens.stroke_strong
    } else {
        tokens.stroke_default
    };
    ui.painter()
        .add(shadow(ui, Elevation::Card).as_shape(rect, corner));
    let stroke = Stroke::new(1.0, border);
    ui.painter()
        .rect(rect, corner, tokens.bg_card, stroke, StrokeKind::Inside);
    let place = Rect::from_min_size(rect.min + vec2(11.0, 11.0), SKETCH);
    if let Some(sequence) = SKETCHES.get(index) {
        sketch(ui, place, sequence);
    }
    words_ui(
        ui,
        template,
        Rect::from_min_max(pos2(place.right() + gap::APART, rect.top()), rect.max),
    );
    focus_ring(ui, &response, rect, radius::CARD);
    response
}

fn words_ui(ui: &Ui, template: &Template, place: Rect) {
    let tokens = tokens(ui);
    let room = place.width() - gap::APART;
    let title = layout(ui.painter(), template.name, Role::BodyStrong, room);
    let mut job = egui::text::LayoutJob::simple(
        template.text.to_owned(),
        Role::Small.font(),
        tokens.text_secondary,
        room,
    );
    job.wrap.max_rows = 3;
    let below = ui.painter().layout_job(job);
    let height = title.size().y + gap::HAIR + below.size().y;
    let top = place.center().y - height / 2.0;
    let second = top + title.size().y + gap::HAIR;
    ui.painter()
        .galley(pos2(place.left(), top), title, tokens.text_primary);
    ui.painter()
        .galley(pos2(place.left(), second), below, tokens.text_secondary);
}

/// Threads as columns, steps as bars in the colours of their types.
fn sketch(ui: &Ui, place: Rect, sequence: &Sequence) {
    const MOST: usize = 4;
    const INSET: f32 = 5.0;
    let tokens = tokens(ui);
    let painter = ui.painter().with_clip_rect(place);
    let stroke = Stroke::new(1.0, tokens.stroke_subtle);
    let corner = CornerRadius::same(radius::BADGE);
    painter.rect(place, corner, tokens.bg_lane, stroke, StrokeKind::Inside);
    let columns = sequence.threads.len().clamp(1, MOST) as f32;
    let rows = sequence
        .threads
        .iter()
        .map(|thread| thread.steps.len())
        .max();
    let rows = rows.unwrap_or(0).clamp(1, 2 * MOST) as f32;
    let inner = place.shrink(INSET);
    let width = (inner.width() - (columns - 1.0) * 4.0) / columns;
    let pitch = (inner.height() / rows).min(12.5);
    for (column, thread) in sequence.threads.iter().take(MOST).enumerate() {
        for (at, step) in thread.steps.iter().take(2 * MOST).enumerate() {
            let colours = tokens.kind(look(&step.kind));
            let min = inner.min + vec2(column as f32 * (width + 4.0), at as f32 * pitch);
            let bar = Rect::from_min_size(min, vec2(width, pitch - 2.5));
            let stroke = Stroke::new(1.0, colours.icon.gamma_multiply(0.6));
            painter.rect(
                bar,
                CornerRadius::same(2),
                colours.tile,
                stroke,
                StrokeKind::Inside,
            );
        }
    }
}

fn look(kind: &StepKind) -> StepLook {
    let StepKind::RunProfile(profile) = kind else {
        return StepLook::Flow;
    };
    match profile.step_type {
        Some(kind) if StepType::synchronizes(kind) => StepLook::Sync,
        Some(StepType::Export) => StepLook::Export,
        Some(_) => StepLook::Import,
        None => StepLook::Flow,
    }
}
