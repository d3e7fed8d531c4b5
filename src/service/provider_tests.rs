//! Calls of the provider against a server that answers as a test tells it to.

use std::path::Path;
use std::time::Duration;

use super::{
    ExecuteReply, QuotaPatience, ServiceErrorKind, ServiceSettings, ServiceTimeouts,
    SyncService as _, WinrmService,
};
use crate::base::secret::Secret;
use crate::mim::{AgentName, ProfileName, RunResult};
use crate::wsman::fake_server::{Act, FakeServer, Seen};
use crate::wsman::message::resource::NAMESPACE_SELECTOR;
use crate::wsman::message::xml::Limits;
use crate::wsman::message::{Answer, Batch, Family, Fault, Instance, Operation, Outputs, Response};

fn service(server: &FakeServer, family: Option<Family>) -> WinrmService {
    let settings = ServiceSettings {
        host: server.url(),
        user: Some("CORP\\op".to_owned()),
        password: Some(Secret::new("hunter2".to_owned())),
        family,
        ..ServiceSettings::default()
    };
    let timeouts = ServiceTimeouts {
        quota: QuotaPatience {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            limit: Duration::from_millis(30),
        },
        ..ServiceTimeouts::default()
    };
    WinrmService::with_timeouts(settings, timeouts).unwrap()
}

fn hr() -> AgentName {
    AgentName::new("HR").unwrap()
}

fn import() -> ProfileName {
    ProfileName::new("Full Import").unwrap()
}

fn fault(fault: Fault) -> Act {
    Act::AnswerWith(500, Answer::Fault(fault))
}

fn returns(seen: &Seen, value: &str) -> Act {
    Act::Answer(Answer::Invoked(Outputs {
        resource_uri: seen.request.header.resource_uri.clone(),
        method: seen.method().to_owned(),
        values: vec![("ReturnValue".to_owned(), Some(value.to_owned()))],
    }))
}

fn rows(keys: &[(&str, &str)]) -> Act {
    let row = |(key, number): &(&str, &str)| Instance {
        class_uri: "urn:class".to_owned(),
        class: "MIIS_RunHistory".to_owned(),
        properties: [
            ("Key", *key),
            ("MaName", "HR"),
            ("RunNumber", *number),
            ("RunProfile", "Full Import"),
            ("RunStatus", "success"),
        ]
        .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
        .into(),
    };
    Act::Answer(Answer::Enumerate(Batch {
        context: None,
        items: keys.iter().map(row).collect(),
        references: Vec::new(),
        is_last: true,
    }))
}

fn family_of(seen: &Seen) -> Family {
    let header = &seen.request.header;
    let uri = &header.resource_uri;
    if let Some(namespace) = header.selector(NAMESPACE_SELECTOR) {
        assert_eq!(namespace, "root/MicrosoftIdentityIntegrationServer");
        assert!(
            uri.starts_with("http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/"),
            "{uri}"
        );
        Family::Cim
    } else {
        let prefix = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/\
                      MicrosoftIdentityIntegrationServer/";
        assert!(uri.starts_with(prefix), "{uri}");
        Family::Wmi
    }
}

fn answered(seen: &Seen) -> Act {
    match &seen.request.operation {
        Operation::Enumerate { .. } => rows(&[("{1}-8", "8")]),
        _ => returns(seen, "success"),
    }
}

fn families(server: &FakeServer) -> Vec<Family> {
    server.seen().iter().map(family_of).collect()
}

#[tokio::test]
async fn the_family_that_a_server_takes_is_found_once() {
    for (setting, taken, expected) in [
        (None, Family::Wmi, &[Family::Wmi; 3][..]),
        (
            None,
            Family::Cim,
            &[Family::Wmi, Family::Cim, Family::Cim, Family::Cim],
        ),
        (Some(Family::Wmi), Family::Wmi, &[Family::Wmi; 3]),
        (Some(Family::Cim), Family::Cim, &[Family::Cim; 3]),
    ] {
        let server = FakeServer::start(move |_, seen| {
            if family_of(seen) == taken {
                answered(seen)
            } else {
                fault(Fault::sender("DestinationUnreachable", ""))
            }
        })
        .await;
        let service = service(&server, setting);
        service.run_status(&hr()).await.unwrap();
        service.history(&hr(), 7).await.unwrap();
        let reply = service.execute(&hr(), &import()).await.unwrap();
        assert_eq!(reply, ExecuteReply::Ended(RunResult::new("success")));
        assert_eq!(families(&server), expected, "{setting:?} {taken:?}");
    }
}

