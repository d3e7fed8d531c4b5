//! The loop around the state: takes inputs in, performs effects. Everything asynchronous of the
//! engine is here; nothing is decided here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use crate::base::time::{Clock as _, SystemClock};
use crate::run::{CommandEnd, RunControl, RunEvent};

use super::backend::{
    Backend, CommandReport, Grant, Observation, ObserveError, ProfileEnd, ProfileReport, Reporter,
    StopCause, StopSignal,
};
use super::program::Program;
use super::state::{ActId, Call, Effect, Input, RunOptions, State};

/// How many messages may be under way before a sender waits.
const QUEUE: usize = 1_024;

/// The way to a run that was started. Clones reach the same run.
#[derive(Debug, Clone)]
pub struct RunHandle {
    controls: mpsc::Sender<RunControl>,
}

impl RunHandle {
    /// Gives the run an order; a run that is over takes none and nothing happens.
    pub async fn control(&self, control: RunControl) {
        // A closed channel means that the run is over.
        self.controls.send(control).await.ok();
    }
}

/// Starts a run on the current tokio runtime.
///
/// The events must be read: a reader that stops reading holds the run up, one that is dropped does
/// not. The stream ends after [`crate::run::RunEventKind::RunFinished`].
pub fn start(
    program: Program,
    options: RunOptions,
    backend: Arc<dyn Backend>,
) -> (RunHandle, mpsc::Receiver<RunEvent>) {
    let (controls, control_inbox) = mpsc::channel(QUEUE);
    let (events, event_stream) = mpsc::channel(QUEUE);
    let clock = SystemClock::start();
    let dispatcher = Dispatcher {
        state: State::new(program, options, clock.wall()),
        clock,
        backend,
        events,
        tasks: Tasks::default(),
    };
    tokio::spawn(dispatcher.run(control_inbox));
    (RunHandle { controls }, event_stream)
}

struct Dispatcher {
    state: State,
    clock: SystemClock,
    backend: Arc<dyn Backend>,
    events: mpsc::Sender<RunEvent>,
    tasks: Tasks,
}

/// The ways to everything that is under way.
#[derive(Default)]
struct Tasks {
    stops: HashMap<ActId, watch::Sender<Option<StopCause>>>,
    questions: HashMap<ActId, oneshot::Sender<Grant>>,
}

/// What comes back from something that is under way.
enum Message {
    Asked(ActId, Observation, oneshot::Sender<Grant>),
    Input(Input),
}

impl Dispatcher {
    async fn run(mut self, mut controls: mpsc::Receiver<RunControl>) {
        let (inbox, mut messages) = mpsc::channel(QUEUE);
        self.take(Input::Begin, &inbox).await;
        while !self.state.is_finished() {
            let deadline = self
                .state
                .deadline()
                .map(|moment| self.clock.instant(moment));
            let tick = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            // `inbox` lives as long as this loop, so `messages` never ends; controls end when every
            // handle is gone, and the run goes on without them.
            tokio::select! {
                biased;
                Some(control) = controls.recv() => self.take(Input::Control(control), &inbox).await,
                Some(message) = messages.recv() => match message {
                    Message::Input(input) => self.take(input, &inbox).await,
                    Message::Asked(act, seen, reply) => {
                        self.tasks.questions.insert(act, reply);
                        self.take(Input::Asked(act, seen), &inbox).await;
                    }
                },
                () = tick => self.take(Input::Tick, &inbox).await,
            }
        }
    }

    async fn take(&mut self, input: Input, inbox: &mpsc::Sender<Message>) {
        if let Input::ProfileEnded(act, _) | Input::CommandEnded(act, _) | Input::Observed(act, _) =
            &input
        {
            self.tasks.stops.remove(act);
            self.tasks.questions.remove(act);
        }
        for effect in self.state.handle(self.clock.now(), input) {
            match effect {
                // Nobody listens any more: the run goes on all the same.
                Effect::Emit(event) => self.events.send(event).await.unwrap_or(()),
                Effect::Perform(act, call) => self.perform(act, call, inbox.clone()),
                Effect::Answer(act, grant) => {
                    if let Some(question) = self.tasks.questions.remove(&act) {
                        // Who asked and went away does not want an answer.
                        question.send(grant).ok();
                    }
                }
                Effect::Stop(act, cause) => {
                    if let Some(stop) = self.tasks.stops.get(&act) {
                        stop.send_replace(Some(cause));
                    }
                }
                Effect::Finish => {}
            }
        }
    }

    fn perform(&mut self, act: ActId, call: Call, inbox: mpsc::Sender<Message>) {
        let backend = Arc::clone(&self.backend);
        let (switch, mut signal) = StopSignal::new();
        self.tasks.stops.insert(act, switch);
        let broken = broken(act, &call);
        let reporter = reporter(act, &inbox);
        let work = tokio::spawn(async move {
            match call {
                Call::Observe(agent) => tokio::select! {
                    seen = backend.observe(&agent) => Input::Observed(act, seen),
                    _ = signal.fired() => Input::Observed(act, Err(not_looked())),
                },
                Call::Profile(call) => {
                    Input::ProfileEnded(act, backend.run_profile(call, reporter, signal).await)
                }
                Call::Command(call) => {
                    Input::CommandEnded(act, backend.run_command(call, signal).await)
                }
            }
        });
        tokio::spawn(async move {
            // A task that broke must not leave its step running for ever.
            let input = work.await.unwrap_or(broken);
            // The loop is gone only when the run is over.
            inbox.send(Message::Input(input)).await.ok();
        });
    }
}

/// What is said of a look at an agent that a stop made pointless.
fn not_looked() -> ObserveError {
    ObserveError {
        message: "the run was stopped".to_owned(),
        is_passing: false,
    }
}

