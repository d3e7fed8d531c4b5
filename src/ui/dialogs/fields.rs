//! Dialogs in which something is typed: a path, the names of a run profile, a password.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Id, Key, Response, Ui};

use crate::base::secret::Secret;
use crate::designer::words::dialogs_panel as words;
use crate::designer::words::quotes::quoted;
use crate::designer::{DialogButton, Msg};
use crate::mim::{AgentInfo, AgentName, ProfileName};
use crate::ui::icons::Icon;
use crate::ui::theme::{Role, gap, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Combo, TextField, option, text};

use super::Shown;

/// What is being typed and not part of the designer's state: wiped when the dialog closes.
#[derive(Default)]
pub(super) struct Drafts {
    pub(super) password: String,
    pub(super) refresh: Option<String>,
}

impl Drafts {
    /// Wipes the password once the designer has none.
    pub(super) fn forget_password(&mut self) {
        drop(Secret::new(std::mem::take(&mut self.password)));
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        // Hands the memory to a secret, which wipes it.
        drop(Secret::new(std::mem::take(&mut self.password)));
    }
}

/// A path, where no dialog of the system can open.
pub(super) fn path(
    ui: &mut Ui,
    shown: &Shown<'_>,
    typed: &str,
    problem: Option<&str>,
    said: &mut Vec<Msg>,
) {
    label(ui, &shown.words.text);
    let mut draft = typed.to_owned();
    let id = Id::unique("dialog-path");
    let wrong = problem.map(quoted);
    let field = TextField::new(words::PATH, &mut draft)
        .id(id)
        .icon(Icon::Open)
        .mono()
        .error(wrong.as_deref())
        .show(ui);
    first(&field, shown.is_new);
    if shown.is_new {
        // Not before: a field without the keyboard forgets what was chosen in it.
        select_name(ui, id, typed);
    }
    if draft != typed {
        let text = draft;
        said.push(Msg::DialogText { field: 0, text });
    }
    enter(ui, &field, said);
}

/// The names of an agent and a run profile.
pub(super) fn new_run_profile(
    ui: &mut Ui,
    view: &View<'_>,
    shown: &Shown<'_>,
    (agent, profile): (&str, &str),
    said: &mut Vec<Msg>,
) {
    let known: &[AgentInfo] = view
        .state
        .connection
        .agents()
        .map_or(&[], |agents| &agents.list);
    let agents = || known.iter().map(|known| known.name.as_str());
    let profiles = || {
        let of_agent = known
            .iter()
            .filter(|known| known.name.as_str().eq_ignore_ascii_case(agent));
        of_agent.flat_map(|known| known.profiles.iter().map(|profile| profile.name.as_str()))
    };
    for (field, name, typed) in [(0, words::AGENT, agent), (1, words::PROFILE, profile)] {
        label(ui, name);
        let mut draft = typed.to_owned();
        ui.horizontal(|ui| {
            let has_list = if field == 0 {
                agents().next()
            } else {
                profiles().next()
            }
            .is_some();
            let list = 180.0;
            let room = ui.available_width();
            let width = if has_list {
                room - list - gap::NEAR
            } else {
                room
            };
            let problem = problem(field, typed);
            let response = TextField::new(name, &mut draft)
                .id(Id::unique(("dialog-name", field)))
                .width(width)
                .error(problem.as_deref())
                .show(ui);
            if field == 0 {
                first(&response, shown.is_new);
            }
            enter(ui, &response, said);
            if has_list {
                let id = Id::unique(("known", field));
                let chosen = Combo::new(id, name, words::CHOOSE)
                    .width(list)
                    .show(ui, |ui| {
                        if field == 0 {
                            choose(ui, agents(), typed)
                        } else {
                            choose(ui, profiles(), typed)
                        }
                    });
                if let Some(chosen) = chosen {
                    draft = chosen;
                }
            }
        });
        if draft != typed {
            said.push(Msg::DialogText { field, text: draft });
        }
    }
    if agent.trim().is_empty() || profile.trim().is_empty() {
        let colour = tokens(ui).text_tertiary;
        text(ui, words::NAMES_NEEDED, Role::Small, colour);
    }
}

fn choose<'a>(ui: &mut Ui, names: impl Iterator<Item = &'a str>, typed: &str) -> Option<String> {
    let mut chosen = None;
    for name in names {
        if option(ui, name == typed, name, "") {
            chosen = Some(name.to_owned());
        }
    }
    chosen
}

/// The password of an account.
pub(super) fn password(ui: &mut Ui, shown: &mut Shown<'_>, said: &mut Vec<Msg>) {
    let id = Id::unique("dialog-password");
    let draft = &mut shown.drafts.password;
    let field = TextField::new(words::PASSWORD, draft)
        .id(id)
        .icon(Icon::Key)
        .password()
        .show(ui);
    first(&field, shown.is_new);
    forget_history(ui, id);
    if field.changed() {
        said.push(Msg::DialogPassword(Secret::new(draft.clone())));
    }
    enter(ui, &field, said);
    ui.add_space(gap::TIGHT);
    let colour = tokens(ui).text_tertiary;
    text(ui, words::PASSWORD_HELP, Role::Small, colour);
}

/// The history of a field would keep every password that was ever typed in it.
pub(super) fn forget_history(ui: &Ui, id: Id) {
    if let Some(mut state) = TextEditState::load(ui.ctx(), id) {
        state.clear_undoer();
        state.store(ui.ctx(), id);
    }
}

pub(super) fn label(ui: &mut Ui, name: &str) {
    let colour = tokens(ui).text_secondary;
    ui.add_space(gap::TIGHT);
    text(ui, name, Role::Body, colour);
}

/// The first field of a dialog that has just opened gets the keyboard.
pub(super) fn first(field: &Response, is_new: bool) {
    if is_new {
        field.request_focus();
    }
}

/// Enter in a field is the main button.
pub(super) fn enter(ui: &Ui, field: &Response, said: &mut Vec<Msg>) {
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        said.push(Msg::DialogAnswer(DialogButton::Primary));
        // What was typed may be refused; then it is mended at once.
        field.request_focus();
    }
}

/// Why what was typed is no name; nothing typed is no problem yet.
fn problem(field: usize, typed: &str) -> Option<String> {
    let error = match field {
        _ if typed.trim().is_empty() => None,
        0 => AgentName::new(typed).err(),
        _ => ProfileName::new(typed).err(),
    };
    error.map(|error| error.to_string())
}

/// Selects a file's name without its ending, which is what a person wants to change.
fn select_name(ui: &Ui, id: Id, path: &str) {
    let start = path.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let name = path.get(start..).unwrap_or_default();
    let end = start + name.rfind('.').unwrap_or(name.len());
    let letters = |end: usize| path.get(..end).map_or(0, |text| text.chars().count());
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(letters(start)), CCursor::new(letters(end)));
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}
