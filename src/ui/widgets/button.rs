//! The button with a word.

use egui::{
    Color32, CornerRadius, Rect, Response, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::paint::{faded, focus_ring, layout};
use super::tooltip::explain;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, Tokens, radius, size, tokens};

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum ButtonKind {
    /// The one thing to do next.
    Primary,
    /// One of several.
    #[default]
    Normal,
    /// It takes something away.
    Danger,
    /// It takes something away, in the dialog that asks for it.
    DangerSolid,
    /// A word that does something.
    Link,
    /// A button of a bar, without a border.
    Quiet,
    /// The same, for what takes something away.
    QuietDanger,
}

/// A button with a word.
#[must_use = "a button is drawn by show"]
pub(in crate::ui) struct Button<'a> {
    text: &'a str,
    name: Option<&'a str>,
    icon: Option<Icon>,
    kind: ButtonKind,
    small: bool,
    selected: Option<bool>,
    enabled: Result<(), &'a str>,
    tooltip: &'a str,
    key: Option<&'a str>,
    min_width: f32,
}

impl<'a> Button<'a> {
    /// A button with this word.
    pub(in crate::ui) const fn new(text: &'a str) -> Self {
        Self {
            text,
            name: None,
            icon: None,
            kind: ButtonKind::Normal,
            small: false,
            selected: None,
            enabled: Ok(()),
            tooltip: "",
            key: None,
            min_width: 0.0,
        }
    }

    /// What a screen reader calls it, where the word alone does not say enough.
    pub(in crate::ui) const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// An icon before the word.
    pub(in crate::ui) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// How much it asks for attention.
    pub(in crate::ui) const fn kind(mut self, kind: ButtonKind) -> Self {
        self.kind = kind;
        self
    }

    /// A lower button, for bars and rows.
    pub(in crate::ui) const fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// A button that stays pressed.
    pub(in crate::ui) const fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        self
    }

    /// Disabled for this reason, unless all is well.
    pub(in crate::ui) const fn enabled_or(mut self, enabled: Result<(), &'a str>) -> Self {
        self.enabled = enabled;
        self
    }

    /// What it does, for who rests on it.
    pub(in crate::ui) const fn tooltip(mut self, tooltip: &'a str) -> Self {
        self.tooltip = tooltip;
        self
    }

    /// The key that does the same.
    pub(in crate::ui) const fn key(mut self, key: &'a str) -> Self {
        self.key = Some(key);
        self
    }

    /// At least as wide as this.
    pub(in crate::ui) const fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }

    /// Draws the button.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        let tokens = tokens(ui);
        let strong = matches!(self.kind, ButtonKind::Primary | ButtonKind::DangerSolid);
        let role = if strong { Role::BodyStrong } else { Role::Body };
        let height = if self.small {
            size::BUTTON_SMALL
        } else {
            size::BUTTON
        };
        let icon_size = if self.small { 15.0 } else { size::ICON_ROW };
        let padding = match (self.kind, self.small) {
            (_, true) | (ButtonKind::Quiet | ButtonKind::QuietDanger, false) => 10.0,
            (_, false) => 14.0,
        };
        let icon_room = if self.icon.is_some() {
            icon_size + 7.0
        } else {
            0.0
        };
        let room = (ui.available_width() - 2.0 * padding - icon_room).max(24.0);
        let galley = layout(ui.painter(), self.text, role, room);
        let content = galley.size().x + icon_room;
        let width = (content + 2.0 * padding).max(self.min_width);
        let enabled = self.enabled.is_ok() && ui.is_enabled();
        let sense = if enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
        response.widget_info(|| {
            let name = self.name.unwrap_or(self.text);
            let mut info = WidgetInfo::labeled(Part::Button, enabled, name);
            info.selected = self.selected;
            info
        });
        if ui.is_rect_visible(rect) {
            let face = self.face(ui, tokens, &response, enabled);
            let corner = if self.small {
                radius::BADGE
            } else {
                radius::BUTTON
            };
            ui.painter().rect(
                rect,
                CornerRadius::same(corner),
                face.fill,
                Stroke::new(1.0, face.border),
                StrokeKind::Inside,
            );
            let left = rect.center().x - content / 2.0;
            if let Some(icon) = self.icon {
                let centre = pos2(left + icon_size / 2.0, rect.center().y);
                let place = Rect::from_center_size(centre, vec2(icon_size, icon_size));
                icons::paint_with(ui.painter(), icon, place, face.icon, Weight::Regular);
            }
            let at = pos2(left + icon_room, rect.center().y - galley.size().y / 2.0);
            ui.painter().galley(at, galley, face.text);
            focus_ring(ui, &response, rect, corner);
        }
        let shown = if self.tooltip.is_empty() && self.key.is_some() {
            self.text
        } else {
            self.tooltip
        };
        explain(&response, self.enabled, shown, self.key);
        response
    }

    fn face(&self, ui: &Ui, tokens: &Tokens, response: &Response, enabled: bool) -> Face {
        if !enabled {
            return self.disabled_face(tokens);
        }
        let none = Color32::TRANSPARENT;
        let error = tokens.status(Status::Error);
        let pressed = response.is_pointer_button_down_on();
        let fill = |rest: Color32, hover: Color32, down: Color32| {
            if pressed {
                down
            } else {
                faded(ui, response, rest, hover)
            }
        };
        let touched = |rest: Color32| fill(rest, tokens.bg_hover, tokens.bg_pressed);
        match self.kind {
            ButtonKind::Primary => {
                let fill = fill(tokens.accent, tokens.accent_hover, tokens.accent_pressed);
                Face::new(fill, fill, tokens.on_accent)
            }
            ButtonKind::DangerSolid => {
                let hover = error.solid.lerp_to_gamma(tokens.text_primary, 0.14);
                let fill = fill(error.solid, hover, hover);
                Face::new(fill, fill, error.on)
            }
            ButtonKind::Danger => {
                let fill = fill(tokens.bg_card, error.tint, error.tint);
                Face::new(fill, error.solid, error.text)
            }
            ButtonKind::Normal if self.selected == Some(true) => {
                Face::new(tokens.bg_selected, tokens.accent, tokens.accent_text)
            }
            ButtonKind::Quiet if self.selected == Some(true) => {
                Face::new(tokens.bg_selected, tokens.chosen_edge(), tokens.accent_text)
            }
            ButtonKind::Normal => {
                let fill = touched(tokens.bg_card);
                Face::new(fill, tokens.stroke_strong, tokens.text_primary)
            }
            ButtonKind::QuietDanger => {
                Face::new(fill(none, error.tint, error.tint), none, error.text)
            }
            ButtonKind::Link => Face::new(touched(none), none, tokens.accent_text),
            ButtonKind::Quiet => Face {
                icon: tokens.text_secondary,
                ..Face::new(touched(none), none, tokens.text_primary)
            },
        }
    }

    const fn disabled_face(&self, tokens: &Tokens) -> Face {
        let (fill, border) = match self.kind {
            ButtonKind::Link | ButtonKind::Quiet | ButtonKind::QuietDanger => {
                (Color32::TRANSPARENT, Color32::TRANSPARENT)
            }
            _ => (tokens.bg_disabled, tokens.stroke_default),
        };
        Face::new(fill, border, tokens.text_disabled)
    }
}

/// The colours of a button in one state.
struct Face {
    fill: Color32,
    border: Color32,
    text: Color32,
    icon: Color32,
}

impl Face {
    const fn new(fill: Color32, border: Color32, words: Color32) -> Self {
        Self {
            fill,
            border,
            text: words,
            icon: words,
        }
    }
}
