//! How far something is.

use egui::{CornerRadius, Rect, Response, Role as Part, Sense, Ui, WidgetInfo, vec2};

use crate::ui::theme::{Status, tokens};

/// A bar that fills from the left.
pub(in crate::ui) fn progress_bar(
    ui: &mut Ui,
    name: &str,
    fraction: f32,
    status: Status,
) -> Response {
    const HEIGHT: f32 = 6.0;
    const ROUND: u8 = 3;
    let fraction = if fraction.is_finite() {
        fraction.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let wanted = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::ProgressIndicator, true, name);
        info.value = Some(f64::from((fraction * 100.0).round()));
        info
    });
    if ui.is_rect_visible(rect) {
        let tokens = tokens(ui);
        let corner = CornerRadius::same(ROUND);
        ui.painter().rect_filled(rect, corner, tokens.bg_pressed);
        let full = Rect::from_min_size(rect.min, vec2(rect.width() * fraction, HEIGHT));
        ui.painter()
            .rect_filled(full, corner, tokens.status(status).solid);
    }
    response
}
