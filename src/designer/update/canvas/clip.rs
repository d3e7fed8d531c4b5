//! Cut, copy and paste.

use super::super::super::clipboard::{self, Pasted};
use super::super::super::edit::Applied;
use super::super::super::words::{canvas as say, edit as words};
use super::super::super::{Edit, Effect, State, ToastKind};
use super::super::toasts::toast;
use super::arrange::{chosen_words, insertion};
use super::change::commit;

/// Copies what is chosen.
pub(in crate::designer::update) fn copy(state: &State) -> Vec<Effect> {
    let text = clipboard::text(&state.document.sequence, &state.selection);
    text.map(Effect::CopyText).into_iter().collect()
}

/// Copies what is chosen and removes it.
pub(in crate::designer::update) fn cut(state: &mut State) -> Vec<Effect> {
    let places = state.selection.places.iter().copied().collect();
    let Some(applied) = (Edit::Remove { places }).apply(&state.document.sequence) else {
        return Vec::new();
    };
    let mut effects = copy(state);
    let label = words::cut(&chosen_words(&state.selection));
    effects.extend(commit(state, applied, label, None));
    effects
}

/// Adds what a text holds: steps behind the chosen ones, threads behind the thread.
pub(in crate::designer::update) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    let pasted = match clipboard::read(text) {
        Ok(pasted) => pasted,
        Err(sentence) => {
            let (title, text) = say::not_pasted(&sentence);
            toast(state, ToastKind::Warning, title, text, None);
            return Vec::new();
        }
    };
    let (label, applied) = applied(state, pasted);
    let Some(applied) = applied else {
        toast(
            state,
            ToastKind::Warning,
            say::NOT_PASTED,
            say::TOO_MUCH,
            None,
        );
        return Vec::new();
    };
    commit(state, applied, words::paste(&label), None)
}

fn applied(state: &State, pasted: Pasted) -> (String, Option<Applied>) {
    let sequence = &state.document.sequence;
    match pasted {
        Pasted::Steps(steps) => {
            let label = words::steps(steps.len());
            let at = insertion(state);
            (label, Edit::AddSteps { at, steps }.apply(sequence))
        }
        Pasted::Threads(threads) => {
            let label = words::threads(threads.len());
            let thread = state.selection.thread();
            let at = thread.map_or(sequence.threads.len(), |thread| thread + 1);
            (label, Edit::AddThreads { at, threads }.apply(sequence))
        }
    }
}
