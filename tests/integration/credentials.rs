//! Passwords in the system's store: a real GNOME Keyring, one that is locked, and none.

use std::fs;
use std::path::Path;

use super::support::{Folder, Keyring, Masequencer, PASSWORD, Simulator, USER};

const SEQUENCE: &str = r#"<masequence xmlns="urn:masequencer:sequence" version="1" name="stored">
  <thread name="A">
    <run-profile agent="HR" profile="Delta Import" type="delta-import"/>
  </thread>
</masequence>
"#;

/// The name under which the simulator's account is looked for.
const NAME: &str = "corp\\svc-sync@127.0.0.1";

#[test]
fn a_password_is_stored_listed_used_and_deleted() {
    let keyring = Keyring::unlocked();
    let simulator = Simulator::start();
    let folder = Folder::new();
    let file = folder.write("stored.xml", SEQUENCE);
    let server = ["--server", simulator.url(), "--user", USER];
    let credential = |verb: &str, further: &[&str]| {
        let client = keyring.client(&folder).args(["credential", verb]);
        client.args(further)
    };
    credential("list", &[])
        .run()
        .expect_code(0)
        .expect_one_sentence("No password of masequencer");
    let named = format!("{USER}@{}", simulator.url());
    let stored = credential("set", &[&named, "--password-stdin"])
        .stdin(format!("{PASSWORD}\n"))
        .run()
        .expect_code(0)
        .expect_stdout(NAME);
    assert!(!stored.dump().contains(PASSWORD));
    // Software that no one here wrote finds the same.
    assert_eq!(keyring.lookup(NAME).as_deref(), Some(PASSWORD));
    let listed = credential("list", &["--json"])
        .run()
        .expect_code(0)
        .expect_stdout(r#"{"name":"corp\\svc-sync@127.0.0.1"}"#);
    assert!(!listed.dump().contains(PASSWORD));
    let agents = || keyring.client(&folder).arg("agents").args(server);
    agents().run().expect_code(0).expect_stdout("HR");
    let ran = keyring
        .client(&folder)
        .arg("run")
        .arg(&file)
        .args(server)
        .run()
        .expect_code(0);
    assert!(!ran.dump().contains(PASSWORD));
    // The variable comes before the store.
    agents()
        .env("MASEQUENCER_PASSWORD", "not the right one")
        .run()
        .expect_code(6);
    credential("delete", &[NAME]).run().expect_code(0);
    assert_eq!(keyring.lookup(NAME), None);
    credential("delete", &[NAME])
        .run()
        .expect_code(1)
        .expect_one_sentence("no password is stored");
    agents()
        .run()
        .expect_code(6)
        .expect_one_sentence("masequencer credential set");
}

#[test]
fn an_entry_of_another_program_or_another_name_is_used() {
    let keyring = Keyring::unlocked();
    let simulator = Simulator::start();
    let folder = Folder::new();
    let agents = |further: &[&str]| {
        let server = ["agents", "--server", simulator.url(), "--user", USER];
        keyring.client(&folder).args(server).args(further).run()
    };
    keyring.store("nightly", PASSWORD);
    agents(&["--credential", "Nightly"]).expect_code(0);
    agents(&["--credential", "other"])
        .expect_code(6)
        .expect_one_sentence("no password is stored as `other`");
    agents(&[]).expect_code(6);
    keyring.store(NAME, PASSWORD);
    agents(&[]).expect_code(0);
    // A second password takes the place of the first.
    keyring
        .client(&folder)
        .args(["credential", "set", NAME, "--password-env", "NEW"])
        .env("NEW", "another")
        .run()
        .expect_code(0);
    assert_eq!(keyring.lookup(NAME).as_deref(), Some("another"));
    agents(&[]).expect_code(6);
}

#[test]
fn a_locked_store_is_told_and_holds_nobody_up() {
    let keyring = Keyring::locked();
    let folder = Folder::new();
    for verb in [&["list"][..], &["set", "x", "--password-stdin"]] {
        let finished = keyring
            .client(&folder)
            .arg("credential")
            .args(verb)
            .stdin("canary-of-the-locked\n")
            .run();
        // An empty store may be listed without being unlocked.
        if verb.len() > 1 {
            let finished = finished.expect_code(6).expect_one_sentence("locked");
            assert!(!finished.dump().contains("canary"));
        }
    }
}

#[test]
fn without_a_store_one_sentence_says_so_and_what_else_works() {
    let folder = Folder::new();
    let client = || Masequencer::new(&folder);
    for verb in [
        &["list"][..],
        &["delete", "x"],
        &["set", "x", "--password-stdin"],
    ] {
        let credential = || client().arg("credential").args(verb).stdin("pw\n");
        credential()
            .run()
            .expect_code(6)
            .expect_one_sentence("no desktop session (D-Bus)")
            .expect_stderr("--password-file");
        credential()
            .env("MASEQUENCER_CREDENTIAL_STORE", "off")
            .run()
            .expect_code(6)
            .expect_one_sentence("switched off");
    }
    client()
        .args(["credential", "set", " ", "--password-stdin"])
        .run()
        .expect_code(2)
        .expect_one_sentence("needs a name");
    client()
        .args(["credential", "set", "x"])
        .run()
        .expect_code(6)
        .expect_one_sentence("nobody can be asked");
    client()
        .args(["agents", "--server", "mim01", "--user", "u"])
        .run()
        .expect_code(6)
        .expect_one_sentence("no desktop session (D-Bus)")
        .expect_stderr("MASEQUENCER_PASSWORD");
}

#[cfg(unix)]
#[test]
fn a_password_file_must_be_private() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    let file = folder.write("password", format!("{PASSWORD}\nsecond line\n"));
    let agents = || {
        Masequencer::new(&folder)
            .args(["agents", "--server", simulator.url(), "--user", USER])
            .arg("--password-file")
            .arg(&file)
            .run()
    };
    set_mode(&file, 0o644);
    let refused = agents().expect_code(6).expect_one_sentence("chmod 600");
    assert!(!refused.dump().contains(PASSWORD));
    set_mode(&file, 0o600);
    agents().expect_code(0).expect_stdout("HR");
}

#[cfg(unix)]
fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}
