//! The service against a server that answers as a test tells it to.

use std::sync::Arc;
use std::time::Duration;

use super::{
    ExecuteReply, HistoryEntry, QuotaPatience, ServiceErrorKind, ServiceSettings, ServiceTimeouts,
    SyncService as _, WinrmService,
};
use crate::base::secret::Secret;
use crate::mim::{AgentName, AgentState, ProfileName, RunResult, StepType};
use crate::wsman::fake_server::{Act, FakeServer, Seen, certificates};
use crate::wsman::message::{Answer, Batch, Fault, Instance, Operation, Outputs};
use crate::wsman::{Scheme, Timeouts};

/// What a server does about every request.
type Doing = fn() -> Act;

const SHORT: Duration = Duration::from_millis(150);

fn settings(host: &str) -> ServiceSettings {
    ServiceSettings {
        host: host.to_owned(),
        user: Some("CORP\\op".to_owned()),
        password: Some(Secret::new("hunter2".to_owned())),
        scheme: Scheme::Basic,
        ..ServiceSettings::default()
    }
}

fn service(server: &FakeServer) -> WinrmService {
    let timeouts = ServiceTimeouts {
        calls: Timeouts {
            connect: Duration::from_secs(5),
            operation: Duration::from_secs(10),
            network: SHORT,
        },
        execute: SHORT,
        quota: QuotaPatience {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            limit: Duration::from_millis(50),
        },
    };
    WinrmService::with_timeouts(settings(&server.url()), timeouts).unwrap()
}

fn agent(name: &str) -> AgentName {
    AgentName::new(name).unwrap()
}

fn profile(name: &str) -> ProfileName {
    ProfileName::new(name).unwrap()
}

fn returns(seen: &Seen, value: &str) -> Act {
    Act::Answer(Answer::Invoked(Outputs {
        resource_uri: seen.request.header.resource_uri.clone(),
        method: seen.method().to_owned(),
        values: vec![("ReturnValue".to_owned(), Some(value.to_owned()))],
    }))
}

fn instance(values: &[(&str, &str)]) -> Instance {
    Instance {
        class_uri: "urn:class".to_owned(),
        class: "Class".to_owned(),
        properties: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())))
            .collect(),
    }
}

fn items(items: Vec<Instance>) -> Act {
    Act::Answer(Answer::Enumerate(Batch {
        context: None,
        items,
        references: Vec::new(),
        is_last: true,
    }))
}

fn run(agent: &str, number: &str, profile: &str, status: &str) -> Instance {
    instance(&[
        ("Key", &format!("{{{agent}}}-{number}")),
        ("MaName", agent),
        ("RunNumber", number),
        ("RunProfile", profile),
        ("RunStatus", status),
    ])
}

fn query(seen: &Seen) -> String {
    match &seen.request.operation {
        Operation::Enumerate {
            filter: Some(filter),
            ..
        } => filter.text.clone(),
        _ => String::new(),
    }
}

