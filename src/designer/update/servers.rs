//! Connecting to a server and what it tells.

use std::sync::Arc;

use jiff::Timestamp;

use crate::base::secret::Secret;
use crate::mim::AgentInfo;
use crate::model::{Sequence, ServerSettings, Transport};
use crate::settings::LastServer;

use super::super::words::servers as words;
use super::super::{
    AfterSave, Agents, Certificate, ConnectedServer, Connection, Dialog, Effect, Panel, Screen,
    ServerChoice, ServerFields, ServerMsg, State, ToastKind, Token, TypedPassword, signs_on_alone,
};
use super::toasts::{toast, unreachable};
use super::{canvas, connecting, files, passwords, runs};

pub(super) fn fields(state: &mut State, server: ServerMsg) -> Vec<Effect> {
    match server {
        ServerMsg::Host(host) => state.fields.host = host,
        ServerMsg::User(user) => state.fields.user = user,
        ServerMsg::Password(password) => {
            let ServerFields { host, user, .. } = &state.fields;
            state.fields.password = TypedPassword::new(password, host, user);
        }
    }
    Vec::new()
}

/// Shows the server that the opened file names, unless another one is in use.
pub(super) fn take_fields(state: &mut State) {
    if matches!(
        state.connection,
        Connection::Connected { .. } | Connection::Connecting { .. }
    ) {
        return;
    }
    let server = &state.document.sequence.server;
    let Some(host) = &server.host else {
        return;
    };
    state.fields.user = server.user.clone().unwrap_or_default();
    state.fields.host.clone_from(host);
}

pub(super) fn connect(state: &mut State) -> Vec<Effect> {
    let Some(choice) = choose(state) else {
        return Vec::new();
    };
    let ServerChoice::Winrm(settings) = &choice else {
        return order(state, choice, None);
    };
    let host = settings.host.clone().unwrap_or_default();
    let user = settings.user.clone();
    if host.is_empty() && HAS_WMI {
        // This machine, as whoever is logged on.
        return order(state, choice, None);
    }
    if host.is_empty() {
        return missing(state, words::NO_HOST, words::NO_HOST_HELP);
    }
    if user.is_none() && signs_on_alone(settings.authentication) {
        return order(state, choice, None);
    }
    if user.is_none() {
        return missing(state, words::NO_USER, words::NO_USER_HELP);
    }
    let Some(password) = state.fields.password.of(settings) else {
        return passwords::recall(state, settings.clone());
    };
    order(state, choice, Some(password))
}

pub(super) fn connect_demo(state: &mut State) -> Vec<Effect> {
    order(state, ServerChoice::Demo, None)
}

/// Whether the service of this machine can be reached without a name.
const HAS_WMI: bool = cfg!(windows);

/// The server that the server bar means; `None` when it is connected or being connected already.
fn choose(state: &State) -> Option<ServerChoice> {
    let choice = meant(state);
    match &state.connection {
        Connection::Connecting { choice: known, .. }
        | Connection::Connected { choice: known, .. }
            if *known == choice =>
        {
            None
        }
        _ => Some(choice),
    }
}

/// The server that the fields mean.
pub(super) fn meant(state: &State) -> ServerChoice {
    let server = &state.document.sequence.server;
    let host = state.fields.host.trim();
    if host.is_empty() && server.transport == Transport::Demo {
        ServerChoice::Demo
    } else {
        ServerChoice::Winrm(settings_of(state, host))
    }
}

/// How a server is spoken to: as the file says if it is the file's, else as last time, else as usual.
pub(super) fn settings_of(state: &State, host: &str) -> ServerSettings {
    let file = &state.document.sequence.server;
    let is_same = |known: &str| known.trim().eq_ignore_ascii_case(host);
    let user = state.fields.user.trim();
    let last = state.settings.last_server.as_ref();
    let recent = state.settings.recent_servers.iter();
    let known = last.into_iter().chain(recent);
    let settings = if file.host.as_deref().is_some_and(is_same) {
        file.clone()
    } else if let Some(last) = known.into_iter().find(|last| is_same(&last.host)) {
        connecting::settings_of(last)
    } else {
        ServerSettings::default()
    };
    ServerSettings {
        host: Some(host.to_owned()),
        user: (!user.is_empty()).then(|| user.to_owned()),
        pin: settings
            .pin
            .clone()
            .or_else(|| connecting::passing_pin(state, host)),
        transport: match settings.transport {
            Transport::Winrm => Transport::Winrm,
            Transport::Wmi if HAS_WMI => Transport::Wmi,
            Transport::Auto | Transport::Wmi | Transport::Demo => Transport::Auto,
        },
        ..settings
    }
}

