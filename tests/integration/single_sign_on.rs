//! Whoever is logged on signs on without a password, by a ticket of Kerberos: from `kinit`, or from
//! a keytab where nobody watches. The other side is pyspnego with MIT's library, then ours.

use std::path::Path;

use crate::support::{
    Apache, ApacheSettings, Finished, Folder, Masequencer, NTLM_PASSWORD, Oracle, OracleSettings,
    PERSON, PERSON_PASSWORD, REALM, Realm, Simulator, certificate_files,
};

/// A sequence of one step.
const ONE_STEP: &str = "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">\
                        <thread name=\"Only\"><run-profile agent=\"HR\" profile=\"Delta Import\" \
                        type=\"delta-import\"/></thread></masequence>";
/// The exit code of a wrong usage.
const USAGE: i32 = 2;
/// The exit code of a server that cannot be used.
const NO_SERVER: i32 = 6;

/// A command line without a user, a password or a person to ask.
fn client(realm: &Realm, folder: &Folder, arguments: &[&str]) -> Masequencer {
    let client = Masequencer::new(folder).args(arguments);
    let variables = realm.variables().into_iter();
    variables.fold(client, |client, (name, value)| client.env(name, value))
}

fn agents(realm: &Realm, folder: &Folder, url: &str, scheme: &str) -> Finished {
    let arguments = ["agents", "--server", url, "--auth", scheme];
    client(realm, folder, &arguments).run()
}

fn oracle(realm: &Realm, folder: &Folder, protocol: &str, fault: Option<&str>) -> Oracle {
    let manner = OracleSettings {
        protocol: Some(protocol),
        fault,
        realm: Some(realm),
        ..OracleSettings::default()
    };
    Oracle::start(folder, &manner)
}

#[test]
fn a_ticket_signs_on_and_every_message_is_encrypted() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    for (protocol, scheme) in [
        ("kerberos", "kerberos"),
        ("negotiate", "negotiate"),
        ("negotiate", "auto"),
    ] {
        let folder = Folder::new();
        let oracle = oracle(&realm, &folder, protocol, None);
        agents(&realm, &folder, oracle.url(), scheme)
            .expect_code(0)
            .expect_stdout("MIM Service");
        oracle.wait_for("sealed RunDetails", 5);
        oracle.wait_for(&format!("signed on {PERSON}@{REALM} kerberos"), 1);
        assert_eq!(oracle.count(" ntlm"), 0, "{}", oracle.said());
        assert_eq!(oracle.count("plain "), 0, "{}", oracle.said());
    }
}

#[test]
fn a_keytab_signs_on_where_nobody_watches() {
    let realm = Realm::start();
    let keytab = realm.keytab_of(PERSON);
    let folder = Folder::new();
    let oracle = oracle(&realm, &folder, "negotiate", None);
    client(&realm, &folder, &["agents", "--server", oracle.url()])
        .env("KRB5_CLIENT_KTNAME", keytab)
        .run()
        .expect_code(0)
        .expect_stdout("MIM Service");
    oracle.wait_for(&format!("signed on {PERSON}@{REALM} kerberos"), 1);
}

#[test]
fn over_tls_a_ticket_is_bound_to_the_channel() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    for (fault, code) in [(None, 0), (Some("elsewhere"), NO_SERVER)] {
        let folder = Folder::new();
        let (authority, certificate, key) = certificate_files(&folder);
        let manner = OracleSettings {
            fault,
            realm: Some(&realm),
            tls: Some((certificate, key)),
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        let authority = authority.to_string_lossy();
        let arguments = [
            "agents",
            "--server",
            oracle.url(),
            "--ca-file",
            authority.as_ref(),
        ];
        let finished = client(&realm, &folder, &arguments).run().expect_code(code);
        if fault.is_some() {
            finished.expect_one_sentence("does not take the Kerberos ticket");
        }
        assert_eq!(oracle.count("sealed "), 0, "{}", oracle.said());
    }
}

