//! Runs: starting one in a process of its own, finding, watching and steering those of this machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use crate::base::error_chain;
use crate::check;
use crate::control::{self, Client, ControlError, RunningRun, Update};
use crate::designer::words::effects as words;
use crate::designer::words::runs as run_words;
use crate::designer::{Answer, ListedRun, RunUpdate, StartOrder, Token};
use crate::format;
use crate::launch::detached::{self, HostOrder, Program};
use crate::run::{RunControl, RunEventKind, RunId, RunPhase};
use crate::settings::Folders;

use super::outbox::{Outbox, WatchNumber};
use super::servers::Current;

/// How many orders may wait for a run's host.
const ORDERS: usize = 16;

/// How long to wait for the drawing thread when it has not taken very many updates.
const NO_ROOM: Duration = Duration::from_millis(200);

/// How often to come back to a host that says nothing new.
const MAX_FRUITLESS: u32 = 5;

/// The watched run, and what is under way for it.
pub(super) struct Runs {
    program: Program,
    folders: Option<Folders>,
    current: Current,
    outbox: Outbox,
    task: Option<AbortHandle>,
    orders: Option<mpsc::Sender<RunControl>>,
}

impl Runs {
    pub(super) const fn new(
        program: Program,
        folders: Option<Folders>,
        current: Current,
        outbox: Outbox,
    ) -> Self {
        Self {
            program,
            folders,
            current,
            outbox,
            task: None,
            orders: None,
        }
    }

    /// Starts a run and watches it.
    pub(super) fn start(&mut self, order: StartOrder, runtime: &Handle) {
        let (watch, orders) = self.begin();
        let outbox = self.outbox.clone();
        let program = self.program.clone();
        let token = order.token;
        let (sequence, agents) = (Arc::clone(&order.sequence), order.agents.clone());
        let host_order = self.host_order(order);
        self.watch(runtime, async move {
            let looked = tokio::task::spawn_blocking(move || {
                let mut errors = check::check(&sequence, agents.as_deref());
                errors.retain(|problem| problem.severity == check::Severity::Error);
                (errors, format::write(&sequence))
            });
            let (errors, xml) = match looked.await {
                Ok(looked) => looked,
                Err(error) => return not_started(&outbox, watch, &error.to_string()),
            };
            if !errors.is_empty() {
                return outbox.send_watched(watch, Answer::RunRefused { errors });
            }
            let host_order = host_order.map(|order| HostOrder { xml, ..order });
            let started = match host_order {
                Ok(order) => detached::start(&program, &order)
                    .await
                    .map_err(|error| error_chain::one_line(&error)),
                Err(sentence) => Err(sentence),
            };
            match started {
                Ok(started) => {
                    let watching = Watching {
                        running: started.running,
                        outbox,
                        watch,
                    };
                    watching.follow(Some(token), orders).await;
                }
                Err(sentence) => not_started(&outbox, watch, &sentence),
            }
        });
    }

    /// Watches the run behind a socket.
    pub(super) fn attach(&mut self, socket: PathBuf, runtime: &Handle) {
        let (watch, orders) = self.begin();
        let outbox = self.outbox.clone();
        self.watch(runtime, async move {
            match run_at(&socket).await {
                Ok(running) => {
                    let watching = Watching {
                        running,
                        outbox,
                        watch,
                    };
                    watching.follow(None, orders).await;
                }
                Err(sentence) => not_started(&outbox, watch, &sentence),
            }
        });
    }

    /// Stops watching; the run goes on.
    pub(super) fn detach(&mut self) {
        self.begin();
        self.orders = None;
    }

    /// Tells the watched run something.
    pub(super) fn control(&self, control: RunControl) {
        let sent = self.orders.as_ref().map(|orders| orders.try_send(control));
        let sentence = match sent {
            Some(Ok(())) => return,
            Some(Err(mpsc::error::TrySendError::Full(_))) => words::RUN_IS_BUSY,
            Some(Err(mpsc::error::TrySendError::Closed(_))) | None => words::NO_RUN_WATCHED,
        };
        let sentence = sentence.to_owned();
        self.outbox.send(Answer::NotControlled { sentence });
    }

    /// Finds the runs of this machine.
    pub(super) fn find(&self, of_file: Option<PathBuf>, runtime: &Handle) {
        let outbox = self.outbox.clone();
        runtime.spawn(async move {
            let (found, problem) = match control::all_runs().await {
                Ok(found) => (found, None),
                Err(error) => {
                    let sentence = words::sentence(&error_chain::one_line(&error));
                    (Vec::new(), Some(sentence))
                }
            };
            let runs = found
                .iter()
                .filter(|run| of_file.as_deref().is_none_or(|file| is_of_file(run, file)))
                .map(listed)
                .collect();
            outbox.send(Answer::RunsFound {
                of_file,
                runs,
                problem,
            });
        });
    }

