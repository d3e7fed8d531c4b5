//! Pause, resume and stop in every state.

use crate::mim::StepType::{DeltaImport, DeltaSync, Export};
use crate::model::When;
use crate::run::RunControl::{Pause, Resume};
use crate::run::StopMode::{Graceful, Now};

use super::rig::{
    Rig, Script, StepExt as _, assert_trace, command, delay, post, profile, sequence, thread,
};

#[test]
fn pause_lets_a_profile_finish_and_starts_nothing() {
    let mut rig = Rig::new(&sequence(vec![thread(
        "A",
        vec![profile("HR", DeltaImport), profile("HR", DeltaSync)],
    )]));
    rig.until(4)
        .control(Pause)
        .control(Pause)
        .until(100)
        .control(Resume)
        .control(Resume)
        .finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 A/1 starts
         4 paused
         10 A/1 success
         10 A/2 waits: Paused
         100 resumed
         100 A/2 starts
         110 A/2 success
         110 A ends: success
         110 run ends: success",
    );
}

#[test]
fn pause_stops_the_clock_of_a_delay_and_of_a_start_delay() {
    let mut late = thread("B", vec![delay(1)]);
    late.start_delay = std::time::Duration::from_secs(20);
    let mut rig = Rig::new(&sequence(vec![thread("A", vec![delay(10)]), late]));
    rig.until(4)
        .control(Pause)
        .until(1_000)
        .control(Resume)
        .finish();
    let trace = rig.trace();
    assert!(trace.contains("1006 A/1 success"), "{trace}");
    assert!(trace.contains("1016 B begins"), "{trace}");
}

#[test]
fn pause_between_question_and_answer_withholds_the_start() {
    // The pause arrives while the profile is being prepared: its question comes after it.
    let mut rig = Rig::new(&sequence(vec![thread(
        "A",
        vec![profile("HR", DeltaImport)],
    )]));
    rig.control(Pause).until(50);
    assert!(rig.executions.is_empty());
    rig.control(Resume).finish();
    assert_eq!(rig.executions.len(), 1);
    assert!(rig.trace().contains(" 60 A/1 success"), "{}", rig.trace());
}

#[test]
fn pause_before_a_command_holds_it() {
    let mut rig = Rig::new(&sequence(vec![thread(
        "A",
        vec![delay(5), command("ok:1")],
    )]));
    rig.until(4).control(Pause).until(50);
    assert!(!rig.trace().contains("command"));
    rig.control(Resume).finish();
    assert!(rig.trace().contains(" 51 A/2 starts"), "{}", rig.trace());
}

#[test]
fn a_graceful_stop_finishes_what_runs_with_its_post_processing() {
    let step = profile("HR", DeltaImport).post(When::Always, "ok");
    let mut rig = Rig::new(&sequence(vec![
        thread("A", vec![step, profile("HR", DeltaSync)]),
        thread("B", vec![profile("SQL", DeltaSync)]),
        thread("C", vec![delay(50)]),
    ]));
    rig.until(4).stop(Graceful).finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 C begins
         0 C/1 starts
         0 A/1 starts
         0 B/1 waits: BeforeSynchronization
         4 stop Graceful
         4 B/1 skipped: Stopped
         4 B ends: stopped
         4 C/1 stopped
         4 C ends: stopped
         10 A/1 command ok
         10 A/1 success
         10 A/2 skipped: Stopped
         10 A ends: stopped
         10 run ends: stopped",
    );
}

#[test]
fn stop_now_asks_the_service_and_ends_commands() {
    let mut rig = Rig::new(&sequence(vec![
        thread(
            "A",
            vec![profile("HR", DeltaImport).post(When::Always, "ok")],
        ),
        thread("B", vec![command("hang")]),
    ]));
    rig.until(4).stop(Graceful).until(6).stop(Now).finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 B/1 starts
         0 B/1 command hang
         0 A/1 starts
         4 stop Graceful
         6 stop Now
         6 B/1 stopped
         6 B ends: stopped
         7 A/1 stopped
         7 A ends: stopped
         7 run ends: stopped",
    );
}

#[test]
fn a_stop_while_paused_ends_the_run() {
    let mut rig = Rig::new(&sequence(vec![thread("A", vec![delay(5), delay(5)])]));
    rig.until(2)
        .control(Pause)
        .until(100)
        .stop(Graceful)
        .finish();
    assert!(rig.trace().ends_with("100 run ends: stopped\n"));
}

#[test]
fn a_stop_in_a_pre_processing_starts_nothing_more() {
    let step = profile("HR", DeltaImport)
        .pre("ok:10")
        .post(When::Failure, "ok");
    let mut rig = Rig::new(&sequence(vec![thread("A", vec![step])]));
    rig.until(5).stop(Graceful).finish();
    assert!(rig.executions.is_empty());
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 A/1 starts
         0 A/1 command ok:10
         5 stop Graceful
         10 A/1 command ok
         10 A/1 stopped
         10 A ends: stopped
         10 run ends: stopped",
    );
}

#[test]
fn a_stop_while_waiting_for_a_foreign_run_ends_at_once() {
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![profile("HR", DeltaImport)])]),
        &[("HR", &[Script::Foreign, Script::Foreign, Script::Foreign])],
    );
    rig.until(3).stop(Graceful).finish();
    assert!(
        rig.trace().ends_with("  3 run ends: stopped\n"),
        "{}",
        rig.trace()
    );
    assert!(rig.executions.is_empty());
}

#[test]
fn a_stop_that_cuts_nothing_short_does_not_change_the_outcome() {
    let mut rig = Rig::new(&sequence(vec![thread(
        "A",
        vec![profile("HR", DeltaImport)],
    )]));
    rig.until(5).stop(Graceful).finish();
    assert!(rig.trace().ends_with(" 10 run ends: success\n"));
}

#[test]
fn an_order_after_the_end_changes_nothing() {
    let mut rig = Rig::new(&sequence(vec![thread("A", vec![delay(1)])]));
    rig.finish();
    let before = rig.events.len();
    rig.control(Pause).stop(Now);
    assert_eq!(rig.events.len(), before);
}

#[test]
fn a_stop_skips_a_thread_in_its_start_delay() {
    let mut late = thread("A", vec![delay(1)]);
    late.start_delay = std::time::Duration::from_secs(9);
    let mut rig = Rig::new(&sequence(vec![late]));
    rig.until(2).stop(Graceful).finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A waits: StartDelay
         2 stop Graceful
         2 A/1 skipped: Stopped
         2 A ends: stopped
         2 run ends: stopped",
    );
}

#[test]
fn nobody_is_told_of_success_after_a_stop() {
    let mut one = thread("A", vec![profile("HR", DeltaImport), profile("HR", Export)]);
    one.processing.post = vec![post(When::Success, "fail"), post(When::Failure, "ok:1")];
    let mut document = sequence(vec![one]);
    document.processing.post = vec![post(When::Success, "fail"), post(When::Failure, "ok:2")];
    let mut rig = Rig::new(&document);
    rig.until(4).stop(Graceful).finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 A/1 starts
         4 stop Graceful
         10 A/1 success
         10 A/2 skipped: Stopped
         10 A command ok:1
         11 A ends: stopped
         11 run command ok:2
         13 run ends: stopped",
    );
}
