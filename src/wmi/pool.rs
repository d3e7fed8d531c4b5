//! Threads that hold sessions, and callers who do not wait longer than they want to.
//!
//! A call of WMI cannot be broken off, so a caller who gives up leaves the thread behind: it ends
//! when its call does, and the next call gets another one. Must not repeat a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::oneshot;

use super::{Meaning, MethodCall, Opener, Permit, Row, Session, Stage, WmiError};

/// How much is under way at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Threads that are kept for later calls.
    pub idle: usize,
    /// Threads in all, with those whose callers gave up.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            idle: 4,
            // An agent runs one profile at a time, and no service has more agents.
            threads: 200,
        }
    }
}

/// Calls WMI. Calls may be made in parallel; cloning shares the threads.
#[derive(Clone)]
pub struct Caller {
    shared: Arc<Shared>,
}

struct Shared {
    door: Arc<Door>,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
    threads: Arc<AtomicUsize>,
}

/// The way in, which is tried by one thread at a time until it is known to open, and never again
/// once an account was refused there: accounts get locked by repetition.
struct Door {
    opener: Arc<dyn Opener>,
    known: Mutex<Known>,
}

enum Known {
    Nothing,
    Opens,
    Refuses(WmiError),
}

/// The way to a thread, which ends when this is dropped.
struct Worker {
    jobs: mpsc::SyncSender<Job>,
}

/// What a thread shall do.
enum Work {
    Open,
    Query(String),
    Call(MethodCall),
}

struct Job {
    work: Work,
    permit: Permit,
    reply: oneshot::Sender<Result<Vec<Row>, WmiError>>,
}

/// Gives a call up when its future is dropped.
struct Abandon(Permit);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

impl Caller {
    /// Calls through the sessions of `opener`; connects to nothing yet.
    pub fn new(opener: Arc<dyn Opener>, limits: Limits) -> Self {
        Self {
            shared: Arc::new(Shared {
                door: Arc::new(Door {
                    opener,
                    known: Mutex::new(Known::Nothing),
                }),
                limits,
                idle: Mutex::new(Vec::new()),
                threads: Arc::new(AtomicUsize::new(0)),
            }),
        }
    }

    /// Connects, if there is no connection yet.
    ///
    /// # Errors
    /// [`WmiError`]; of stage `Connect`.
    pub async fn open(&self, patience: Duration) -> Result<(), WmiError> {
        self.perform(Work::Open, patience).await.map(|_| ())
    }

    /// The objects that a query finds.
    ///
    /// # Errors
    /// [`WmiError`], with [`Meaning::TimedOut`] after `patience`.
    pub async fn query(&self, wql: &str, patience: Duration) -> Result<Vec<Row>, WmiError> {
        self.perform(Work::Query(wql.to_owned()), patience).await
    }

    /// Calls a method; what it returned.
    ///
    /// # Errors
    /// [`WmiError`]. After `patience` it is [`Meaning::Abandoned`] when the call never began, and
    /// [`Meaning::TimedOut`] when it did and goes on.
    pub async fn call(&self, call: MethodCall, patience: Duration) -> Result<Row, WmiError> {
        let rows = self.perform(Work::Call(call), patience).await?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    async fn perform(&self, work: Work, patience: Duration) -> Result<Vec<Row>, WmiError> {
        let is_call = matches!(work, Work::Call(_));
        let permit = Permit::default();
        let (reply, answer) = oneshot::channel();
        let job = Job {
            work,
            permit: permit.clone(),
            reply,
        };
        let worker = self.shared.worker()?;
        if worker.jobs.try_send(job).is_err() {
            return Err(WmiError::of(Stage::Connect, Meaning::Other));
        }
        let abandon = Abandon(permit.clone());
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(result)) => {
                self.shared.keep(worker);
                result
            }
            // The thread died with its reply.
            Ok(Err(_closed)) => Err(WmiError::of(Stage::Call, Meaning::Other)),
            Err(_elapsed) => {
                drop(abandon);
                Err(if is_call && permit.abandon() {
                    WmiError::of(Stage::Connect, Meaning::Abandoned)
                } else {
                    WmiError::of(Stage::Call, Meaning::TimedOut)
                })
            }
        }
    }
}

impl Shared {
    /// A thread that waits for work, or a new one.
    fn worker(&self) -> Result<Worker, WmiError> {
        if let Some(worker) = self.idle.lock().pop() {
            return Ok(worker);
        }
        let full = WmiError::of(Stage::Connect, Meaning::Busy);
        let seat = Seat::take(&self.threads, self.limits.threads).ok_or(full)?;
        let door = Arc::clone(&self.door);
        let (jobs, queue) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .name("wmi".to_owned())
            .spawn(move || {
                serve(&door, &queue);
                drop(seat);
            })
            .map_err(|_no_thread| WmiError::of(Stage::Connect, Meaning::Busy))?;
        Ok(Worker { jobs })
    }

    fn keep(&self, worker: Worker) {
        let mut idle = self.idle.lock();
        if idle.len() < self.limits.idle {
            idle.push(worker);
        }
    }
}

impl Door {
    fn open(&self) -> Result<Box<dyn Session>, WmiError> {
        let mut known = self.known.lock();
        if let Known::Refuses(error) = &*known {
            return Err(error.clone());
        }
        let result = if matches!(*known, Known::Opens) {
            MutexGuard::unlocked(&mut known, || self.opener.open())
        } else {
            self.opener.open()
        };
        match &result {
            Ok(_) => *known = Known::Opens,
            Err(error) if error.meaning.refuses_the_account() => {
                *known = Known::Refuses(error.clone());
            }
            Err(_) => {}
        }
        result
    }
}

/// One of the threads that may be; given back when dropped, also by a panic.
struct Seat(Arc<AtomicUsize>);

impl Seat {
    fn take(threads: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        threads
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| {
                (count < most).then_some(count + 1)
            })
            .ok()?;
        Some(Self(Arc::clone(threads)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Works until nobody can send work any more.
fn serve(door: &Door, queue: &mpsc::Receiver<Job>) {
    let mut session: Option<Box<dyn Session>> = None;
    while let Ok(job) = queue.recv() {
        let result = perform(door, &mut session, &job);
        if let Err(error) = &result
            && error.meaning.ends_the_session()
        {
            session = None;
        }
        // Nobody waits for the answer of a call that was given up, and nobody sends another.
        drop(job.reply.send(result));
    }
}

fn perform(
    door: &Door,
    session: &mut Option<Box<dyn Session>>,
    job: &Job,
) -> Result<Vec<Row>, WmiError> {
    let open = match session {
        Some(open) => open,
        None => session.insert(door.open()?),
    };
    match &job.work {
        Work::Open => Ok(Vec::new()),
        Work::Query(wql) => open.query(wql),
        Work::Call(call) => open.call(call, &job.permit).map(|row| vec![row]),
    }
}
