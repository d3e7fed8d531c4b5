//! What a Kerberos realm says about an account, a service or a clock: each case with MIT's own centre,
//! each with a sentence of its own, and none costs the account more tries than it must.

use serde_json::Value;

use crate::support::{
    Finished, Folder, Masequencer, Oracle, OracleSettings, PERSON, PERSON_PASSWORD, REALM, Realm,
};

/// The exit code of a server that cannot be used.
const NO_SERVER: i32 = 6;
const AES256: &str = "aes256-cts:normal";

fn oracle<'a>(folder: &Folder, realm: &'a Realm, clock: Option<&'a str>) -> Oracle {
    let manner = OracleSettings {
        realm: Some(realm),
        clock,
        ..OracleSettings::default()
    };
    Oracle::start(folder, &manner)
}

fn with_realm(client: Masequencer, realm: &Realm) -> Masequencer {
    let variables = realm.variables().into_iter();
    variables.fold(client, |client, (name, value)| client.env(name, value))
}

/// Asks for the agents as a person of the realm.
#[track_caller]
fn agents(oracle: &Oracle, realm: &Realm, person: &str, password: &str, scheme: &str) -> Finished {
    let folder = Folder::new();
    let user = format!("{REALM}\\{person}");
    let client = oracle.agents(&folder, &user, password);
    with_realm(client.args(["--auth", scheme]), realm).run()
}

