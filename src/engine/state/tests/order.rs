//! Order, overlap, fairness, rounds.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::mim::StepType::{DeltaImport, DeltaSync, Export, FullImport};
use crate::model::OverlapRule;
use crate::run::{RunOutcome, RunPhase};

use super::rig::{Rig, StepExt as _, assert_trace, delay, profile, sequence, thread, with_rule};

#[test]
fn threads_run_in_parallel_and_steps_in_order() {
    let mut rig = Rig::new(&sequence(vec![
        thread("A", vec![profile("HR", DeltaImport), profile("HR", Export)]),
        thread("B", vec![profile("AD", DeltaImport), delay(5)]),
    ]));
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 A/1 starts
         0 B/1 starts
         10 A/1 success
         10 A/2 starts
         10 B/1 success
         10 B/2 starts
         15 B/2 success
         15 B ends: success
         20 A/2 success
         20 A ends: success
         20 run ends: success",
    );
    assert_eq!(rig.summary().phase, RunPhase::Finished(RunOutcome::Success));
    assert_eq!(rig.summary().progress(), (4, 4));
}

#[test]
fn under_exclusive_sync_nothing_runs_beside_a_synchronization() {
    let mut rig = Rig::new(&sequence(vec![
        thread("A", vec![profile("HR", DeltaSync)]),
        thread("B", vec![profile("AD", DeltaImport)]),
        thread("C", vec![profile("SQL", DeltaSync)]),
    ]));
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 C begins
         0 A/1 starts
         0 B/1 waits: Synchronization
         0 C/1 waits: Synchronization
         10 A/1 success
         10 A ends: success
         10 B/1 starts
         10 C/1 waits: BeforeSynchronization
         20 B/1 success
         20 B ends: success
         20 C/1 starts
         30 C/1 success
         30 C ends: success
         30 run ends: success",
    );
    assert_eq!(
        rig.sentences()[0],
        "waits for `HR · delta-sync` (thread `A`, since 00:00:00), which synchronizes; the overlap \
         rule lets nothing run beside it"
    );
}

#[test]
fn under_single_sync_imports_pass_a_synchronization() {
    let threads = vec![
        thread("A", vec![profile("HR", DeltaSync)]),
        thread("B", vec![profile("AD", DeltaImport)]),
        thread("C", vec![profile("SQL", DeltaSync)]),
    ];
    let mut rig = Rig::new(&with_rule(sequence(threads), OverlapRule::SingleSync));
    rig.finish();
    assert!(rig.trace().contains("  0 B/1 starts"));
    assert!(rig.trace().contains(" 10 C/1 starts"));
}

#[test]
fn one_profile_an_agent_even_when_unrestricted() {
    let threads = vec![
        thread("A", vec![profile("HR", DeltaSync)]),
        thread("B", vec![profile("hr", Export)]),
        thread("C", vec![profile("AD", DeltaSync)]),
    ];
    let mut rig = Rig::new(&with_rule(sequence(threads), OverlapRule::Unrestricted));
    rig.finish();
    assert!(rig.trace().contains("  0 B/1 waits: AgentBusy"));
    assert!(rig.trace().contains(" 10 B/1 starts"));
    assert!(rig.trace().contains("  0 C/1 starts"));
}

#[test]
fn a_synchronization_is_not_starved_by_a_stream_of_imports() {
    let imports = |agent: &str| vec![profile(agent, DeltaImport); 20];
    let mut rig = Rig::new(&sequence(vec![
        thread("A", imports("HR")),
        thread("B", imports("AD")),
        thread("C", vec![delay(1), profile("SQL", DeltaSync)]),
    ]));
    rig.finish();
    assert!(rig.trace().contains(" 10 C/2 starts"), "{}", rig.trace());
}

#[test]
fn no_more_than_the_limit_run_at_once() {
    let mut document = sequence(vec![
        thread("A", vec![profile("HR", DeltaImport)]),
        thread("B", vec![profile("AD", DeltaImport)]),
        thread("C", vec![profile("SQL", FullImport)]),
    ]);
    document.run.max_parallel = NonZeroU32::new(2);
    let mut rig = Rig::new(&document);
    rig.finish();
    assert!(rig.trace().contains("  0 C/1 waits: MaxParallel"));
    assert!(rig.trace().contains(" 10 C/1 starts"));
}

#[test]
fn a_thread_waits_its_start_delay_and_repeats_its_steps() {
    let mut late = thread("A", vec![profile("HR", DeltaImport), delay(1).disabled()]);
    late.start_delay = Duration::from_secs(3);
    late.repeat = NonZeroU32::new(2).unwrap();
    let mut rig = Rig::new(&sequence(vec![late]));
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A waits: StartDelay
         3 A begins
         3 A/1 starts
         13 A/1 success
         13 A/2 skipped: Disabled
         13 A round 2
         13 A/1 starts
         23 A/1 success
         23 A/2 skipped: Disabled
         23 A ends: success
         23 run ends: success",
    );
}

#[test]
fn a_disabled_thread_does_nothing() {
    let mut off = thread("Off", vec![profile("HR", DeltaImport)]);
    off.enabled = false;
    let mut rig = Rig::new(&sequence(vec![off, thread("On", vec![delay(1)])]));
    rig.finish();
    assert!(!rig.trace().contains("Off"));
    assert!(rig.executions.is_empty());
}

#[test]
fn ten_thousand_steps_in_one_breath() {
    let threads = (0..10)
        .map(|n| thread(&format!("T{n}"), vec![delay(0); 1_000]))
        .collect();
    let mut rig = Rig::new(&sequence(threads));
    assert!(rig.is_finished());
    rig.finish();
    assert_eq!(rig.summary().progress(), (10_000, 10_000));
}
