//! The open file is changed by somebody else.

use std::path::Path;
use std::sync::Arc;

use crate::model::Sequence;

use super::super::super::pending::Opening;
use super::super::super::words::files as words;
use super::super::super::{
    Dialog, DiskState, Edit, Effect, FileStamp, State, ToastAction, ToastKind,
};
use super::super::canvas;
use super::super::toasts::toast;

/// The watched file is not as it was, or is gone.
pub(in super::super) fn changed(
    state: &mut State,
    file: &Path,
    theirs: Option<FileStamp>,
) -> Vec<Effect> {
    let is_open = state.document.file.as_deref() == Some(file);
    if state.document.is_saving || !is_open {
        // The answer to the save tells; and of a file that was open before, nobody wants to know.
        return Vec::new();
    }
    match theirs {
        None => gone(state),
        Some(theirs) => other(state, theirs),
    }
}

fn gone(state: &mut State) -> Vec<Effect> {
    if let DiskState::Same(stamp) | DiskState::Changed { ours: stamp, .. } = &state.document.disk {
        state.pending.before_gone = Some((stamp.clone(), state.document.saved_content));
    }
    state.document.disk = DiskState::Gone;
    state.document.saved_content = None;
    let name = state.document.file_name().unwrap_or_default();
    let kind = ToastKind::Warning;
    toast(state, kind, words::gone(&name), words::GONE_HELP, None);
    vec![Effect::KeepRecovery {
        sequence: Arc::clone(&state.document.sequence),
        file: state.document.file.clone(),
    }]
}

fn other(state: &mut State, theirs: FileStamp) -> Vec<Effect> {
    if let Some((stamp, saved_content)) = state.pending.before_gone.take() {
        // It is back, as after a move by an editor that writes a file anew.
        state.document.disk = DiskState::Same(stamp);
        state.document.saved_content = saved_content;
    }
    if matches!(&state.document.disk, DiskState::Same(ours) if ours.digest == theirs.digest) {
        state.document.disk = DiskState::Same(theirs);
        return Vec::new();
    }
    note_change(state, theirs);
    if !state.document.is_modified() && state.watch.is_none() {
        return reload(state);
    }
    let (text, action) = if state.document.is_modified() {
        (words::CHANGED_WHILE_MODIFIED, ToastAction::Reload)
    } else {
        (words::CHANGED_WHILE_RUNNING, ToastAction::Reload)
    };
    let name = state.document.file_name().unwrap_or_default();
    let kind = ToastKind::Warning;
    toast(state, kind, words::changed(&name), text, Some(action));
    Vec::new()
}

/// Notes that the file is somebody else's now.
pub(super) fn note_change(state: &mut State, theirs: FileStamp) {
    let ours = match &state.document.disk {
        DiskState::Same(ours) | DiskState::Changed { ours, .. } => ours.clone(),
        DiskState::Unknown | DiskState::Gone => FileStamp::of_no_file(),
    };
    state.document.disk = DiskState::Changed { ours, theirs };
}

/// Reads the open file again. What is drawn now can be had back with undo.
pub(in super::super) fn reload(state: &mut State) -> Vec<Effect> {
    if matches!(state.dialog, Some(Dialog::ChangedOnDisk { .. })) {
        state.dialog = None;
    }
    let Some(file) = state.document.file.clone() else {
        return Vec::new();
    };
    state.pending.opening = Some(Opening {
        file: file.clone(),
        content: state.document.content,
        is_reload: true,
    });
    vec![Effect::OpenFile(file)]
}

/// Takes what the open file holds now.
pub(super) fn reloaded(state: &mut State, sequence: &Sequence, stamp: FileStamp) -> Vec<Effect> {
    let Some(file) = state.document.file.clone() else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    if *sequence != *state.document.sequence {
        effects = canvas::edit(
            state,
            Edit::Replace {
                sequence: Box::new(sequence.clone()),
                label: words::READ_AGAIN.to_owned(),
            },
        );
        if *sequence != *state.document.sequence {
            // Nothing is edited now (a run is watched); the change stays noted.
            return effects;
        }
        let undo = ToastAction::Undo(state.document.content);
        toast(
            state,
            ToastKind::Info,
            words::READ_AGAIN,
            words::READ_AGAIN_WHY,
            Some(undo),
        );
    }
    state.document.saved_content = Some(state.document.content);
    state.document.disk = DiskState::Same(stamp.clone());
    effects.push(Effect::WatchFile(Some((file, stamp))));
    effects.push(Effect::DropRecovery);
    effects
}
