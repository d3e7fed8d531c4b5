//! Passwords that the system's store keeps: looked for when none was typed, kept and forgotten when
//! the person says so.
//!
//! A stored password that a server refused is not tried a second time: the account would be locked.

use crate::base::secret::Secret;
use crate::model::ServerSettings;

use super::super::words::servers as words;
use super::super::{
    ConnectField, Connection, Dialog, Effect, PasswordOf, ServerChoice, State, StoreAnswer,
    ToastKind, Token, TypedPassword,
};
use super::toasts::toast;
use super::{diagnosing, servers};

/// Takes what is typed into the password field of the dialog that is open.
pub(super) fn typed(state: &mut State, password: Secret) {
    if !matches!(
        state.dialog,
        Some(Dialog::Connect(_) | Dialog::Password { .. })
    ) {
        return;
    }
    let (host, user) = shown_account(state);
    state.fields.password = TypedPassword::new(password, host, user);
}

/// A password is forgotten as soon as another account or another server stands beside it, however it
/// came there: else it would be sent to whoever is named now.
pub(super) fn keep_to_their_account(state: &mut State) {
    let (host, user) = shown_account(state);
    if !state.fields.password.is_empty() && !state.fields.password.is_of(host, user) {
        state.fields.password = TypedPassword::default();
    }
}

/// Server and account beside the field in which a password can be typed now.
fn shown_account(state: &State) -> (&str, &str) {
    match &state.dialog {
        Some(Dialog::Connect(form)) => (&form.host, &form.user),
        Some(Dialog::Password { user, host }) => (host, user),
        _ => (&state.fields.host, &state.fields.user),
    }
}

/// Looks for the password of the account before the person is asked for it.
pub(super) fn recall(state: &mut State, settings: ServerSettings) -> Vec<Effect> {
    let of = password_of(&settings);
    if state.pending.refused.as_ref() == Some(&of) {
        state.connection = Connection::None;
        ask(state, of);
        return Vec::new();
    }
    state.last_number += 1;
    let token = Token(state.last_number);
    if !matches!(state.dialog, Some(Dialog::Connect(_))) {
        state.dialog = None;
    }
    state.connection = Connection::Connecting {
        token,
        choice: ServerChoice::Winrm(settings),
    };
    vec![Effect::Recall { token, of }]
}

/// The store has answered: connects with what it has, or asks the person.
pub(super) fn recalled(
    state: &mut State,
    token: Token,
    password: Option<Secret>,
    problem: Option<String>,
) -> Vec<Effect> {
    let tell = |state: &mut State| {
        if let Some(problem) = problem {
            let title = words::NOT_RECALLED;
            toast(state, ToastKind::Warning, title, problem, None);
        }
    };
    let settings = match &state.connection {
        Connection::Connecting {
            token: asked,
            choice: ServerChoice::Winrm(settings),
        } if *asked == token => settings.clone(),
        _ => {
            let effects = diagnosing::recalled(state, token, password);
            if effects.is_some() {
                tell(state);
            }
            return effects.unwrap_or_default();
        }
    };
    tell(state);
    let of = password_of(&settings);
    let Some(password) = password else {
        state.connection = Connection::None;
        ask(state, of);
        return Vec::new();
    };
    let effects = servers::order(state, ServerChoice::Winrm(settings), Some(password));
    state.pending.recalled = Some(of);
    effects
}

/// Asks the person, unless they answer another question just now.
fn ask(state: &mut State, of: PasswordOf) {
    if let Some(Dialog::Connect(form)) = &mut state.dialog {
        form.missing = Some(ConnectField::Password);
        return;
    }
    if state.dialog.is_some() {
        state.start_after_connect = None;
        let help = words::NO_PASSWORD_HELP;
        toast(state, ToastKind::Warning, words::NO_PASSWORD, help, None);
        return;
    }
    let PasswordOf { user, host } = of;
    state.dialog = Some(Dialog::Password { user, host });
}

/// The server did not take the password.
pub(super) fn refused(state: &mut State) {
    if let Some(of) = state.pending.recalled.take() {
        state.pending.refused = Some(of);
    }
    state.pending.is_to_remember = false;
}

/// The server took the password: it is kept, if the person wants that.
pub(super) fn accepted(state: &mut State, choice: &ServerChoice) -> Option<Effect> {
    state.pending.recalled = None;
    let is_wanted = std::mem::take(&mut state.pending.is_to_remember);
    let ServerChoice::Winrm(settings) = choice else {
        return None;
    };
    let of = password_of(settings);
    if state.pending.refused.as_ref() == Some(&of) {
        state.pending.refused = None;
    }
    let password = state.pending.password.clone().filter(|_| is_wanted)?;
    Some(Effect::Remember { of, password })
}

/// The store has kept or forgotten a password, or could not.
pub(super) fn stored(state: &mut State, answer: StoreAnswer) -> Vec<Effect> {
    let (title, problem) = match answer {
        StoreAnswer::Forgotten(None) => {
            let (title, text) = (words::FORGOTTEN, words::FORGOTTEN_HELP);
            toast(state, ToastKind::Success, title, text, None);
            return Vec::new();
        }
        StoreAnswer::Remembered(problem) => (words::NOT_REMEMBERED, problem),
        StoreAnswer::Forgotten(problem) => (words::NOT_FORGOTTEN, problem),
    };
    if let Some(problem) = problem {
        toast(state, ToastKind::Warning, title, problem, None);
    }
    Vec::new()
}

pub(super) fn password_of(settings: &ServerSettings) -> PasswordOf {
    PasswordOf {
        user: settings.user.clone().unwrap_or_default(),
        host: settings.host.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
