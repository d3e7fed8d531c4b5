//! What the desktop around this process offers.
//!
//! Only looks: variables, and whether files are there. Must not start or ask anything.

use std::ffi::OsString;
use std::path::Path;

/// Whether the system can open a dialog of its own, such as one that asks for a file.
pub fn has_dialogs() -> bool {
    can_open(|name| std::env::var_os(name), Path::exists)
}

/// Without GTK a dialog comes from the desktop's portal on the session's bus, or from `zenity`.
#[cfg(all(unix, not(target_os = "macos")))]
fn can_open(variable: impl Fn(&str) -> Option<OsString>, exists: impl Fn(&Path) -> bool) -> bool {
    const PORTAL: &str = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    const USUAL_DATA: &str = "/usr/local/share:/usr/share";
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let folders = |value: OsString| std::env::split_paths(&value).collect::<Vec<_>>();
    let has_bus = set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| exists(&Path::new(&folder).join("bus")));
    let data = folders(set("XDG_DATA_DIRS").unwrap_or_else(|| USUAL_DATA.into()));
    let own = set("XDG_DATA_HOME").map(std::path::PathBuf::from);
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

/// Dialogs are a part of the system.
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
        type Variables = &'static [(&'static str, &'static str)];
        let cases: [(Variables, &[&str], bool); 7] = [
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
