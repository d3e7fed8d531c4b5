//! The button that is only an icon; its name is in its tooltip.

use egui::{
    Color32, CornerRadius, Rect, Response, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    vec2,
};

use super::paint::{faded, focus_ring};
use super::tooltip::explain;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{radius, size, tokens};

/// A button that is only an icon.
#[must_use = "a button is drawn by show"]
pub(in crate::ui) struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
    key: Option<&'a str>,
    selected: Option<bool>,
    small: bool,
    enabled: Result<(), &'a str>,
}

impl<'a> IconButton<'a> {
    /// A button with this icon and this name.
    pub(in crate::ui) const fn new(icon: Icon, name: &'a str) -> Self {
        Self {
            icon,
            name,
            key: None,
            selected: None,
            small: false,
            enabled: Ok(()),
        }
    }

    /// The key that does the same.
    pub(in crate::ui) const fn key(mut self, key: &'a str) -> Self {
        self.key = Some(key);
        self
    }

    /// A button that stays pressed.
    pub(in crate::ui) const fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        self
    }

    /// A smaller button, for rows and heads.
    pub(in crate::ui) const fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Disabled for this reason, unless all is well.
    pub(in crate::ui) const fn enabled_or(mut self, enabled: Result<(), &'a str>) -> Self {
        self.enabled = enabled;
        self
    }

    /// Draws the button.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        let tokens = tokens(ui);
        let (side, icon, corner) = if self.small {
            (size::ICON_BUTTON_SMALL, size::ICON_ROW, radius::BADGE)
        } else {
            (size::BUTTON, size::ICON_TOOLBAR, radius::BUTTON)
        };
        let enabled = self.enabled.is_ok() && ui.is_enabled();
        let sense = if enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(vec2(side, side), sense);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Part::Button, enabled, self.name);
            info.selected = self.selected;
            info
        });
        if ui.is_rect_visible(rect) {
            let on = self.selected == Some(true);
            let fill = if !enabled {
                Color32::TRANSPARENT
            } else if response.is_pointer_button_down_on() {
                tokens.bg_pressed
            } else if on {
                tokens.bg_selected
            } else {
                faded(ui, &response, Color32::TRANSPARENT, tokens.bg_hover)
            };
            let colour = match (enabled, on) {
                (false, _) => tokens.text_disabled,
                (true, true) => tokens.accent_text,
                (true, false) => tokens.text_secondary,
            };
            let painter = ui.painter();
            let edge = if on && enabled {
                tokens.chosen_edge()
            } else {
                Color32::TRANSPARENT
            };
            let edge = Stroke::new(1.0, edge);
            let round = CornerRadius::same(corner);
            painter.rect(rect, round, fill, edge, StrokeKind::Inside);
            let place = Rect::from_center_size(rect.center(), vec2(icon, icon));
            icons::paint(ui, self.icon, place, colour);
            focus_ring(ui, &response, rect, corner);
        }
        explain(&response, self.enabled, self.name, self.key);
        response
    }
}
