//! The welcome screen.

use jiff::Timestamp;

use crate::base::text::plural;
use crate::settings::RecentFile;

use super::dialogs_panel::moment;

/// The heading.
pub const TITLE: &str = "Design a run sequence";
/// What the program is for, in one line.
pub const LINE: &str = "Put run profiles in order, let threads run side by side, check them, then run them on your server.";
/// The card of the demo server.
pub const DEMO: &str = "Demo server";
/// What it is.
pub const DEMO_TEXT: &str =
    "Four agents with sample data on this computer. Nothing is changed on a real server.";
/// Its button.
pub const DEMO_BUTTON: &str = "Try the demo server";
/// How long that takes.
pub const DEMO_TIME: &str = "Ready in about 2 s";
/// The row that connects.
pub const CONNECT: &str = "Connect to a server";
/// What that does.
pub const CONNECT_TEXT: &str = "Read its agents and run profiles";
/// The row that begins anew.
pub const NEW: &str = "New sequence";
/// What that does.
pub const NEW_TEXT: &str = "Start with one empty thread";
/// The row that opens.
pub const OPEN: &str = "Open file";
/// What that does.
pub const OPEN_TEXT: &str = "Open a sequence saved as XML";
/// The other way.
pub const DROP: &str = "You can also drop an XML file anywhere in this window";
/// The heading of the recent files.
pub const RECENT: &str = "Recent files";
/// Forgets them.
pub const CLEAR: &str = "Clear list";
/// When there are none.
pub const NO_RECENT: &str = "Files that you open or save are listed here.";
/// A recent file that is gone.
pub const GONE: &str = "File not found";
/// The heading of the templates.
pub const TEMPLATES: &str = "Templates";

/// When a recent file was last used.
pub fn when(file: &RecentFile, now: Timestamp) -> String {
    moment(file.opened, now)
}

/// What is in a recent file.
pub fn content(file: &RecentFile) -> String {
    format!(
        "{}, {}",
        plural(u64::from(file.threads), "thread"),
        plural(u64::from(file.steps), "step")
    )
}