    /// Whatever was watched or being started is no longer ours; a host that has not said anything
    /// yet ends with this.
    fn begin(&mut self) -> (WatchNumber, mpsc::Receiver<RunControl>) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
        let (sender, orders) = mpsc::channel(ORDERS);
        self.orders = Some(sender);
        (self.outbox.begin_watch(), orders)
    }

    fn watch(&mut self, runtime: &Handle, watching: impl Future<Output = ()> + Send + 'static) {
        self.task = Some(runtime.spawn(watching).abort_handle());
    }

    fn host_order(&self, order: StartOrder) -> Result<HostOrder, String> {
        let folder = match order.file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.to_path_buf(),
            None => self
                .folders
                .as_ref()
                .map(Folders::unsaved)
                .unwrap_or_default(),
        };
        let (target, password) = self
            .current
            .target(&order.choice, order.password, &folder)
            .map_err(|error| error.to_string())?;
        Ok(HostOrder {
            // Written beside the drawing: a large sequence takes its time.
            xml: String::new(),
            file: order.file,
            folder,
            target,
            password,
            log: None,
            level: None,
            owner: std::process::id(),
            document: order.document,
            part: order.part,
        })
    }
}

/// A run that is watched.
struct Watching {
    running: RunningRun,
    outbox: Outbox,
    watch: WatchNumber,
}

impl Watching {
    async fn follow(self, token: Option<Token>, orders: mpsc::Receiver<RunControl>) {
        let attached = match Client::connect(&self.running).await {
            Ok(client) => client.attach().await,
            Err(error) => Err(error),
        };
        let mut attached = match attached {
            Ok(attached) => attached,
            Err(error) => {
                return not_started(&self.outbox, self.watch, &error_chain::one_line(&error));
            }
        };
        let run = listed(&self.running);
        let started = Answer::RunStarted { token, run };
        self.outbox.send_watched(self.watch, started);
        // It ends when nobody can give orders any more: with the next watching.
        tokio::spawn(pass_on(self.running.clone(), self.outbox.clone(), orders));
        let mut has_ended = false;
        let mut fruitless = 0;
        loop {
            while !self.outbox.has_room() {
                tokio::time::sleep(NO_ROOM).await;
            }
            if let Ok(Some(update)) = attached.next().await {
                has_ended = has_ended || is_end(&update);
                if matches!(update, Update::Event(_)) {
                    fruitless = 0;
                }
                self.outbox.update(self.watch, said(update));
                continue;
            }
            // The host gives up who takes nothing for half a minute, such as a machine that slept.
            fruitless += 1;
            let again = async { Client::connect(&self.running).await?.attach().await };
            match again.await {
                Ok(again) if !has_ended && fruitless < MAX_FRUITLESS => attached = again,
                _ => break,
            }
        }
        self.outbox.send_watched(self.watch, Answer::RunGone);
    }
}

/// Gives orders to a run, one after the other.
async fn pass_on(running: RunningRun, outbox: Outbox, mut orders: mpsc::Receiver<RunControl>) {
    while let Some(control) = orders.recv().await {
        let giving = async { Client::connect(&running).await?.send(control).await };
        let given: Result<(), ControlError> = giving.await;
        if let Err(error) = given {
            let sentence = words::sentence(&error_chain::one_line(&error));
            outbox.send(Answer::NotControlled { sentence });
        }
    }
}

async fn run_at(socket: &Path) -> Result<RunningRun, String> {
    let name = socket.file_stem().and_then(|name| name.to_str());
    let run = name
        .and_then(RunId::parse)
        .ok_or_else(|| words::NOT_A_RUN.to_owned())?;
    control::at(&run, socket)
        .await
        .map_err(|error| error_chain::one_line(&error))
}

fn not_started(outbox: &Outbox, watch: WatchNumber, sentence: &str) {
    let sentence = words::sentence(sentence);
    outbox.send_watched(watch, Answer::RunNotStarted { sentence });
}

fn said(update: Update) -> RunUpdate {
    match update {
        Update::Snapshot(summary) => RunUpdate::Snapshot(summary),
        Update::Event(event) => RunUpdate::Event(event),
    }
}

fn is_end(update: &Update) -> bool {
    match update {
        Update::Snapshot(summary) => matches!(summary.phase, RunPhase::Finished(_)),
        Update::Event(event) => matches!(event.event, RunEventKind::RunFinished { .. }),
    }
}

fn listed(running: &RunningRun) -> ListedRun {
    ListedRun {
        socket: running.path.clone(),
        run: running.hello.run.clone(),
        sequence: run_words::sequence_name(&running.hello.sequence).to_owned(),
        file: running.hello.file.clone(),
        started: running.hello.started,
    }
}

/// Whether a run is of this file, by whatever name.
fn is_of_file(running: &RunningRun, file: &Path) -> bool {
    let Some(theirs) = running.hello.file.as_deref().map(Path::new) else {
        return false;
    };
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    theirs == file || real(theirs).is_some_and(|theirs| real(file) == Some(theirs))
}
