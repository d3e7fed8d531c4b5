//! The Connect dialog: what is typed into it, what is trusted, and connecting from it.

use crate::base::secret::Secret;
use crate::model::{Authentication, ResourceUris, ServerSettings, Transport};
use crate::settings::LastServer;

use super::super::command::why_not_edit;
use super::super::{
    ConnectForm, ConnectMethod, ConnectMsg, Connection, Dialog, Edit, Effect, Field, SequenceHead,
    ServerChoice, State, TypedPassword,
};
use super::{canvas, diagnosing, files, inventory, passwords, servers};

/// Opens the dialog over the server that is meant: the one that just failed, else that of the server
/// bar.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if diagnosing::is_going_on(state) {
        // It is open, and what is looked at does not change under it.
        return Vec::new();
    }
    let form = if let Connection::Failed {
        choice: ServerChoice::Winrm(settings),
        ..
    } = &state.connection
    {
        ConnectForm::of(settings)
    } else {
        let host = state.fields.host.trim().to_owned();
        ConnectForm::of(&servers::settings_of(state, &host))
    };
    state.dialog = Some(Dialog::Connect(Box::new(form)));
    Vec::new()
}

/// Opens the dialog and lets the doctor begin at once.
pub(super) fn examine(state: &mut State) -> Vec<Effect> {
    let mut effects = open(state);
    effects.extend(diagnosing::begin(state));
    effects
}

/// The settings of a server of the list.
pub(super) fn settings_of(known: &LastServer) -> ServerSettings {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let authentication = Authentication::ALL.into_iter();
    let mut authentication = authentication.filter(|one| one.as_str() == known.auth);
    let is_wmi = known.transport == Transport::Wmi.as_str();
    ServerSettings {
        host: text(&known.host),
        transport: if is_wmi {
            Transport::Wmi
        } else {
            Transport::Auto
        },
        tls: known.tls,
        port: known.port,
        authentication: authentication.next().unwrap_or_default(),
        user: text(&known.user),
        ca_file: known
            .ca_file
            .as_ref()
            .map(|file| file.display().to_string()),
        pin: known.pin.clone(),
        allow_unencrypted: known.allow_unencrypted,
        resource_uris: ResourceUris::from_word(&known.resource_uris).unwrap_or_default(),
    }
}

/// The same settings without what is trusted only until the window closes.
pub(super) fn lasting(state: &State, settings: ServerSettings) -> ServerSettings {
    let passing = state.pending.passing_pin.as_ref();
    ServerSettings {
        pin: settings
            .pin
            .filter(|pin| passing.is_none_or(|(_, passing)| pin != passing)),
        ..settings
    }
}

/// The certificate of this server that is trusted until the window closes.
pub(super) fn passing_pin(state: &State, host: &str) -> Option<String> {
    let (of, pin) = state.pending.passing_pin.as_ref()?;
    of.eq_ignore_ascii_case(host.trim()).then(|| pin.clone())
}

/// Something was typed or chosen in the dialog.
pub(super) fn told(state: &mut State, msg: ConnectMsg) -> Vec<Effect> {
    if matches!(msg, ConnectMsg::CopyDiagnosis) {
        return diagnosing::copy(state);
    }
    if diagnosing::is_busy(state) {
        return Vec::new();
    }
    match msg {
        ConnectMsg::Trust { keep } => return trust(state, keep),
        ConnectMsg::Recent(index) => recent(state, index),
        ConnectMsg::ForgetRecent(index) => return forget_recent(state, index),
        ConnectMsg::ForgetPassword => return forget_password(state),
        ConnectMsg::Examine => return diagnosing::begin(state),
        msg => {
            if let ConnectMsg::Host(host) = &msg {
                host_changes(state, host);
            }
            if let Some(form) = form(state) {
                change(form, msg);
            }
        }
    }
    Vec::new()
}

fn form(state: &mut State) -> Option<&mut ConnectForm> {
    match &mut state.dialog {
        Some(Dialog::Connect(form)) => Some(form),
        _ => None,
    }
}

fn is_connecting(state: &State) -> bool {
    matches!(state.connection, Connection::Connecting { .. })
}

/// A pinned certificate belongs to one server and must not keep another out.
fn host_changes(state: &mut State, host: &str) {
    let Some(form) = form(state) else { return };
    if host.trim().eq_ignore_ascii_case(form.host.trim()) {
        return;
    }
    form.pin = None;
}

fn change(form: &mut ConnectForm, msg: ConnectMsg) {
    form.missing = None;
    if !matches!(msg, ConnectMsg::Remember(_) | ConnectMsg::TryOrder(_)) {
        // It was about another way.
        form.diagnosis = None;
    }
    match msg {
        ConnectMsg::Method(method) => form.method = method,
        ConnectMsg::Host(host) => form.host = host,
        ConnectMsg::Port(port) => form.port = port,
        ConnectMsg::Tls(tls) => form.tls = tls,
        ConnectMsg::Authentication(how) => form.authentication = how,
        ConnectMsg::User(user) => form.user = user,
        ConnectMsg::CaFile(file) => form.ca_file = file,
        ConnectMsg::AllowUnencrypted(on) => form.allow_unencrypted = on,
        ConnectMsg::ResourceUris(uris) => form.resource_uris = uris,
        ConnectMsg::Remember(on) => form.remember = on,
        ConnectMsg::Unpin => form.pin = None,
        ConnectMsg::TryOrder(on) => form.is_order_tried = on,
        ConnectMsg::Recent(_)
        | ConnectMsg::Trust { .. }
        | ConnectMsg::ForgetPassword
        | ConnectMsg::ForgetRecent(_)
        | ConnectMsg::Examine
        | ConnectMsg::CopyDiagnosis => {}
    }
}

