//! Colours by meaning, for light and dark.

use egui::{Color32, Theme, Ui};

/// The colours of one theme. Text colours reach a contrast of 4.5 on every surface they are used
/// on, control borders and the accent reach 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Tokens {
    /// Title bar and status bar.
    pub bg_window: Color32,
    /// The working area.
    pub bg_panel: Color32,
    /// Cards and buttons.
    pub bg_card: Color32,
    /// Fields that hold text to read or to copy.
    pub bg_input: Color32,
    /// A button under the pointer.
    pub bg_hover: Color32,
    /// A button while it is pressed.
    pub bg_pressed: Color32,
    /// The chosen one of several.
    pub bg_selected: Color32,
    /// Dividers within a panel.
    pub stroke_subtle: Color32,
    /// Borders of panels and cards.
    pub stroke_default: Color32,
    /// Borders of controls.
    pub stroke_strong: Color32,
    /// Main text.
    pub text_primary: Color32,
    /// Second lines and labels.
    pub text_secondary: Color32,
    /// Hints.
    pub text_tertiary: Color32,
    /// What is chosen or can be clicked.
    pub accent: Color32,
    /// Words that stand for the accent.
    pub accent_text: Color32,
    /// The keyboard's focus.
    pub focus: Color32,
    /// Behind a note.
    pub info_tint: Color32,
    /// The word and icon of a note.
    pub info_text: Color32,
}

const LIGHT: Tokens = Tokens {
    bg_window: rgb(0xF5_F7F9),
    bg_panel: rgb(0xFB_FCFD),
    bg_card: rgb(0xFF_FFFF),
    bg_input: rgb(0xFF_FFFF),
    bg_hover: rgb(0xE9_EEF2),
    bg_pressed: rgb(0xDA_E2E8),
    bg_selected: rgb(0xD9_EDEF),
    stroke_subtle: rgb(0xDF_E4E9),
    stroke_default: rgb(0xC6_CFD7),
    stroke_strong: rgb(0x76_828E),
    text_primary: rgb(0x14_202B),
    text_secondary: rgb(0x43_505D),
    text_tertiary: rgb(0x58_6572),
    accent: rgb(0x0B_6B75),
    accent_text: rgb(0x0A_626B),
    focus: rgb(0x0B_6B75),
    info_tint: rgb(0xE9_EFF3),
    info_text: rgb(0x43_596A),
};

const DARK: Tokens = Tokens {
    bg_window: rgb(0x1A_1F24),
    bg_panel: rgb(0x0F_1317),
    bg_card: rgb(0x24_2B32),
    bg_input: rgb(0x13_181C),
    bg_hover: rgb(0x2C_343C),
    bg_pressed: rgb(0x31_3A42),
    bg_selected: rgb(0x17_393F),
    stroke_subtle: rgb(0x2A_323A),
    stroke_default: rgb(0x3D_4853),
    stroke_strong: rgb(0x77_838F),
    text_primary: rgb(0xEC_F1F5),
    text_secondary: rgb(0xB7_C2CC),
    text_tertiary: rgb(0x98_A4AF),
    accent: rgb(0x5B_C4CD),
    accent_text: rgb(0x6F_CFD7),
    focus: rgb(0x6F_CFD7),
    info_tint: rgb(0x22_2C34),
    info_text: rgb(0xA9_BECD),
};

/// The tokens of the theme in which `ui` is drawn.
pub(in crate::ui) fn tokens(ui: &Ui) -> &'static Tokens {
    of(ui.theme())
}

/// The tokens of a theme.
pub(super) const fn of(theme: Theme) -> &'static Tokens {
    match theme {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that names colours"
)]
const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast ratio of WCAG 2.x.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |color: Color32| {
            let channel = |value: u8| {
                let value = f64::from(value) / 255.0;
                if value <= 0.040_45 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
        };
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        (a / b).max(b / a)
    }

    #[test]
    fn text_can_be_read_on_every_surface() {
        for tokens in [&LIGHT, &DARK] {
            let surfaces = [
                tokens.bg_window,
                tokens.bg_panel,
                tokens.bg_card,
                tokens.bg_input,
            ];
            let texts = [
                tokens.text_primary,
                tokens.text_secondary,
                tokens.text_tertiary,
                tokens.accent_text,
            ];
            for surface in surfaces {
                for text in texts {
                    assert!(contrast(text, surface) >= 4.5, "{text:?} on {surface:?}");
                }
                for line in [tokens.stroke_strong, tokens.focus, tokens.accent] {
                    assert!(contrast(line, surface) >= 3.0, "{line:?} on {surface:?}");
                }
            }
            assert!(contrast(tokens.info_text, tokens.info_tint) >= 4.5);
            assert!(contrast(tokens.accent_text, tokens.bg_selected) >= 4.5);
        }
    }
}
