//! Whatever a client sends, the server answers it, and with something that can be read.

use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::classes::NAMESPACE;
use super::enumerations::Enumerations;
use super::operations::{Decision, Desk, MAX_ENVELOPE_BYTES, decide};
use crate::base::time::Moment;
use crate::simulator::scenario::Scenario;
use crate::simulator::world::World;
use crate::wsman::message::xml::Limits;
use crate::wsman::message::{
    Answer, EnumerationMode, Filter, Operation, Request, RequestHeader, Resource, Response, names,
};

/// A server with a little of everything.
fn desk() -> Desk {
    let mut text = "name = \"x\"\nhistory-days = 2\n".to_owned();
    for (name, role) in [("HR", "source"), ("AD", "target")] {
        write!(
            text,
            "[[agent]]\nname = \"{name}\"\ntype = \"X\"\nrole = \"{role}\"\npeople = 5\n\
             [[agent.profile]]\nname = \"FI\"\nsteps = [\"full-import\"]\nduration = \"2s\"\n\
             [[agent.profile]]\nname = \"EX\"\nsteps = [\"export\"]\nduration = \"2s\"\n"
        )
        .unwrap();
    }
    let scenario = Scenario::read(&text).unwrap();
    let wall = "2026-11-02T08:00:00Z".parse().unwrap();
    Desk {
        world: World::new(&scenario, 1.0, Moment::ZERO, wall),
        enumerations: Enumerations::default(),
    }
}

/// What goes back for these bytes, as far as HTTP plays no part.
fn answer_to(desk: &mut Desk, bytes: &[u8], now: Moment) -> Response {
    let limits = Limits {
        bytes: MAX_ENVELOPE_BYTES,
        ..Limits::default()
    };
    let (relates_to, answer) = match Request::parse(bytes, &limits) {
        Err(rejected) => (rejected.message_id, Answer::Fault(rejected.fault)),
        Ok(request) => {
            let answer = match decide(desk, &request, "DEMO\\me", now) {
                Decision::Answer(answer) => answer,
                Decision::Wait(waiting) => waiting.answer("success".to_owned()),
            };
            (Some(request.header.message_id), answer)
        }
    };
    Response {
        message_id: "uuid:2".to_owned(),
        relates_to,
        answer,
    }
}

/// A client can read what goes back, and it says what was meant.
fn assert_readable(response: &Response) {
    let xml = response.to_xml();
    let read = Response::parse(xml.as_bytes(), &Limits::default());
    let read = read.unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let is_same = std::mem::discriminant(&read.answer) == std::mem::discriminant(&response.answer);
    assert!(is_same, "{xml}");
    if let Answer::Fault(fault) = &read.answer {
        assert!(
            !fault.subcode.is_empty() && !fault.words().is_empty(),
            "{xml}"
        );
    }
}

fn request(class: &str, selectors: Vec<(String, String)>, operation: Operation) -> Request {
    Request {
        header: RequestHeader {
            to: "http://x/wsman".to_owned(),
            message_id: "uuid:1".to_owned(),
            resource_uri: Resource::wmi(NAMESPACE, class).uri(),
            selectors,
            reply_to: Some(names::ANONYMOUS.to_owned()),
            max_envelope_size: Some(100_000),
            ..RequestHeader::default()
        },
        operation,
    }
}

/// Words that mean something, and some that do not.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "",
        "HR",
        "AD",
        "FI",
        "EX",
        "Name",
        "Key",
        "MaName",
        "Execute",
        "Stop",
        "RunDetails",
        "RunStatus",
        "NumMVObjects",
        "ClearRuns",
        "EndingBefore",
        "RunProfileName",
        "2026-11-01",
        "MIIS_Server1",
        "MIIS_ManagementAgent",
        "MIIS_RunHistory",
        "MIIS_Server",
        "*",
        "select * from MIIS_ManagementAgent where Name like '%'",
        "select Name from MIIS_RunHistory",
        "uuid:00000000-0000-4000-A000-000000000001",
    ];
    prop_oneof![4 => select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn operation() -> impl Strategy<Value = Operation> {
    let mode = select(vec![
        EnumerationMode::Objects,
        EnumerationMode::ObjectsAndReferences,
        EnumerationMode::References,
    ]);
    let count = proptest::option::of(1..5_u32);
    let arguments = proptest::collection::vec((word(), proptest::option::of(word())), 0..3);
    prop_oneof![
        Just(Operation::Identify),
        Just(Operation::Get),
        (
            proptest::option::of(word()),
            mode,
            any::<bool>(),
            count.clone()
        )
            .prop_map(
                |(query, mode, is_optimized, max_elements)| Operation::Enumerate {
                    filter: query.as_deref().map(Filter::wql),
                    mode,
                    is_optimized,
                    max_elements,
                }
            ),
        (word(), count).prop_map(|(context, max_elements)| Operation::Pull {
            context,
            max_elements
        }),
        word().prop_map(|context| Operation::Release { context }),
        // A name with a slash or a space makes another action or no element at all.
        ("[A-Za-z]{1,8}|Execute|Stop|ClearRuns", arguments).prop_map(|(method, arguments)| {
            let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphabetic());
            let arguments = arguments.into_iter();
            Operation::Invoke {
                method,
                arguments: arguments
                    .filter(|(name, _)| !name.is_empty() && is_name(name))
                    .collect(),
            }
        }),
    ]
}

