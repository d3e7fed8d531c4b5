//! What the colours of the bars mean.

use egui::{
    Color32, CornerRadius, Rect, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use super::bars::word;
use crate::designer::BarKind;
use crate::run::StepOutcome;
use crate::ui::theme::{Role, Status, gap, radius, tokens};
use crate::ui::widgets::{dashed_rect, layout};

const SWATCH: egui::Vec2 = vec2(18.0, 10.0);

/// Draws it from right to left, as long as there is room for all of it.
pub(super) fn show(ui: &mut Ui) {
    let look = tokens(ui);
    let kinds = [
        BarKind::Ended(StepOutcome::Success),
        BarKind::Ended(StepOutcome::Warning),
        BarKind::Ended(StepOutcome::Failed),
        BarKind::Runs,
        BarKind::Waited(String::new()),
        BarKind::Ended(StepOutcome::Skipped),
    ];
    let words = kinds.each_ref().map(|kind| {
        let galley = layout(ui.painter(), word(kind), Role::Small, f32::INFINITY);
        (super::bars::status(kind), word(kind), galley)
    });
    let of = |width: f32| SWATCH.x + gap::CLOSE + width;
    let wanted: f32 = words.iter().map(|it| of(it.2.size().x) + gap::APART).sum();
    if wanted + gap::FAR > ui.available_width() {
        return;
    }
    ui.spacing_mut().item_spacing.x = gap::APART;
    ui.add_space(gap::NEAR);
    for (status, word, galley) in words.into_iter().rev() {
        let height = galley.size().y;
        let (rect, response) =
            ui.allocate_exact_size(vec2(of(galley.size().x), height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Part::Label, true, word));
        let at = pos2(rect.left() + SWATCH.x / 2.0, rect.center().y);
        swatch(ui, status, Rect::from_center_size(at, SWATCH));
        let at = pos2(rect.right() - galley.size().x, rect.top());
        ui.painter().galley(at, galley, look.text_secondary);
    }
}

fn swatch(ui: &Ui, status: Status, rect: Rect) {
    let colours = tokens(ui).status(status);
    let edge = Stroke::new(1.0, colours.solid);
    let corner = CornerRadius::same(radius::CHART);
    if matches!(status, Status::Waiting | Status::Skipped) {
        ui.painter().rect_filled(rect, corner, colours.tint);
        dashed_rect(ui.painter(), rect, 2.0, edge, (4.0, 3.0));
    } else {
        let none = Color32::TRANSPARENT;
        ui.painter().rect(
            rect,
            corner,
            colours.solid,
            Stroke::new(0.0, none),
            StrokeKind::Inside,
        );
    }
}
