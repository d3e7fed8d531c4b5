//! The way of the answers back to the drawing thread.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::designer::{Answer, RunUpdate};

/// Calls the drawing thread; is called from any thread and must not wait.
pub type Wake = Box<dyn Fn() + Send + Sync>;

/// How many updates of a run may wait for the drawing thread. A window that is hidden does not
/// draw; when even this is full, the run's host is left waiting, and gives a snapshot later.
const MAX_UPDATES: usize = 100_000;

/// Answers that wait for the drawing thread.
#[derive(Clone)]
pub(super) struct Outbox(Arc<Inner>);

struct Inner {
    queue: Mutex<Queue>,
    wake: Wake,
}

#[derive(Default)]
struct Queue {
    answers: Vec<Answer>,
    updates: usize,
    watch: u64,
}

/// Ties answers about a watched run to the watching: what comes after its end is too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WatchNumber(u64);

/// Whether it is about the watched run.
const fn is_watched(answer: &Answer) -> bool {
    matches!(
        answer,
        Answer::RunStarted { .. }
            | Answer::RunNotStarted { .. }
            | Answer::RunUpdates(_)
            | Answer::RunGone
    )
}

impl Outbox {
    pub(super) fn new(wake: Wake) -> Self {
        Self(Arc::new(Inner {
            queue: Mutex::new(Queue::default()),
            wake,
        }))
    }

    /// Sends an answer; the drawing thread is called once for all that it has not taken yet.
    pub(super) fn send(&self, answer: Answer) {
        self.push(|queue| queue.answers.push(answer));
    }

    /// Begins to watch: answers of an older watching count no more.
    pub(super) fn begin_watch(&self) -> WatchNumber {
        let mut queue = self.0.queue.lock();
        queue.watch += 1;
        queue.updates = 0;
        queue.answers.retain(|answer| !is_watched(answer));
        WatchNumber(queue.watch)
    }

    /// Sends an answer about a watched run, unless another one is watched by now.
    pub(super) fn send_watched(&self, watch: WatchNumber, answer: Answer) {
        self.push(|queue| {
            if queue.watch == watch.0 {
                queue.answers.push(answer);
            }
        });
    }

    /// Sends what a watched run says, together with what waits already.
    pub(super) fn update(&self, watch: WatchNumber, update: RunUpdate) {
        self.push(|queue| {
            if queue.watch != watch.0 {
                return;
            }
            queue.updates += 1;
            if let Some(Answer::RunUpdates(waiting)) = queue.answers.last_mut() {
                waiting.push(update);
            } else {
                queue.answers.push(Answer::RunUpdates(vec![update]));
            }
        });
    }

    /// Whether there is room for updates.
    pub(super) fn has_room(&self) -> bool {
        self.0.queue.lock().updates < MAX_UPDATES
    }

    /// Everything that waits.
    pub(super) fn take(&self) -> Vec<Answer> {
        let mut queue = self.0.queue.lock();
        queue.updates = 0;
        std::mem::take(&mut queue.answers)
    }

    fn push(&self, put: impl FnOnce(&mut Queue)) {
        let is_first = {
            let mut queue = self.0.queue.lock();
            let was_empty = queue.answers.is_empty();
            put(&mut queue);
            was_empty && !queue.answers.is_empty()
        };
        if is_first {
            (self.0.wake)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn outbox() -> (Outbox, Arc<AtomicU32>) {
        let calls = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&calls);
        let wake = Box::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        (Outbox::new(wake), calls)
    }

    fn snapshot() -> RunUpdate {
        RunUpdate::Snapshot(Box::default())
    }

    #[test]
    fn the_drawing_thread_is_called_once_for_all_that_waits() {
        let (outbox, calls) = outbox();
        let watch = outbox.begin_watch();
        outbox.send(Answer::PathCancelled);
        outbox.update(watch, snapshot());
        outbox.update(watch, snapshot());
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        let answers = outbox.take();
        assert!(matches!(answers[0], Answer::PathCancelled));
        assert!(matches!(&answers[1], Answer::RunUpdates(updates) if updates.len() == 2));
        outbox.send(Answer::PathCancelled);
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_watching_that_is_over_says_nothing_more() {
        let (outbox, _) = outbox();
        let old = outbox.begin_watch();
        outbox.update(old, snapshot());
        let new = outbox.begin_watch();
        outbox.update(old, snapshot());
        outbox.send_watched(old, Answer::RunGone);
        assert_eq!(outbox.take().len(), 0);
        outbox.send_watched(new, Answer::RunGone);
        assert_eq!(outbox.take().len(), 1);
    }
}