/// What is said about something whose task broke in the middle.
fn broken(act: ActId, call: &Call) -> Input {
    let message = "an error inside this program broke it off; its end is unknown".to_owned();
    match call {
        Call::Observe(_) => Input::Observed(
            act,
            Err(ObserveError {
                message,
                is_passing: false,
            }),
        ),
        Call::Profile(_) => Input::ProfileEnded(act, ProfileEnd::Unknown { message }),
        Call::Command(_) => Input::CommandEnded(
            act,
            CommandReport {
                end: CommandEnd::NotStarted { message },
                output: String::new(),
                elapsed: Duration::ZERO,
            },
        ),
    }
}

fn reporter(act: ActId, inbox: &mpsc::Sender<Message>) -> Reporter {
    let asking = inbox.clone();
    let telling = inbox.clone();
    Reporter::new(
        move |seen| {
            let inbox = asking.clone();
            async move {
                let (reply, answer) = oneshot::channel();
                if inbox.send(Message::Asked(act, seen, reply)).await.is_err() {
                    return Grant::Withdraw;
                }
                // Without an answer nothing may start.
                answer.await.unwrap_or(Grant::Withdraw)
            }
        },
        move |report: ProfileReport| {
            let inbox = telling.clone();
            async move {
                // The loop is gone only when the run is over.
                inbox
                    .send(Message::Input(Input::Reported(act, report)))
                    .await
                    .ok();
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use jiff::tz::TimeZone;

    use super::super::{CommandCall, ProfileCall, compile};
    use super::*;
    use crate::mim::{AgentName, ProfileName, RunResult, StepType};
    use crate::model::{RunProfileStep, Sequence, Step, StepKind, Thread};
    use crate::run::{ProfileStatistics, RunEventKind, RunId, RunOutcome, StopMode};

    /// Profiles take a minute, or break when the profile is called so.
    struct Minute;

    #[async_trait::async_trait]
    impl Backend for Minute {
        async fn observe(&self, _: &AgentName) -> Result<Observation, ObserveError> {
            Ok(Observation::Idle)
        }

        async fn run_profile(
            &self,
            call: ProfileCall,
            reporter: Reporter,
            mut stop: StopSignal,
        ) -> ProfileEnd {
            if reporter.may_start(Observation::Idle).await == Grant::Withdraw {
                return ProfileEnd::Withdrawn;
            }
            assert_ne!(call.profile.as_str(), "break", "as the test wants it");
            let result = tokio::select! {
                () = tokio::time::sleep(Duration::from_mins(1)) => "success",
                _ = stop.fired() => "stopped-user-termination-from-wmi-or-ui",
            };
            ProfileEnd::Ended {
                result: RunResult::new(result),
                run_number: Some(1),
                statistics: ProfileStatistics::default(),
            }
        }

        async fn run_command(&self, _: CommandCall, _: StopSignal) -> CommandReport {
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

    fn begin(profiles: &[&str]) -> (RunHandle, mpsc::Receiver<RunEvent>) {
        let steps = profiles.iter().map(|profile| {
            Step::new(StepKind::RunProfile(RunProfileStep {
                agent: AgentName::new("HR").unwrap(),
                profile: ProfileName::new(profile).unwrap(),
                step_type: Some(StepType::Export),
            }))
        });
        let thread = Thread {
            steps: steps.collect(),
            ..Thread::new("A")
        };
        let sequence = Sequence {
            threads: vec![thread],
            ..Sequence::default()
        };
        let options = RunOptions {
            part: None,
            run: RunId::parse("test").unwrap(),
            file: None,
            server: "test".to_owned(),
            base_folder: PathBuf::from("."),
            zone: TimeZone::UTC,
        };
        start(compile(&sequence, &[]).unwrap(), options, Arc::new(Minute))
    }

    async fn outcome(mut events: mpsc::Receiver<RunEvent>) -> (RunOutcome, u64) {
        let mut last = None;
        while let Some(event) = events.recv().await {
            last = Some(event);
        }
        match last.map(|event| event.event) {
            Some(RunEventKind::RunFinished {
                outcome,
                elapsed_ms,
            }) => (outcome, elapsed_ms),
            other => panic!("the last event is {other:?}"),
        }
    }

    async fn until_started(events: &mut mpsc::Receiver<RunEvent>) {
        while let Some(event) = events.recv().await {
            if matches!(event.event, RunEventKind::ProfileStarted { .. }) {
                return;
            }
        }
        panic!("no profile was started");
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_goes_to_its_end() {
        let (_handle, events) = begin(&["one", "two"]);
        assert_eq!(outcome(events).await, (RunOutcome::Success, 120_000));
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_goes_on_when_nobody_can_order_it_any_more() {
        let (handle, events) = begin(&["one"]);
        drop(handle);
        assert_eq!(outcome(events).await.0, RunOutcome::Success);
    }

    #[tokio::test(start_paused = true)]
    async fn pause_and_stop_answer_at_once() {
        let (handle, mut events) = begin(&["one", "two"]);
        until_started(&mut events).await;
        let before = tokio::time::Instant::now();
        handle.control(RunControl::Pause).await;
        let paused = events.recv().await.unwrap();
        assert_eq!(paused.event, RunEventKind::Paused);
        handle
            .control(RunControl::Stop {
                mode: StopMode::Now,
            })
            .await;
        let (outcome, _) = outcome(events).await;
        assert_eq!(outcome, RunOutcome::Stopped);
        assert!(
            before.elapsed() < Duration::from_millis(100),
            "on the manual clock"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_breaks_fails_its_step_and_leaves_nothing_hanging() {
        let (_handle, events) = begin(&["break", "never"]);
        assert_eq!(outcome(events).await.0, RunOutcome::Failed);
    }
}
