//! Authentication that no one here wrote, before a simulator that takes Basic: pyspnego's.

use std::ffi::OsString;
use std::path::PathBuf;

use super::driver::Masequencer;
use super::folder::Folder;
use super::process::Process;
use super::python::Python;
use super::realm::{PERSON, PERSON_PASSWORD, REALM, Realm, wrong_clock};
use super::simulator::{PASSWORD, PASSWORD_VARIABLE, Simulator, USER};
use super::wait::{LIMIT, until};

/// The gateway.
const SCRIPT: &str = include_str!("../../interop/oracle.py");
/// An account that NTLM knows there.
pub const NTLM_USER: &str = "CORP\\alice";
/// Its password.
pub const NTLM_PASSWORD: &str = "Pässwörd€1";

/// All accounts that NTLM knows, as gateways read them; the person of the realm is one of them.
pub fn ntlm_users() -> String {
    format!("CORP:alice:{NTLM_PASSWORD}\n{REALM}:{PERSON}:{PERSON_PASSWORD}\n")
}

/// What the gateway is to do.
#[derive(Debug, Default)]
pub struct OracleSettings<'a> {
    /// `ntlm`, `negotiate` or `kerberos`; by default `negotiate`.
    pub protocol: Option<&'a str>,
    /// What it does wrong.
    pub fault: Option<&'a str>,
    /// The realm whose tickets it takes.
    pub realm: Option<&'a Realm>,
    /// The certificate and the key with which it encrypts.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether it does as the Open Management Infrastructure does.
    pub like_omi: bool,
    /// How far its clock is off, such as `+20m`.
    pub clock: Option<&'a str>,
}

/// A running gateway with a simulator behind it. Dropping it ends both.
#[derive(Debug)]
pub struct Oracle {
    url: String,
    process: Process,
    simulator: Simulator,
}

impl Oracle {
    /// Starts both.
    #[track_caller]
    pub fn start(folder: &Folder, manner: &OracleSettings<'_>) -> Self {
        let simulator = Simulator::start();
        let users = folder.write("ntlm-users", ntlm_users());
        let mut script = Python::script(SCRIPT)
            .arg(simulator.url())
            .arg(USER)
            .arg(PASSWORD_VARIABLE)
            .args(["--protocol", manner.protocol.unwrap_or("negotiate")])
            .env(PASSWORD_VARIABLE, PASSWORD)
            .env("NTLM_USER_FILE", users);
        if manner.like_omi {
            script = script.arg("--like-omi");
        }
        if let Some(fault) = manner.fault {
            script = script.args(["--fault", fault]);
        }
        if let Some((certificate, key)) = &manner.tls {
            script = script.arg("--tls").arg(certificate).arg(key);
        }
        for (name, value) in manner.realm.into_iter().flat_map(Realm::variables) {
            script = script.env(name, value);
        }
        for (name, value) in manner.clock.into_iter().flat_map(wrong_clock) {
            script = script.env(name, value);
        }
        let process = script.start();
        let line = until(
            "the gateway listens",
            LIMIT,
            || {
                let output = process.stdout();
                let line = output.lines().find(|line| line.contains("listening on "));
                line.map(str::to_owned)
            },
            || process.dump(),
        );
        let (_, url) = line.split_once("listening on ").expect("it is in the line");
        Self {
            url: url.trim().to_owned(),
            process,
            simulator,
        }
    }

    /// How many lines that it printed contain `part`.
    pub fn count(&self, part: &str) -> usize {
        let output = self.process.stdout();
        output.lines().filter(|line| line.contains(part)).count()
    }

    /// Waits until that many lines contain `part`: what it prints may come after the client's end.
    #[track_caller]
    pub fn wait_for(&self, part: &str, count: usize) {
        until(
            &format!("{count} lines with '{part}'"),
            LIMIT,
            || (self.count(part) >= count).then_some(()),
            || self.said(),
        );
    }

    /// Everything that it printed.
    pub fn said(&self) -> String {
        self.process.stdout()
    }

    /// Where it listens.
    #[cfg(feature = "gssapi")]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A command line that asks it for its agents as this user.
    pub fn agents(&self, folder: &Folder, user: &str, password: &str) -> Masequencer {
        self.client(folder, "agents", user, password)
    }

    /// A command line with this verb, as this user.
    pub fn client(&self, folder: &Folder, verb: &str, user: &str, password: &str) -> Masequencer {
        let password = OsString::from(password);
        let client = self.simulator.client(folder);
        client
            .args([verb, "--server", &self.url, "--user", user])
            .env(PASSWORD_VARIABLE, password)
    }
}
