//! New, open, save, recent files, unsaved work, changes by others, recovery.
//!
//! Whatever would replace the open document goes through [`leave`]: it asks first about work that no
//! file holds, then about the watched run, and only then goes on.

mod disk;
mod opening;
mod recovery;
mod saving;

use std::path::PathBuf;

use crate::model::{Sequence, Thread};

use super::super::history::History;
use super::super::words::files as words;
use super::super::words::runs as runs_words;
use super::super::{
    AfterSave, Dialog, Document, Effect, PathPurpose, Problems, Screen, Selection, State,
    TEMPLATES, ToastAction, ToastKind,
};
use super::toasts::toast;
use super::{canvas, runs, servers};

pub(super) use disk::{changed as disk_changed, reload};
pub(super) use opening::{opened, refused as not_opened};
pub(super) use recovery::{
    answered as recovery_answered, discard as discard_recovery, found as recovery_found,
    offer as offer_recovery, recovered,
};
pub(super) use saving::{
    changed_underneath, keep_unsaved, overwrite, path_chosen, read_theirs, refused as not_saved,
    save, save_as, save_then, saved,
};

/// What is looked for before the first frame.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    let mut effects = vec![Effect::FindRecovery];
    let recent = state.settings.recent.iter();
    let recent: Vec<PathBuf> = recent.map(|file| file.path.clone()).collect();
    if !recent.is_empty() {
        effects.push(Effect::LookAtRecent(recent));
    }
    if let Some(last) = &state.settings.last_server {
        state.fields.host.clone_from(&last.host);
        state.fields.user.clone_from(&last.user);
    }
    effects
}

pub(super) fn new(state: &mut State) -> Vec<Effect> {
    leave(state, AfterSave::New)
}

pub(super) fn template(state: &mut State, index: usize) -> Vec<Effect> {
    leave(state, AfterSave::Template(index))
}

pub(super) fn open_dialog(state: &mut State) -> Vec<Effect> {
    leave(state, AfterSave::Open)
}

pub(super) fn open(state: &mut State, file: PathBuf) -> Vec<Effect> {
    leave(state, AfterSave::OpenFile(file))
}

pub(super) fn close(state: &mut State) -> Vec<Effect> {
    leave(state, AfterSave::Welcome)
}

pub(super) fn exit(state: &mut State) -> Vec<Effect> {
    leave(state, AfterSave::Exit)
}

pub(super) fn close_requested(state: &mut State) -> Vec<Effect> {
    exit(state)
}

pub(super) fn recover(state: &mut State, id: String) -> Vec<Effect> {
    recovery_answered(state);
    leave(state, AfterSave::Recover(id))
}

pub(super) fn clear_recent(state: &mut State) -> Vec<Effect> {
    state.settings.recent.clear();
    state.recent_seen.clear();
    vec![save_settings(state)]
}

pub(super) fn recent_seen(state: &mut State, seen: Vec<(PathBuf, bool)>) -> Vec<Effect> {
    state.recent_seen.extend(seen);
    Vec::new()
}

/// Goes on as soon as nothing would be lost by it.
pub(super) fn leave(state: &mut State, then: AfterSave) -> Vec<Effect> {
    if let Some(saving) = &mut state.pending.saving
        && state.document.is_saving
    {
        // The answer decides: what is saved then need not be asked about.
        saving.then = Some(then);
        return Vec::new();
    }
    let is_settled = state.pending.discarded == Some(state.document.content);
    if state.document.is_modified() && !is_settled {
        state.dialog = Some(Dialog::Unsaved { then });
        return Vec::new();
    }
    if state.is_starting && then != AfterSave::Open {
        // A host that is given up now might have begun already: what it says is waited for.
        let (title, text) = (runs_words::IS_STARTING, runs_words::IS_STARTING_HELP);
        toast(state, ToastKind::Info, title, text, None);
        return Vec::new();
    }
    // Which file is not known yet; the question comes when it is.
    if state.is_running() && then != AfterSave::Open {
        state.dialog = Some(Dialog::LeaveRun { then });
        return Vec::new();
    }
    proceed(state, then)
}

/// Goes on after the watched run was told to stop; work done meanwhile is asked about.
pub(super) fn leave_stopped(state: &mut State, then: AfterSave) -> Vec<Effect> {
    let is_settled = state.pending.discarded == Some(state.document.content);
    if state.document.is_saving || (state.document.is_modified() && !is_settled) {
        return leave(state, then);
    }
    proceed(state, then)
}

/// Gives the unsaved work up and goes on.
pub(super) fn discard(state: &mut State, then: AfterSave) -> Vec<Effect> {
    state.pending.discarded = Some(state.document.content);
    leave(state, then)
}

/// Stays: nothing that was agreed to for going on counts any more.
pub(super) fn stay(state: &mut State) -> Vec<Effect> {
    state.dialog = None;
    state.pending.discarded = None;
    Vec::new()
}

