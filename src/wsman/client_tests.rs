//! The client against a server that answers as it should not.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::auth::Refusal;
use super::fake_server::{Act, FakeServer, certificates};
use super::message::{Answer, Batch, Fault, Instance, Operation, Outputs, Resource};
use super::{
    Account, Client, ClientError, ClientSettings, FaultKind, MethodCall, Scheme, Timeouts,
    TlsSettings, TransportError,
};
use crate::base::secret::Secret;

fn given(user: &str) -> Account {
    Account::Given {
        user: user.to_owned(),
        password: Secret::new("hunter2".to_owned()),
    }
}

fn settings(url: &str) -> ClientSettings {
    ClientSettings {
        account: given("op"),
        scheme: Scheme::Basic,
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            operation: Duration::from_secs(10),
            network: Duration::from_secs(5),
        },
        ..ClientSettings::new(url)
    }
}

fn client(server: &FakeServer) -> Client {
    Client::new(settings(&server.url())).unwrap()
}

fn resource() -> Resource {
    Resource::wmi("root/test", "Thing")
}

fn call() -> MethodCall {
    MethodCall {
        resource: resource(),
        selectors: vec![("Name".to_owned(), "HR".to_owned())],
        method: "Do".to_owned(),
        arguments: Vec::new(),
        max_envelope_size: None,
    }
}

fn done() -> Answer {
    Answer::Invoked(Outputs {
        resource_uri: resource().uri(),
        method: "Do".to_owned(),
        values: vec![("ReturnValue".to_owned(), Some("success".to_owned()))],
    })
}

fn thing(name: &str) -> Instance {
    Instance {
        class_uri: resource().uri(),
        class: "Thing".to_owned(),
        properties: vec![("Name".to_owned(), Some(name.to_owned()))],
    }
}

async fn invoke_error(server: &FakeServer) -> ClientError {
    client(server).invoke(call(), None).await.unwrap_err()
}

#[tokio::test]
async fn the_first_request_carries_the_password_and_all_headers() {
    let server = FakeServer::start(|_, _| Act::Answer(done())).await;
    let log = Arc::new(Mutex::new(String::new()));
    let log_inside = Arc::clone(&log);
    let client = Client::new(ClientSettings {
        protocol_log: Some(Arc::new(move |line: &str| log_inside.lock().push_str(line))),
        ..settings(&server.url())
    })
    .unwrap();
    let outputs = client.invoke(call(), None).await.unwrap();
    assert_eq!(outputs.return_value(), Some("success"));
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    let head = seen[0].head.to_ascii_lowercase();
    assert!(
        head.contains("authorization: basic b3a6ahvudgvymg=="),
        "{head}"
    );
    assert!(
        head.contains("content-type: application/soap+xml;charset=utf-8"),
        "{head}"
    );
    let header = &seen[0].request.header;
    assert!(header.message_id.starts_with("uuid:"));
    assert_eq!(header.selector("name"), Some("HR"));
    assert_eq!(header.operation_timeout, Some(Duration::from_secs(10)));
    assert!(header.reply_to.is_some() && header.max_envelope_size.is_some());
    let log = log.lock();
    assert!(
        log.contains("Do_INPUT") && log.contains("Do_OUTPUT"),
        "{log}"
    );
    assert!(!log.contains("hunter2") && !log.contains("b3A6"), "{log}");
}

