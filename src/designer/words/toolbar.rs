//! What the toolbar says besides its commands.

use crate::model::OverlapRule;
use crate::settings::ThemeChoice;

/// The name of the toolbar's list.
pub const OVERLAP: &str = "Overlap rule";
/// What it decides.
pub const OVERLAP_TIP: &str = "What may run on the server while a synchronization runs";
/// The field that opens the palette.
pub const SEARCH: &str = "Search or run a command";
/// The same where there is little room.
pub const SEARCH_SHORT: &str = "Search";

/// An overlap rule.
pub const fn overlap(rule: OverlapRule) -> &'static str {
    match rule {
        OverlapRule::ExclusiveSync => "Synchronizations run alone",
        OverlapRule::SingleSync => "One synchronization at a time",
        OverlapRule::Unrestricted => "Unrestricted",
    }
}

/// What an overlap rule means, one sentence.
pub const fn overlap_hint(rule: OverlapRule) -> &'static str {
    match rule {
        OverlapRule::ExclusiveSync => {
            "Nothing else runs beside a synchronization: the way Microsoft supports"
        }
        OverlapRule::SingleSync => {
            "Imports and exports of other agents may run beside a synchronization"
        }
        OverlapRule::Unrestricted => {
            "Only one profile at a time for each agent; synchronizations may collide"
        }
    }
}

/// The button that changes the theme.
pub const fn theme(next: ThemeChoice) -> &'static str {
    match next {
        ThemeChoice::Light | ThemeChoice::System => "Use the light theme",
        ThemeChoice::Dark => "Use the dark theme",
        ThemeChoice::HighContrast => "Use the high contrast theme",
    }
}
