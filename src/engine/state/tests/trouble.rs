//! Failures, refusals, foreign runs, a service that vanishes.

use crate::mim::StepType::{DeltaImport, DeltaSync, Export};
use crate::mim::{ProfileName, Refusal};
use crate::model::{OnFailure, StepKind};

use super::rig::{Rig, Script, StepExt as _, assert_trace, profile, sequence, thread};

#[test]
fn a_failed_step_stops_its_thread_and_no_other() {
    let mut rig = Rig::scripted(
        &sequence(vec![
            thread("A", vec![profile("HR", DeltaImport), profile("HR", Export)]),
            thread("B", vec![profile("AD", DeltaImport), profile("AD", Export)]),
        ]),
        &[("HR", &[Script::Runs(1, "stopped-server-down")])],
    );
    rig.finish();
    assert!(rig.trace().contains("  1 A/2 skipped: EarlierFailure"));
    assert!(rig.trace().contains(" 20 B/2 success"));
    assert!(rig.trace().ends_with(" 20 run ends: failed\n"));
}

#[test]
fn a_failed_step_can_stop_everything() {
    let mut rig = Rig::scripted(
        &sequence(vec![
            thread(
                "A",
                vec![profile("HR", DeltaImport).on_failure(OnFailure::StopAll)],
            ),
            thread("B", vec![profile("AD", DeltaImport), profile("AD", Export)]),
        ]),
        &[("HR", &[Script::Runs(1, "stopped-server-down")])],
    );
    rig.finish();
    assert!(rig.trace().contains(" 10 B/1 success"));
    assert!(rig.trace().contains(" 10 B/2 skipped: Stopped"));
    assert!(rig.trace().ends_with(" 10 run ends: failed\n"));
}

#[test]
fn after_a_failed_import_its_synchronization_is_skipped_even_with_continue() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread(
            "A",
            vec![
                profile("HR", DeltaImport).on_failure(OnFailure::Continue),
                profile("AD", DeltaSync),
                profile("HR", DeltaSync),
                profile("HR", DeltaImport),
                profile("HR", DeltaSync),
            ],
        )]),
        &[("HR", &[Script::Runs(1, "stopped-server-down")])],
    );
    rig.finish();
    assert!(rig.trace().contains("A/2 success"));
    assert!(rig.trace().contains("A/3 skipped: ImportFailed"));
    assert!(
        rig.trace().contains("A/5 success"),
        "a good import lifts the ban: {}",
        rig.trace()
    );
}

#[test]
fn warnings_show_in_the_outcome() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", Export)])]),
        &[("HR", &[Script::Runs(1, "completed-export-errors")])],
    );
    rig.finish();
    assert!(rig.trace().ends_with("run ends: warning\n"));
    assert_eq!(
        rig.sentences(),
        ["the service says `completed-export-errors`"]
    );
}

#[test]
fn a_word_that_nobody_knows_has_failed() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", Export)])]),
        &[("HR", &[Script::Runs(1, "all-is-lost")])],
    );
    rig.finish();
    assert!(rig.trace().ends_with("run ends: failed\n"));
}

#[test]
fn a_foreign_run_is_waited_for_and_lets_others_pass() {
    let mut rig = Rig::scripted(
        &sequence(vec![
            thread("A", vec![profile("HR", DeltaSync)]),
            thread("B", vec![profile("AD", DeltaImport)]),
        ]),
        &[("HR", &[Script::Foreign, Script::Foreign])],
    );
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 A/1 starts
         0 B/1 waits: Synchronization
         0 B/1 starts
         0 A/1 waits: ForeignRun
         2 A/1 waits: BeforeSynchronization
         10 B/1 success
         10 B ends: success
         10 A/1 waits: ForeignRun
         24 A/1 success
         24 A ends: success
         24 run ends: success",
    );
    assert_eq!(rig.executions, ["AD delta-import", "HR delta-sync"]);
    assert!(
        rig.sentences()
            .iter()
            .any(|s| s.contains("somebody else runs `Theirs` on agent `HR`"))
    );
}

#[test]
fn a_refused_second_synchronization_is_tried_again() {
    let refusal = Script::Refuses(Refusal::SecondSynchronization, "call-failure:0x8023063D");
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", DeltaSync)])]),
        &[("HR", &[refusal])],
    );
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 A/1 starts
         0 A/1 refused
         0 A/1 waits: ForeignSynchronization
         12 A/1 success
         12 A ends: success
         12 run ends: success",
    );
}

#[test]
fn a_service_that_vanishes_and_returns_is_waited_for() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", DeltaImport)])]),
        &[("HR", &[Script::Away, Script::Away, Script::Away])],
    );
    rig.finish();
    assert!(
        rig.trace().ends_with(" 24 run ends: success\n"),
        "{}",
        rig.trace()
    );
    assert_eq!(
        rig.sentences(),
        ["waits because the server does not answer since 00:00:00: nobody answers"]
    );
}

