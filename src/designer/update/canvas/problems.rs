//! Going from problem to problem, and mending them.

use crate::model::Place;

use super::super::super::{BottomTab, Cure, Effect, State, fix as fix_of};
use super::super::{browse, panels};
use super::change::commit;
use super::go_to;

/// Shows a problem and its place.
pub(in crate::designer::update) fn show(state: &mut State, index: usize) -> Vec<Effect> {
    let Some(problem) = state.problems.list.get(index) else {
        return Vec::new();
    };
    let place = problem.place;
    state.problems.current = Some(index);
    let mut effects = panels::show_tab(state, BottomTab::Problems);
    if place == Place::Sequence || is_there(state, place) {
        effects.extend(go_to(state, place));
    }
    effects
}

/// The problems may be a moment older than the document.
fn is_there(state: &State, place: Place) -> bool {
    let sequence = &state.document.sequence;
    match place {
        Place::Sequence => true,
        Place::Thread(thread) => sequence.thread(thread).is_some(),
        Place::Step { .. } => sequence.step(place).is_some(),
    }
}

/// Shows the next or previous problem; behind the last comes the first.
pub(in crate::designer::update) fn next(state: &mut State, forward: bool) -> Vec<Effect> {
    let count = state.problems.list.len();
    if count == 0 {
        return Vec::new();
    }
    let next = match (state.problems.current, forward) {
        (Some(current), true) => (current + 1) % count,
        (Some(current), false) => (current + count - 1) % count,
        (None, true) => 0,
        (None, false) => count - 1,
    };
    show(state, next)
}

/// The problem that commands are about: the one that was shown, else the first of what is chosen.
pub(in crate::designer) fn current(state: &State) -> Option<usize> {
    let list = &state.problems.list;
    let shown = state.problems.current.filter(|index| *index < list.len());
    shown.or_else(|| {
        let chosen = state.selection.single()?;
        list.iter().position(|problem| problem.place == chosen)
    })
}

/// Mends a problem; not when the document has changed since the rules were applied.
pub(in crate::designer::update) fn fix(state: &mut State, index: usize) -> Vec<Effect> {
    if state.problems.content != state.document.content {
        return Vec::new();
    }
    let Some(problem) = state.problems.list.get(index) else {
        return Vec::new();
    };
    let Some(fix) = fix_of(state, problem) else {
        return Vec::new();
    };
    match fix.cure {
        Cure::Edit(edit) => {
            let applied = edit.apply(&state.document.sequence);
            applied.map_or_else(Vec::new, |applied| commit(state, applied, fix.label, None))
        }
        Cure::Ask(purpose) => {
            let mut effects = show(state, index);
            effects.extend(browse::ask(state, purpose));
            effects
        }
    }
}
