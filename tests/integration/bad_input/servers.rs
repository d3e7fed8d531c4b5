//! Servers that are not there, are none, refuse, or are not trusted.

use std::time::Duration;

use masequencer::cli::ExitCode;

use super::{folder, refused, run_against};
use crate::support::{
    Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, Server, Simulator, TlsFront, USER,
};

/// How long a run may take that finds nobody to talk to.
const SOON: Duration = Duration::from_secs(15);

/// Demands that a run against this server is refused with these parts in the sentence, soon, and
/// that the log says why.
#[track_caller]
fn could_not_start(server: &str, further: &[&str], parts: &[&str]) {
    let folder = folder();
    let end = run_against(&folder, server).args(further).limit(SOON).run();
    refused(&folder, end, ExitCode::CouldNotStart, parts);
    let log = folder.read("MASequencer.log");
    assert!(log.contains("nothing was started: "), "{log}");
}

/// An answer of HTTP with this status and body.
fn http(status: u16, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} x\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A fault that answers a request.
fn fault(request: &str, subcode: &str, reason: &str) -> Vec<u8> {
    let (_, after) = request.split_once("MessageID>").unwrap_or_default();
    let (id, _) = after.split_once('<').unwrap_or_default();
    let body = format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" \
         xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header>\
         <a:Action>http://schemas.dmtf.org/wbem/wsman/1/wsman/fault</a:Action>\
         <a:RelatesTo>{id}</a:RelatesTo></s:Header><s:Body><s:Fault>\
         <s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode>\
         </s:Code><s:Reason><s:Text xml:lang=\"en-US\">{reason}</s:Text></s:Reason>\
         </s:Fault></s:Body></s:Envelope>"
    );
    http(500, &body)
}

#[test]
fn a_name_that_does_not_resolve_is_named() {
    could_not_start(
        "https://mim01.invalid",
        &[],
        &[
            "mim01.invalid:5986 does not resolve",
            "check its spelling and the DNS",
        ],
    );
}

#[test]
fn a_closed_port_says_what_to_look_at() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    // Bound and not listening: nobody else gets the port meanwhile.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let server = socket.local_addr().unwrap().to_string();
    could_not_start(
        &server,
        &[],
        &[
            &server,
            "refuses the connection",
            "check the port",
            "winrm quickconfig",
        ],
    );
}

#[test]
fn a_server_that_says_nothing_is_given_up_soon() {
    let server = Server::silent();
    could_not_start(
        &server.host(),
        &[],
        &[
            &server.host(),
            "gives no whole answer within 8.0 s",
            "check that it is WinRM",
        ],
    );
    assert_eq!(server.requests_with_credentials(), 0);
}

#[test]
fn a_person_need_not_wait_for_a_server_that_says_nothing() {
    let server = Server::silent();
    let folder = folder();
    let mut run = run_against(&folder, &server.host()).start();
    run.wait_for_line("Logging into the File");
    run.interrupt();
    let parts = ["stopped before anything was started"];
    refused(&folder, run.finish(), ExitCode::Stopped, &parts);
}

#[test]
fn a_silent_server_behind_https_is_given_up_soon() {
    let server = Server::silent();
    let url = format!("https://{}", server.host());
    could_not_start(
        &url,
        &[],
        &[&server.host(), "no connection", "this port speaks https"],
    );
}

#[test]
fn a_server_that_starts_to_answer_and_stops_is_given_up_soon() {
    let server = Server::that_says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<s:Env");
    could_not_start(&server.host(), &[], &["gives no whole answer within 8.0 s"]);
}

#[test]
fn garbage_is_told_apart_by_what_it_may_be() {
    let deep = "<a>".repeat(10_000);
    for (answer, parts) in [
        (
            b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(),
            &["not with HTTP; check the port"][..],
        ),
        (
            b"\x15\x03\x01\x00\x02\x02\x46".to_vec(),
            &["not with HTTP", "wants https"],
        ),
        (
            http(200, "<html><body>It works!</body></html>"),
            &["not with WS-Management", "check the server"],
        ),
        (http(200, "{\"a\": 1}"), &["not with WS-Management"]),
        (http(200, ""), &["not with WS-Management"]),
        (http(200, &deep), &["not with WS-Management"]),
        (http(404, ""), &["no WS-Management at this path", "/wsman"]),
        (http(302, ""), &["HTTP status 302"]),
        (
            http(503, ""),
            &["is not ready (HTTP status 503)", "try again later"],
        ),
    ] {
        let server = Server::that_says(answer);
        let mut all = vec!["the first contact failed"];
        all.extend(parts);
        could_not_start(&server.host(), &[], &all);
        assert!(server.requests_with_credentials() <= 1);
    }
}

#[test]
fn a_body_without_end_is_cut_off() {
    let server = Server::endless();
    could_not_start(
        &server.host(),
        &[],
        &[
            "an answer without end (more than 32 MiB)",
            "check that it is WinRM",
        ],
    );
}

#[test]
fn a_fault_is_told_with_the_words_of_the_server() {
    let server =
        Server::that_answers(|request| fault(request, "w:AccessDenied", "Access is denied."));
    could_not_start(
        &server.host(),
        &[],
        &[
            "does not let `CORP\\svc-sync` do this (Access is denied.)",
            "the account needs",
        ],
    );
    let server = Server::that_answers(|request| {
        fault(request, "w:InternalError", "The WMI provider is broken.")
    });
    could_not_start(
        &server.host(),
        &[],
        &[
            "reading the management agents failed",
            "refuses it: The WMI provider is broken.",
        ],
    );
}

