//! One row of a menu: mark or icon, words, key.

use egui::{Align2, CornerRadius, Rect, Response, Role as Part, Sense, Ui, WidgetInfo, pos2, vec2};

use super::elide::{Elide, paint_elided};
use super::paint::{focus_ring_inside, layout};
use super::tooltip::tooltip;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, gap, radius, size, tokens};

/// A row to draw.
pub(in crate::ui) struct MenuRow<'a> {
    pub(in crate::ui) icon: Option<Icon>,
    /// Whether it is a choice, and on.
    pub(in crate::ui) is_on: Option<bool>,
    pub(in crate::ui) text: &'a str,
    pub(in crate::ui) key: &'a str,
    pub(in crate::ui) tip: &'a str,
    pub(in crate::ui) enabled: Result<(), &'a str>,
    /// Whether it opens a menu of its own.
    pub(in crate::ui) opens: bool,
}

/// A row that was drawn.
pub(in crate::ui) struct MenuRowDrawn(Response);

impl MenuRowDrawn {
    /// What it answered.
    pub(in crate::ui) const fn response(&self) -> &Response {
        &self.0
    }

    /// Whether it was chosen now; the menu closes then.
    pub(in crate::ui) fn chosen(&self, ui: &Ui) -> bool {
        let is_chosen = self.0.clicked();
        if is_chosen {
            ui.close();
        }
        is_chosen
    }
}

/// How wide the words of a key may be.
const KEY_MAX: f32 = 190.0;

impl MenuRow<'_> {
    /// Draws the row.
    pub(in crate::ui) fn show(&self, ui: &mut Ui) -> MenuRowDrawn {
        let can = self.enabled.is_ok() && ui.is_enabled();
        let words = layout(ui.painter(), self.text, Role::Body, f32::INFINITY);
        let keys = layout(ui.painter(), self.key, Role::Small, f32::INFINITY);
        let left = gap::NEAR + size::ICON_ROW + gap::NEAR;
        let right = if self.opens {
            size::ICON_PILL
        } else {
            keys.size().x.min(KEY_MAX)
        };
        let room = ui.available_width();
        let wide =
            (left + words.size().x + gap::FAR + right + gap::APART).clamp(0.0, room.max(0.0));
        let sense = if can { Sense::click() } else { Sense::hover() };
        let wanted = vec2(wide.max(room), size::MENU_ROW);
        let (rect, response) = ui.allocate_exact_size(wanted, sense);
        self.tell(ui, &response, can);
        if ui.is_rect_visible(rect) {
            self.paint(ui, &response, rect, (left, right));
        }
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        let tip = self.enabled.err().unwrap_or(self.tip);
        tooltip(&response, tip, None);
        MenuRowDrawn(response)
    }

    fn tell(&self, ui: &Ui, response: &Response, can: bool) {
        let role = match self.is_on {
            Some(_) => Part::MenuItemCheckBox,
            None => Part::MenuItem,
        };
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(role, can, self.text);
            info.selected = self.is_on;
            info
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if !self.key.is_empty() {
                node.set_keyboard_shortcut(self.key);
            }
            if let Err(reason) = self.enabled {
                node.set_description(reason);
            }
            if self.opens {
                node.set_has_popup(egui::accesskit::HasPopup::Menu);
            }
        });
    }

    fn paint(&self, ui: &Ui, response: &Response, rect: Rect, (left, right): (f32, f32)) {
        let tokens = tokens(ui);
        let can = self.enabled.is_ok() && ui.is_enabled();
        let painter = ui.painter();
        let corner = CornerRadius::same(radius::BADGE);
        if can && (response.hovered() || response.has_focus()) {
            painter.rect_filled(rect, corner, tokens.bg_hover);
        }
        let is_danger = self.icon == Some(Icon::Delete);
        let error = tokens.status(Status::Error).text;
        let (word, glyph, hint) = match (can, is_danger) {
            (false, _) => (
                tokens.text_disabled,
                tokens.text_disabled,
                tokens.text_disabled,
            ),
            (true, true) => (error, error, tokens.text_tertiary),
            (true, false) => (
                tokens.text_primary,
                tokens.text_secondary,
                tokens.text_tertiary,
            ),
        };
        let (icon, glyph) = match self.is_on {
            Some(true) => (Some(Icon::Check), tokens.accent_text),
            Some(false) => (None, glyph),
            None => (self.icon, glyph),
        };
        let centre = rect.center().y;
        if let Some(icon) = icon {
            let at = pos2(rect.left() + gap::NEAR, centre);
            let place = Align2::LEFT_CENTER.anchor_size(at, vec2(size::ICON_ROW, size::ICON_ROW));
            icons::paint_with(painter, icon, place, glyph, Weight::Regular);
        }
        let end = rect.right() - gap::NEAR;
        if self.opens {
            let at = pos2(end, centre);
            let place =
                Align2::RIGHT_CENTER.anchor_size(at, vec2(size::ICON_PILL, size::ICON_PILL));
            icons::paint_with(painter, Icon::Expand, place, hint, Weight::Regular);
        } else if !self.key.is_empty() {
            let at = (pos2(end, centre), Align2::RIGHT_CENTER);
            paint_elided(
                painter,
                at,
                self.key,
                (Role::Small, hint),
                Elide::Middle,
                right,
            );
        }
        let at = (pos2(rect.left() + left, centre), Align2::LEFT_CENTER);
        let room = end - right - gap::APART - at.0.x;
        paint_elided(
            painter,
            at,
            self.text,
            (Role::Body, word),
            Elide::Middle,
            room,
        );
        focus_ring_inside(ui, response, rect, radius::BADGE);
    }
}
