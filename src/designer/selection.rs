//! What is chosen on the canvas, and how the keyboard and the mouse change it.

use std::collections::BTreeSet;

use crate::model::{Place, Sequence};
use crate::run::Outline;

use super::msg::{Direction, Select};

/// The chosen steps or threads, never both kinds at once; nothing chosen means the sequence itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// What is chosen: only steps, or only threads.
    pub places: BTreeSet<Place>,
    /// Where the keyboard is; also the thread to which Enter adds.
    pub cursor: Option<Place>,
    /// Where a range began.
    pub anchor: Option<Place>,
}

/// How many steps each thread has: enough to know which places exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape(Vec<usize>);

impl Shape {
    /// The shape of a sequence.
    pub(super) fn of(sequence: &Sequence) -> Self {
        let steps = sequence.threads.iter().map(|thread| thread.steps.len());
        Self(steps.collect())
    }

    /// The shape of a run.
    pub(super) fn of_run(outline: &Outline) -> Self {
        let steps = outline.threads.iter().map(|thread| thread.steps.len());
        Self(steps.collect())
    }

    fn steps(&self, thread: usize) -> usize {
        self.0.get(thread).copied().unwrap_or_default()
    }

    /// Whether a step or thread exists.
    pub(super) fn has(&self, place: Place) -> bool {
        match place {
            Place::Sequence => false,
            Place::Thread(thread) => thread < self.0.len(),
            Place::Step { thread, step } => step < self.steps(thread),
        }
    }

    fn all_steps(&self) -> impl Iterator<Item = Place> + '_ {
        let threads = self.0.iter().enumerate();
        threads
            .flat_map(|(thread, steps)| (0..*steps).map(move |step| Place::Step { thread, step }))
    }

    /// The step of a thread at this height, or the last one, or the thread's head.
    fn at_height(&self, thread: usize, step: usize) -> Place {
        let last = self.steps(thread).checked_sub(1);
        last.map_or(Place::Thread(thread), |last| Place::Step {
            thread,
            step: step.min(last),
        })
    }

    /// Where a key leads from a place.
    fn next(&self, from: Option<Place>, direction: Direction) -> Option<Place> {
        let last_thread = self.0.len().checked_sub(1)?;
        let from = from.filter(|place| self.has(*place));
        let Some(from) = from else {
            return Some(self.at_height(0, 0));
        };
        let thread = from.thread().unwrap_or_default();
        let neighbour = match direction {
            Direction::Left => thread.checked_sub(1)?,
            Direction::Right => Some(thread + 1).filter(|next| *next <= last_thread)?,
            Direction::Up | Direction::Down | Direction::Home | Direction::End => thread,
        };
        let to = match (from, direction) {
            (Place::Step { step, .. }, Direction::Left | Direction::Right) => {
                self.at_height(neighbour, step)
            }
            (Place::Step { step, .. }, Direction::Up) => match step.checked_sub(1) {
                Some(step) => Place::Step { thread, step },
                None => Place::Thread(thread),
            },
            (Place::Step { step, .. }, Direction::Down) => self.at_height(thread, step + 1),
            (Place::Step { .. }, Direction::End) => self.at_height(thread, usize::MAX),
            (_, Direction::Left | Direction::Right) => Place::Thread(neighbour),
            (Place::Step { .. }, Direction::Home) | (_, Direction::Down) => {
                self.at_height(thread, 0)
            }
            (_, Direction::Home) => Place::Thread(0),
            (_, Direction::End) => Place::Thread(last_thread),
            (_, Direction::Up) => from,
        };
        Some(to)
    }
}

const fn is_step(place: Place) -> bool {
    matches!(place, Place::Step { .. })
}

impl Selection {
    /// Exactly one place.
    pub fn one(place: Place) -> Self {
        Self::of([place])
    }

    /// These places of one kind; the keyboard is at the last one.
    pub fn of(places: impl IntoIterator<Item = Place>) -> Self {
        let places: BTreeSet<Place> = places.into_iter().collect();
        Self {
            cursor: places.last().copied(),
            anchor: places.first().copied(),
            places,
        }
    }