/// Says what is missing, and takes the person there.
fn missing(state: &mut State, title: &str, help: &str) -> Vec<Effect> {
    state.start_after_connect = None;
    state.focus = Panel::Server;
    state.screen = Screen::Work;
    toast(state, ToastKind::Warning, title, help, None);
    vec![Effect::Focus(Panel::Server)]
}

pub(super) fn order(
    state: &mut State,
    choice: ServerChoice,
    password: Option<Secret>,
) -> Vec<Effect> {
    state.last_number += 1;
    let token = Token(state.last_number);
    if !matches!(state.dialog, Some(Dialog::Connect(_))) {
        state.dialog = None;
    }
    state.pending.password.clone_from(&password);
    state.pending.recalled = None;
    state.connection = Connection::Connecting {
        token,
        choice: choice.clone(),
    };
    vec![Effect::Connect {
        token,
        choice,
        password,
        folder: files::own_folder(state),
    }]
}

/// Gives up connecting.
pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    state.start_after_connect = None;
    if !matches!(state.connection, Connection::Connecting { .. }) {
        return Vec::new();
    }
    state.connection = Connection::None;
    state.pending.password = None;
    vec![Effect::Disconnect]
}

/// Ends the connection; a run goes on, it has one of its own.
pub(super) fn disconnect(state: &mut State) -> Vec<Effect> {
    if !state.connection.is_connected() {
        return cancel(state);
    }
    state.connection = Connection::None;
    state.pending.password = None;
    state.start_after_connect = None;
    vec![Effect::Disconnect, canvas::check(state)]
}

/// Reads the agents now.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let every_seconds = state.settings.refresh_secs;
    let Connection::Connected { token, agents, .. } = &mut state.connection else {
        return Vec::new();
    };
    agents.is_reading = true;
    vec![Effect::ReadAgents {
        token: *token,
        every_seconds,
    }]
}

/// The password dialog was confirmed: whom it named is meant, whatever the server bar says by now.
pub(super) fn password_given(state: &mut State, user: String, host: String) -> Vec<Effect> {
    state.dialog = None;
    state.fields.host = host;
    state.fields.user = user;
    connect(state)
}

/// A server is connected.
pub(super) fn connected(
    state: &mut State,
    token: Token,
    server: ConnectedServer,
    list: Arc<[AgentInfo]>,
    at: Timestamp,
) -> Vec<Effect> {
    let choice = match &state.connection {
        Connection::Connecting {
            token: asked,
            choice,
        } if *asked == token => choice.clone(),
        _ => return Vec::new(),
    };
    // The run hosts need it; the field must not show it again.
    state.fields.password = TypedPassword::default();
    state.connection = Connection::Connected {
        token,
        choice: choice.clone(),
        server,
        agents: Agents {
            list,
            read_at: Some(at),
            is_reading: false,
            problem: None,
        },
    };
    if matches!(state.dialog, Some(Dialog::Connect(_))) {
        state.dialog = None;
    }
    let mut effects = vec![Effect::ReadAgents {
        token,
        every_seconds: state.settings.refresh_secs,
    }];
    effects.extend(passwords::accepted(state, &choice));
    if let ServerChoice::Winrm(settings) = &choice {
        let last = last_server(state, settings);
        let recent = state.settings.recent_servers.first();
        if state.settings.last_server.as_ref() != Some(&last) || recent != Some(&last) {
            state.settings.remember_server(last);
            effects.push(files::save_settings(state));
        }
    }
    let is_waiting = state.dialog.is_some() || state.pending.opening.is_some();
    if state.screen == Screen::Welcome && !is_waiting && state.start_after_connect.is_none() {
        // What to do next is to be seen: the agents, and a thread to draw them into.
        effects.extend(files::proceed(state, AfterSave::New));
    }
    if is_untouched(state) {
        let sequence = Sequence::clone(&state.document.sequence);
        let sequence = with_server(state, sequence);
        if sequence != *state.document.sequence {
            let content = files::next_content(state);
            state.document.sequence = Arc::new(sequence);
            state.document.content = content;
            state.document.saved_content = Some(content);
        }
    }
    effects.push(canvas::check(state));
    if let Some(scope) = state.start_after_connect.take() {
        effects.extend(runs::start(state, scope));
    }
    effects
}

/// Why a server could not be connected.
pub(super) struct Failure {
    /// One sentence.
    pub(super) sentence: String,
    /// Whether another password may help.
    pub(super) is_password: bool,
    /// The certificate that the server showed, when it is not trusted.
    pub(super) certificate: Option<Box<Certificate>>,
}

impl Failure {
    /// A failure with what came with it.
    pub(super) const fn new(
        sentence: String,
        is_password: bool,
        certificate: Option<Box<Certificate>>,
    ) -> Self {
        Self {
            sentence,
            is_password,
            certificate,
        }
    }
}

