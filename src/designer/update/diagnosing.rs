//! The doctor in the Connect dialog: examines the way that is typed there, and takes down what is
//! found.
//!
//! It proves the account as connecting does, so one of both goes on at a time, and a password that
//! was refused is asked for again before it is tried a second time.

use crate::base::secret::Secret;
use crate::model::ServerSettings;

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
    let Some(form) = form(state).filter(|form| form.method != ConnectMethod::Demo) else {
        return Vec::new();
    };
    form.diagnosis = None;
    let settings = match form.settings() {
        Ok(settings) => settings,
        Err(missing) => {
            form.missing = Some(missing);
            return Vec::new();
        }
    };
    form.missing = None;
    let needs_account = form.needs_account();
    connecting::note_account(state, &settings);
    let password = state
        .fields
        .password
        .of(&settings)
        .filter(|_| needs_account);
    if needs_account && password.is_none() {
        return recall(state, settings);
    }
    let token = next_token(state, settings);
    order(state, token, password)
}

/// Whether something tries the account just now.
pub(super) fn is_busy(state: &State) -> bool {
    let is_connecting = matches!(state.connection, Connection::Connecting { .. });
    is_connecting || is_going_on(state)
}

/// Whether an examination goes on.
pub(super) fn is_going_on(state: &State) -> bool {
    matches!(&state.dialog, Some(Dialog::Connect(form)) if form.is_examined())
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
        form.diagnosis = Some(Diagnosis::new(token, settings));
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
    let diagnosis = current(state, token)?;
    let Some(password) = password else {
        ask(state);
        return Some(Vec::new());
    };
    diagnosis.recalled = Some(passwords::password_of(&diagnosis.settings));
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
    let Some(diagnosis) = current(state, token) else {
        return Vec::new();
    };
    let is_refused = matches!(news, DiagnosisNews::Ended { is_password: true });
    diagnosis.learn(news);
    if is_refused {
        match diagnosis.recalled.take() {
            Some(of) => state.pending.refused = Some(of),
            None => state.fields.password = TypedPassword::default(),
        }
    }
    Vec::new()
}

/// Ends an examination; what was found stays.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let diagnosis = form(state).and_then(|form| form.diagnosis.as_mut());
    let Some(diagnosis) = diagnosis.filter(|diagnosis| diagnosis.is_going_on) else {
        return Vec::new();
    };
    diagnosis.is_going_on = false;
    if diagnosis.stations.is_empty() {
        // The store of passwords was still being asked.
        if let Some(form) = form(state) {
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
