//! A part that can be folded away, with what is in it told on its own line.

use egui::{CornerRadius, Rect, Role as Part, Sense, Ui, WidgetInfo, pos2, vec2};

use super::form::Form;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, gap, radius, size, tokens};
use crate::ui::widgets::{Elide, focus_ring, layout, paint_elided, tooltip};

/// The line of a fold.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// What it holds.
    pub(super) title: &'a str,
    /// More of it, at the end; may be empty.
    pub(super) end: &'a str,
    /// Whether it is open as long as nobody has folded it.
    pub(super) is_open: bool,
}

impl Form<'_, '_> {
    /// Whether a fold is open.
    pub(super) fn is_open(&self, salt: (&'static str, usize), by_default: bool) -> bool {
        self.folds.contains(&self.scope.with(salt)) != by_default
    }

    /// Opens or closes a fold.
    pub(super) fn set_open(&mut self, salt: (&'static str, usize), [by_default, open]: [bool; 2]) {
        let id = self.scope.with(salt);
        if open == by_default {
            self.folds.remove(&id);
        } else {
            self.folds.insert(id);
        }
    }

    /// A line that opens and closes; whether it is open.
    pub(super) fn fold(
        &mut self,
        ui: &mut Ui,
        salt: (&'static str, usize),
        line: Line<'_>,
    ) -> bool {
        const HEIGHT: f32 = 28.0;
        let id = self.scope.with(salt);
        let open = self.is_open(salt, line.is_open);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEIGHT));
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Part::Button, true, line.title);
            info.selected = Some(open);
            info
        });
        if ui.is_rect_visible(rect) {
            let look = tokens(ui);
            let painter = ui.painter();
            if response.hovered() {
                let corner = CornerRadius::same(radius::BADGE);
                painter.rect_filled(rect, corner, look.bg_hover);
            }
            let caret = if open { Icon::Collapse } else { Icon::Expand };
            let middle = rect.center().y;
            let at = pos2(rect.left() + size::ICON_PILL / 2.0 + gap::HAIR, middle);
            let place = Rect::from_center_size(at, vec2(size::ICON_PILL, size::ICON_PILL));
            icons::paint_with(painter, caret, place, look.text_secondary, Weight::Bold);
            let left = place.right() + gap::CLOSE;
            let end = layout(painter, line.end, Role::Small, rect.width() / 2.0);
            let right = rect.right() - gap::TIGHT - end.size().x;
            let room = (right - gap::CLOSE - left).max(20.0);
            let (_, is_cut) = paint_elided(
                painter,
                (pos2(left, middle), egui::Align2::LEFT_CENTER),
                line.title,
                (Role::Body, look.text_primary),
                Elide::End,
                room,
            );
            painter.galley(
                pos2(right, middle - end.size().y / 2.0),
                end,
                look.text_tertiary,
            );
            focus_ring(ui, &response, rect.shrink(2.0), radius::BADGE);
            if is_cut {
                tooltip(&response, line.title, None);
            }
        }
        if response.clicked() {
            self.set_open(salt, [line.is_open, !open]);
            return !open;
        }
        open
    }
}
