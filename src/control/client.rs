//! The watcher's end: finds live runs, asks, steers, watches.
//!
//! Must not trust what a host says beyond its form, nor wait for it without a limit.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::run::{RunControl, RunEvent, RunId, RunSummary};

use super::ControlError;
use super::folder;
use super::line::LineReader;
use super::socket::{self, RecvHalf, SendHalf};
use super::wire::{Answer, Hello, Request, RequestKind, VERSION, to_line};

/// How long a host may take to accept a connection and to answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// How long a host may take to say hello while runs are listed.
const LIST_DEADLINE: Duration = Duration::from_secs(2);

/// The longest line that a host may send: a summary of the largest sequence has room in it.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The longest hello.
const MAX_HELLO_BYTES: usize = 64 * 1024;

/// A run that is hosted by a living process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningRun {
    /// Its socket.
    pub path: PathBuf,
    /// What its host says about it.
    pub hello: Hello,
}

/// A connection to the host of a run.
#[derive(Debug)]
pub struct Client {
    hello: Hello,
    answers: LineReader<RecvHalf>,
    writing: SendHalf,
}

/// A connection that watches.
#[derive(Debug)]
pub struct Attached {
    client: Client,
    first: Option<RunSummary>,
}

/// What a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// The state of the run: always the first update, and again when the watcher was too slow for
    /// the events since.
    Snapshot(Box<RunSummary>),
    /// The next event.
    Event(Box<RunEvent>),
}

