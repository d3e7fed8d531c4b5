//! Work that a crash interrupted.

use std::path::PathBuf;
use std::sync::Arc;

use crate::model::Sequence;

use super::super::super::words::files as words;
use super::super::super::{
    AfterSave, Dialog, DiskState, Document, Effect, FileStamp, RecoveryCopy, State, ToastKind,
};
use super::super::servers;
use super::super::toasts::toast;

/// Offers the copies that were found.
pub(in super::super) fn found(state: &mut State, mut copies: Vec<RecoveryCopy>) -> Vec<Effect> {
    copies.sort_by_key(|copy| std::cmp::Reverse(copy.written));
    state.pending.left_copies = copies;
    Vec::new()
}

/// Asks about interrupted work as soon as nothing else is asked.
pub(in super::super) fn offer(state: &mut State) {
    let is_free = state.dialog.is_none() && state.palette.is_none() && state.drag.is_none();
    if is_free && state.pending.saving.is_none() && !state.pending.left_copies.is_empty() {
        let copies = state.pending.left_copies.clone();
        state.dialog = Some(Dialog::Recovery { copies });
    }
}

/// The person has answered; what was left alone is offered at the next start.
pub(in super::super) fn answered(state: &mut State) {
    state.pending.left_copies.clear();
}

/// Throws a copy away.
pub(in super::super) fn discard(state: &mut State, id: String) -> Vec<Effect> {
    state.pending.left_copies.retain(|copy| copy.id != id);
    if let Some(Dialog::Recovery { copies }) = &mut state.dialog {
        copies.retain(|copy| copy.id != id);
        if copies.is_empty() {
            state.dialog = None;
        }
    }
    vec![Effect::DiscardRecovery(id)]
}

/// Takes the recovered work; it is unsaved until somebody saves it.
pub(in super::super) fn recovered(
    state: &mut State,
    file: Option<PathBuf>,
    sequence: Sequence,
    stamp: Option<FileStamp>,
) -> Vec<Effect> {
    let Some(id) = state.pending.recovering.take() else {
        return Vec::new();
    };
    let is_settled = state.pending.discarded == Some(state.document.content);
    let has_work = state.document.is_modified() && !is_settled;
    if has_work || state.document.is_saving || state.is_running() {
        // Somebody went on working while the disk was slow; the copy is still there.
        return super::leave(state, AfterSave::Recover(id));
    }
    let content = super::next_content(state);
    let disk = match stamp {
        Some(stamp) => DiskState::Same(stamp),
        None if file.is_some() => DiskState::Gone,
        None => DiskState::Unknown,
    };
    let document = Document {
        content,
        file: file.clone(),
        disk,
        ..Document::new(sequence)
    };
    let mut effects = super::put(state, document);
    state.dialog = None;
    servers::take_fields(state);
    effects.push(Effect::KeepRecovery {
        sequence: Arc::clone(&state.document.sequence),
        file: file.clone(),
    });
    // Only once our own copy is written.
    effects.push(Effect::DiscardRecovery(id));
    let kind = ToastKind::Info;
    toast(state, kind, words::RECOVERED, words::RECOVERED_HELP, None);
    if file.is_some() {
        effects.push(Effect::FindRuns { of_file: file });
    }
    effects
}