fn any_request() -> impl Strategy<Value = Request> {
    let class = select(vec![
        "MIIS_ManagementAgent",
        "MIIS_RunHistory",
        "MIIS_Server",
        "*",
    ]);
    let class = prop_oneof![4 => class.prop_map(str::to_owned), 1 => word()];
    // Mostly such that they pick something, so that more is answered than faults.
    let selector = select(vec![
        ("Name", "HR"),
        ("name", "ad"),
        ("Name", "MIIS_Server1"),
    ]);
    let selectors = prop_oneof![
        4 => selector.prop_map(|(name, value)| vec![(name.to_owned(), value.to_owned())]),
        1 => proptest::collection::vec((word(), word()), 0..3),
    ];
    (class, selectors, operation())
        .prop_map(|(class, selectors, operation)| request(&class, selectors, operation))
}

/// A small harm done to a text.
#[derive(Debug, Clone)]
enum Harm {
    Set(Index, u8),
    Cut(Index, u8),
    Double(Index, u8),
    Insert(Index, &'static str),
}

fn harm() -> impl Strategy<Value = Harm> {
    let pieces = vec![
        "<",
        ">",
        "&",
        "\"",
        "</s:Body>",
        "<s:Body>",
        "<!DOCTYPE a>",
        "&#0;",
        "&lt;",
        "]]>",
        "<![CDATA[",
        "xmlns:s=\"\"",
        "\u{0}",
        "\u{fffe}",
        "<a/>",
        "-1",
        "99999999999999999999",
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(place, byte)| Harm::Set(place, byte)),
        (any::<Index>(), any::<u8>()).prop_map(|(place, count)| Harm::Cut(place, count)),
        (any::<Index>(), any::<u8>()).prop_map(|(place, count)| Harm::Double(place, count)),
        (any::<Index>(), select(pieces)).prop_map(|(place, piece)| Harm::Insert(place, piece)),
    ]
}

impl Harm {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let range = |place: &Index, count: u8, length: usize| {
            let from = place.index(length);
            from..(from + usize::from(count)).min(length)
        };
        match self {
            Self::Set(place, byte) => {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            Self::Cut(place, count) => {
                bytes.drain(range(place, *count, bytes.len()));
            }
            Self::Double(place, count) => {
                let range = range(place, *count, bytes.len());
                let copy = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, copy);
            }
            Self::Insert(place, piece) => {
                let place = place.index(bytes.len());
                bytes.splice(place..place, piece.bytes());
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let response = answer_to(&mut desk(), &bytes, Moment::ZERO);
        prop_assert!(matches!(response.answer, Answer::Fault(_)));
        assert_readable(&response);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        assert_readable(&answer_to(&mut desk(), text.as_bytes(), Moment::ZERO));
    }

    /// Requests that are well formed, one after the other on one server, some seconds apart.
    #[test]
    fn any_series_of_requests_is_answered(
        requests in proptest::collection::vec((any_request(), 0..4_u64), 1..12)
    ) {
        let mut desk = desk();
        let mut now = Moment::ZERO;
        for (request, later) in requests {
            now = now + Duration::from_secs(later);
            let response = answer_to(&mut desk, request.to_xml().as_bytes(), now);
            if request.operation != Operation::Identify {
                prop_assert_eq!(response.relates_to.as_deref(), Some("uuid:1"));
            }
            assert_readable(&response);
            prop_assert_eq!(desk.world.directory().broken_rule(), None);
        }
    }

    /// Requests that something happened to on their way.
    #[test]
    fn harmed_requests_are_answered(
        request in any_request(),
        harms in proptest::collection::vec(harm(), 1..6)
    ) {
        let mut bytes = request.to_xml().into_bytes();
        for harm in &harms {
            harm.apply(&mut bytes);
        }
        assert_readable(&answer_to(&mut desk(), &bytes, Moment::ZERO));
    }
}