#[test]
fn a_wrong_password_is_sent_exactly_once() {
    let refusal = "HTTP/1.1 401 x\r\nWWW-Authenticate: Negotiate\r\n\
                   WWW-Authenticate: Basic realm=\"WSMAN\"\r\nContent-Length: 0\r\n\r\n";
    let server = Server::that_says(refusal);
    could_not_start(
        &server.host(),
        &[],
        &[
            "refuses the user name or the password of `CORP\\svc-sync`; check both",
            "not tried again",
        ],
    );
    assert_eq!(server.requests_with_credentials(), 1);
    let folder = folder();
    let verbs: [&[&str]; 2] = [&["agents"], &["check", "a.xml"]];
    for (seen, verb) in (2..).zip(verbs) {
        let end = Masequencer::new(&folder)
            .args(verb)
            .args(["--server", &server.host(), "--user", USER])
            .env(PASSWORD_VARIABLE, PASSWORD)
            .run();
        refused(&folder, end, ExitCode::CouldNotStart, &["not tried again"]);
        assert_eq!(server.requests_with_credentials(), seen, "{verb:?}");
    }
}

#[test]
fn a_server_that_takes_no_known_authentication_says_how_to_allow_one() {
    let server = Server::that_says(
        "HTTP/1.1 401 x\r\nWWW-Authenticate: Digest realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
    );
    could_not_start(
        &server.host(),
        &[],
        &[
            "does not take this way to sign on, only Digest",
            "winrm set",
        ],
    );
    assert_eq!(server.requests_with_credentials(), 1);
}

#[test]
fn the_simulator_refuses_a_wrong_password_too() {
    let simulator = Simulator::start();
    let folder = folder();
    let end = run_against(&folder, simulator.url())
        .env(PASSWORD_VARIABLE, "not-the-right-one")
        .run();
    assert!(!end.dump().contains("not-the-right-one"), "{}", end.dump());
    refused(
        &folder,
        end,
        ExitCode::CouldNotStart,
        &["refuses the user name or the password"],
    );
}

#[test]
fn a_password_does_not_travel_in_the_clear_unasked() {
    could_not_start(
        "mim01.invalid",
        &["--auth", "basic"],
        &["without encryption", "use https", "--allow-unencrypted"],
    );
}

#[test]
fn a_certificate_must_be_trusted_and_then_a_whole_run_is_encrypted() {
    let simulator = Simulator::start();
    let front = TlsFront::before(simulator.url());
    let other = "ab".repeat(32);
    let untrusted: [(&[&str], &[&str]); 2] = [
        (
            &[],
            &[
                "is not trusted: ",
                "unknown authority",
                "(--ca-file)",
                "(--pin)",
            ],
        ),
        (
            &["--pin", &other],
            &["is not trusted: ", &front.pin, "(--pin)"],
        ),
    ];
    for (further, parts) in untrusted {
        could_not_start(&front.url(), further, parts);
    }
    assert_eq!(front.handshakes(), 0, "the password may have left");
    let folder = Folder::new();
    folder.write("a.xml", super::sequence(super::HR_IMPORT));
    let authority = folder.write("ca.pem", &front.authority_pem);
    let authority = authority.to_string_lossy();
    let trusted: [&[&str]; 2] = [&["--ca-file", &authority], &["--pin", &front.pin]];
    for further in trusted {
        let end = run_against(&folder, &front.url())
            .args(further)
            .run()
            .expect_code(0)
            .expect_stdout("Only execution completed");
        assert_eq!(end.stderr, "");
        super::keeps_secrets(&folder, &end);
    }
    assert!(front.handshakes() >= 2);
}

#[test]
fn settings_of_certificates_that_cannot_be_used_say_so() {
    let folder = folder();
    folder.write(
        "key.pem",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    );
    let server = Server::silent();
    let url = format!("https://{}", server.host());
    for (further, parts) in [
        (
            ["--pin", "12"],
            &["`12` is not a SHA-256 fingerprint", "64 hexadecimal digits"][..],
        ),
        (
            ["--ca-file", "missing.pem"],
            &["`missing.pem` cannot be read", "check the path"],
        ),
        (
            ["--ca-file", "."],
            &["`.` cannot be read", "it is a folder"],
        ),
        (
            ["--ca-file", "a.xml"],
            &["`a.xml` holds no PEM certificate", "authority"],
        ),
        (
            ["--ca-file", "key.pem"],
            &["`key.pem` holds no PEM certificate"],
        ),
    ] {
        let end = run_against(&folder, &url).args(further).run();
        refused(&folder, end, ExitCode::CouldNotStart, parts);
    }
}

#[test]
fn https_to_a_port_without_it_says_so() {
    let simulator = Simulator::start();
    let url = simulator.url().replace("http://", "https://");
    let greeting = Server::that_greets("220 mail.example ESMTP\r\n");
    for server in [url, format!("https://{}", greeting.host())] {
        let parts = ["no encryption with ", "check that this port speaks https"];
        could_not_start(&server, &[], &parts);
    }
}

#[test]
fn a_connection_that_breaks_is_told() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<s:"] {
        let server = Server::that_breaks_off(answer);
        could_not_start(
            &server.host(),
            &[],
            &["broke before there was an answer", "check that it is WinRM"],
        );
        assert_eq!(server.requests_with_credentials(), 1);
    }
}
