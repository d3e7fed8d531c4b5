//! One tab of a panel.

use egui::{CornerRadius, Rect, Response, Role as Part, Sense, Ui, WidgetInfo, pos2, vec2};

use super::paint::{focus_ring_inside, layout};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, radius, size, tokens};

/// One tab of a panel.
#[must_use = "a tab is drawn by show"]
pub(in crate::ui) struct Tab<'a> {
    icon: Icon,
    text: &'a str,
    count: usize,
    selected: bool,
}

impl<'a> Tab<'a> {
    /// A tab with this icon and word.
    pub(in crate::ui) const fn new(icon: Icon, text: &'a str) -> Self {
        Self {
            icon,
            text,
            count: 0,
            selected: false,
        }
    }

    /// How many things are in it; none is not shown.
    pub(in crate::ui) const fn count(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Whether its panel is the one that is shown.
    pub(in crate::ui) const fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Draws the tab.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        const SIDE: f32 = 10.0;
        const SPACE: f32 = 6.0;
        let tokens = tokens(ui);
        let role = if self.selected {
            Role::BodyStrong
        } else {
            Role::Body
        };
        let words = layout(ui.painter(), self.text, role, f32::INFINITY);
        // The wider, bold word always has its room, so that nothing moves when tabs change.
        let strong = layout(ui.painter(), self.text, Role::BodyStrong, f32::INFINITY);
        let number = (self.count > 0)
            .then(|| layout(ui.painter(), &self.count.to_string(), Role::Badge, 60.0));
        let pill = number
            .as_ref()
            .map_or(0.0, |galley| (galley.size().x + 10.0).max(17.0));
        let count_room = if pill > 0.0 { pill + SPACE } else { 0.0 };
        let width = 2.0 * SIDE + size::ICON_ROW + SPACE + strong.size().x + count_room;
        let enabled = ui.is_enabled();
        let (rect, response) = ui.allocate_exact_size(vec2(width, size::TAB), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Part::Tab, enabled, self.selected, self.text));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_selected(self.selected);
        });
        if ui.is_rect_visible(rect) {
            let painter = ui.painter();
            let colour = if self.selected || response.hovered() {
                tokens.text_primary
            } else {
                tokens.text_secondary
            };
            if response.hovered() && !self.selected {
                let back = rect.shrink2(vec2(2.0, 4.0));
                painter.rect_filled(back, CornerRadius::same(radius::BADGE), tokens.bg_hover);
            }
            let mut x = rect.left() + SIDE;
            let middle = rect.center().y;
            let at = pos2(x + size::ICON_ROW / 2.0, middle);
            let place = Rect::from_center_size(at, vec2(size::ICON_ROW, size::ICON_ROW));
            icons::paint_with(painter, self.icon, place, colour, Weight::Regular);
            x += size::ICON_ROW + SPACE;
            painter.galley(pos2(x, middle - words.size().y / 2.0), words, colour);
            x += strong.size().x + SPACE;
            if let Some(number) = number {
                let back = Rect::from_center_size(pos2(x + pill / 2.0, middle), vec2(pill, 17.0));
                painter.rect_filled(back, CornerRadius::same(9), tokens.bg_pressed);
                let at = back.center() - number.size() / 2.0;
                painter.galley(at, number, tokens.text_primary);
            }
            if self.selected {
                let line = Rect::from_min_max(
                    pos2(rect.left() + 8.0, rect.bottom() - 2.0),
                    pos2(rect.right() - 8.0, rect.bottom()),
                );
                painter.rect_filled(line, CornerRadius::same(1), tokens.accent);
            }
            focus_ring_inside(ui, &response, rect.shrink2(vec2(2.0, 3.0)), radius::BADGE);
        }
        response
    }
}
