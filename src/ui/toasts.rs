//! Messages that pass, in the lower right corner: what happened, and what can be done about it.

use std::collections::BTreeMap;
use std::time::Duration;

use egui::{
    Align2, Area, CornerRadius, Frame, Id, Layout, Order, Rect, Role as Part, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, vec2,
};

use crate::designer::words::quotes::quoted;
use crate::designer::words::{toasts as words, toasts_panel};
use crate::designer::{Msg, Toast, ToastKind};

use super::icons::{self, Icon, Weight};
use super::theme::{Elevation, Role, Status, gap, motion, radius, shadow, size, tokens};
use super::view::View;
use super::widgets::{Button, ButtonKind, IconButton, status_icon, text};

/// What they remember by themselves.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    /// Since when each message is shown, in the window's seconds.
    since: BTreeMap<u64, f64>,
}

/// Draws them.
pub(in crate::ui) fn show(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let toasts = &view.state.toasts;
    if toasts.is_empty() {
        memory.since.clear();
        return;
    }
    memory
        .since
        .retain(|id, _| toasts.iter().any(|toast| toast.id == *id));
    let area = Area::new(Id::unique("toasts"))
        .order(Order::Foreground)
        .anchor(
            Align2::RIGHT_BOTTOM,
            vec2(-gap::GROUP, -(size::STATUS_BAR + gap::GROUP)),
        )
        .interactable(true);
    area.show(ui.ctx(), |ui| {
        ui.spacing_mut().item_spacing.y = gap::NEAR;
        let window = ui.ctx().content_rect().width();
        let width = size::TOAST.min(window - 2.0 * gap::GROUP);
        for toast in toasts {
            let is_kept = one(ui, view, toast, width);
            pass(ui, view, memory, toast, is_kept);
        }
    });
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

/// Draws a message; whether somebody is reading it.
fn one(ui: &mut Ui, view: &mut View<'_>, toast: &Toast, width: f32) -> bool {
    const BLOCK: f32 = 36.0;
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
            let action = toast.action.as_ref().map(words::action);
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
        let corner = CornerRadius {
            nw: radius::CARD,
            sw: radius::CARD,
            ne: 0,
            se: 0,
        };
        let solid = egui::epaint::RectShape::filled(block, corner, colours.solid);
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
    shown.inner || whole.contains_pointer()
}
