//! Somebody else's runs: waited for, told, never taken for ours and never stopped.

use std::time::Duration;

use masequencer::mim::{AgentName, ProfileName};
use masequencer::run::{RunEventKind, RunOutcome, StepOutcome};
use masequencer::service::SyncService as _;

use super::rig::{Rig, company, fault, one_thread, sequence, step};

const SOMEBODY: &str = "CORP\\somebody";

/// The number of our run on its agent, as the event tells it.
fn run_number(events: &[RunEventKind]) -> Option<u64> {
    events.iter().find_map(|event| match event {
        RunEventKind::ProfileFinished { run_number, .. } => *run_number,
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_run_in_the_way_is_waited_for_and_told() {
    let (rig, clock) = Rig::standing_still(&company("1h", "")).await;
    let other = rig.client();
    let theirs = tokio::spawn(async move {
        let agent = AgentName::new("HR").expect("a name");
        let profile = ProfileName::new("Full Sync").expect("a name");
        other.execute(&agent, &profile).await
    });
    rig.executed("HR", 1).await;
    let mut run = rig.start(&one_thread(&step("HR", "Full Import", ""))).await;
    let sentence = run.waits("waits because somebody else runs").await;
    assert!(
        sentence.contains("`Full Sync` on agent `HR`, seen since "),
        "{sentence}"
    );
    assert_eq!(rig.world.executions("HR"), 1);
    rig.pass(&clock, Duration::from_hours(2));
    theirs
        .await
        .expect("it is not broken off")
        .expect("it is answered");
    rig.executed("HR", 2).await;
    rig.pass(&clock, Duration::from_hours(2));
    assert_eq!(run.finish().await, RunOutcome::Success, "{}", run.dump());
    assert_eq!(rig.world.executions("HR"), 2);
    assert_eq!(rig.world.refused_busy(), 0, "it looked before it ordered");
    assert_eq!(run.last_statistics(), rig.statistics("HR"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_synchronization_elsewhere_is_waited_for_and_told() {
    let (rig, clock) = Rig::standing_still(&company("1h", "")).await;
    rig.foreign("SQL", "Delta Sync");
    let mut run = rig.start(&one_thread(&step("HR", "Delta Sync", ""))).await;
    run.waits("waits because somebody else synchronizes on this server")
        .await;
    assert_eq!(rig.world.executions("HR"), 0);
    rig.pass(&clock, Duration::from_hours(2));
    rig.executed("HR", 1).await;
    rig.pass(&clock, Duration::from_hours(2));
    let outcome = run.finish().await;
    assert!(outcome <= RunOutcome::Warning, "{}", run.dump());
    assert_eq!(rig.world.executions("HR"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_run_that_follows_ours_at_once_is_not_taken_for_it() {
    // Another profile and the same one; the answer to our order arrives, or is lost.
    for (profile, lost) in [
        ("Full Import", false),
        ("Export", false),
        ("Full Import", true),
        ("Export", true),
    ] {
        let keys = "request = \"Execute\"\nphase = \"after\"\n";
        let faults = if lost {
            fault("connection-reset", keys)
        } else {
            String::new()
        };
        let (rig, clock) = Rig::standing_still(&company("1h", &faults)).await;
        let before = rig.run_number("HR");
        let mut run = rig.start(&one_thread(&step("HR", "Full Import", ""))).await;
        rig.executed("HR", 1).await;
        clock.advance(Duration::from_hours(2));
        rig.foreign("HR", profile);
        assert_eq!(run.finish().await, RunOutcome::Success, "{}", run.dump());
        assert_eq!(run.results(), ["success"], "{profile} {lost}");
        assert_eq!(run_number(&run.events), Some(before + 1), "{}", run.dump());
        // The agent tells the details of their run now; the history still has ours.
        assert_eq!(run.last_statistics(), rig.statistics_of("HR", before + 1));
        assert!(run.notices().is_empty(), "{:?}", run.notices());
        let (result, account) = rig.last_run("HR");
        assert_eq!(
            (result.as_str(), account.as_str()),
            ("in-progress", SOMEBODY)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_is_faster_than_a_lost_order_is_waited_for() {
    let keys = "request = \"Execute\"\nphase = \"before\"\ncount = 1\n";
    let (rig, clock) = Rig::standing_still(&company("1h", &fault("silence", keys))).await;
    let mut run = rig.start(&one_thread(&step("HR", "Full Import", ""))).await;
    run.profile_started("HR").await;
    rig.foreign("HR", "Export");
    run.notice("somebody else runs `Export` there").await;
    rig.pass(&clock, Duration::from_hours(2));
    rig.executed("HR", 2).await;
    rig.pass(&clock, Duration::from_hours(2));
    assert_eq!(run.finish().await, RunOutcome::Success, "{}", run.dump());
    assert_eq!(rig.world.executions("HR"), 2, "theirs and ours");
    assert_eq!(run.last_statistics(), rig.statistics("HR"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_now_stops_only_what_this_run_started() {
    let (rig, clock) = Rig::standing_still(&company("1h", "")).await;
    let steps = |steps: &[(&str, &str)]| {
        let steps: Vec<String> = steps
            .iter()
            .map(|(agent, profile)| step(agent, profile, ""))
            .collect();
        ("", steps.concat())
    };
    let threads = [
        steps(&[("HR", "Full Import")]),
        steps(&[("SQL", "Full Import"), ("SQL", "Delta Import")]),
        steps(&[("MIM Service", "Export"), ("AD", "Delta Import")]),
    ];
    let mut run = rig.start(&sequence("exclusive-sync", &threads)).await;
    for agent in ["HR", "SQL", "MIM Service"] {
        rig.executed(agent, 1).await;
    }
    // When these have ended, somebody is on an agent that ours is yet to use, and on one that it has
    // used.
    clock.advance(Duration::from_hours(2));
    rig.foreign("AD", "Full Import");
    rig.foreign("HR", "Full Import");
    run.waits("somebody else runs `Full Import` on agent `AD`")
        .await;
    rig.executed("SQL", 2).await;
    run.stop_now().await;
    assert_eq!(run.finish().await, RunOutcome::Stopped, "{}", run.dump());
    let stopped = "stopped-user-termination-from-wmi-or-ui";
    assert_eq!(rig.last_run("SQL").0, stopped);
    for agent in ["AD", "HR"] {
        let (result, account) = rig.last_run(agent);
        assert_eq!(
            (result.as_str(), account.as_str()),
            ("in-progress", SOMEBODY),
            "{agent}"
        );
    }
    assert_eq!(rig.last_run("MIM Service").0, run.result_of("MIM Service"));
    let orders = ["HR", "SQL", "MIM Service", "AD"].map(|agent| rig.world.executions(agent));
    assert_eq!(orders, [2, 2, 1, 1], "ours and theirs");
    let ends = run.steps().into_iter();
    let ends = ends.filter(|(outcome, _)| *outcome == StepOutcome::Stopped);
    assert_eq!(ends.count(), 2, "{}", run.dump());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_at_once_share_a_server() {
    let rig = Rig::new(&company("1s", ""), 1.0).await;
    let steps = |first: &str, second: &str| {
        let steps = [
            step(first, "Delta Sync", ""),
            step(second, "Full Import", ""),
        ];
        one_thread(&steps.concat())
    };
    let mut one = rig.start(&steps("HR", "SQL")).await;
    let mut other = rig.start(&steps("SQL", "HR")).await;
    let (first, second) = tokio::join!(one.finish(), other.finish());
    for (outcome, run) in [(first, &one), (second, &other)] {
        assert!(outcome <= RunOutcome::Warning, "{}", run.dump());
        assert_eq!(run.results().len(), 2, "{}", run.dump());
    }
    // Each waited for what it did not know of, and nothing was ordered twice.
    for agent in ["HR", "SQL"] {
        assert_eq!(rig.world.executions(agent), 2);
    }
    let waited = |event: &RunEventKind| matches!(event, RunEventKind::Waiting { sentence, .. } if sentence.contains("somebody else"));
    let (one, other) = (one.count(waited), other.count(waited));
    assert!(one + other >= 1, "both synchronize at once");
}
