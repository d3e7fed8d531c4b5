//! The simulator as a process of its own: `masequencer simulate`.

use std::path::Path;

use super::driver::{Finished, Masequencer, Running};
use super::folder::Folder;

/// The user that the simulator lets in.
pub const USER: &str = "CORP\\svc-sync";
/// That user's password.
pub const PASSWORD: &str = "correct horse battery staple";
/// The variable in which programs of a test find it.
pub const PASSWORD_VARIABLE: &str = "MASEQUENCER_PASSWORD";

/// A simulator on a free port of this machine. Dropping it ends it.
#[derive(Debug)]
pub struct Simulator {
    running: Running,
    url: String,
    password: &'static str,
    // Keeps its home alive.
    _folder: Folder,
}

impl Simulator {
    /// The default scenario, at a speed at which a minute takes a tenth of a second.
    pub fn start() -> Self {
        Self::with(["--speed", "600"])
    }

    /// A scenario of the test's own.
    pub fn with_scenario(scenario: &Path) -> Self {
        let scenario = scenario.to_string_lossy();
        Self::with(["--speed", "600", "--scenario", &scenario])
    }

    /// The default scenario with these further arguments.
    #[track_caller]
    pub fn with<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(USER, arguments)
    }

    /// The same for another user.
    #[track_caller]
    pub fn of<'a>(user: &str, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let folder = Folder::new();
        let mut running = Masequencer::new(&folder)
            .args(["simulate", "--listen", "127.0.0.1:0", "--user", user])
            .args(["--password-env", PASSWORD_VARIABLE])
            .args(arguments)
            .env(PASSWORD_VARIABLE, PASSWORD)
            .start();
        let line = running.wait_for_line("listening on ");
        let (_, url) = line.split_once("listening on ").expect("it is in the line");
        Self {
            url: url.trim().to_owned(),
            password: PASSWORD,
            running,
            _folder: folder,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The fingerprint of its certificate, if it has one.
    #[cfg(feature = "gssapi")]
    pub fn pin(&self) -> Option<String> {
        let said = self.said();
        let mut lines = said.lines();
        let pin = lines.find_map(|line| line.strip_prefix("certificate "));
        pin.map(|pin| pin.trim().to_owned())
    }

    /// What it printed so far.
    pub fn said(&self) -> String {
        self.running.stdout()
    }

    /// A command line of `masequencer` whose password is the right one. The server still has to be
    /// named: `.args(["--server", simulator.url(), "--user", USER])`.
    pub fn client(&self, folder: &Folder) -> Masequencer {
        Masequencer::new(folder).env(PASSWORD_VARIABLE, self.password)
    }

    /// Presses Ctrl-C and waits for its end.
    #[track_caller]
    pub fn stop(self) -> Finished {
        self.running.interrupt();
        self.running.finish()
    }
}