/// A server could not be connected.
pub(super) fn not_connected(state: &mut State, token: Token, failure: Failure) -> Vec<Effect> {
    let Failure {
        sentence,
        is_password,
        certificate,
    } = failure;
    let choice = match &state.connection {
        Connection::Connecting {
            token: asked,
            choice,
        } if *asked == token => choice.clone(),
        _ => return Vec::new(),
    };
    state.pending.password = None;
    if is_password {
        passwords::refused(state);
    }
    let is_in_dialog = matches!(state.dialog, Some(Dialog::Connect(_)));
    if is_in_dialog {
        // The dialog shows what is wrong, and is where it is mended.
        if is_password {
            state.fields.password = TypedPassword::default();
        }
    } else if is_password
        && let ServerChoice::Winrm(settings) = &choice
        && settings.user.is_some()
    {
        // What is to start after it stays: the person is only asked once more.
        state.fields.password = TypedPassword::default();
        state.dialog = Some(Dialog::Password {
            user: settings.user.clone().unwrap_or_default(),
            host: settings.host.clone().unwrap_or_default(),
        });
    } else if certificate.is_none() || state.dialog.is_some() || state.palette.is_some() {
        state.start_after_connect = None;
        unreachable(state, words::NOT_CONNECTED, sentence.clone(), &choice);
    }
    let is_to_judge = certificate.is_some() && state.dialog.is_none() && state.palette.is_none();
    state.connection = Connection::Failed {
        choice,
        sentence,
        certificate,
    };
    if is_to_judge {
        // What is to start after it stays: only a person can say whether the certificate is right.
        return connecting::open(state);
    }
    Vec::new()
}

/// The agents were read again.
pub(super) fn agents_read(
    state: &mut State,
    token: Token,
    list: Arc<[AgentInfo]>,
    at: Timestamp,
) -> Vec<Effect> {
    let Some(agents) = agents_of(state, token) else {
        return Vec::new();
    };
    // Their states change all the time, which no rule looks at.
    let is_news = !is_same_to_rules(&agents.list, &list);
    *agents = Agents {
        list,
        read_at: Some(at),
        is_reading: false,
        problem: None,
    };
    if is_news {
        vec![canvas::check(state)]
    } else {
        Vec::new()
    }
}

/// How long an answer took.
pub(super) fn replied(state: &mut State, token: Token, reply_ms: u64) {
    if let Connection::Connected {
        token: known,
        server,
        ..
    } = &mut state.connection
        && *known == token
    {
        server.reply_ms = reply_ms;
    }
}

/// The agents could not be read; what was known stays.
pub(super) fn agents_not_read(state: &mut State, token: Token, sentence: String) -> Vec<Effect> {
    if let Some(agents) = agents_of(state, token) {
        agents.is_reading = false;
        agents.problem = Some(sentence);
    }
    Vec::new()
}

fn agents_of(state: &mut State, asked: Token) -> Option<&mut Agents> {
    match &mut state.connection {
        Connection::Connected { token, agents, .. } if *token == asked => Some(agents),
        _ => None,
    }
}

fn is_same_to_rules(old: &[AgentInfo], new: &[AgentInfo]) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            old.name == new.name && old.agent_type == new.agent_type && old.profiles == new.profiles
        })
}

/// Whether the open document is a new one in which nobody has drawn or typed.
fn is_untouched(state: &State) -> bool {
    let history = &state.history;
    state.document.file.is_none()
        && !state.document.is_modified()
        && history.undo_label().is_none()
        && history.redo_label().is_none()
}

/// The sequence with the connected server in it, if it names none: so that the runner finds the
/// server of what was drawn with it.
pub(super) fn with_server(state: &State, mut sequence: Sequence) -> Sequence {
    let Connection::Connected { choice, .. } = &state.connection else {
        return sequence;
    };
    if sequence.server != ServerSettings::default() {
        return sequence;
    }
    sequence.server = match choice {
        ServerChoice::Demo => ServerSettings {
            transport: Transport::Demo,
            ..ServerSettings::default()
        },
        ServerChoice::Winrm(settings) => connecting::lasting(state, settings.clone()),
    };
    sequence
}

fn last_server(state: &State, settings: &ServerSettings) -> LastServer {
    let ca_file = settings.ca_file.as_ref().map(|file| {
        // A relative path counts from the file that named it, which may not be open next time.
        files::own_folder(state).unwrap_or_default().join(file)
    });
    LastServer {
        host: settings.host.clone().unwrap_or_default(),
        user: settings.user.clone().unwrap_or_default(),
        tls: settings.tls,
        port: settings.port,
        ca_file,
        pin: connecting::lasting(state, settings.clone()).pin,
        allow_unencrypted: settings.allow_unencrypted,
        auth: settings.authentication.as_str().to_owned(),
        transport: settings.transport.as_str().to_owned(),
        resource_uris: settings.resource_uris.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests;
