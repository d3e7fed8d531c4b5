//! What each edit does to a sequence. Total: what does not exist is left alone.

use std::collections::BTreeSet;

use crate::model::{Place, Sequence, Step, Thread};

use super::super::Selection;
use super::super::drag::DropPoint;
use super::super::words::edit as words;
use super::names::{Taken, thread_for};
use super::{Applied, Edit, SequenceHead, StepChange, ThreadHead, limits, normal};

impl Edit {
    /// What it makes of a sequence; `None` when nothing changes.
    pub fn apply(&self, sequence: &Sequence) -> Option<Applied> {
        let applied = match self {
            Self::Sequence { head, .. } => Some(with_head(sequence, head)),
            Self::Thread { thread, head, .. } => with_thread_head(sequence, *thread, head),
            Self::Step { place, step, .. } => with_step(sequence, *place, step),
            Self::Steps { places, change } => with_change(sequence, places, *change),
            Self::EnableThreads { threads, enabled } => {
                Some(with_enabled(sequence, threads, *enabled))
            }
            Self::AddThreads { at, threads } => with_threads(sequence, *at, threads),
            Self::AddSteps { at, steps } => with_steps(sequence, *at, steps),
            Self::MoveSteps { places, to } => with_moved(sequence, places, *to),
            Self::MoveThread { from, to } => with_moved_thread(sequence, *from, *to),
            Self::Remove { places } => with_removed(sequence, places),
            Self::Replace { sequence, .. } => normal::sequence(sequence).map(plain),
        };
        applied.filter(|applied| applied.sequence != *sequence && limits::fits(&applied.sequence))
    }
}

const fn plain(sequence: Sequence) -> Applied {
    Applied {
        sequence,
        selection: None,
    }
}

fn with_head(sequence: &Sequence, head: &SequenceHead) -> Applied {
    let mut next = sequence.clone();
    normal::sequence_head(head.clone(), &sequence.server).put_on(&mut next);
    plain(next)
}

fn with_thread_head(sequence: &Sequence, thread: usize, head: &ThreadHead) -> Option<Applied> {
    let mut next = sequence.clone();
    let of = next.threads.get_mut(thread)?;
    normal::thread_head(head.clone()).put_on(of);
    Some(plain(next))
}

fn with_step(sequence: &Sequence, place: Place, step: &Step) -> Option<Applied> {
    let mut next = sequence.clone();
    *step_mut(&mut next, place)? = normal::step(step.clone())?;
    Some(plain(next))
}

fn with_change(sequence: &Sequence, places: &[Place], change: StepChange) -> Option<Applied> {
    let mut next = sequence.clone();
    for place in places {
        let Some(step) = step_mut(&mut next, *place) else {
            continue;
        };
        match change {
            StepChange::Enabled(enabled) => step.enabled = enabled,
            StepChange::Timeout(timeout) => {
                step.timeout = timeout;
                *step = normal::step(step.clone())?;
            }
            StepChange::OnFailure(on_failure) => step.on_failure = on_failure,
        }
    }
    Some(plain(next))
}

fn with_enabled(sequence: &Sequence, threads: &[usize], enabled: bool) -> Applied {
    let mut next = sequence.clone();
    for thread in threads {
        if let Some(thread) = next.threads.get_mut(*thread) {
            thread.enabled = enabled;
        }
    }
    plain(next)
}

fn with_threads(sequence: &Sequence, at: usize, threads: &[Thread]) -> Option<Applied> {
    let mut next = sequence.clone();
    let at = at.min(next.threads.len());
    let mut names = Taken::of(sequence);
    let mut new = Vec::with_capacity(threads.len());
    for thread in threads {
        let mut thread = normal::thread(thread)?;
        thread.name = names.take(&thread.name);
        new.push(thread);
    }
    next.threads.splice(at..at, new);
    let new = (at..at + threads.len()).map(Place::Thread);
    Some(Applied {
        sequence: next,
        selection: Some(Selection::of(new)),
    })
}

