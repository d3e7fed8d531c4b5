//! Messages that pass, in the lower right corner: what happened, and what can be done about it.

use std::collections::BTreeMap;
use std::time::Duration;

use egui::{
    Align2, Area, CornerRadius, Frame, Id, LayerId, Layout, Order, Rect, Role as Part, Sense,
    Stroke, StrokeKind, Ui, WidgetInfo, emath::TSTransform, emath::easing, vec2,
};

use crate::designer::words::quotes::quoted;
use crate::designer::words::{toasts as words, toasts_panel};
use crate::designer::{Msg, Toast, ToastKind};

use super::icons::{self, Icon, Weight};
use super::theme::{Elevation, Role, Status, gap, motion, radius, seconds, shadow, size, tokens};
use super::view::View;
use super::widgets::{Button, ButtonKind, Elide, IconButton, paint_elided, status_icon, text};

/// What they remember by themselves.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    /// Since when each message is shown, in the window's seconds.
    since: BTreeMap<u64, f64>,
    /// The drawn messages, to let those that are gone slide out.
    drawn: Vec<Drawn>,
    leaving: Vec<Drawn>,
}

/// A message as it was drawn last.
struct Drawn {
    id: u64,
    kind: ToastKind,
    title: String,
    rect: Rect,
    /// Since when it has been coming or going, in the window's seconds.
    since: f64,
}

/// How far a message slides, in points.
const SLIDE: f32 = 24.0;

/// Draws them in the lower right corner of the threads, where neither the run bar, the timeline nor
/// the inspector is hidden; says what they cover, so that the threads end above it.
pub(in crate::ui) fn show(ui: &Ui, view: &mut View<'_>, memory: &mut Memory, place: Rect) -> Rect {
    let toasts = &view.state.toasts;
    leave(ui, memory, toasts);
    if toasts.is_empty() {
        memory.since.clear();
        return Rect::NOTHING;
    }
    memory
        .since
        .retain(|id, _| toasts.iter().any(|toast| toast.id == *id));
    let window = ui.ctx().content_rect();
    let is_roomy = place.width() >= size::LANE_MIN && place.height() >= size::BOTTOM_MIN;
    let place = if is_roomy { place } else { window };
    let area = Area::new(Id::unique("toasts"))
        .order(Order::Foreground)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(place.right_bottom() - vec2(gap::GROUP, gap::GROUP))
        .interactable(true);
    let shown = area.show(ui.ctx(), |ui| {
        ui.spacing_mut().item_spacing.y = gap::NEAR;
        let width = size::TOAST.min(place.width() - 2.0 * gap::GROUP);
        for toast in toasts {
            let way = arrive(ui, memory, toast);
            let slide = TSTransform::from_translation(vec2((1.0 - way) * SLIDE, 0.0));
            let mut is_kept = false;
            ui.scope(|ui| {
                ui.multiply_opacity(way);
                ui.with_visual_transform(slide, |ui| {
                    let (rect, kept) = one(ui, view, toast, width);
                    is_kept = kept;
                    let drawn = memory.drawn.iter_mut().find(|drawn| drawn.id == toast.id);
                    if let Some(drawn) = drawn {
                        drawn.rect = rect;
                    }
                });
            });
            pass(ui, view, memory, toast, is_kept);
        }
    });
    shown.response.rect
}

/// How far a message has come in, from 0 to 1.
fn arrive(ui: &Ui, memory: &mut Memory, toast: &Toast) -> f32 {
    let now = ui.input(|input| input.time);
    let since = memory
        .drawn
        .iter()
        .find(|drawn| drawn.id == toast.id)
        .map(|drawn| drawn.since);
    if since.is_none() {
        memory.drawn.push(Drawn {
            id: toast.id,
            kind: toast.kind,
            title: toast.title.clone(),
            rect: Rect::NOTHING,
            since: now,
        });
    }
    let since = since.unwrap_or(now);
    way(ui, since)
}

/// How far a movement that began then has come, from 0 to 1; asks for the next picture until it ends.
fn way(ui: &Ui, since: f64) -> f32 {
    let time = seconds(ui, motion::TOAST);
    if time <= 0.0 {
        return 1.0;
    }
    let now = ui.input(|input| input.time);
    let way = ((now - since) as f32 / time).clamp(0.0, 1.0);
    if way < 1.0 {
        ui.ctx().request_repaint();
    }
    easing::quadratic_out(way)
}

/// Lets what is gone slide out: painted only, so that nobody can press what no longer counts.
fn leave(ui: &Ui, memory: &mut Memory, toasts: &[Toast]) {
    let now = ui.input(|input| input.time);
    let is_there = |drawn: &Drawn| toasts.iter().any(|toast| toast.id == drawn.id);
    let mut index = 0;
    while let Some(drawn) = memory.drawn.get(index) {
        if is_there(drawn) {
            index += 1;
        } else {
            let mut gone = memory.drawn.remove(index);
            gone.since = now;
            memory.leaving.push(gone);
        }
    }
    memory.leaving.retain(|gone| {
        let left = 1.0 - way(ui, gone.since);
        if left > 0.0 && gone.rect.is_finite() {
            paint_leaving(ui, gone, left);
        }
        left > 0.0
    });
}

