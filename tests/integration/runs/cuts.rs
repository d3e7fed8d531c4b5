//! Connections that are cut at any byte of any exchange: the service is ordered exactly once, and
//! what is told here is what happened there.

use std::sync::Arc;
use std::time::Duration;

use masequencer::backend::BackendOptions;
use masequencer::mim::AgentInfo;
use masequencer::run::StepOutcome;
use masequencer::service::{ServiceTimeouts, SyncService as _};
use masequencer::wsman::Timeouts;
use tokio::task::JoinSet;

use super::rig::{Prepared, Rig, company, one_thread, step};
use crate::support::{Bytes, Cut, Manner, Place, Proxy, Which};

/// The longest that the server lets a request take.
const MAX_TIMEOUT: Duration = Duration::from_millis(120);
/// How much faster than the scenario's spans time passes.
const SPEED: f64 = 1_000.0;
/// How many runs go on at once; most of the time each waits.
const AT_ONCE: usize = 24;
/// The requests of a run that is followed, by method.
const METHODS: [(&str, usize); 6] = [
    ("RunStatus", 0),
    ("RunNumber", 0),
    ("Execute", 0),
    ("RunNumber", 1),
    ("RunStatus", 1),
    ("RunDetails", 0),
];

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// One run of a profile over a way with these cuts.
#[derive(Debug, Clone)]
struct Case {
    /// How long the run takes on the server, at speed 1.
    duration: &'static str,
    cuts: Vec<Cut>,
}

impl Case {
    /// Runs it, and says what is wrong with how it went; else how many cuts struck.
    async fn run(&self, agents: &[AgentInfo]) -> Result<usize, String> {
        let rig = Rig::with_max_timeout(&company(self.duration, ""), SPEED, MAX_TIMEOUT).await;
        let proxy = Proxy::before(&rig.url(), &self.cuts).await;
        let timeouts = ServiceTimeouts {
            calls: Timeouts {
                connect: millis(500),
                operation: millis(500),
                network: millis(200),
            },
            execute: millis(300),
            ..ServiceTimeouts::default()
        };
        let patience = BackendOptions {
            first_interval: millis(10),
            last_interval: millis(100),
            patience: Duration::from_secs(20),
            grace: millis(800),
            details_tries: 6,
            ..BackendOptions::default()
        };
        let service = Arc::new(rig.client_through(&proxy.url(), timeouts));
        let sequence = one_thread(&step("HR", "Full Import", ""));
        let mut run = Prepared::new(&sequence, agents, service).start_with(patience);
        run.finish().await;
        // What is still under way may yet arrive.
        proxy.quiet().await;
        let executions = rig.world.executions("HR");
        let steps = run.steps();
        let told = (run.results(), steps);
        let (result, _) = rig.last_run("HR");
        let expected = (vec![result.as_str()], vec![(StepOutcome::Success, "")]);
        if executions != 1 || told != expected {
            return Err(format!(
                "{executions} executions, {told:?}\nexchanges: {:?}\n{}",
                proxy.methods(),
                run.dump()
            ));
        }
        let statistics = run.last_statistics();
        if !statistics.steps.is_empty() && statistics != rig.statistics("HR") {
            return Err(format!("other counters\n{}", run.dump()));
        }
        Ok(proxy.struck())
    }
}

