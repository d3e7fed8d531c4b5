//! Starting, watching and steering a run.

mod scope;

use std::path::{Path, PathBuf};

use crate::check::{Code, Problem, Severity};
use crate::model::Transport;
use crate::run::{RunControl, RunOutcome, RunPhase, StopMode};
use crate::settings::BottomTab;

use super::super::pending::Starting;
use super::super::words::{files as file_words, runs as words};
use super::super::{
    AfterSave, Connection, Dialog, DiskState, Effect, ListedRun, RunScope, RunUpdate, Screen,
    ServerChoice, StartOrder, State, Toast, ToastAction, ToastKind, Token, Watch,
};
use super::toasts::{failed, toast};
use super::{canvas, files, servers};

/// The log file of a sequence that names none.
const USUAL_LOG: &str = "MASequencer.log";

/// Starts what is drawn, or a part of it; connects first when no server is connected.
pub(super) fn start(state: &mut State, scope: RunScope) -> Vec<Effect> {
    if state.is_running() || state.is_starting {
        let kind = ToastKind::Warning;
        toast(
            state,
            kind,
            words::ALREADY_RUNNING,
            words::ALREADY_RUNNING_HELP,
            None,
        );
        return Vec::new();
    }
    let Some(sequence) = scope::only(&state.document.sequence, scope) else {
        return Vec::new();
    };
    let known = known_errors(state, scope);
    if !known.is_empty() {
        return refuse(state, &known);
    }
    let Connection::Connected { choice, .. } = &state.connection else {
        return connect_first(state, scope);
    };
    let choice = choice.clone();
    warn_of_other_server(state, &choice);
    state.last_number += 1;
    let token = Token(state.last_number);
    state.is_starting = true;
    // How the last run ended would be taken for news of this one.
    let is_of_run = |toast: &Toast| toast.action == Some(ToastAction::ShowLog);
    state.toasts.retain(|toast| !is_of_run(toast));
    let differs = match &state.document.disk {
        _ if state.document.is_modified() => Some(words::UNSAVED_TEXT),
        DiskState::Changed { .. } => Some(words::UNREAD_TEXT),
        _ => None,
    };
    state.pending.starting = Some(Starting {
        token,
        scope,
        differs,
    });
    let mut effects = Vec::new();
    if state.watch.is_some() {
        // The last run is over; its place is taken.
        effects.extend(detach(state));
    }
    effects.push(Effect::StartRun(Box::new(StartOrder {
        token,
        sequence,
        part: scope.part(),
        file: state.document.file.clone(),
        agents: canvas::known_agents(state),
        document: state.document.opened,
        choice,
        password: state.pending.password.clone(),
    })));
    effects
}

/// A sequence that names one server runs on the connected one; who meant the other should know.
fn warn_of_other_server(state: &mut State, choice: &ServerChoice) {
    let server = &state.document.sequence.server;
    let Some(named) = &server.host else {
        return;
    };
    let is_same = match choice {
        ServerChoice::Winrm(settings) => settings
            .host
            .as_ref()
            .is_some_and(|host| host.eq_ignore_ascii_case(named)),
        ServerChoice::Demo => false,
    };
    if !is_same {
        let title = words::other_server(&super::super::words::servers::choice(choice));
        let text = words::names_server(named);
        toast(state, ToastKind::Warning, title, text, None);
    }
}

/// The errors of the whole document, where the rules have been applied to it as it is. The effects
/// apply them to whatever is started: for a large sequence that takes longer than a frame.
fn known_errors(state: &State, scope: RunScope) -> Vec<Problem> {
    let is_known = scope == RunScope::All && state.problems.content == state.document.content;
    let known = state.problems.list.iter().filter(|_| is_known);
    known
        .filter(|problem| {
            let is_error = problem.severity == Severity::Error || has_nothing_to_run(problem);
            // What was said about another server does not count.
            is_error && !is_about_server(problem)
        })
        .cloned()
        .collect()
}