fn paint_leaving(ui: &Ui, gone: &Drawn, left: f32) {
    let look = tokens(ui);
    let layer = LayerId::new(Order::Foreground, Id::unique("toasts-leaving"));
    let mut painter = ui.ctx().layer_painter(layer);
    painter.set_opacity(left);
    let rect = gone.rect.translate(vec2((1.0 - left) * SLIDE, 0.0));
    let corner = CornerRadius::same(radius::CARD);
    let border = Stroke::new(1.0, look.stroke_default);
    painter.rect(rect, corner, look.bg_overlay, border, StrokeKind::Inside);
    let colours = look.status(status(gone.kind));
    let block = Rect::from_min_size(rect.min, vec2(BLOCK, rect.height()));
    painter.rect_filled(block, LEFT, colours.solid);
    let at = (
        rect.left_center() + vec2(BLOCK + gap::APART, 0.0),
        Align2::LEFT_CENTER,
    );
    let room = rect.width() - BLOCK - 2.0 * gap::APART;
    let ink = (Role::CardTitle, look.text_primary);
    paint_elided(&painter, at, &gone.title, ink, Elide::End, room);
}

/// How long a message stays, in seconds; nothing for what stays until it is closed.
const fn stays(kind: ToastKind) -> Option<f64> {
    match kind {
        ToastKind::Success | ToastKind::Info => Some(motion::TOAST_STAYS as f64),
        ToastKind::Warning => Some(2.0 * motion::TOAST_STAYS as f64),
        ToastKind::Error => None,
    }
}

/// Closes a message whose time is over; one that is being read stays.
fn pass(ui: &Ui, view: &mut View<'_>, memory: &mut Memory, toast: &Toast, is_kept: bool) {
    let Some(stays) = stays(toast.kind) else {
        return;
    };
    let now = ui.input(|input| input.time);
    let since = memory.since.entry(toast.id).or_insert(now);
    if is_kept {
        *since = now;
        return;
    }
    let left = stays - (now - *since);
    if left <= 0.0 {
        view.say(Msg::CloseToast(toast.id));
    } else {
        ui.ctx()
            .request_repaint_after(Duration::try_from_secs_f64(left).unwrap_or_default());
    }
}

const fn status(kind: ToastKind) -> Status {
    match kind {
        ToastKind::Success => Status::Success,
        ToastKind::Info => Status::Info,
        ToastKind::Warning => Status::Warning,
        ToastKind::Error => Status::Error,
    }
}

/// The block of a message's kind.
const BLOCK: f32 = 36.0;
const LEFT: CornerRadius = CornerRadius {
    nw: radius::CARD,
    sw: radius::CARD,
    ne: 0,
    se: 0,
};

/// Draws a message; where, and whether somebody is reading it.
fn one(ui: &mut Ui, view: &mut View<'_>, toast: &Toast, width: f32) -> (Rect, bool) {
    const HEIGHT: f32 = 42.0;
    let look = tokens(ui);
    let colours = look.status(status(toast.kind));
    let frame = Frame::new()
        .fill(look.bg_overlay)
        .corner_radius(radius::CARD)
        .shadow(shadow(ui, Elevation::Menu));
    let shown = frame.show(ui, |ui| {
        ui.set_width(width);
        let background = ui.painter().add(egui::Shape::Noop);
        let row = ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::NEAR;
            ui.set_min_height(HEIGHT);
            ui.add_space(BLOCK + gap::APART);
            let action = toast.action.as_ref();
            let action = action.filter(|action| action.is_possible(view.state));
            let action = action.map(words::action);
            let room = width - BLOCK - 64.0 - if action.is_some() { 104.0 } else { 0.0 };
            ui.vertical(|ui| {
                ui.set_width(room);
                ui.spacing_mut().item_spacing.y = gap::HAIR;
                let is_short = toast.text.is_empty();
                ui.add_space(if is_short { gap::APART } else { gap::NEAR });
                text(ui, &toast.title, Role::CardTitle, look.text_primary);
                if !toast.text.is_empty() {
                    text(ui, &quoted(&toast.text), Role::Small, look.text_secondary);
                }
                ui.add_space(gap::NEAR);
            });
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                ui.add_space(gap::NEAR);
                let close = IconButton::new(Icon::Close, words::CLOSE).small().show(ui);
                if close.clicked() {
                    view.say(Msg::CloseToast(toast.id));
                }
                let mut has_focus = close.has_focus();
                if let Some(action) = action {
                    let button = Button::new(action).small().kind(ButtonKind::Link).show(ui);
                    if button.clicked() {
                        view.say(Msg::ToastAction(toast.id));
                    }
                    has_focus |= button.has_focus();
                }
                has_focus
            })
            .inner
        });
        let rect = Rect::from_min_size(
            row.response.rect.min,
            vec2(width, row.response.rect.height()),
        );
        let block = Rect::from_min_size(rect.min, vec2(BLOCK, rect.height()));
        let solid = egui::epaint::RectShape::filled(block, LEFT, colours.solid);
        ui.painter().set(background, solid);
        let side = size::ICON_TILE;
        let place = Rect::from_center_size(block.center(), vec2(side, side));
        let icon = status_icon(status(toast.kind));
        icons::paint_with(ui.painter(), icon, place, colours.on, Weight::Bold);
        row.inner
    });
    let rect = shown.response.rect;
    let border = Stroke::new(1.0, look.stroke_default);
    let corner = CornerRadius::same(radius::CARD);
    ui.painter()
        .rect_stroke(rect, corner, border, StrokeKind::Inside);
    let whole = ui.interact(rect, Id::unique(("toast", toast.id)), Sense::HOVER);
    whole.widget_info(|| {
        let kind = words::kind(toast.kind);
        let spoken = toasts_panel::spoken(kind, &toast.title, &toast.text);
        WidgetInfo::labeled(Part::Alert, true, spoken)
    });
    ui.ctx().accesskit_node_builder(whole.id, |node| {
        node.set_live(egui::accesskit::Live::Polite);
    });
    (rect, shown.inner || whole.contains_pointer())
}
