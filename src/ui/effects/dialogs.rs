//! The system's file dialogs, and whether there are any.
//!
//! The library says the same whether the person closes a dialog or none can open. So it is looked
//! beforehand whether one can, and an end within a blink is none of a person.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rfd::FileDialog;

use crate::base::time::{Clock as _, SystemClock};
use crate::designer::PathPurpose;
use crate::designer::words::effects as words;

/// No person closes a dialog so fast.
const BLINK: Duration = Duration::from_millis(150);

/// The system's dialogs, or a test's.
pub trait FileDialogs: Send + Sync {
    /// Asks a person; blocks the thread until there is an answer.
    fn choose(&self, question: &Question) -> Chosen;
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What for.
    pub purpose: PathPurpose,
    /// Where to begin.
    pub folder: Option<PathBuf>,
    /// The name to suggest.
    pub name: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// A path.
    Path(PathBuf),
    /// The person closed the dialog.
    Cancelled,
    /// No dialog can open here.
    NoDialog,
}

/// The dialogs of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDialogs;

impl FileDialogs for SystemDialogs {
    fn choose(&self, question: &Question) -> Chosen {
        if !can_open(|name| std::env::var_os(name), Path::exists) {
            return Chosen::NoDialog;
        }
        let clock = SystemClock::start();
        match ask(question) {
            Some(path) => Chosen::Path(path),
            None if clock.now().since(crate::base::time::Moment::ZERO) < BLINK => Chosen::NoDialog,
            None => Chosen::Cancelled,
        }
    }
}

fn ask(question: &Question) -> Option<PathBuf> {
    let mut dialog = FileDialog::new().set_title(words::dialog_title(&question.purpose));
    if let Some(folder) = &question.folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = &question.name {
        dialog = dialog.set_file_name(name);
    }
    let filter = match question.purpose {
        PathPurpose::Open | PathPurpose::SaveAs { .. } => {
            Some((words::SEQUENCE_FILES, &["xml"][..]))
        }
        PathPurpose::LogFile => Some((words::LOG_FILES, &["log", "txt"][..])),
        PathPurpose::CaFile => Some((words::CERTIFICATES, &["pem", "crt", "cer"][..])),
        PathPurpose::Program(_) | PathPurpose::Directory(_) => None,
    };
    if let Some((name, endings)) = filter {
        dialog = dialog
            .add_filter(name, endings)
            .add_filter(words::ALL_FILES, &["*"]);
    }
    match question.purpose {
        PathPurpose::Open | PathPurpose::CaFile | PathPurpose::Program(_) => dialog.pick_file(),
        PathPurpose::SaveAs { .. } | PathPurpose::LogFile => dialog.save_file(),
        PathPurpose::Directory(_) => dialog.pick_folder(),
    }
}

/// Whether this system can open a dialog: the desktop's portal, or `zenity`.
#[cfg(all(unix, not(target_os = "macos")))]
fn can_open(variable: impl Fn(&str) -> Option<OsString>, exists: impl Fn(&Path) -> bool) -> bool {
    const PORTAL: &str = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    const USUAL_DATA: &str = "/usr/local/share:/usr/share";
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let folders = |value: OsString| std::env::split_paths(&value).collect::<Vec<PathBuf>>();
    let has_bus = set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| exists(&Path::new(&folder).join("bus")));
    let data = folders(set("XDG_DATA_DIRS").unwrap_or_else(|| USUAL_DATA.into()));
    let own = set("XDG_DATA_HOME").map(PathBuf::from);
    let has_portal = data
        .iter()
        .chain(&own)
        .any(|folder| exists(&folder.join(PORTAL)));
    let has_zenity = set("PATH")
        .map(folders)
        .unwrap_or_default()
        .iter()
        .any(|folder| exists(&folder.join("zenity")));
    (has_bus && has_portal) || has_zenity
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn can_open(_variable: impl Fn(&str) -> Option<OsString>, _exists: impl Fn(&Path) -> bool) -> bool {
    true
}

#[cfg(all(unix, not(target_os = "macos")))]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_needs_a_portal_on_the_bus_or_zenity() {
        const PORTAL: &str = "/usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service";
        let cases: [(&[(&str, &str)], &[&str], bool); 7] = [
            (&[], &[], false),
            (&[("PATH", "/bin:/usr/bin")], &["/usr/bin/zenity"], true),
            (&[("PATH", "/bin")], &["/usr/bin/zenity"], false),
            (&[("DBUS_SESSION_BUS_ADDRESS", "x")], &[PORTAL], true),
            (&[("DBUS_SESSION_BUS_ADDRESS", "x")], &[], false),
            (&[], &[PORTAL], false),
            (
                &[("XDG_RUNTIME_DIR", "/run/1")],
                &[PORTAL, "/run/1/bus"],
                true,
            ),
        ];
        for (variables, files, expected) in cases {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            };
            let exists = |path: &Path| files.iter().any(|file| Path::new(file) == path);
            assert_eq!(can_open(variable, exists), expected, "{variables:?}");
        }
    }
}
