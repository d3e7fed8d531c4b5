//! The fonts of the program.
//!
//! Must not read files: what the system lends is found by `fallback`.

pub(in crate::ui) mod fallback;

use std::sync::{Arc, LazyLock};

use egui::{Context, FontData, FontDefinitions, FontFamily};

use self::fallback::{Missed, Scripts};
use crate::ui::icons;

const INTER: &str = "inter";
const INTER_SEMI_BOLD: &str = "inter-semi-bold";
const JETBRAINS_MONO: &str = "jetbrains-mono";

/// The family of text with emphasis.
pub(super) fn semi_bold() -> FontFamily {
    /// Made once, because every word in every frame asks for it.
    static FAMILY: LazyLock<FontFamily> =
        LazyLock::new(|| FontFamily::Name(INTER_SEMI_BOLD.into()));
    FAMILY.clone()
}

/// Hands the program's fonts and icons to egui; asking twice changes nothing.
pub(super) fn install(ctx: &Context) {
    ctx.add_plugin(Letters::default());
}

/// Lives as long as the window, whatever happens to egui's memory, so that the fonts are read once.
#[derive(Default)]
struct Letters {
    missed: Arc<Missed>,
}

impl egui::Plugin for Letters {
    fn debug_name(&self) -> &'static str {
        "theme-letters"
    }

    fn setup(&mut self, ctx: &Context) {
        ctx.set_fonts(definitions());
        ctx.add_font_provider(Arc::new(fallback::Watcher::new(Arc::clone(&self.missed))));
        icons::install(ctx);
    }
}

/// After a frame: reads the fonts of the system that it lacked, on a thread, and draws again.
pub(in crate::ui) fn lend(ctx: &Context) {
    let scripts = wanted(ctx);
    if scripts.is_empty() {
        return;
    }
    let ctx = ctx.clone();
    let reading = std::thread::Builder::new().name("fonts".to_owned());
    // Without a thread the letters stay boxes, which is no reason to end.
    reading
        .spawn(move || {
            let found = fallback::find(scripts);
            if !found.is_empty() {
                fallback::add(&ctx, found);
                ctx.request_repaint();
            }
        })
        .ok();
}

/// The scripts that were missed in what was drawn so far, each told once.
fn wanted(ctx: &Context) -> Scripts {
    ctx.plugin_opt::<Letters>()
        .map_or(Scripts::NONE, |letters| letters.lock().missed.take())
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
    fn what_could_not_be_drawn_is_told_once() {
        let ctx = Context::default();
        ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
        install(&ctx);
        let show = |text: &'static str| {
            let output = ctx.run_ui(egui::RawInput::default(), |ui| {
                ui.label(text);
            });
            output.drop_without_applying_deltas();
            wanted(&ctx)
        };
        assert_eq!(show("Contoso AD, Größe"), Scripts::NONE);
        assert_eq!(show("HR 人事"), Scripts::EAST_ASIAN);
        assert_eq!(show("HR 人事"), Scripts::NONE);
        assert_eq!(show("人事 עברית"), Scripts::HEBREW);
        ctx.memory_mut(|memory| *memory = egui::Memory::default());
        install(&ctx);
        assert_eq!(show("人事 עברית"), Scripts::NONE);
    }

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
