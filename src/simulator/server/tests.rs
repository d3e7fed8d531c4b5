//! The server under test, over real sockets.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::base::secret::Secret;
use crate::simulator::scenario::Scenario;
use crate::wsman::message::xml::Limits;
use crate::wsman::message::{Answer, Operation, Request, RequestHeader, Resource, Response, names};

pub(super) const PASSWORD: &str = "Passw0rd-1";

pub(super) fn options() -> SimulatorOptions {
    SimulatorOptions::small_company("operator", Secret::new(PASSWORD.to_owned()))
}

/// Sends one HTTP request on a connection of its own; all that came back, or the error.
pub(super) async fn post(
    simulator: &Simulator,
    password: &str,
    body: &str,
) -> Result<String, std::io::Error> {
    let url = simulator.url();
    let address = url.trim_start_matches("http://").trim_end_matches("/wsman");
    let token = STANDARD.encode(format!("operator:{password}"));
    let request = format!(
        "POST /wsman HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {token}\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let exchange = async {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    };
    tokio::time::timeout(Duration::from_secs(20), exchange)
        .await
        .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
}

pub(super) fn message(class: &str, selectors: &[(&str, &str)], operation: Operation) -> Request {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        header: RequestHeader {
            to: "http://x/wsman".to_owned(),
            message_id: "uuid:1".to_owned(),
            resource_uri: Resource::wmi(classes::NAMESPACE, class).uri(),
            selectors: selectors.iter().map(owned).collect(),
            reply_to: Some(names::ANONYMOUS.to_owned()),
            ..RequestHeader::default()
        },
        operation,
    }
}

pub(super) fn invoke(agent: &str, method: &str, profile: Option<&str>) -> Request {
    let argument = |profile: &str| ("RunProfileName".to_owned(), Some(profile.to_owned()));
    let operation = Operation::Invoke {
        method: method.to_owned(),
        arguments: profile.map(argument).into_iter().collect(),
    };
    message("MIIS_ManagementAgent", &[("Name", agent)], operation)
}

