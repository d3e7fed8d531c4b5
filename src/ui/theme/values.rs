//! The values of the tokens, for each look. The numbers are those of the design, section by section.
//!
//! Must hold nothing but numbers; their meaning is in `tokens`.

use egui::Color32;

use super::look::Look;
use super::tokens::{KindColours, StatusColours, Tokens};

/// The colours of the look Light.
pub(super) static LIGHT: Tokens = Tokens {
    look: Look::Light,
    bg_canvas: rgb(0xE8_ECF0),
    bg_window: rgb(0xF5_F7F9),
    bg_panel: rgb(0xFB_FCFD),
    bg_lane: rgb(0xF3_F5F8),
    bg_card: rgb(0xFF_FFFF),
    bg_input: rgb(0xFF_FFFF),
    bg_overlay: rgb(0xFF_FFFF),
    bg_hover: rgb(0xE9_EEF2),
    bg_pressed: rgb(0xDA_E2E8),
    bg_selected: rgb(0xD9_EDEF),
    bg_disabled: rgb(0xED_F0F3),
    bg_drop: rgb(0xE6_F3F4),
    stroke_subtle: rgb(0xDF_E4E9),
    stroke_default: rgb(0xC6_CFD7),
    stroke_strong: rgb(0x76_828E),
    text_primary: rgb(0x14_202B),
    text_secondary: rgb(0x43_505D),
    text_tertiary: rgb(0x58_6572),
    text_disabled: rgb(0x99_A3AD),
    accent: rgb(0x0B_6B75),
    accent_hover: rgb(0x08_5A63),
    accent_pressed: rgb(0x06_4950),
    accent_text: rgb(0x0A_626B),
    on_accent: rgb(0xFF_FFFF),
    focus: rgb(0x0B_6B75),
    scrim: veil(0x14_202B, 42),
    shadows: [
        veil(0x14_202B, 10),
        veil(0x14_202B, 20),
        veil(0x14_202B, 28),
    ],
    success: status(0x0F_7B55, 0xFF_FFFF, 0x0B_6A48, 0xE0_F2EA),
    warning: status(0xE9_A100, 0x24_1800, 0x7F_4C00, 0xFF_F2D6),
    error: status(0xBF_2A2A, 0xFF_FFFF, 0xB3_2424, 0xFC_E8E6),
    running: status(0x1F_62D1, 0xFF_FFFF, 0x1C_57BA, 0xE5_EEFC),
    waiting: status(0x5C_56A3, 0xFF_FFFF, 0x54_4E99, 0xEE_EDF8),
    held: status(0xA3_237F, 0xFF_FFFF, 0x94_1E73, 0xFA_E6F4),
    skipped: status(0x6A_7581, 0xFF_FFFF, 0x56_616D, 0xED_F0F2),
    info: status(0x4A_6274, 0xFF_FFFF, 0x43_596A, 0xE9_EFF3),
    import: kind(0x1D_5FA8, 0xE3_EDF8),
    sync: kind(0x6B_45AC, 0xEE_E8F8),
    export: kind(0xA0_4A14, 0xFB_EBE0),
    flow: kind(0x46_5663, 0xE9_EDF1),
};

/// The colours of the look Dark.
pub(super) static DARK: Tokens = Tokens {
    look: Look::Dark,
    bg_canvas: rgb(0x0F_1317),
    bg_window: rgb(0x1A_1F24),
    bg_panel: rgb(0x1A_1F24),
    bg_lane: rgb(0x16_1B20),
    bg_card: rgb(0x24_2B32),
    bg_input: rgb(0x13_181C),
    bg_overlay: rgb(0x25_2C33),
    bg_hover: rgb(0x2C_343C),
    bg_pressed: rgb(0x31_3A42),
    bg_selected: rgb(0x17_393F),
    bg_disabled: rgb(0x20_262C),
    bg_drop: rgb(0x14_292D),
    stroke_subtle: rgb(0x2A_323A),
    stroke_default: rgb(0x3D_4853),
    stroke_strong: rgb(0x77_838F),
    text_primary: rgb(0xEC_F1F5),
    text_secondary: rgb(0xB7_C2CC),
    text_tertiary: rgb(0x98_A4AF),
    text_disabled: rgb(0x60_6B76),
    accent: rgb(0x5B_C4CD),
    accent_hover: rgb(0x7A_D2DA),
    accent_pressed: rgb(0x47_AEB8),
    accent_text: rgb(0x6F_CFD7),
    on_accent: rgb(0x06_262A),
    focus: rgb(0x6F_CFD7),
    scrim: veil(0x05_080A, 55),
    shadows: [veil(0, 40), veil(0, 55), veil(0, 65)],
    success: status(0x4C_C38E, 0x03_180E, 0x63_D0A0, 0x17_3027),
    warning: status(0xF2_B632, 0x24_1800, 0xF5_C251, 0x35_2B14),
    error: status(0xF4_645A, 0x1E_0201, 0xFF_9188, 0x3B_2021),
    running: status(0x58_A0FF, 0x03_152E, 0x7D_B5FF, 0x1A_2B44),
    waiting: status(0xAB_A5EE, 0x15_123A, 0xBD_B8F4, 0x29_2942),
    held: status(0xE2_72BA, 0x2B_0323, 0xF5_9BD5, 0x3A_2036),
    skipped: status(0x8A_95A0, 0x0F_1317, 0xA2_ACB6, 0x24_2A30),
    info: status(0x92_A9BA, 0x0E_171D, 0xA9_BECD, 0x22_2C34),
    import: kind(0x85_B9F2, 0x1E_3147),
    sync: kind(0xBF_A3F0, 0x2E_2744),
    export: kind(0xF0_A673, 0x3B_2A1F),
    flow: kind(0xB4_C0CB, 0x2E_363E),
};

