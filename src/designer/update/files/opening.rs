//! Reading a file into the window.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::model::Sequence;

use super::super::super::pending::Opening;
use super::super::super::words::files as words;
use super::super::super::{AfterSave, Dialog, DiskState, Document, Effect, FileStamp, State};
use super::super::servers;

/// Asks for a file's content.
pub(super) fn ask(state: &mut State, file: PathBuf) -> Vec<Effect> {
    state.pending.opening = Some(Opening {
        file: file.clone(),
        content: state.document.content,
        is_reload: false,
    });
    vec![Effect::OpenFile(file)]
}

/// Takes a file's content.
pub(in super::super) fn opened(
    state: &mut State,
    file: PathBuf,
    sequence: Sequence,
    stamp: FileStamp,
    at: Timestamp,
) -> Vec<Effect> {
    let Some(opening) = state
        .pending
        .opening
        .take_if(|opening| opening.is_of(&file))
    else {
        return Vec::new();
    };
    if opening.is_reload {
        return super::disk::reloaded(state, &sequence, stamp);
    }
    if opening.content != state.document.content || state.document.is_saving {
        // Somebody went on working while the disk was slow.
        return super::leave(state, AfterSave::OpenFile(file));
    }
    let content = super::next_content(state);
    let document = Document {
        content,
        saved_content: Some(content),
        file: Some(file.clone()),
        disk: DiskState::Same(stamp),
        ..Document::new(sequence)
    };
    let mut effects = super::put(state, document);
    servers::take_fields(state);
    effects.extend(super::remember(state, at));
    effects.push(Effect::DropRecovery);
    effects.push(Effect::FindRuns {
        of_file: Some(file),
    });
    effects
}

/// Says why a file could not be read.
pub(in super::super) fn refused(state: &mut State, file: PathBuf, sentence: String) -> Vec<Effect> {
    let opening = state
        .pending
        .opening
        .take_if(|opening| opening.is_of(&file));
    state.pending.discarded = None;
    state.pending.recovering = None;
    if matches!(state.dialog, Some(Dialog::Recovery { .. })) {
        // Interrupted work is the more important question.
        super::super::toasts::failed(state, words::NOT_OPENED, sentence);
        return vec![Effect::LookAtRecent(vec![file])];
    }
    if opening.is_some_and(|opening| opening.is_reload) {
        super::super::toasts::failed(state, words::NOT_READ_AGAIN, sentence);
        return Vec::new();
    }
    state.dialog = Some(Dialog::Failure {
        title: words::NOT_OPENED.to_owned(),
        sentence,
    });
    // It may be gone: the list of recent files should say so.
    vec![Effect::LookAtRecent(vec![file])]
}
