//! Which commands can be performed now, and why not the others.

use crate::run::RunPhase;
use crate::settings::ThemeChoice;

use super::super::words::commands as words;
use super::super::{BottomTab, Connection, DiskState, Screen, State, TreeItem, Watch, fix, update};
use super::Command;

type Available = Result<(), &'static str>;

fn needs(condition: bool, reason: &'static str) -> Available {
    if condition { Ok(()) } else { Err(reason) }
}

/// Whether the sequence may be changed now.
///
/// # Errors
/// Why not, one sentence.
pub(in crate::designer) fn why_not_edit(state: &State) -> Available {
    needs(state.screen == Screen::Work, words::NO_DOCUMENT)?;
    needs(!state.is_running(), words::RUN_GOES_ON)?;
    needs(!state.is_starting, words::RUN_STARTS)?;
    let watch = state.watch.as_ref();
    needs(
        watch.is_none_or(|watch| fits(state, watch)),
        words::OTHER_RUN,
    )
}

/// Whether a watched run has the threads and steps of the document, so that what is chosen in one is
/// chosen in the other.
fn fits(state: &State, watch: &Watch) -> bool {
    let Some(outline) = &watch.summary.outline else {
        return true;
    };
    let threads = &state.document.sequence.threads;
    outline.threads.len() == threads.len()
        && outline
            .threads
            .iter()
            .zip(threads)
            .all(|(run, thread)| run.name == thread.name && run.steps.len() == thread.steps.len())
}

fn chosen(state: &State) -> Available {
    why_not_edit(state)?;
    needs(!state.selection.places.is_empty(), words::SELECT_SOMETHING)
}

fn chosen_steps(state: &State) -> Available {
    why_not_edit(state)?;
    needs(state.selection.steps().next().is_some(), words::SELECT_STEP)
}

fn run_can(state: &State, can: impl Fn(RunPhase) -> Available) -> Available {
    let watch = state.watch.as_ref().filter(|watch| watch.is_going_on());
    watch.map_or(Err(words::NO_RUN), |watch| can(watch.summary.phase))
}

fn has_work(state: &State) -> bool {
    let threads = state.document.sequence.threads.iter();
    let mut threads = threads.filter(|thread| thread.enabled);
    threads.any(|thread| thread.steps.iter().any(|step| step.enabled))
}

fn start(state: &State) -> Available {
    needs(state.screen == Screen::Work, words::NO_DOCUMENT)?;
    needs(!state.is_running(), words::RUN_GOES_ON)?;
    needs(!state.is_starting, words::RUN_STARTS)
}

fn connect(state: &State) -> Available {
    match state.connection {
        Connection::Connecting { .. } => Err(words::CONNECTING),
        Connection::Connected { .. } => Err(words::DISCONNECT_FIRST),
        Connection::None | Connection::Failed { .. } => {
            needs(!state.is_running(), words::RUN_GOES_ON)
        }
    }
}

fn save(state: &State) -> Available {
    needs(state.screen == Screen::Work, words::NO_DOCUMENT)?;
    needs(!state.document.is_saving, words::SAVING)?;
    let document = &state.document;
    let is_safe = document.file.is_some()
        && !document.is_modified()
        && matches!(document.disk, DiskState::Same(_));
    needs(!is_safe, words::SAVED)
}

