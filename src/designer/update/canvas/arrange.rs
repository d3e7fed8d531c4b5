//! Adding, removing, moving, switching and choosing, as commands do it.

use std::time::Duration;

use crate::mim::{AgentName, ProfileName};
use crate::model::{Command as Program, Place, Step, StepKind, Thread};

use super::super::super::edit::{self, StepChange};
use super::super::super::selection::Shape;
use super::super::super::words::edit as words;
use super::super::super::{
    Dialog, DropPoint, Edit, Effect, Panel, Select, Selection, State, TreeItem, known,
};
use super::super::dialogs;
use super::change::{change, commit};
use super::{choose, select};

/// How long a new delay waits.
const NEW_DELAY: Duration = Duration::from_secs(30);

/// Where new steps go: behind the last chosen step, else to the end of the thread with the
/// keyboard, else to the end of the first thread.
pub(in crate::designer::update) fn insertion(state: &State) -> DropPoint {
    let sequence = &state.document.sequence;
    let last_chosen = state.selection.steps().last();
    let at = last_chosen.or(state.selection.cursor);
    if let Some(Place::Step { thread, step }) = at {
        let step = step + 1;
        return DropPoint::In { thread, step };
    }
    let thread = at.and_then(Place::thread).unwrap_or(0);
    let content = sequence.thread(thread);
    content.map_or(DropPoint::NewThread(thread), |content| DropPoint::In {
        thread,
        step: content.steps.len(),
    })
}

/// Adds a step where new ones go.
pub(in crate::designer::update) fn add_step(state: &mut State, step: Step) -> Vec<Effect> {
    add_step_at(state, insertion(state), step)
}

/// Adds a step there.
pub(super) fn add_step_at(state: &mut State, at: DropPoint, step: Step) -> Vec<Effect> {
    let steps = vec![step];
    change(state, Edit::AddSteps { at, steps })
}

/// Adds a row of the tree where new steps go; an agent alone is no step.
pub(in crate::designer::update) fn add_item(state: &mut State, item: &TreeItem) -> Vec<Effect> {
    match item {
        TreeItem::Agent(_) => Vec::new(),
        TreeItem::Profile(agent, profile) => {
            let step = known::new_step(state, agent, profile);
            add_step(state, step)
        }
    }
}

/// A step for a run profile of the tree.
pub(super) fn profile_step(state: &State, agent: &AgentName, profile: &ProfileName) -> Step {
    known::new_step(state, agent, profile)
}

/// A new command step; its program is to be typed in.
pub(in crate::designer::update) fn new_command() -> Step {
    Step::new(StepKind::Command(Program::new("")))
}

/// A new delay step.
pub(in crate::designer::update) fn new_delay() -> Step {
    Step::new(StepKind::Delay {
        duration: NEW_DELAY,
    })
}

/// Asks for the names of a new run-profile step.
pub(in crate::designer::update) fn new_run_profile(
    state: &mut State,
    at: DropPoint,
) -> Vec<Effect> {
    let (agent, profile) = (String::new(), String::new());
    dialogs::show(state, Dialog::NewRunProfile { at, agent, profile })
}

/// Adds a thread behind the one with the keyboard, ready to be named.
pub(in crate::designer::update) fn add_thread(state: &mut State) -> Vec<Effect> {
    let count = state.document.sequence.threads.len();
    let at = state.selection.thread().map_or(count, |thread| thread + 1);
    let threads = vec![Thread::new(String::new())];
    let effects = change(state, Edit::AddThreads { at, threads });
    if !effects.is_empty() {
        state.renaming = state.selection.single();
    }
    effects
}

/// Removes what is chosen.
pub(in crate::designer::update) fn delete(state: &mut State) -> Vec<Effect> {
    let places: Vec<Place> = state.selection.places.iter().copied().collect();
    change(state, Edit::Remove { places })
}

/// What is chosen in words, such as `3 steps`.
pub(super) fn chosen_words(selection: &Selection) -> String {
    let places: Vec<Place> = selection.places.iter().copied().collect();
    words::places(&places)
}

