//! Rows of menus, and what frames them.

use egui::{Frame, Margin, Order, Rect, Stroke, Ui, vec2};

use super::menu_row::MenuRow;
use crate::ui::icons::Icon;
use crate::ui::theme::{Elevation, gap, radius, shadow, size, tokens};

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
    let row = MenuRow {
        icon,
        is_on: None,
        text,
        key,
        tip: "",
        enabled,
        opens: false,
    };
    row.show(ui).chosen(ui)
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
