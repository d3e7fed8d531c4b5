//! Our client signs on to servers that no one here wrote: pyspnego's NTLM and SPNEGO, MIT's
//! Kerberos, messages encrypted both ways.

use crate::support::{
    Finished, Folder, NTLM_PASSWORD, NTLM_USER, Oracle, OracleSettings, PERSON, PERSON_PASSWORD,
    REALM, Realm, certificate_files,
};

/// The exit code of a server that cannot be used.
const NO_SERVER: i32 = 6;

/// Asks for the agents with these further arguments.
#[track_caller]
fn agents(oracle: &Oracle, folder: &Folder, password: &str, arguments: &[&str]) -> Finished {
    let client = oracle.agents(folder, NTLM_USER, password);
    client.args(arguments).run()
}

#[track_caller]
fn signs_on(oracle: &Oracle, folder: &Folder, arguments: &[&str]) {
    let finished = agents(oracle, folder, NTLM_PASSWORD, arguments);
    finished.expect_code(0).expect_stdout("MIM Service");
}

#[track_caller]
fn realm_client(
    oracle: &Oracle,
    folder: &Folder,
    realm: &Realm,
    (user, password): (&str, &str),
    scheme: &str,
) -> Finished {
    let mut client = oracle.agents(folder, user, password);
    client = client.args(["--auth", scheme]);
    for (name, value) in realm.variables() {
        client = client.env(name, value);
    }
    client.run()
}

