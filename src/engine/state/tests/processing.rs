//! Pre- and post-processing of step, thread and sequence.

use crate::mim::StepType::{DeltaImport, DeltaSync};
use crate::model::{Command, OnFailure, When};

use super::rig::{
    Rig, Script, StepExt as _, assert_trace, command, delay, post, profile, sequence, thread,
};

#[test]
fn processing_runs_around_sequence_thread_and_step() {
    let step = profile("HR", DeltaImport)
        .pre("ok:1")
        .post(When::Success, "ok:2");
    let mut one = thread("A", vec![step]);
    one.processing.pre.push(Command::new("ok:3"));
    one.processing.post.push(post(When::Always, "ok:4"));
    let mut document = sequence(vec![one]);
    document.processing.pre.push(Command::new("ok:5"));
    document.processing.post.push(post(When::Success, "ok:6"));
    document.processing.post.push(post(When::Failure, "fail:7"));
    let mut rig = Rig::new(&document);
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 run command ok:5
         5 A begins
         5 A command ok:3
         8 A/1 starts
         8 A/1 command ok:1
         19 A/1 command ok:2
         21 A/1 success
         21 A command ok:4
         25 A ends: success
         25 run command ok:6
         31 run ends: success",
    );
}

#[test]
fn a_failing_pre_processing_stops_its_step_and_its_thread() {
    let step = profile("HR", DeltaImport)
        .pre("fail:1")
        .pre("ok")
        .post(When::Failure, "ok:1");
    let mut rig = Rig::new(&sequence(vec![
        thread("A", vec![step, profile("HR", DeltaSync)]),
        thread("B", vec![delay(5)]),
    ]));
    rig.finish();
    assert!(rig.executions.is_empty());
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 B begins
         0 B/1 starts
         0 A/1 starts
         0 A/1 command fail:1
         1 A/1 command ok:1
         2 A/1 failed
         2 A/2 skipped: EarlierFailure
         2 A ends: failed
         5 B/1 success
         5 B ends: success
         5 run ends: failed",
    );
    assert_eq!(
        rig.sentences(),
        [
            "the pre-processing failed: it ended with exit code 1, which is not allowed",
            "skipped because `HR · delta-import` failed before it and its thread stops on failure",
        ]
    );
}

#[test]
fn a_failing_pre_processing_of_a_thread_skips_its_steps() {
    let mut one = thread("A", vec![delay(1), delay(1)]);
    one.processing.pre.push(Command::new("fail"));
    one.processing.post.push(post(When::Failure, "ok:2"));
    let mut rig = Rig::new(&sequence(vec![one]));
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 A begins
         0 A command fail
         0 A/1 skipped: PreProcessing
         0 A/2 skipped: PreProcessing
         0 A command ok:2
         2 A ends: failed
         2 run ends: failed",
    );
}

#[test]
fn a_failing_pre_processing_of_the_sequence_starts_no_thread() {
    let mut document = sequence(vec![thread("A", vec![delay(1)])]);
    document.processing.pre.push(Command::new("fail"));
    let mut rig = Rig::new(&document);
    rig.finish();
    assert_trace(
        &rig,
        "0 run begins
         0 run command fail
         0 A/1 skipped: PreProcessing
         0 A ends: skipped
         0 run ends: failed",
    );
}

#[test]
fn a_failing_post_processing_is_a_warning() {
    let step = profile("HR", DeltaImport)
        .post(When::Always, "fail")
        .post(When::Always, "ok");
    let mut rig = Rig::new(&sequence(vec![thread("A", vec![step, delay(1)])]));
    rig.finish();
    assert!(rig.trace().contains(" 10 A/1 warning"));
    assert!(rig.trace().contains(" 10 A/2 starts"));
    assert!(rig.trace().ends_with("run ends: warning\n"));
}

#[test]
fn post_processing_runs_when_it_is_wanted() {
    for (result, wanted) in [
        ("success", "success"),
        ("completed-export-errors", "warning"),
        ("stopped-server-down", "failure"),
    ] {
        let step = profile("HR", DeltaImport)
            .post(When::Success, "ok-success")
            .post(When::Warning, "ok-warning")
            .post(When::Failure, "ok-failure");
        let mut rig = Rig::scripted(
            &sequence(vec![thread("A", vec![step])]),
            &[("HR", &[Script::Runs(1, result)])],
        );
        rig.finish();
        let commands: Vec<String> = rig
            .trace()
            .lines()
            .filter(|l| l.contains("command"))
            .map(str::to_owned)
            .collect();
        assert_eq!(
            commands,
            [format!("  1 A/1 command ok-{wanted}")],
            "{result}"
        );
    }
}

#[test]
fn the_result_takes_the_place_of_its_word() {
    let mut step = profile("HR", DeltaImport);
    let mut notify = post(When::Always, "ok");
    notify.command.arguments = vec!["it said *MA_RUN_RESULT*!".to_owned()];
    step.processing.post.push(notify);
    let mut prepare = Command::new("ok");
    prepare.arguments = vec!["[*MA_RUN_RESULT*]".to_owned()];
    step.processing.pre.push(prepare);
    let mut rig = Rig::scripted(
        &sequence(vec![thread("A", vec![step])]),
        &[("HR", &[Script::Runs(1, "completed-warnings")])],
    );
    rig.finish();
    assert!(rig.trace().contains("command ok []"));
    assert!(
        rig.trace()
            .contains("command ok \"it said completed-warnings!\"")
    );
}

#[test]
fn a_command_step_fails_with_its_exit_code_and_may_be_continued() {
    let mut rig = Rig::new(&sequence(vec![thread(
        "A",
        vec![
            command("fail:1").on_failure(OnFailure::Continue),
            command("ok:1"),
        ],
    )]));
    rig.finish();
    assert!(rig.trace().contains("  2 A/2 success"));
    assert!(rig.trace().ends_with("run ends: failed\n"));
}

#[test]
fn a_hanging_command_ends_at_its_limit() {
    let mut rig = Rig::new(&sequence(vec![thread(
        "A",
        vec![command("hang").timeout(7)],
    )]));
    rig.finish();
    assert!(rig.trace().contains("  7 A/1 failed"));
    assert_eq!(
        rig.sentences(),
        ["it took longer than its limit and was ended"]
    );
}