pub(super) async fn ask(simulator: &Simulator, request: &Request) -> Answer {
    let text = post(simulator, PASSWORD, &request.to_xml()).await.unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    let response = Response::parse(body.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(response.relates_to.as_deref(), Some("uuid:1"));
    response.answer
}

pub(super) async fn word(simulator: &Simulator, request: &Request) -> String {
    match ask(simulator, request).await {
        Answer::Invoked(outputs) => outputs.return_value().unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn fault(simulator: &Simulator, request: &Request) -> String {
    match ask(simulator, request).await {
        Answer::Fault(fault) => fault.subcode,
        other => panic!("{other:?}"),
    }
}

pub(super) fn with_faults(faults: &str, speed: f64) -> SimulatorOptions {
    let text = include_str!("../../../sample-sequences/demo-company.toml");
    SimulatorOptions {
        scenario: Scenario::read(&format!("{text}\n{faults}")).unwrap(),
        speed,
        ..options()
    }
}

#[tokio::test]
async fn an_order_longer_than_the_limit_times_out_and_goes_on() {
    let simulator = start(SimulatorOptions {
        max_timeout: Duration::from_millis(200),
        ..options()
    })
    .await
    .unwrap();
    let execute = invoke("HR", "Execute", Some("Full Import"));
    assert_eq!(fault(&simulator, &execute).await, "TimedOut");
    assert_eq!(
        word(&simulator, &invoke("HR", "RunStatus", None)).await,
        "in-progress"
    );
    assert_eq!(
        word(&simulator, &execute).await,
        "no-start-ma-already-running"
    );
    assert_eq!(
        word(&simulator, &invoke("HR", "Stop", None)).await,
        "success"
    );
    assert_eq!(simulator.world().executions("hr"), 1);
    assert_eq!(simulator.world().refused_busy(), 1);
    simulator.stop().await;
}

#[tokio::test]
async fn requests_that_name_nothing_are_faults() {
    let simulator = start(options()).await.unwrap();
    let agents = |selectors| message("MIIS_ManagementAgent", selectors, Operation::Get);
    for (request, expected) in [
        (
            invoke("nobody", "RunStatus", None),
            "DestinationUnreachable",
        ),
        (invoke("HR", "Fly", None), "ActionNotSupported"),
        (invoke("HR", "Execute", None), "SchemaValidationError"),
        (
            message("Win32_Process", &[], Operation::Get),
            "DestinationUnreachable",
        ),
        (agents(&[]), "InvalidSelectors"),
        (agents(&[("Colour", "red")]), "InvalidSelectors"),
        (
            message(
                "MIIS_Server",
                &[],
                Operation::Pull {
                    context: "7".to_owned(),
                    max_elements: None,
                },
            ),
            "InvalidEnumerationContext",
        ),
    ] {
        assert_eq!(fault(&simulator, &request).await, expected, "{request:?}");
    }
    let mut small = agents(&[("Name", "HR")]);
    small.header.max_envelope_size = Some(100);
    assert_eq!(fault(&simulator, &small).await, "EncodingLimit");
    let mut large = invoke("AD", "RunDetails", None);
    large.header.max_envelope_size = Some(8_192);
    assert!(matches!(ask(&simulator, &large).await, Answer::Invoked(_)));
}

#[tokio::test]
async fn the_server_counts_people_and_no_passwords() {
    let simulator = start(options()).await.unwrap();
    let call = |method: &str| {
        let operation = Operation::Invoke {
            method: method.to_owned(),
            arguments: Vec::new(),
        };
        message("MIIS_Server", &[("Name", "miis_server1")], operation)
    };
    let people = simulator.world().with(|world, _| world.people());
    for (method, expected) in [
        ("NumMVObjects", people.to_string().as_str()),
        ("NumPasswordQueueObjects", "0"),
        ("ClearPasswordQueue", "access-denied"),
    ] {
        assert_eq!(word(&simulator, &call(method)).await, expected, "{method}");
    }
    assert_eq!(
        fault(&simulator, &call("RunStatus")).await,
        "ActionNotSupported"
    );
}

#[tokio::test]
async fn strangers_are_not_let_in() {
    let simulator = start(options()).await.unwrap();
    let get = message("MIIS_Server", &[("Name", "MIIS_Server1")], Operation::Get).to_xml();
    let refused = post(&simulator, "wrong", &get).await.unwrap();
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
    assert!(
        refused
            .to_lowercase()
            .contains("www-authenticate: basic realm="),
        "{refused}"
    );
    let large = "x".repeat(600_000);
    let refused = post(&simulator, PASSWORD, &large).await;
    // The server may close while the rest is still being sent.
    assert!(refused.map_or(true, |text| text.starts_with("HTTP/1.1 413 ")));
}

#[tokio::test]
async fn connection_faults_strike_as_ordered() {
    let fault_of = |kind: &str| {
        format!(
            "[[fault]]\nkind = \"{kind}\"\nrequest = \"RunStatus\"\nagent = \"HR\"\ncount = 1\n"
        )
    };
    let status = invoke("HR", "RunStatus", None);
    for (kind, expected) in [
        ("unauthorized", "HTTP/1.1 401 "),
        ("garbage", "HTTP/1.1 200 "),
        ("timed-out", "HTTP/1.1 500 "),
    ] {
        let simulator = start(with_faults(&fault_of(kind), 1.0)).await.unwrap();
        let struck = post(&simulator, PASSWORD, &status.to_xml()).await.unwrap();
        assert!(struck.starts_with(expected), "{kind}: {struck}");
        assert_eq!(word(&simulator, &status).await, "success", "{kind}");
    }
    let simulator = start(with_faults(&fault_of("connection-reset"), 1.0))
        .await
        .unwrap();
    let reset = post(&simulator, PASSWORD, &status.to_xml())
        .await
        .unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(word(&simulator, &status).await, "success");
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_performed() {
    let faults =
        "[[fault]]\nkind = \"connection-reset\"\nrequest = \"Execute\"\nphase = \"after\"\n";
    let simulator = start(with_faults(faults, 1.0)).await.unwrap();
    let execute = invoke("AD", "Execute", Some("Export")).to_xml();
    assert!(post(&simulator, PASSWORD, &execute).await.is_err());
    assert_eq!(
        word(&simulator, &invoke("AD", "RunStatus", None)).await,
        "in-progress"
    );
    assert_eq!(simulator.world().executions("AD"), 1);
}

#[tokio::test]
async fn a_server_knows_how_long_nobody_of_its_user_has_asked() {
    use std::sync::Arc;

    use crate::base::time::ManualClock;

    let clock = Arc::new(ManualClock::new(jiff::Timestamp::UNIX_EPOCH));
    let theirs = Arc::clone(&clock);
    let simulator = start(SimulatorOptions {
        clock: theirs,
        ..options()
    })
    .await
    .unwrap();
    let minute = Duration::from_mins(1);
    clock.advance(minute);
    assert_eq!(simulator.idle_for(), minute);
    post(&simulator, "wrong", "").await.unwrap();
    assert_eq!(simulator.idle_for(), minute, "a stranger does not count");
    ask(&simulator, &invoke("HR", "RunStatus", None)).await;
    assert_eq!(simulator.idle_for(), Duration::ZERO);
    clock.advance(minute);
    assert_eq!(simulator.idle_for(), minute);
}
