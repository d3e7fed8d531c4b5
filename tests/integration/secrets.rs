//! The password is in nothing that the runner writes, shows or hands on.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::support::{Folder, PASSWORD, PASSWORD_VARIABLE, Simulator, USER};

/// A sequence that shows what a started program inherits, and what `/proc` says of its parent.
const NOSY: &str = r#"<masequence xmlns="urn:masequencer:sequence" version="1" name="nosy">
  <log file="nosy.log" level="protocol"/>
  <thread name="A">
    <command program="/bin/sh">
      <argument>-c</argument>
      <argument>env; tr '\0' ' ' &lt; /proc/$PPID/cmdline</argument>
    </command>
    <run-profile agent="HR" profile="Delta Import" type="delta-import"/>
    <command program="/bin/false" on-failure="continue"/>
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

#[test]
fn a_run_tells_its_password_to_nobody_but_the_server() {
    let simulator = Simulator::start();
    for (form, variable) in [
        ("--level=protocol", PASSWORD_VARIABLE),
        ("--json", "MY_VARIABLE"),
    ] {
        let folder = Folder::new();
        let file = folder.write("nosy.xml", NOSY);
        let finished = simulator
            .client(&folder)
            .env(variable, PASSWORD)
            .arg("run")
            .arg(&file)
            .args(["--server", simulator.url(), "--user", USER, form])
            .args(["--password-env", variable])
            .run()
            .expect_code(1);
        let log = folder.read("nosy.log");
        assert!(
            log.contains("Execute"),
            "protocol messages are logged:\n{log}"
        );
        assert!(
            log.contains("MASEQUENCER_RUN="),
            "the program's output is logged:\n{log}"
        );
        assert_nowhere(&folder, &finished.dump(), PASSWORD);
    }
}

#[test]
fn a_refused_password_is_not_repeated_to_the_person() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    let file = folder.write("nosy.xml", NOSY);
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
