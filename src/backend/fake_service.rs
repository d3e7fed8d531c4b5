//! A synchronization service of one agent for tests: runs lie on tokio's paused clock, requests are
//! counted, answers get lost on demand.

use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::mim::{AgentInfo, AgentName, ProfileName, ResultClass, RunDetails, RunResult};
use crate::mim::{Counter, Counters, StepDetails, StepType};
use crate::service::{
    ExecuteReply, HistoryEntry, Identity, ServiceError, ServiceErrorKind, SyncService,
};

/// How long the service's `Execute` is awaited.
pub(super) const SHORT_WAIT: Duration = Duration::from_secs(5);

/// The run number before anything happens.
pub(super) const NOTED: u64 = 7;

/// What an order to execute does.
#[derive(Debug, Clone)]
pub(super) enum OnExecute {
    /// The run begins so much later, and lasts so long.
    Run {
        delay: Duration,
        lasts: Duration,
        result: &'static str,
    },
    /// Answers at once with this word.
    Answer(&'static str),
    /// Answers at once with this word while the run goes on.
    AnswerAndRun(&'static str, Duration),
    /// The connection breaks at once; the run begins or not.
    Break(Option<Duration>),
    /// Certainly does not start.
    Fail(ServiceErrorKind),
}

/// A run on the agent; times count from the beginning of the test.
#[derive(Debug, Clone)]
pub(super) struct FakeRun {
    pub(super) profile: ProfileName,
    pub(super) from: Duration,
    pub(super) until: Duration,
    pub(super) result: String,
    /// The status in its last second, when it is another one than `in-progress`.
    pub(super) completing: Option<&'static str>,
}

/// The service.
pub(super) struct FakeService {
    origin: Instant,
    state: Mutex<State>,
}

struct State {
    on_execute: OnExecute,
    completing: Option<&'static str>,
    runs: Vec<FakeRun>,
    outages: Vec<(Duration, Duration, ServiceErrorKind)>,
    /// A question about the state in this span is answered at its end.
    silence: Option<(Duration, Duration)>,
    stop_failures: usize,
    /// So many orders are refused since the server has too much to do.
    refused_orders: usize,
    has_details: bool,
    has_history: bool,
    calls: Vec<&'static str>,
}

impl FakeService {
    pub(super) fn new(on_execute: OnExecute) -> Self {
        Self {
            origin: Instant::now(),
            state: Mutex::new(State {
                on_execute,
                completing: None,
                runs: Vec::new(),
                outages: Vec::new(),
                silence: None,
                stop_failures: 0,
                refused_orders: 0,
                has_details: true,
                has_history: true,
                calls: Vec::new(),
            }),
        }
    }

    pub(super) fn completing(self, status: &'static str) -> Self {
        self.state.lock().completing = Some(status);
        self
    }

    pub(super) fn foreign(self, profile: &str, from: u64, until: u64) -> Self {
        self.state.lock().add(FakeRun {
            profile: ProfileName::new(profile).unwrap(),
            from: Duration::from_secs(from),
            until: Duration::from_secs(until),
            result: "completed-warnings".to_owned(),
            completing: None,
        });
        self
    }

    pub(super) fn outage(self, from: u64, until: u64, kind: ServiceErrorKind) -> Self {
        let span = (Duration::from_secs(from), Duration::from_secs(until));
        self.state.lock().outages.push((span.0, span.1, kind));
        self
    }

    pub(super) fn silent(self, from: u64, until: u64) -> Self {
        let span = (Duration::from_secs(from), Duration::from_secs(until));
        self.state.lock().silence = Some(span);
        self
    }

    pub(super) fn failing_stops(self, count: usize) -> Self {
        self.state.lock().stop_failures = count;
        self
    }

    pub(super) fn refusing_orders(self, count: usize) -> Self {
        self.state.lock().refused_orders = count;
        self
    }

    pub(super) fn without_details(self) -> Self {
        self.state.lock().has_details = false;
        self
    }

    pub(super) fn without_history(self) -> Self {
        self.state.lock().has_history = false;
        self
    }

    /// The requests so far, in order.
    pub(super) fn calls(&self) -> Vec<&'static str> {
        self.state.lock().calls.clone()
    }

    pub(super) fn count(&self, call: &str) -> usize {
        self.calls().iter().filter(|one| **one == call).count()
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }

    fn asked(&self, call: &'static str) -> Result<Duration, ServiceError> {
        let now = self.origin.elapsed();
        let mut state = self.state.lock();
        state.calls.push(call);
        let outage = state
            .outages
            .iter()
            .find(|(from, until, _)| *from <= now && now < *until);
        outage.map_or(Ok(now), |(_, _, kind)| Err(error(*kind)))
    }
}

fn error(kind: ServiceErrorKind) -> ServiceError {
    ServiceError {
        context: format!("the server is {kind}"),
        kind,
        source: None,
    }
}

impl State {
    fn add(&mut self, run: FakeRun) {
        let index = self.runs.partition_point(|other| other.from <= run.from);
        self.runs.insert(index, run);
    }

    fn begun(&self, now: Duration) -> Vec<(u64, FakeRun)> {
        let begun = self.runs.iter().take_while(|run| run.from <= now);
        (NOTED + 1..).zip(begun.cloned()).collect()
    }

    fn status(&self, now: Duration) -> String {
        match self.begun(now).pop() {
            None => "success".to_owned(),
            Some((_, run)) if run.until <= now => run.result,
            Some((_, run)) => match run.completing {
                Some(status) if run.until <= now + Duration::from_secs(1) => status.to_owned(),
                _ => "in-progress".to_owned(),
            },
        }
    }
}

#[async_trait]
impl SyncService for FakeService {
    fn server(&self) -> String {
        "fake".to_owned()
    }