/// Runs all cases, some at once; how many cuts have struck.
async fn run_all(cases: impl IntoIterator<Item = (String, Case)>) -> usize {
    // The same in every case, so they are asked for only once.
    let rig = Rig::new(&company("1s", ""), SPEED).await;
    let agents = rig.client().agents().await.expect("the agents are told");
    let agents: Arc<[AgentInfo]> = agents.into();
    let mut running = JoinSet::new();
    let mut struck = 0;
    let mut failures = Vec::new();
    let mut note = |ended: Option<Result<(String, Case, Result<usize, String>), _>>| {
        let Some(ended) = ended else {
            return false;
        };
        let (name, case, outcome): (String, Case, Result<usize, String>) =
            ended.unwrap_or_else(|error: tokio::task::JoinError| {
                std::panic::resume_unwind(error.into_panic())
            });
        match outcome {
            Ok(count) => struck += count,
            Err(problem) => failures.push(format!("{name}: {case:?}\n{problem}")),
        }
        true
    };
    for (name, case) in cases {
        if running.len() >= AT_ONCE {
            note(running.join_next().await);
        }
        let agents = Arc::clone(&agents);
        running.spawn(async move {
            let outcome = case.run(&agents).await;
            (name, case, outcome)
        });
    }
    while note(running.join_next().await) {}
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    struck
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_in_every_phase_of_every_exchange_passes() {
    let bytes = [
        Bytes::First(0),
        Bytes::First(1),
        Bytes::AlmostHead,
        Bytes::Head,
        Bytes::Share(700),
        Bytes::AllBut(1),
    ];
    let requests = bytes.map(Place::Request);
    let answers = bytes.map(Place::Answer);
    let places = requests.into_iter().chain([Place::Between]).chain(answers);
    let mut cases = Vec::new();
    for place in places {
        for (method, nth) in METHODS {
            for manner in [Manner::Reset, Manner::Close] {
                cases.push((method, nth, place, manner));
            }
        }
        cases.push(("Execute", 0, place, Manner::Dark(millis(900))));
        cases.push(("RunStatus", 1, place, Manner::Dark(millis(900))));
    }
    let count = cases.len();
    let cases = cases.into_iter().map(|(method, nth, place, manner)| {
        let cut = Cut {
            which: Which::Method(method, nth),
            place,
            manner,
        };
        let case = Case {
            duration: "300s",
            cuts: vec![cut],
        };
        ("a phase".to_owned(), case)
    });
    let struck = run_all(cases).await;
    // A client that is kept waiting by a slow machine may have given an exchange up before its cut.
    assert!(struck * 10 >= count * 9, "{struck} of {count} cuts struck");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_cut_at_any_byte_is_given_once() {
    // The messages are a little longer than this many bytes; in the long campaign, byte by byte.
    let stride = if is_campaign() { 1 } else { 149 };
    let cases = (0..2_400).step_by(stride).flat_map(|count| {
        [Place::Request, Place::Answer].map(|place| {
            let cut = Cut {
                which: Which::Method("Execute", 0),
                place: place(Bytes::First(count)),
                manner: Manner::Reset,
            };
            let case = Case {
                duration: "1s",
                cuts: vec![cut],
            };
            (format!("byte {count}"), case)
        })
    });
    run_all(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_a_broken_network_delivers_late_is_not_given_again() {
    // Longer than all other patience here together, and than the pause before a step is tried again.
    let manner = Manner::Dark(millis(3_500));
    let places = [Bytes::First(0), Bytes::Head, Bytes::AllBut(1)].map(Place::Request);
    let cases = places.into_iter().chain([Place::Between]).map(|place| {
        let cut = Cut {
            which: Which::Method("Execute", 0),
            place,
            manner,
        };
        let case = Case {
            duration: "300s",
            cuts: vec![cut],
        };
        ("late".to_owned(), case)
    });
    assert_eq!(run_all(cases).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_random_cuts_never_start_a_run_twice() {
    let seed = std::env::var("MASEQUENCER_SEED").ok();
    let seed = seed.and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| fastrand::u64(..));
    let count = if is_campaign() { 4_000 } else { 300 };
    let cases = (0..count).map(|number| {
        let name = format!("MASEQUENCER_SEED={seed}, case {number}");
        (name, random(&mut fastrand::Rng::with_seed(seed ^ number)))
    });
    run_all(cases).await;
}

/// Whether the long campaign was ordered (`tests/run --all`).
fn is_campaign() -> bool {
    std::env::var_os("PROPTEST_CASES").is_some()
}

fn random(rng: &mut fastrand::Rng) -> Case {
    let durations = ["1s", "50s", "200s", "400s"];
    let cuts = (0..rng.usize(1..=4)).map(|_| {
        let share = Bytes::Share(rng.usize(..1_000));
        Cut {
            which: Which::Number(rng.usize(..14)),
            place: match rng.u8(..5) {
                0 | 1 => Place::Request(share),
                2 => Place::Between,
                _ => Place::Answer(share),
            },
            manner: match rng.u8(..5) {
                0 | 1 => Manner::Reset,
                2 | 3 => Manner::Close,
                _ => Manner::Dark(millis(rng.u64(50..1_000))),
            },
        }
    });
    Case {
        cuts: cuts.collect(),
        duration: durations[rng.usize(..durations.len())],
    }
}
