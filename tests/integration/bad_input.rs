//! Bad input of every kind gets one clear sentence and its own exit code; nothing runs, nothing is
//! lost, nothing panics.

use std::fs::File;
use std::io::Write as _;
use std::time::Duration;

use crate::support::{
    Finished, Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, Rogue, Simulator, USER, closed_port,
};

const BAD_FILE: i32 = 8;
const COULD_NOT_START: i32 = 6;
const FAILED: i32 = 1;

/// Longer than the runner waits for an answer.
const LONGER_THAN_PATIENCE: Duration = Duration::from_mins(2);

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
        .limit(LONGER_THAN_PATIENCE)
        .run()
}

#[test]
fn a_file_that_is_no_sequence_is_refused_with_its_place() {
    let good = one_step("HR", "Delta Import");
    let head = "<?xml version=\"1.0\"?>\n";
    let deep = |depth: usize| {
        let (open, close) = ("<run>".repeat(depth), "</run>".repeat(depth));
        format!("<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">{open}{close}")
    };
    let cases = [
        ("not XML", "hello".to_owned(), "not an XML file"),
        ("empty", String::new(), "empty"),
        (
            "wrong root",
            "<foo/>".to_owned(),
            "line 1, column 1: the root element is `<foo>`",
        ),
        (
            "unknown element",
            good.replace("<run-profile ", "<run-profil "),
            "line 4, column 1: unknown element `<run-profil>`",
        ),
        (
            "DTD",
            good.replace(head, "<!DOCTYPE masequence [<!ENTITY a \"b\">]>"),
            "line 1, column 1: a document type declaration",
        ),
        ("cut off", good.replace("</masequence>", ""), "line "),
        ("10,000 deep", deep(10_000), "line 1, column "),
    ];
    for (what, content, sentence) in cases {
        let folder = Folder::new();
        let path = folder.write("bad.xml", &content);
        for verb in ["run", "check"] {
            Masequencer::new(&folder)
                .args([verb, "bad.xml"])
                .args((verb == "run").then_some("--demo"))
                .run()
                .expect_code(BAD_FILE)
                .expect_one_sentence(sentence);
        }
        let left = std::fs::read_to_string(path).expect("the file is still there");
        assert_eq!(left, content, "{what}: the file is untouched");
        assert!(
            !folder.file("MASequencer.log").exists(),
            "{what}: nothing ran"
        );
    }
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let folder = Folder::new();
    let file = File::create(folder.file("huge.xml")).expect("a file can be made");
    file.set_len(200 << 20).expect("a file can have a hole");
    Masequencer::new(&folder)
        .args(["run", "huge.xml", "--demo"])
        .run()
        .expect_code(BAD_FILE)
        .expect_one_sentence("larger than");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let folder = Folder::new();
    for arguments in [["run", "gone.xml"], ["/f:gone.xml", "/l:1"]] {
        Masequencer::new(&folder)
            .args(arguments)
            .run()
            .expect_code(BAD_FILE)
            .expect_one_sentence("gone.xml");
    }
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
fn a_server_that_cannot_be_reached_is_told() {
    let closed = format!("http://localhost:{}/wsman", closed_port());
    let cases = [
        ("https://no-such-host.invalid/wsman", "does not resolve"),
        (closed.as_str(), "refuses the connection; check the port"),
        (
            "http://192.0.2.1/wsman",
            "use https, or allow it with --allow-unencrypted",
        ),
        ("ftp://localhost/", "ftp"),
    ];
    for (server, sentence) in cases {
        against(server)
            .expect_code(COULD_NOT_START)
            .expect_one_sentence(sentence);
    }
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_given_up() {
    against(&Rogue::silent().url("http"))
        .expect_code(COULD_NOT_START)
        .expect_one_sentence("gives no whole answer within");
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
fn an_answer_without_end_is_cut_off() {
    let endless = Rogue::answering(|stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        let mut is_heard = stream.write_all(head.as_bytes()).is_ok();
        while is_heard {
            is_heard = stream.write_all(chunk.as_bytes()).is_ok();
        }
    });
    against(&endless.url("http"))
        .expect_code(COULD_NOT_START)
        .expect_one_sentence("an answer without end");
}

#[test]
fn a_wrong_password_is_told_once_and_never_shown() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    folder.write("one.xml", one_step("HR", "Delta Import"));
    let finished = Masequencer::new(&folder)
        .args([
            "run",
            "one.xml",
            "--user",
            USER,
            "--server",
            simulator.url(),
        ])
        .env(PASSWORD_VARIABLE, "a wrong password")
        .run()
        .expect_code(COULD_NOT_START)
        .expect_one_sentence("refuses the user name or the password");
    assert!(
        !finished.dump().contains("a wrong password"),
        "{}",
        finished.dump()
    );
    assert!(!folder.read("MASequencer.log").contains("a wrong password"));
}

#[test]
fn no_password_is_told_before_anything_is_sent() {
    let folder = Folder::new();
    folder.write("one.xml", one_step("HR", "Delta Import"));
    Masequencer::new(&folder)
        .args([
            "run",
            "one.xml",
            "--user",
            USER,
            "--server",
            "https://localhost/wsman",
        ])
        .run()
        .expect_code(COULD_NOT_START)
        .expect_one_sentence("set the variable MASEQUENCER_PASSWORD");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let rogue = Rogue::untrusted();
    against(&rogue.url("https"))
        .expect_code(COULD_NOT_START)
        .expect_one_sentence("is not trusted");
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
