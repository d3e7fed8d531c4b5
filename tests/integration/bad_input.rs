<<<<<<< HEAD
//! Bad files and bad servers: one clear sentence, the right exit code, nothing started, no panic.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::support::{Finished, Folder, Masequencer, PASSWORD_VARIABLE, Simulator, USER};

const HEAD: &str = "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\">";
const CANARY: &str =
    "<thread name=\"A\"><command program=\"touch\"><argument>started</argument></command></thread>";

/// Runs a file of this content; nothing of it may start.
fn run_file(content: &[u8]) -> Finished {
    let folder = Folder::new();
    folder.write("bad.xml", content);
    let run = Masequencer::new(&folder)
        .args(["run", "bad.xml", "--demo"])
        .run();
    assert!(!folder.file("started").exists(), "{}", run.dump());
    run
}

#[test]
fn a_bad_file_is_told_with_its_place() {
    let dtd = format!("<!DOCTYPE masequence [<!ENTITY a \"b\">]>\n{HEAD}{CANARY}</masequence>");
    let element = format!("{HEAD}\n{CANARY}\n  <thraed name=\"B\"/></masequence>");
    let deep = format!("{HEAD}{}", "<thread name=\"A\">".repeat(10_000));
    let root = format!("<sequence>{CANARY}</sequence>");
    for (content, part) in [
        ("MZ\u{1}\u{2}", "this is not an XML file"),
        ("", "empty"),
        (root.as_str(), "`<sequence>`"),
        (
            element.as_str(),
            "line 3, column 3: unknown element `<thraed>`",
        ),
        (dtd.as_str(), "`<!DOCTYPE`"),
        (deep.as_str(), "line 1"),
        (HEAD, "line 1"),
    ] {
        run_file(content.as_bytes())
            .expect_code(8)
            .expect_one_sentence("bad.xml` is not a usable sequence file: ")
            .expect_stderr(part);
    }
    run_file(format!("{HEAD}</masequence>").as_bytes())
        .expect_code(8)
        .expect_one_sentence("MS001-no-thread");
}

#[test]
fn a_huge_file_is_refused_without_reading_it() {
    let folder = Folder::new();
    let file = std::fs::File::create(folder.file("huge.xml")).unwrap();
    file.set_len(200 << 20).unwrap();
    for verb in ["run", "check"] {
        Masequencer::new(&folder)
            .args([verb, "huge.xml", "--demo"])
            .run()
            .expect_code(8)
            .expect_one_sentence("larger than 16 MiB");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = Folder::new();
    for verb in ["run", "check"] {
        Masequencer::new(&folder)
            .args([verb, "missing.xml"])
            .run()
            .expect_code(8)
            .expect_one_sentence("could not read the sequence file `missing.xml`");
    }
    Masequencer::new(&folder)
        .args(["run", "."])
        .run()
        .expect_code(8)
        .expect_one_sentence("could not read the sequence file `.`");
    Masequencer::new(&folder)
        .args(["simulate", "--user", "u", "--scenario", "missing.toml"])
        .env(PASSWORD_VARIABLE, "x")
        .run()
        .expect_code(8)
        .expect_one_sentence("could not read the scenario file `missing.toml`");
}

/// Runs a good file against a server; nothing of it may start.
fn run_against(server: &str, further: &[&str]) -> Finished {
    let folder = Folder::new();
    folder.write("a.xml", format!("{HEAD}{CANARY}</masequence>"));
    let run = Masequencer::new(&folder)
        .args(["run", "a.xml", "--server", server, "--user", USER])
        .args(further)
        .env(PASSWORD_VARIABLE, "not-to-be-seen")
        .limit(Duration::from_secs(90))
        .run()
        .expect_code(6);
    assert!(!folder.file("started").exists(), "{}", run.dump());
    assert!(!run.dump().contains("not-to-be-seen"), "{}", run.dump());
    let log = folder.read("MASequencer.log");
    assert!(
        log.contains(" | error | ") && log.contains("nothing was started: "),
        "{log}"
    );
    assert!(!log.contains("not-to-be-seen"), "{log}");
    run
}

/// A server that treats every connection so, for the rest of the test's process.
fn server(treat: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let url = format!("http://{address}/wsman");
    let treat = Arc::new(treat);
    let serve = move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let treat = Arc::clone(&treat);
            let one = move || treat(&mut stream);
            std::thread::Builder::new()
                .spawn(one)
                .expect("a thread can be started");
        }
    };
    std::thread::Builder::new()
        .spawn(serve)
        .expect("a thread can be started");
    url
}

/// Reads some of a request; `false` when there is nothing more.
fn takes_something(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0)
}

/// A server that answers every connection with these bytes.
fn answering(answer: &'static [u8]) -> String {
    server(move |stream| {
        if takes_something(stream) {
            stream.write_all(answer).ok();
        }
    })
}

#[test]
fn a_server_that_is_not_there_is_told() {
    run_against("https://nowhere.invalid", &[]).expect_one_sentence("does not resolve");
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    run_against(&format!("http://127.0.0.1:{port}/wsman"), &[])
        .expect_one_sentence("refuses the connection");
}

#[test]
fn a_server_that_is_something_else_is_told() {
    let garbage = answering(b"\x00\x01 nonsense\r\n\r\n");
    run_against(&garbage, &[]).expect_one_sentence("not with HTTP");
    let page = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>");
    run_against(&page, &[]).expect_one_sentence("not with WS-Management");
    let endless = server(|stream| {
        takes_something(stream);
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n";
        let mut goes_on = stream.write_all(head).is_ok();
        while goes_on {
            goes_on = stream.write_all(&[b'a'; 8 * 1024]).is_ok();
        }
    });
    run_against(&endless, &[]).expect_one_sentence("answer without end");
}

