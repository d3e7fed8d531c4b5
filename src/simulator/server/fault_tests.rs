//! What a scenario breaks on purpose, seen from the other end of a real socket.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::tests::{PASSWORD, ask, fault, invoke, options, post, with_faults, word};
use super::*;
use crate::simulator::scenario::Scenario;
use crate::wsman::message::{Answer, Request};

/// How long a condition is given.
const LIMIT: Duration = Duration::from_secs(20);

fn address(simulator: &Simulator) -> String {
    let url = simulator.url();
    let address = url.trim_start_matches("http://").trim_end_matches("/wsman");
    address.to_owned()
}

/// Gives everybody else a turn until the condition holds.
async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(LIMIT, wait).await;
    assert!(in_time.is_ok(), "{what}");
}

fn is_executed(simulator: &Simulator) -> bool {
    simulator.world().executions("HR") == 1
}

fn execute() -> Request {
    invoke("HR", "Execute", Some("Full Import"))
}

#[tokio::test]
async fn each_phase_breaks_the_answer_and_only_one_performs_the_order() {
    for (kind, expected) in [
        ("connection-reset", Err(ErrorKind::ConnectionReset)),
        ("unauthorized", Ok("HTTP/1.1 401 ")),
        ("garbage", Ok("HTTP/1.1 200 ")),
        ("timed-out", Ok("HTTP/1.1 500 ")),
    ] {
        for (phase, executions) in [("before", 0), ("after", 1)] {
            let faults = format!(
                "[[fault]]\nkind = \"{kind}\"\nrequest = \"execute\"\nphase = \"{phase}\"\n"
            );
            let simulator = start(with_faults(&faults, 1.0)).await.unwrap();
            let got = post(&simulator, PASSWORD, &execute().to_xml()).await;
            match (&got, expected) {
                (Ok(text), Ok(expected)) => {
                    assert!(text.starts_with(expected), "{kind} {phase}: {text}");
                }
                (Err(error), Err(expected)) => assert_eq!(error.kind(), expected, "{phase}"),
                _ => panic!("{kind} {phase}: {got:?}"),
            }
            let world = simulator.world();
            assert_eq!(world.executions("HR"), executions, "{kind} {phase}");
        }
    }
}

#[tokio::test]
async fn silence_lasts_and_nobody_else_notices() {
    let faults = "[[fault]]\nkind = \"silence\"\nrequest = \"Execute\"\nphase = \"after\"\n";
    let simulator = start(with_faults(faults, 1.0)).await.unwrap();
    let order = execute().to_xml();
    let others = async {
        until("the order arrives", async || is_executed(&simulator)).await;
        for _ in 0..3 {
            let status = invoke("HR", "RunStatus", None);
            assert_eq!(word(&simulator, &status).await, "in-progress");
        }
        let stopped = word(&simulator, &invoke("HR", "Stop", None)).await;
        assert_eq!(stopped, "success");
        // Had it not been silenced, the order would have been answered by now.
        word(&simulator, &invoke("AD", "RunStatus", None)).await;
    };
    tokio::select! {
        biased;
        answer = post(&simulator, PASSWORD, &order) => panic!("{answer:?}"),
        () = others => {}
    }
}

