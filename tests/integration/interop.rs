//! Clients that no one here wrote use the simulated server, as a process of its own.

use crate::support::{Folder, Masequencer, PERSON, PERSON_PASSWORD, Python, REALM, Realm, Running};

/// `wsl` hands user and password to a shell, so both are plain.
const USER: &str = "operator";
const PASSWORD: &str = "Passw0rd-1";
const VARIABLE: &str = "SIMULATOR_PASSWORD";

/// The script that holds the checks of all clients.
const SCRIPT: &str = include_str!("../interop/wsman_clients.py");

/// How a server is started, and who talks to it.
struct Meeting<'a> {
    user: &'a str,
    password: &'a str,
    arguments: &'a [&'a str],
    realm: Option<&'a Realm>,
}

const PLAIN: Meeting<'_> = Meeting {
    user: USER,
    password: PASSWORD,
    arguments: &[],
    realm: None,
};

impl Meeting<'_> {
    /// A server on a free port at a speed at which a run takes a fraction of a second, and its URL.
    fn server(&self, folder: &Folder) -> (Running, String) {
        let mut server = Masequencer::new(folder)
            .args(["simulate", "--listen", "127.0.0.1:0", "--speed", "60"])
            .args(["--user", self.user, "--password-env", VARIABLE])
            .args(self.arguments)
            .env(VARIABLE, self.password)
            .start();
        let line = server.wait_for_line("listening on ");
        let (_, url) = line.split_once("listening on ").expect("it is in the line");
        (server, url.trim().to_owned())
    }

    /// Lets one client do all that the script knows; every single check has to pass.
    #[track_caller]
    fn passes(&self, client: &str, checks: usize) {
        let folder = Folder::new();
        let (server, url) = self.server(&folder);
        let mut python = Python::script(SCRIPT)
            .arg(url)
            .arg(self.user)
            .arg(VARIABLE)
            .arg(client)
            .env(VARIABLE, self.password);
        for (name, value) in self.realm.into_iter().flat_map(Realm::variables) {
            python = python.env(name, value);
        }
        let output = python.run();
        let summary = format!("{checks} passed, 0 failed");
        assert_eq!(output.lines().last(), Some(summary.as_str()), "{output}");
        server.interrupt();
        server.finish().expect_code(0);
    }
}

#[test]
fn pypsrp_uses_the_simulator() {
    PLAIN.passes("pypsrp", 8);
}

#[test]
fn pywinrm_uses_the_simulator() {
    PLAIN.passes("pywinrm", 7);
}

#[test]
fn wsl_uses_the_simulator() {
    PLAIN.passes("wsl", 8);
}

#[test]
fn ntlm_is_spoken_and_sealed() {
    let meeting = Meeting {
        user: "CORP\\operator",
        arguments: &["--auth", "basic,ntlm"],
        ..PLAIN
    };
    meeting.passes("pypsrp-ntlm", 8);
    meeting.passes("pypsrp-negotiate", 8);
    meeting.passes("pywinrm-ntlm", 7);
}

#[test]
fn ntlm_is_spoken_within_tls() {
    let meeting = Meeting {
        arguments: &["--auth", "negotiate", "--tls"],
        ..PLAIN
    };
    meeting.passes("pypsrp-negotiate", 8);
}

#[test]
fn kerberos_is_spoken_and_sealed() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    let keytab = realm.keytab();
    let keytab = keytab.to_string_lossy();
    let user = format!("{PERSON}@{REALM}");
    let all = [
        "--auth",
        "basic,ntlm,negotiate,kerberos",
        "--keytab",
        &keytab,
    ];
    let alone = ["--auth", "kerberos", "--keytab", &keytab];
    for (arguments, client, checks) in [
        (all, "pypsrp-negotiate", 8),
        (all, "pypsrp-kerberos", 8),
        // It knows Kerberos by the name of Negotiate only.
        (all, "pywinrm-kerberos", 6),
        (alone, "pypsrp-kerberos", 8),
    ] {
        let meeting = Meeting {
            user: &user,
            password: PERSON_PASSWORD,
            arguments: &arguments,
            realm: Some(&realm),
        };
        meeting.passes(client, checks);
    }
}

#[test]
fn our_client_comes_last() {
    let realm = Realm::start();
    let keytab = realm.keytab();
    let keytab = keytab.to_string_lossy();
    let user = format!("{REALM}\\{PERSON}");
    let all = ["--auth", "negotiate,kerberos", "--keytab", &keytab];
    let meeting = Meeting {
        user: &user,
        password: PERSON_PASSWORD,
        arguments: &all,
        realm: Some(&realm),
    };
    let folder = Folder::new();
    let (server, url) = meeting.server(&folder);
    let url = url.replace("127.0.0.1", "localhost");
    folder.write(
        "one.xml",
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><thread name=\"Only\">\
         <run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/></thread>\
         </masequence>",
    );
    let run = |scheme: &str, password: &str| {
        let client = Masequencer::new(&folder)
            .args(["run", "one.xml", "--server", &url, "--user", &user])
            .args(["--password-env", VARIABLE, "--auth", scheme])
            .env(VARIABLE, password);
        let variables = realm.variables().into_iter();
        let client = variables.fold(client, |client, (name, value)| client.env(name, value));
        client.run()
    };
    for scheme in ["ntlm", "negotiate", "kerberos"] {
        run(scheme, PERSON_PASSWORD).expect_code(0);
        run(scheme, "wrong").expect_code(6);
    }
    server.interrupt();
    let finished = server.finish().expect_code(0);
    assert_eq!(finished.stderr, "", "{}", finished.dump());
}
