//! Rows of menus, and what frames them.

use egui::{
    Align2, CornerRadius, Frame, Margin, Order, Rect, Role as Part, Sense, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

use super::paint::{focus_ring_inside, layout};
use super::tooltip::explain;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Elevation, Role, Status, gap, radius, shadow, size, tokens};

/// The frame of a menu or of a list that opens.
pub(in crate::ui) fn menu_frame(ui: &Ui) -> Frame {
    let tokens = tokens(ui);
    Frame::new()
        .fill(tokens.bg_overlay)
        .stroke(Stroke::new(1.0, tokens.stroke_default))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::same(4))
        .shadow(shadow(ui, Elevation::Menu))
}

/// A row of a menu; closes the menu when it is chosen.
pub(in crate::ui) fn menu_item(
    ui: &mut Ui,
    icon: Option<Icon>,
    text: &str,
    key: &str,
    enabled: Result<(), &str>,
) -> bool {
    let tokens = tokens(ui);
    let can = enabled.is_ok() && ui.is_enabled();
    let danger = icon == Some(Icon::Delete);
    let words = layout(ui.painter(), text, Role::Body, f32::INFINITY);
    let keys = layout(ui.painter(), key, Role::Small, f32::INFINITY);
    let left = gap::NEAR + size::ICON_ROW + gap::NEAR;
    let key_room = if key.is_empty() {
        0.0
    } else {
        gap::FAR + keys.size().x
    };
    let wanted = vec2(
        left + words.size().x + key_room + gap::APART,
        size::MENU_ROW,
    );
    let sense = if can { Sense::click() } else { Sense::hover() };
    let wide = vec2(wanted.x.max(ui.available_width()), wanted.y);
    let (rect, response) = ui.allocate_exact_size(wide, sense);
    response.widget_info(|| WidgetInfo::labeled(Part::MenuItem, can, text));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        if can && (response.hovered() || response.has_focus()) {
            painter.rect_filled(rect, CornerRadius::same(radius::BADGE), tokens.bg_hover);
        }
        let error = tokens.status(Status::Error).text;
        let (word, glyph, hint) = match (can, danger) {
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
        if let Some(icon) = icon {
            let at = pos2(rect.left() + gap::NEAR, rect.center().y);
            let place = Align2::LEFT_CENTER.anchor_size(at, vec2(size::ICON_ROW, size::ICON_ROW));
            icons::paint_with(painter, icon, place, glyph, Weight::Regular);
        }
        let at = pos2(rect.left() + left, rect.center().y - words.size().y / 2.0);
        painter.galley(at, words, word);
        let at = pos2(
            rect.right() - gap::NEAR - keys.size().x,
            rect.center().y - keys.size().y / 2.0,
        );
        painter.galley(at, keys, hint);
        focus_ring_inside(ui, &response, rect, radius::BADGE);
    }
    explain(&response, enabled, "", None);
    let chosen = response.clicked();
    if chosen {
        ui.close();
    }
    chosen
}

/// A thin line between groups: across a menu or panel, or upright in a bar.
pub(in crate::ui) fn separator(ui: &mut Ui) {
    let tokens = tokens(ui);
    if ui.layout().is_horizontal() {
        let (_, rect) = ui.allocate_space(vec2(1.0 + 2.0 * gap::CLOSE, size::ICON_TILE));
        let line = Rect::from_center_size(rect.center(), vec2(1.0, size::ICON_TILE));
        ui.painter().rect_filled(line, 0.0, tokens.stroke_default);
    } else {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 1.0 + 2.0 * gap::TIGHT));
        let line = Rect::from_center_size(rect.center(), vec2(rect.width(), 1.0));
        // On what lies above the window the divider of a panel would have the ground's colour.
        let stroke = if ui.layer_id().order == Order::Background {
            tokens.stroke_subtle
        } else {
            tokens.stroke_default
        };
        ui.painter().rect_filled(line, 0.0, stroke);
    }
}
