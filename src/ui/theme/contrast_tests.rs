//! The contrast of every pair of colours that is used, in all three looks: 4.5 for text, 3 for
//! icons, borders of controls and the focus.

use egui::Color32;

use super::look::Look;
use super::tokens::{Status, StepLook, Tokens, of};

const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

/// The contrast ratio of WCAG 2.x.
fn contrast(a: Color32, b: Color32) -> f64 {
    let luminance = |colour: Color32| {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    (a / b).max(b / a)
}

/// What stands on what, and how much it must differ.
type Pair = (&'static str, Color32, Color32, f64);

fn on_surfaces(tokens: &Tokens, pairs: &mut Vec<Pair>) {
    let still = [
        tokens.bg_window,
        tokens.bg_panel,
        tokens.bg_lane,
        tokens.bg_card,
        tokens.bg_input,
        tokens.bg_overlay,
        tokens.bg_canvas,
    ];
    let touched = [
        tokens.bg_hover,
        tokens.bg_selected,
        tokens.bg_pressed,
        tokens.bg_drop,
    ];
    for surface in still.into_iter().chain(touched) {
        pairs.push(("text.primary", tokens.text_primary, surface, TEXT));
        pairs.push(("text.secondary", tokens.text_secondary, surface, TEXT));
        pairs.push(("text.tertiary", tokens.text_tertiary, surface, TEXT));
        pairs.push(("accent.text", tokens.accent_text, surface, TEXT));
        pairs.push(("focus", tokens.focus, surface, SHAPE));
    }
    for surface in still {
        pairs.push(("stroke.strong", tokens.stroke_strong, surface, SHAPE));
        pairs.push(("accent", tokens.accent, surface, SHAPE));
    }
}

fn on_accent(tokens: &Tokens, pairs: &mut Vec<Pair>) {
    for fill in [tokens.accent, tokens.accent_hover, tokens.accent_pressed] {
        pairs.push(("on.accent", tokens.on_accent, fill, TEXT));
    }
    pairs.push(("tooltip", tokens.bg_panel, tokens.text_primary, TEXT));
}

fn of_status(tokens: &Tokens, status: Status, pairs: &mut Vec<Pair>) {
    let colours = tokens.status(status);
    pairs.push(("on solid", colours.on, colours.solid, TEXT));
    let surfaces = [
        tokens.bg_card,
        tokens.bg_lane,
        tokens.bg_window,
        tokens.bg_panel,
        tokens.bg_overlay,
        colours.tint,
    ];
    for surface in surfaces {
        pairs.push(("status word", colours.text, surface, TEXT));
    }
    pairs.push(("text on tint", tokens.text_primary, colours.tint, TEXT));
    pairs.push((
        "second line on tint",
        tokens.text_secondary,
        colours.tint,
        TEXT,
    ));
    // The light amber is only ever a block with a dark icon on it.
    if !(status == Status::Warning && tokens.look == Look::Light) {
        pairs.push(("solid on card", colours.solid, tokens.bg_card, SHAPE));
        pairs.push(("solid on lane", colours.solid, tokens.bg_lane, SHAPE));
    }
}

fn of_kind(tokens: &Tokens, kind: StepLook, pairs: &mut Vec<Pair>) {
    let colours = tokens.kind(kind);
    for surface in [colours.tile, tokens.bg_card, tokens.bg_panel] {
        pairs.push(("icon of a step", colours.icon, surface, SHAPE));
    }
}

#[test]
fn every_pair_that_is_used_can_be_told_apart() {
    let kinds = [
        StepLook::Import,
        StepLook::Sync,
        StepLook::Export,
        StepLook::Flow,
    ];
    for look in [Look::Light, Look::Dark, Look::HighContrast] {
        let tokens = of(look);
        let mut pairs = Vec::new();
        on_surfaces(tokens, &mut pairs);
        on_accent(tokens, &mut pairs);
        for status in Status::ALL {
            of_status(tokens, status, &mut pairs);
        }
        for kind in kinds {
            of_kind(tokens, kind, &mut pairs);
        }
        assert!(pairs.len() > 130, "{} pairs", pairs.len());
        for (what, front, back, least) in pairs {
            let ratio = contrast(front, back);
            assert!(
                ratio >= least,
                "{look:?}, {what}: {front:?} on {back:?} is {ratio:.2}, not {least}"
            );
        }
    }
}

#[test]
fn the_measure_is_that_of_the_standard() {
    let cases = [
        (Color32::WHITE, Color32::BLACK, 21.0),
        (Color32::BLACK, Color32::WHITE, 21.0),
        (Color32::WHITE, Color32::WHITE, 1.0),
        (Color32::RED, Color32::WHITE, 4.0),
    ];
    for (a, b, ratio) in cases {
        assert!((contrast(a, b) - ratio).abs() < 0.01, "{a:?} on {b:?}");
    }
}
