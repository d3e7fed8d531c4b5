//! What is wrong although it looks right: names that the server does not know, and servers that
//! answer something else. One clear sentence, the right exit code, no panic.

use std::io::Write as _;

use crate::support::{Finished, Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, Rogue, USER};

const BAD_FILE: i32 = 8;
const COULD_NOT_START: i32 = 6;
const FAILED: i32 = 1;

/// A sequence whose only step runs this profile.
fn one_step(agent: &str, profile: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" \
         name=\"One step\">\n<thread name=\"Only\">\n<run-profile agent=\"{agent}\" \
         profile=\"{profile}\" type=\"delta-import\"/>\n</thread>\n</masequence>\n"
    )
}

/// Runs a good sequence against a server.
fn against(server: &str) -> Finished {
    let folder = Folder::new();
    folder.write("one.xml", one_step("HR", "Delta Import"));
    Masequencer::new(&folder)
        .args(["run", "one.xml", "--user", USER, "--server", server])
        .env(PASSWORD_VARIABLE, PASSWORD)
        .run()
}

#[test]
fn an_agent_that_is_not_there_is_found_before_anything_runs() {
    let folder = Folder::new();
    folder.write("a.xml", one_step("Nobody", "Delta Import"));
    let finished = Masequencer::new(&folder)
        .args(["run", "a.xml", "--demo"])
        .run();
    let finished = finished
        .expect_code(BAD_FILE)
        .expect_one_sentence("no management agent `Nobody`; it has `AD`, `HR`");
    assert!(
        !finished.stdout.contains("Starting all MAs."),
        "{}",
        finished.dump()
    );
}

#[test]
fn a_profile_that_is_not_there_fails_its_step() {
    let folder = Folder::new();
    folder.write("a.xml", one_step("HR", "Nothing"));
    Masequencer::new(&folder)
        .args(["run", "a.xml", "--demo"])
        .run()
        .expect_code(FAILED)
        .expect_one_sentence("the run history of `HR` has no run profile `Nothing`")
        .expect_stdout("no-start-unknown-profile-name");
}

#[test]
fn a_server_that_answers_something_else_is_told() {
    let xml = "application/soap+xml;charset=UTF-8";
    let fault = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:Fault>\
        <s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en-US\">the \
        provider is on holiday</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>";
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let cases = [
        (
            "garbage instead of HTTP",
            Rogue::answering(|stream| {
                stream.write_all(b"SSH-2.0-OpenSSH_9.2p1\r\n").ok();
            }),
            "not with HTTP",
        ),
        (
            "a page",
            Rogue::saying("200 OK", "text/html", "<html><body>hi</html>".to_owned()),
            "not with WS-Management",
        ),
        (
            "XML without end of depth",
            Rogue::saying("200 OK", xml, deep),
            "not with WS-Management",
        ),
        (
            "no such page",
            Rogue::saying("404 Not Found", "text/html", String::new()),
            "/wsman",
        ),
        (
            "a fault",
            Rogue::saying("500 Internal Server Error", xml, fault.to_owned()),
            "the provider is on holiday",
        ),
        (
            "a connection that breaks",
            Rogue::answering(|stream| {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<s:")
                    .ok();
            }),
            "broke before there was an answer",
        ),
    ];
    for (what, rogue, sentence) in cases {
        let finished = against(&rogue.url("http"));
        assert_eq!(
            finished.code,
            Some(COULD_NOT_START),
            "{what}: {}",
            finished.dump()
        );
        finished.expect_one_sentence(sentence);
    }
}

#[test]
fn a_server_that_does_not_encrypt_is_told() {
    let plain = Rogue::greeting("220 mail.example ESMTP\r\n");
    against(&plain.url("https"))
        .expect_code(COULD_NOT_START)
        .expect_one_sentence("check that this port speaks https");
}

#[test]
fn a_scenario_that_is_no_scenario_is_refused() {
    let folder = Folder::new();
    let scenario = folder.write("scenario.toml", "agents = 1\n");
    Masequencer::new(&folder)
        .args(["simulate", "--user", USER, "--scenario"])
        .arg(&scenario)
        .env(PASSWORD_VARIABLE, PASSWORD)
        .run()
        .expect_code(BAD_FILE)
        .expect_one_sentence("is not a usable scenario file");
}