fn with_steps(sequence: &Sequence, at: DropPoint, steps: &[Step]) -> Option<Applied> {
    let steps = normal::steps(steps)?;
    if steps.is_empty() {
        return None;
    }
    let count = steps.len();
    let mut next = sequence.clone();
    let (thread, first) = match at {
        DropPoint::In { thread, step } => {
            let of = next.threads.get_mut(thread)?;
            let first = step.min(of.steps.len());
            of.steps.splice(first..first, steps);
            (thread, first)
        }
        DropPoint::NewThread(thread) => {
            let at = thread.min(next.threads.len());
            let new = thread_for(&next, steps);
            next.threads.insert(at, new);
            (at, 0)
        }
    };
    let new = (first..first + count).map(|step| Place::Step { thread, step });
    Some(Applied {
        sequence: next,
        selection: Some(Selection::of(new)),
    })
}

fn with_moved(sequence: &Sequence, places: &[Place], to: DropPoint) -> Option<Applied> {
    let taken = existing_steps(sequence, places);
    let steps: Vec<Step> = taken
        .iter()
        .filter_map(|place| sequence.step(*place).cloned())
        .collect();
    let mut next = sequence.clone();
    remove_steps(&mut next, &taken);
    let to = match to {
        DropPoint::In { thread, step } => {
            let is_before = |place: &&Place| match place {
                Place::Step {
                    thread: of,
                    step: index,
                } => *of == thread && *index < step,
                Place::Sequence | Place::Thread(_) => false,
            };
            let all = sequence.thread(thread)?.steps.len();
            let gone = taken.iter().filter(is_before).count();
            DropPoint::In {
                thread,
                step: step.min(all) - gone,
            }
        }
        new @ DropPoint::NewThread(_) => new,
    };
    with_steps(&next, to, &steps)
}

fn with_moved_thread(sequence: &Sequence, from: usize, to: usize) -> Option<Applied> {
    sequence.thread(from)?;
    let to = to.min(sequence.threads.len());
    let to = if to > from { to - 1 } else { to };
    let mut next = sequence.clone();
    let thread = next.threads.remove(from);
    next.threads.insert(to, thread);
    Some(Applied {
        sequence: next,
        selection: Some(Selection::one(Place::Thread(to))),
    })
}

fn with_removed(sequence: &Sequence, places: &[Place]) -> Option<Applied> {
    let threads: BTreeSet<usize> = places
        .iter()
        .filter_map(|place| match place {
            Place::Thread(thread) if *thread < sequence.threads.len() => Some(*thread),
            Place::Sequence | Place::Thread(_) | Place::Step { .. } => None,
        })
        .collect();
    let steps = existing_steps(sequence, places);
    let mut next = sequence.clone();
    remove_steps(&mut next, &steps);
    let mut index = 0;
    next.threads.retain(|_| {
        index += 1;
        !threads.contains(&(index - 1))
    });
    let selection = match (threads.first(), steps.first()) {
        (Some(thread), _) => selected_after(&next, Place::Thread(*thread)),
        (None, Some(step)) => selected_after(&next, *step),
        (None, None) => return None,
    };
    Some(Applied {
        sequence: next,
        selection: Some(selection),
    })
}

/// What is chosen after the thing at a place was removed: what took its place, else the last one
/// before it, so that Delete can be pressed again.
fn selected_after(sequence: &Sequence, gone: Place) -> Selection {
    let place = match gone {
        Place::Sequence => None,
        Place::Thread(thread) => {
            let last = sequence.threads.len().checked_sub(1);
            last.map(|last| Place::Thread(thread.min(last)))
        }
        Place::Step { thread, step } => sequence.thread(thread).map(|of| {
            let last = of.steps.len().checked_sub(1);
            last.map_or(Place::Thread(thread), |last| Place::Step {
                thread,
                step: step.min(last),
            })
        }),
    };
    place.map_or_else(Selection::default, Selection::one)
}

