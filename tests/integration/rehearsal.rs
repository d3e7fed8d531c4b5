//! Whole samples through the engine's own loop, over the scripted backend, on a clock that tokio
//! moves by itself: hours pass in milliseconds, and the stand-in counts what the service would have
//! refused.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use masequencer::backend::{CommandScript, ProfileScript, Scripted};
use masequencer::base::time::Moment;
use masequencer::engine::{self, RunHandle, RunOptions};
use masequencer::format;
use masequencer::mim::{AgentName, ProfileName};
use masequencer::model::{Sequence, StepKind};
use masequencer::run::{RunControl, RunEventKind, RunId, RunOutcome, StopMode};

const MINUTE: Duration = Duration::from_mins(1);

fn sample(name: &str) -> Sequence {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("sample-sequences")
        .join(name);
    format::read(&std::fs::read(path).unwrap()).unwrap()
}

/// A world in which each profile of a sequence takes a minute and each program no time.
fn world(sequence: &Sequence) -> Arc<Scripted> {
    let world = Scripted::new();
    let steps = sequence.threads.iter().flat_map(|thread| &thread.steps);
    for step in steps.filter_map(|step| step.run_profile()) {
        let script = ProfileScript::new(MINUTE, "success");
        let is_sync = step.step_type.is_none_or(|kind| kind.synchronizes());
        let script = if is_sync {
            script.synchronizing()
        } else {
            script
        };
        world.profile(&step.agent, &step.profile, script);
    }
    for program in programs(sequence) {
        world.command(&program, CommandScript::new(Duration::ZERO, 0));
    }
    Arc::new(world)
}

fn programs(sequence: &Sequence) -> Vec<String> {
    let threads = &sequence.threads;
    let steps = || threads.iter().flat_map(|thread| &thread.steps);
    let places = std::iter::once(&sequence.processing)
        .chain(threads.iter().map(|thread| &thread.processing))
        .chain(steps().map(|step| &step.processing));
    let around = places.flat_map(|processing| {
        let post = processing.post.iter().map(|post| &post.command);
        processing.pre.iter().chain(post)
    });
    let own = steps().filter_map(|step| match &step.kind {
        StepKind::Command(command) => Some(command),
        StepKind::RunProfile(_) | StepKind::Delay { .. } => None,
    });
    around
        .chain(own)
        .map(|command| command.program.clone())
        .collect()
}

/// Starts a sequence; the answer comes when it has ended, with the time that passed.
fn start(
    sequence: &Sequence,
    world: &Arc<Scripted>,
) -> (
    RunHandle,
    impl Future<Output = (RunOutcome, Duration)> + use<>,
) {
    let options = RunOptions {
        part: None,
        run: RunId::parse("rehearsal").unwrap(),
        file: None,
        server: "scripted".to_owned(),
        base_folder: PathBuf::from("."),
        zone: TimeZone::UTC,
    };
    let program = engine::compile(sequence, &[]).unwrap();
    let backend: Arc<Scripted> = Arc::clone(world);
    let (handle, mut events) = engine::start(program, options, backend);
    let end = async move {
        let mut last = None;
        while let Some(event) = events.recv().await {
            last = Some(event.event);
        }
        match last {
            Some(RunEventKind::RunFinished {
                outcome,
                elapsed_ms,
            }) => (outcome, Duration::from_millis(elapsed_ms)),
            other => panic!("the last event is {other:?}"),
        }
    };
    (handle, end)
}

#[tokio::test(start_paused = true)]
async fn every_sample_runs_without_anything_that_the_service_refuses() {
    for name in ["full-cycle.xml", "Runadimport.xml", "every-element.xml"] {
        let sequence = sample(name);
        let world = world(&sequence);
        let (_handle, end) = start(&sequence, &world);
        assert_eq!(end.await.0, RunOutcome::Success, "{name}");
        assert_eq!(world.second_synchronizations(), 0, "{name}");
        assert_eq!(world.busy_refusals(), 0, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_full_cycle_imports_side_by_side_and_does_the_rest_in_order() {
    let sequence = sample("full-cycle.xml");
    let world = world(&sequence);
    let (_handle, end) = start(&sequence, &world);
    // Four imports share the first minute, thirteen steps follow one by one.
    assert_eq!(end.await, (RunOutcome::Success, 14 * MINUTE));
    assert_eq!(world.most_at_once(), 4);
    let order = world.order();
    let mut first: Vec<&str> = order.iter().take(4).map(String::as_str).collect();
    first.sort_unstable();
    assert_eq!(
        first,
        [
            "AD · Delta Import",
            "HR · Delta Import",
            "MIM Service · Delta Import",
            "SQL · Delta Import"
        ]
    );
    assert_eq!(order.get(4).map(String::as_str), Some("HR · Delta Sync"));
    let with_sync =
        |(one, other): &(String, String)| one.contains("Sync") || other.contains("Sync");
    assert!(
        !world.overlaps().iter().any(with_sync),
        "{:?}",
        world.overlaps()
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_away_and_somebody_elses_run_only_cost_time() {
    let sequence = sample("full-cycle.xml");
    let world = world(&sequence);
    let at = |minutes: u32| Moment::after_zero(minutes * MINUTE);
    let agent = AgentName::new("SQL").unwrap();
    world.foreign(&agent, &ProfileName::new("Theirs").unwrap(), at(0), at(3));
    world.vanish(at(6), at(9));
    let (_handle, end) = start(&sequence, &world);
    let (outcome, took) = end.await;
    assert_eq!(outcome, RunOutcome::Success);
    assert!(took > 18 * MINUTE && took < 23 * MINUTE, "{took:?}");
    assert_eq!(world.order().len(), 17, "each step ran once");
}

#[tokio::test(start_paused = true)]
async fn pause_and_stop_reach_the_world() {
    let sequence = sample("full-cycle.xml");
    let world = world(&sequence);
    let (handle, end) = start(&sequence, &world);
    let orders = async {
        tokio::time::advance(MINUTE / 2).await;
        handle.control(RunControl::Pause).await;
        tokio::time::advance(60 * MINUTE).await;
        handle.control(RunControl::Resume).await;
        tokio::time::advance(MINUTE / 2).await;
        let mode = StopMode::Now;
        handle.control(RunControl::Stop { mode }).await;
    };
    let ((outcome, _), ()) = tokio::join!(end, orders);
    assert_eq!(outcome, RunOutcome::Stopped);
    // The imports had ended in the pause; of the first synchronization half a minute was over.
    let ends: Vec<String> = world.log().into_iter().map(|entry| entry.end).collect();
    assert_eq!(ends.len(), 5, "{ends:?}");
    assert_eq!(
        ends.iter().filter(|end| *end == "success").count(),
        4,
        "{ends:?}"
    );
}