/// No path was chosen, so nothing goes on.
pub(super) fn path_cancelled(state: &mut State) -> Vec<Effect> {
    state.pending.discarded = None;
    state.pending.browsing.clear();
    Vec::new()
}

/// Goes on; everything has been asked.
pub(super) fn proceed(state: &mut State, then: AfterSave) -> Vec<Effect> {
    state.dialog = None;
    match then {
        AfterSave::New => {
            let sequence = Sequence {
                threads: vec![Thread::new(words::FIRST_THREAD)],
                ..Sequence::default()
            };
            begin_new(state, sequence)
        }
        AfterSave::Template(index) => {
            let Some(template) = TEMPLATES.get(index) else {
                return Vec::new();
            };
            let agents = state.agents().map(|agents| &**agents);
            let sequence = (template.build)(agents.unwrap_or_default());
            begin_new(state, sequence)
        }
        AfterSave::Open => vec![Effect::ChoosePath {
            purpose: PathPurpose::Open,
            folder: folder(state),
            name: None,
        }],
        AfterSave::OpenFile(file) => opening::ask(state, file),
        AfterSave::Welcome => {
            let content = next_content(state);
            let document = Document {
                content,
                saved_content: Some(content),
                ..Document::new(Sequence::default())
            };
            let mut effects = put(state, document);
            state.screen = Screen::Welcome;
            effects.push(Effect::DropRecovery);
            effects
        }
        AfterSave::Exit => {
            let mut effects = runs::detach(state);
            effects.push(Effect::DropRecovery);
            effects.push(save_settings(state));
            effects.push(Effect::CloseWindow);
            effects
        }
        AfterSave::Recover(id) => {
            state.pending.recovering = Some(id.clone());
            vec![Effect::TakeRecovery(id)]
        }
    }
}

fn begin_new(state: &mut State, sequence: Sequence) -> Vec<Effect> {
    let content = next_content(state);
    let document = Document {
        content,
        saved_content: Some(content),
        ..Document::new(servers::with_server(state, sequence))
    };
    let mut effects = put(state, document);
    effects.push(Effect::DropRecovery);
    effects
}

/// Puts another document in the place of the open one.
fn put(state: &mut State, document: Document) -> Vec<Effect> {
    let mut effects = runs::detach(state);
    let watched = match (&document.file, &document.disk) {
        (Some(file), super::super::DiskState::Same(stamp)) => Some((file.clone(), stamp.clone())),
        _ => None,
    };
    state.document = Document {
        opened: document.content,
        ..document
    };
    state.history = History::default();
    state.selection = Selection {
        cursor: (!state.document.sequence.threads.is_empty())
            .then_some(crate::model::Place::Thread(0)),
        ..Selection::default()
    };
    state.problems = Problems::default();
    state.renaming = None;
    state.drag = None;
    state.find = None;
    // Interrupted work is still to be decided on: the file of the command line opens beside it.
    state.dialog = state
        .dialog
        .take()
        .filter(|dialog| matches!(dialog, Dialog::Recovery { .. }));
    // What these would undo, read again or show was another document.
    state.toasts.retain(|toast| {
        !matches!(
            toast.action,
            Some(ToastAction::Undo(_) | ToastAction::Reload | ToastAction::Show(_))
        )
    });
    state.screen = Screen::Work;
    state.pending.saving = None;
    state.pending.browsing.clear();
    state.pending.discarded = None;
    state.pending.before_gone = None;
    state.pending.opening = None;
    effects.push(Effect::WatchFile(watched));
    effects.push(canvas::check(state));
    effects
}

/// Where a dialog begins: beside the open file, or else beside the newest recent one.
fn folder(state: &State) -> Option<PathBuf> {
    let recent = state.settings.recent.first().map(|file| &file.path);
    let file = state.document.file.as_ref().or(recent)?;
    file.parent().map(PathBuf::from)
}

/// The folder from which relative paths of the document count.
pub(super) fn own_folder(state: &State) -> Option<PathBuf> {
    Some(state.document.file.as_ref()?.parent()?.to_owned())
}

/// The order to store the settings.
pub(super) fn save_settings(state: &State) -> Effect {
    Effect::SaveSettings(Box::new(state.settings.clone()))
}

/// The number of a content that was not there before.
pub(super) fn next_content(state: &mut State) -> u64 {
    state.last_content = state.last_content.max(state.document.content) + 1;
    state.last_content
}

/// Notes the open file among the recent ones.
fn remember(state: &mut State, at: jiff::Timestamp) -> Vec<Effect> {
    let Some(path) = state.document.file.clone() else {
        return Vec::new();
    };
    let threads = &state.document.sequence.threads;
    let steps: usize = threads.iter().map(|thread| thread.steps.len()).sum();
    state.recent_seen.insert(path.clone(), true);
    state.settings.remember(crate::settings::RecentFile {
        path,
        opened: at,
        threads: u32::try_from(threads.len()).unwrap_or(u32::MAX),
        steps: u32::try_from(steps).unwrap_or(u32::MAX),
    });
    vec![save_settings(state)]
}

#[cfg(test)]
mod tests;