impl Command {
    /// Whether it can be performed now; otherwise why not, in one sentence for a tooltip.
    ///
    /// # Errors
    /// The sentence.
    pub fn availability(self, state: &State) -> Result<(), &'static str> {
        needs(state.dialog.is_none(), words::ANSWER_FIRST)?;
        match self {
            Self::New
            | Self::Open
            | Self::Exit
            | Self::Palette
            | Self::NextPanel
            | Self::PreviousPanel
            | Self::ThemeSystem
            | Self::ThemeLight
            | Self::ThemeDark
            | Self::ThemeHighContrast
            | Self::Preferences
            | Self::Shortcuts
            | Self::About => Ok(()),
            Self::Save => save(state),
            Self::SaveAs => {
                needs(state.screen == Screen::Work, words::NO_DOCUMENT)?;
                needs(!state.document.is_saving, words::SAVING)
            }
            Self::ZoomIn | Self::ZoomOut | Self::ZoomReset => self.zoom(state),
            Self::ConnectTo
            | Self::Examine
            | Self::Connect
            | Self::ConnectDemo
            | Self::CancelConnect
            | Self::Disconnect
            | Self::Refresh
            | Self::ReadExport
            | Self::ReadExportedAgent
            | Self::ForgetExport => self.server(state),
            Self::Start
            | Self::StartThread
            | Self::StartFromHere
            | Self::Pause
            | Self::Resume
            | Self::Stop
            | Self::StopNow
            | Self::Attach
            | Self::BackToEditing
            | Self::TimelineIn
            | Self::TimelineOut
            | Self::TimelineAll => self.run(state),
            Self::Close
            | Self::ShowProblems
            | Self::ShowTimeline
            | Self::ShowLog
            | Self::ShowXml
            | Self::ToggleTree
            | Self::ToggleInspector
            | Self::ToggleBottom
            | Self::Check
            | Self::OpenLogFile
            | Self::Find => needs(state.screen == Screen::Work, words::NO_DOCUMENT),
            Self::FindNext | Self::FindPrevious => {
                needs(state.screen == Screen::Work, words::NO_DOCUMENT)?;
                let is_hit = |find: &super::super::Find| !find.hits.is_empty();
                needs(state.find.as_ref().is_none_or(is_hit), words::NO_HIT)
            }
            Self::NextProblem | Self::PreviousProblem | Self::ApplyFix | Self::ExplainProblem => {
                self.problem(state)
            }
            _ => self.edit(state),
        }
    }

    fn edit(self, state: &State) -> Available {
        why_not_edit(state)?;
        match self {
            Self::Undo => needs(state.history.undo_label().is_some(), words::NO_UNDO),
            Self::Redo => needs(state.history.redo_label().is_some(), words::NO_REDO),
            Self::Cut | Self::Copy | Self::Duplicate | Self::Delete | Self::ToggleEnabled => {
                chosen(state)
            }
            Self::Rename => needs(state.selection.places.len() <= 1, words::SELECT_ONE),
            Self::SelectAll => {
                let mut threads = state.document.sequence.threads.iter();
                needs(
                    threads.any(|thread| !thread.steps.is_empty()),
                    words::NO_STEPS,
                )
            }
            Self::AddSelected => {
                let is_profile = matches!(state.tree.selected, Some(TreeItem::Profile(..)));
                needs(is_profile, words::SELECT_PROFILE)
            }
            Self::MoveUp | Self::MoveDown => {
                chosen_steps(state)?;
                let is_up = self == Self::MoveUp;
                let reason = if is_up {
                    words::IS_FIRST
                } else {
                    words::IS_LAST
                };
                needs(update::can_move_along(state, is_up), reason)
            }
            Self::MoveLeft | Self::MoveRight => {
                chosen(state)?;
                let is_left = self == Self::MoveLeft;
                let reason = if is_left {
                    words::IS_LEFTMOST
                } else {
                    words::IS_RIGHTMOST
                };
                needs(update::aside(state, is_left).is_some(), reason)
            }
            _ => Ok(()),
        }
    }

    fn zoom(self, state: &State) -> Available {
        let percent = state.settings.scale_percent;
        match self {
            Self::ZoomIn => needs(percent < crate::settings::MAX_SCALE_PERCENT, words::LARGEST),
            Self::ZoomOut => needs(
                percent > crate::settings::MIN_SCALE_PERCENT,
                words::SMALLEST,
            ),
            _ => needs(
                percent != crate::settings::MIN_SCALE_PERCENT,
                words::SMALLEST,
            ),
        }
    }

    fn server(self, state: &State) -> Available {
        match self {
            Self::ConnectTo | Self::Examine | Self::Connect | Self::ConnectDemo => connect(state),
            Self::CancelConnect => {
                let is_connecting = matches!(state.connection, Connection::Connecting { .. });
                needs(is_connecting, words::NOT_CONNECTING)
            }
            Self::Refresh => {
                let agents = state.connection.agents().ok_or(words::CONNECT_FIRST)?;
                needs(!agents.is_reading, words::READING)
            }
            Self::ReadExport | Self::ReadExportedAgent => {
                needs(state.inventory.reading.is_none(), words::READING_EXPORT)
            }
            Self::ForgetExport => needs(state.inventory.kept.export.is_some(), words::NO_EXPORT),
            _ => {
                needs(state.connection.is_connected(), words::CONNECT_FIRST)?;
                needs(!state.is_starting, words::RUN_STARTS)
            }
        }
    }

    fn run(self, state: &State) -> Available {
        match self {
            Self::Start => {
                start(state)?;
                needs(has_work(state), words::NOTHING_TO_RUN)
            }
            Self::StartThread => {
                start(state)?;
                let thread = state.selection.thread();
                let thread = thread.and_then(|thread| state.document.sequence.thread(thread));
                let thread = thread.ok_or(words::SELECT_THREAD)?;
                needs(
                    thread.steps.iter().any(|step| step.enabled),
                    words::NOTHING_TO_RUN,
                )
            }
            Self::StartFromHere => {
                start(state)?;
                let is_one = state.selection.single().is_some();
                needs(
                    is_one && state.selection.steps().next().is_some(),
                    words::SELECT_ONE_STEP,
                )
            }
            Self::Pause => run_can(state, |phase| match phase {
                RunPhase::Paused => Err(words::IS_PAUSED),
                RunPhase::Stopping => Err(words::IS_STOPPING),
                RunPhase::Starting | RunPhase::Running | RunPhase::Finished(_) => Ok(()),
            }),
            Self::Resume => run_can(state, |phase| {
                needs(phase == RunPhase::Paused, words::NOT_PAUSED)
            }),
            Self::Stop => run_can(state, |phase| {
                needs(phase != RunPhase::Stopping, words::IS_STOPPING)
            }),
            Self::StopNow => run_can(state, |_| Ok(())),
            Self::BackToEditing | Self::TimelineIn | Self::TimelineOut | Self::TimelineAll => {
                needs(state.watch.is_some(), words::NO_RUN)
            }
            _ => {
                needs(!state.is_running(), words::RUN_GOES_ON)?;
                needs(!state.is_starting, words::RUN_STARTS)
            }
        }
    }

    fn problem(self, state: &State) -> Available {
        needs(state.screen == Screen::Work, words::NO_DOCUMENT)?;
        needs(!state.problems.list.is_empty(), words::NO_PROBLEM)?;
        if matches!(self, Self::NextProblem | Self::PreviousProblem) {
            return Ok(());
        }
        let problem = update::current_problem(state)
            .and_then(|index| state.problems.list.get(index))
            .ok_or(words::SELECT_PROBLEM)?;
        if self == Self::ExplainProblem {
            return Ok(());
        }
        why_not_edit(state)?;
        needs(
            state.problems.content == state.document.content,
            words::CHECKING,
        )?;
        needs(fix(state, problem).is_some(), words::NO_FIX)
    }

    /// Whether it is a choice that is on now (theme, shown panel), for a mark in the menu.
    pub fn is_on(self, state: &State) -> bool {
        let panels = &state.settings.panels;
        let tab = |tab| panels.bottom_open && state.settings.bottom_tab == tab;
        let theme = |theme| state.settings.theme == theme;
        match self {
            Self::ThemeSystem => theme(ThemeChoice::System),
            Self::ThemeLight => theme(ThemeChoice::Light),
            Self::ThemeDark => theme(ThemeChoice::Dark),
            Self::ThemeHighContrast => theme(ThemeChoice::HighContrast),
            Self::ShowProblems => tab(BottomTab::Problems),
            Self::ShowTimeline => tab(BottomTab::Timeline),
            Self::ShowLog => tab(BottomTab::Log),
            Self::ShowXml => tab(BottomTab::Xml),
            Self::ToggleTree => panels.tree_open,
            Self::ToggleInspector => panels.inspector_open,
            Self::ToggleBottom => panels.bottom_open,
            _ => false,
        }
    }
}
