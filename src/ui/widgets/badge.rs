//! Small words in a frame: badges on cards, pills for a status, chips to filter by.

use egui::{
    Align2, Color32, CornerRadius, Response, Role as Part, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::paint::{faded, focus_ring, layout};
use super::tooltip::explain;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, radius, size, tokens};

/// What a badge tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum BadgeKind {
    /// A property that differs from the default.
    #[default]
    Plain,
    /// Something to look at.
    Warning,
    /// Something wrong.
    Error,
}

impl BadgeKind {
    const fn status(self) -> Option<Status> {
        match self {
            Self::Plain => None,
            Self::Warning => Some(Status::Warning),
            Self::Error => Some(Status::Error),
        }
    }
}

/// The icon that belongs to a status, wherever it is shown.
pub(in crate::ui) const fn status_icon(status: Status) -> Icon {
    match status {
        Status::Success => Icon::Success,
        Status::Warning => Icon::Warning,
        Status::Error => Icon::Error,
        Status::Running => Icon::Running,
        Status::Waiting => Icon::Waiting,
        Status::Held => Icon::Held,
        Status::Skipped => Icon::Skipped,
        Status::Info => Icon::Info,
    }
}

/// A property of a step.
pub(in crate::ui) fn badge(
    ui: &mut Ui,
    icon: Option<Icon>,
    text: &str,
    kind: BadgeKind,
) -> Response {
    let tokens = tokens(ui);
    let frame = match kind.status().map(|status| tokens.status(status)) {
        None => Small {
            fill: tokens.bg_card,
            border: tokens.stroke_default,
            words: tokens.text_secondary,
        },
        Some(colours) => Small {
            fill: colours.tint,
            border: colours.solid,
            words: colours.text,
        },
    };
    let icon = icon.map(|icon| (icon, size::ICON_BADGE, Weight::Badge, 4.0));
    small(ui, icon, (text, Role::Badge), &frame, &Shape::BADGE)
}

/// A status with its icon and its word.
pub(in crate::ui) fn pill(ui: &mut Ui, status: Status, word: &str) -> Response {
    let colours = tokens(ui).status(status);
    let frame = Small {
        fill: colours.tint,
        border: Color32::TRANSPARENT,
        words: colours.text,
    };
    let icon = (status_icon(status), size::ICON_PILL, Weight::Bold, 5.0);
    small(
        ui,
        Some(icon),
        (word, Role::SmallStrong),
        &frame,
        &Shape::PILL,
    )
}

struct Small {
    fill: Color32,
    border: Color32,
    words: Color32,
}

struct Shape {
    height: f32,
    left: f32,
    right: f32,
}

impl Shape {
    const BADGE: Self = Self {
        height: size::BADGE,
        left: 5.0,
        right: 7.0,
    };
    const PILL: Self = Self {
        height: size::PILL,
        left: 6.0,
        right: 8.0,
    };
}

fn small(
    ui: &mut Ui,
    icon: Option<(Icon, f32, Weight, f32)>,
    (text, role): (&str, Role),
    colours: &Small,
    shape: &Shape,
) -> Response {
    let left = if icon.is_some() {
        shape.left
    } else {
        shape.right
    };
    let icon_room = icon.map_or(0.0, |(_, side, _, space)| side + space);
    let room = ui.available_width() - left - shape.right - icon_room;
    let galley = layout(ui.painter(), text, role, room.max(20.0));
    let elided = galley.elided;
    let width = left + icon_room + galley.size().x + shape.right;
    let (rect, response) = ui.allocate_exact_size(vec2(width, shape.height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Part::Label, true, text));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        painter.rect(
            rect,
            CornerRadius::same(radius::BADGE),
            colours.fill,
            Stroke::new(1.0, colours.border),
            StrokeKind::Inside,
        );
        if let Some((icon, side, weight, _)) = icon {
            let place = Align2::LEFT_CENTER
                .anchor_size(pos2(rect.left() + left, rect.center().y), vec2(side, side));
            icons::paint_with(painter, icon, place, colours.words, weight);
        }
        let at = pos2(
            rect.left() + left + icon_room,
            rect.center().y - galley.size().y / 2.0,
        );
        painter.galley(at, galley, colours.words);
    }
    if elided {
        super::tooltip(&response, text, None);
    }
    response
}

/// A word to filter by.
#[must_use = "a chip is drawn by show"]
pub(in crate::ui) struct Chip<'a> {
    text: &'a str,
    selected: bool,
    icon: Option<Icon>,
    tooltip: &'a str,
}

impl<'a> Chip<'a> {
    /// A chip with this word.
    pub(in crate::ui) const fn new(text: &'a str) -> Self {
        Self {
            text,
            selected: false,
            icon: None,
            tooltip: "",
        }
    }

    /// Whether it is chosen.
    pub(in crate::ui) const fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// An icon before the word.
    pub(in crate::ui) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// What it filters.
    pub(in crate::ui) const fn tooltip(mut self, tooltip: &'a str) -> Self {
        self.tooltip = tooltip;
        self
    }

    /// Draws the chip.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        let tokens = tokens(ui);
        let icon_room = if self.icon.is_some() {
            size::ICON_PILL + 5.0
        } else {
            0.0
        };
        let room = (ui.available_width() - 20.0 - icon_room).max(20.0);
        let galley = layout(ui.painter(), self.text, Role::Small, room);
        let width = 20.0 + icon_room + galley.size().x;
        let enabled = ui.is_enabled();
        let sense = if enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width, size::CHIP), sense);
        response
            .widget_info(|| WidgetInfo::selected(Part::Button, enabled, self.selected, self.text));
        if ui.is_rect_visible(rect) {
            let (fill, border, words) = match (enabled, self.selected) {
                (false, _) => (
                    tokens.bg_disabled,
                    tokens.stroke_default,
                    tokens.text_disabled,
                ),
                (true, true) => (tokens.bg_selected, tokens.accent, tokens.accent_text),
                (true, false) => (
                    faded(ui, &response, tokens.bg_card, tokens.bg_hover),
                    tokens.stroke_default,
                    tokens.text_secondary,
                ),
            };
            const ROUND: u8 = 12;
            let painter = ui.painter();
            let border = Stroke::new(1.0, border);
            painter.rect(
                rect,
                CornerRadius::same(ROUND),
                fill,
                border,
                StrokeKind::Inside,
            );
            if let Some(icon) = self.icon {
                let place = Align2::LEFT_CENTER.anchor_size(
                    pos2(rect.left() + 10.0, rect.center().y),
                    vec2(size::ICON_PILL, size::ICON_PILL),
                );
                icons::paint_with(painter, icon, place, words, Weight::Badge);
            }
            let at = pos2(
                rect.left() + 10.0 + icon_room,
                rect.center().y - galley.size().y / 2.0,
            );
            painter.galley(at, galley, words);
            focus_ring(ui, &response, rect, ROUND);
        }
        explain(&response, Ok(()), self.tooltip, None);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_own_icon() {
        let mut icons: Vec<Icon> = Status::ALL
            .iter()
            .map(|status| status_icon(*status))
            .collect();
        icons.sort_unstable();
        icons.dedup();
        assert_eq!(icons.len(), Status::ALL.len());
    }

    #[test]
    fn a_badge_has_a_status_unless_it_is_plain() {
        let kinds = [BadgeKind::Warning, BadgeKind::Error];
        assert!(kinds.iter().all(|kind| kind.status().is_some()));
        assert_eq!(BadgeKind::Plain.status(), None);
    }
}