/// The live runs whose sockets lie in `folder`, by name. A socket whose host is gone is removed; one
/// that does not speak the protocol is passed over. No folder means no runs.
///
/// # Errors
/// [`ControlError`] when the folder cannot be read or is not ours alone.
pub async fn runs(folder: &Path) -> Result<Vec<RunningRun>, ControlError> {
    let sockets = folder::sockets(folder)?;
    if !sockets.is_empty() {
        folder::check_private(folder)?;
    }
    let mut running = Vec::new();
    for (run, path) in sockets {
        match tokio::time::timeout(LIST_DEADLINE, open(&run, &path)).await {
            Ok(Ok(client)) => running.push(RunningRun {
                path,
                hello: client.hello,
            }),
            Ok(Err(ControlError::Connect { source, .. })) if socket::is_dead(&source) => {
                // If it cannot be removed, the next one who looks will try again.
                std::fs::remove_file(&path).ok();
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }
    Ok(running)
}

/// The live runs in all folders of this user. A folder that cannot be used is passed over when
/// another one can.
///
/// # Errors
/// [`ControlError::NoFolder`] when the system knows none, or the first folder's error when none can
/// be used.
pub async fn all_runs() -> Result<Vec<RunningRun>, ControlError> {
    let mut running = Vec::new();
    let mut trouble = Some(ControlError::NoFolder);
    let mut is_any_fine = false;
    for folder in folder::known_folders() {
        match runs(&folder).await {
            Ok(found) => {
                is_any_fine = true;
                running.extend(found);
            }
            Err(error) => {
                trouble = trouble
                    .filter(|first| !matches!(first, ControlError::NoFolder))
                    .or(Some(error));
            }
        }
    }
    match trouble {
        Some(error) if !is_any_fine => Err(error),
        _ => Ok(running),
    }
}

/// The run whose socket lies at `path`, as its host says.
///
/// # Errors
/// [`ControlError`], within ten seconds.
pub async fn at(run: &RunId, path: &Path) -> Result<RunningRun, ControlError> {
    let client = in_time(run, open(run, path)).await?;
    Ok(RunningRun {
        path: path.to_path_buf(),
        hello: client.hello,
    })
}

/// Connects and reads the hello, of whatever version.
async fn open(run: &RunId, path: &Path) -> Result<Client, ControlError> {
    let stream = socket::connect(path)
        .await
        .map_err(|source| ControlError::Connect {
            run: run.to_string(),
            source,
        })?;
    let (reading, writing) = socket::split(stream);
    let mut lines = LineReader::new(reading, MAX_HELLO_BYTES);
    let line = next_line(run, &mut lines).await?;
    let hello: Hello = parse(run, &line)?;
    lines.set_max_bytes(MAX_ANSWER_BYTES);
    Ok(Client {
        hello,
        answers: lines,
        writing,
    })
}

async fn in_time<T>(
    run: &RunId,
    doing: impl Future<Output = Result<T, ControlError>>,
) -> Result<T, ControlError> {
    match tokio::time::timeout(DEADLINE, doing).await {
        Ok(done) => done,
        Err(_elapsed) => Err(ControlError::NoAnswer {
            run: run.to_string(),
            secs: DEADLINE.as_secs(),
        }),
    }
}

async fn next_line(run: &RunId, lines: &mut LineReader<RecvHalf>) -> Result<Vec<u8>, ControlError> {
    match lines.next().await {
        Ok(Some(line)) => Ok(line),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(protocol(run, &error.to_string()))
        }
        Ok(None) | Err(_) => Err(ControlError::Closed {
            run: run.to_string(),
        }),
    }
}

fn parse<T: serde::de::DeserializeOwned>(run: &RunId, line: &[u8]) -> Result<T, ControlError> {
    serde_json::from_slice(line).map_err(|error| protocol(run, &error.to_string()))
}

fn protocol(run: &RunId, problem: &str) -> ControlError {
    ControlError::Protocol {
        run: run.to_string(),
        problem: problem.to_owned(),
    }
}

impl Client {
    /// Connects to the host of a run, within ten seconds.
    ///
    /// # Errors
    /// [`ControlError`]: gone, silent, of another version, or not the protocol.
    pub async fn connect(running: &RunningRun) -> Result<Self, ControlError> {
        let run = &running.hello.run;
        let client = in_time(run, open(run, &running.path)).await?;
        if client.hello.version != VERSION {
            return Err(ControlError::Version {
                run: run.to_string(),
                theirs: client.hello.version,
                ours: VERSION,
            });
        }
        Ok(client)
    }

    /// What the host said about its run.
    pub const fn hello(&self) -> &Hello {
        &self.hello
    }

    /// The state of the run. After an error, connect anew.
    ///
    /// # Errors
    /// [`ControlError`], within ten seconds.
    pub async fn status(&mut self) -> Result<RunSummary, ControlError> {
        self.summary(RequestKind::Status).await
    }

    /// Passes an order on to the run; `Ok` means that it has taken it, not that it is carried out.
    /// After an error, connect anew.
    ///
    /// # Errors
    /// [`ControlError`], within ten seconds.
    pub async fn send(&mut self, control: RunControl) -> Result<(), ControlError> {
        match self.ask(control.into()).await? {
            Answer::Ok => Ok(()),
            answer => Err(self.unexpected(answer)),
        }
    }

    /// Watches the run from now on.
    ///
    /// # Errors
    /// [`ControlError`], within ten seconds.
    pub async fn attach(mut self) -> Result<Attached, ControlError> {
        let first = Some(self.summary(RequestKind::Attach).await?);
        Ok(Attached {
            client: self,
            first,
        })
    }

    async fn summary(&mut self, kind: RequestKind) -> Result<RunSummary, ControlError> {
        match self.ask(kind).await? {
            Answer::Summary { summary } => Ok(*summary),
            answer => Err(self.unexpected(answer)),
        }
    }

    async fn ask(&mut self, kind: RequestKind) -> Result<Answer, ControlError> {
        let run = self.hello.run.clone();
        let asking = async {
            let request = Request {
                version: VERSION,
                kind,
            };
            let line = to_line(&request).map_err(|error| protocol(&run, &error.to_string()))?;
            if self.writing.write_all(&line).await.is_err() {
                return Err(ControlError::Closed {
                    run: run.to_string(),
                });
            }
            let line = next_line(&run, &mut self.answers).await?;
            parse(&run, &line)
        };
        in_time(&run, asking).await
    }

    fn unexpected(&self, answer: Answer) -> ControlError {
        match answer {
            Answer::Error { message } => ControlError::Refused {
                run: self.hello.run.to_string(),
                message,
            },
            Answer::Ok | Answer::Summary { .. } | Answer::Event { .. } => {
                protocol(&self.hello.run, "the answer does not fit the request")
            }
        }
    }
}

impl Attached {
    /// What the host said about its run.
    pub const fn hello(&self) -> &Hello {
        &self.client.hello
    }

    /// The next update; `None` when the host has closed, as it does after the run has ended. Without
    /// a `RunFinished` before it the host is gone, or gave this watcher up because it took nothing
    /// for half a minute: connect anew to find out. Waits as long as nothing happens. Cancel-safe.
    ///
    /// # Errors
    /// [`ControlError::Protocol`] or [`ControlError::Refused`].
    pub async fn next(&mut self) -> Result<Option<Update>, ControlError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(Update::Snapshot(Box::new(first))));
        }
        let run = &self.client.hello.run;
        let line = match next_line(run, &mut self.client.answers).await {
            Err(ControlError::Closed { .. }) => return Ok(None),
            line => line?,
        };
        match parse(run, &line)? {
            Answer::Summary { summary } => Ok(Some(Update::Snapshot(summary))),
            Answer::Event { event } => Ok(Some(Update::Event(event))),
            answer => Err(self.client.unexpected(answer)),
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use jiff::Timestamp;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{UnixListener, UnixStream};
    use tokio::sync::mpsc;

    use super::*;
    use crate::control::host::{About, Host};
    use crate::run::{At, Outline, RunEventKind, RunOutcome, RunPhase, Severity, StopMode};

    struct World {
        outer: tempfile::TempDir,
        controls: mpsc::Receiver<RunControl>,
        host: Host,
    }

    impl World {
        fn folder(&self) -> PathBuf {
            self.outer.path().join("run")
        }

        async fn only_run(&self) -> RunningRun {
            let mut found = runs(&self.folder()).await.unwrap();
            assert_eq!(found.len(), 1);
            found.remove(0)
        }

        async fn client(&self) -> Client {
            Client::connect(&self.only_run().await).await.unwrap()
        }

        async fn raw(&self) -> UnixStream {
            UnixStream::connect(self.host.path()).await.unwrap()
        }
    }

    fn run_id() -> RunId {
        RunId::parse("20261122-140305-4f2a9c").unwrap()
    }

    fn about() -> About {
        About {
            sequence: "Full cycle".to_owned(),
            file: Some("full-cycle.xml".to_owned()),
            started: Timestamp::UNIX_EPOCH,
        }
    }

    fn world() -> World {
        let outer = tempfile::tempdir().unwrap();
        let (sender, controls) = mpsc::channel(4);
        let host = Host::open(&run_id(), &outer.path().join("run"), about(), sender).unwrap();
        World {
            outer,
            controls,
            host,
        }
    }

    fn event(seq: u64, event: RunEventKind) -> RunEvent {
        RunEvent {
            seq,
            at: Timestamp::UNIX_EPOCH,
            elapsed_ms: seq,
            event,
        }
    }

    fn started(seq: u64) -> RunEvent {
        let outline = Outline {
            part: None,
            run: run_id(),
            sequence: "Full cycle".to_owned(),
            file: None,
            server: "https://mim01:5986/wsman".to_owned(),
            overlap: "exclusive-sync".to_owned(),
            threads: Vec::new(),
        };
        event(seq, RunEventKind::RunStarted { outline })
    }

    fn notice(seq: u64, message: String) -> RunEvent {
        event(
            seq,
            RunEventKind::Notice {
                at: At::sequence(),
                severity: Severity::Detail,
                message,
            },
        )
    }

    fn finished(seq: u64) -> RunEvent {
        event(
            seq,
            RunEventKind::RunFinished {
                outcome: RunOutcome::Success,
                elapsed_ms: 1,
            },
        )
    }

    #[tokio::test]
    async fn a_run_is_found_asked_and_steered() {
        let mut world = world();
        world.host.publish(&started(1));
        let running = world.only_run().await;
        assert_eq!(running.hello.sequence, "Full cycle");
        assert_eq!(running.hello.pid, std::process::id());
        let mut client = Client::connect(&running).await.unwrap();
        let summary = client.status().await.unwrap();
        assert_eq!((summary.seq, summary.phase), (1, RunPhase::Running));
        for control in [
            RunControl::Pause,
            RunControl::Resume,
            RunControl::Stop {
                mode: StopMode::Now,
            },
        ] {
            client.send(control).await.unwrap();
            assert_eq!(world.controls.recv().await, Some(control));
        }
        world.controls.close();
        let error = client.send(RunControl::Pause).await.unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("refused: the run has already ended"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn only_the_user_may_enter() {
        let world = world();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&world.folder()), 0o700);
        assert_eq!(mode(world.host.path()), 0o600);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(world.folder(), mode).unwrap();
        let error = runs(&world.folder()).await.unwrap_err();
        assert!(matches!(error, ControlError::NotPrivate { .. }), "{error}");
    }

    #[tokio::test]
    async fn a_watcher_sees_the_state_then_every_event_to_the_end() {
        let world = world();
        world.host.publish(&started(1));
        let mut attached = world.client().await.attach().await.unwrap();
        world.host.publish(&notice(2, "two".to_owned()));
        world.host.publish(&finished(3));
        let mut seen = Vec::new();
        while let Some(update) = attached.next().await.unwrap() {
            seen.push(match update {
                Update::Snapshot(summary) => (0, summary.seq),
                Update::Event(event) => (1, event.seq),
            });
        }
        assert_eq!(seen, [(0, 1), (1, 2), (1, 3)]);
        // Who comes after the end sees the end.
        let mut late = world.client().await.attach().await.unwrap();
        let Some(Update::Snapshot(summary)) = late.next().await.unwrap() else {
            panic!("a snapshot comes first");
        };
        assert_eq!(summary.phase, RunPhase::Finished(RunOutcome::Success));
        assert_eq!(late.next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_slow_watcher_gets_a_fresh_summary_and_the_run_does_not_wait() {
        let world = world();
        world.host.publish(&started(1));
        let mut attached = world.client().await.attach().await.unwrap();
        // Far more than socket and queue hold, published without a pause for the watcher.
        const LAST: u64 = 5_000;
        for seq in 2..LAST {
            world.host.publish(&notice(seq, "x".repeat(1_000)));
        }
        world.host.publish(&finished(LAST));
        let mut snapshots = 0;
        let mut events = 0;
        let mut last = 0;
        while let Some(update) = attached.next().await.unwrap() {
            let seq = match update {
                Update::Snapshot(summary) => {
                    snapshots += 1;
                    summary.seq
                }
                Update::Event(event) => {
                    events += 1;
                    event.seq
                }
            };
            assert!(seq > last, "{seq} after {last}");
            last = seq;
        }
        assert_eq!(last, LAST);
        assert!(snapshots >= 2, "{snapshots}");
        assert!(events < LAST, "{events}");
    }

    #[tokio::test]
    async fn closing_lets_watchers_take_the_last_events() {
        let world = world();
        world.host.publish(&started(1));
        let mut attached = world.client().await.attach().await.unwrap();
        world.host.publish(&finished(2));
        let path = world.host.path().to_path_buf();
        let reading = async {
            let mut last = 0;
            while let Some(update) = attached.next().await.unwrap() {
                if let Update::Event(event) = update {
                    last = event.seq;
                }
            }
            last
        };
        let ((), last) = tokio::join!(world.host.close(), reading);
        assert_eq!(last, 2);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn an_idle_client_does_not_keep_the_host_open() {
        let world = world();
        let mut client = world.client().await;
        world.host.close().await;
        let error = client.status().await.unwrap_err();
        assert!(matches!(error, ControlError::Closed { .. }), "{error}");
    }

    #[tokio::test]
    async fn the_host_survives_what_clients_do_wrong() {
        let world = world();
        world.host.publish(&started(1));
        let long = vec![b'x'; 1_000_000];
        for (bytes, words) in [
            (&b"garbage\n"[..], "this is not a request"),
            (b"\xff\xfe\x00\n", "this is not a request"),
            (
                b"{\"version\":1,\"request\":\"dance\"}\n",
                "this is not a request",
            ),
            (
                b"{\"version\":9,\"request\":\"dance\"}\n",
                "this run speaks version 1 of the control protocol and the request version 9",
            ),
            (&long[..5_000], "at most 4096 bytes"),
            (b"{\"version\":1,\"requ", ""),
            (b"{\"version\":1,\"request\":\"attach\"}\n", "summary"),
            (b"", ""),
        ] {
            let mut stream = world.raw().await;
            stream.write_all(bytes).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut text = String::new();
            // A host that hangs up on an over-long line may reset the connection.
            stream.read_to_string(&mut text).await.ok();
            assert!(text.contains(words), "{words}: {text}");
        }
        // Abrupt ends: with half a line, with unread answers, right after connecting.
        for bytes in [
            &b"{\"vers"[..],
            b"{\"version\":1,\"request\":\"status\"}\n",
            b"",
        ] {
            let mut stream = world.raw().await;
            stream.write_all(bytes).await.unwrap();
            drop(stream);
        }
        // An endless line: the host hangs up long before it has taken it all.
        let mut stream = world.raw().await;
        while stream.write_all(&long).await.is_ok() {}
        let summary = world.client().await.status().await.unwrap();
        assert_eq!(summary.seq, 1);
    }

    #[tokio::test]
    async fn too_many_clients_are_turned_away_and_room_comes_back() {
        let world = world();
        let mut streams = Vec::new();
        for _ in 0..64 {
            let mut stream = world.raw().await;
            let mut byte = [0];
            stream.read_exact(&mut byte).await.unwrap();
            streams.push(stream);
        }
        let mut text = String::new();
        world.raw().await.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "");
        drop(streams);
        let waited = async {
            while runs(&world.folder()).await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waited)
            .await
            .expect("room comes back");
    }

    #[tokio::test]
    async fn dead_sockets_are_cleaned_away_and_strangers_passed_over() {
        let world = world();
        let dead = world.folder().join("dead.sock");
        drop(UnixListener::bind(&dead).unwrap());
        assert!(dead.exists());
        let stranger = world.folder().join("stranger.sock");
        let listener = UnixListener::bind(&stranger).unwrap();
        let speaking = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"220 mail ready\n").await.unwrap();
            stream
        };
        let folder = world.folder();
        let (found, _stream) = tokio::join!(runs(&folder), speaking);
        let found = found.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].hello.run, run_id());
        assert!(!dead.exists());
        assert!(stranger.exists());
    }

    #[tokio::test]
    async fn a_run_has_one_host_and_its_socket_goes_with_it() {
        let world = world();
        let (sender, _controls) = mpsc::channel(1);
        let error = Host::open(&run_id(), &world.folder(), about(), sender.clone())
            .err()
            .expect("it is hosted");
        assert!(
            matches!(error, ControlError::AlreadyHosted { .. }),
            "{error}"
        );
        let folder = world.folder();
        let path = world.host.path().to_path_buf();
        let running = world.only_run().await;
        drop(world.host);
        assert!(!path.exists());
        assert!(runs(&folder).await.unwrap().is_empty());
        let error = Client::connect(&running).await.unwrap_err();
        assert!(error.to_string().contains("may have just ended"), "{error}");
        // A socket that a killed host left behind is no obstacle.
        drop(UnixListener::bind(&path).unwrap());
        assert!(Host::open(&run_id(), &folder, about(), sender).is_ok());
    }

    #[tokio::test]
    async fn another_version_is_told_in_a_sentence() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("run");
        folder::make_private(&folder).unwrap();
        let listener = UnixListener::bind(folder.join("a.sock")).unwrap();
        let line = r#"{"version":2,"run":"a","sequence":"s","pid":1,"started":"1970-01-01T00:00:00Z","new":[]}"#;
        let speaking = async {
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream
                    .write_all(format!("{line}\n").as_bytes())
                    .await
                    .unwrap();
            }
        };
        let asking = async {
            let found = runs(&folder).await.unwrap();
            Client::connect(&found[0]).await.unwrap_err().to_string()
        };
        let (sentence, ()) = tokio::join!(asking, speaking);
        assert!(
            sentence
                .contains("speaks version 2 of the control protocol and this program version 1"),
            "{sentence}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_host_does_not_hang_the_client() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("run");
        folder::make_private(&folder).unwrap();
        let path = folder.join("a.sock");
        let _listener = UnixListener::bind(&path).unwrap();
        assert_eq!(runs(&folder).await.unwrap(), []);
        assert!(path.exists());
        let running = RunningRun {
            path,
            hello: Hello {
                version: VERSION,
                run: RunId::parse("a").unwrap(),
                sequence: String::new(),
                file: None,
                pid: 1,
                started: Timestamp::UNIX_EPOCH,
            },
        };
        let error = Client::connect(&running).await.unwrap_err();
        assert_eq!(error.to_string(), "run a did not answer within 10 s");

        // Nor does one that falls silent after its first line.
        let path = folder.join("b.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let running = RunningRun { path, ..running };
        let speaking = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let line = to_line(&running.hello).unwrap();
            stream.write_all(&line).await.unwrap();
            stream
        };
        let (client, _stream) = tokio::join!(Client::connect(&running), speaking);
        let error = client.unwrap().status().await.unwrap_err();
        assert!(matches!(error, ControlError::NoAnswer { .. }), "{error}");
    }
}
