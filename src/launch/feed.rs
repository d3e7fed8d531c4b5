//! The events of a run on their way to a screen.
//!
//! A screen that stops reading (a pager, a stopped terminal) must never hold a run up, so the queue
//! is bounded and what does not fit is counted instead of waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::run::RunEvent;

/// How many events may wait for a screen: some minutes of the busiest run.
const QUEUE: usize = 16_384;

/// The events for one screen.
#[derive(Debug)]
pub struct Feed {
    queue: mpsc::Receiver<Arc<RunEvent>>,
    lost: Arc<AtomicU64>,
}

/// What a feed gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fed {
    /// The next event.
    Event(Arc<RunEvent>),
    /// Nothing came in time.
    Nothing,
    /// There will be no more.
    End,
}

/// The other end of a [`Feed`].
#[derive(Debug)]
pub(super) struct Feeder {
    queue: mpsc::SyncSender<Arc<RunEvent>>,
    lost: Arc<AtomicU64>,
}

/// A feed and its other end.
pub(super) fn new() -> (Feeder, Feed) {
    let (sender, receiver) = mpsc::sync_channel(QUEUE);
    let lost = Arc::new(AtomicU64::new(0));
    let feeder = Feeder {
        queue: sender,
        lost: Arc::clone(&lost),
    };
    (
        feeder,
        Feed {
            queue: receiver,
            lost,
        },
    )
}

impl Feeder {
    /// Gives an event if there is room; never waits.
    pub(super) fn give(&self, event: Arc<RunEvent>) {
        let is_lost = matches!(self.queue.try_send(event), Err(mpsc::TrySendError::Full(_)));
        self.lost.fetch_add(u64::from(is_lost), Ordering::Relaxed);
    }
}

impl Feed {
    /// Waits for the next event, at most so long; blocks the thread.
    pub fn next(&self, at_most: Duration) -> Fed {
        match self.queue.recv_timeout(at_most) {
            Ok(event) => Fed::Event(event),
            Err(RecvTimeoutError::Timeout) => Fed::Nothing,
            Err(RecvTimeoutError::Disconnected) => Fed::End,
        }
    }

    /// How many events did not fit.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use crate::run::RunEventKind;

    use super::*;

    fn event(seq: u64) -> Arc<RunEvent> {
        Arc::new(RunEvent {
            seq,
            at: jiff::Timestamp::UNIX_EPOCH,
            elapsed_ms: 0,
            event: RunEventKind::Paused,
        })
    }

    #[test]
    fn a_reader_that_does_not_read_holds_nobody_up() {
        let (feeder, feed) = new();
        for seq in 0..QUEUE as u64 + 3 {
            feeder.give(event(seq));
        }
        assert_eq!(feed.lost(), 3);
        assert_eq!(feed.next(Duration::ZERO), Fed::Event(event(0)));
        drop(feeder);
        let rest = std::iter::repeat_with(|| feed.next(Duration::ZERO));
        assert_eq!(rest.take_while(|fed| *fed != Fed::End).count(), QUEUE - 1);
    }
}
