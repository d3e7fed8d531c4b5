//! Wires one run together: file, lock, log, server, engine, control socket.
//!
//! Everything that can be wrong is found before anything starts. The run's events go one way:
//! engine, then log, control socket and screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::backend::{BackendOptions, ServiceBackend};
use crate::base::error_chain;
use crate::base::time::{Clock as _, SystemClock};
use crate::check::{self, Known, Problem, Severity};
use crate::control::{self, ControlError};
use crate::engine::{self, CompileError, RunHandle, RunOptions};
use crate::mim::AgentInfo;
use crate::model::LogLevel;
use crate::run::{LogLines, RunControl, RunEvent, RunEventKind, RunId, RunOutcome, RunPart};
use crate::service::{ServiceError, SyncService};
use crate::wsman::ProtocolLog;

use super::feed::{self, Feed, Feeder};
use super::log_task::{LogSender, LogTask};
use super::sign_on_log::SignOnLog;
use super::{Document, LockError, LogError, LogFile, SequenceLock, place_name};

/// How long a run that is over stays for the one who started it and has not come yet.
const AWAITED: Duration = Duration::from_secs(10);

/// Takes a warning for a person; must not wait.
pub type Warn = Arc<dyn Fn(&str) + Send + Sync>;

/// What is wanted of a run beyond its file.
pub struct RunRequest {
    /// The log file, if the command line names one.
    pub log: Option<PathBuf>,
    /// How much is logged, if the command line says so.
    pub level: Option<LogLevel>,
    /// The time zone of log lines and sentences.
    pub zone: TimeZone,
    /// Is told what a person should know although the run goes on.
    pub warn: Warn,
    /// Environment variables of this process that hold its password: no program that the sequence
    /// starts may see them.
    pub hidden_variables: Vec<String>,
    /// Whether a run that nobody could watch is better not begun; and one that is over stays for
    /// some seconds until somebody has come to watch.
    pub must_be_watchable: bool,
    /// The part of the sequence that was asked for; the document has the rest switched off.
    pub part: Option<RunPart>,
}

/// Why a run cannot begin. Nothing was started then.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The same file runs already, or nobody can tell.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The server.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The check against what the server told finds errors.
    #[error("{}", check_words(.0))]
    Check(Vec<CheckFinding>),
    /// Nobody could watch the run.
    #[error("the run could not be watched or steered")]
    Unwatchable(#[source] ControlError),
    /// The sequence is not complete.
    #[error("{place}: {source}")]
    Compile {
        /// Where, for people.
        place: String,
        /// What.
        source: CompileError,
    },
}

/// A problem and its place in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckFinding {
    /// Where, for people.
    pub place: String,
    /// What.
    pub problem: Problem,
}

/// A run that could begin: its log is open and its file is locked.
pub struct PreparedRun {
    document: Document,
    request: RunRequest,
    run: RunId,
    clock: SystemClock,
    log: LogTask,
    log_path: PathBuf,
    lock: SequenceLock,
}

/// A run that was started.
pub struct HostedRun {
    /// Its name.
    pub run: RunId,
    /// The way to give it orders.
    pub handle: RunHandle,
    /// Its control socket; `None` when it could not be opened.
    pub socket: Option<PathBuf>,
    feed: Feed,
    ending: RunEnding,
}

/// The end of a hosted run, to be waited for.
pub struct RunEnding(JoinHandle<RunEnd>);

/// How a hosted run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunEnd {
    /// Its outcome; `None` when the engine broke off without a word.
    pub outcome: Option<RunOutcome>,
    /// How many lines of the log were lost.
    pub lost_log_lines: u64,
}

impl PreparedRun {
    /// Opens the log and locks the file; must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`HostError::Log`] and [`HostError::Lock`].
    pub fn new(document: Document, request: RunRequest) -> Result<Self, HostError> {
        let clock = SystemClock::start();
        let run = RunId::new(clock.wall(), fastrand::u32(..));
        let level = request.level.unwrap_or(document.sequence.log.level);
        let log_path = document.log_path(request.log.as_deref());
        let log = LogFile::open(&log_path, LogLines::new(level, request.zone.clone()))?;
        // The same folder whether a scheduler or a terminal starts the run.
        let folder = control::known_folders().pop().ok_or(LockError::NoFolder)?;
        let lock = SequenceLock::acquire(&folder, &document.file, &run)?;
        let log = LogTask::start(log, log_path.clone(), Arc::clone(&request.warn));
        Ok(Self {
            document,
            request,
            run,
            clock,
            log,
            log_path,
            lock,
        })
    }

    /// The log file.
    pub fn log_path(&self) -> &Path {
        &self.log_path
    }

