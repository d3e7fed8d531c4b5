//! Rows that can be chosen, and the head over them.

use egui::{
    Align, CornerRadius, Id, Layout, Rect, Response, Role as Part, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::paint::{chosen_ground, focus_ring_inside, layout};
use crate::ui::theme::{Role, gap, radius, size, tokens};

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui) struct Column<'a> {
    /// What stands over it.
    pub title: &'a str,
    /// How wide it is.
    pub width: f32,
    /// Whether it holds numbers, which stand at the right edge.
    pub right: bool,
}

/// The head of a table: the titles of its columns, one after the other.
pub(in crate::ui) fn table_head(ui: &mut Ui, columns: &[Column<'_>]) -> Response {
    let tokens = tokens(ui);
    let wanted = vec2(ui.available_width(), size::TABLE_HEAD);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter();
    let mut x = rect.left();
    for column in columns {
        let room = (column.width - 2.0 * gap::NEAR).max(8.0);
        let galley = layout(painter, column.title, Role::Small, room);
        let left = if column.right {
            x + column.width - gap::NEAR - galley.size().x
        } else {
            x + gap::NEAR
        };
        let at = pos2(left, rect.center().y - galley.size().y / 2.0);
        painter.galley(at, galley, tokens.text_tertiary);
        x += column.width;
    }
    let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max);
    painter.rect_filled(line, 0.0, tokens.stroke_subtle);
    response
}

/// A row as wide as there is room, that can be chosen and focused.
pub(in crate::ui) fn row(
    ui: &mut Ui,
    (id, name): (Id, &str),
    selected: bool,
    height: f32,
    content: impl FnOnce(&mut Ui),
) -> Response {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    let enabled = ui.is_enabled();
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Part::ListItem, enabled, selected, name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let tokens = tokens(ui);
    if selected {
        chosen_ground(ui, rect, radius::BADGE);
    } else if enabled && response.hovered() {
        let corner = CornerRadius::same(radius::BADGE);
        ui.painter().rect_filled(rect, corner, tokens.bg_hover);
    }
    let inner = rect.shrink2(vec2(gap::NEAR, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout).id_salt(id));
    child.shrink_clip_rect(rect);
    content(&mut child);
    focus_ring_inside(ui, &response, rect, radius::BADGE);
    response
}
