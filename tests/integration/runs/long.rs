//! Runs that last longer than any request may: `Execute` is cut off, the run is followed.

use std::time::Duration;

use masequencer::run::{RunEventKind, RunOutcome};

use super::rig::{Rig, company, fault, one_thread, sequence, step};

/// The longest that the server lets a request take in these tests.
const MAX_TIMEOUT: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_longer_than_a_request_end_with_their_result_and_counters() {
    let faults = [
        fault("export-errors", "agent = \"AD\"\nobjects = 2\n"),
        fault(
            "result",
            "agent = \"SQL\"\nresult = \"stopped-file-embedded-nulls\"\n",
        ),
    ]
    .concat();
    let rig = Rig::with_max_timeout(&company("2s", &faults), 1.0, MAX_TIMEOUT).await;
    for (agent, profile, expected) in [
        ("HR", "Full Import", "success"),
        ("SQL", "Delta Import", "stopped-file-embedded-nulls"),
        ("HR", "Delta Sync", "success"),
    ] {
        let (_, run) = rig.run(&one_thread(&step(agent, profile, ""))).await;
        assert_eq!(run.results(), [expected], "{}", run.dump());
        assert_eq!(
            run.last_statistics(),
            rig.statistics(agent),
            "{agent} {profile}"
        );
        assert_eq!(rig.last_run(agent).0, expected);
        let progress = run.count(|event| matches!(event, RunEventKind::ProfileProgress { .. }));
        assert!(progress >= 1, "it was seen while it ran\n{}", run.dump());
        assert!(run.notices().is_empty(), "{:?}", run.notices());
    }
    assert_eq!(rig.world.executions("HR"), 2);
    assert_eq!(rig.world.executions("SQL"), 1);
    // What the synchronization decided is exported, and two objects of it are refused.
    let (_, run) = rig.run(&one_thread(&step("AD", "Export", ""))).await;
    assert_eq!(run.results(), ["completed-export-errors"], "{}", run.dump());
    assert_eq!(run.last_statistics().error_count(), 2);
    assert_eq!(run.last_statistics(), rig.statistics("AD"));
    assert_eq!(rig.world.executions("AD"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_runs_side_by_side_are_not_mixed_up() {
    let rig = Rig::with_max_timeout(&company("1500ms", ""), 1.0, MAX_TIMEOUT).await;
    let threads: Vec<(&str, String)> = ["HR", "SQL", "AD"]
        .map(|agent| ("", step(agent, "Full Import", "")))
        .into();
    let (outcome, run) = rig.run(&sequence("exclusive-sync", &threads)).await;
    assert!(outcome <= RunOutcome::Warning, "{}", run.dump());
    for wanted in ["HR", "SQL", "AD"] {
        let statistics = run.events.iter().find_map(|event| match event {
            RunEventKind::ProfileFinished {
                agent, statistics, ..
            } if agent == wanted => Some(statistics.clone()),
            _ => None,
        });
        assert_eq!(statistics, Some(rig.statistics(wanted)), "{wanted}");
        assert_eq!(rig.world.executions(wanted), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn completing_is_not_the_end() {
    for max_timeout in [MAX_TIMEOUT, Duration::from_mins(1)] {
        let faults = fault("early-reply", "agent = \"HR\"\n");
        let rig = Rig::with_max_timeout(&company("1500ms", &faults), 1.0, max_timeout).await;
        let steps = ["HR", "SQL"].map(|agent| step(agent, "Full Sync", ""));
        let (outcome, run) = rig.run(&one_thread(&steps.concat())).await;
        assert!(outcome <= RunOutcome::Warning, "{}", run.dump());
        assert_eq!(run.results().len(), 2, "{}", run.dump());
        assert!(
            !run.results()
                .iter()
                .any(|result| result.starts_with("completing")),
            "{:?}",
            run.results()
        );
        // A run that were taken for ended would have let the next synchronization be refused.
        assert_eq!(rig.world.refused_synchronizations(), 0);
        assert_eq!(rig.last_run("HR").0, run.results()[0]);
        assert_eq!(rig.world.executions("HR"), 1);
        assert_eq!(rig.world.executions("SQL"), 1);
    }
}
