//! GNOME Keyring on a D-Bus session of a test's own, and `secret-tool` beside it.

use std::process::{Command, Output};

use super::driver::Masequencer;
use super::folder::Folder;
use super::process::Process;
use super::wait::{LIMIT, until};

/// The session says where it is, then one program of it is the keyring.
const UNLOCKED: &str = "echo \"address $DBUS_SESSION_BUS_ADDRESS\"; printf unlock \
                        | exec gnome-keyring-daemon --unlock --components=secrets --foreground";
const LOCKED: &str = "echo \"address $DBUS_SESSION_BUS_ADDRESS\"; \
                      exec gnome-keyring-daemon --start --components=secrets --foreground";

/// A session with a keyring. Dropping it ends both.
#[derive(Debug)]
pub struct Keyring {
    address: String,
    session: Process,
    folder: Folder,
}

impl Keyring {
    /// One that is unlocked, and empty.
    #[track_caller]
    pub fn unlocked() -> Self {
        Self::start(UNLOCKED)
    }

    /// One that nobody has unlocked, and nobody can: there is no screen to ask on.
    #[track_caller]
    pub fn locked() -> Self {
        Self::start(LOCKED)
    }

    #[track_caller]
    fn start(script: &str) -> Self {
        let folder = Folder::new();
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", script]);
        at_home(&mut command, &folder);
        let session = Process::start("the D-Bus session", &mut command, None);
        let address = until(
            "the session's address",
            LIMIT,
            || {
                let said = session.stdout();
                let line = said.lines().find(|line| line.starts_with("address "));
                line.and_then(|line| line.split_once(' '))
                    .map(|(_, address)| address.to_owned())
            },
            || session.dump(),
        );
        let keyring = Self {
            address,
            session,
            folder,
        };
        let is_there = || {
            let asked = keyring.ask(
                "dbus-send",
                &[
                    "--session",
                    "--dest=org.freedesktop.DBus",
                    "--print-reply",
                    "/org/freedesktop/DBus",
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ],
            );
            String::from_utf8_lossy(&asked.stdout)
                .contains("true")
                .then_some(())
        };
        until("the keyring", LIMIT, is_there, || keyring.session.dump());
        keyring
    }

    /// Where programs find the session: the value of `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A command line of `masequencer` within the session.
    pub fn client(&self, folder: &Folder) -> Masequencer {
        Masequencer::new(folder).env("DBUS_SESSION_BUS_ADDRESS", self.address())
    }

    /// What `secret-tool` finds under one of our names.
    pub fn lookup(&self, name: &str) -> Option<String> {
        let arguments = ["lookup", "service", "masequencer", "username", name];
        let found = self.ask("secret-tool", &arguments);
        found
            .status
            .success()
            .then(|| String::from_utf8_lossy(&found.stdout).into_owned())
    }

    /// Stores a password as `secret-tool` would for a person.
    #[track_caller]
    pub fn store(&self, name: &str, password: &str) {
        let script = format!(
            "printf '{password}' | secret-tool store --label=by-hand service masequencer username \
             '{name}'"
        );
        let stored = self.ask("sh", &["-c", &script]);
        assert!(stored.status.success(), "{stored:?}");
    }

    fn ask(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        at_home(&mut command, &self.folder);
        command
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"))
    }
}

fn at_home(command: &mut Command, folder: &Folder) {
    for name in [
        "HOME",
        "XDG_RUNTIME_DIR",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env(name, folder.path());
    }
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
}
