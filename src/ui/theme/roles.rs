//! What a piece of text is for; size, line and weight follow from it.

use std::collections::BTreeMap;

use egui::{FontFamily, FontId, TextStyle};

use super::fonts;

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ui) enum Role {
    /// The title of the welcome screen.
    Display,
    /// The state of the whole run.
    RunState,
    /// A figure of the whole run.
    RunFigure,
    /// The title of a dialog.
    DialogTitle,
    /// The state and time of a step while it runs.
    CardState,
    /// The title of a section.
    Section,
    /// The first line of a card.
    CardTitle,
    /// Everything else.
    Body,
    /// Everything else, with emphasis.
    BodyStrong,
    /// Times, step numbers, heads of tables, bars.
    Small,
    /// A small word with emphasis, such as a status.
    SmallStrong,
    /// Badges, counters, keys.
    Badge,
    /// Logs, XML, distinguished names.
    Mono,
}

impl Role {
    /// Every role, from the largest to the smallest.
    #[cfg(test)]
    pub(in crate::ui) const ALL: [Self; 13] = [
        Self::Display,
        Self::RunState,
        Self::RunFigure,
        Self::DialogTitle,
        Self::CardState,
        Self::Section,
        Self::CardTitle,
        Self::Body,
        Self::BodyStrong,
        Self::Small,
        Self::SmallStrong,
        Self::Badge,
        Self::Mono,
    ];

    /// The font in which text of this role is set.
    pub(in crate::ui) fn font(self) -> FontId {
        FontId::new(self.points(), self.family())
    }

    /// The height of a line of this role.
    pub(in crate::ui) const fn line_height(self) -> f32 {
        match self {
            Self::Display => 34.0,
            Self::RunState | Self::RunFigure => 28.0,
            Self::DialogTitle => 24.0,
            Self::Section => 20.0,
            Self::CardState => 19.0,
            Self::CardTitle | Self::Body | Self::BodyStrong => 18.0,
            Self::Small | Self::SmallStrong | Self::Badge | Self::Mono => 16.0,
        }
    }

    const fn points(self) -> f32 {
        match self {
            Self::Display => 26.0,
            Self::RunState => 24.0,
            Self::RunFigure => 22.0,
            Self::DialogTitle => 17.0,
            Self::CardState => 15.0,
            Self::Section => 14.0,
            Self::CardTitle => 13.5,
            Self::Body | Self::BodyStrong => 13.0,
            Self::Small | Self::SmallStrong | Self::Mono => 12.0,
            Self::Badge => 11.5,
        }
    }

    fn family(self) -> FontFamily {
        match self {
            Self::Body | Self::Small | Self::Badge => FontFamily::Proportional,
            Self::Mono => FontFamily::Monospace,
            _ => fonts::semi_bold(),
        }
    }
}

/// egui's own text styles, so that its widgets speak the same voice.
pub(super) fn text_styles() -> BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Heading, Role::DialogTitle),
        (TextStyle::Body, Role::Body),
        (TextStyle::Button, Role::Body),
        (TextStyle::Small, Role::Small),
        (TextStyle::Monospace, Role::Mono),
    ]
    .into_iter()
    .map(|(style, role)| (style, role.font()))
    .collect()
}
