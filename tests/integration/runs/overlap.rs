//! Many threads at once: the server never has to refuse what the overlap rule promises, and each
//! step is ordered exactly once.

use std::collections::BTreeMap;

use masequencer::run::{RunEventKind, RunOutcome, StepOutcome};

use super::rig::{AGENTS, PROFILES, Rig, Run, company, sequence, step};

const THREADS: usize = 8;
const STEPS: usize = 6;
const REPEAT: usize = 2;

/// Threads of steps in a seeded order over all agents, and how often each agent is to run.
fn many_threads(seed: u64) -> (Vec<(&'static str, String)>, BTreeMap<&'static str, u64>) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut orders = BTreeMap::new();
    let mut threads = Vec::new();
    for _ in 0..THREADS {
        let mut steps = String::new();
        for _ in 0..STEPS {
            let agent = rng.choice(AGENTS).expect("there are agents");
            let (profile, _) = rng.choice(PROFILES).expect("there are profiles");
            steps.push_str(&step(agent, profile, ""));
            *orders.entry(agent).or_default() += REPEAT as u64;
        }
        threads.push(("repeat=\"2\"", steps));
    }
    (threads, orders)
}

#[track_caller]
fn assert_all_went_well(outcome: RunOutcome, run: &Run, steps: usize) {
    assert!(
        outcome <= RunOutcome::Warning,
        "{outcome:?}\n{}",
        run.dump()
    );
    let ends = run.steps();
    assert_eq!(ends.len(), steps, "{}", run.dump());
    for (outcome, sentence) in ends {
        let is_well = matches!(outcome, StepOutcome::Success | StepOutcome::Warning);
        assert!(is_well, "{outcome:?} {sentence}");
    }
    assert_eq!(run.results().len(), steps);
}

async fn a_big_sequence_is_never_refused(overlap: &str, seeds: [u64; 3]) {
    for seed in seeds {
        let rig = Rig::new(&company("1s", ""), 200.0).await;
        let (threads, orders) = many_threads(seed);
        let (outcome, run) = rig.run(&sequence(overlap, &threads)).await;
        assert_all_went_well(outcome, &run, THREADS * STEPS * REPEAT);
        assert_eq!(rig.world.refused_synchronizations(), 0, "seed {seed}");
        assert_eq!(rig.world.refused_busy(), 0, "seed {seed}");
        for (agent, count) in orders {
            assert_eq!(rig.world.executions(agent), count, "{agent}, seed {seed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exclusive_sync_never_meets_a_refusal() {
    a_big_sequence_is_never_refused("exclusive-sync", [1, 2, 3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn single_sync_never_meets_a_refusal() {
    a_big_sequence_is_never_refused("single-sync", [4, 5, 6]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unrestricted_steps_wait_until_the_service_takes_them() {
    let rig = Rig::new(&company("600ms", ""), 1.0).await;
    let threads: Vec<(&str, String)> = ["HR", "SQL", "AD"]
        .map(|agent| {
            let steps = ["Delta Sync", "Export"].map(|profile| step(agent, profile, ""));
            ("", steps.concat())
        })
        .into();
    let (outcome, run) = rig.run(&sequence("unrestricted", &threads)).await;
    assert_all_went_well(outcome, &run, 6);
    let told = run.count(|event| matches!(event, RunEventKind::ProfileRefused { .. }));
    assert_eq!(rig.world.refused_synchronizations(), told as u64);
    assert!(told >= 2, "all three begin at once\n{}", run.dump());
    let reasons = run.count(|event| {
        matches!(event, RunEventKind::Waiting { sentence, .. }
            if sentence.contains("somebody else synchronizes on this server"))
    });
    assert!(reasons >= 1, "{}", run.dump());
    assert_eq!(rig.world.refused_busy(), 0);
    for agent in ["HR", "SQL", "AD"] {
        assert_eq!(rig.world.executions(agent), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unrestricted_imports_and_exports_of_many_threads_share_their_agents() {
    let rig = Rig::new(&company("1s", ""), 200.0).await;
    let threads: Vec<(&str, String)> = (0..THREADS)
        .map(|thread| {
            let steps = (0..STEPS).map(|index| {
                let agent = AGENTS[(thread + index) % AGENTS.len()];
                let profile = ["Full Import", "Delta Import", "Export"][index % 3];
                step(agent, profile, "")
            });
            ("repeat=\"2\"", steps.collect())
        })
        .collect();
    let (outcome, run) = rig.run(&sequence("unrestricted", &threads)).await;
    assert_all_went_well(outcome, &run, THREADS * STEPS * REPEAT);
    assert_eq!(rig.world.refused_busy(), 0);
    let executions: u64 = AGENTS.map(|agent| rig.world.executions(agent)).iter().sum();
    assert_eq!(executions, (THREADS * STEPS * REPEAT) as u64);
}
