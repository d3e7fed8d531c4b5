//! Moves chosen steps or threads by one place; neighbours change sides, gaps stay.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Place, Sequence};

use super::super::Selection;
use super::Applied;

/// Moves the chosen steps one place up or down within their threads, or the chosen threads one place
/// to the left (up) or right. `None` when nothing can move.
pub(in crate::designer) fn shift(
    sequence: &Sequence,
    selection: &Selection,
    is_back: bool,
) -> Option<Applied> {
    let mut next = sequence.clone();
    let mut moved = selection.clone();
    moved.places.clear();
    let threads: BTreeSet<usize> = selection.threads().collect();
    if threads.is_empty() {
        for (thread, content) in next.threads.iter_mut().enumerate() {
            let chosen: BTreeSet<usize> = selection
                .steps()
                .filter_map(|place| match place {
                    Place::Step { thread: of, step } if of == thread => Some(step),
                    _ => None,
                })
                .collect();
            let place = |step| Place::Step { thread, step };
            slide(&mut content.steps, &chosen, is_back, &mut moved, place);
        }
    } else {
        slide(
            &mut next.threads,
            &threads,
            is_back,
            &mut moved,
            Place::Thread,
        );
    }
    (next != *sequence).then_some(Applied {
        sequence: next,
        selection: Some(moved),
    })
}

/// Whether [`shift`] would move anything: cheap, for it is asked at every drawing.
pub(in crate::designer) fn can_shift(
    sequence: &Sequence,
    selection: &Selection,
    is_back: bool,
) -> bool {
    let threads: Vec<usize> = selection.threads().collect();
    if !threads.is_empty() {
        return has_room(&threads, sequence.threads.len(), is_back);
    }
    let mut by_thread: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in selection.steps() {
        if let Place::Step { thread, step } = place {
            by_thread.entry(thread).or_default().push(step);
        }
    }
    by_thread.iter().any(|(thread, steps)| {
        let count = sequence.thread(*thread).map_or(0, |of| of.steps.len());
        has_room(steps, count, is_back)
    })
}

/// Whether one of these, smallest first, has a place before or behind it that is not chosen.
fn has_room(chosen: &[usize], count: usize, is_back: bool) -> bool {
    if is_back {
        let mut ranked = chosen.iter().enumerate();
        ranked.any(|(rank, index)| *index > rank)
    } else {
        let mut ranked = chosen.iter().rev().enumerate();
        ranked.any(|(rank, index)| index + rank + 1 < count)
    }
}

/// Swaps each chosen item with the one before or behind it, unless that is chosen too or missing.
fn slide<T>(
    items: &mut [T],
    chosen: &BTreeSet<usize>,
    is_back: bool,
    moved: &mut Selection,
    place: impl Fn(usize) -> Place,
) {
    let count = items.len();
    let mut now: BTreeSet<usize> = BTreeSet::new();
    let mut go = |index: usize| {
        let neighbour = if is_back {
            index.checked_sub(1)
        } else {
            Some(index + 1).filter(|next| *next < count)
        };
        let to = neighbour.filter(|to| !now.contains(to)).unwrap_or(index);
        items.swap(index, to);
        now.insert(to);
        for at in [&mut moved.cursor, &mut moved.anchor] {
            if *at == Some(place(index)) {
                *at = Some(place(to));
            }
        }
        moved.places.insert(place(to));
    };
    let existing = chosen.iter().copied().filter(|index| *index < count);
    if is_back {
        existing.for_each(&mut go);
    } else {
        existing.rev().for_each(&mut go);
    }
}
