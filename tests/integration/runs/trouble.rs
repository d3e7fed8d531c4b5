//! Runs that go wrong on the server, each with its outcome, its sentence and exactly one order.

use std::time::Duration;

use masequencer::run::{RunEventKind, RunOutcome, StepOutcome};

use super::rig::{Rig, company, fault, one_thread, sequence, step};

const STOPPED: &str = "stopped-user-termination-from-wmi-or-ui";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_hangs_is_stopped_by_the_limit_of_its_step() {
    let rig = Rig::new(&company("20ms", &fault("hang", "agent = \"HR\"\n")), 1.0).await;
    let limited = "timeout=\"400ms\" on-failure=\"continue\"";
    let steps = [
        step("HR", "Full Import", limited),
        step("HR", "Delta Sync", ""),
        step("SQL", "Full Import", ""),
    ];
    let (outcome, run) = rig.run(&one_thread(&steps.concat())).await;
    assert_eq!(outcome, RunOutcome::Failed);
    let [(first, sentence), (second, skipped), (third, _)] = run.steps()[..] else {
        panic!("{}", run.dump());
    };
    assert_eq!(first, StepOutcome::Failed);
    assert_eq!(
        sentence,
        format!("it took longer than its limit and was stopped; the service says `{STOPPED}`")
    );
    assert_eq!(second, StepOutcome::Skipped);
    assert!(
        skipped.contains("the import of agent `HR` failed"),
        "{skipped}"
    );
    assert_eq!(third, StepOutcome::Success);
    assert_eq!(rig.last_run("HR").0, STOPPED);
    assert_eq!(rig.world.executions("HR"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_hangs_is_stopped_by_stop_now() {
    // Once while its request is still open, once after the request was cut off.
    for max_timeout in [Duration::from_mins(1), Duration::from_millis(200)] {
        let scenario = company("20ms", &fault("hang", ""));
        let rig = Rig::with_max_timeout(&scenario, 1.0, max_timeout).await;
        let mut run = rig.start(&one_thread(&step("HR", "Full Sync", ""))).await;
        rig.executed("HR", 1).await;
        run.stop_now().await;
        assert_eq!(run.finish().await, RunOutcome::Stopped);
        let sentence = format!("it was stopped with the run; the service says `{STOPPED}`");
        assert_eq!(run.steps(), [(StepOutcome::Stopped, sentence.as_str())]);
        assert_eq!(rig.last_run("HR").0, STOPPED);
        assert_eq!(rig.world.executions("HR"), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_of_a_run_has_its_result_and_its_sentence() {
    for (kind, keys, profile, result, outcome, part) in [
        (
            "deadlock",
            "",
            "Delta Sync",
            "stopped-deadlocked",
            RunOutcome::Failed,
            "`stopped-deadlocked`",
        ),
        (
            "discovery-errors",
            "objects = 3\n",
            "Full Import",
            "completed-discovery-errors",
            RunOutcome::Warning,
            "`completed-discovery-errors`, 3 objects with errors; the first: ",
        ),
        (
            "result",
            "result = \"stopped-server-down\"\n",
            "Full Import",
            "stopped-server-down",
            RunOutcome::Failed,
            "`stopped-server-down`; the connection: ",
        ),
        (
            "result",
            "result = \"finished-well\"\n",
            "Full Import",
            "finished-well",
            RunOutcome::Failed,
            "`finished-well`, which nobody knows; it counts as failed",
        ),
    ] {
        let rig = Rig::new(&company("20ms", &fault(kind, keys)), 1.0).await;
        let (ended, run) = rig.run(&one_thread(&step("HR", profile, ""))).await;
        assert_eq!(ended, outcome, "{result}\n{}", run.dump());
        assert_eq!(run.results(), [result]);
        let (_, sentence) = run.steps()[0];
        assert!(sentence.contains(part), "{sentence}");
        assert_eq!(run.last_statistics(), rig.statistics("HR"), "{result}");
        assert_eq!(rig.world.executions("HR"), 1, "{result}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mass_delete_is_seen_in_the_counters() {
    let faults = fault("mass-delete", "agent = \"HR\"\npercent = 50\n");
    let rig = Rig::new(&company("20ms", &faults), 1.0).await;
    let (outcome, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
    // Nothing guards against it yet: the service itself calls it a success.
    assert_eq!(outcome, RunOutcome::Success, "{}", run.dump());
    let deleted = run.last_statistics().totals().get("stage-delete").copied();
    assert!(deleted.is_some_and(|count| count >= 15), "{deleted:?}");
    assert_eq!(run.last_statistics(), rig.statistics("HR"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_are_refused_for_good_are_given_once() {
    for (kind, word) in [
        ("access-denied", "access-denied"),
        ("call-failure", "call-failure:0x80230709"),
    ] {
        // A second order would be taken.
        let rig = Rig::new(&company("20ms", &fault(kind, "count = 1\n")), 1.0).await;
        let (outcome, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
        assert_eq!(outcome, RunOutcome::Failed);
        assert_eq!(run.results(), [word]);
        let (outcome, sentence) = run.steps()[0];
        assert_eq!(outcome, StepOutcome::Failed);
        assert!(
            sentence.starts_with(&format!("the service says `{word}`")),
            "{sentence}"
        );
        assert_eq!(rig.world.executions("HR"), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_somebody_changes_is_waited_for() {
    let faults = fault("update-in-progress", "count = 1\n");
    let rig = Rig::new(&company("20ms", &faults), 1.0).await;
    let mut run = rig.start(&one_thread(&step("HR", "Full Import", ""))).await;
    run.waits("creates, changes or deletes an agent").await;
    assert_eq!(run.finish().await, RunOutcome::Success, "{}", run.dump());
    let refused = |event: &RunEventKind| matches!(event, RunEventKind::ProfileRefused { .. });
    assert_eq!(run.count(refused), 1);
    assert_eq!(rig.world.executions("HR"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_stopped_before_a_step_is_waited_for() {
    let faults = fault("service-stopped", "after = \"10s\"\nfor = \"10s\"\n");
    let (rig, clock) = Rig::standing_still(&company("1s", &faults)).await;
    let ready = rig
        .prepare(&one_thread(&step("HR", "Full Import", "")))
        .await;
    rig.pass(&clock, Duration::from_secs(15));
    let mut run = ready.start();
    let sentence = run
        .waits("waits because the server does not answer since")
        .await;
    assert!(sentence.contains("(connection-failure)"), "{sentence}");
    assert!(sentence.contains("check that it is started"), "{sentence}");
    assert_eq!(rig.world.executions("HR"), 0);
    rig.pass(&clock, Duration::from_secs(10));
    rig.executed("HR", 1).await;
    rig.pass(&clock, Duration::from_secs(2));
    assert_eq!(run.finish().await, RunOutcome::Success, "{}", run.dump());
    assert_eq!(rig.world.executions("HR"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_stopped_during_a_run_is_asked_until_it_is_back() {
    // The answer to the order is lost, so that the run has to be followed.
    let faults = [
        fault("service-stopped", "after = \"10s\"\nfor = \"10s\"\n"),
        fault(
            "connection-reset",
            "request = \"Execute\"\nphase = \"after\"\n",
        ),
    ]
    .concat();
    let (rig, clock) = Rig::standing_still(&company("1h", &faults)).await;
    let threads = [
        ("", step("HR", "Full Import", "")),
        ("", step("HR", "Delta Sync", "")),
    ];
    let mut run = rig.start(&sequence("exclusive-sync", &threads)).await;
    run.wait_for("it is seen running", |event| {
        matches!(event, RunEventKind::ProfileProgress { .. }).then_some(())
    })
    .await;
    rig.pass(&clock, Duration::from_secs(15));
    let lost = run
        .wait_for("the service is missed", |event| match event {
            RunEventKind::Notice { message, .. } => Some(message.clone()),
            _ => None,
        })
        .await;
    assert!(
        lost.contains("cannot ask the server how `Full Import` of agent `HR` is going"),
        "{lost}"
    );
    rig.pass(&clock, Duration::from_secs(10));
    assert_eq!(run.finish().await, RunOutcome::Failed);
    assert_eq!(run.results(), ["stopped-server"], "{}", run.dump());
    assert!(
        run.notices()[1].contains("the server answers again after"),
        "{:?}",
        run.notices()
    );
    let (outcome, sentence) = run.steps()[0];
    assert_eq!(outcome, StepOutcome::Failed);
    assert!(
        sentence.contains("the service says `stopped-server`"),
        "{sentence}"
    );
    // The synchronization of what was not imported is left out, and was never ordered.
    assert_eq!(run.steps()[1].0, StepOutcome::Skipped);
    assert_eq!(rig.world.executions("HR"), 1);
}
