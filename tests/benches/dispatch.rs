//! What the engine costs: threads of steps that end at once, against the least that any
//! asynchronous executor would have to do for them.
//!
//! Run with `cargo bench --no-default-features --bench dispatch`.

#[path = "measure.rs"]
mod measure;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};

use masequencer::engine::{
    self, Backend, CommandCall, CommandReport, Grant, Observation, ObserveError, ProfileCall,
    ProfileEnd, Reporter, RunOptions, StopSignal,
};
use masequencer::mim::{AgentName, ProfileName, RunResult, StepType};
use masequencer::model::{OverlapRule, RunProfileStep, Sequence, Step, StepKind, Thread};
use masequencer::run::{CommandEnd, ProfileStatistics, RunEventKind, RunId, RunOutcome};

use measure::{Times, millis, ratio, tell, time};

/// As many threads as a large sequence has.
const THREADS: usize = 15;
/// Steps of each thread.
const STEPS: usize = 1_000;
/// How often each measurement is taken.
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let measured = |action: &dyn Fn()| Times::of(ROUNDS, |_| time(action));
    let bare = measured(&|| runtime.block_on(bare_steps()));
    tell(&format!(
        "{THREADS} threads of {STEPS} steps that end at once; best (median) of {ROUNDS}"
    ));
    tell_steps("bare tasks with a question and an answer", &bare, &bare);
    for (name, kind) in kinds() {
        let taken = measured(&|| runtime.block_on(run(&kind)));
        tell_steps(name, &taken, &bare);
    }
}

fn tell_steps(name: &str, taken: &Times, bare: &Times) {
    let a_step = |span: Duration| millis(span) * 1e3 / (THREADS * STEPS) as f64;
    tell(&format!(
        "  {name}: {:.1} ms, {:.2} ({:.2}) µs a step, {:.1} times the bare tasks",
        millis(taken.best()),
        a_step(taken.best()),
        a_step(taken.median()),
        ratio(taken.best(), bare.best()),
    ));
}

type MakeStep = Box<dyn Fn(usize) -> StepKind>;

fn kinds() -> [(&'static str, MakeStep); 3] {
    let profile = |step_type: StepType| -> MakeStep {
        Box::new(move |thread| {
            StepKind::RunProfile(RunProfileStep {
                agent: AgentName::new(&format!("Agent {thread}")).expect("a good name"),
                profile: ProfileName::new("Profile").expect("a good name"),
                step_type: Some(step_type),
            })
        })
    };
    [
        (
            "delay of zero",
            Box::new(|_| StepKind::Delay {
                duration: Duration::ZERO,
            }),
        ),
        ("import that ends at once", profile(StepType::DeltaImport)),
        (
            "synchronization that ends at once, one at a time",
            profile(StepType::DeltaSync),
        ),
    ]
}

/// Runs a sequence to its end and reads every event.
async fn run(kind: &MakeStep) {
    let mut sequence = Sequence::default();
    sequence.run.overlap = OverlapRule::ExclusiveSync;
    sequence.run.max_parallel = NonZeroU32::new(100);
    for number in 0..THREADS {
        let mut thread = Thread::new(format!("Thread {number}"));
        thread.steps = (0..STEPS).map(|_| Step::new(kind(number))).collect();
        sequence.threads.push(thread);
    }
    let program = engine::compile(&sequence, &[]).expect("the sequence can run");
    let options = RunOptions {
        part: None,
        run: RunId::new(jiff::Timestamp::UNIX_EPOCH, 1),
        file: None,
        server: "none".to_owned(),
        base_folder: PathBuf::from("."),
        zone: jiff::tz::TimeZone::UTC,
    };
    let (_handle, mut events) = engine::start(program, options, Arc::new(AtOnce));
    let mut outcome = None;
    while let Some(event) = events.recv().await {
        if let RunEventKind::RunFinished { outcome: end, .. } = event.event {
            outcome = Some(end);
        }
    }
    assert_eq!(outcome, Some(RunOutcome::Success));
}

/// The least that is needed: each step is a task of its own that asks once and answers once.
async fn bare_steps() {
    let (ask, mut questions) = mpsc::channel::<oneshot::Sender<()>>(1_024);
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let ask = ask.clone();
            tokio::spawn(async move {
                for _ in 0..STEPS {
                    let ask = ask.clone();
                    let step = tokio::spawn(async move {
                        let (answer, answered) = oneshot::channel();
                        ask.send(answer).await.ok();
                        answered.await.ok();
                    });
                    step.await.ok();
                }
            })
        })
        .collect();
    drop(ask);
    while let Some(answer) = questions.recv().await {
        answer.send(()).ok();
    }
    for thread in threads {
        thread.await.ok();
    }
}

/// A world in which everything succeeds at once.
struct AtOnce;

#[async_trait]
impl Backend for AtOnce {
    async fn observe(&self, _agent: &AgentName) -> Result<Observation, ObserveError> {
        Ok(Observation::Idle)
    }

    async fn run_profile(
        &self,
        _call: ProfileCall,
        reporter: Reporter,
        _stop: StopSignal,
    ) -> ProfileEnd {
        if reporter.may_start(Observation::Idle).await == Grant::Withdraw {
            return ProfileEnd::Withdrawn;
        }
        ProfileEnd::Ended {
            result: RunResult::new("success"),
            run_number: Some(1),
            statistics: ProfileStatistics::default(),
        }
    }

    async fn run_command(&self, _call: CommandCall, _stop: StopSignal) -> CommandReport {
        CommandReport {
            end: CommandEnd::Exited {
                code: 0,
                allowed: true,
            },
            output: String::new(),
            elapsed: Duration::ZERO,
        }
    }
}
