//! The host's end: keeps the summary of its run, feeds those who watch, passes controls on.
//!
//! Never waits for a client: who is too slow for the events gets a fresh summary instead. Must not
//! decide what a control does.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::run::{RunControl, RunEvent, RunEventKind, RunId, RunPhase, RunSummary};

use super::ControlError;
use super::folder;
use super::line::LineReader;
use super::socket::{self, Listener, RecvHalf, SendHalf, Stream};
use super::wire::{Answer, Hello, Request, RequestKind, VERSION, to_line};

/// The longest line that a client may send.
const MAX_REQUEST_BYTES: usize = 4 * 1024;

/// How many events a client may lie behind before it gets a summary instead.
const QUEUED_EVENTS: usize = 256;

/// How many clients may be connected at once.
const MAX_CLIENTS: usize = 64;

/// How long a client may take to accept one line.
const WRITE_DEADLINE: Duration = Duration::from_secs(30);

/// How long the run may take to accept a control.
const CONTROL_DEADLINE: Duration = Duration::from_secs(5);

/// How long clients have to take the last events when the host closes.
const CLOSE_DEADLINE: Duration = Duration::from_secs(2);

/// What the host says about its run in its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The sequence's name.
    pub sequence: String,
    /// The file it came from.
    pub file: Option<String>,
    /// When the run began.
    pub started: Timestamp,
}

/// The open socket of a run; removed when dropped.
pub struct Host {
    path: PathBuf,
    shared: Arc<Shared>,
    is_closing: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

struct Shared {
    hello: Hello,
    controls: mpsc::Sender<RunControl>,
    state: Mutex<State>,
    was_watched: watch::Sender<bool>,
}

/// Summary and events change under one lock, so that nobody misses an event between the two.
struct State {
    summary: RunSummary,
    events: broadcast::Sender<Arc<RunEvent>>,
}

impl Host {
    /// Opens the socket of a run in `folder`, which is made if need be; controls that clients send
    /// arrive at `controls`. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`ControlError`] when the folder is not safe, the path is too long, the run is already
    /// hosted, or the system refuses. None of them is a reason not to run the sequence.
    pub fn open(
        run: &RunId,
        folder: &Path,
        about: About,
        controls: mpsc::Sender<RunControl>,
    ) -> Result<Self, ControlError> {
        let path = folder::socket_path(folder, run)?;
        folder::make_private(folder)?;
        let listener = socket::listen(&path).map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ControlError::AlreadyHosted {
                run: run.to_string(),
            },
            _ => ControlError::Listen {
                path: path.clone(),
                source,
            },
        })?;
        let shared = Arc::new(Shared {
            hello: Hello {
                version: VERSION,
                run: run.clone(),
                sequence: about.sequence,
                file: about.file,
                pid: std::process::id(),
                started: about.started,
            },
            controls,
            state: Mutex::new(State {
                summary: RunSummary::default(),
                events: broadcast::channel(QUEUED_EVENTS).0,
            }),
            was_watched: watch::Sender::new(false),
        });
        let (is_closing, closing) = watch::channel(false);
        let accepting = tokio::spawn(accept_all(listener, Arc::clone(&shared), closing));
        Ok(Self {
            path,
            shared,
            is_closing,
            accepting,
        })
    }

    /// Where the socket lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Applies an event to the summary and passes it on to those who watch; never waits.
    pub fn publish(&self, event: &RunEvent) {
        let shared_event = Arc::new(event.clone());
        let mut state = self.shared.state.lock();
        state.summary.apply(event);
        // Nobody watches: nobody to tell.
        state.events.send(shared_event).ok();
    }

    /// Waits until somebody has begun to watch, at most so long: a run may be over before the one
    /// who started it has come to the door.
    pub async fn until_watched(&self, at_most: Duration) {
        let mut was_watched = self.shared.was_watched.subscribe();
        let watched = was_watched.wait_for(|was_watched| *was_watched);
        // Both ends are the same to the caller.
        tokio::time::timeout(at_most, watched).await.ok();
    }

    /// Closes the socket, after those who watch had up to two seconds to take the last events.
    pub async fn close(mut self) {
        self.is_closing.send_replace(true);
        // Whoever has not taken them by then never will.
        tokio::time::timeout(CLOSE_DEADLINE, &mut self.accepting)
            .await
            .ok();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.accepting.abort();
        // Already gone, or to be found dead by the next one who looks.
        std::fs::remove_file(&self.path).ok();
    }
}

async fn accept_all(listener: Listener, shared: Arc<Shared>, closing: watch::Receiver<bool>) {
    let mut is_closing = closing.clone();
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            accepted = socket::accept(&listener) => match accepted {
                Ok(stream) if clients.len() < MAX_CLIENTS => {
                    let client = serve(stream, Arc::clone(&shared), closing.clone());
                    clients.spawn(client);
                }
                // Closing it says enough; a client like ours never holds so many.
                Ok(_) => {}
                // Such as too many open files: it must not become a busy loop.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            Some(_) = clients.join_next() => {}
            () = closed(&mut is_closing) => break,
        }
    }
    drop(listener);
    while clients.join_next().await.is_some() {}
}