const fn is_about_server(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::UnknownAgent | Code::UnknownProfile | Code::StepTypeDiffers
    )
}

/// What greets a new document as a hint is an error when somebody wants to run it.
const fn has_nothing_to_run(problem: &Problem) -> bool {
    matches!(problem.code, Code::NoThread | Code::NothingEnabled)
}

/// Does not start what the rules say cannot run, and shows why.
fn refuse(state: &mut State, errors: &[Problem]) -> Vec<Effect> {
    let Some(first) = errors.first() else {
        return Vec::new();
    };
    let text = words::errors(&first.message, errors.len());
    let action = Some(ToastAction::Show(first.place));
    toast(state, ToastKind::Error, words::HAS_ERRORS, text, action);
    state.start_after_connect = None;
    state.settings.bottom_tab = BottomTab::Problems;
    state.settings.panels.bottom_open = true;
    vec![canvas::check(state)]
}

/// The rules say that what was to be started cannot run.
pub(super) fn refused(state: &mut State, errors: &[Problem]) -> Vec<Effect> {
    if !state.is_starting {
        return Vec::new();
    }
    state.is_starting = false;
    state.pending.starting = None;
    refuse(state, errors)
}

/// Connects to the server of the sequence, and starts when that has worked.
fn connect_first(state: &mut State, scope: RunScope) -> Vec<Effect> {
    state.start_after_connect = Some(scope);
    if matches!(state.connection, Connection::Connecting { .. }) {
        return Vec::new();
    }
    let is_demo = state.document.sequence.server.transport == Transport::Demo;
    if is_demo && state.fields.host.trim().is_empty() {
        return servers::connect_demo(state);
    }
    servers::connect(state)
}

pub(super) fn attach(state: &mut State, socket: PathBuf) -> Vec<Effect> {
    state.pending.attaching = None;
    if matches!(state.dialog, Some(Dialog::Runs(_))) {
        state.dialog = None;
    }
    if state.is_starting {
        // Watching another run would end the one whose host has not said anything yet.
        let kind = ToastKind::Warning;
        let (title, text) = (words::ALREADY_RUNNING, words::ALREADY_RUNNING_HELP);
        toast(state, kind, title, text, None);
        return Vec::new();
    }
    vec![Effect::Attach(socket)]
}

/// Tells the watched run something.
pub(super) fn control(state: &State, control: RunControl) -> Vec<Effect> {
    if state.is_running() {
        vec![Effect::Control(control)]
    } else {
        Vec::new()
    }
}

/// Tells the watched run to stop, and goes on when it has heard that: an order that is still on its
/// way would be lost with the watching.
pub(super) fn stop_and_leave(state: &mut State, then: AfterSave) -> Vec<Effect> {
    state.dialog = None;
    let phase = state.watch.as_ref().map(|watch| watch.summary.phase);
    if !state.is_running() || phase == Some(RunPhase::Stopping) {
        return files::proceed(state, then);
    }
    state.pending.leaving = Some(then);
    let mode = StopMode::Graceful;
    vec![Effect::Control(RunControl::Stop { mode })]
}

/// Asks before the service is told to break off what runs.
pub(super) fn stop_now(state: &mut State) -> Vec<Effect> {
    if state.is_running() {
        state.dialog = Some(Dialog::ConfirmStopNow);
    }
    Vec::new()
}

/// The person is sure.
pub(super) fn stop_now_confirmed(state: &mut State) -> Vec<Effect> {
    state.dialog = None;
    let mode = StopMode::Now;
    control(state, RunControl::Stop { mode })
}

/// Lists the runs of this machine.
pub(super) fn find_runs(state: &mut State) -> Vec<Effect> {
    state.dialog = Some(Dialog::Runs(None));
    vec![Effect::FindRuns { of_file: None }]
}

