//! Which look is chosen, and dressing egui in it.

use egui::{Context, Theme, ThemePreference};

use super::{fonts, keyboard, style, tokens};

/// One of the three looks that are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ui) enum Look {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// White on black, borders instead of shadows, a yellow focus.
    HighContrast,
}

/// What a person can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in crate::ui) enum LookChoice {
    /// As the system says, light or dark.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// Always high contrast.
    HighContrast,
}

impl LookChoice {
    /// Every choice, in the order in which they are offered.
    #[cfg(test)]
    pub(in crate::ui) const ALL: [Self; 4] =
        [Self::System, Self::Light, Self::Dark, Self::HighContrast];

    const fn preference(self) -> ThemePreference {
        match self {
            Self::System => ThemePreference::System,
            Self::Light => ThemePreference::Light,
            Self::Dark | Self::HighContrast => ThemePreference::Dark,
        }
    }
}

/// Dresses egui in the chosen look; cheap enough to call whenever the choice changes.
pub(in crate::ui) fn apply(ctx: &Context, choice: LookChoice, motion: bool) {
    fonts::install(ctx);
    keyboard::install(ctx);
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
    ctx.set_theme(choice.preference());
    let dark = if choice == LookChoice::HighContrast {
        Look::HighContrast
    } else {
        Look::Dark
    };
    for (theme, look) in [(Theme::Light, Look::Light), (Theme::Dark, dark)] {
        ctx.style_mut_of(theme, |style| style::dress(style, tokens::of(look), motion));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_dresses_the_window_in_its_look() {
        let cases = [
            (LookChoice::System, Look::Light),
            (LookChoice::Light, Look::Light),
            (LookChoice::Dark, Look::Dark),
            (LookChoice::HighContrast, Look::HighContrast),
        ];
        for (choice, look) in cases {
            let ctx = Context::default();
            apply(&ctx, choice, true);
            assert_eq!(super::super::look_of(&ctx), look, "{choice:?}");
            assert_eq!(super::super::tokens_of(&ctx).look, look);
        }
    }

    #[test]
    fn a_later_choice_replaces_the_first() {
        let ctx = Context::default();
        apply(&ctx, LookChoice::HighContrast, true);
        apply(&ctx, LookChoice::Dark, true);
        assert_eq!(super::super::look_of(&ctx), Look::Dark);
    }
}
