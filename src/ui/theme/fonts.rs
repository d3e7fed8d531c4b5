//! Fonts and the roles of text.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId, TextStyle};

/// What a piece of text is for; size and weight follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Role {
    /// The title of a screen.
    Display,
    /// The title of a section or card.
    Section,
    /// Everything else.
    Body,
    /// Hints, table heads, bars.
    Small,
    /// Commands, names, logs.
    Mono,
}

impl Role {
    /// The font in which text of this role is set.
    pub(in crate::ui) fn font(self) -> FontId {
        match self {
            Self::Display => FontId::new(26.0, semi_bold()),
            Self::Section => FontId::new(14.0, semi_bold()),
            Self::Body => FontId::new(13.0, FontFamily::Proportional),
            Self::Small => FontId::new(12.0, FontFamily::Proportional),
            Self::Mono => FontId::new(12.5, FontFamily::Monospace),
        }
    }
}

const INTER: &str = "inter";
const INTER_SEMI_BOLD: &str = "inter-semi-bold";
const JETBRAINS_MONO: &str = "jetbrains-mono";

fn semi_bold() -> FontFamily {
    FontFamily::Name(INTER_SEMI_BOLD.into())
}

/// The fonts of the program first, egui's own as the fallback for rare characters.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, bytes: &'static [u8]| {
        let data = Arc::new(FontData::from_static(bytes));
        fonts.font_data.insert(name.to_owned(), data);
    };
    add(
        INTER,
        include_bytes!("../../../assets/fonts/Inter-Regular-tnum.otf"),
    );
    add(
        INTER_SEMI_BOLD,
        include_bytes!("../../../assets/fonts/Inter-SemiBold-tnum.otf"),
    );
    add(
        JETBRAINS_MONO,
        include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    );
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let family = |first: &str| {
        let mut names = vec![first.to_owned()];
        names.extend(fallback.iter().cloned());
        names
    };
    fonts
        .families
        .insert(FontFamily::Proportional, family(INTER));
    fonts.families.insert(semi_bold(), family(INTER_SEMI_BOLD));
    fonts
        .families
        .insert(FontFamily::Monospace, family(JETBRAINS_MONO));
    fonts
}

/// egui's own text styles, so that its widgets speak the same voice.
pub(super) fn text_styles() -> BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Heading, Role::Display),
        (TextStyle::Body, Role::Body),
        (TextStyle::Button, Role::Body),
        (TextStyle::Small, Role::Small),
        (TextStyle::Monospace, Role::Mono),
    ]
    .into_iter()
    .map(|(style, role)| (style, role.font()))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_font_that_is_loaded() {
        let fonts = definitions();
        let roles = [
            Role::Display,
            Role::Section,
            Role::Body,
            Role::Small,
            Role::Mono,
        ];
        for role in roles {
            let names = &fonts.families[&role.font().family];
            assert!(!names.is_empty());
            for name in names {
                assert!(fonts.font_data.contains_key(name), "{name} is not loaded");
            }
        }
    }
}