/// Adds a copy of what is chosen behind it.
pub(in crate::designer::update) fn duplicate(state: &mut State) -> Vec<Effect> {
    let Some(applied) = edit::duplicate(&state.document.sequence, &state.selection) else {
        return Vec::new();
    };
    let label = words::duplicate(&chosen_words(&state.selection));
    commit(state, applied, label, None)
}

/// Switches what is chosen off when all of it is on, else on.
pub(in crate::designer::update) fn toggle_enabled(state: &mut State) -> Vec<Effect> {
    let enabled = !is_all_enabled(state);
    let threads: Vec<usize> = state.selection.threads().collect();
    let edit = if threads.is_empty() {
        Edit::Steps {
            places: state.selection.steps().collect(),
            change: StepChange::Enabled(enabled),
        }
    } else {
        Edit::EnableThreads { threads, enabled }
    };
    change(state, edit)
}

/// Whether everything that is chosen takes part.
pub(in crate::designer) fn is_all_enabled(state: &State) -> bool {
    let sequence = &state.document.sequence;
    let is_on = |place: &Place| match *place {
        Place::Sequence => true,
        Place::Thread(thread) => sequence.thread(thread).is_some_and(|of| of.enabled),
        Place::Step { .. } => sequence.step(*place).is_some_and(|of| of.enabled),
    };
    state.selection.places.iter().all(is_on)
}

/// Moves the chosen steps up or down within their threads.
pub(in crate::designer::update) fn move_along(state: &mut State, is_up: bool) -> Vec<Effect> {
    if !can_move_along(state, is_up) {
        return Vec::new();
    }
    shift(state, is_up)
}

fn shift(state: &mut State, is_back: bool) -> Vec<Effect> {
    let sequence = &state.document.sequence;
    let Some(applied) = edit::shift(sequence, &state.selection, is_back) else {
        return Vec::new();
    };
    let label = words::move_by(&chosen_words(&state.selection));
    commit(state, applied, label, None)
}

/// Whether the chosen steps can move up or down.
pub(in crate::designer) fn can_move_along(state: &State, is_up: bool) -> bool {
    let has_steps = state.selection.steps().next().is_some();
    has_steps && edit::can_shift(&state.document.sequence, &state.selection, is_up)
}

/// Moves the chosen steps into the next thread, or the chosen threads by one.
pub(in crate::designer::update) fn move_aside(state: &mut State, is_left: bool) -> Vec<Effect> {
    let Some(target) = aside(state, is_left) else {
        return Vec::new();
    };
    match target {
        Aside::Threads => shift(state, is_left),
        Aside::Steps(to) => {
            let places = state.selection.steps().collect();
            change(state, Edit::MoveSteps { places, to })
        }
    }
}

/// What moves to the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::designer) enum Aside {
    /// The chosen threads.
    Threads,
    /// The chosen steps, to this place.
    Steps(DropPoint),
}

/// What would move to the side and where to; `None` at the edge.
pub(in crate::designer) fn aside(state: &State, is_left: bool) -> Option<Aside> {
    let sequence = &state.document.sequence;
    if state.selection.threads().next().is_some() {
        let can_move = edit::can_shift(sequence, &state.selection, is_left);
        return can_move.then_some(Aside::Threads);
    }
    let first = state.selection.steps().next()?;
    let last = state.selection.steps().last()?;
    let Place::Step { step, .. } = first else {
        return None;
    };
    let thread = if is_left {
        first.thread()?.checked_sub(1)?
    } else {
        last.thread()? + 1
    };
    let count = sequence.thread(thread)?.steps.len();
    let step = step.min(count);
    Some(Aside::Steps(DropPoint::In { thread, step }))
}

/// Chooses all steps of the thread, then all of the sequence.
pub(in crate::designer::update) fn select_all(state: &mut State) -> Vec<Effect> {
    let shape = Shape::of(&state.document.sequence);
    choose(state, |selection| selection.choose_all(&shape));
    state.focus = Panel::Canvas;
    vec![Effect::Focus(Panel::Canvas)]
}

/// Chooses what a drag or a menu takes along: the place, with all that are chosen when it is.
pub(super) fn take_along(state: &mut State, place: Place) -> Vec<Place> {
    if !state.selection.contains(place) {
        select(state, Select::One(place));
    }
    state.selection.places.iter().copied().collect()
}
