//! Changes of the sequence and of what is chosen: hands each message to its file.

mod arrange;
mod change;
mod clip;
mod dragging;
mod finding;
mod problems;
#[cfg(test)]
mod tests;

use crate::model::Place;

use super::super::edit::{SequenceHead, ThreadHead};
use super::super::selection::Shape;
use super::super::{Direction, Edit, Effect, Field, Panel, Select, Selection, State};

pub(super) use arrange::insertion;
pub(super) use arrange::{
    add_item, add_step, add_thread, delete, duplicate, move_along, move_aside, new_command,
    new_delay, new_run_profile, select_all, toggle_enabled,
};
pub(in crate::designer) use arrange::{aside, can_move_along, is_all_enabled};
pub(super) use change::{change as edit, check, known_agents, redo, undo};
pub(super) use clip::{copy, cut, paste};
pub(super) use dragging::drag;
pub(super) use finding::{find, go as find_go, open as open_find};
pub(in crate::designer) use problems::current as current_problem;
pub(super) use problems::{fix as fix_problem, next as next_problem, show as show_problem};

pub(super) fn end_typing(state: &mut State) -> Vec<Effect> {
    state.history.end_typing();
    Vec::new()
}

/// Which places exist on the canvas: those of the watched run, else those of the document.
fn shape(state: &State) -> Shape {
    let outline = state
        .watch
        .as_ref()
        .and_then(|watch| watch.summary.outline.as_ref());
    outline.map_or_else(|| Shape::of(&state.document.sequence), Shape::of_run)
}

pub(super) fn select(state: &mut State, select: Select) -> Vec<Effect> {
    if state.watch.is_some() {
        let (Select::One(place) | Select::Toggle(place) | Select::To(place)) = select;
        state.watched_place = Some(place).filter(|place| shape(state).has(*place));
    }
    let document = Shape::of(&state.document.sequence);
    choose(state, |selection| selection.choose(select, &document));
    Vec::new()
}

/// Changes the selection; typing and renaming end where it really changes.
fn choose(state: &mut State, change: impl FnOnce(&mut Selection)) {
    let before = state.selection.clone();
    change(&mut state.selection);
    if state.selection != before {
        state.history.end_typing();
        state.renaming = None;
    }
}

/// Chooses one place and moves the keyboard there.
pub(super) fn show(state: &mut State, place: Place) -> Vec<Effect> {
    let mut effects = go_to(state, place);
    state.focus = Panel::Canvas;
    effects.push(Effect::Focus(state.focus));
    effects
}

/// Chooses one place, whichever way led to it, and shows it.
fn go_to(state: &mut State, place: Place) -> Vec<Effect> {
    select(state, Select::One(place));
    let is_drawn = place != Place::Sequence;
    is_drawn
        .then_some(Effect::Reveal(place))
        .into_iter()
        .collect()
}

pub(super) fn move_cursor(state: &mut State, direction: Direction, extend: bool) -> Vec<Effect> {
    let mut to = None;
    if state.watch.is_some() {
        let mut watched = state.watched_place.map(Selection::one).unwrap_or_default();
        to = watched.go(direction, false, &shape(state));
        if let Some(place) = to {
            select(state, Select::One(place));
        }
    } else {
        let shape = shape(state);
        choose(state, |selection| {
            to = selection.go(direction, extend, &shape);
        });
    }
    to.map(Effect::Reveal).into_iter().collect()
}

/// Begins to edit the name of what is chosen.
pub(super) fn begin_rename(state: &mut State) -> Vec<Effect> {
    let place = state.selection.single().unwrap_or(Place::Sequence);
    state.renaming = Some(place);
    state.pending.new_name = None;
    let is_drawn = place != Place::Sequence;
    is_drawn
        .then_some(Effect::Reveal(place))
        .into_iter()
        .collect()
}

pub(super) fn rename(state: &mut State, place: Place, name: &str) -> Vec<Effect> {
    state.renaming = None;
    state.pending.new_name = None;
    let name = name.trim().to_owned();
    let sequence = &state.document.sequence;
    let field = Field::Name;
    let edit = match place {
        Place::Sequence => Edit::Sequence {
            head: Box::new(SequenceHead {
                name,
                ..SequenceHead::of(sequence)
            }),
            field,
        },
        Place::Thread(thread) => match sequence.thread(thread) {
            // A thread without a name cannot be told apart in the log.
            Some(content) if !name.is_empty() => Edit::Thread {
                thread,
                head: Box::new(ThreadHead {
                    name,
                    ..ThreadHead::of(content)
                }),
                field,
            },
            _ => return Vec::new(),
        },
        Place::Step { .. } => match sequence.step(place) {
            Some(step) => {
                let mut step = step.clone();
                step.name = Some(name).filter(|name| !name.is_empty());
                Edit::Step {
                    place,
                    step: Box::new(step),
                    field,
                }
            }
            None => return Vec::new(),
        },
    };
    state.history.end_typing();
    let effects = change::change(state, edit);
    state.history.end_typing();
    effects
}

/// Notes what is being typed as the new name.
pub(super) fn rename_text(state: &mut State, text: String) -> Vec<Effect> {
    state.pending.new_name = state.renaming.map(|place| (place, text));
    Vec::new()
}

/// Takes what was typed as the new name so far, as leaving the field does.
pub(super) fn accept_name(state: &mut State) -> Vec<Effect> {
    let Some((place, name)) = state.pending.new_name.take() else {
        return Vec::new();
    };
    if state.renaming != Some(place) {
        return Vec::new();
    }
    let mut effects = rename(state, place, &name);
    // The field with the keyboard is gone.
    effects.push(Effect::Focus(state.focus));
    effects
}

pub(super) fn cancel_rename(state: &mut State) -> Vec<Effect> {
    state.renaming = None;
    state.pending.new_name = None;
    Vec::new()
}
