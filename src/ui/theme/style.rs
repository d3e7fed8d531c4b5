//! egui's own widgets dressed in our tokens, shadows, and whether things move.

use egui::style::{Selection, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, Ui, Visuals, vec2};

use super::look::Look;
use super::roles;
use super::sizes::{motion, radius, size};
use super::tokens::{Tokens, tokens};

/// How far above the rest something floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Elevation {
    /// A card on its thread.
    Card,
    /// A menu, a toast, what is dragged.
    Menu,
    /// A dialog.
    Dialog,
}

/// The shadow of something at this height; none in high contrast.
pub(in crate::ui) fn shadow(ui: &Ui, elevation: Elevation) -> Shadow {
    shadow_of(tokens(ui), elevation)
}

/// A duration, or none when the person wants no movement.
pub(in crate::ui) fn seconds(ui: &Ui, base: f32) -> f32 {
    if ui.style().animation_time > 0.0 {
        base
    } else {
        0.0
    }
}

pub(super) const fn shadow_of(tokens: &Tokens, elevation: Elevation) -> Shadow {
    let [card, menu, dialog] = tokens.shadows;
    let (y, blur, color) = match elevation {
        Elevation::Card => (1, 2, card),
        Elevation::Menu => (8, 24, menu),
        Elevation::Dialog => (16, 48, dialog),
    };
    if matches!(tokens.look, Look::HighContrast) {
        return Shadow::NONE;
    }
    Shadow {
        offset: [0, y],
        blur,
        spread: 0,
        color,
    }
}

pub(super) fn dress(style: &mut Style, tokens: &Tokens, moves: bool) {
    style.text_styles = roles::text_styles();
    style.visuals = visuals(tokens);
    style.animation_time = if moves { motion::PANEL } else { 0.0 };
    if !moves {
        style.scroll_animation = egui::style::ScrollAnimation::none();
    }
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(10.0, 4.0);
    // The height of a row before anything is in it: what is lower stands in its middle.
    spacing.interact_size.y = size::BUTTON_SMALL;
    spacing.menu_margin = Margin::same(4);
    spacing.window_margin = Margin::same(16);
    spacing.tooltip_width = 320.0;
    spacing.scroll.floating = true;
    style.interaction.tooltip_delay = motion::TOOLTIP;
    style.interaction.show_tooltips_only_when_still = true;
    style.interaction.selectable_labels = false;
}

fn visuals(tokens: &Tokens) -> Visuals {
    let base = match tokens.look {
        Look::Light => Visuals::light(),
        Look::Dark | Look::HighContrast => Visuals::dark(),
    };
    Visuals {
        override_text_color: None,
        weak_text_color: Some(tokens.text_tertiary),
        widgets: widgets(tokens),
        selection: Selection {
            // Chosen letters: as plain as a primary button, in every look.
            bg_fill: tokens.accent,
            stroke: Stroke::new(1.0, tokens.on_accent),
        },
        hyperlink_color: tokens.accent_text,
        faint_bg_color: tokens.bg_hover,
        extreme_bg_color: tokens.bg_input,
        text_edit_bg_color: Some(tokens.bg_input),
        code_bg_color: tokens.bg_input,
        warn_fg_color: tokens.warning.text,
        error_fg_color: tokens.error.text,
        window_corner_radius: CornerRadius::same(radius::DIALOG),
        window_shadow: shadow_of(tokens, Elevation::Dialog),
        window_fill: tokens.bg_overlay,
        window_stroke: Stroke::new(1.0, tokens.stroke_default),
        menu_corner_radius: CornerRadius::same(radius::CARD),
        panel_fill: tokens.bg_panel,
        popup_shadow: shadow_of(tokens, Elevation::Menu),
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.5, tokens.text_primary),
            // A blinking cursor would wake the window twice a second.
            blink: false,
            ..TextCursorStyle::default()
        },
        ..base
    }
}

fn widgets(tokens: &Tokens) -> Widgets {
    let look = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: CornerRadius::same(radius::BUTTON),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let card = tokens.bg_card;
    Widgets {
        noninteractive: look(tokens.bg_panel, tokens.stroke_subtle, tokens.text_primary),
        inactive: look(card, tokens.stroke_strong, tokens.text_primary),
        hovered: look(tokens.bg_hover, tokens.stroke_strong, tokens.text_primary),
        active: look(tokens.bg_pressed, tokens.focus, tokens.text_primary),
        open: look(tokens.bg_pressed, tokens.stroke_strong, tokens.text_primary),
    }
}
