//! Performs commands, wherever they come from. One that cannot be performed now does nothing.

use crate::model::Place;
use crate::run::{RunControl, StopMode};
use crate::settings::{MAX_SCALE_PERCENT, MIN_SCALE_PERCENT, ThemeChoice};

use super::super::{BottomTab, Command, Dialog, Effect, Palette, RunScope, State, TimelineZoom};
use super::{canvas, connecting, dialogs, files, inventory, panels, runs, servers};

/// The scales that larger and smaller go through.
const SCALES: [u16; 8] = [100, 110, 125, 150, 175, 200, 250, 300];

pub(super) fn perform(state: &mut State, command: Command) -> Vec<Effect> {
    if command.availability(state).is_err() {
        return Vec::new();
    }
    match command {
        Command::New
        | Command::Open
        | Command::Save
        | Command::SaveAs
        | Command::Close
        | Command::Exit => file(state, command),
        Command::ConnectTo
        | Command::Examine
        | Command::Connect
        | Command::ConnectDemo
        | Command::CancelConnect
        | Command::Disconnect
        | Command::Refresh
        | Command::ReadExport
        | Command::ReadExportedAgent
        | Command::ForgetExport => server(state, command),
        Command::Start
        | Command::StartThread
        | Command::StartFromHere
        | Command::Pause
        | Command::Resume
        | Command::Stop
        | Command::StopNow
        | Command::Check
        | Command::ApplyFix
        | Command::ExplainProblem
        | Command::Attach
        | Command::BackToEditing
        | Command::OpenLogFile => action(state, command),
        Command::Palette
        | Command::NextPanel
        | Command::PreviousPanel
        | Command::NextProblem
        | Command::PreviousProblem
        | Command::ShowProblems
        | Command::ShowTimeline
        | Command::ShowLog
        | Command::ShowXml
        | Command::ToggleTree
        | Command::ToggleInspector
        | Command::ToggleBottom
        | Command::ZoomIn
        | Command::ZoomOut
        | Command::ZoomReset
        | Command::TimelineIn
        | Command::TimelineOut
        | Command::TimelineAll
        | Command::ThemeSystem
        | Command::ThemeLight
        | Command::ThemeDark
        | Command::ThemeHighContrast => view(state, command),
        Command::Preferences => dialogs::show(state, Dialog::Settings),
        Command::Shortcuts => dialogs::show(state, Dialog::Shortcuts),
        Command::About => dialogs::show(state, Dialog::About),
        _ => edit(state, command),
    }
}

fn file(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::New => files::new(state),
        Command::Open => files::open_dialog(state),
        Command::Save => files::save(state),
        Command::SaveAs => files::save_as(state),
        Command::Close => files::close(state),
        _ => files::exit(state),
    }
}

fn server(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::ConnectTo => connecting::open(state),
        Command::Examine => connecting::examine(state),
        Command::Connect => servers::connect(state),
        Command::ConnectDemo => servers::connect_demo(state),
        Command::CancelConnect => servers::cancel(state),
        Command::Disconnect => servers::disconnect(state),
        Command::ReadExport => inventory::ask(state, true),
        Command::ReadExportedAgent => inventory::ask(state, false),
        Command::ForgetExport => inventory::forget_export(state),
        _ => servers::refresh(state),
    }
}

fn action(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Start => runs::start(state, RunScope::All),
        Command::StartThread => match state.selection.thread() {
            Some(thread) => runs::start(state, RunScope::OnlyThread(thread)),
            None => Vec::new(),
        },
        Command::StartFromHere => match state.selection.single() {
            Some(Place::Step { thread, step }) => {
                runs::start(state, RunScope::From { thread, step })
            }
            _ => Vec::new(),
        },
        Command::Pause => runs::control(state, RunControl::Pause),
        Command::Resume => runs::control(state, RunControl::Resume),
        Command::Stop => {
            let mode = StopMode::Graceful;
            runs::control(state, RunControl::Stop { mode })
        }
        Command::StopNow => runs::stop_now(state),
        Command::Check => {
            let mut effects = panels::show_tab(state, BottomTab::Problems);
            effects.push(canvas::check(state));
            effects
        }
        Command::ApplyFix => match canvas::current_problem(state) {
            Some(index) => canvas::fix_problem(state, index),
            None => Vec::new(),
        },
        Command::ExplainProblem => {
            let index = canvas::current_problem(state);
            let problem = index.and_then(|index| state.problems.list.get(index));
            match problem.map(|problem| problem.code) {
                Some(code) => dialogs::show(state, Dialog::Explain(code)),
                None => Vec::new(),
            }
        }
        Command::Attach => runs::find_runs(state),
        Command::BackToEditing => runs::back_to_editing(state),
        _ => runs::open_log(state),
    }
}

