//! Any sequence: every legal character, the nasty ones often.

use std::time::Duration;

use proptest::prelude::*;

use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{
    Authentication, Command, ExitCodes, LogLevel, LogSettings, OnFailure, OverlapRule, PostCommand,
    Processing, ResourceUris, RunProfileStep, RunSettings, Sequence, ServerSettings, Step,
    StepKind, Thread, Transport, When,
};

fn nasty_char() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => any::<char>().prop_filter("XML", |c| crate::base::text::is_xml_char(*c)),
        4 => proptest::sample::select(vec![
            ' ', '\t', '\n', '\r', '"', '\'', '<', '>', '&', ']', ';', '#', '-', '\u{85}',
            '\u{2028}', '\u{FEFF}', '\u{FFFD}', '\u{10FFFF}',
        ]),
        4 => proptest::char::range('a', 'z'),
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(nasty_char(), 0..8).prop_map(String::from_iter)
}

fn some_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text().prop_filter("none", |text| !text.is_empty()))
}

fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        (0..=crate::base::duration::LONGEST.as_secs() * 1000).prop_map(Duration::from_millis),
    ]
}

fn name() -> impl Strategy<Value = String> {
    text().prop_filter_map("a name", |text| {
        AgentName::new(&text)
            .ok()
            .map(|name| name.as_str().to_owned())
    })
}

fn one<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

fn command(limit: bool) -> impl Strategy<Value = Command> {
    let codes = proptest::collection::vec(any::<i32>(), 1..4);
    (
        text(),
        proptest::collection::vec(text(), 0..3),
        some_text(),
        proptest::collection::vec((text(), text()), 0..3),
        proptest::option::of(span()),
        any::<bool>(),
        prop_oneof![Just(vec![0]), codes],
    )
        .prop_map(
            move |(program, arguments, directory, environment, timeout, wait, codes)| Command {
                program,
                arguments,
                directory,
                environment,
                timeout: timeout.filter(|_| limit),
                wait,
                allowed_exit_codes: ExitCodes::new(codes).unwrap(),
            },
        )
}

fn processing() -> impl Strategy<Value = Processing> {
    let post =
        (one(&When::ALL), command(true)).prop_map(|(when, command)| PostCommand { when, command });
    (
        proptest::collection::vec(command(true), 0..2),
        proptest::collection::vec(post, 0..2),
    )
        .prop_map(|(pre, post)| Processing { pre, post })
}

fn kind() -> impl Strategy<Value = StepKind> {
    prop_oneof![
        (name(), name(), proptest::option::of(one(&StepType::ALL))).prop_map(
            |(agent, profile, step_type)| {
                StepKind::RunProfile(RunProfileStep {
                    agent: AgentName::new(&agent).unwrap(),
                    profile: ProfileName::new(&profile).unwrap(),
                    step_type,
                })
            }
        ),
        span().prop_map(|duration| StepKind::Delay { duration }),
        command(false).prop_map(StepKind::Command),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (
        some_text(),
        any::<bool>(),
        proptest::option::of(span()),
        one(&OnFailure::ALL),
        processing(),
        kind(),
    )
        .prop_map(
            |(name, enabled, timeout, on_failure, processing, kind)| Step {
                name,
                enabled,
                timeout,
                on_failure,
                processing,
                kind,
            },
        )
}

fn thread() -> impl Strategy<Value = Thread> {
    (
        text(),
        any::<bool>(),
        span(),
        any::<std::num::NonZeroU32>(),
        processing(),
        proptest::collection::vec(step(), 0..4),
    )
        .prop_map(
            |(name, enabled, start_delay, repeat, processing, steps)| Thread {
                name,
                enabled,
                start_delay,
                repeat,
                processing,
                steps,
            },
        )
}

fn server() -> impl Strategy<Value = ServerSettings> {
    (
        some_text(),
        one(&Transport::ALL),
        any::<bool>(),
        proptest::option::of(1..=u16::MAX),
        one(&Authentication::ALL),
        some_text(),
        some_text(),
        proptest::option::of("[0-9a-fA-F]{64}"),
        any::<bool>(),
        one(&ResourceUris::ALL),
    )
        .prop_map(
            |(
                host,
                transport,
                tls,
                port,
                authentication,
                user,
                ca_file,
                pin,
                allow_unencrypted,
                resource_uris,
            )| ServerSettings {
                host,
                transport,
                tls,
                port,
                authentication,
                user,
                ca_file,
                pin,
                allow_unencrypted,
                resource_uris,
            },
        )
}

/// Any sequence that a file can hold exactly.
pub(super) fn sequence() -> impl Strategy<Value = Sequence> {
    let log =
        (some_text(), one(&LogLevel::ALL)).prop_map(|(file, level)| LogSettings { file, level });
    let run = (
        one(&OverlapRule::ALL),
        proptest::option::of(any::<std::num::NonZeroU32>()),
    )
        .prop_map(|(overlap, max_parallel)| RunSettings {
            overlap,
            max_parallel,
        });
    (
        text(),
        server(),
        log,
        run,
        processing(),
        proptest::collection::vec(thread(), 0..3),
    )
        .prop_map(|(name, server, log, run, processing, threads)| Sequence {
            name,
            server,
            log,
            run,
            processing,
            threads,
        })
}
