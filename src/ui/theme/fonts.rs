//! The fonts of the program.
//!
//! Must not read files: what the system lends is found by `fallback`.

pub(in crate::ui) mod fallback;

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily, Id};

const INTER: &str = "inter";
const INTER_SEMI_BOLD: &str = "inter-semi-bold";
const JETBRAINS_MONO: &str = "jetbrains-mono";

/// The family of text with emphasis.
pub(super) fn semi_bold() -> FontFamily {
    FontFamily::Name(INTER_SEMI_BOLD.into())
}

/// Hands the program's fonts to egui, once.
pub(super) fn install(ctx: &Context) {
    let id = Id::unique("theme-fonts-installed");
    let done = ctx.data_mut(|data| {
        let done = data.get_temp_mut_or_default::<bool>(id);
        std::mem::replace(done, true)
    });
    if !done {
        ctx.set_fonts(definitions());
    }
}

/// The fonts of the program first, egui's own as the fallback for rare characters.
fn definitions() -> FontDefinitions {
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

#[cfg(test)]
mod tests {
    use super::super::Role;
    use super::*;

    #[test]
    fn every_role_has_a_font_that_is_loaded() {
        let fonts = definitions();
        for role in Role::ALL {
            let names = &fonts.families[&role.font().family];
            assert!(!names.is_empty());
            for name in names {
                assert!(fonts.font_data.contains_key(name), "{name} is not loaded");
            }
        }
    }
}