/// Shows the document again; a run goes on without this window.
pub(super) fn back_to_editing(state: &mut State) -> Vec<Effect> {
    if state.watch.is_none() {
        return Vec::new();
    }
    let goes_on = state.is_running();
    let effects = detach(state);
    if goes_on {
        let kind = ToastKind::Info;
        toast(state, kind, words::GOES_ON, words::GOES_ON_TEXT, None);
    }
    if !state.document.is_modified() && matches!(state.document.disk, DiskState::Changed { .. }) {
        // It changed during the run, which was no time to read it again.
        let mut effects = effects;
        effects.extend(files::reload(state));
        return effects;
    }
    let is_empty = state.document.sequence.threads.is_empty();
    if state.document.file.is_none() && is_empty && !state.document.is_modified() {
        state.screen = Screen::Welcome;
    }
    effects
}

/// Ends watching.
pub(super) fn detach(state: &mut State) -> Vec<Effect> {
    state.watched_place = None;
    state.pending.leaving = None;
    if let Some(tab) = state.pending.tab_before.take()
        && state.settings.bottom_tab == BottomTab::Timeline
    {
        state.settings.bottom_tab = tab;
    }
    match state.watch.take() {
        Some(_) => vec![Effect::Detach],
        None => Vec::new(),
    }
}

/// Opens the log file of the sequence with the system's program.
pub(super) fn open_log(state: &mut State) -> Vec<Effect> {
    let watched = state.watch.as_ref();
    let watched_file = watched.and_then(|watch| watch.run.file.as_ref());
    let file = watched_file.map(PathBuf::from);
    let Some(file) = file.or_else(|| state.document.file.clone()) else {
        let kind = ToastKind::Info;
        let (title, text) = (file_words::NO_LOG_YET, file_words::NO_LOG_YET_HELP);
        toast(state, kind, title, text, None);
        return Vec::new();
    };
    // Another file's own settings are not known here; the usual name is the best guess.
    let ours = state.document.file.as_ref();
    let is_ours = ours.is_none_or(|ours| *ours == file);
    let named = state.document.sequence.log.file.as_deref();
    let name = named.filter(|_| is_ours).unwrap_or(USUAL_LOG);
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    vec![Effect::OpenExternally(folder.join(name))]
}

/// A run is watched from now on.
pub(super) fn started(state: &mut State, token: Option<Token>, run: ListedRun) -> Vec<Effect> {
    let mut scope = RunScope::All;
    if let Some(token) = token {
        let starting = state.pending.starting.take_if(|known| known.token == token);
        match starting {
            Some(starting) => {
                scope = starting.scope;
                if let Some(text) = starting.differs {
                    toast(state, ToastKind::Info, words::UNSAVED, text, None);
                }
            }
            // Given up, but it runs after all; what runs must be seen.
            None if state.watch.is_none() && !state.is_starting => {}
            None => return Vec::new(),
        }
        state.is_starting = false;
    }
    let of_file = state.pending.attaching.take();
    if token.is_none() && of_file.is_some() && state.document.file == of_file {
        toast(state, ToastKind::Info, words::WATCHING, "", None);
    }
    if state.watch.is_none() {
        state.pending.tab_before = Some(state.settings.bottom_tab);
    }
    state.watch = Some(Watch::new(run, scope));
    state.watched_place = None;
    state.renaming = None;
    state.drag = None;
    state.find = None;
    if matches!(state.dialog, Some(Dialog::Runs(_))) {
        state.dialog = None;
    }
    state.screen = Screen::Work;
    state.log_follows = true;
    state.settings.bottom_tab = BottomTab::Timeline;
    state.settings.panels.bottom_open = true;
    Vec::new()
}

/// A run could not be started or attached to.
pub(super) fn not_started(state: &mut State, sentence: String) -> Vec<Effect> {
    let of_file = state.pending.attaching.take();
    if state.is_starting {
        state.is_starting = false;
        state.pending.starting = None;
        state.dialog = Some(Dialog::Failure {
            title: words::NOT_STARTED.to_owned(),
            sentence,
        });
    } else if of_file.is_none() {
        failed(state, words::NOT_ATTACHED, sentence);
    }
    // Nobody asked to watch the run of a file that was opened; it has just ended.
    Vec::new()
}

