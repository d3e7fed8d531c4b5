//! Any sequence, any trouble, any orders: the rules hold and the run comes to its end.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use proptest::prelude::*;

use crate::mim::{Refusal, StepType};
use crate::model::{OnFailure, OverlapRule, Sequence, Step, When};
use crate::run::{RunControl, RunEventKind, RunPhase, StepStatus, StopMode};

use super::rig::{Rig, Script, StepExt as _, command, delay, profile, sequence, thread, with_rule};

const AGENTS: [&str; 4] = ["HR", "AD", "SQL", "MIM"];

fn any_step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        4 => (0..AGENTS.len(), 0..StepType::ALL.len())
            .prop_map(|(agent, kind)| profile(AGENTS[agent], StepType::ALL[kind])),
        1 => (0_u64..20).prop_map(delay),
        1 => prop_oneof![Just("ok:3"), Just("fail:2"), Just("ok")].prop_map(command),
    ];
    let extras = (0..4_u8, 0..3_u8, any::<bool>());
    (kind, extras).prop_map(|(step, (processing, failure, is_slow))| {
        let step = match processing {
            0 => step.pre("ok:2"),
            1 => step.pre("fail"),
            2 => step.post(When::Always, "ok:1").post(When::Failure, "fail"),
            _ => step,
        };
        let step = match failure {
            0 => step.on_failure(OnFailure::Continue),
            1 => step.on_failure(OnFailure::StopAll),
            _ => step,
        };
        if is_slow { step.timeout(15) } else { step }
    })
}

fn any_sequence() -> impl Strategy<Value = Sequence> {
    let threads = prop::collection::vec(
        (prop::collection::vec(any_step(), 0..6), 1_u32..3, 0_u64..8),
        1..6,
    );
    (threads, 0..3_usize, 0..4_u32).prop_map(|(threads, rule, limit)| {
        let threads = threads
            .into_iter()
            .enumerate()
            .map(|(index, (steps, repeat, wait))| {
                let mut made = thread(&format!("T{index}"), steps);
                made.repeat = NonZeroU32::new(repeat).unwrap();
                made.start_delay = Duration::from_secs(wait);
                made
            });
        let mut document = with_rule(sequence(threads.collect()), OverlapRule::ALL[rule]);
        document.run.max_parallel = NonZeroU32::new(limit);
        document
    })
}

fn any_script() -> impl Strategy<Value = Script> {
    prop_oneof![
        6 => (0_u64..30).prop_map(|secs| Script::Runs(secs, "success")),
        1 => Just(Script::Runs(2, "completed-export-errors")),
        1 => Just(Script::Runs(2, "stopped-server-down")),
        1 => Just(Script::Foreign),
        1 => Just(Script::Refuses(Refusal::SecondSynchronization, "call-failure:0x8023063D")),
        1 => Just(Script::Away),
        1 => Just(Script::Lost(5)),
    ]
}

fn any_orders() -> impl Strategy<Value = Vec<(u64, RunControl)>> {
    let order = prop_oneof![
        2 => Just(RunControl::Pause),
        3 => Just(RunControl::Resume),
        1 => Just(RunControl::Stop { mode: StopMode::Graceful }),
        1 => Just(RunControl::Stop { mode: StopMode::Now }),
    ];
    prop::collection::vec((0_u64..200, order), 0..6)
}

proptest! {
    #[test]
    fn the_rules_hold_and_the_run_ends(
        document in any_sequence(),
        scripts in prop::collection::vec(prop::collection::vec(any_script(), 0..8), AGENTS.len()),
        mut orders in any_orders(),
    ) {
        let scripts: Vec<(&str, &[Script])> =
            AGENTS.iter().zip(&scripts).map(|(agent, script)| (*agent, script.as_slice())).collect();
        let mut rig = Rig::scripted(&document, &scripts);
        orders.sort_by_key(|(at, _)| *at);
        for (at, order) in orders {
            rig.until(at).control(order);
        }
        rig.control(RunControl::Resume).finish();
        check_numbers(&rig);
        check_overlap(&document, &rig);
        check_every_step_ended(&document, &rig);
    }
}

fn check_numbers(rig: &Rig) {
    let numbers: Vec<u64> = rig.events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=rig.events.len() as u64).collect::<Vec<_>>());
    let last = &rig.events.last().unwrap().event;
    assert!(matches!(last, RunEventKind::RunFinished { .. }));
}

/// Replays the events and asserts at each start what may run beside it.
fn check_overlap(document: &Sequence, rig: &Rig) {
    let mut running: BTreeSet<(usize, usize)> = BTreeSet::new();
    let step_of = |(thread, step): (usize, usize)| {
        document.threads[thread].steps[step]
            .run_profile()
            .unwrap()
            .clone()
    };
    for event in &rig.events {
        match &event.event {
            RunEventKind::ProfileStarted { at, .. } => {
                let here = (at.thread.unwrap(), at.step.unwrap());
                let new = step_of(here);
                for other in running.iter().map(|other| step_of(*other)) {
                    assert_ne!(new.agent, other.agent, "{}", rig.trace());
                    let syncs = [&new, &other]
                        .iter()
                        .filter(|step| step.step_type.unwrap().synchronizes())
                        .count();
                    let allowed = match document.run.overlap {
                        OverlapRule::ExclusiveSync => 0,
                        OverlapRule::SingleSync => 1,
                        OverlapRule::Unrestricted => 2,
                    };
                    assert!(syncs <= allowed, "{}", rig.trace());
                }
                running.insert(here);
                let limit = document
                    .run
                    .max_parallel
                    .map_or(usize::MAX, |n| n.get() as usize);
                assert!(running.len() <= limit, "{}", rig.trace());
            }
            RunEventKind::ProfileFinished { at, .. }
            | RunEventKind::ProfileRefused { at, .. }
            | RunEventKind::StepFinished { at, .. } => {
                running.remove(&(at.thread.unwrap(), at.step.unwrap()));
            }
            _ => {}
        }
    }
    assert!(running.is_empty());
}

/// No step is forgotten: in the fold, every step of an enabled thread has ended.
fn check_every_step_ended(document: &Sequence, rig: &Rig) {
    let summary = rig.summary();
    assert!(matches!(summary.phase, RunPhase::Finished(_)));
    for (thread, run) in document.threads.iter().zip(&summary.threads) {
        assert_eq!(thread.steps.len(), run.steps.len());
        for step in &run.steps {
            assert!(
                matches!(step.status, StepStatus::Finished(_)),
                "{}",
                rig.trace()
            );
        }
    }
}