#[tokio::test]
async fn an_enumeration_is_pulled_to_its_end() {
    let server = FakeServer::start(|number, seen| {
        let batch = |name: &str, is_last| Batch {
            context: Some(format!("context-{number}")),
            items: vec![thing(name)],
            references: Vec::new(),
            is_last,
        };
        match &seen.request.operation {
            Operation::Enumerate { .. } => Act::Answer(Answer::Enumerate(batch("a", false))),
            Operation::Pull { context, .. } => {
                assert_eq!(*context, format!("context-{}", number - 1));
                // The last answer still names a context, as OMI does.
                Act::Answer(Answer::Pull(batch("b", number == 2)))
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
    let items = client(&server).enumerate(&resource(), None).await.unwrap();
    let names: Vec<_> = items
        .iter()
        .map(|item| item.value("name").unwrap())
        .collect();
    assert_eq!(names, ["a", "b", "b"]);
    assert_eq!(server.connection_count(), 1);
}

#[tokio::test]
async fn an_enumeration_without_end_is_given_up_and_released() {
    let server = FakeServer::start(|_, seen| {
        let batch = Batch {
            context: Some("c".to_owned()),
            ..Batch::default()
        };
        Act::Answer(match &seen.request.operation {
            Operation::Enumerate { .. } => Answer::Enumerate(batch),
            Operation::Pull { .. } => Answer::Pull(batch),
            _ => Answer::Released,
        })
    })
    .await;
    let error = client(&server)
        .enumerate(&resource(), None)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("does not end"), "{error}");
    let last = server.seen().pop().unwrap();
    assert!(matches!(last.request.operation, Operation::Release { .. }));
}

#[tokio::test]
async fn faults_are_typed_whatever_the_status_of_http() {
    for status in [200, 400, 500, 503] {
        let server = FakeServer::start(move |_, _| {
            let fault = Fault::receiver("TimedOut", "").with_wsman(2_150_858_793, "time is up");
            Act::AnswerWith(status, Answer::Fault(fault))
        })
        .await;
        let error = invoke_error(&server).await;
        assert_eq!(error.fault_kind(), Some(FaultKind::TimedOut), "{status}");
        assert!(!error.nothing_was_done());
        assert_eq!(error.to_string(), "time is up");
    }
}

#[tokio::test]
async fn a_refused_password_is_not_tried_again() {
    for (challenge, expected) in [
        ("Basic realm=\"WSMAN\"", Refusal::Credentials),
        (
            "Digest realm=\"x\"",
            Refusal::Scheme(vec!["Digest".to_owned()]),
        ),
    ] {
        let server = FakeServer::start(move |_, _| {
            let text = format!(
                "HTTP/1.1 401 x\r\nWWW-Authenticate: {challenge}\r\nContent-Length: 0\r\n\r\n"
            );
            Act::Raw(text.into_bytes())
        })
        .await;
        let client = client(&server);
        // The later calls do not even ask: each could be the one that locks the account.
        for _ in 0..3 {
            match client.invoke(call(), None).await {
                Err(ClientError::Unauthorized(refusal)) => assert_eq!(refusal, expected),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_by_calls_side_by_side() {
    let server =
        FakeServer::start(|_, _| Act::Raw(b"HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n".to_vec()))
            .await;
    let client = Arc::new(client(&server));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = Arc::clone(&client);
        calls.spawn(async move { client.invoke(call(), None).await });
    }
    for result in calls.join_all().await {
        let error = result.unwrap_err();
        assert!(
            matches!(error, ClientError::Unauthorized(Refusal::Credentials)),
            "{error:?}"
        );
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn who_is_signed_on_is_known_after_the_first_answer() {
    let server = FakeServer::start(|_, _| Act::Answer(done())).await;
    let client = client(&server);
    assert_eq!(client.signed_on(), None);
    client.invoke(call(), None).await.unwrap();
    let signed_on = client.signed_on().unwrap();
    assert_eq!(signed_on.to_string(), "op by Basic, not encrypted");
}

#[tokio::test]
async fn answers_that_are_none_are_protocol_errors() {
    let http = |body: &str| {
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    };
    for bytes in [
        http("garbage"),
        http("<html><body>It works!</body></html>"),
        http(""),
        http("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
    ] {
        let server = FakeServer::start(move |_, _| Act::Raw(bytes.clone())).await;
        let error = invoke_error(&server).await;
        assert!(matches!(error, ClientError::Protocol(_)), "{error:?}");
        assert!(!error.nothing_was_done());
    }
}

#[tokio::test]
async fn an_answer_to_another_request_is_refused() {
    let server = FakeServer::start(|_, _| Act::AnswerToAnother(done())).await;
    let error = invoke_error(&server).await;
    assert!(matches!(error, ClientError::Protocol(_)), "{error:?}");
    let server = FakeServer::start(|_, _| {
        Act::AnswerToAnother(Answer::Fault(Fault::sender("AccessDenied", "no way")))
    })
    .await;
    let error = invoke_error(&server).await;
    assert!(error.to_string().contains("no way"), "{error}");
    assert!(!error.nothing_was_done());
}

#[tokio::test]
async fn what_is_not_http_is_told_apart() {
    let server =
        FakeServer::start(|_, _| Act::Raw(b"\x15\x03\x01\x00\x02\x02\x46 nonsense\r\n".to_vec()))
            .await;
    let error = invoke_error(&server).await;
    assert!(
        matches!(error, ClientError::Transport(TransportError::NotHttp(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let server = FakeServer::start(|_, _| Act::Endless).await;
    let error = invoke_error(&server).await;
    assert!(
        matches!(error, ClientError::Transport(TransportError::TooLarge(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_at_the_deadline() {
    let server = FakeServer::start(|_, _| Act::Hang).await;
    let mut settings = settings(&server.url());
    settings.timeouts.network = Duration::from_millis(100);
    let client = Client::new(settings).unwrap();
    let error = client
        .invoke(call(), Some(Duration::from_millis(50)))
        .await
        .unwrap_err();
    assert!(
        matches!(error, ClientError::Transport(TransportError::TimedOut(_))),
        "{error:?}"
    );
    assert!(!error.nothing_was_done());
}

#[tokio::test]
async fn a_connection_cut_before_the_answer_is_not_tried_again() {
    // The first call leaves a connection behind; the second finds it cut after its request.
    let server = FakeServer::start(|number, _| match number {
        0 => Act::Answer(done()),
        _ => Act::Raw(Vec::new()),
    })
    .await;
    let client = client(&server);
    client.invoke(call(), None).await.unwrap();
    let error = client.invoke(call(), None).await.unwrap_err();
    assert!(
        matches!(error, ClientError::Transport(TransportError::Broken(_))),
        "{error:?}"
    );
    assert!(!error.nothing_was_done());
    assert_eq!(server.seen().len(), 2);
    assert_eq!(server.connection_count(), 1);
}

#[tokio::test]
async fn a_connection_cut_after_the_answer_does_not_disturb_the_next_call() {
    let server = FakeServer::start(|_, _| Act::AnswerAndClose(done())).await;
    let client = client(&server);
    for _ in 0..3 {
        // The end of the connection may reach us only when the next request is on its way. That is
        // an error of that call, never a second request.
        match client.invoke(call(), None).await {
            Ok(outputs) => assert_eq!(outputs.return_value(), Some("success")),
            Err(error) => assert!(!error.nothing_was_done(), "{error:?}"),
        }
    }
    assert!(server.seen().len() <= 3);
}

#[tokio::test]
async fn an_answer_cut_short_is_a_broken_connection() {
    let server = FakeServer::start(|_, _| {
        Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<s:Envelope".to_vec())
    })
    .await;
    let error = invoke_error(&server).await;
    assert!(
        matches!(error, ClientError::Transport(TransportError::Broken(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_closed_port_and_a_wrong_name_are_told_apart() {
    // Bound but not listening: the port stays ours and refuses connections.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let closed = format!("http://{}/wsman", socket.local_addr().unwrap());
    let client = Client::new(settings(&closed)).unwrap();
    let error = client.identify().await.unwrap_err();
    assert!(
        matches!(
            error,
            ClientError::Transport(TransportError::Connect {
                was_refused: true,
                ..
            })
        ),
        "{error:?}"
    );
    assert!(error.nothing_was_done());
    let mut nowhere = settings("http://nowhere.invalid:5985/wsman");
    nowhere.allow_unencrypted = true;
    let error = Client::new(nowhere).unwrap().identify().await.unwrap_err();
    assert!(
        matches!(error, ClientError::Transport(TransportError::Name(_))),
        "{error:?}"
    );
    assert!(error.nothing_was_done());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let with = |change: fn(&mut ClientSettings)| {
        let mut settings = settings("http://mim01:5985/wsman");
        change(&mut settings);
        Client::new(settings).err()
    };
    assert!(matches!(with(|_| ()), Some(ClientError::Unencrypted)));
    assert!(with(|s| s.allow_unencrypted = true).is_none());
    assert!(with(|s| s.url = "http://127.0.0.1/wsman".to_owned()).is_none());
    assert!(with(|s| s.url = "https://mim01/wsman".to_owned()).is_none());
    for change in [
        (|s| s.url = "mim01".to_owned()) as fn(&mut ClientSettings),
        |s| {
            s.url = "https://mim01/wsman".to_owned();
            s.account = Account::LoggedOn;
        },
        |s| {
            s.allow_unencrypted = true;
            s.account = given("a:b");
        },
    ] {
        assert!(matches!(with(change), Some(ClientError::Settings(_))));
    }
}

#[tokio::test]
async fn a_port_without_encryption_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/wsman", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
    });
    let error = Client::new(settings(&url))
        .unwrap()
        .identify()
        .await
        .unwrap_err();
    server.await.unwrap();
    assert!(
        matches!(error, ClientError::Transport(TransportError::Tls(_))),
        "{error:?}"
    );
    assert!(error.nothing_was_done());
}

#[tokio::test]
async fn only_trusted_certificates_are_talked_to() {
    let certificates = certificates::make();
    let server = FakeServer::start_tls(certificates.acceptor, |_, _| Act::Answer(done())).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let ours = file("ours.pem", &certificates.authority_pem);
    let other = file("other.pem", &certificates::make().authority_pem);
    let pin = Some(certificates.server_pin.clone());
    for (ca_file, pin, is_trusted) in [
        (ours, None, true),
        (None, pin, true),
        (other, None, false),
        (None, Some("00".repeat(32)), false),
        (None, None, false),
    ] {
        let client = Client::new(ClientSettings {
            tls: TlsSettings {
                ca_file: ca_file.clone(),
                pin: pin.clone(),
            },
            ..settings(&format!("https://{}/wsman", server.address))
        })
        .unwrap();
        let before = server.seen().len();
        let result = client.invoke(call(), None).await;
        if is_trusted {
            assert_eq!(result.unwrap().return_value(), Some("success"));
            continue;
        }
        let error = result.unwrap_err();
        assert!(
            matches!(
                error,
                ClientError::Transport(TransportError::Certificate { .. })
            ),
            "{ca_file:?} {pin:?}: {error:?}"
        );
        assert!(error.nothing_was_done());
        assert_eq!(server.seen().len(), before, "nothing may be sent");
        let ClientError::Transport(error) = error else {
            panic!("{error:?}");
        };
        let shown = error.shown_certificate().unwrap();
        assert_eq!(shown.sha256, certificates.server_pin);
        assert_eq!(shown.names, ["127.0.0.1"]);
    }
}
