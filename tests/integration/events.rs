//! `assets/events.schema.json` describes every event: real ones, and one of each kind.

use std::collections::BTreeMap;

use masequencer::run::{
    At, CommandEnd, Holder, Outline, ProfileStatistics, RunEvent, RunEventKind, RunId, RunOutcome,
    Severity, SkipReason, Slot, StepOutcome, StepOutline, StepOutlineKind, StepStatistics,
    StopMode, ThreadOutline, WaitReason,
};

use crate::support::{Folder, Masequencer, Python};

/// Prints the kinds that occur, one a line, then the kinds of the schema; fails at the first event
/// that does not satisfy it, or that still does with a property too many.
const VALIDATE: &str = r##"
import json, sys
from jsonschema import Draft202012Validator
schema = json.loads(sys.argv[1])
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
seen = set()
for line in sys.stdin:
    event = json.loads(line)
    problems = [problem.message for problem in validator.iter_errors(event)]
    assert not problems, (line, problems)
    event["event"]["surplus"] = 1
    assert not validator.is_valid(event), line
    seen.add(event["event"]["type"])
known = {kind["$ref"].removeprefix("#/$defs/") for kind in schema["properties"]["event"]["oneOf"]}
print(" ".join(sorted(seen)))
print(" ".join(sorted(known)))
"##;

fn validate(lines: &str) -> (String, String) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/events.schema.json");
    let schema = std::fs::read_to_string(path).expect("it is part of the project");
    let output = Python::script(VALIDATE).arg(schema).stdin(lines).run();
    let (seen, known) = output
        .trim_end()
        .split_once('\n')
        .expect("two lines are printed");
    (seen.to_owned(), known.to_owned())
}

#[test]
fn the_events_of_a_run_satisfy_the_schema() {
    let folder = Folder::new();
    folder.copy("sample-sequences/full-cycle.xml");
    let run = Masequencer::new(&folder)
        .args(["run", "full-cycle.xml", "--demo", "--json"])
        .run()
        .expect_code(0);
    let (seen, _) = validate(&run.stdout);
    assert!(seen.contains("profile-finished"), "{seen}");
}

#[test]
fn every_kind_of_event_satisfies_the_schema() {
    let lines: Vec<String> = every_kind()
        .into_iter()
        .map(|event| RunEvent {
            seq: 1,
            at: "2026-11-22T02:15:07.123456Z".parse().unwrap(),
            elapsed_ms: 0,
            event,
        })
        .map(|event| serde_json::to_string(&event).unwrap())
        .collect();
    let (seen, known) = validate(&lines.join("\n"));
    assert_eq!(seen, known);
}

fn at() -> At {
    At {
        thread: Some(0),
        thread_name: Some("Import".to_owned()),
        step: Some(1),
        step_name: Some("HR".to_owned()),
    }
}

fn every_kind() -> Vec<RunEventKind> {
    let mut events = plain_kinds();
    events.extend(ends());
    events.extend(
        statistics().map(|(run_number, statistics)| RunEventKind::ProfileFinished {
            at: at(),
            agent: "HR".to_owned(),
            profile: "Delta Import".to_owned(),
            run_number,
            result: "success".to_owned(),
            class: "success".to_owned(),
            statistics,
            elapsed_ms: 7,
        }),
    );
    events.extend(wait_reasons().map(|because| RunEventKind::Waiting {
        at: at(),
        because,
        sentence: "waits".to_owned(),
    }));
    events.extend(
        command_ends().map(|(slot, end)| RunEventKind::CommandFinished {
            at: at(),
            slot,
            end,
            output: String::new(),
            elapsed_ms: 7,
        }),
    );
    events.extend(skip_reasons().map(|because| RunEventKind::StepSkipped {
        at: at(),
        because,
        sentence: "skipped".to_owned(),
    }));
    events
}

fn plain_kinds() -> Vec<RunEventKind> {
    vec![
        RunEventKind::RunStarted { outline: outline() },
        RunEventKind::ThreadStarted {
            at: At {
                step: None,
                step_name: None,
                ..at()
            },
        },
        RunEventKind::RoundStarted { at: at(), round: 2 },
        RunEventKind::StepStarted { at: at() },
        RunEventKind::CommandStarted {
            at: At::sequence(),
            slot: Slot::PreProcessing(0),
            line: "copy a b".to_owned(),
        },
        RunEventKind::ProfileStarted {
            at: at(),
            agent: "HR".to_owned(),
            profile: "Delta Import".to_owned(),
        },
        RunEventKind::ProfileProgress {
            at: at(),
            status: "in-progress".to_owned(),
        },
        RunEventKind::ProfileRefused {
            at: at(),
            result: "no-start-ma-already-running".to_owned(),
        },
        RunEventKind::Paused,
        RunEventKind::Resumed,
    ]
}