#[test]
fn apache_takes_a_ticket_within_tls() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    let folder = Folder::new();
    let (authority, certificate, key) = certificate_files(&folder);
    let apache = Apache::start(&ApacheSettings {
        realm: Some(&realm),
        tls: Some((certificate, key)),
        ..ApacheSettings::default()
    });
    let authority = authority.to_string_lossy();
    let arguments = ["agents", "--server", apache.url(), "--ca-file", &*authority];
    client(&realm, &folder, &arguments)
        .run()
        .expect_code(0)
        .expect_stdout("MIM Service");
    apache.wait_for("user alice@LAB.TEST mechanism Negotiate/krb5", 1);
}

#[test]
fn a_password_for_nobody_signs_nobody_on() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    let folder = Folder::new();
    let oracle = oracle(&realm, &folder, "negotiate", None);
    folder.write("s.xml", ONE_STEP);
    let url = oracle.url();
    for (arguments, option) in [
        (&["agents", "--password-stdin"][..], "--password-stdin"),
        (&["doctor", "--credential", "nightly"], "--credential"),
        (
            &["check", "s.xml", "--password-env", "PW"],
            "--password-env",
        ),
        (
            &["run", "s.xml", "--password-file", "pw"],
            "--password-file",
        ),
    ] {
        client(&realm, &folder, &[arguments, &["--server", url]].concat())
            .run()
            .expect_code(USAGE)
            .expect_one_sentence(option);
    }
    let old = [
        format!("/s:{url}"),
        "/f:s.xml".to_owned(),
        "/p:secret".to_owned(),
    ];
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    client(&realm, &folder, &old)
        .run()
        .expect_code(USAGE)
        .expect_stderr("no account is named");
    assert_eq!(oracle.count("signed on"), 0, "{}", oracle.said());
    // A mere variable is not meant for this call.
    client(&realm, &folder, &["agents", "--server", url])
        .env("MASEQUENCER_PASSWORD", "of-somebody")
        .run()
        .expect_code(0)
        .expect_stdout("MIM Service");
}

#[test]
fn a_server_that_forgets_or_leaves_is_signed_on_to_again() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    for fault in ["forget", "close"] {
        let folder = Folder::new();
        let oracle = oracle(&realm, &folder, "negotiate", Some(fault));
        agents(&realm, &folder, oracle.url(), "auto")
            .expect_code(0)
            .expect_stdout("MIM Service");
        oracle.wait_for("signed on", 5);
        assert_eq!(oracle.count("sealed Identify"), 1, "{}", oracle.said());
    }
}