/// Adds a copy of what is chosen: of steps behind the last chosen one of each thread, of threads
/// behind the last chosen thread.
pub(in crate::designer) fn duplicate(
    sequence: &Sequence,
    selection: &Selection,
) -> Option<Applied> {
    let threads: Vec<usize> = selection.threads().collect();
    if let Some(last) = threads.last() {
        let copies: Vec<Thread> = threads
            .iter()
            .filter_map(|thread| sequence.thread(*thread).cloned())
            .collect();
        return Edit::AddThreads {
            at: last + 1,
            threads: copies,
        }
        .apply(sequence);
    }
    let mut next = sequence.clone();
    let mut new = Vec::new();
    for (thread, content) in next.threads.iter_mut().enumerate() {
        let chosen: Vec<usize> = selection
            .steps()
            .filter_map(|place| match place {
                Place::Step { thread: of, step } if of == thread => Some(step),
                Place::Sequence | Place::Thread(_) | Place::Step { .. } => None,
            })
            .filter(|step| *step < content.steps.len())
            .collect();
        let Some(first) = chosen.last().map(|last| last + 1) else {
            continue;
        };
        let copies: Vec<Step> = chosen
            .iter()
            .filter_map(|step| content.steps.get(*step).cloned())
            .collect();
        new.extend((first..first + copies.len()).map(|step| Place::Step { thread, step }));
        content.steps.splice(first..first, copies);
    }
    (!new.is_empty() && limits::fits(&next)).then(|| Applied {
        sequence: next,
        selection: Some(Selection::of(new)),
    })
}

fn step_mut(sequence: &mut Sequence, place: Place) -> Option<&mut Step> {
    match place {
        Place::Step { thread, step } => sequence.threads.get_mut(thread)?.steps.get_mut(step),
        Place::Sequence | Place::Thread(_) => None,
    }
}

/// Those of the places that are steps, in the order of the document, each once.
fn existing_steps(sequence: &Sequence, places: &[Place]) -> BTreeSet<Place> {
    let exists = |place: &&Place| sequence.step(**place).is_some();
    places.iter().filter(exists).copied().collect()
}

fn remove_steps(sequence: &mut Sequence, places: &BTreeSet<Place>) {
    for (thread, content) in sequence.threads.iter_mut().enumerate() {
        let mut step = 0;
        content.steps.retain(|_| {
            let place = Place::Step { thread, step };
            step += 1;
            !places.contains(&place)
        });
    }
}

impl Edit {
    /// What people call it, when nothing else of it is needed any more.
    pub(in crate::designer) fn into_label(self) -> String {
        match self {
            Self::Replace { label, .. } => label,
            other => other.label(),
        }
    }

    /// What people call it, such as `Move 3 steps`; for undo.
    pub fn label(&self) -> String {
        match self {
            Self::Sequence { field, .. }
            | Self::Thread { field, .. }
            | Self::Step { field, .. } => words::change_field(*field).to_owned(),
            Self::Steps { places, change } => match change {
                StepChange::Enabled(true) => words::enable(&words::steps(places.len())),
                StepChange::Enabled(false) => words::disable(&words::steps(places.len())),
                StepChange::Timeout(_) => words::change_field(super::Field::Timeout).to_owned(),
                StepChange::OnFailure(_) => words::change_field(super::Field::OnFailure).to_owned(),
            },
            Self::EnableThreads { threads, enabled } => {
                let threads = words::threads(threads.len());
                if *enabled {
                    words::enable(&threads)
                } else {
                    words::disable(&threads)
                }
            }
            Self::AddThreads { threads, .. } => words::add(&words::threads(threads.len())),
            Self::AddSteps { steps, .. } => words::add(&words::steps(steps.len())),
            Self::MoveSteps { places, .. } => words::move_by(&words::steps(places.len())),
            Self::MoveThread { .. } => words::move_by(&words::threads(1)),
            Self::Remove { places } => words::remove(&words::places(places)),
            Self::Replace { label, .. } => label.clone(),
        }
    }
}
