//! The doctor in the Connect dialog: examines the way that is typed there, and takes down what is
//! found.
//!
//! It proves the account as connecting does, so one of both goes on at a time, and a password that
//! was refused is asked for again before it is tried a second time.

use crate::base::secret::Secret;
use crate::model::ServerSettings;

use super::super::pending::Examination;
use super::super::words::doctor as words;
use super::super::{
    ConnectField, ConnectForm, ConnectMethod, Connection, Diagnosis, DiagnosisNews, Dialog, Effect,
    State, Token, TypedPassword,
};
use super::{connecting, files, passwords};

/// Begins to examine what the dialog holds.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    if is_busy(state) {
        return Vec::new();
    }
    if form(state).is_none_or(|form| form.method == ConnectMethod::Demo) {
        return Vec::new();
    }
    let Some(named) = connecting::named(state) else {
        return Vec::new();
    };
    if named.lacks_password {
        return recall(state, named.settings);
    }
    let token = next_token(state, named.settings);
    order(state, token, named.password)
}

/// Whether something tries the account just now.
pub(super) fn is_busy(state: &State) -> bool {
    let is_connecting = matches!(state.connection, Connection::Connecting { .. });
    is_connecting || is_going_on(state)
}

/// Whether an examination goes on.
pub(super) fn is_going_on(state: &State) -> bool {
    going_on(state).is_some()
}

fn going_on(state: &State) -> Option<Token> {
    let examination = state.pending.examination.as_ref();
    let examination = examination.filter(|examination| examination.is_going_on)?;
    Some(examination.token)
}

/// Nothing goes on any more.
fn at_end(state: &mut State) {
    if let Some(examination) = &mut state.pending.examination {
        examination.is_going_on = false;
    }
}

/// Ends an examination that nobody sees any more, because something else took the place of its
/// dialog, or beside which a server is being connected.
pub(super) fn end_unseen(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(token) = going_on(state) else {
        return;
    };
    let is_connecting = matches!(state.connection, Connection::Connecting { .. });
    if is_connecting || current(state, token).is_none() {
        // Before anything else may try the account.
        effects.splice(0..0, stop(state));
    }
}

fn form(state: &mut State) -> Option<&mut ConnectForm> {
    match &mut state.dialog {
        Some(Dialog::Connect(form)) => Some(form),
        _ => None,
    }
}

/// The examination of this token, as long as it goes on.
fn current(state: &mut State, token: Token) -> Option<&mut Diagnosis> {
    let diagnosis = form(state)?.diagnosis.as_mut()?;
    (diagnosis.token == token && diagnosis.is_going_on).then_some(diagnosis)
}

fn next_token(state: &mut State, settings: ServerSettings) -> Token {
    state.last_number += 1;
    let token = Token(state.last_number);
    if let Some(form) = form(state) {
        let of = passwords::password_of(&settings);
        form.diagnosis = Some(Diagnosis::new(token, settings));
        state.pending.examination = Some(Examination {
            token,
            of,
            is_recalled: false,
            is_going_on: true,
        });
    }
    token
}

/// Looks for the password of the account, unless the stored one was refused before.
fn recall(state: &mut State, settings: ServerSettings) -> Vec<Effect> {
    let of = passwords::password_of(&settings);
    if state.pending.refused.as_ref() == Some(&of) {
        ask(state);
        return Vec::new();
    }
    let token = next_token(state, settings);
    vec![Effect::Recall { token, of }]
}

fn ask(state: &mut State) {
    at_end(state);
    if let Some(form) = form(state) {
        form.diagnosis = None;
        form.missing = Some(ConnectField::Password);
    }
}

/// The store has answered; `None` when the question was not ours.
pub(super) fn recalled(
    state: &mut State,
    token: Token,
    password: Option<Secret>,
) -> Option<Vec<Effect>> {
    current(state, token)?;
    let Some(password) = password else {
        ask(state);
        return Some(Vec::new());
    };
    if let Some(examination) = &mut state.pending.examination {
        examination.is_recalled = true;
    }
    Some(order(state, token, Some(password)))
}

fn order(state: &mut State, token: Token, password: Option<Secret>) -> Vec<Effect> {
    let folder = files::own_folder(state);
    let Some(form) = form(state) else {
        return Vec::new();
    };
    let Some(diagnosis) = &form.diagnosis else {
        return Vec::new();
    };
    vec![Effect::Examine {
        token,
        settings: Box::new(diagnosis.settings.clone()),
        password,
        folder,
        is_order_tried: form.is_order_tried,
    }]
}

/// Something was found out.
pub(super) fn told(state: &mut State, token: Token, news: DiagnosisNews) -> Vec<Effect> {
    if matches!(news, DiagnosisNews::Ended { is_password: true }) {
        // Even when nobody waits for it any more: the password must not be tried again.
        refused(state, token);
    }
    let Some(diagnosis) = current(state, token) else {
        return Vec::new();
    };
    diagnosis.learn(news);
    if !diagnosis.is_going_on {
        at_end(state);
    }
    Vec::new()
}

/// The server did not take the password that the examination of this token tried.
fn refused(state: &mut State, token: Token) {
    let last = state.pending.examination.as_ref();
    let Some(Examination {
        of, is_recalled, ..
    }) = last.filter(|last| last.token == token)
    else {
        return;
    };
    if *is_recalled {
        state.pending.refused = Some(of.clone());
    } else if state.fields.password.is_of(&of.host, &of.user) {
        state.fields.password = TypedPassword::default();
    }
}

/// Ends an examination; what was found stays.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(token) = going_on(state) else {
        return Vec::new();
    };
    at_end(state);
    if let Some(diagnosis) = current(state, token) {
        diagnosis.is_going_on = false;
        if diagnosis.stations.is_empty()
            && let Some(form) = form(state)
        {
            // The store of passwords was still being asked.
            form.diagnosis = None;
        }
    }
    vec![Effect::EndExamination]
}

/// Takes the whole list to the clipboard.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let Some(form) = form(state) else {
        return Vec::new();
    };
    let Some(diagnosis) = &form.diagnosis else {
        return Vec::new();
    };
    let host = diagnosis.settings.host.as_deref().unwrap_or_default();
    vec![Effect::CopyText(words::report(host, diagnosis))]
}

#[cfg(test)]
mod tests;