    /// Where the messages to the server are logged, at the level that wants them.
    pub fn protocol_log(&self) -> Option<ProtocolLog> {
        let level = self
            .request
            .level
            .unwrap_or(self.document.sequence.log.level);
        let (sender, clock) = (self.log.sender(), self.clock);
        (level == LogLevel::Protocol)
            .then(|| -> ProtocolLog { Arc::new(move |line| sender.protocol(clock.wall(), line)) })
    }

    /// Logs why the run does not begin, and closes the log.
    pub async fn give_up(self, why: &str) {
        let sender = self.log.sender();
        sender
            .remark(
                self.clock.wall(),
                LogLevel::Error,
                format!("nothing was started: {why}"),
            )
            .await;
        self.log.close().await;
    }

    /// Asks the server for its agents, checks and compiles the sequence, and starts it.
    ///
    /// # Errors
    /// [`HostError`]; the log says it too.
    pub async fn start(self, service: Arc<dyn SyncService>) -> Result<HostedRun, HostError> {
        let (controls, inbox) = mpsc::channel(16);
        let prepared = match self.preflight(service.as_ref()).await {
            Ok(program) => self.open_host(controls).map(|host| (program, host)),
            Err(error) => Err(error),
        };
        match prepared {
            Ok((program, host)) => Ok(self.launch(service, program, host, inbox)),
            Err(error) => {
                self.give_up(&error_chain::one_line(&error)).await;
                Err(error)
            }
        }
    }

    async fn preflight(&self, service: &dyn SyncService) -> Result<engine::Program, HostError> {
        let agents: Vec<AgentInfo> = service.first_contact().await?;
        let sequence = &self.document.sequence;
        let (errors, others): (Vec<CheckFinding>, Vec<CheckFinding>) =
            findings(&self.document, Some(Known::now(&agents)))
                .into_iter()
                .partition(|finding| finding.problem.severity == Severity::Error);
        if !errors.is_empty() {
            return Err(HostError::Check(errors));
        }
        for finding in others {
            let text = finding.sentence();
            if finding.problem.severity == Severity::Warning {
                (self.request.warn)(&text);
            }
            let level = match finding.problem.severity {
                Severity::Error | Severity::Warning => LogLevel::Warning,
                Severity::Note => LogLevel::Information,
            };
            self.log
                .sender()
                .remark(self.clock.wall(), level, text)
                .await;
        }
        engine::compile(sequence, &agents).map_err(|source| HostError::Compile {
            place: place_name(sequence, source.place),
            source,
        })
    }

    fn launch(
        self,
        service: Arc<dyn SyncService>,
        program: engine::Program,
        host: Option<control::Host>,
        control_inbox: mpsc::Receiver<RunControl>,
    ) -> HostedRun {
        let options = RunOptions {
            run: self.run.clone(),
            file: Some(self.document.file.clone()),
            server: service.server(),
            base_folder: self.document.folder.clone(),
            zone: self.request.zone.clone(),
            part: self.request.part,
        };
        let socket = host.as_ref().map(|host| host.path().to_path_buf());
        let sign_on = SignOnLog::new(Arc::clone(&service), self.clock);
        let backend = ServiceBackend::new(service, BackendOptions::default())
            .hiding(self.request.hidden_variables);
        let (handle, events) = engine::start(program, options, Arc::new(backend));
        tokio::spawn(pass_on(control_inbox, handle.clone()));
        let (feeder, feed) = feed::new();
        let pump = Pump {
            log: self.log,
            sign_on,
            host,
            feeder,
            is_awaited: self.request.must_be_watchable,
            _lock: self.lock,
        };
        HostedRun {
            run: self.run,
            handle,
            socket,
            feed,
            ending: RunEnding(tokio::spawn(pump.run(events))),
        }
    }

    fn open_host(
        &self,
        controls: mpsc::Sender<RunControl>,
    ) -> Result<Option<control::Host>, HostError> {
        let about = control::About {
            sequence: self.document.sequence_name(),
            file: Some(self.document.file.display().to_string()),
            started: self.clock.wall(),
        };
        let opened = control::default_folder()
            .and_then(|folder| control::Host::open(&self.run, &folder, about, controls));
        match opened {
            Ok(host) => Ok(Some(host)),
            Err(error) if self.request.must_be_watchable => Err(HostError::Unwatchable(error)),
            Err(error) => {
                (self.request.warn)(&format!(
                    "the run cannot be watched or steered from elsewhere: {}",
                    error_chain::one_line(&error)
                ));
                Ok(None)
            }
        }
    }
}

impl HostedRun {
    /// Its events for a screen, and its end.
    pub fn split(self) -> (Feed, RunEnding) {
        (self.feed, self.ending)
    }
}

