//! A password that is typed into the Connect dialog is in nothing that the program leaves behind.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{CONNECTED, Desk, SUCCESS, has, home};
use crate::connecting::{PASSWORD, Simulator, USER};
use crate::wait::until;

/// One that the server refuses.
const WRONG: &str = "canary that is refused 4711";

/// What a failure has behind its words.
const REFUSED: [u8; 3] = [0xFC, 0xE8, 0xE6];

/// How often Tab is pressed from the server's name to the password.
const TABS: usize = 8;

fn sequence(url: &str) -> String {
    format!(
        r#"<masequence xmlns="urn:masequencer:sequence" version="1" name="Canary">
  <server host="{url}" auth="basic" user="{USER}"/>
  <log file="canary.log" level="protocol"/>
  <thread name="A">
    <run-profile agent="HR" profile="Delta Import" type="delta-import"/>
  </thread>
</masequence>
"#
    )
}

/// Looks into every file below a folder; how many there are.
fn look_into(folder: &Path, forbidden: &[String]) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let kind = fs::symlink_metadata(&path).expect("an entry").file_type();
        if kind.is_dir() {
            count += look_into(&path, forbidden);
        } else if kind.is_file() {
            let bytes = fs::read(&path).expect("a file");
            assert_clean(&path.display().to_string(), &bytes, forbidden);
            count += 1;
        }
    }
    count
}

fn assert_clean(place: &str, bytes: &[u8], forbidden: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for word in forbidden {
        // Not the text itself: it may hold more than anybody should see.
        assert!(
            !text.contains(word.as_str()),
            "a password stands in {place}"
        );
    }
}

/// What the system tells everybody about a process.
fn look_at_process(id: u32, forbidden: &[String]) {
    for name in ["cmdline", "environ"] {
        let place = format!("/proc/{id}/{name}");
        if let Ok(bytes) = fs::read(&place) {
            assert!(!bytes.is_empty(), "{place}");
            assert_clean(&place, &bytes, forbidden);
        }
    }
}

fn type_password(desk: &mut Desk, password: &str) {
    desk.keys(&["ctrl+shift+o"]);
    desk.until_asked();
    desk.keys(&["Tab"; TABS]);
    desk.write(password);
    desk.keys(&["Return"]);
}

#[test]
fn a_typed_password_is_in_no_file_no_log_and_no_list_of_processes() {
    let forbidden: Vec<String> = [PASSWORD, WRONG]
        .into_iter()
        .flat_map(|password| {
            let basic = STANDARD.encode(format!("{USER}:{password}"));
            [password.to_owned(), basic]
        })
        .collect();
    let apart = home();
    let simulator = Simulator::start(apart.path(), "", &["--speed", "600"]);
    let home = home();
    let file = home.path().join("canary.xml");
    fs::write(&file, sequence(&simulator.url)).expect("a file can be written");
    let mut desk = Desk::open(home, &[&file]);
    desk.until_title("canary.xml");
    type_password(&mut desk, WRONG);
    desk.look("it is refused", |picture| has(picture, 100..400, REFUSED));
    desk.keys(&["Escape"]);
    desk.until_answered();
    type_password(&mut desk, PASSWORD);
    desk.look("connected", |picture| {
        has(picture, super::SERVER_BAR, CONNECTED)
    });
    // A copy for recovery, the settings, a run with its log.
    desk.keys(&["ctrl+t"]);
    desk.until_title("• canary.xml");
    desk.keys(&["Return"]);
    let copies = desk.home.path().join("config/data/recovery");
    let is_kept = || {
        let mut files = fs::read_dir(&copies).ok()?.flatten();
        files.find(|file| file.path().extension().is_some_and(|it| it == "json"))
    };
    until("a copy", crate::LIMIT, is_kept, String::new);
    look_into(desk.home.path(), &forbidden);
    desk.keys(&["F5"]);
    let log = desk.home.path().join("canary.log");
    look_at_process(desk.program.id(), &forbidden);
    let log = desk.until_file(&log, "run ended");
    assert!(log.contains("Execute"), "the protocol is logged:\n{log}");
    desk.look("success", |picture| has(picture, 72..144, SUCCESS));
    let files = look_into(desk.home.path(), &forbidden);
    assert!(files >= 5, "only {files} files were seen");
    desk.program.signal("KILL");
    desk.program.wait(crate::LIMIT);
    look_into(desk.home.path(), &forbidden);
    let said = desk.program.dump();
    assert_clean("what it said", said.as_bytes(), &forbidden);
}
