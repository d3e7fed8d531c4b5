//! The world behind the engine, as a trait: service calls and local programs.
//!
//! An implementation performs and reports; it never decides whether something may start, how long
//! it may take or what an outcome means for the run.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::mim::{AgentName, ProfileName, Refusal, RunResult};
use crate::model::Command;
use crate::run::{CommandEnd, ProfileStatistics, Severity};

/// Everything that a step needs from outside.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Looks what the agent does now.
    ///
    /// # Errors
    /// [`ObserveError`] when the service does not answer or refuses.
    async fn observe(&self, agent: &AgentName) -> Result<Observation, ObserveError>;

    /// Runs a profile to its end.
    ///
    /// First notes the agent's last run number and looks whether it runs (one [`Observation`]), then
    /// asks [`Reporter::may_start`]; only with [`Grant::Start`] is the service asked to execute. From
    /// then on the run is followed until the service itself says how it ended, whatever happens to
    /// the connection. When `stop` fires, the service is asked to stop the agent (only if this call
    /// started it) and the run is still followed to its end.
    async fn run_profile(
        &self,
        call: ProfileCall,
        reporter: Reporter,
        stop: StopSignal,
    ) -> ProfileEnd;

    /// Runs a program to its end, or only starts it when the command is not waited for. When `stop`
    /// fires, the whole tree of processes is ended.
    async fn run_command(&self, call: CommandCall, stop: StopSignal) -> CommandReport;
}

/// What an agent does now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// Nothing.
    Idle,
    /// A profile runs that this call did not start; its name, if the service told.
    Busy(Option<ProfileName>),
}

/// Why nobody knows what an agent does now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObserveError {
    /// One sentence.
    pub message: String,
    /// Whether the same look may succeed later by itself (the server does not answer).
    pub is_passing: bool,
}

/// A profile to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileCall {
    /// The agent.
    pub agent: AgentName,
    /// The profile.
    pub profile: ProfileName,
}

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandCall {
    /// The command; placeholders in its program and arguments are already replaced.
    pub command: Command,
    /// The sequence file's folder: relative paths count from here, and it is the folder in which
    /// the program runs unless the command names another.
    pub base_folder: PathBuf,
    /// Variables that the run adds, such as `MASEQUENCER_RUN`; the command's own win.
    pub environment: Vec<(String, String)>,
}

/// Whether a profile may start, answered by the engine at the last moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Ask the service to execute.
    Start,
    /// Do nothing and return [`ProfileEnd::Withdrawn`].
    Withdraw,
}

/// How a call to run a profile ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileEnd {
    /// The grant was withheld; nothing was started.
    Withdrawn,
    /// The service did not start it now, and waiting can help.
    Refused {
        /// Why, as far as the engine waits for it.
        refusal: Refusal,
        /// The service's word.
        result: RunResult,
    },
    /// The run took place (or was refused for good) and the service said how it ended.
    Ended {
        /// The service's word.
        result: RunResult,
        /// The run's number, if known.
        run_number: Option<u64>,
        /// What it did; empty when no details could be had.
        statistics: ProfileStatistics,
    },
    /// Certainly nothing was started.
    NotStarted {
        /// One sentence.
        message: String,
        /// Whether the same call may succeed later by itself (the server does not answer).
        is_passing: bool,
    },
    /// The service was asked to start it, and how it ended can no longer be found out.
    Unknown {
        /// One sentence.
        message: String,
    },
}

/// What a running profile tells on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileReport {
    /// The service's word about the run, when it changed: `in-progress`, `completing-…`.
    Status(String),
    /// Something worth a line, such as a lost connection that is being restored.
    Notice(Severity, String),
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandReport {
    /// Its end. [`CommandEnd::TimedOut`] or [`CommandEnd::Stopped`] follow the [`StopCause`].
    pub end: CommandEnd,
    /// What it wrote to standard output and error, capped by the backend.
    pub output: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// Why something that runs is to end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCause {
    /// A person said so.
    Person,
    /// It took longer than allowed.
    Timeout,
}

/// Fires at most once, when something that runs is to end early.
#[derive(Debug, Clone)]
pub struct StopSignal(watch::Receiver<Option<StopCause>>);

impl StopSignal {
    /// A signal and the switch that fires it.
    pub fn new() -> (watch::Sender<Option<StopCause>>, Self) {
        let (sender, receiver) = watch::channel(None);
        (sender, Self(receiver))
    }

    /// Waits until it fires; for ever if it never does. Cancel-safe.
    pub async fn fired(&mut self) -> StopCause {
        loop {
            if let Some(cause) = *self.0.borrow_and_update() {
                return cause;
            }
            if self.0.changed().await.is_err() {
                // The switch is gone: nobody can fire it any more.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The cause, if it has fired.
    pub fn cause(&self) -> Option<StopCause> {
        *self.0.borrow()
    }
}

/// The way of a running profile back to the engine.
#[async_trait]
trait ReporterLink: Send + Sync {
    async fn may_start(&self, seen: Observation) -> Grant;
    async fn report(&self, report: ProfileReport);
}

/// The way of a running profile back to the engine.
pub struct Reporter(Box<dyn ReporterLink>);

impl Reporter {
    /// A reporter made of two closures, for the engine's executor and for tests of a backend.
    pub fn new<G, GF, R, RF>(may_start: G, report: R) -> Self
    where
        G: Fn(Observation) -> GF + Send + Sync + 'static,
        GF: Future<Output = Grant> + Send + 'static,
        R: Fn(ProfileReport) -> RF + Send + Sync + 'static,
        RF: Future<Output = ()> + Send + 'static,
    {
        Self(Box::new(Closures { may_start, report }))
    }

    /// Tells what the agent does and asks whether the profile may start; waits for the answer.
    pub async fn may_start(&self, seen: Observation) -> Grant {
        self.0.may_start(seen).await
    }

    /// Tells something on the way.
    pub async fn report(&self, report: ProfileReport) {
        self.0.report(report).await;
    }
}

struct Closures<G, R> {
    may_start: G,
    report: R,
}

#[async_trait]
impl<G, GF, R, RF> ReporterLink for Closures<G, R>
where
    G: Fn(Observation) -> GF + Send + Sync,
    GF: Future<Output = Grant> + Send,
    R: Fn(ProfileReport) -> RF + Send + Sync,
    RF: Future<Output = ()> + Send,
{
    async fn may_start(&self, seen: Observation) -> Grant {
        (self.may_start)(seen).await
    }

    async fn report(&self, report: ProfileReport) {
        (self.report)(report).await;
    }
}
