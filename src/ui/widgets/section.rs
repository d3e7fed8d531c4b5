//! Heads of sections, and the caps of keys.

use egui::{
    Align, CornerRadius, Layout, Response, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    vec2,
};

use super::elide::{Elide, elided};
use super::paint::layout;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, gap, radius, size, tokens};

/// The head of a section, with room for a control at its end.
pub(in crate::ui) fn section(
    ui: &mut Ui,
    icon: Option<Icon>,
    title: &str,
    trailing: impl FnOnce(&mut Ui),
) -> Response {
    const HEIGHT: f32 = 26.0;
    let tokens = tokens(ui);
    let wanted = vec2(ui.available_width(), HEIGHT);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(HEIGHT);
        ui.spacing_mut().item_spacing.x = gap::CLOSE;
        if let Some(icon) = icon {
            icons::show(ui, icon, size::ICON_ROW, tokens.text_secondary);
        }
        let room = (ui.available_width() - size::SWITCH.x - gap::NEAR).max(40.0);
        elided(
            ui,
            title,
            Role::BodyStrong,
            tokens.text_primary,
            Elide::End,
            room,
        );
        ui.with_layout(Layout::right_to_left(Align::Center), trailing);
    })
    .response
}

/// The keys of a shortcut, as caps.
pub(in crate::ui) fn key_caps(ui: &mut Ui, keys: &str) -> Response {
    const HEIGHT: f32 = 18.0;
    const SIDE: f32 = 5.0;
    let tokens = tokens(ui);
    let galley = layout(ui.painter(), keys, Role::Badge, f32::INFINITY);
    let wanted = vec2(galley.size().x + 2.0 * SIDE, HEIGHT);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Part::Label, true, keys));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        painter.rect(
            rect,
            CornerRadius::same(radius::CHECK),
            tokens.bg_window,
            Stroke::new(1.0, tokens.stroke_default),
            StrokeKind::Inside,
        );
        let at = rect.center() - galley.size() / 2.0;
        painter.galley(at, galley, tokens.text_secondary);
    }
    response
}