#[test]
fn what_is_wrong_with_an_account_is_told_and_nothing_else_is_tried() {
    let realm = Realm::start();
    for (person, change) in [
        ("overdue", "modify_principal -pwexpire yesterday overdue"),
        ("shut", "modify_principal -allow_tix shut"),
        ("gone", "modify_principal -expire yesterday gone"),
    ] {
        realm.add_person(person, PERSON_PASSWORD, AES256);
        realm.order(change);
    }
    let folder = Folder::new();
    let oracle = oracle(&folder, &realm, None);
    for (person, words) in [
        ("overdue", "has expired; set a new one"),
        (
            "shut",
            "is locked, disabled or expired; let an administrator",
        ),
        (
            "gone",
            "has expired; let an administrator of the domain extend it",
        ),
    ] {
        for scheme in ["kerberos", "negotiate"] {
            agents(&oracle, &realm, person, PERSON_PASSWORD, scheme)
                .expect_code(NO_SERVER)
                .expect_one_sentence(words);
        }
        // The doctor asks without an account first, and says the same on one line with its remedy.
        let (sentence, remedy) = words.split_once("; ").expect("there is a remedy");
        let user = format!("{REALM}\\{person}");
        let client = oracle.client(&folder, "doctor", &user, PERSON_PASSWORD);
        let client = client.args(["--json", "--auth", "kerberos"]);
        let finished = with_realm(client, &realm).run().expect_code(NO_SERVER);
        let failed: Vec<&str> = finished
            .stdout
            .lines()
            .filter(|line| line.contains("\"verdict\":\"fail\""))
            .collect();
        let [line] = failed.as_slice() else {
            panic!("{}", finished.dump());
        };
        for part in ["\"check\":\"authentication\"", sentence, remedy] {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
    let tokens = oracle.count("signed on ") + oracle.count("sign-on refused");
    assert_eq!(tokens, 0, "{}", oracle.said());
}

#[test]
fn a_wrong_password_costs_one_attempt_and_a_locked_account_is_told() {
    let realm = Realm::start();
    realm.order("add_policy -maxfailure 2 -lockoutduration 1h careful");
    realm.add_person("bob", PERSON_PASSWORD, AES256);
    realm.order("modify_principal -policy careful bob");
    let folder = Folder::new();
    let oracle = oracle(&folder, &realm, None);
    for (scheme, attempts) in [("kerberos", 1), ("negotiate", 2)] {
        agents(&oracle, &realm, "bob", "wrong-canary", scheme)
            .expect_code(NO_SERVER)
            .expect_one_sentence("refuses the user name or the password");
        assert_eq!(realm.failed_attempts("bob"), attempts);
    }
    agents(&oracle, &realm, "bob", PERSON_PASSWORD, "negotiate")
        .expect_code(NO_SERVER)
        .expect_one_sentence("is locked, disabled or expired");
    assert_eq!(oracle.count("sign"), 0, "{}", oracle.said());
}

#[test]
fn an_account_without_a_key_that_can_be_used_is_told_so_before_its_password_is_used() {
    let realm = Realm::start();
    realm.order("add_policy -maxfailure 5 careful");
    let folder = Folder::new();
    let oracle = oracle(&folder, &realm, None);
    for (person, keys) in [
        ("short", "aes128-cts:normal"),
        ("old", "arcfour-hmac:normal"),
        ("new", "aes256-sha2:normal"),
    ] {
        realm.add_person(person, PERSON_PASSWORD, keys);
        realm.order(&format!("modify_principal -policy careful {person}"));
        agents(&oracle, &realm, person, PERSON_PASSWORD, "kerberos")
            .expect_code(NO_SERVER)
            .expect_one_sentence("has no AES-256 key, so Kerberos cannot prove it");
        assert_eq!(realm.failed_attempts(person), 0, "{keys}");
    }
    // Another key beside it does no harm.
    realm.add_person(
        "both",
        PERSON_PASSWORD,
        "aes128-cts:normal,aes256-cts:normal",
    );
    agents(&oracle, &realm, "both", PERSON_PASSWORD, "kerberos").expect_code(0);
    // NTLM needs no such key, so Negotiate gets in.
    let user =
        format!("add_principal -pw {PERSON_PASSWORD} +requires_preauth -e aes128-cts:normal");
    realm.order(&format!("delete_principal -force {PERSON}"));
    realm.order(&format!("{user} {PERSON}"));
    agents(&oracle, &realm, PERSON, PERSON_PASSWORD, "negotiate").expect_code(0);
    oracle.wait_for("signed on LAB.TEST\\alice ntlm", 1);
}

#[test]
fn what_kerberos_cannot_do_is_told_and_negotiate_goes_on_with_ntlm() {
    let realm = Realm::start();
    for (orders, words) in [
        (
            &["modify_principal -requires_preauth alice"][..],
            "Kerberos asks for no proof of `LAB.TEST\\alice`, so anybody can",
        ),
        (
            &[
                "modify_principal +requires_preauth alice",
                "set_string HTTP/localhost session_enctypes arcfour-hmac",
            ],
            "the account that the service HTTP/localhost belongs to has no AES key",
        ),
        // The service has another key than the one in the keytab: its name is somebody else's.
        (
            &[
                "set_string HTTP/localhost session_enctypes aes256-cts",
                "change_password -randkey HTTP/localhost",
            ],
            "the Kerberos ticket of `LAB.TEST\\alice`; check that the name HTTP/localhost belongs to",
        ),
        (
            &["delete_principal -force HTTP/localhost"],
            "Kerberos does not know the service HTTP/localhost;",
        ),
    ] {
        for order in orders {
            realm.order(order);
        }
        let folder = Folder::new();
        let oracle = oracle(&folder, &realm, None);
        agents(&oracle, &realm, PERSON, PERSON_PASSWORD, "kerberos")
            .expect_code(NO_SERVER)
            .expect_one_sentence(words);
        agents(&oracle, &realm, PERSON, PERSON_PASSWORD, "negotiate").expect_code(0);
        oracle.wait_for("signed on LAB.TEST\\alice ntlm", 1);
    }
}

#[test]
fn a_realm_that_the_centre_does_not_know_is_told() {
    let realm = Realm::start();
    let folder = Folder::new();
    let oracle = oracle(&folder, &realm, None);
    let client = oracle.agents(&folder, "ELSEWHERE\\alice", PERSON_PASSWORD);
    let client = with_realm(client.args(["--auth", "kerberos"]), &realm);
    client
        .env("SSPI_KDC_URL", realm.url())
        .run()
        .expect_code(NO_SERVER)
        .expect_one_sentence("Kerberos does not know `ELSEWHERE\\alice`; check the name");
}

#[test]
fn a_clock_of_our_own_that_is_off_does_no_harm_and_one_of_the_server_is_told() {
    let realm = Realm::with_clock("+20m");
    let folder = Folder::new();
    let both = oracle(&folder, &realm, Some("+20m"));
    agents(&both, &realm, PERSON, PERSON_PASSWORD, "kerberos").expect_code(0);
    let folder = Folder::new();
    let other = oracle(&folder, &realm, None);
    agents(&other, &realm, PERSON, PERSON_PASSWORD, "kerberos")
        .expect_code(NO_SERVER)
        .expect_one_sentence("does not take the Kerberos ticket");
    agents(&other, &realm, PERSON, PERSON_PASSWORD, "negotiate").expect_code(0);
    other.wait_for("signed on LAB.TEST\\alice ntlm", 1);
}

/// What `doctor` says about the account and the encryption; every line passes but those that nobody
/// can know.
#[track_caller]
fn doctor(oracle: &Oracle, realm: &Realm, scheme: &str) -> (String, String) {
    let folder = Folder::new();
    let user = format!("{REALM}\\{PERSON}");
    let client = oracle.client(&folder, "doctor", &user, PERSON_PASSWORD);
    let client = client.args(["--json", "--probe-execute", "HR", "--auth", scheme]);
    let finished = with_realm(client, realm).run().expect_code(0);
    let (mut account, mut encryption) = (String::new(), String::new());
    for line in finished.stdout.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let of = |key: &str| {
            let value = line.get(key).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let expected = match of("check").as_str() {
            "tls" => "not-asked",
            "version" => "unknown",
            _ => "pass",
        };
        assert_eq!(of("verdict"), expected, "{line}\n{}", finished.dump());
        match of("check").as_str() {
            "authentication" => account = of("text"),
            "encryption" => encryption = of("text"),
            _ => {}
        }
    }
    (account, encryption)
}

#[test]
fn without_a_centre_ntlm_is_used_and_the_doctor_and_the_log_say_so() {
    let mut realm = Realm::start();
    let folder = Folder::new();
    let oracle = oracle(&folder, &realm, None);
    let sealed = "each message is encrypted".to_owned();
    for (scheme, words) in [
        ("ntlm", "LAB.TEST\\alice by NTLM"),
        ("kerberos", "LAB.TEST\\alice by Kerberos"),
        ("negotiate", "LAB.TEST\\alice by Kerberos"),
    ] {
        let (account, encryption) = doctor(&oracle, &realm, scheme);
        assert_eq!(account, words);
        assert_eq!(encryption, sealed);
    }
    realm.end_centre();
    agents(&oracle, &realm, PERSON, PERSON_PASSWORD, "kerberos")
        .expect_code(NO_SERVER)
        .expect_one_sentence("no Kerberos server can be asked about `LAB.TEST\\alice`");
    let (account, encryption) = doctor(&oracle, &realm, "negotiate");
    let words = "LAB.TEST\\alice by NTLM, not by Kerberos: no Kerberos server answers, 127.0.0.1:";
    assert!(account.starts_with(words), "{account}");
    assert_eq!(encryption, sealed);
    let log = run(&oracle, &folder, &realm, "");
    let told = log.lines().filter(|line| line.contains(FALLEN)).count();
    assert_eq!(told, 1, "{log}");
}

/// What the log says of a client that could not have Kerberos.
const FALLEN: &str = "signed on as LAB.TEST\\alice by NTLM, encrypted, not by Kerberos until the end: \
                      no Kerberos server answers, 127.0.0.1:";

/// Runs a profile, does this, runs it again; the log.
#[track_caller]
fn run(oracle: &Oracle, folder: &Folder, realm: &Realm, between: &str) -> String {
    let profile = "<run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>";
    folder.write(
        "one.xml",
        format!(
            "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><thread name=\"Only\">\
             {profile}{between}{profile}</thread></masequence>"
        ),
    );
    let user = format!("{REALM}\\{PERSON}");
    let client = oracle.client(folder, "run", &user, PERSON_PASSWORD);
    let client = client.args(["one.xml", "--log", "one.log", "--auth", "negotiate"]);
    with_realm(client, realm).run().expect_code(0);
    folder.read("one.log")
}

#[test]
fn a_centre_that_vanishes_during_a_run_is_told_in_its_log() {
    let realm = Realm::start();
    let folder = Folder::new();
    let manner = OracleSettings {
        realm: Some(&realm),
        // Each request needs a ticket of its own then.
        fault: Some("close"),
        ..OracleSettings::default()
    };
    let oracle = Oracle::start(&folder, &manner);
    let kill = format!(
        "<command program=\"kill\"><argument>-KILL</argument><argument>{}</argument></command>",
        realm.centre_id()
    );
    let log = run(&oracle, &folder, &realm, &kill);
    let lines: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("signed on as"))
        .collect();
    let [before, after] = lines.as_slice() else {
        panic!("{log}");
    };
    assert!(
        before.ends_with("signed on as LAB.TEST\\alice by Kerberos, encrypted"),
        "{log}"
    );
    assert!(after.contains(FALLEN), "{log}");
}