impl RunEnding {
    /// Waits until everything is over: the run, its log, its control socket.
    pub async fn finish(self) -> RunEnd {
        // Only a defect breaks the pump off; then nobody knows how the run ended.
        self.0.await.unwrap_or(RunEnd {
            outcome: None,
            lost_log_lines: 0,
        })
    }
}

impl CheckFinding {
    /// The problem with its code and place, one line.
    pub fn sentence(&self) -> String {
        format!(
            "{}: {} ({})",
            self.place,
            self.problem.message,
            self.problem.code.as_str()
        )
    }
}

/// Checks a document and names the places of what is found.
pub fn findings(document: &Document, known: Option<Known<'_>>) -> Vec<CheckFinding> {
    check::check_known(&document.sequence, known)
        .into_iter()
        .map(|problem| CheckFinding {
            place: place_name(&document.sequence, problem.place),
            problem,
        })
        .collect()
}

fn check_words(errors: &[CheckFinding]) -> String {
    let sentences: Vec<String> = errors.iter().map(CheckFinding::sentence).collect();
    format!("the check found what cannot run: {}", sentences.join("; "))
}

async fn pass_on(mut controls: mpsc::Receiver<RunControl>, handle: RunHandle) {
    while let Some(control) = controls.recv().await {
        handle.control(control).await;
    }
}

/// Carries the events of a run to everybody who watches.
struct Pump {
    log: LogTask,
    sign_on: SignOnLog,
    host: Option<control::Host>,
    feeder: Feeder,
    is_awaited: bool,
    // Held until the last event is written.
    _lock: SequenceLock,
}

impl Pump {
    async fn run(mut self, mut events: mpsc::Receiver<RunEvent>) -> RunEnd {
        let log: LogSender = self.log.sender();
        let mut outcome = None;
        self.sign_on.tell(&log).await;
        while let Some(event) = events.recv().await {
            if let RunEventKind::RunFinished { outcome: end, .. } = &event.event {
                outcome = Some(*end);
            }
            let event = Arc::new(event);
            if let Some(host) = &self.host {
                host.publish(&event);
            }
            self.feeder.give(Arc::clone(&event));
            self.sign_on.tell(&log).await;
            log.event(event).await;
        }
        // The screen may close while the others are still served.
        drop(self.feeder);
        let lost_log_lines = self.log.close().await;
        if let Some(host) = self.host {
            if self.is_awaited {
                host.until_watched(AWAITED).await;
            }
            host.close().await;
        }
        RunEnd {
            outcome,
            lost_log_lines,
        }
    }
}

// The programs in them are those of Unix.
#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::launch::{Connection, Fed, Target};
    use crate::model::{Command, Sequence, Step, StepKind, Thread};

    /// What a command of a hosted run prints.
    async fn output_of(script: &str, hidden_variables: Vec<String>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("/bin/sh");
        command.arguments = vec!["-c".to_owned(), script.to_owned()];
        let mut thread = Thread::new("A");
        thread.steps.push(Step::new(StepKind::Command(command)));
        let file = folder.path().join("sequence.xml");
        std::fs::write(&file, "").unwrap();
        let document = Document {
            file,
            folder: folder.path().to_path_buf(),
            sequence: Sequence {
                threads: vec![thread],
                ..Sequence::default()
            },
        };
        let request = RunRequest {
            log: Some(folder.path().join("run.log")),
            level: None,
            zone: TimeZone::UTC,
            warn: Arc::new(|_| {}),
            hidden_variables,
            must_be_watchable: false,
            part: None,
        };
        let prepared = PreparedRun::new(document, request).unwrap();
        let demo = Target::Demo { scenario: None };
        let connection = Connection::open(&demo, None, None).await.unwrap();
        let hosted = prepared.start(connection.service()).await.unwrap();
        let (feed, ending) = hosted.split();
        assert_eq!(ending.finish().await.outcome, Some(RunOutcome::Success));
        while let Fed::Event(event) = feed.next(Duration::from_secs(10)) {
            if let RunEventKind::CommandFinished { output, .. } = &event.event {
                return output.clone();
            }
        }
        panic!("no command ended");
    }

    #[tokio::test]
    async fn programs_of_a_run_do_not_see_the_variable_that_holds_the_password() {
        // Stands for the password: every test of cargo has it.
        let script = "echo \"[$CARGO_MANIFEST_DIR]\"";
        assert_ne!(output_of(script, Vec::new()).await, "[]\n");
        let hidden = vec!["CARGO_MANIFEST_DIR".to_owned()];
        assert_eq!(output_of(script, hidden).await, "[]\n");
    }
}
