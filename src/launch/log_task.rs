//! Writes the log beside the run, so that a slow disk delays nobody who must not be delayed.
//!
//! Events wait for room in the queue, so that none is lost; messages of the protocol do not wait,
//! because they come from within a request, and are counted when there is no room.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::base::file::FileProblem;
use crate::model::LogLevel;
use crate::run::RunEvent;

use super::{LogFile, Warn};

/// How many lines may wait for the disk.
const QUEUE: usize = 1_024;

enum Entry {
    Event(Arc<RunEvent>),
    Remark(Timestamp, LogLevel, String),
    Close,
}

/// The log of a run that is being written.
#[derive(Debug)]
pub(super) struct LogTask {
    sender: LogSender,
    task: JoinHandle<u64>,
}

/// The way to the log; clones lead to the same file.
#[derive(Debug, Clone)]
pub(super) struct LogSender {
    queue: mpsc::Sender<Entry>,
    dropped: Arc<AtomicU64>,
}

impl LogTask {
    /// Starts writing; must be called within a tokio runtime. `warn` is told once when a line is
    /// lost.
    pub(super) fn start(log: LogFile, path: PathBuf, warn: Warn) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        let task = tokio::task::spawn_blocking(move || write_all(log, entries, &path, &warn));
        let dropped = Arc::new(AtomicU64::new(0));
        Self {
            sender: LogSender { queue, dropped },
            task,
        }
    }

    /// The way to the log.
    pub(super) fn sender(&self) -> LogSender {
        self.sender.clone()
    }

    /// Writes what is still queued and says how many lines were lost.
    pub(super) async fn close(self) -> u64 {
        // A writer that is gone has nothing more to write.
        self.sender.queue.send(Entry::Close).await.ok();
        let dropped = self.sender.dropped.load(Ordering::Relaxed);
        // A writer that broke off has lost at least one line.
        self.task.await.unwrap_or(1).saturating_add(dropped)
    }
}

impl LogSender {
    /// Writes an event's line; waits for room.
    pub(super) async fn event(&self, event: Arc<RunEvent>) {
        self.count(self.queue.send(Entry::Event(event)).await.is_err());
    }

    /// Writes a line that belongs to no event; waits for room.
    pub(super) async fn remark(&self, at: Timestamp, level: LogLevel, text: String) {
        self.count(
            self.queue
                .send(Entry::Remark(at, level, text))
                .await
                .is_err(),
        );
    }

    /// Writes a message of the protocol if there is room.
    pub(super) fn protocol(&self, at: Timestamp, line: &str) {
        let entry = Entry::Remark(at, LogLevel::Protocol, line.to_owned());
        self.count(self.queue.try_send(entry).is_err());
    }

    fn count(&self, is_lost: bool) {
        self.dropped
            .fetch_add(u64::from(is_lost), Ordering::Relaxed);
    }
}

fn write_all(
    mut log: LogFile,
    mut entries: mpsc::Receiver<Entry>,
    path: &Path,
    warn: &Warn,
) -> u64 {
    while let Some(entry) = entries.blocking_recv() {
        let written = match entry {
            Entry::Event(event) => log.event(&event),
            Entry::Remark(at, level, text) => log.remark(at, level, &text),
            Entry::Close => break,
        };
        if let Err(error) = written {
            warn(&format!(
                "the log `{}` cannot be written, the run goes on without it: {}",
                path.display(),
                FileProblem::from(error)
            ));
        }
    }
    log.lost()
}
