//! The one way in which the sequence changes: history, content number, check and recovery copy go
//! along.

use std::sync::Arc;

use crate::mim::AgentInfo;
use crate::model::{Place, Sequence};

use super::super::super::command::why_not_edit;
use super::super::super::edit::{Applied, MergeKey};
use super::super::super::history::{Change, Restored};
use super::super::super::selection::Shape;
use super::super::super::words::canvas as words;
use super::super::super::{Edit, Effect, Screen, State, ToastKind};
use super::super::runs;
use super::super::toasts::toast;
use super::finding;

/// Makes an edit, unless a run is being watched or nothing changes.
pub(in crate::designer::update) fn change(state: &mut State, edit: Edit) -> Vec<Effect> {
    let Some(applied) = edit.apply(&state.document.sequence) else {
        return Vec::new();
    };
    let key = edit.merge_key(&state.document.sequence);
    commit(state, applied, edit.into_label(), key)
}

/// Makes a change that was worked out already.
pub(super) fn commit(
    state: &mut State,
    applied: Applied,
    label: String,
    key: Option<MergeKey>,
) -> Vec<Effect> {
    if let Err(sentence) = why_not_edit(state) {
        toast(state, ToastKind::Info, words::NOT_EDITED, sentence, None);
        return Vec::new();
    }
    let mut effects = leave_watch(state);
    let before = state.selection.clone();
    let after = applied.selection.unwrap_or_else(|| {
        let mut kept = before.clone();
        kept.keep(&Shape::of(&applied.sequence));
        kept
    });
    // What was saved in the middle of a typing must stay within reach of undo.
    if !state.document.is_modified() {
        state.history.end_typing();
    }
    state.history.record(Change {
        label,
        key,
        sequence: &state.document.sequence,
        content: state.document.content,
        before,
        after: after.clone(),
    });
    state.last_content = state.last_content.max(state.document.content) + 1;
    state.document.content = state.last_content;
    let old = std::mem::replace(&mut state.document.sequence, Arc::new(applied.sequence));
    let is_moved = state.selection.places != after.places;
    state.selection = after;
    effects.extend(settle(state, &old));
    if is_moved {
        effects.extend(reveal(state));
    }
    effects
}

/// Takes the last change back.
pub(in crate::designer::update) fn undo(state: &mut State) -> Vec<Effect> {
    turn(state, |state, now| {
        state.history.undo(now, state.document.content)
    })
}

/// Does it again.
pub(in crate::designer::update) fn redo(state: &mut State) -> Vec<Effect> {
    turn(state, |state, now| {
        state.history.redo(now, state.document.content)
    })
}

fn turn(
    state: &mut State,
    take: impl FnOnce(&mut State, &Sequence) -> Option<Restored>,
) -> Vec<Effect> {
    if why_not_edit(state).is_err() {
        return Vec::new();
    }
    let now = Arc::clone(&state.document.sequence);
    let Some(restored) = take(state, &now) else {
        return Vec::new();
    };
    let mut effects = leave_watch(state);
    state.document.content = restored.content;
    state.document.sequence = Arc::new(restored.sequence);
    state.selection = restored.selection;
    effects.extend(settle(state, &now));
    effects.extend(reveal(state));
    effects
}

/// An ended run gives way to the document as soon as that changes.
fn leave_watch(state: &mut State) -> Vec<Effect> {
    if state.watch.is_none() {
        return Vec::new();
    }
    let effects = runs::back_to_editing(state);
    state.watch = None;
    state.watched_place = None;
    // An untouched document would give way to the welcome screen, but it is about to be changed.
    state.screen = Screen::Work;
    effects
}

fn reveal(state: &State) -> Option<Effect> {
    let place = state.selection.cursor?;
    (place != Place::Sequence).then_some(Effect::Reveal(place))
}

/// Brings everything that depends on the sequence up to date with it.
fn settle(state: &mut State, old: &Sequence) -> Vec<Effect> {
    let sequence = Arc::clone(&state.document.sequence);
    let shape = Shape::of(&sequence);
    state.selection.keep(&shape);
    // A name that is being typed must not go to what has taken the place of its step.
    state.renaming = state.renaming.filter(|place| match *place {
        Place::Sequence => true,
        Place::Thread(thread) => {
            let name = |of: &Sequence| of.thread(thread).map(|thread| thread.name.clone());
            name(&sequence).is_some() && name(&sequence) == name(old)
        }
        step @ Place::Step { .. } => {
            sequence.step(step).is_some() && sequence.step(step) == old.step(step)
        }
    });
    state.drag = None;
    finding::refresh(state);
    let recovery = if state.document.is_modified() {
        Effect::KeepRecovery {
            sequence: Arc::clone(&sequence),
            file: state.document.file.clone(),
        }
    } else {
        Effect::DropRecovery
    };
    vec![check(state), recovery]
}

/// The order to apply the rules to what is drawn.
pub(in crate::designer::update) fn check(state: &State) -> Effect {
    Effect::Check {
        content: state.document.content,
        sequence: Arc::clone(&state.document.sequence),
        known: state.knowledge(),
    }
}

/// The agents of the server, once they were read.
pub(in crate::designer::update) fn known_agents(state: &State) -> Option<Arc<[AgentInfo]>> {
    let agents = state.connection.agents();
    let agents = agents.filter(|agents| agents.read_at.is_some());
    agents.map(|agents| Arc::clone(&agents.list))
}