#[test]
fn no_changed_or_repeated_answer_is_taken() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    for (fault, words) in [
        ("tamper", "was changed on the way or is damaged"),
        ("short", "was changed on the way or is damaged"),
        ("replay", "was changed on the way or is damaged"),
        ("mute", "has not proved who it is"),
        ("unsealed", "without encryption"),
        ("basic", "only Basic"),
    ] {
        let folder = Folder::new();
        let oracle = oracle(&realm, &folder, "negotiate", Some(fault));
        agents(&realm, &folder, oracle.url(), "auto")
            .expect_code(NO_SERVER)
            .expect_one_sentence(words);
        assert_eq!(oracle.count("basic"), 0, "{}", oracle.said());
    }
}

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    let realm = Realm::start();
    let folder = Folder::new();
    let oracle = oracle(&realm, &folder, "negotiate", None);
    #[track_caller]
    fn refused(finished: Finished, words: &str) {
        finished.expect_code(NO_SERVER).expect_one_sentence(words);
    }
    let url = oracle.url();
    for scheme in ["kerberos", "negotiate", "auto"] {
        refused(agents(&realm, &folder, url, scheme), "has no ticket");
    }
    // Whatever else the library could prove somebody with: nobody has asked for NTLM.
    let ntlm = folder.write("own-ntlm", format!("CORP:alice:{NTLM_PASSWORD}\n"));
    let other = client(&realm, &folder, &["agents", "--server", url])
        .env("NTLM_USER_FILE", ntlm)
        .run();
    refused(other, "has no ticket");
    client(&realm, &folder, &["doctor", "--server", url])
        .run()
        .expect_code(NO_SERVER)
        .expect_stdout("failed     Authentication")
        .expect_stdout("get one (kinit");
    refused(agents(&realm, &folder, url, "ntlm"), "NTLM needs one here");
    refused(agents(&realm, &folder, url, "basic"), "Basic needs one");
    realm.log_on_for_a_second(PERSON, PERSON_PASSWORD);
    refused(agents(&realm, &folder, url, "auto"), "has expired");

    // A keytab that is older than the password.
    let keytab = realm.keytab_of(PERSON);
    realm.order(&format!("change_password -pw other-canary {PERSON}"));
    let stale = client(&realm, &folder, &["agents", "--server", url])
        .env("KRB5_CLIENT_KTNAME", keytab)
        .env("KRB5CCNAME", "MEMORY:")
        .run();
    refused(stale, "the keytab is older than the password");
    realm.order(&format!("change_password -pw {PERSON_PASSWORD} {PERSON}"));

    realm.log_on(PERSON, PERSON_PASSWORD);
    // The centre's configuration names a port on which nobody listens.
    let nowhere = folder.write("nowhere.conf", nowhere(&realm));
    let silent = client(&realm, &folder, &["agents", "--server", url])
        .env("KRB5_CONFIG", &nowhere)
        .run();
    refused(silent, "no Kerberos server can be asked");

    // The server's own key is older than that of its tickets.
    realm.order("change_password -randkey HTTP/localhost");
    refused(
        agents(&realm, &folder, url, "auto"),
        "does not take the Kerberos ticket",
    );
    realm.order("delete_principal -force HTTP/localhost");
    realm.log_on(PERSON, PERSON_PASSWORD);
    refused(
        agents(&realm, &folder, url, "auto"),
        "Kerberos does not know the service HTTP/localhost",
    );
    assert_eq!(oracle.count("sealed "), 0, "{}", oracle.said());
}

fn nowhere(realm: &Realm) -> String {
    let (_, file) = realm
        .variables()
        .into_iter()
        .find(|(name, _)| *name == "KRB5_CONFIG")
        .unwrap();
    let text = std::fs::read_to_string(Path::new(&file)).unwrap();
    let known = realm.url().replace("tcp://", "");
    text.replace(&known, "127.0.0.1:1")
}

#[test]
fn every_verb_takes_the_ticket_to_our_own_server() {
    let realm = Realm::start();
    realm.log_on(PERSON, PERSON_PASSWORD);
    let keytab = realm.keytab();
    let keytab = keytab.to_string_lossy();
    let person = format!("{PERSON}@{REALM}");
    for tls in [&[][..], &["--tls"]] {
        let folder = Folder::new();
        let arguments = ["--auth", "negotiate,kerberos", "--keytab", &keytab];
        let server = Simulator::of(&person, arguments.into_iter().chain(tls.iter().copied()));
        let url = server.url().replace("127.0.0.1", "localhost");
        folder.write("one.xml", ONE_STEP);
        let pin = server.pin();
        let way: Vec<&str> = match &pin {
            Some(pin) => vec!["--server", &url, "--pin", pin],
            None => vec!["--server", &url],
        };
        for (verb, shown) in [
            (&["agents"][..], "MIM Service"),
            (&["doctor"], person.as_str()),
            (&["check", "one.xml"], ""),
            (&["run", "one.xml"], "HR"),
        ] {
            client(&realm, &folder, &[verb, &way].concat())
                .run()
                .expect_code(0)
                .expect_stdout(shown);
        }
        let (file, server) = ("/f:one.xml", format!("/s:{url}"));
        client(&realm, &folder, &[&[file, &server], &way[2..]].concat())
            .run()
            .expect_code(0)
            .expect_stdout("HR");
    }
}