/// The colours of the look `HighContrast`.
pub(super) static HIGH_CONTRAST: Tokens = Tokens {
    look: Look::HighContrast,
    bg_canvas: rgb(0x00_0000),
    bg_window: rgb(0x00_0000),
    bg_panel: rgb(0x00_0000),
    bg_lane: rgb(0x00_0000),
    bg_card: rgb(0x0A_0A0A),
    bg_input: rgb(0x00_0000),
    bg_overlay: rgb(0x0A_0A0A),
    bg_hover: rgb(0x26_2626),
    bg_pressed: rgb(0x3D_3D3D),
    bg_selected: rgb(0x00_3A40),
    bg_disabled: rgb(0x14_1414),
    bg_drop: rgb(0x00_2A2E),
    stroke_subtle: rgb(0x8C_8C8C),
    stroke_default: rgb(0xFF_FFFF),
    stroke_strong: rgb(0xFF_FFFF),
    text_primary: rgb(0xFF_FFFF),
    text_secondary: rgb(0xF0_F0F0),
    text_tertiary: rgb(0xD6_D6D6),
    text_disabled: rgb(0x8F_8F8F),
    accent: rgb(0x4D_E8F4),
    accent_hover: rgb(0x8C_F2FA),
    accent_pressed: rgb(0x22_CBD8),
    accent_text: rgb(0x4D_E8F4),
    on_accent: rgb(0x00_0000),
    focus: rgb(0xFF_EB3B),
    scrim: veil(0, 80),
    shadows: [
        Color32::TRANSPARENT,
        Color32::TRANSPARENT,
        Color32::TRANSPARENT,
    ],
    success: status(0x5C_F2B0, 0x00_0000, 0x5C_F2B0, 0x00_261A),
    warning: status(0xFF_D83B, 0x00_0000, 0xFF_D83B, 0x2A_2100),
    error: status(0xFF_8F87, 0x00_0000, 0xFF_8F87, 0x33_0A08),
    running: status(0x7D_BBFF, 0x00_0000, 0x7D_BBFF, 0x00_1C3D),
    waiting: status(0xCF_CAFF, 0x00_0000, 0xCF_CAFF, 0x1E_1A4D),
    held: status(0xFF_8DE0, 0x00_0000, 0xFF_8DE0, 0x3D_0030),
    skipped: status(0xD0_D0D0, 0x00_0000, 0xD0_D0D0, 0x1F_1F1F),
    info: status(0xCF_E6F5, 0x00_0000, 0xCF_E6F5, 0x12_222C),
    import: kind(0x8F_C5FF, 0x00_264D),
    sync: kind(0xD3_BFFF, 0x2B_1557),
    export: kind(0xFF_B787, 0x4A_2000),
    flow: kind(0xFF_FFFF, 0x33_3333),
};

const fn status(solid: u32, on: u32, text: u32, tint: u32) -> StatusColours {
    StatusColours {
        solid: rgb(solid),
        on: rgb(on),
        text: rgb(text),
        tint: rgb(tint),
    }
}

const fn kind(icon: u32, tile: u32) -> KindColours {
    KindColours {
        icon: rgb(icon),
        tile: rgb(tile),
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

/// A colour that lets the rest shine through.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that names colours"
)]
const fn veil(hex: u32, percent: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgba_premultiplied(
        (red as u32 * percent / 100) as u8,
        (green as u32 * percent / 100) as u8,
        (blue as u32 * percent / 100) as u8,
        (255 * percent / 100) as u8,
    )
}
