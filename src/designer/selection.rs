//! What is chosen on the canvas.

use std::collections::BTreeSet;

use crate::model::Place;

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

impl Selection {
    /// Exactly one place.
    pub fn one(place: Place) -> Self {
        Self {
            places: BTreeSet::from([place]),
            cursor: Some(place),
            anchor: Some(place),
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
        let is_step = |place: &Place| matches!(place, Place::Step { .. });
        self.places.iter().copied().filter(is_step)
    }

    /// The chosen threads in the order of the document.
    pub fn threads(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.iter().filter_map(|place| match place {
            Place::Thread(thread) => Some(*thread),
            Place::Sequence | Place::Step { .. } => None,
        })
    }
}
