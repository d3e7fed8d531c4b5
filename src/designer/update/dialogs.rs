//! Answers to the dialog over the window.

mod paths;

use std::path::PathBuf;

use crate::base::secret::Secret;
use crate::mim::{AgentName, ProfileName};

use super::super::words::dialogs as words;
use super::super::{
    Dialog, DialogButton, DropPoint, Edit, Effect, PathPurpose, State, ToastKind, known,
};
use super::toasts::toast;
use super::{canvas, connecting, diagnosing, files, passwords, runs, servers};

pub(super) use paths::chosen as path_chosen;

pub(super) fn show(state: &mut State, dialog: Dialog) -> Vec<Effect> {
    state.dialog = Some(dialog);
    Vec::new()
}

/// No dialog of the system can open: the path is typed into ours.
pub(super) fn no_dialog(
    state: &mut State,
    purpose: PathPurpose,
    folder: Option<PathBuf>,
) -> Vec<Effect> {
    if purpose == PathPurpose::ConnectCaFile {
        // It has a field of its own in a dialog that is open.
        let (title, help) = (words::NO_FILE_DIALOG, words::NO_FILE_DIALOG_HELP);
        toast(state, ToastKind::Info, title, help, None);
        return Vec::new();
    }
    let text = paths::begin(state, &purpose, folder);
    state.dialog = Some(Dialog::Path {
        purpose,
        text,
        problem: None,
    });
    Vec::new()
}

pub(super) fn text(state: &mut State, field: usize, new: String) -> Vec<Effect> {
    match (&mut state.dialog, field) {
        (Some(Dialog::Path { text, problem, .. }), 0) => {
            *text = new;
            *problem = None;
        }
        (Some(Dialog::NewRunProfile { agent, .. }), 0) => *agent = new,
        (Some(Dialog::NewRunProfile { profile, .. }), 1) => *profile = new,
        _ => {}
    }
    Vec::new()
}

pub(super) fn password(state: &mut State, password: Secret) -> Vec<Effect> {
    if let Some(Dialog::Connect(form)) = &mut state.dialog {
        form.missing = None;
    }
    passwords::typed(state, password);
    Vec::new()
}

pub(super) fn answer(state: &mut State, button: DialogButton) -> Vec<Effect> {
    let Some(dialog) = state.dialog.clone() else {
        return Vec::new();
    };
    if matches!(dialog, Dialog::Recovery { .. }) {
        files::recovery_answered(state);
    }
    match button {
        DialogButton::Primary => primary(state, dialog),
        DialogButton::Secondary => secondary(state, dialog),
        DialogButton::Cancel => cancel(state, &dialog),
    }
}

fn primary(state: &mut State, dialog: Dialog) -> Vec<Effect> {
    match dialog {
        Dialog::Unsaved { then } => {
            state.dialog = None;
            files::save_then(state, Some(then))
        }
        Dialog::ChangedOnDisk { is_saving: true } => files::overwrite(state),
        Dialog::ChangedOnDisk { is_saving: false } => files::reload(state),
        Dialog::LeaveRun { then } => runs::stop_and_leave(state, then),
        Dialog::Recovery { copies } => match copies.into_iter().next() {
            Some(newest) => files::recover(state, newest.id),
            None => close(state),
        },
        Dialog::Path { purpose, text, .. } => paths::typed(state, purpose, &text),
        Dialog::NewRunProfile { at, agent, profile } => {
            new_run_profile(state, at, &agent, &profile)
        }
        Dialog::Password { user, host } => {
            if state.fields.password.is_empty() {
                return Vec::new();
            }
            servers::password_given(state, user, host)
        }
        Dialog::Connect(_) => connecting::connect(state),
        Dialog::Runs(Some(list)) if list.len() == 1 => match list.into_iter().next() {
            Some(run) => runs::attach(state, run.socket),
            None => close(state),
        },
        Dialog::ConfirmStopNow => runs::stop_now_confirmed(state),
        Dialog::Runs(_)
        | Dialog::Settings
        | Dialog::Shortcuts
        | Dialog::Explain(_)
        | Dialog::About
        | Dialog::Failure { .. } => close(state),
    }
}

fn secondary(state: &mut State, dialog: Dialog) -> Vec<Effect> {
    match dialog {
        Dialog::Unsaved { then } => files::discard(state, then),
        Dialog::ChangedOnDisk { is_saving: true } => files::read_theirs(state),
        Dialog::LeaveRun { then } => files::proceed(state, then),
        Dialog::Connect(_) => diagnosing::begin(state),
        Dialog::Recovery { copies } => {
            state.dialog = None;
            copies
                .into_iter()
                .map(|copy| Effect::DiscardRecovery(copy.id))
                .collect()
        }
        Dialog::ChangedOnDisk { is_saving: false }
        | Dialog::Path { .. }
        | Dialog::NewRunProfile { .. }
        | Dialog::Password { .. }
        | Dialog::Runs(_)
        | Dialog::ConfirmStopNow
        | Dialog::Settings
        | Dialog::Shortcuts
        | Dialog::Explain(_)
        | Dialog::About
        | Dialog::Failure { .. } => close(state),
    }
}

fn cancel(state: &mut State, dialog: &Dialog) -> Vec<Effect> {
    match dialog {
        Dialog::Unsaved { .. } | Dialog::LeaveRun { .. } => files::stay(state),
        Dialog::ChangedOnDisk { is_saving: true } => files::keep_unsaved(state),
        Dialog::Path { .. } => {
            close(state);
            files::path_cancelled(state)
        }
        Dialog::Connect(_) => connecting::cancel(state),
        Dialog::Password { .. } => {
            state.start_after_connect = None;
            close(state)
        }
        Dialog::ChangedOnDisk { is_saving: false }
        | Dialog::Recovery { .. }
        | Dialog::NewRunProfile { .. }
        | Dialog::Runs(_)
        | Dialog::ConfirmStopNow
        | Dialog::Settings
        | Dialog::Shortcuts
        | Dialog::Explain(_)
        | Dialog::About
        | Dialog::Failure { .. } => close(state),
    }
}

fn close(state: &mut State) -> Vec<Effect> {
    state.dialog = None;
    Vec::new()
}

fn new_run_profile(state: &mut State, at: DropPoint, agent: &str, profile: &str) -> Vec<Effect> {
    let (Ok(agent), Ok(profile)) = (AgentName::new(agent), ProfileName::new(profile)) else {
        // The fields say what is missing; the dialog stays.
        return Vec::new();
    };
    state.dialog = None;
    let step = known::new_step(state, &agent, &profile);
    canvas::edit(
        state,
        Edit::AddSteps {
            at,
            steps: vec![step],
        },
    )
}

#[cfg(test)]
mod tests;