fn view(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Palette => {
            state.palette = match state.palette {
                Some(_) => None,
                None => Some(Palette::default()),
            };
            Vec::new()
        }
        Command::NextPanel => panels::next(state, true),
        Command::PreviousPanel => panels::next(state, false),
        Command::NextProblem => canvas::next_problem(state, true),
        Command::PreviousProblem => canvas::next_problem(state, false),
        Command::ShowProblems => panels::show_tab(state, BottomTab::Problems),
        Command::ShowTimeline => panels::show_tab(state, BottomTab::Timeline),
        Command::ShowLog => panels::show_tab(state, BottomTab::Log),
        Command::ShowXml => panels::show_tab(state, BottomTab::Xml),
        Command::ToggleTree | Command::ToggleInspector | Command::ToggleBottom => {
            panels::toggle(state, command)
        }
        Command::ZoomIn | Command::ZoomOut | Command::ZoomReset => zoom(state, command),
        Command::TimelineIn => panels::zoom_timeline(state, TimelineZoom::In),
        Command::TimelineOut => panels::zoom_timeline(state, TimelineZoom::Out),
        Command::TimelineAll => panels::zoom_timeline(state, TimelineZoom::All),
        Command::ThemeLight => theme(state, ThemeChoice::Light),
        Command::ThemeDark => theme(state, ThemeChoice::Dark),
        Command::ThemeHighContrast => theme(state, ThemeChoice::HighContrast),
        _ => theme(state, ThemeChoice::System),
    }
}

fn theme(state: &mut State, theme: ThemeChoice) -> Vec<Effect> {
    panels::set(state, |settings| settings.theme = theme)
}

fn zoom(state: &mut State, command: Command) -> Vec<Effect> {
    let now = state.settings.scale_percent;
    let next = match command {
        Command::ZoomIn => SCALES.iter().find(|scale| **scale > now),
        Command::ZoomOut => SCALES.iter().rev().find(|scale| **scale < now),
        _ => None,
    };
    let usual = match command {
        Command::ZoomIn => MAX_SCALE_PERCENT,
        _ => MIN_SCALE_PERCENT,
    };
    let scale = next.copied().unwrap_or(usual);
    panels::set(state, |settings| settings.scale_percent = scale)
}

fn edit(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Undo => canvas::undo(state),
        Command::Redo => canvas::redo(state),
        Command::Cut => canvas::cut(state),
        Command::Copy => canvas::copy(state),
        Command::Paste => vec![Effect::PasteText],
        Command::Duplicate => canvas::duplicate(state),
        Command::Delete => canvas::delete(state),
        Command::SelectAll => canvas::select_all(state),
        Command::Rename => canvas::begin_rename(state),
        Command::ToggleEnabled => canvas::toggle_enabled(state),
        Command::Find => canvas::open_find(state),
        Command::FindNext => canvas::find_go(state, true),
        Command::FindPrevious => canvas::find_go(state, false),
        Command::AddThread => canvas::add_thread(state),
        Command::AddSelected => match state.tree.selected.clone() {
            Some(item) => canvas::add_item(state, &item),
            None => Vec::new(),
        },
        Command::AddRunProfile => {
            let at = canvas::insertion(state);
            canvas::new_run_profile(state, at)
        }
        Command::AddCommand => canvas::add_step(state, canvas::new_command()),
        Command::AddDelay => canvas::add_step(state, canvas::new_delay()),
        Command::MoveUp => canvas::move_along(state, true),
        Command::MoveDown => canvas::move_along(state, false),
        Command::MoveLeft => canvas::move_aside(state, true),
        Command::MoveRight => canvas::move_aside(state, false),
        // All others are performed above.
        _ => Vec::new(),
    }
}
