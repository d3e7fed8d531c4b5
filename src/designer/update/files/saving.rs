//! Writing the document to its file, or to another one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::super::super::pending::Saving;
use super::super::super::words::files as words;
use super::super::super::{
    AfterSave, Dialog, DiskState, Effect, FileStamp, PathPurpose, State, ToastKind,
};
use super::super::toasts::{failed, toast};

/// The ending of a sequence file.
const EXTENSION: &str = "xml";

pub(in super::super) fn save(state: &mut State) -> Vec<Effect> {
    save_then(state, None)
}

/// Saves, and goes on when that has worked.
pub(in super::super) fn save_then(state: &mut State, then: Option<AfterSave>) -> Vec<Effect> {
    let Some(file) = state.document.file.clone() else {
        return ask_for_name(state, then);
    };
    let expected = match &state.document.disk {
        DiskState::Same(stamp) => Some(stamp.clone()),
        DiskState::Changed { ours, .. } => Some(ours.clone()),
        // What has come back since would be somebody else's.
        DiskState::Gone => Some(FileStamp::of_no_file()),
        DiskState::Unknown => None,
    };
    write(state, file, expected, then)
}

pub(in super::super) fn save_as(state: &mut State) -> Vec<Effect> {
    ask_for_name(state, None)
}

fn ask_for_name(state: &mut State, then: Option<AfterSave>) -> Vec<Effect> {
    state.dialog = None;
    state.pending.naming = Some(state.document.opened);
    let name = state.document.file_name();
    let name = name.unwrap_or_else(|| words::file_name(&state.document.sequence.name));
    vec![Effect::ChoosePath {
        purpose: PathPurpose::SaveAs { then },
        folder: super::folder(state),
        name: Some(name),
    }]
}

/// Takes the path to save to. `is_typed` is a path that no system dialog has asked about.
pub(in super::super) fn path_chosen(
    state: &mut State,
    path: &Path,
    then: Option<AfterSave>,
    is_typed: bool,
) -> Vec<Effect> {
    if state.document.file.as_deref() == Some(path) {
        return save_then(state, then);
    }
    let file = with_extension(path);
    let is_asked = !is_typed && file == path;
    let expected = (!is_asked).then(FileStamp::of_no_file);
    write(state, file, expected, then)
}

/// Writes over what somebody else wrote.
pub(in super::super) fn overwrite(state: &mut State) -> Vec<Effect> {
    state.dialog = None;
    let Some(saving) = state.pending.saving.take() else {
        return save_then(state, None);
    };
    write(state, saving.file, None, saving.then)
}

/// Gives the save up for what somebody else wrote; where that is another file, for another name.
pub(in super::super) fn read_theirs(state: &mut State) -> Vec<Effect> {
    state.dialog = None;
    match state.pending.saving.take() {
        Some(saving) if saving.is_new_name => ask_for_name(state, saving.then),
        _ => super::disk::reload(state),
    }
}

/// Gives the save up; the work stays unsaved.
pub(in super::super) fn keep_unsaved(state: &mut State) -> Vec<Effect> {
    state.pending.saving = None;
    super::stay(state)
}

fn write(
    state: &mut State,
    file: PathBuf,
    expected: Option<FileStamp>,
    then: Option<AfterSave>,
) -> Vec<Effect> {
    if state.document.is_saving {
        return Vec::new();
    }
    state.dialog = None;
    state.document.is_saving = true;
    state.pending.saving = Some(Saving {
        is_new_name: state.document.file.as_ref() != Some(&file),
        file: file.clone(),
        then,
    });
    vec![Effect::SaveFile {
        file,
        sequence: Arc::clone(&state.document.sequence),
        content: state.document.content,
        expected,
    }]
}

/// The file is written.
pub(in super::super) fn saved(
    state: &mut State,
    file: &Path,
    content: u64,
    stamp: FileStamp,
    at: Timestamp,
) -> Vec<Effect> {
    let Some(saving) = state.pending.saving.take_if(|saving| saving.file == file) else {
        return Vec::new();
    };
    let document = &mut state.document;
    document.is_saving = false;
    document.saved_content = Some(content);
    document.disk = DiskState::Same(stamp.clone());
    document.file = Some(file.to_owned());
    state.pending.before_gone = None;
    let mut effects = vec![Effect::WatchFile(Some((file.to_owned(), stamp)))];
    effects.extend(super::remember(state, at));
    if state.document.is_modified() {
        // Work went on meanwhile; its copy must name the file that it belongs to now.
        effects.push(Effect::KeepRecovery {
            sequence: Arc::clone(&state.document.sequence),
            file: Some(file.to_owned()),
        });
    } else {
        effects.push(Effect::DropRecovery);
    }
    // What an earlier try said is no longer so.
    state.toasts.retain(|toast| toast.title != words::NOT_SAVED);
    let text = words::path_text(file);
    toast(state, ToastKind::Success, words::SAVED, text, None);
    if let Some(then) = saving.then {
        effects.extend(super::leave(state, then));
    }
    effects
}

/// The file could not be written.
pub(in super::super) fn refused(state: &mut State, file: &Path, sentence: String) -> Vec<Effect> {
    let saving = state.pending.saving.take_if(|saving| saving.file == file);
    if saving.is_some() {
        state.document.is_saving = false;
        failed(state, words::NOT_SAVED, sentence);
    }
    Vec::new()
}

/// The file is not what it was: the person decides.
pub(in super::super) fn changed_underneath(
    state: &mut State,
    file: &Path,
    theirs: Option<FileStamp>,
) -> Vec<Effect> {
    let Some(saving) = state
        .pending
        .saving
        .clone()
        .filter(|saving| saving.file == file)
    else {
        return Vec::new();
    };
    state.document.is_saving = false;
    let Some(theirs) = theirs else {
        // There is nothing that could be lost.
        return overwrite(state);
    };
    if !saving.is_new_name {
        super::disk::note_change(state, theirs);
    }
    state.dialog = Some(Dialog::ChangedOnDisk { is_saving: true });
    Vec::new()
}

/// The path with the ending of a sequence file if it has none.
fn with_extension(path: &Path) -> PathBuf {
    if path.extension().is_some() {
        return path.to_owned();
    }
    path.with_extension(EXTENSION)
}
