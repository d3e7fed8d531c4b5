//! The list to choose one of.

use egui::{
    Align2, CornerRadius, Id, Popup, Rect, Response, Role as Part, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::menu::menu_frame;
use super::paint::{chosen_ground, focus_ring, focus_ring_inside, layout};
use super::tooltip::explain;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, radius, size, tokens};

/// A list to choose one of.
#[must_use = "a list is drawn by show"]
pub(in crate::ui) struct Combo<'a> {
    id: Id,
    name: &'a str,
    text: &'a str,
    icon: Option<Icon>,
    width: Option<f32>,
    tooltip: &'a str,
    small: bool,
    enabled: Result<(), &'a str>,
}

impl<'a> Combo<'a> {
    /// A list with this name, showing this choice.
    pub(in crate::ui) const fn new(id: Id, name: &'a str, text: &'a str) -> Self {
        Self {
            id,
            name,
            text,
            icon: None,
            width: None,
            tooltip: "",
            small: false,
            enabled: Ok(()),
        }
    }

    /// An icon before the choice.
    pub(in crate::ui) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// As wide as this instead of all the room.
    pub(in crate::ui) const fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// What is chosen here.
    pub(in crate::ui) const fn tooltip(mut self, tooltip: &'a str) -> Self {
        self.tooltip = tooltip;
        self
    }

    /// Lower, for tables and bars.
    pub(in crate::ui) const fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Disabled for this reason, unless all is well.
    pub(in crate::ui) const fn enabled_or(mut self, enabled: Result<(), &'a str>) -> Self {
        self.enabled = enabled;
        self
    }

    /// Draws the choice, and its options while the list is open; says what was chosen.
    pub(in crate::ui) fn show<T>(
        self,
        ui: &mut Ui,
        options: impl FnOnce(&mut Ui) -> Option<T>,
    ) -> Option<T> {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let response = self.button(ui, width);
        explain(&response, self.enabled, self.tooltip, None);
        let shown = Popup::menu(&response)
            .id(self.id.with("list"))
            .width(width)
            .gap(4.0)
            .frame(menu_frame(ui))
            .show(|ui| {
                ui.set_min_width(width - 10.0);
                let tall = ui.ctx().content_rect().height() * 0.6;
                egui::ScrollArea::vertical()
                    .max_height(tall)
                    .show(ui, options)
                    .inner
            })?;
        if shown.inner.is_some() {
            Popup::close_id(ui.ctx(), self.id.with("list"));
        }
        shown.inner
    }

    fn button(&self, ui: &mut Ui, width: f32) -> Response {
        let tokens = tokens(ui);
        let enabled = self.enabled.is_ok() && ui.is_enabled();
        let sense = if enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let height = if self.small {
            size::INPUT_TABLE
        } else {
            size::INPUT
        };
        let (_, rect) = ui.allocate_space(vec2(width, height));
        let response = ui.interact(rect, self.id, sense);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Part::ComboBox, enabled, self.name);
            info.current_text_value = Some(self.text.to_owned());
            info
        });
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let open = Popup::is_id_open(ui.ctx(), self.id.with("list"));
        let (fill, border, words) = match (enabled, open || response.hovered()) {
            (false, _) => (
                tokens.bg_disabled,
                tokens.stroke_default,
                tokens.text_disabled,
            ),
            (true, true) => (tokens.bg_hover, tokens.stroke_strong, tokens.text_primary),
            (true, false) => (tokens.bg_input, tokens.stroke_strong, tokens.text_primary),
        };
        let painter = ui.painter();
        let corner = CornerRadius::same(radius::BUTTON);
        let border = Stroke::new(1.0, border);
        painter.rect(rect, corner, fill, border, StrokeKind::Inside);
        let mut left = rect.left() + 9.0;
        if let Some(icon) = self.icon {
            let side = size::ICON_ROW;
            let place =
                Align2::LEFT_CENTER.anchor_size(pos2(left, rect.center().y), vec2(side, side));
            icons::paint_with(painter, icon, place, words, Weight::Regular);
            left += side + 7.0;
        }
        let caret = size::ICON_PILL;
        let caret_at = pos2(rect.right() - 9.0 - caret / 2.0, rect.center().y);
        let place = Rect::from_center_size(caret_at, vec2(caret, caret));
        let dim = if enabled {
            tokens.text_secondary
        } else {
            tokens.text_disabled
        };
        icons::paint_with(painter, Icon::Collapse, place, dim, Weight::Bold);
        let room = (place.left() - 6.0 - left).max(8.0);
        let galley = layout(painter, self.text, Role::Body, room);
        let at = pos2(left, rect.center().y - galley.size().y / 2.0);
        painter.galley(at, galley, words);
        focus_ring(ui, &response, rect, radius::BUTTON);
        response
    }
}

/// One row of the list, with a second line that explains it; whether it was chosen now.
pub(in crate::ui) fn option(ui: &mut Ui, selected: bool, text: &str, hint: &str) -> bool {
    let tokens = tokens(ui);
    let room = f32::INFINITY;
    let words = layout(ui.painter(), text, Role::Body, room);
    let below = (!hint.is_empty()).then(|| layout(ui.painter(), hint, Role::Small, room));
    let second = below.as_ref().map_or(0.0, |galley| galley.size().x);
    let wide = 26.0 + words.size().x.max(second) + 12.0;
    let height = if below.is_some() {
        42.0
    } else {
        size::MENU_ROW
    };
    let wanted = vec2(wide.max(ui.available_width()), height);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Part::ListBoxOption, ui.is_enabled(), selected, text));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(selected);
        if !hint.is_empty() {
            node.set_description(hint);
        }
    });
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        let corner = CornerRadius::same(radius::BADGE);
        if response.hovered() || response.has_focus() {
            painter.rect_filled(rect, corner, tokens.bg_hover);
        } else if selected {
            chosen_ground(ui, rect, radius::BADGE);
        }
        if selected {
            let at = pos2(rect.left() + 13.0, rect.center().y);
            let place = Rect::from_center_size(at, vec2(14.0, 14.0));
            icons::paint_with(
                painter,
                Icon::Check,
                place,
                tokens.accent_text,
                Weight::Bold,
            );
        }
        let left = rect.left() + 26.0;
        if let Some(below) = below {
            painter.galley(pos2(left, rect.top() + 4.0), words, tokens.text_primary);
            painter.galley(pos2(left, rect.top() + 22.0), below, tokens.text_tertiary);
        } else {
            let at = pos2(left, rect.center().y - words.size().y / 2.0);
            painter.galley(at, words, tokens.text_primary);
        }
        focus_ring_inside(ui, &response, rect, radius::BADGE);
    }
    response.clicked()
}