/// A fault that another program wrote (`tests/fixtures/wsman`).
fn recorded(name: &str) -> Fault {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wsman");
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let document = &bytes[head.unwrap() + 4..];
    match Response::parse(document, &Limits::default())
        .unwrap()
        .answer
    {
        Answer::Fault(fault) => fault,
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn what_other_servers_say_about_an_address_leads_to_the_other_family() {
    for (status, name) in [
        (500, "omi-fault-no-instance-response.http"),
        (500, "omi-fault-bad-context-response.http"),
        (503, "openwsman-fault-nocim-response.http"),
    ] {
        let server = FakeServer::start(move |_, seen| match family_of(seen) {
            Family::Wmi => Act::AnswerWith(status, Answer::Fault(recorded(name))),
            Family::Cim => answered(seen),
        })
        .await;
        let service = service(&server, None);
        service.run_status(&hr()).await.unwrap();
        let reply = service.execute(&hr(), &import()).await.unwrap();
        assert_eq!(reply, ExecuteReply::Ended(RunResult::new("success")));
        let expected = [Family::Wmi, Family::Cim, Family::Cim];
        assert_eq!(families(&server), expected, "{name}");
    }
}

#[tokio::test]
async fn a_class_that_turns_out_to_be_unknown_only_at_the_pull_leads_on_too() {
    let server = FakeServer::start(|_, seen| match (family_of(seen), &seen.request.operation) {
        // So does OMI: a context at first.
        (Family::Wmi, Operation::Enumerate { .. }) => Act::Answer(Answer::Enumerate(Batch {
            context: Some("1560215554".to_owned()),
            items: Vec::new(),
            references: Vec::new(),
            is_last: false,
        })),
        (Family::Wmi, _) => fault(recorded("omi-fault-bad-context-response.http")),
        (Family::Cim, _) => answered(seen),
    })
    .await;
    let service = service(&server, None);
    service.history(&hr(), 7).await.unwrap();
    service.run_status(&hr()).await.unwrap();
    let expected = [Family::Wmi, Family::Wmi, Family::Cim, Family::Cim];
    assert_eq!(families(&server), expected);
}

#[tokio::test]
async fn a_chosen_family_is_kept_to() {
    for family in [Family::Wmi, Family::Cim] {
        let server =
            FakeServer::start(|_, _| fault(Fault::sender("DestinationUnreachable", ""))).await;
        let error = service(&server, Some(family)).run_status(&hr()).await;
        assert_eq!(error.unwrap_err().kind, ServiceErrorKind::NotFound);
        assert_eq!(families(&server), [family]);
    }
}

#[tokio::test]
async fn what_neither_family_knows_settles_nothing() {
    let server = FakeServer::start(|number, seen| match number {
        0 => fault(Fault::sender("DestinationUnreachable", "the first word")),
        1 => fault(Fault::sender("DestinationUnreachable", "the second word")),
        _ => answered(seen),
    })
    .await;
    let service = service(&server, None);
    let error = service.run_status(&hr()).await.unwrap_err().to_string();
    assert!(error.contains("the first word"), "{error}");
    service.run_status(&hr()).await.unwrap();
    assert_eq!(
        families(&server),
        [Family::Wmi, Family::Cim, Family::Wmi],
        "it is looked for again"
    );
}

#[tokio::test]
async fn other_faults_do_not_change_the_family() {
    for refused in [
        Fault::sender("AccessDenied", ""),
        Fault::sender("InvalidSelectors", "").with_wsman(2_150_858_813, ""),
        Fault::receiver("TimedOut", ""),
    ] {
        let server = FakeServer::start(move |_, _| fault(refused.clone())).await;
        service(&server, None).run_status(&hr()).await.unwrap_err();
        assert_eq!(families(&server), [Family::Wmi]);
    }
}

fn full() -> Act {
    fault(Fault::receiver("InternalError", "busy").with_wsman(2_150_859_240, "15 operations"))
}

#[tokio::test]
async fn a_full_server_is_asked_again_but_not_for_ever() {
    let server =
        FakeServer::start(|number, seen| if number < 3 { full() } else { answered(seen) }).await;
    let service = service(&server, None);
    service.run_status(&hr()).await.unwrap();
    assert_eq!(server.seen().len(), 4);

    let server = FakeServer::start(|_, _| full()).await;
    let service = self::service(&server, None);
    let error = service.run_number(&hr()).await.unwrap_err();
    assert_eq!(error.kind, ServiceErrorKind::Busy);
    assert!(error.kind.is_passing());
    assert!(error.to_string().contains("15 operations"), "{error}");
    // 1 + 2 + 4 + 4 + ... up to 30 ms.
    assert_eq!(server.seen().len(), 10);
}

#[tokio::test]
async fn an_order_that_a_full_server_refuses_is_not_repeated_here() {
    let server = FakeServer::start(|_, _| full()).await;
    let service = service(&server, None);
    let error = service.execute(&hr(), &import()).await.unwrap_err();
    assert_eq!(error.kind, ServiceErrorKind::Busy);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn questions_at_once_stay_below_the_quota_of_the_plug_in() {
    let server = FakeServer::start(|_, seen| match seen.method() {
        "Stop" => returns(seen, "success"),
        _ => Act::Hang,
    })
    .await;
    let service = service(&server, Some(Family::Wmi));
    // The first question proves the account and goes alone.
    service.stop(&hr()).await.unwrap();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let service = service.clone();
        all.spawn(async move { service.run_status(&hr()).await });
    }
    let few = async {
        while server.seen().len() < 9 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), few)
        .await
        .unwrap();
    // Whoever is further is let in only when one of these has ended.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.seen().len(), 9);
    all.abort_all();
}

/// The details of run 8 if the client leaves as much room as `needed`.
fn large(seen: &Seen, needed: u32) -> Act {
    if seen.request.header.max_envelope_size.unwrap_or(0) < needed {
        return fault(
            Fault::sender("EncodingLimit", "too large").with_detail("MaxEnvelopeSizeExceeded"),
        );
    }
    returns(
        seen,
        "<run-history><run-details><ma-name>HR</ma-name><run-number>8</run-number>\
         <run-profile-name>Full Import</run-profile-name></run-details></run-history>",
    )
}

#[tokio::test]
async fn details_that_do_not_fit_are_asked_for_with_more_room() {
    for (needed, sizes, is_told) in [
        (1, &[512_000][..], true),
        (2 * 1024 * 1024, &[512_000, 31_457_280], true),
        (u32::MAX, &[512_000, 31_457_280], false),
    ] {
        let server = FakeServer::start(move |_, seen| large(seen, needed)).await;
        let details = service(&server, None).last_run(&hr()).await;
        let seen = server.seen();
        let asked: Vec<u32> = seen
            .iter()
            .filter_map(|seen| seen.request.header.max_envelope_size)
            .collect();
        assert_eq!(asked, sizes);
        match details {
            Ok(details) => assert_eq!(details.map(|one| one.run_number), is_told.then_some(8)),
            Err(error) => {
                assert!(!is_told, "{error}");
                let text = error.to_string();
                assert!(
                    text.contains("winrm set winrm/config @{MaxEnvelopeSizekb=\"8192\"}"),
                    "{text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_details_of_one_run_come_by_its_row() {
    let server = FakeServer::start(|_, seen| {
        if let Operation::Enumerate { filter, .. } = &seen.request.operation {
            let text = filter.as_ref().map(|filter| filter.text.as_str());
            assert_eq!(
                text,
                Some("select * from MIIS_RunHistory where MaName = 'HR' and RunNumber = '8'")
            );
            rows(&[("{1}-9", "9"), ("{1}-8", "8")])
        } else {
            assert_eq!(seen.request.header.selector("Key"), Some("{1}-8"));
            large(seen, 0)
        }
    })
    .await;
    let service = service(&server, None);
    assert_eq!(service.account().as_deref(), Some("CORP\\op"));
    let details = service.details_of(&hr(), 8).await.unwrap();
    assert_eq!(details.map(|one| one.run_number), Some(8));

    let server = FakeServer::start(|_, _| rows(&[])).await;
    let service = self::service(&server, None);
    assert_eq!(service.details_of(&hr(), 8).await.unwrap(), None);
}
