//! Dragging: what begins, where it goes, what it leaves behind. One undo step each.

use crate::model::{Place, Step, Thread};

use super::super::super::command::why_not_edit;
use super::super::super::drag::landing;
use super::super::super::selection::Shape;
use super::super::super::words::edit as words;
use super::super::super::{Drag, DragMsg, DragSource, DropPoint, Edit, Effect, Select, State};
use super::arrange::{
    add_step_at, new_command, new_delay, new_run_profile, profile_step, take_along,
};
use super::change::{change, commit};
use super::select;

pub(in crate::designer::update) fn drag(state: &mut State, drag: DragMsg) -> Vec<Effect> {
    match drag {
        DragMsg::Start(source) => start(state, source),
        DragMsg::Over { target, is_copy } => over(state, target, is_copy),
        DragMsg::Drop => drop_here(state),
        DragMsg::Cancel => {
            state.drag = None;
            Vec::new()
        }
    }
}

fn start(state: &mut State, source: DragSource) -> Vec<Effect> {
    state.drag = None;
    if why_not_edit(state).is_err() {
        return Vec::new();
    }
    let Some(source) = existing(state, source) else {
        return Vec::new();
    };
    state.history.end_typing();
    state.renaming = None;
    state.drag = Some(Drag {
        source,
        target: None,
        is_copy: false,
    });
    Vec::new()
}

/// What is really dragged: all chosen steps when one of them is.
fn existing(state: &mut State, source: DragSource) -> Option<DragSource> {
    let shape = Shape::of(&state.document.sequence);
    match source {
        DragSource::Steps(places) => {
            let is_step = |place: &Place| matches!(place, Place::Step { .. });
            let mut steps: Vec<Place> = places
                .into_iter()
                .filter(|place| is_step(place) && shape.has(*place))
                .collect();
            if let [only] = steps.as_slice() {
                steps = take_along(state, *only);
            }
            steps.sort_unstable();
            steps.dedup();
            (!steps.is_empty()).then_some(DragSource::Steps(steps))
        }
        DragSource::Thread(thread) => {
            let place = Place::Thread(thread);
            shape.has(place).then(|| {
                select(state, Select::One(place));
                DragSource::Thread(thread)
            })
        }
        new @ (DragSource::Profile { .. }
        | DragSource::NewCommand
        | DragSource::NewDelay
        | DragSource::NewRunProfile) => Some(new),
    }
}

fn over(state: &mut State, target: Option<DropPoint>, is_copy: bool) -> Vec<Effect> {
    let sequence = &state.document.sequence;
    let target = target.and_then(|target| match target {
        DropPoint::In { thread, step } => {
            let count = sequence.thread(thread)?.steps.len();
            let step = step.min(count);
            Some(DropPoint::In { thread, step })
        }
        DropPoint::NewThread(at) => Some(DropPoint::NewThread(at.min(sequence.threads.len()))),
    });
    if let Some(drag) = &mut state.drag {
        drag.target = target;
        drag.is_copy = is_copy;
    }
    Vec::new()
}

fn drop_here(state: &mut State) -> Vec<Effect> {
    let Some(drag) = state.drag.take() else {
        return Vec::new();
    };
    let Some(target) = drag.target else {
        return Vec::new();
    };
    if landing(&state.document.sequence, &drag, target).is_err() {
        return Vec::new();
    }
    match drag.source {
        DragSource::Profile { agent, profile } => {
            let step = profile_step(state, &agent, &profile);
            add_step_at(state, target, step)
        }
        DragSource::NewCommand => add_step_at(state, target, new_command()),
        DragSource::NewDelay => add_step_at(state, target, new_delay()),
        DragSource::NewRunProfile => new_run_profile(state, target),
        DragSource::Steps(places) if drag.is_copy => copy_steps(state, &places, target),
        DragSource::Steps(places) => change(state, Edit::MoveSteps { places, to: target }),
        DragSource::Thread(from) => drop_thread(state, from, target, drag.is_copy),
    }
}

fn copy_steps(state: &mut State, places: &[Place], at: DropPoint) -> Vec<Effect> {
    let sequence = &state.document.sequence;
    let steps: Vec<Step> = places
        .iter()
        .filter_map(|place| sequence.step(*place).cloned())
        .collect();
    let label = words::copy(&words::steps(steps.len()));
    let applied = Edit::AddSteps { at, steps }.apply(sequence);
    applied.map_or_else(Vec::new, |applied| commit(state, applied, label, None))
}

fn drop_thread(state: &mut State, from: usize, target: DropPoint, is_copy: bool) -> Vec<Effect> {
    let DropPoint::NewThread(to) = target else {
        return Vec::new();
    };
    if !is_copy {
        return change(state, Edit::MoveThread { from, to });
    }
    let sequence = &state.document.sequence;
    let threads: Vec<Thread> = sequence.thread(from).cloned().into_iter().collect();
    let label = words::copy(&words::threads(threads.len()));
    let applied = Edit::AddThreads { at: to, threads }.apply(sequence);
    applied.map_or_else(Vec::new, |applied| commit(state, applied, label, None))
}