#[test]
fn a_server_that_says_nothing_is_given_up_or_left_by_ctrl_c() {
    let silent = || {
        server(|stream| {
            // Reads on and on, and never answers.
            while takes_something(stream) {}
        })
    };
    let folder = Folder::new();
    folder.write("a.xml", format!("{HEAD}{CANARY}</masequence>"));
    let server = silent();
    let mut run = Masequencer::new(&folder)
        .args(["run", "a.xml", "--server", &server, "--user", USER])
        .env(PASSWORD_VARIABLE, "x")
        .start();
    run.wait_for_line("Logging into the File");
    run.interrupt();
    run.finish()
        .expect_code(4)
        .expect_one_sentence("stopped before anything was started");
    run_against(&silent(), &[]).expect_one_sentence("gives no whole answer");
}

#[test]
fn a_wrong_password_or_no_rights_are_told() {
    let simulator = Simulator::start();
    run_against(simulator.url(), &[]).expect_one_sentence("password");
    let folder = Folder::new();
    folder.write("a.xml", format!("{HEAD}{CANARY}</masequence>"));
    Masequencer::new(&folder)
        .args(["run", "a.xml", "--server", simulator.url(), "--user", USER])
        .run()
        .expect_code(6)
        .expect_one_sentence("no password for");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_told() {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = certified.signing_key.serialize_der().try_into().unwrap();
    let config = tokio_rustls::rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let url = server(move |stream| {
        let mut tls = tokio_rustls::rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        // The client breaks off: it does not trust us.
        tls.complete_io(stream).ok();
    });
    let url = url.replace("http://", "https://");
    run_against(&url, &[]).expect_one_sentence("certificate");
    run_against(&url, &["--pin", &"0".repeat(64)]).expect_one_sentence("certificate");
    run_against(&url, &["--pin", "short"]).expect_one_sentence("64 hexadecimal digits");
}

#[test]
fn a_password_goes_over_plain_http_only_when_allowed() {
    run_against("http://mim01.invalid/wsman", &[]).expect_one_sentence("--allow-unencrypted");
    run_against("http://mim01.invalid/wsman", &["--allow-unencrypted"])
        .expect_one_sentence("does not resolve");
=======
//! Bad input of every kind: one clear sentence that says what to do, the right exit code, nothing
//! lost, nothing panics, no secret told.

#[cfg(unix)]
mod disk;
mod files;
mod names;
mod servers;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use masequencer::cli::ExitCode;

use crate::support::{Finished, Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, USER};

/// The longest sentence that a person still reads at night, in characters.
const LONGEST: usize = 420;

const HR_IMPORT: &str =
    "<run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>";

/// Leaves a file behind, so that a test sees that something ran.
const TOUCH: &str = "<command program=\"touch\"><argument>started</argument></command>";

/// A sequence of one thread that names no server.
fn sequence(steps: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" \
         name=\"Test\">\n<thread name=\"Only\">\n{steps}\n</thread>\n</masequence>\n"
    )
}

/// A folder with a usable sequence, `a.xml`, that would leave the file `started` behind.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.xml", sequence(&format!("{TOUCH}\n{HR_IMPORT}")));
    folder
}

/// `run a.xml` with everything in the log, against a server, with the right account.
fn run_against(folder: &Folder, server: &str) -> Masequencer {
    Masequencer::new(folder)
        .args(["run", "a.xml", "--level", "protocol"])
        .args(["--server", server, "--user", USER])
        .env(PASSWORD_VARIABLE, PASSWORD)
}

/// Demands one sentence with these parts and an exit code, and that nothing was started.
#[track_caller]
fn refused(folder: &Folder, end: Finished, code: ExitCode, parts: &[&str]) {
    let end = end.expect_code(code.number().into());
    assert!(
        !folder.file("started").exists(),
        "something ran\n{}",
        end.dump()
    );
    one_sentence(&end, parts);
    keeps_secrets(folder, &end);
}

/// Demands one sentence for people on standard error, with these parts.
#[track_caller]
fn one_sentence(end: &Finished, parts: &[&str]) {
    let lines: Vec<&str> = end.stderr.lines().collect();
    let [line] = lines.as_slice() else {
        panic!("one line on standard error\n{}", end.dump());
    };
    assert!(line.starts_with("error: "), "{line}");
    for part in parts {
        assert!(line.contains(part), "no '{part}' in\n{line}");
    }
    // What the system says is in the words of programmers.
    for bad in ["panicked", "os error", "failed: failed", ".."] {
        assert!(!line.contains(bad), "'{bad}' in\n{line}");
    }
    assert!(line.chars().count() <= LONGEST, "too long:\n{line}");
    let mut clauses: Vec<&str> = line.split(": ").collect();
    clauses.sort_unstable();
    let count = clauses.len();
    clauses.dedup();
    assert_eq!(clauses.len(), count, "says something twice:\n{line}");
}

/// Demands that the password is neither in what was said nor in the log, in clear or as it travels.
#[track_caller]
fn keeps_secrets(folder: &Folder, end: &Finished) {
    let log = folder.file("MASequencer.log");
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let travelling = STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let said = format!("{}\n{log}", end.dump());
    for secret in [PASSWORD, travelling.as_str()] {
        assert!(!said.contains(secret), "the password is told:\n{said}");
    }
>>>>>>> bad-input
}