/// A server with two agents and a short history.
fn company(_number: usize, seen: &Seen) -> Act {
    let header = &seen.request.header;
    match (&seen.request.operation, header.selector("Name")) {
        (Operation::Enumerate { filter: None, .. }, _) => items(vec![
            instance(&[("Name", "SQL"), ("Guid", "{2}"), ("Type", "Sql")]),
            instance(&[("Name", "HR"), ("Guid", "{1}"), ("Type", "File")]),
        ]),
        (Operation::Enumerate { .. }, _) => items(vec![
            run("HR", "7", "Full Import", "success"),
            run("HR", "8", "Full Import", "success"),
            run("HR", "9", "Export", "stopped-server-down"),
            run("hr", "10", "Sync", "success"),
            run("SQL", "1", "Both", "completed-sync-errors"),
            run("Gone", "1", "Full Import", "success"),
        ]),
        (Operation::Invoke { method, .. }, name) => match (method.as_str(), name) {
            ("RunStatus", Some("HR")) => returns(seen, "in-progress"),
            ("RunProfile", Some("HR")) => returns(seen, "Full Import"),
            ("RunStatus", _) => returns(seen, ""),
            ("RunDetails", None) => match header.selector("Key") {
                Some("{hr}-10") => {
                    Act::Answer(Answer::Fault(Fault::sender("InvalidSelectors", "gone")))
                }
                Some("{SQL}-1") => returns(seen, &details(&["full-import", "apply-rules"])),
                Some("{HR}-8") => returns(seen, &details(&["full-import"])),
                other => panic!("details of {other:?}"),
            },
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn details(kinds: &[&str]) -> String {
    let steps: Vec<String> = kinds
        .iter()
        .map(|kind| {
            format!(
                "<step-details><step-result>success</step-result><step-description>\
                 <step-type type='{kind}'><import-subtype>to-cs</import-subtype>\
                 <apply-rules-subtype>apply-pending</apply-rules-subtype></step-type>\
                 </step-description></step-details>"
            )
        })
        .collect();
    format!(
        "<run-history><run-details><ma-name>x</ma-name><run-number>8</run-number>\
         <run-profile-name>y</run-profile-name>{}</run-details></run-history>",
        steps.concat()
    )
}

#[tokio::test]
async fn agents_come_with_states_and_profiles_in_few_requests() {
    let server = FakeServer::start(company).await;
    let service = service(&server);
    let agents = service.agents().await.unwrap();
    let told: Vec<_> = agents
        .iter()
        .map(|agent| (agent.name.as_str(), agent.agent_type.as_str()))
        .collect();
    assert_eq!(told, [("HR", "File"), ("SQL", "Sql")]);
    assert_eq!(
        agents[0].state,
        AgentState::Running {
            profile: Some(profile("Full Import"))
        }
    );
    assert_eq!(agents[1].state, AgentState::Idle { last_result: None });
    let profiles = |index: usize| -> Vec<(String, Vec<StepType>)> {
        agents[index]
            .profiles
            .iter()
            .map(|p| (p.name.to_string(), p.step_types.clone()))
            .collect()
    };
    assert_eq!(
        profiles(0),
        [
            ("Export".to_owned(), vec![]),
            ("Full Import".to_owned(), vec![StepType::FullImport]),
            ("Sync".to_owned(), vec![]),
        ]
    );
    assert_eq!(
        profiles(1),
        [(
            "Both".to_owned(),
            vec![StepType::FullImport, StepType::DeltaSync]
        )]
    );
    // Two lists, two states, one profile that runs, three details.
    assert_eq!(server.seen().len(), 8);
    assert!(server.connection_count() <= 4);
    service.agents().await.unwrap();
    // Only the details that could not be had are asked for again.
    assert_eq!(server.seen().len(), 8 + 6);
}

/// Orders a run on a server that does this; whether its end is known, or the kind of the error.
async fn execute(
    name: &str,
    act: impl Fn(&Seen) -> Act + Send + Sync + 'static,
) -> Result<bool, ServiceErrorKind> {
    let server = FakeServer::start(move |_, seen| act(seen)).await;
    let reply = service(&server)
        .execute(&agent("HR"), &profile("Full Import"))
        .await;
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "{name}: never sent twice");
    assert_eq!(seen[0].request.header.operation_timeout, Some(SHORT));
    assert_eq!(
        seen[0].request.operation,
        Operation::Invoke {
            method: "Execute".to_owned(),
            arguments: vec![("RunProfileName".to_owned(), Some("Full Import".to_owned()))],
        }
    );
    match reply {
        Ok(ExecuteReply::Ended(_)) => Ok(true),
        Ok(ExecuteReply::ProbablyRunning(_)) => Ok(false),
        Err(error) => Err(error.kind),
    }
}

fn fault(fault: Fault) -> Act {
    Act::AnswerWith(500, Answer::Fault(fault))
}

#[tokio::test]
async fn execute_takes_the_word_of_the_service() {
    for (word, is_end_known) in [
        ("success", true),
        ("no-start-ma-already-running", true),
        ("connection-failure", true),
        ("", false),
    ] {
        let found = execute(word, move |seen| returns(seen, word)).await;
        assert_eq!(found, Ok(is_end_known), "{word}");
    }
}

#[tokio::test]
async fn what_may_run_after_execute_is_never_an_error() {
    let uncertain: [(&str, Doing); 6] = [
        ("a time-out", || fault(Fault::receiver("TimedOut", ""))),
        ("a failure", || fault(Fault::receiver("InternalError", ""))),
        ("silence", || Act::Hang),
        ("a cut connection", || Act::Raw(Vec::new())),
        ("garbage", || Act::Raw(b"nonsense\r\n\r\n".to_vec())),
        ("another's answer", || {
            Act::AnswerToAnother(Answer::Released)
        }),
    ];
    for (name, act) in uncertain {
        assert_eq!(execute(name, move |_| act()).await, Ok(false), "{name}");
    }
}

#[tokio::test]
async fn what_certainly_did_not_start_is_an_error() {
    let certain: [(&str, Doing, ServiceErrorKind); 4] = [
        (
            "an unknown agent",
            || fault(Fault::sender("InvalidSelectors", "")),
            ServiceErrorKind::NotFound,
        ),
        (
            "no right",
            || fault(Fault::sender("AccessDenied", "")),
            ServiceErrorKind::Forbidden,
        ),
        (
            "a wrong password",
            || Act::Raw(b"HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n".to_vec()),
            ServiceErrorKind::Unauthorized,
        ),
        (
            "no such path",
            || Act::Raw(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n".to_vec()),
            ServiceErrorKind::Protocol,
        ),
    ];
    for (name, act, kind) in certain {
        assert_eq!(execute(name, move |_| act()).await, Err(kind), "{name}");
    }
}

#[tokio::test]
async fn a_stopped_service_is_a_failure_and_not_a_result() {
    for (word, kind) in [
        ("connection-failure", ServiceErrorKind::Unreachable),
        ("access-denied", ServiceErrorKind::Forbidden),
    ] {
        let server = FakeServer::start(move |_, seen| returns(seen, word)).await;
        let service = service(&server);
        let hr = agent("HR");
        let errors = [
            service.run_status(&hr).await.map(drop),
            service.run_number(&hr).await.map(drop),
            service.run_profile(&hr).await.map(drop),
            service.last_run(&hr).await.map(drop),
        ];
        for result in errors {
            let error = result.unwrap_err();
            assert_eq!(error.kind, kind, "{error}");
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}

#[tokio::test]
async fn simple_questions_are_answered() {
    let server = FakeServer::start(|_, seen| {
        let value = match seen.method() {
            "RunStatus" => "completed-export-errors",
            "RunNumber" => "17",
            "RunProfile" => "Export",
            "Stop" => "ma-not-running",
            "RunDetails" => "<run-history/>",
            other => panic!("{other}"),
        };
        assert_eq!(seen.request.header.selector("Name"), Some("O'Hara <&>"));
        returns(seen, value)
    })
    .await;
    let service = service(&server);
    let hara = agent("O'Hara <&>");
    let word = |text: &str| RunResult::new(text);
    assert_eq!(service.run_number(&hara).await.unwrap(), 17);
    assert_eq!(
        service.run_status(&hara).await.unwrap(),
        word("completed-export-errors")
    );
    assert_eq!(service.stop(&hara).await.unwrap(), word("ma-not-running"));
    assert_eq!(
        service.run_profile(&hara).await.unwrap(),
        Some(profile("Export"))
    );
    assert_eq!(service.last_run(&hara).await.unwrap(), None);
}

#[tokio::test]
async fn an_agent_that_never_ran_has_no_number_and_no_profile() {
    let server = FakeServer::start(|_, seen| returns(seen, "")).await;
    let service = service(&server);
    let hr = agent("HR");
    assert_eq!(service.run_number(&hr).await.unwrap(), 0);
    assert_eq!(service.run_profile(&hr).await.unwrap(), None);
    assert_eq!(service.last_run(&hr).await.unwrap(), None);
}

#[tokio::test]
async fn later_runs_come_from_the_history_in_order() {
    for refuses_numbers in [false, true] {
        let server = FakeServer::start(move |_, seen| {
            let text = query(seen);
            assert!(text.contains("MaName = 'O\\'Hara'"), "{text}");
            if text.contains("RunNumber") && refuses_numbers {
                let fault = Fault::sender("CannotProcessFilter", "too hard");
                return Act::AnswerWith(500, Answer::Fault(fault));
            }
            items(vec![
                run("O'Hara", "11", "Export", "in-progress"),
                run("O'Hara", "9", "Sync", "success"),
                run("O'Hara", "10", "Sync", "success"),
                run("O'Hara", "x", "Sync", "success"),
            ])
        })
        .await;
        let history = service(&server).history(&agent("O'Hara"), 9).await.unwrap();
        let entry = |run_number, name: &str, result: &str| HistoryEntry {
            run_number,
            profile: profile(name),
            result: RunResult::new(result),
        };
        assert_eq!(
            history,
            [
                entry(10, "Sync", "success"),
                entry(11, "Export", "in-progress")
            ]
        );
        assert_eq!(server.seen().len(), if refuses_numbers { 2 } else { 1 });
    }
}

#[tokio::test]
async fn failures_are_told_in_a_sentence() {
    let cases: [(Doing, ServiceErrorKind, &str); 10] = [
        (
            || Act::Raw(b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n".to_vec()),
            ServiceErrorKind::Unreachable,
            "is not ready (HTTP status 503)",
        ),
        (
            || Act::Raw(b"HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n".to_vec()),
            ServiceErrorKind::Unauthorized,
            "refuses the user name or the password of `CORP\\op`",
        ),
        (
            || {
                Act::Raw(
                    b"HTTP/1.1 401 x\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n"
                        .to_vec(),
                )
            },
            ServiceErrorKind::Unauthorized,
            "does not take this way to sign on, only Negotiate; use --auth negotiate",
        ),
        (
            || Act::Raw(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n".to_vec()),
            ServiceErrorKind::Protocol,
            "no WS-Management at this path",
        ),
        (
            || Act::Raw(b"HTTP/1.1 200 x\r\nContent-Length: 3\r\n\r\nabc".to_vec()),
            ServiceErrorKind::Protocol,
            "answers, but not with WS-Management",
        ),
        (
            || Act::Raw(b"SSH-2.0-x\r\n".to_vec()),
            ServiceErrorKind::Protocol,
            "answers, but not with HTTP",
        ),
        (
            || Act::Raw(Vec::new()),
            ServiceErrorKind::Unreachable,
            "broke before there was an answer",
        ),
        (
            || fault(Fault::sender("AccessDenied", "no\nway")),
            ServiceErrorKind::Forbidden,
            "does not let `CORP\\op` do this (no way)",
        ),
        (
            || fault(Fault::sender("DestinationUnreachable", "x")),
            ServiceErrorKind::NotFound,
            "check the agent's name",
        ),
        (
            || fault(Fault::receiver("InternalError", "boom")),
            ServiceErrorKind::Fault,
            "refuses it: boom",
        ),
    ];
    for (act, kind, words) in cases {
        let server = FakeServer::start(move |_, _| act()).await;
        let error = service(&server).run_status(&agent("HR")).await.unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind, kind, "{text}");
        assert!(text.starts_with("RunStatus of `HR` failed: "), "{text}");
        assert!(text.contains(words), "{text}");
        assert!(text.contains(&server.address.to_string()), "{text}");
        assert!(!text.contains('\n') && !text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn silence_is_told_with_the_time_that_was_waited() {
    let server = FakeServer::start(|_, _| Act::Hang).await;
    let timeouts = ServiceTimeouts {
        calls: Timeouts {
            connect: Duration::from_secs(5),
            operation: SHORT,
            network: SHORT,
        },
        execute: SHORT,
        quota: QuotaPatience {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            limit: Duration::from_millis(50),
        },
    };
    let service = WinrmService::with_timeouts(settings(&server.url()), timeouts).unwrap();
    let error = service.identify().await.unwrap_err();
    assert_eq!(error.kind, ServiceErrorKind::Unreachable);
    assert!(
        error.to_string().contains("no whole answer within 0.3 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_closed_port_says_what_to_look_at() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let service = WinrmService::new(settings(&address)).unwrap();
    let error = service.identify().await.unwrap_err();
    assert_eq!(error.kind, ServiceErrorKind::Unreachable);
    assert!(
        error.to_string().contains("refuses the connection"),
        "{error}"
    );
    let hr = agent("HR");
    let error = service.execute(&hr, &profile("Export")).await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("starting `Export` on `HR` failed"),
        "{error}"
    );
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_says_what_to_name() {
    let certificates = certificates::make();
    let server = FakeServer::start_tls(certificates.acceptor, |_, _| Act::Hang).await;
    let ours = certificates.server_pin;
    let other = "ab".repeat(32);
    for (pin, words) in [
        (None, "unknown authority; name the certificate file"),
        (Some(other.clone()), ours.as_str()),
        (Some(other.clone()), other.as_str()),
    ] {
        let service = WinrmService::new(ServiceSettings {
            pin,
            ..settings(&format!("https://{}", server.address))
        })
        .unwrap();
        let error = service.identify().await.unwrap_err();
        assert_eq!(error.kind, ServiceErrorKind::Untrusted, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[test]
fn settings_that_cannot_work_say_so() {
    for (settings, words) in [
        (settings(""), "no server was named"),
        (settings("mim01"), "without encryption"),
        (
            ServiceSettings {
                password: None,
                ..settings("127.0.0.1")
            },
            "no password was given",
        ),
        (
            ServiceSettings {
                user: None,
                password: None,
                ..settings("127.0.0.1")
            },
            "no user name was given",
        ),
        (
            ServiceSettings {
                user: None,
                ..settings("127.0.0.1")
            },
            "a password was given without a user name",
        ),
        (
            ServiceSettings {
                tls: true,
                pin: Some("zz".to_owned()),
                ..settings("mim01")
            },
            "not a SHA-256 fingerprint",
        ),
    ] {
        let error = WinrmService::new(settings).err().unwrap();
        assert_eq!(error.kind, ServiceErrorKind::Settings);
        assert!(error.to_string().contains(words), "{error}");
    }
    let service: Arc<dyn super::SyncService> =
        Arc::new(WinrmService::new(settings("127.0.0.1:99")).unwrap());
    assert_eq!(service.server(), "http://127.0.0.1:99/wsman");
}