#[test]
fn ntlm_works_with_every_message_encrypted() {
    for (protocol, scheme) in [
        ("ntlm", "ntlm"),
        ("negotiate", "ntlm"),
        ("negotiate", "negotiate"),
        ("negotiate", "auto"),
    ] {
        let folder = Folder::new();
        let manner = OracleSettings {
            protocol: Some(protocol),
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        signs_on(&oracle, &folder, &["--auth", scheme]);
        assert_eq!(oracle.count("plain "), 0, "{}", oracle.said());
        oracle.wait_for("sealed RunDetails", 5);
        let sign_ons = oracle.count("signed on CORP\\alice ntlm");
        assert!((1..=4).contains(&sign_ons), "{}", oracle.said());
    }
}

#[test]
fn a_wrong_password_is_tried_once() {
    for scheme in ["ntlm", "negotiate", "auto"] {
        let folder = Folder::new();
        let oracle = Oracle::start(&folder, &OracleSettings::default());
        agents(&oracle, &folder, "wrong-canary", &["--auth", scheme])
            .expect_code(NO_SERVER)
            .expect_one_sentence("refuses the user name or the password of `CORP\\alice`");
        oracle.wait_for("sign-on refused", 1);
        assert_eq!(oracle.count("sign-on refused"), 1, "{}", oracle.said());
        assert_eq!(oracle.count("sealed "), 0, "{}", oracle.said());
    }
}

#[test]
fn answers_that_are_not_intact_are_refused() {
    for (fault, words) in [
        ("tamper", "was changed on the way or is damaged"),
        ("short", "was changed on the way or is damaged"),
        ("replay", "was changed on the way or is damaged"),
        ("unsealed", "without encryption"),
        ("deaf", "takes no encrypted requests"),
        ("mute", "has not proved who it is"),
        ("basic", "only Basic"),
    ] {
        let folder = Folder::new();
        let manner = OracleSettings {
            fault: Some(fault),
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        agents(&oracle, &folder, NTLM_PASSWORD, &["--auth", "negotiate"])
            .expect_code(NO_SERVER)
            .expect_one_sentence(words);
    }
}

#[test]
fn a_server_that_forgets_or_leaves_is_signed_on_to_again() {
    for fault in ["forget", "close"] {
        let folder = Folder::new();
        let manner = OracleSettings {
            fault: Some(fault),
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        signs_on(&oracle, &folder, &["--auth", "negotiate"]);
        oracle.wait_for("signed on", 5);
        oracle.wait_for("sealed Identify", 1);
        assert_eq!(oracle.count("sealed Identify"), 1, "{}", oracle.said());
    }
}

#[test]
fn what_is_not_encrypted_is_taken_only_when_that_is_allowed() {
    for (fault, lines) in [("unsealed", "sealed "), ("deaf", "plain ")] {
        let folder = Folder::new();
        let manner = OracleSettings {
            fault: Some(fault),
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        signs_on(&oracle, &folder, &["--auth", "ntlm", "--allow-unencrypted"]);
        oracle.wait_for(lines, 5);
    }
    let folder = Folder::new();
    let manner = OracleSettings {
        fault: Some("basic"),
        ..OracleSettings::default()
    };
    let oracle = Oracle::start(&folder, &manner);
    signs_on(&oracle, &folder, &["--auth", "auto"]);
    assert_eq!(oracle.count("sign-on refused"), 0, "{}", oracle.said());
}

#[test]
fn over_tls_ntlm_is_bound_to_the_channel() {
    let folder = Folder::new();
    let (authority, certificate, key) = certificate_files(&folder);
    let manner = OracleSettings {
        tls: Some((certificate, key)),
        ..OracleSettings::default()
    };
    let oracle = Oracle::start(&folder, &manner);
    let authority = authority.to_string_lossy();
    for scheme in ["ntlm", "negotiate", "auto"] {
        signs_on(
            &oracle,
            &folder,
            &["--auth", scheme, "--ca-file", &authority],
        );
    }
    assert_eq!(oracle.count("sealed "), 0, "{}", oracle.said());
    oracle.wait_for("plain RunDetails", 5);
    let wrong = ["--auth", "auto", "--ca-file", &authority];
    agents(&oracle, &folder, "wrong-canary", &wrong)
        .expect_code(NO_SERVER)
        .expect_one_sentence("refuses the user name or the password");
    oracle.wait_for("sign-on refused", 1);
    assert_eq!(oracle.count("sign-on refused"), 1, "{}", oracle.said());
}

#[test]
fn kerberos_works_alone_and_within_negotiate() {
    let realm = Realm::start();
    let user = format!("{REALM}\\{PERSON}");
    for (protocol, schemes) in [
        ("kerberos", &["kerberos", "negotiate"][..1]),
        ("negotiate", &["negotiate"]),
    ] {
        for scheme in schemes {
            let folder = Folder::new();
            let manner = OracleSettings {
                protocol: Some(protocol),
                realm: Some(&realm),
                ..OracleSettings::default()
            };
            let oracle = Oracle::start(&folder, &manner);
            realm_client(&oracle, &folder, &realm, (&user, PERSON_PASSWORD), scheme)
                .expect_code(0)
                .expect_stdout("MIM Service");
            oracle.wait_for("kerberos", 1);
            assert_eq!(oracle.count(" ntlm"), 0, "{}", oracle.said());
            assert_eq!(oracle.count("plain "), 0, "{}", oracle.said());
            // Over TLS no channel binding goes with Kerberos, which the other side takes.
            realm_client(&oracle, &folder, &realm, (&user, "wrong-canary"), scheme)
                .expect_code(NO_SERVER)
                .expect_one_sentence("refuses the user name or the password");
            assert_eq!(oracle.count("sign-on refused"), 0, "{}", oracle.said());
        }
    }
}

#[test]
fn kerberos_takes_no_replayed_or_changed_answer() {
    let realm = Realm::start();
    let user = format!("{REALM}\\{PERSON}");
    for (fault, words) in [
        ("replay", "does not relate to our request"),
        ("tamper", "was changed on the way or is damaged"),
        ("short", "was changed on the way or is damaged"),
        ("mute", "has not proved who it is"),
    ] {
        let folder = Folder::new();
        let manner = OracleSettings {
            protocol: Some("kerberos"),
            fault: Some(fault),
            realm: Some(&realm),
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        realm_client(
            &oracle,
            &folder,
            &realm,
            (&user, PERSON_PASSWORD),
            "kerberos",
        )
        .expect_code(NO_SERVER)
        .expect_one_sentence(words);
    }
}

#[test]
fn what_kerberos_lacks_is_told_and_negotiate_goes_on_with_ntlm() {
    let realm = Realm::start();
    let folder = Folder::new();
    let manner = OracleSettings {
        realm: Some(&realm),
        ..OracleSettings::default()
    };
    let oracle = Oracle::start(&folder, &manner);
    let unknown = format!("{REALM}\\nobody");
    for (user, words) in [
        (unknown.as_str(), "Kerberos does not know"),
        ("NOWHERE\\alice", "no Kerberos server can be asked"),
    ] {
        realm_client(&oracle, &folder, &realm, (user, "any"), "kerberos")
            .expect_code(NO_SERVER)
            .expect_one_sentence(words);
    }
    assert_eq!(oracle.count("sign"), 0, "{}", oracle.said());
    realm_client(
        &oracle,
        &folder,
        &realm,
        (NTLM_USER, NTLM_PASSWORD),
        "negotiate",
    )
    .expect_code(0)
    .expect_stdout("MIM Service");
    oracle.wait_for("signed on CORP\\alice ntlm", 1);
}

#[test]
fn a_server_that_reads_no_tabs_and_knows_other_addresses_is_understood() {
    let realm = Realm::start();
    let person = format!("{REALM}\\{PERSON}");
    for (protocol, user, password) in [
        ("ntlm", NTLM_USER, NTLM_PASSWORD),
        ("kerberos", &*person, PERSON_PASSWORD),
    ] {
        let folder = Folder::new();
        let manner = OracleSettings {
            protocol: Some(protocol),
            realm: Some(&realm),
            like_omi: true,
            ..OracleSettings::default()
        };
        let oracle = Oracle::start(&folder, &manner);
        realm_client(&oracle, &folder, &realm, (user, password), protocol)
            .expect_code(0)
            .expect_stdout("MIM Service");
        // Found out once, at the first contact, and kept to.
        oracle.wait_for("sealed Identify", 1);
        assert_eq!(
            oracle.count("broken ValueError: a tab"),
            1,
            "{}",
            oracle.said()
        );
        oracle.wait_for("cim RunDetails", 1);
        assert_eq!(oracle.count("plain "), 0, "{}", oracle.said());
        let others = oracle.count("wmi ");
        assert!((1..=4).contains(&others), "{}", oracle.said());
    }
}
