//! What a server limits: open requests, the size of answers, the ways to address a class. None of it
//! makes a run fail.

use std::time::Duration;

use masequencer::run::{RunEventKind, RunOutcome, Severity};

use super::rig::{Rig, company, fault, one_thread, sequence, step};

/// The scenario with a further key.
fn with(key: &str, scenario: &str) -> String {
    format!("{key}\n{scenario}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_one_request_at_a_time_is_waited_for() {
    let scenario = with("operations-per-user = 1", &company("60s", ""));
    let rig = Rig::with_max_timeout(&scenario, 100.0, Duration::from_millis(200)).await;
    let agents = ["HR", "SQL", "AD", "MIM Service"];
    let threads = agents.map(|agent| ("", step(agent, "Full Import", "")));
    let (outcome, run) = rig.run(&sequence("exclusive-sync", &threads)).await;
    assert!(outcome <= RunOutcome::Warning, "{}", run.dump());
    assert_eq!(run.results().len(), agents.len(), "{}", run.dump());
    for agent in agents {
        assert_eq!(rig.world.executions(agent), 1, "{agent}");
        assert_eq!(rig.last_run(agent).0, run.result_of(agent));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_details_are_had_if_the_server_may_send_them() {
    let errors = 12_000;
    let faults = fault(
        "discovery-errors",
        &format!("agent = \"HR\"\nobjects = {errors}\n"),
    );
    let scenario = company("100ms", &faults).replacen(
        "role = \"source\"\npeople = 40",
        &format!("role = \"source\"\npeople = {errors}"),
        1,
    );
    for (max_kb, has_details) in [(8_192, true), (500, false)] {
        let scenario = with(&format!("max-envelope-kb = {max_kb}"), &scenario);
        let rig = Rig::new(&scenario, 1.0).await;
        let (outcome, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
        // The run says what the history says of it; what cannot be had is a warning.
        assert_eq!(outcome, RunOutcome::Warning, "{}", run.dump());
        assert_eq!(run.results(), ["completed-discovery-errors"]);
        assert_eq!(rig.world.executions("HR"), 1);
        if has_details {
            let details = rig.world.with(|world, now| {
                let place = world.agent("HR").expect("it is there");
                world.details(place, now)
            });
            assert!(details.len() > 2 * 1024 * 1024, "{}", details.len());
            assert_eq!(run.last_statistics(), rig.statistics("HR"));
            assert_eq!(run.last_statistics().error_count(), errors);
            assert!(run.notices().is_empty(), "{:?}", run.notices());
        } else {
            assert!(run.last_statistics().steps.is_empty());
            let warnings: Vec<&str> = run
                .events
                .iter()
                .filter_map(|event| match event {
                    RunEventKind::Notice {
                        severity: Severity::Warning,
                        message,
                        ..
                    } => Some(message.as_str()),
                    _ => None,
                })
                .collect();
            let [warning] = warnings[..] else {
                panic!("{warnings:?}");
            };
            for part in [
                "its counters are not known",
                "MaxEnvelopeSizekb",
                "winrm set winrm/config @{MaxEnvelopeSizekb=\"8192\"}",
            ] {
                assert!(warning.contains(part), "{warning}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_details_of_a_long_run_do_not_hide_its_result() {
    let faults = fault("discovery-errors", "agent = \"HR\"\nobjects = 3000\n");
    let scenario = company("1s", &faults).replacen(
        "role = \"source\"\npeople = 40",
        "role = \"source\"\npeople = 3000",
        1,
    );
    let scenario = with("max-envelope-kb = 100", &scenario);
    let rig = Rig::with_max_timeout(&scenario, 1.0, Duration::from_millis(200)).await;
    let (outcome, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
    assert_eq!(outcome, RunOutcome::Warning, "{}", run.dump());
    assert_eq!(run.results(), ["completed-discovery-errors"]);
    assert_eq!(run.notices().len(), 1, "{:?}", run.notices());
    assert_eq!(rig.world.executions("HR"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_reached_in_the_way_that_the_server_takes() {
    for known in ["both", "wmi", "dmtf"] {
        let scenario = with(
            &format!("resource-uris = \"{known}\""),
            &company("100ms", ""),
        );
        let rig = Rig::new(&scenario, 1.0).await;
        let (outcome, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
        assert_eq!(outcome, RunOutcome::Success, "{known}\n{}", run.dump());
        assert_eq!(run.last_statistics(), rig.statistics("HR"), "{known}");
        assert_eq!(rig.world.executions("HR"), 1, "{known}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_restarts_during_the_run_is_told_by_the_result() {
    let faults = fault("service-stopped", "after = \"1s\"\nfor = \"1s\"\n");
    let scenario = company("30s", &faults);
    let rig = Rig::with_max_timeout(&scenario, 1.0, Duration::from_millis(200)).await;
    let (outcome, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
    assert_eq!(outcome, RunOutcome::Failed, "{}", run.dump());
    assert_eq!(run.results(), ["stopped-server"], "{}", run.dump());
    assert_eq!(rig.world.executions("HR"), 1);
    let away = run.notices();
    assert!(
        away.iter().any(|one| one.contains("keeps asking")),
        "{away:?}"
    );
    assert!(
        away.iter().any(|one| one.contains("answers again")),
        "{away:?}"
    );
}