#[tokio::test]
async fn a_slow_body_comes_in_crumbs() {
    let faults = "[[fault]]\nkind = \"slow-body\"\nrequest = \"Identify\"\n";
    let simulator = start(with_faults(faults, 1.0)).await.unwrap();
    let body = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><i:Identify \
                xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\"/>\
                </s:Body></s:Envelope>";
    let mut stream = TcpStream::connect(address(&simulator)).await.unwrap();
    let head = format!(
        "POST /wsman HTTP/1.1\r\nHost: x\r\nWSMANIDENTIFY: unauthenticated\r\nContent-Length: {}\
         \r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut got = Vec::new();
    let mut crumbs = 0;
    while crumbs < 3 {
        let mut piece = [0; 4_096];
        let read = tokio::time::timeout(LIMIT, stream.read(&mut piece)).await;
        let read = read.expect("a crumb in time").unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&got));
        let is_body = got.ends_with(b"\r\n\r\n") || crumbs > 0;
        got.extend_from_slice(&piece[..read]);
        if is_body {
            assert!(read < 20, "{read} bytes at once");
            crumbs += 1;
        }
    }
    assert!(got.starts_with(b"HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_listener_goes_and_comes_back_on_the_same_port() {
    let faults = "[[fault]]\nkind = \"connection-refused\"\nfor = \"2s\"\n";
    let simulator = start(with_faults(faults, 1.0)).await.unwrap();
    let address = address(&simulator);
    until("nobody listens", async || {
        let error = TcpStream::connect(&address).await.err();
        error.is_some_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    })
    .await;
    until("somebody listens", async || {
        TcpStream::connect(&address).await.is_ok()
    })
    .await;
    let status = invoke("HR", "RunStatus", None);
    assert_eq!(word(&simulator, &status).await, "success");
}

#[tokio::test]
async fn a_user_has_only_so_many_operations() {
    let text = include_str!("../../../sample-sequences/demo-company.toml");
    let text = text.replace("operations-per-user = 1500", "operations-per-user = 1");
    let simulator = start(SimulatorOptions {
        scenario: Scenario::read(&text).unwrap(),
        ..options()
    })
    .await
    .unwrap();
    let status = invoke("HR", "RunStatus", None);
    let second = async {
        until("the order arrives", async || is_executed(&simulator)).await;
        assert_eq!(fault(&simulator, &status).await, "InternalError");
        simulator.world().with(|world, now| world.stop(0, now))
    };
    let order = execute();
    let (first, stopped) = tokio::join!(word(&simulator, &order), second);
    assert_eq!(stopped, "success");
    assert_eq!(first, "stopped-user-termination-from-wmi-or-ui");
    // The first has ended, so there is room again.
    assert_eq!(word(&simulator, &status).await, first);
}

#[tokio::test]
async fn an_answer_does_not_outgrow_the_clients_envelope() {
    let faults = "[[fault]]\nkind = \"discovery-errors\"\nagent = \"HR\"\nobjects = 100\n";
    let simulator = start(with_faults(faults, 1_000.0)).await.unwrap();
    assert_eq!(
        word(&simulator, &execute()).await,
        "completed-discovery-errors"
    );
    let mut details = invoke("HR", "RunDetails", None);
    details.header.max_envelope_size = Some(512_000);
    assert!(word(&simulator, &details).await.len() > 8_192);
    details.header.max_envelope_size = Some(8_192);
    let Answer::Fault(fault) = ask(&simulator, &details).await else {
        panic!("it was sent nevertheless");
    };
    assert_eq!(fault.subcode, "EncodingLimit");
    assert_eq!(fault.detail.as_deref(), Some("MaxEnvelopeSizeExceeded"));
}

#[tokio::test]
async fn a_cut_within_an_answer_lets_so_many_bytes_through() {
    for bytes in [0, 1, 17, 200] {
        let faults = format!(
            "[[fault]]\nkind = \"cut\"\nrequest = \"Execute\"\nphase = \"answer\"\n\
             after-bytes = {bytes}\ncount = 1\n"
        );
        let simulator = start(with_faults(&faults, 1_000.0)).await.unwrap();
        let got = post(&simulator, PASSWORD, &execute().to_xml()).await;
        assert_eq!(got.unwrap().len(), bytes);
        assert!(is_executed(&simulator));
        // Nothing of it is left for the next connection.
        let status = word(&simulator, &invoke("HR", "RunStatus", None)).await;
        assert_eq!(status, "success");
    }
}

#[tokio::test]
async fn a_cut_within_a_request_leaves_it_undone() {
    // The request has some 1,700 bytes.
    for (bytes, executions) in [(0, 0), (1, 0), (300, 0), (1_000, 0), (100_000, 1)] {
        let faults = format!(
            "[[fault]]\nkind = \"cut\"\nphase = \"request\"\nafter-bytes = {bytes}\ncount = 1\n"
        );
        let simulator = start(with_faults(&faults, 1_000.0)).await.unwrap();
        let got = post(&simulator, PASSWORD, &execute().to_xml()).await;
        assert_eq!(
            got.is_ok_and(|text| text.starts_with("HTTP/1.1 200 ")),
            executions == 1,
            "{bytes} bytes"
        );
        assert_eq!(simulator.world().executions("HR"), executions);
        word(&simulator, &invoke("HR", "RunStatus", None)).await;
    }
}
