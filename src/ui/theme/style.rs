//! Sizes, and egui's own widgets dressed in our tokens.

use egui::style::{Selection, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, CornerRadius, Margin, Stroke, Theme, ThemePreference, Vec2, Visuals, vec2,
};

use super::fonts;
use super::tokens::{self, Tokens};

/// The window's first size, in points.
pub(in crate::ui) const WINDOW_SIZE: Vec2 = vec2(880.0, 600.0);
/// The smallest size at which nothing is cut off, in points.
pub(in crate::ui) const WINDOW_MIN_SIZE: Vec2 = vec2(640.0, 520.0);
/// The widest column that is still pleasant to read, in points.
pub(in crate::ui) const COLUMN_WIDTH: f32 = 560.0;
/// The room between a bar's edge and its content.
pub(in crate::ui) const PANEL_PADDING: Margin = Margin::symmetric(14, 8);
/// The room within a card.
pub(in crate::ui) const CARD_PADDING: Margin = Margin::same(16);
/// The corners of cards.
pub(in crate::ui) const RADIUS_CARD: CornerRadius = CornerRadius::same(8);
/// The corners of badges and of code.
pub(in crate::ui) const RADIUS_BADGE: CornerRadius = CornerRadius::same(5);

/// The steps of the 4-point grid between things.
pub(in crate::ui) mod gap {
    /// Between an icon and its word.
    pub(in crate::ui) const TIGHT: f32 = 4.0;
    /// Between lines that belong together.
    pub(in crate::ui) const NEAR: f32 = 8.0;
    /// Between paragraphs.
    pub(in crate::ui) const APART: f32 = 12.0;
    /// Between sections.
    pub(in crate::ui) const FAR: f32 = 24.0;
}

/// Dresses egui in both themes and lets the system choose between them.
pub(in crate::ui) fn apply(context: &Context) {
    context.set_fonts(fonts::definitions());
    context.options_mut(|options| options.fallback_theme = Theme::Light);
    context.set_theme(ThemePreference::System);
    for theme in [Theme::Light, Theme::Dark] {
        context.style_mut_of(theme, |style| {
            style.text_styles = fonts::text_styles();
            style.visuals = visuals(theme, tokens::of(theme));
            style.spacing.item_spacing = vec2(8.0, 4.0);
            style.spacing.button_padding = vec2(10.0, 4.0);
            style.spacing.interact_size.y = 26.0;
        });
    }
}

fn visuals(theme: Theme, tokens: &Tokens) -> Visuals {
    let base = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    Visuals {
        override_text_color: None,
        widgets: widgets(tokens),
        selection: Selection {
            bg_fill: tokens.bg_selected,
            stroke: Stroke::new(1.0, tokens.accent_text),
        },
        hyperlink_color: tokens.accent_text,
        faint_bg_color: tokens.bg_hover,
        extreme_bg_color: tokens.bg_input,
        code_bg_color: tokens.bg_input,
        window_fill: tokens.bg_card,
        window_stroke: Stroke::new(1.0, tokens.stroke_default),
        panel_fill: tokens.bg_panel,
        ..base
    }
}

fn widgets(tokens: &Tokens) -> Widgets {
    let look = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: CornerRadius::same(6),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let card = tokens.bg_card;
    Widgets {
        noninteractive: look(tokens.bg_panel, tokens.stroke_subtle, tokens.text_primary),
        inactive: look(card, tokens.stroke_default, tokens.text_primary),
        hovered: look(tokens.bg_hover, tokens.stroke_strong, tokens.text_primary),
        active: look(tokens.bg_pressed, tokens.focus, tokens.text_primary),
        open: look(tokens.bg_pressed, tokens.stroke_strong, tokens.text_primary),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_themes_are_dressed() {
        let context = Context::default();
        apply(&context);
        for theme in [Theme::Light, Theme::Dark] {
            let style = context.style_of(theme);
            assert_eq!(style.visuals.panel_fill, tokens::of(theme).bg_panel);
            assert_eq!(style.visuals.dark_mode, theme == Theme::Dark);
        }
    }
}