    /// Whether a place is chosen.
    pub fn contains(&self, place: Place) -> bool {
        self.places.contains(&place)
    }

    /// The only chosen place, if it is one.
    pub fn single(&self) -> Option<Place> {
        (self.places.len() == 1).then(|| self.places.first().copied())?
    }

    /// The chosen steps in the order of the document.
    pub fn steps(&self) -> impl Iterator<Item = Place> + '_ {
        self.places.iter().copied().filter(|place| is_step(*place))
    }

    /// The chosen threads in the order of the document.
    pub fn threads(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.iter().filter_map(|place| match place {
            Place::Thread(thread) => Some(*thread),
            Place::Sequence | Place::Step { .. } => None,
        })
    }

    /// The thread in which things are added: where the keyboard is.
    pub fn thread(&self) -> Option<usize> {
        let place = self.cursor.or_else(|| self.places.last().copied());
        place.and_then(Place::thread)
    }

    /// Forgets places that do not exist any more.
    pub(super) fn keep(&mut self, shape: &Shape) {
        self.places.retain(|place| shape.has(*place));
        for at in [&mut self.cursor, &mut self.anchor] {
            *at = at.filter(|place| shape.has(*place));
        }
        self.cursor = self.cursor.or_else(|| self.places.last().copied());
        self.anchor = self.anchor.or(self.cursor);
    }

    /// Chooses as the mouse says.
    pub(super) fn choose(&mut self, select: Select, shape: &Shape) {
        match select {
            Select::One(Place::Sequence) => *self = Self::default(),
            Select::One(place) if shape.has(place) => *self = Self::one(place),
            Select::Toggle(place) if shape.has(place) => self.toggle(place),
            Select::To(place) if shape.has(place) => self.extend_to(place, shape),
            Select::One(_) | Select::Toggle(_) | Select::To(_) => {}
        }
    }

    fn toggle(&mut self, place: Place) {
        if !self.places.remove(&place) {
            self.places
                .retain(|other| is_step(*other) == is_step(place));
            self.places.insert(place);
        }
        self.cursor = Some(place);
        self.anchor = Some(place);
    }

    fn extend_to(&mut self, place: Place, shape: &Shape) {
        let from = self.anchor.or(self.cursor);
        let Some(from) = from.filter(|from| is_step(*from) == is_step(place)) else {
            *self = Self::one(place);
            return;
        };
        let (first, last) = (from.min(place), from.max(place));
        self.places = if is_step(place) {
            let within = |at: &Place| (first..=last).contains(at);
            shape.all_steps().filter(within).collect()
        } else {
            let ends = (first.thread(), last.thread());
            let range = ends.0.unwrap_or_default()..=ends.1.unwrap_or_default();
            range.map(Place::Thread).collect()
        };
        self.anchor = Some(from);
        self.cursor = Some(place);
    }

    /// Moves the keyboard; `None` when it stays.
    pub(super) fn go(
        &mut self,
        direction: Direction,
        extend: bool,
        shape: &Shape,
    ) -> Option<Place> {
        let to = shape.next(self.cursor, direction)?;
        if extend {
            let from = self.anchor.or(self.cursor);
            if from.is_some_and(|from| is_step(from) != is_step(to)) {
                return None;
            }
            self.extend_to(to, shape);
        } else {
            *self = Self::one(to);
        }
        Some(to)
    }

    /// Chooses all steps of the thread with the keyboard; all steps when they are chosen already.
    pub(super) fn choose_all(&mut self, shape: &Shape) {
        let cursor = self.cursor;
        let thread = self.thread();
        let in_thread = |place: &Place| thread.is_none() || place.thread() == thread;
        let here: BTreeSet<Place> = shape.all_steps().filter(in_thread).collect();
        let places = if here.is_empty() || here == self.places {
            shape.all_steps().collect()
        } else {
            here
        };
        if places.is_empty() {
            return;
        }
        *self = Self::of(places);
        if let Some(cursor) = cursor.filter(|cursor| self.contains(*cursor)) {
            self.cursor = Some(cursor);
        }
    }
}