#[test]
fn a_service_that_stays_away_is_given_up() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", DeltaImport)])]),
        &[("HR", &[const { Script::Away }; 200])],
    );
    rig.finish();
    assert!(rig.trace().ends_with("run ends: failed\n"));
    let ended = rig.events.last().unwrap().elapsed_ms / 60_000;
    assert_eq!(ended, 30, "after half an hour");
}

#[test]
fn a_wrong_password_is_tried_once() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", DeltaImport)])]),
        &[("HR", &[Script::NoLogin])],
    );
    rig.finish();
    assert_eq!(rig.calls, 1);
    assert!(rig.trace().contains("  0 A/1 failed"));
    let mut prepared = Rig::scripted(
        &sequence(vec![thread(
            "A",
            vec![profile("HR", DeltaImport).pre("ok")],
        )]),
        &[("HR", &[Script::NoLogin])],
    );
    prepared.finish();
    assert!(
        !prepared.trace().contains("command"),
        "{}",
        prepared.trace()
    );
}

#[test]
fn an_end_that_cannot_be_found_out_has_failed() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", DeltaImport)])]),
        &[("HR", &[Script::Lost(100)])],
    );
    rig.finish();
    assert_eq!(rig.sentences(), ["the server has gone"]);
    assert_eq!(rig.executions.len(), 1);
}

#[test]
fn a_profile_that_takes_too_long_is_stopped_and_has_failed() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread(
            "A",
            vec![profile("HR", DeltaImport).timeout(30)],
        )]),
        &[("HR", &[Script::Runs(3_600, "success")])],
    );
    rig.finish();
    assert!(rig.trace().contains(" 31 A/1 failed"), "{}", rig.trace());
    assert!(rig.sentences()[0].starts_with("it took longer than its limit and was stopped"));
}

#[test]
fn a_synchronization_that_waits_for_the_failing_import_of_another_thread_is_skipped() {
    let mut rig = Rig::scripted(
        &sequence(vec![
            thread("A", vec![profile("HR", DeltaImport)]),
            thread("B", vec![profile("HR", DeltaSync), profile("AD", Export)]),
        ]),
        &[("HR", &[Script::Runs(10, "stopped-server-down")])],
    );
    rig.finish();
    assert_eq!(rig.executions, ["HR delta-import", "AD export"]);
    assert!(
        rig.trace().contains(" 10 B/1 skipped: ImportFailed"),
        "{}",
        rig.trace()
    );
    assert!(rig.trace().ends_with("run ends: failed\n"));
}

#[test]
fn only_an_unbroken_silence_of_the_server_uses_patience_up() {
    let mut script = vec![Script::Away];
    // Somebody else's run of more than half an hour, which the server tells us about.
    script.extend(std::iter::repeat_n(Script::Foreign, 70));
    script.push(Script::Away);
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", Export)])]),
        &[("HR", &script)],
    );
    rig.finish();
    assert_eq!(rig.executions, ["HR export"]);
    assert!(rig.trace().ends_with("run ends: success\n"));
}

#[test]
fn a_synchronization_whose_end_is_unknown_lets_nothing_more_start() {
    let mut rig = Rig::scripted(
        &sequence(vec![
            thread("A", vec![profile("HR", DeltaSync)]),
            thread("B", vec![profile("AD", DeltaSync)]),
        ]),
        &[("HR", &[Script::Lost(100)])],
    );
    rig.finish();
    assert_eq!(rig.executions, ["HR delta-sync"]);
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 A/1 starts
         0 B/1 waits: Synchronization
         100 stop Graceful
         100 A/1 failed
         100 A ends: failed
         100 B/1 skipped: Stopped
         100 B ends: stopped
         100 run ends: failed",
    );
}

#[test]
fn a_profile_of_unknown_type_lifts_no_ban_but_its_own() {
    let unknown = |name: &str| {
        let mut step = profile("HR", DeltaImport);
        if let StepKind::RunProfile(run) = &mut step.kind {
            run.profile = ProfileName::new(name).unwrap();
            run.step_type = None;
        }
        step.on_failure(OnFailure::Continue)
    };
    let failed = [Script::Runs(1, "stopped-server-down")];
    for (second, may) in [("Other", false), ("Import", true)] {
        let steps = vec![unknown("Import"), unknown(second), profile("HR", DeltaSync)];
        let mut rig = Rig::scripted(&sequence(vec![thread("A", steps)]), &[("HR", &failed)]);
        rig.finish();
        assert_eq!(
            rig.trace().contains("A/3 success"),
            may,
            "{second}:\n{}",
            rig.trace()
        );
    }
}