/// What the watched run said since.
pub(super) fn updates(state: &mut State, updates: &[RunUpdate]) -> Vec<Effect> {
    let Some(watch) = &mut state.watch else {
        return Vec::new();
    };
    let before = watch.summary.phase;
    for update in updates {
        watch.take(update);
    }
    let phase = watch.summary.phase;
    let mut effects = match phase {
        RunPhase::Finished(outcome) if before != phase => ended(state, outcome),
        _ => Vec::new(),
    };
    if matches!(phase, RunPhase::Stopping | RunPhase::Finished(_))
        && let Some(then) = state.pending.leaving.take()
    {
        effects.extend(files::leave_stopped(state, then));
    }
    effects
}

fn ended(state: &mut State, outcome: RunOutcome) -> Vec<Effect> {
    let Some(watch) = &state.watch else {
        return Vec::new();
    };
    let kind = match outcome {
        RunOutcome::Success => ToastKind::Success,
        RunOutcome::Warning | RunOutcome::Stopped => ToastKind::Warning,
        RunOutcome::Failed => ToastKind::Error,
    };
    let title = words::ended(outcome, &watch.run.sequence);
    let text = words::counts(&watch.counts(), watch.summary.elapsed_ms);
    let action = (outcome != RunOutcome::Success).then_some(ToastAction::ShowLog);
    toast(state, kind, title, text, action);
    if matches!(
        state.dialog,
        Some(Dialog::ConfirmStopNow | Dialog::LeaveRun { .. })
    ) {
        // There is nothing left to stop or to leave.
        return match state.dialog.take() {
            Some(Dialog::LeaveRun { then }) => files::leave(state, then),
            _ => servers::refresh(state),
        };
    }
    servers::refresh(state)
}

/// The host of the watched run is gone.
pub(super) fn gone(state: &mut State) -> Vec<Effect> {
    let Some(watch) = &mut state.watch else {
        return Vec::new();
    };
    watch.break_off();
    if !matches!(watch.summary.phase, RunPhase::Finished(_)) {
        let action = Some(ToastAction::ShowLog);
        let kind = ToastKind::Error;
        toast(
            state,
            kind,
            words::BROKEN_OFF,
            words::BROKEN_OFF_TEXT,
            action,
        );
    }
    if matches!(state.dialog, Some(Dialog::ConfirmStopNow)) {
        state.dialog = None;
    }
    match state.pending.leaving.take() {
        Some(then) => files::leave_stopped(state, then),
        None => Vec::new(),
    }
}

pub(super) fn not_controlled(state: &mut State, sentence: String) -> Vec<Effect> {
    // The person wanted it stopped before going on.
    state.pending.leaving = None;
    failed(state, words::NOT_CONTROLLED, sentence);
    Vec::new()
}

/// The runs of this machine, or those of the file that was opened.
pub(super) fn found(
    state: &mut State,
    of_file: Option<PathBuf>,
    runs: Vec<ListedRun>,
    problem: Option<String>,
) -> Vec<Effect> {
    if let Some(file) = of_file {
        let is_free = state.watch.is_none() && !state.is_starting;
        let newest = runs.into_iter().max_by_key(|run| run.started);
        return match newest {
            Some(run) if is_free && state.document.file.as_ref() == Some(&file) => {
                state.pending.attaching = Some(file);
                vec![Effect::Attach(run.socket)]
            }
            _ => Vec::new(),
        };
    }
    if !matches!(state.dialog, Some(Dialog::Runs(_))) {
        return Vec::new();
    }
    if let Some(sentence) = problem {
        let kind = ToastKind::Warning;
        toast(state, kind, words::NOT_ALL_FOUND, sentence, None);
    }
    state.dialog = Some(Dialog::Runs(Some(runs)));
    Vec::new()
}

#[cfg(test)]
mod tests;