fn recent(state: &mut State, index: usize) {
    let Some(known) = state.settings.recent_servers.get(index) else {
        return;
    };
    let settings = settings_of(known);
    if let Some(form) = form(state) {
        *form = ConnectForm {
            remember: form.remember,
            is_order_tried: form.is_order_tried,
            ..ConnectForm::of(&settings)
        };
    }
}

/// Takes a server out of the list, and out of the server bar's memory, with what is kept about it
/// unless the list has it once more, with another account.
fn forget_recent(state: &mut State, index: usize) -> Vec<Effect> {
    let kept_as = |known: &LastServer| settings_of(known).kept_as();
    let gone = state.settings.recent_servers.get(index).map(kept_as);
    if !state.settings.forget_server(index) {
        return Vec::new();
    }
    let mut effects = vec![files::save_settings(state)];
    let mut left = state.settings.recent_servers.iter().map(kept_as);
    if let Some(gone) = gone.filter(|gone| left.all(|it| it != *gone)) {
        effects.push(inventory::forget_server(state, gone));
    }
    effects
}

/// Takes the password of the account that is typed out of the system's store.
fn forget_password(state: &mut State) -> Vec<Effect> {
    let Some(of) = form(state).and_then(|form| form.account()) else {
        return Vec::new();
    };
    if state.pending.refused.as_ref() == Some(&of) {
        state.pending.refused = None;
    }
    vec![Effect::Forget(of)]
}

/// The person has judged the certificate: it is the only one that is trusted from now on.
fn trust(state: &mut State, keep: bool) -> Vec<Effect> {
    let Connection::Failed {
        choice: ServerChoice::Winrm(settings),
        certificate: Some(certificate),
        ..
    } = &state.connection
    else {
        return Vec::new();
    };
    let (pin, host) = (certificate.sha256.clone(), settings.host.clone());
    let is_same = |host: &Option<String>, other: &str| {
        let host = host.as_deref().unwrap_or_default().trim();
        host.eq_ignore_ascii_case(other.trim())
    };
    let Some(form) = form(state).filter(|form| is_same(&host, &form.host)) else {
        // Meanwhile another server was typed: the certificate is not its.
        return Vec::new();
    };
    form.pin = Some(pin.clone());
    let mut effects = Vec::new();
    if keep {
        state.pending.passing_pin = None;
        let server = &state.document.sequence.server;
        let is_of_file = server
            .host
            .as_deref()
            .is_some_and(|own| is_same(&host, own));
        if is_of_file && server.pin.as_ref() != Some(&pin) && why_not_edit(state).is_ok() {
            let mut head = Box::new(SequenceHead::of(&state.document.sequence));
            head.server.pin = Some(pin);
            let field = Field::Pin;
            effects = canvas::edit(state, Edit::Sequence { head, field });
        }
    } else {
        let host = host.unwrap_or_default().trim().to_owned();
        state.pending.passing_pin = Some((host, pin));
    }
    effects.extend(connect(state));
    effects
}

/// The server and the account that the dialog names.
pub(super) struct Named {
    /// The way to the server.
    pub(super) settings: ServerSettings,
    /// What was typed for that account.
    pub(super) password: Option<Secret>,
    /// Whether a password is needed that was not typed; the system's store may have it.
    pub(super) lacks_password: bool,
}

/// Takes what the dialog names; nothing while something is missing there, which it then says.
pub(super) fn named(state: &mut State) -> Option<Named> {
    let form = form(state)?;
    form.diagnosis = None;
    let settings = match form.settings() {
        Ok(settings) => settings,
        Err(missing) => {
            form.missing = Some(missing);
            return None;
        }
    };
    form.missing = None;
    let needs_account = form.needs_account();
    note_account(state, &settings);
    let typed = state.fields.password.of(&settings);
    let password = typed.filter(|_| needs_account);
    Some(Named {
        lacks_password: needs_account && password.is_none(),
        settings,
        password,
    })
}

/// The dialog's main button.
pub(super) fn connect(state: &mut State) -> Vec<Effect> {
    if diagnosing::is_busy(state) {
        return Vec::new();
    }
    let Some(form) = form(state) else {
        return Vec::new();
    };
    if form.method == ConnectMethod::Demo {
        form.diagnosis = None;
        return servers::order(state, ServerChoice::Demo, None);
    }
    let is_to_remember = form.remember && form.needs_account();
    let Some(named) = named(state) else {
        return Vec::new();
    };
    state.pending.is_to_remember = is_to_remember;
    if named.lacks_password {
        // If the store has none either, its field says that it is missing.
        return passwords::recall(state, named.settings);
    }
    servers::order(state, ServerChoice::Winrm(named.settings), named.password)
}

/// Server bar and dialog speak of the same server and account.
fn note_account(state: &mut State, settings: &ServerSettings) {
    state.fields.host = settings.host.clone().unwrap_or_default();
    state.fields.user = settings.user.clone().unwrap_or_default();
}

/// The dialog's way back: first out of what goes on, then out of the dialog.
pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    if diagnosing::is_going_on(state) {
        return diagnosing::stop(state);
    }
    if is_connecting(state) {
        return servers::cancel(state);
    }
    state.dialog = None;
    state.start_after_connect = None;
    state.pending.is_to_remember = false;
    state.fields.password = TypedPassword::default();
    Vec::new()
}

#[cfg(test)]
mod tests;
