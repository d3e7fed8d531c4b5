//! What the dialogs show besides their words: names of fields, of choices, and the pages.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::designer::words::files::path_text;
use crate::designer::{ListedRun, RecoveryCopy};
use crate::settings::ThemeChoice;

/// The field of a path.
pub const PATH: &str = "Path";
/// The field of an agent's name.
pub const AGENT: &str = "Management agent";
/// The field of a profile's name.
pub const PROFILE: &str = "Run profile";
/// The button that lists what is known.
pub const CHOOSE: &str = "Choose a known one";
/// When a name is missing.
pub const NAMES_NEEDED: &str = "Type the names as the synchronization service shows them";
/// The field of a password.
pub const PASSWORD: &str = "Password";
/// Where a password goes.
pub const PASSWORD_HELP: &str =
    "It is kept only until this window closes, and written into no file.";
/// Recover one copy.
pub const RECOVER: &str = "Recover";
/// Throw one copy away.
pub const DISCARD: &str = "Throw away";
/// Work that was never in a file.
pub const NEVER_SAVED: &str = "Never saved";
/// Watch one run.
pub const WATCH: &str = "Watch";

/// The heading of the choice of a theme.
pub const THEME: &str = "Theme";
/// The scale of the window's content.
pub const SCALE: &str = "Scale";
/// Whether things move.
pub const MOTION: &str = "Motion";
/// What that means.
pub const MOTION_HELP: &str = "Panels and cards move into place, and what runs turns";
/// How often the agents are read.
pub const REFRESH: &str = "Read the agents every";
/// The unit of that.
pub const SECONDS: &str = "s";
/// When that is no number.
pub const REFRESH_BAD: &str = "Type a number from 2 to 3600";

/// The program's name on its page.
pub const PROGRAM: &str = "MA Run Sequence Configuration";
/// Its version.
pub const VERSION: &str = concat!("Version ", env!("CARGO_PKG_VERSION"));
/// What it is for.
pub const ABOUT: &str = "Draws, checks, tests and schedules the order in which Microsoft’s identity \
    synchronization service (MIIS, ILM, FIM, MIM) runs its run profiles.";
/// Its twin.
pub const ABOUT_RUNNER: &str = "The same file runs without a window:";
/// How its twin is called.
pub const RUNNER: &str = "masequencer /f:File.xml";
/// Its licence.
pub const LICENCE: &str = "Free software under the MIT or the Apache 2.0 licence. Inter and JetBrains \
    Mono are used under the SIL Open Font License.";

/// A theme's name and what it means.
pub const fn theme(choice: ThemeChoice) -> (&'static str, &'static str) {
    match choice {
        ThemeChoice::System => ("As the system", "Light or dark, as the desktop says"),
        ThemeChoice::Light => ("Light", ""),
        ThemeChoice::Dark => ("Dark", ""),
        ThemeChoice::HighContrast => ("High contrast", "White on black, a yellow focus"),
    }
}

/// A scale.
pub fn percent(scale: u16) -> String {
    format!("{scale} %")
}

/// A moment of today or another day, in the person's own zone.
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    let zone = TimeZone::system();
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone));
    let days = now
        .date()
        .since(at.date())
        .map_or(i32::MAX, |span| span.get_days());
    match days {
        0 => format!("Today, {}", at.strftime("%H:%M")),
        1 => format!("Yesterday, {}", at.strftime("%H:%M")),
        _ if at.year() == now.year() => at.strftime("%-d %B").to_string(),
        _ => at.strftime("%-d %B %Y").to_string(),
    }
}

/// The file of a recovery copy.
pub fn copy_of(copy: &RecoveryCopy) -> String {
    copy.file
        .as_deref()
        .map_or_else(|| NEVER_SAVED.to_owned(), path_text)
}

/// When a recovery copy was written.
pub fn written(copy: &RecoveryCopy, now: Timestamp) -> String {
    format!("Last change {}", lower_first(&moment(copy.written, now)))
}

/// When a run began.
pub fn started(run: &ListedRun, now: Timestamp) -> String {
    format!("Since {}", lower_first(&moment(run.started, now)))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn moments_are_near_or_named() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let day = Duration::from_hours(24);
        assert!(moment(now, now).starts_with("Today, "));
        assert!(moment(now - day, now).starts_with("Yesterday, "));
        assert_eq!(moment(now - 4 * day, now), "18 November");
        assert_eq!(moment(now - 400 * day, now), "18 October 2025");
    }
}
