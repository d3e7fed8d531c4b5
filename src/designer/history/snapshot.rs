//! A sequence as it was, sharing its threads and steps with the snapshot before it.

use std::sync::Arc;

use crate::model::{Sequence, Step, Thread};

use super::super::edit::{SequenceHead, ThreadHead};

/// How far away an equal step is looked for when steps were added or removed.
const STEPS_AWAY: usize = 64;
/// Threads are few and large: an equal one is worth finding wherever it is.
const THREADS_AWAY: usize = usize::MAX;

/// A sequence as it was.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    head: Arc<SequenceHead>,
    threads: Arc<[Arc<ThreadSnapshot>]>,
}

#[derive(Debug)]
struct ThreadSnapshot {
    head: ThreadHead,
    steps: Box<[Arc<Step>]>,
}

impl Snapshot {
    /// Takes a snapshot; what equals a part of `like` is that part.
    pub(super) fn new(sequence: &Sequence, like: Option<&Self>) -> Self {
        let head = SequenceHead::of(sequence);
        let head = like
            .filter(|like| *like.head == head)
            .map_or_else(|| Arc::new(head), |like| Arc::clone(&like.head));
        let old = like.map(|like| &*like.threads).unwrap_or_default();
        let threads: Vec<_> = shared(
            &sequence.threads,
            old,
            THREADS_AWAY,
            |thread, old| old.equals(thread),
            |thread, near| Arc::new(ThreadSnapshot::new(thread, near)),
        );
        Self {
            head,
            threads: threads.into(),
        }
    }

    /// The sequence.
    pub(super) fn sequence(&self) -> Sequence {
        let mut sequence = Sequence::default();
        (*self.head).clone().put_on(&mut sequence);
        sequence.threads = self.threads.iter().map(|thread| thread.thread()).collect();
        sequence
    }

    /// How many threads and steps are not those of another snapshot.
    #[cfg(test)]
    pub(super) fn own_parts(&self, other: &Self) -> (usize, usize) {
        let old_threads: Vec<_> = other.threads.iter().map(Arc::as_ptr).collect();
        let steps_of = |snapshot: &Self| -> Vec<_> {
            let threads = snapshot.threads.iter();
            threads
                .flat_map(|thread| thread.steps.iter().map(Arc::as_ptr))
                .collect()
        };
        let old_steps: std::collections::BTreeSet<_> = steps_of(other).into_iter().collect();
        let threads = self.threads.iter().map(Arc::as_ptr);
        (
            threads.filter(|at| !old_threads.contains(at)).count(),
            steps_of(self)
                .iter()
                .filter(|at| !old_steps.contains(*at))
                .count(),
        )
    }
}

impl ThreadSnapshot {
    fn new(thread: &Thread, like: Option<&Arc<Self>>) -> Self {
        let old = like.map(|like| &*like.steps).unwrap_or_default();
        let steps = shared(
            &thread.steps,
            old,
            STEPS_AWAY,
            |step, old| **old == *step,
            |step, _| Arc::new(step.clone()),
        );
        Self {
            head: ThreadHead::of(thread),
            steps: steps.into(),
        }
    }

    fn equals(&self, thread: &Thread) -> bool {
        let steps = self.steps.iter().map(|step| &**step);
        self.steps.len() == thread.steps.len()
            && steps.eq(&thread.steps)
            && self.head == ThreadHead::of(thread)
    }

    fn thread(&self) -> Thread {
        let mut thread = Thread::new(String::new());
        self.head.clone().put_on(&mut thread);
        thread.steps = self.steps.iter().map(|step| (**step).clone()).collect();
        thread
    }
}

/// The new items as shared ones: the old one where it is equal, else a new one, made with the old
/// one at hand that stood in the same place.
fn shared<New, Old>(
    new: &[New],
    old: &[Arc<Old>],
    reach: usize,
    equals: impl Fn(&New, &Arc<Old>) -> bool,
    make: impl Fn(&New, Option<&Arc<Old>>) -> Arc<Old>,
) -> Vec<Arc<Old>> {
    let same_ends = new
        .iter()
        .rev()
        .zip(old.iter().rev())
        .take_while(|(item, old)| equals(item, old))
        .count();
    let middle = new.iter().take(new.len() - same_ends);
    let old_middle = old.len() - same_ends;
    let is_as_long = new.len() == old.len();
    let mut items = Vec::with_capacity(new.len());
    let mut from = 0_usize;
    for (index, item) in middle.enumerate() {
        // Where nothing was added or removed, the same place comes first.
        let opposite = Some(index).filter(|at| is_as_long && *at < old_middle);
        let ahead = from..from.saturating_add(reach).min(old_middle);
        let behind = from.saturating_sub(reach)..from;
        let mut near = opposite.into_iter().chain(ahead).chain(behind);
        let found = near.find_map(|at| {
            let equal = old.get(at).filter(|old| equals(item, old));
            equal.map(|old| (at, old))
        });
        if let Some((at, old)) = found {
            items.push(Arc::clone(old));
            from = from.max(at + 1);
        } else {
            items.push(make(item, old.get(opposite.unwrap_or(from))));
        }
    }
    items.extend(old.iter().skip(old_middle).map(Arc::clone));
    items
}
