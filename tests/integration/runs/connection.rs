//! Broken connections at every place of a step: whatever happens to the messages, the service is
//! ordered once.

use std::time::Duration;

use masequencer::run::{RunEventKind, RunOutcome, StepOutcome};
use tokio::task::JoinSet;

use super::rig::{Rig, company, fault, one_thread, sequence, step};

/// A request of a step: its name, how many of them come before (an inventory asks for the status of
/// each agent once), and what else is in its way.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// The look at the agent before the order.
    Look,
    /// The last run number before the order.
    Number,
    /// The order, before it is carried out.
    OrderLost,
    /// The answer to the order.
    OrderAnswer,
    /// The status of the run that goes on.
    Status,
    /// The details of the run that has ended.
    Details,
}

impl Place {
    const ALL: [Self; 6] = [
        Self::Look,
        Self::Number,
        Self::OrderLost,
        Self::OrderAnswer,
        Self::Status,
        Self::Details,
    ];

    /// The fault's keys; it strikes once.
    fn keys(self) -> String {
        let (request, phase, skip) = match self {
            Self::Look => ("RunStatus", "before", 1),
            Self::Number => ("RunNumber", "before", 0),
            Self::OrderLost => ("Execute", "before", 0),
            Self::OrderAnswer => ("Execute", "after", 0),
            Self::Status => ("RunStatus", "after", 2),
            Self::Details => ("RunDetails", "before", 0),
        };
        format!(
            "agent = \"HR\"\nrequest = \"{request}\"\nphase = \"{phase}\"\nskip = {skip}\ncount = 1\n"
        )
    }
}

/// One step with one fault: how it ended and what the server counted.
async fn one_fault(kind: &str, place: Place) -> (Vec<String>, Vec<(StepOutcome, String)>, u64) {
    // The request is cut off, so that the run is followed.
    let scenario = company("900ms", &fault(kind, &place.keys()));
    let rig = Rig::with_max_timeout(&scenario, 1.0, Duration::from_millis(300)).await;
    let (_, run) = rig.run(&one_thread(&step("HR", "Full Import", ""))).await;
    let results = run.results().into_iter().map(str::to_owned).collect();
    let steps = run.steps().into_iter();
    let steps = steps.map(|(outcome, sentence)| (outcome, sentence.to_owned()));
    let statistics = run.last_statistics();
    if !statistics.steps.is_empty() {
        assert_eq!(statistics, rig.statistics("HR"), "{kind} {place:?}");
    }
    (results, steps.collect(), rig.world.executions("HR"))
}

async fn every_place(
    kind: &'static str,
) -> Vec<(Place, Vec<String>, Vec<(StepOutcome, String)>, u64)> {
    let mut all = JoinSet::new();
    for place in Place::ALL {
        all.spawn(async move {
            let (results, steps, executions) = one_fault(kind, place).await;
            (place, results, steps, executions)
        });
    }
    all.join_all().await
}

async fn passes_at_every_place(kind: &'static str) {
    for (place, results, steps, executions) in every_place(kind).await {
        assert_eq!(results, ["success"], "{kind} {place:?} {steps:?}");
        assert_eq!(
            steps,
            [(StepOutcome::Success, String::new())],
            "{kind} {place:?}"
        );
        assert_eq!(executions, 1, "{kind} {place:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_connection_passes_at_every_place() {
    passes_at_every_place("connection-reset").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_passes_at_every_place() {
    passes_at_every_place("silence").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_end_in_sight_passes_at_every_place() {
    passes_at_every_place("slow-body").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_did_not_manage_it_passes_at_every_place() {
    passes_at_every_place("timed-out").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_before_the_order_starts_nothing_and_after_it_passes() {
    for (place, results, steps, executions) in every_place("garbage").await {
        let (outcome, sentence) = &steps[0];
        match place {
            Place::Look | Place::Number => {
                assert_eq!(*outcome, StepOutcome::Failed, "{place:?}");
                assert!(
                    sentence.contains("answers, but not with WS-Management"),
                    "{sentence}"
                );
                assert_eq!(executions, 0, "{place:?}");
            }
            Place::Details => {
                // The result is known; only the counters are missing, and that is told.
                assert_eq!(
                    (results.as_slice(), executions),
                    (&["success".to_owned()][..], 1)
                );
            }
            Place::OrderLost | Place::OrderAnswer | Place::Status => {
                assert_eq!(results, ["success"], "{place:?} {sentence}");
                assert_eq!(executions, 1, "{place:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_password_is_never_sent_again() {
    // One refusal only: whoever asked again would be let in.
    for (request, skip, executions) in [("RunStatus", 1, 0), ("Execute", 0, 0), ("RunStatus", 2, 1)]
    {
        let keys = format!("agent = \"HR\"\nrequest = \"{request}\"\nskip = {skip}\ncount = 1\n");
        let scenario = company("500ms", &fault("unauthorized", &keys));
        let rig = Rig::with_max_timeout(&scenario, 1.0, Duration::from_millis(200)).await;
        let go_on = "on-failure=\"continue\"";
        let steps = ["HR", "SQL", "AD"].map(|agent| step(agent, "Full Import", go_on));
        let (outcome, run) = rig.run(&one_thread(&steps.concat())).await;
        assert_eq!(outcome, RunOutcome::Failed);
        let steps = run.steps();
        assert_eq!(steps.len(), 3);
        for (outcome, sentence) in steps {
            assert_eq!(outcome, StepOutcome::Failed);
            assert!(
                sentence.contains("refuses the user name or the password"),
                "{sentence}"
            );
        }
        assert_eq!(rig.world.executions("HR"), executions, "{request} {skip}");
        for agent in ["SQL", "AD"] {
            assert_eq!(rig.world.executions(agent), 0, "{request} {skip} {agent}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_vanishes_during_a_run_is_asked_until_it_is_back() {
    let faults = fault("connection-refused", "after = \"3s\"\nfor = \"2s\"\n");
    let rig = Rig::with_max_timeout(&company("6s", &faults), 1.0, Duration::from_millis(300)).await;
    let threads = [
        ("", step("HR", "Full Import", "")),
        ("", step("SQL", "Full Import", "")),
    ];
    let (outcome, run) = rig.run(&sequence("exclusive-sync", &threads)).await;
    assert_eq!(outcome, RunOutcome::Success, "{}", run.dump());
    let lost = run.count(|event| {
        matches!(event, RunEventKind::Notice { message, .. } if message.contains("keeps asking"))
    });
    assert_eq!(lost, 2, "{:?}", run.notices());
    assert_eq!(run.results(), ["success", "success"]);
    for agent in ["HR", "SQL"] {
        assert_eq!(rig.world.executions(agent), 1);
    }
}