    async fn identify(&self) -> Result<Identity, ServiceError> {
        Err(error(ServiceErrorKind::Fault))
    }

    async fn agents(&self) -> Result<Vec<AgentInfo>, ServiceError> {
        Err(error(ServiceErrorKind::Fault))
    }

    async fn run_status(&self, _agent: &AgentName) -> Result<RunResult, ServiceError> {
        let now = self.asked("RunStatus")?;
        let silence = self.state.lock().silence;
        if let Some((_, until)) = silence.filter(|(from, until)| (*from..*until).contains(&now)) {
            tokio::time::sleep_until(self.origin + until).await;
        }
        Ok(RunResult::new(&self.state.lock().status(now)))
    }

    async fn run_number(&self, _agent: &AgentName) -> Result<u64, ServiceError> {
        let now = self.asked("RunNumber")?;
        Ok(NOTED + self.state.lock().begun(now).len() as u64)
    }

    async fn run_profile(&self, _agent: &AgentName) -> Result<Option<ProfileName>, ServiceError> {
        let now = self.asked("RunProfile")?;
        let last = self.state.lock().begun(now).pop();
        Ok(last.map(|(_, run)| run.profile))
    }

    async fn execute(
        &self,
        _agent: &AgentName,
        profile: &ProfileName,
    ) -> Result<ExecuteReply, ServiceError> {
        {
            let mut state = self.state.lock();
            if state.refused_orders > 0 {
                state.refused_orders -= 1;
                // It is not taken, so it is none.
                state.calls.push("Refused");
                return Err(error(ServiceErrorKind::Busy));
            }
        }
        let now = self.asked("Execute")?;
        let (on_execute, completing) = {
            let state = self.state.lock();
            (state.on_execute.clone(), state.completing)
        };
        let start = |delay: Duration, lasts: Duration, result: &str| {
            self.state.lock().add(FakeRun {
                profile: profile.clone(),
                from: now + delay,
                until: now + delay + lasts,
                result: result.to_owned(),
                completing,
            });
        };
        let lost = |why: &str| Ok(ExecuteReply::ProbablyRunning(why.to_owned()));
        match on_execute {
            OnExecute::Run {
                delay,
                lasts,
                result,
            } => {
                start(delay, lasts, result);
                if delay + lasts <= SHORT_WAIT {
                    tokio::time::sleep(delay + lasts).await;
                    return Ok(ExecuteReply::Ended(RunResult::new(result)));
                }
                tokio::time::sleep(SHORT_WAIT).await;
                lost("the service did not answer within 5 s")
            }
            OnExecute::Answer(word) => Ok(ExecuteReply::Ended(RunResult::new(word))),
            OnExecute::AnswerAndRun(word, lasts) => {
                start(Duration::ZERO, lasts, "success");
                Ok(ExecuteReply::Ended(RunResult::new(word)))
            }
            OnExecute::Break(lasts) => {
                if let Some(lasts) = lasts {
                    start(Duration::ZERO, lasts, "success");
                }
                lost("the connection broke")
            }
            OnExecute::Fail(kind) => Err(error(kind)),
        }
    }

    async fn stop(&self, _agent: &AgentName) -> Result<RunResult, ServiceError> {
        let now = self.asked("Stop")?;
        let mut state = self.state.lock();
        if state.stop_failures > 0 {
            state.stop_failures -= 1;
            return Err(error(ServiceErrorKind::Unreachable));
        }
        let mut runs = state.runs.iter_mut();
        let Some(run) = runs.find(|run| run.from <= now && now < run.until) else {
            return Ok(RunResult::new("ma-not-running"));
        };
        run.until = now;
        "stopped-user-termination-from-wmi-or-ui".clone_into(&mut run.result);
        Ok(RunResult::new("success"))
    }

    async fn last_run(&self, agent: &AgentName) -> Result<Option<RunDetails>, ServiceError> {
        let now = self.asked("RunDetails")?;
        let state = self.state.lock();
        let last = state.begun(now).pop().filter(|_| state.has_details);
        Ok(last.map(|(run_number, run)| details(agent, run_number, &run)))
    }

    async fn history(
        &self,
        _agent: &AgentName,
        after: u64,
    ) -> Result<Vec<HistoryEntry>, ServiceError> {
        let now = self.asked("History")?;
        let state = self.state.lock();
        let begun = state.begun(now).into_iter();
        let entries = begun
            .filter(|(number, _)| *number > after && state.has_history)
            .map(|(run_number, run)| HistoryEntry {
                run_number,
                profile: run.profile,
                result: RunResult::new(if run.until <= now {
                    &run.result
                } else {
                    "in-progress"
                }),
            });
        Ok(entries.collect())
    }
}

fn details(agent: &AgentName, run_number: u64, run: &FakeRun) -> RunDetails {
    let result = RunResult::new(&run.result);
    assert_ne!(result.class(), ResultClass::Running);
    let mut counters = Counters::default();
    counters.add(Counter::StageAdd, run_number);
    RunDetails {
        agent: agent.clone(),
        agent_guid: "{0}".to_owned(),
        run_number,
        profile: run.profile.clone(),
        account: String::new(),
        steps: vec![StepDetails {
            number: 1,
            started: None,
            ended: None,
            result,
            step_type: Some(StepType::FullImport),
            counters,
            outbound: Vec::new(),
            errors: Vec::new(),
            error_count: 0,
            connection: None,
        }],
    }
}
