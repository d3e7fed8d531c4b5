//! The password is in nothing that the runner writes, shows or hands on.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::support::{Folder, Keyring, Masequencer, PASSWORD, PASSWORD_VARIABLE, Simulator, USER};

/// A sequence that shows what a started program inherits, and what `/proc` says of its parent.
const NOSY: &str = r#"<masequence xmlns="urn:masequencer:sequence" version="1" name="nosy">
  <log file="nosy.log" level="protocol"/>
  <thread name="A">
    <command program="/bin/sh">
      <argument>-c</argument>
      <argument>sed -n 's/Max core file size *\([^ ]*\).*/&lt;core \1>/p' /proc/$PPID/limits; env; tr '\0' ' ' &lt; /proc/$PPID/cmdline</argument>
    </command>
    <run-profile agent="HR" profile="Delta Import" type="delta-import"/>
    <command program="/bin/LAST" on-failure="continue"/>
  </thread>
</masequence>
"#;

/// The forms in which the password could stand somewhere: itself, and as Basic sends it.
fn forms(password: &str) -> [String; 2] {
    [
        password.to_owned(),
        STANDARD.encode(format!("{USER}:{password}")),
    ]
}

fn every_file_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            every_file_below(&entry.path(), found);
        } else if kind.is_file() {
            let name = entry.path().display().to_string();
            found.push((name, fs::read(entry.path()).unwrap()));
        }
    }
}

#[track_caller]
fn assert_nowhere(folder: &Folder, shown: &str, password: &str) {
    let mut texts = vec![("the terminal".to_owned(), shown.as_bytes().to_vec())];
    every_file_below(folder.path(), &mut texts);
    assert!(texts.len() > 1, "the run wrote a log");
    for (place, text) in &texts {
        let text = String::from_utf8_lossy(text);
        for form in forms(password) {
            // Not the text itself: it holds the environment of whoever tests.
            assert!(!text.contains(&form), "the password stands in {place}");
        }
    }
}

/// What the log of such a run must show, so that nothing is found for the right reason.
#[track_caller]
fn assert_was_looked_at(folder: &Folder) {
    let log = folder.read("nosy.log");
    assert!(
        log.contains("Execute"),
        "protocol messages are logged:\n{log}"
    );
    assert!(
        log.contains("MASEQUENCER_RUN="),
        "the program's output is logged:\n{log}"
    );
    assert!(
        log.contains("nosy.xml"),
        "the parent's arguments are logged:\n{log}"
    );
    // One byte means no core dump at all.
    assert!(log.contains("<core 1>"), "core dumps are off:\n{log}");
}

/// A run that ends well, and one that does not.
const ENDINGS: [(&str, i32); 2] = [("true", 0), ("false", 1)];

#[test]
fn a_run_tells_its_password_to_nobody_but_the_server() {
    let simulator = Simulator::start();
    for (form, variable) in [
        ("--level=protocol", PASSWORD_VARIABLE),
        ("--json", "MY_VARIABLE"),
    ] {
        for (last, code) in ENDINGS {
            let folder = Folder::new();
            let file = folder.write("nosy.xml", NOSY.replace("LAST", last));
            let finished = simulator
                .client(&folder)
                .env(variable, PASSWORD)
                .arg("run")
                .arg(&file)
                .args(["--server", simulator.url(), "--user", USER, form])
                .args(["--password-env", variable])
                .run()
                .expect_code(code);
            assert_was_looked_at(&folder);
            assert_nowhere(&folder, &finished.dump(), PASSWORD);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_password_on_the_old_command_line_leaves_the_process_list() {
    let simulator = Simulator::start();
    for (last, code) in ENDINGS {
        let folder = Folder::new();
        folder.write("nosy.xml", NOSY.replace("LAST", last));
        let server = format!("/s:{}", simulator.url());
        let (user, password) = (format!("/u:{USER}"), format!("/p:{PASSWORD}"));
        let finished = Masequencer::new(&folder)
            .args(["/f:nosy.xml", &server, &user, &password, "/l:3"])
            .run()
            .expect_code(code)
            .expect_stderr("process lists");
        let warnings = finished.stderr.matches("process lists").count();
        assert_eq!(warnings, 1, "{}", finished.dump());
        assert_was_looked_at(&folder);
        assert_nowhere(&folder, &finished.dump(), PASSWORD);
    }
}

#[test]
fn a_password_of_the_keyring_or_a_pipe_is_told_to_nobody() {
    let simulator = Simulator::start();
    let keyring = Keyring::unlocked();
    keyring.store("canary", PASSWORD);
    for source in [&["--credential", "canary"][..], &["--password-stdin"]] {
        for (last, code) in ENDINGS {
            let folder = Folder::new();
            folder.write("nosy.xml", NOSY.replace("LAST", last));
            let finished = keyring
                .client(&folder)
                .args(["run", "nosy.xml", "--level=protocol"])
                .args(["--server", simulator.url(), "--user", USER])
                .args(source)
                .stdin(format!("{PASSWORD}\n"))
                .run()
                .expect_code(code);
            assert_was_looked_at(&folder);
            assert_nowhere(&folder, &finished.dump(), PASSWORD);
        }
    }
}

#[test]
fn a_refused_password_is_not_repeated_to_the_person() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    let file = folder.write("nosy.xml", NOSY.replace("LAST", "true"));
    let wrong = "not the right one";
    let finished = simulator
        .client(&folder)
        .env(PASSWORD_VARIABLE, wrong)
        .arg("run")
        .arg(&file)
        .args(["--server", simulator.url(), "--user", USER])
        .run()
        .expect_code(6);
    assert_nowhere(&folder, &finished.dump(), wrong);
}
