//! The dialog: one question at a time, over everything else.

use egui::{
    Align, Context, CornerRadius, Frame, Id, Layout, Margin, Modal, Rect, ScrollArea, Stroke, Ui,
    pos2, vec2,
};

use super::icon_button::IconButton;
use super::paint::text;
use crate::designer::words::widgets as words;
use crate::ui::icons::Icon;
use crate::ui::theme::{Elevation, Role, gap, radius, shadow, size, tokens, tokens_of};

/// A dialog over the window.
#[must_use = "a dialog is drawn by show"]
pub(in crate::ui) struct Dialog<'a> {
    id: Id,
    title: &'a str,
    width: f32,
}

/// What became of a dialog in this frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct DialogResponse {
    /// The person closed it: by Escape or by its close button.
    pub closed: bool,
}

impl<'a> Dialog<'a> {
    /// A dialog with this title.
    pub(in crate::ui) const fn new(id: Id, title: &'a str) -> Self {
        Self {
            id,
            title,
            width: 480.0,
        }
    }

    /// As wide as this, where the window is.
    pub(in crate::ui) const fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Draws the dialog; the foot holds its buttons, the one to press at the right.
    pub(in crate::ui) fn show(
        self,
        ctx: &Context,
        body: impl FnOnce(&mut Ui),
        foot: impl FnOnce(&mut Ui),
    ) -> DialogResponse {
        let tokens = tokens_of(ctx);
        let screen = ctx.content_rect();
        let width = self.width.min(screen.width() - 2.0 * gap::FAR);
        let tallest = screen.height() - 2.0 * gap::FAR;
        let mut closed = false;
        let frame = Frame::new()
            .fill(tokens.bg_overlay)
            .stroke(Stroke::new(1.0, tokens.stroke_default))
            .corner_radius(radius::DIALOG);
        let shown = Modal::new(self.id)
            .backdrop_color(tokens.scrim)
            .frame(Frame::NONE)
            .show(ctx, |ui| {
                frame.shadow(shadow(ui, Elevation::Dialog)).show(ui, |ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.y = 0.0;
                    closed |= self.head(ui);
                    let room = tallest - 70.0 - size::DIALOG_FOOT;
                    ScrollArea::vertical().max_height(room).show(ui, |ui| {
                        let margin = Margin {
                            left: 20,
                            right: 20,
                            top: 0,
                            bottom: 16,
                        };
                        Frame::new().inner_margin(margin).show(ui, |ui| {
                            ui.set_width(width - 2.0 * gap::DIALOG);
                            ui.spacing_mut().item_spacing.y = gap::TIGHT;
                            body(ui);
                        });
                    });
                    foot_ui(ui, width, foot);
                });
            });
        settle(ctx, self.id, shown.response.rect);
        keep_focus(ctx, self.id, shown.backdrop_response.clicked());
        let escape = shown.is_top_modal
            && !shown.any_popup_open
            && ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        ctx.accesskit_node_builder(self.id, |node| {
            node.set_role(egui::Role::Dialog);
            node.set_label(self.title);
            node.set_modal();
        });
        DialogResponse {
            closed: closed || escape || shown.response.should_close(),
        }
    }

    fn head(&self, ui: &mut Ui) -> bool {
        let margin = Margin {
            left: 20,
            right: 14,
            top: 14,
            bottom: 12,
        };
        let mut closed = false;
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| {
                    ui.set_width(ui.available_width() - size::BUTTON);
                    text(ui, self.title, Role::DialogTitle, tokens(ui).text_primary);
                });
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    let close = IconButton::new(Icon::Close, words::CLOSE);
                    closed = close.key(words::ESCAPE).small().show(ui).clicked();
                });
            });
        });
        closed
    }
}

/// How high a dialog is, and so where its middle lies, is known one picture later each: it is drawn
/// again until it stays where it is.
fn settle(ctx: &Context, id: Id, rect: Rect) {
    let id = id.with("place");
    let before: Option<Rect> = ctx.data(|data| data.get_temp(id));
    let is_there =
        |before: Rect| before.min.distance(rect.min) < 0.5 && before.max.distance(rect.max) < 0.5;
    if !before.is_some_and(is_there) {
        ctx.data_mut(|data| data.insert_temp(id, rect));
        ctx.request_repaint();
    }
}

/// A click beside the dialog takes the keyboard from nothing in it.
fn keep_focus(ctx: &Context, id: Id, is_beside: bool) {
    let id = id.with("focus");
    let before: Option<Id> = ctx.data(|data| data.get_temp(id));
    match ctx.memory(|memory| memory.focused()) {
        Some(focused) if before != Some(focused) => {
            ctx.data_mut(|data| data.insert_temp(id, focused));
        }
        // The press took the keyboard away, the click comes later.
        None if is_beside => {
            if let Some(before) = before {
                ctx.memory_mut(|memory| memory.request_focus(before));
            }
        }
        _ => {}
    }
}

fn foot_ui(ui: &mut Ui, width: f32, foot: impl FnOnce(&mut Ui)) {
    let tokens = tokens(ui);
    let (_, rect) = ui.allocate_space(vec2(width, size::DIALOG_FOOT));
    let corner = CornerRadius {
        nw: 0,
        ne: 0,
        sw: radius::DIALOG - 1,
        se: radius::DIALOG - 1,
    };
    ui.painter().rect_filled(rect, corner, tokens.bg_window);
    let line = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + 1.0));
    ui.painter().rect_filled(line, 0.0, tokens.stroke_subtle);
    let inner = rect.shrink2(vec2(gap::DIALOG, 0.0));
    let layout = Layout::right_to_left(Align::Center);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
    child.spacing_mut().item_spacing.x = 10.0;
    foot(&mut child);
}
