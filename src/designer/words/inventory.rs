//! What is said about what a server told in former days, and about what was exported from it.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::text::{elide_middle, list, plural, printable};
use crate::mim::{Export, Told};

/// The heading over why an export could not be read.
pub const NOT_READ: &str = "The exported configuration was not read";
/// An export that was read.
pub const READ: &str = "Exported configuration read";
/// Why an export that was read for one server is not taken for the one that is meant now.
pub const MEANWHILE: &str = "Meanwhile another server was chosen. Read it again for that one.";
/// What is kept about a server cannot be used.
pub const NOT_KEPT: &str = "What is known about the server is not kept";
/// The button that forgets an export.
pub const FORGET: &str = "Forget configuration files";

/// How many agents a message names.
const NAMED: usize = 3;
/// The longest name of a file or folder in a message.
const SHOWN_NAME: usize = 60;

/// How long ago something was, at a glance.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(at).as_mins();
    match minutes {
        ..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1_440 => format!("{} h ago", minutes / 60),
        1_440..2_880 => "1 day ago".to_owned(),
        2_880..86_400 => format!("{} days ago", minutes / 1_440),
        _ => format!("on {}", date(at)),
    }
}

fn date(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::system());
    at.strftime("%-d %B %Y").to_string()
}

fn moment(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::system());
    at.strftime("%-d %B %Y, %H:%M").to_string()
}

/// From where the tree has its agents while no server is connected, and how old that is.
pub fn told(told: &Told, now: Timestamp) -> String {
    format!(
        "From {}, {}",
        printable(&told.server),
        age(told.read_at, now)
    )
}

/// The same for who rests on it.
pub fn told_tip(told: &Told) -> String {
    let account = match told.account.as_str() {
        "" => String::new(),
        account => format!(" to {}", printable(account)),
    };
    format!(
        "{} told this{account} on {}. It may have changed since; connect to see how it is now.",
        printable(&told.server),
        moment(told.read_at),
    )
}

/// The export that the tree shows, and how old it is.
pub fn export(export: &Export, now: Timestamp) -> String {
    let name = name(Path::new(&export.origin));
    match export.written {
        Some(written) => format!("From {name}, {}", age(written, now)),
        None => format!("From {name}"),
    }
}

/// The same for who rests on it.
pub fn export_tip(export: &Export) -> String {
    let written = match export.written {
        Some(written) => format!(", written on {}", moment(written)),
        None => String::new(),
    };
    format!(
        "{} from {}{written}. What the server itself says counts first.",
        extent(export),
        printable(&export.origin),
    )
}

/// An export that is being read.
pub fn reading(path: &Path) -> String {
    format!("Reading {}…", name(path))
}

/// How much an export holds.
pub fn extent(export: &Export) -> String {
    let profiles: usize = export.agents.iter().map(|agent| agent.profiles.len()).sum();
    format!(
        "{} with {}",
        plural(export.agents.len() as u64, "agent"),
        plural(profiles as u64, "run profile")
    )
}

/// The heading when nothing of an export is on the connected server.
pub fn of_another(server: &str) -> String {
    format!("None of these agents is on {}", printable(server))
}

/// Which agents those are.
pub fn of_another_help(export: &Export) -> String {
    let mut names: Vec<String> = export
        .agents
        .iter()
        .take(NAMED)
        .map(|agent| agent.name.to_string())
        .collect();
    let more = export.agents.len() - names.len();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    format!(
        "The export names {}. It is probably of another server.",
        list(&names)
    )
}

fn name(path: &Path) -> String {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    elide_middle(&printable(&name), SHOWN_NAME)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn an_age_is_read_at_a_glance() {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(12);
        for (minutes, text) in [
            (-5, "just now"),
            (0, "just now"),
            (1, "1 min ago"),
            (59, "59 min ago"),
            (60, "1 h ago"),
            (1_439, "23 h ago"),
            (1_440, "1 day ago"),
            (2_880, "2 days ago"),
            (86_399, "59 days ago"),
            (86_400, "on 1 January 1970"),
        ] {
            let now = at + SignedDuration::from_mins(minutes);
            assert_eq!(age(at, now), text, "{minutes}");
        }
    }

    #[test]
    fn an_export_has_the_name_of_its_folder() {
        let at = Timestamp::UNIX_EPOCH;
        let export = |origin: &str, written| Export {
            origin: origin.to_owned(),
            written,
            is_whole: true,
            agents: Vec::new(),
        };
        for (export, text) in [
            (
                export("/srv/mim-export/", Some(at)),
                "From mim-export, just now",
            ),
            (export("/", None), "From /"),
        ] {
            assert_eq!(self::export(&export, at), text);
        }
        assert_eq!(reading(Path::new("/srv/MA-1.xml")), "Reading MA-1.xml…");
    }
}