fn ends() -> Vec<RunEventKind> {
    let mut events = Vec::new();
    let outcomes = [
        StepOutcome::Skipped,
        StepOutcome::Success,
        StepOutcome::Warning,
        StepOutcome::Stopped,
        StepOutcome::Failed,
    ];
    for outcome in outcomes {
        events.push(RunEventKind::StepFinished {
            at: at(),
            outcome,
            sentence: String::new(),
            elapsed_ms: 7,
        });
        events.push(RunEventKind::ThreadFinished {
            at: at(),
            outcome,
            elapsed_ms: 7,
        });
    }
    for mode in [StopMode::Graceful, StopMode::Now] {
        events.push(RunEventKind::StopRequested { mode });
    }
    for severity in [
        Severity::Error,
        Severity::Warning,
        Severity::Information,
        Severity::Detail,
    ] {
        let message = "look".to_owned();
        events.push(RunEventKind::Notice {
            at: at(),
            severity,
            message,
        });
    }
    for outcome in [
        RunOutcome::Success,
        RunOutcome::Warning,
        RunOutcome::Stopped,
        RunOutcome::Failed,
    ] {
        events.push(RunEventKind::RunFinished {
            outcome,
            elapsed_ms: 7,
        });
    }
    events
}

fn outline() -> Outline {
    let does = [
        StepOutlineKind::RunProfile {
            agent: "HR".to_owned(),
            profile: "Delta Import".to_owned(),
            step_types: vec!["delta-import".to_owned()],
        },
        StepOutlineKind::Delay { duration_ms: 1 },
        StepOutlineKind::Command {
            line: "copy a b".to_owned(),
        },
    ];
    let steps = does.map(|does| StepOutline {
        name: "a step".to_owned(),
        enabled: true,
        does,
    });
    Outline {
        part: None,
        run: RunId::parse("20261122-140305-4f2a9c").expect("it is well-formed"),
        sequence: "Nightly".to_owned(),
        file: Some("nightly.xml".to_owned()),
        server: "https://mim01:5986/wsman".to_owned(),
        overlap: "exclusive-sync".to_owned(),
        threads: vec![ThreadOutline {
            name: "Import".to_owned(),
            enabled: true,
            repeat: 1,
            steps: steps.to_vec(),
        }],
    }
}

fn statistics() -> impl Iterator<Item = (Option<u64>, ProfileStatistics)> {
    let counters = BTreeMap::from([("stage-add".to_owned(), 2)]);
    let full = StepStatistics {
        number: 1,
        step_type: Some("delta-import".to_owned()),
        result: "success".to_owned(),
        counters: counters.clone(),
        outbound: BTreeMap::from([("AD".to_owned(), counters)]),
        error_count: 1,
        errors: vec!["bad-object".to_owned()],
        connection: Some("failed-connection".to_owned()),
    };
    let steps = vec![full, StepStatistics::default()];
    [
        (Some(12), ProfileStatistics { steps }),
        (None, ProfileStatistics::default()),
    ]
    .into_iter()
}

fn wait_reasons() -> impl Iterator<Item = WaitReason> {
    let since = "2026-11-22T02:15:07Z".parse().expect("it is well-formed");
    let holder = Holder {
        thread: "Export".to_owned(),
        step: "AD".to_owned(),
        since,
    };
    [
        WaitReason::Paused { since },
        WaitReason::StartDelay { until: since },
        WaitReason::AgentBusy {
            agent: "HR".to_owned(),
            holder: holder.clone(),
        },
        WaitReason::Synchronization {
            holder: holder.clone(),
        },
        WaitReason::BeforeSynchronization {
            holder: holder.clone(),
            others: 2,
        },
        WaitReason::MimService {
            holder: holder.clone(),
        },
        WaitReason::Turn { holder },
        WaitReason::MaxParallel { limit: 8 },
        WaitReason::ForeignRun {
            agent: "HR".to_owned(),
            profile: Some("Export".to_owned()),
            since,
        },
        WaitReason::ForeignRun {
            agent: "HR".to_owned(),
            profile: None,
            since,
        },
        WaitReason::ForeignSynchronization { since },
        WaitReason::AgentUpdate { since },
        WaitReason::ServiceUnavailable {
            message: "gone".to_owned(),
            since,
        },
    ]
    .into_iter()
}

fn skip_reasons() -> impl Iterator<Item = SkipReason> {
    [
        SkipReason::Disabled,
        SkipReason::EarlierFailure {
            step: "HR".to_owned(),
        },
        SkipReason::ImportFailed {
            agent: "HR".to_owned(),
        },
        SkipReason::PreProcessing,
        SkipReason::Stopped,
    ]
    .into_iter()
}

fn command_ends() -> impl Iterator<Item = (Slot, CommandEnd)> {
    let ends = [
        CommandEnd::Exited {
            code: -1,
            allowed: false,
        },
        CommandEnd::Signalled { signal: 9 },
        CommandEnd::TimedOut,
        CommandEnd::Stopped,
        CommandEnd::NotStarted {
            message: "missing".to_owned(),
        },
        CommandEnd::Detached,
    ];
    let slots = [Slot::Main, Slot::PreProcessing(0), Slot::PostProcessing(1)];
    slots.into_iter().cycle().zip(ends)
}