/// Waits until the host closes, or is gone.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // Both mean the same to a client.
    closing.wait_for(|is_closing| *is_closing).await.ok();
}

/// Speaks with one client. Whatever it does wrong ends its own connection only.
async fn serve(stream: Stream, shared: Arc<Shared>, mut closing: watch::Receiver<bool>) {
    let (reading, writing) = socket::split(stream);
    let mut client = ClientLine {
        requests: LineReader::new(reading, MAX_REQUEST_BYTES),
        writing,
    };
    if client.send(&shared.hello).await.is_err() {
        return;
    }
    loop {
        let line = tokio::select! {
            line = client.requests.next() => line,
            () = closed(&mut closing) => return,
        };
        let is_last = match line {
            Ok(Some(line)) => match read_request(&line) {
                Ok(RequestKind::Attach) => {
                    client.watch(&shared, &mut closing).await;
                    true
                }
                Ok(kind) => {
                    let answer = answer(&shared, kind).await;
                    client.send(&answer).await.is_err()
                }
                Err(message) => client.send(&Answer::Error { message }).await.is_err(),
            },
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                let message = format!("a request has at most {MAX_REQUEST_BYTES} bytes");
                // The connection ends whether the client hears this or not.
                client.send(&Answer::Error { message }).await.ok();
                true
            }
            Ok(None) | Err(_) => true,
        };
        if is_last {
            return;
        }
    }
}

fn read_request(line: &[u8]) -> Result<RequestKind, String> {
    /// Read first, since a later version may have requests that this one cannot read.
    #[derive(serde::Deserialize)]
    struct Version {
        version: u32,
    }
    let bad = |error: &serde_json::Error| format!("this is not a request: {error}");
    let version: Version = serde_json::from_slice(line).map_err(|error| bad(&error))?;
    if version.version != VERSION {
        return Err(format!(
            "this run speaks version {VERSION} of the control protocol and the request version {}; \
             use the masequencer program that started the run",
            version.version
        ));
    }
    let request: Request = serde_json::from_slice(line).map_err(|error| bad(&error))?;
    Ok(request.kind)
}

async fn answer(shared: &Shared, kind: RequestKind) -> Answer {
    let control = match kind {
        RequestKind::Status | RequestKind::Attach => {
            return Answer::Summary {
                summary: Box::new(shared.state.lock().summary.clone()),
            };
        }
        RequestKind::Pause => RunControl::Pause,
        RequestKind::Resume => RunControl::Resume,
        RequestKind::Stop { mode } => RunControl::Stop { mode },
    };
    let sending = shared.controls.send_timeout(control, CONTROL_DEADLINE);
    match sending.await {
        Ok(()) => Answer::Ok,
        Err(mpsc::error::SendTimeoutError::Closed(_)) => Answer::Error {
            message: "the run has already ended".to_owned(),
        },
        Err(mpsc::error::SendTimeoutError::Timeout(_)) => Answer::Error {
            message: "the run is too busy to take the order; try again".to_owned(),
        },
    }
}

struct ClientLine {
    requests: LineReader<RecvHalf>,
    writing: SendHalf,
}

impl ClientLine {
    async fn send(&mut self, value: &impl Serialize) -> io::Result<()> {
        let line = to_line(value)?;
        let sending = self.writing.write_all(&line);
        tokio::time::timeout(WRITE_DEADLINE, sending).await?
    }

    /// Sends the summary, then events, until the run has ended, the host closes or the client goes.
    async fn watch(&mut self, shared: &Shared, closing: &mut watch::Receiver<bool>) {
        let first = self.send_summary(shared).await;
        if first.is_ok() {
            shared.was_watched.send_replace(true);
        }
        let Ok(Some((mut events, mut seq))) = first else {
            return;
        };
        loop {
            let event = tokio::select! {
                biased;
                event = events.recv() => event,
                // Nothing is left to send, or it would have come first.
                () = closed(closing) => return,
                // A client that watches has nothing to say; this only tells when it goes.
                line = self.requests.next() => match line {
                    Ok(Some(_)) => continue,
                    Ok(None) | Err(_) => return,
                },
            };
            match event {
                Ok(event) if event.seq <= seq => {}
                Ok(event) => {
                    seq = event.seq;
                    let is_end = matches!(event.event, RunEventKind::RunFinished { .. });
                    let event = Box::new(RunEvent::clone(&event));
                    if self.send(&Answer::Event { event }).await.is_err() || is_end {
                        return;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    match self.send_summary(shared).await {
                        Ok(Some(watching)) => (events, seq) = watching,
                        Ok(None) | Err(_) => return,
                    }
                }
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Sends the summary of now; the events after it, unless there will be none.
    async fn send_summary(
        &mut self,
        shared: &Shared,
    ) -> io::Result<Option<(broadcast::Receiver<Arc<RunEvent>>, u64)>> {
        let (summary, events) = {
            let state = shared.state.lock();
            (Box::new(state.summary.clone()), state.events.subscribe())
        };
        let seq = summary.seq;
        let has_ended = matches!(summary.phase, RunPhase::Finished(_));
        self.send(&Answer::Summary { summary }).await?;
        Ok((!has_ended).then_some((events, seq)))
    }
}
