//! The one function that changes the state. Each part of the screen has a file of its own.

mod answers;
mod browse;
mod canvas;
mod checking;
mod commands;
mod connecting;
mod diagnosing;
mod dialogs;
mod files;
mod inventory;
mod panels;
mod passwords;
#[cfg(test)]
mod rig;
mod runs;
mod servers;
mod toasts;

pub(super) use canvas::{aside, can_move_along, current_problem, is_all_enabled};

use super::{Answer, Effect, Msg, State};

/// Takes a message; the effects are to be performed in order.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    state.age = state.age.wrapping_add(1);
    let mut effects = if ends_renaming(&msg) {
        canvas::accept_name(state)
    } else {
        Vec::new()
    };
    effects.extend(take(state, msg));
    files::offer_recovery(state);
    inventory::follow(state, &mut effects);
    passwords::keep_to_their_account(state);
    diagnosing::end_unseen(state, &mut effects);
    effects
}

/// Whether what is typed as a new name is to be taken first: it would be lost, or left out of what
/// is saved or run.
const fn ends_renaming(msg: &Msg) -> bool {
    matches!(
        msg,
        Msg::Command(_)
            | Msg::CloseRequested
            | Msg::OpenFile(_)
            | Msg::UseTemplate(_)
            | Msg::Recover(_)
            | Msg::AttachTo(_)
            | Msg::Answer(Answer::RunStarted { .. })
    )
}

fn take(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Command(command) => commands::perform(state, command),
        Msg::Edit(edit) => canvas::edit(state, edit),
        Msg::EndTyping => canvas::end_typing(state),
        Msg::Select(select) => canvas::select(state, select),
        Msg::Cursor { direction, extend } => canvas::move_cursor(state, direction, extend),
        Msg::Drag(drag) => canvas::drag(state, drag),
        Msg::Rename { place, name } => canvas::rename(state, place, &name),
        Msg::RenameText(text) => canvas::rename_text(state, text),
        Msg::CancelRename => canvas::cancel_rename(state),
        Msg::Pasted(text) => canvas::paste(state, &text),
        Msg::ShowProblem(index) => canvas::show_problem(state, index),
        Msg::FixProblem(index) => canvas::fix_problem(state, index),
        Msg::Find(find) => canvas::find(state, find),
        Msg::Tree(tree) => panels::tree(state, tree),
        Msg::Panel(panel) => panels::panel(state, panel),
        Msg::Palette(palette) => panels::palette(state, palette),
        Msg::Settings(settings) => panels::settings(state, *settings),
        Msg::WindowChanged { size } => panels::window(state, size),
        Msg::CloseToast(id) => panels::close_toast(state, id),
        Msg::ToastAction(id) => panels::toast_action(state, id),
        Msg::Server(server) => servers::fields(state, server),
        Msg::Connect(connect) => connecting::told(state, connect),
        Msg::Browse(purpose) => browse::ask(state, purpose),
        Msg::OpenFile(file) => files::open(state, file),
        Msg::Dropped(path) => vec![Effect::LookAtDropped(path)],
        Msg::UseTemplate(index) => files::template(state, index),
        Msg::ClearRecent => files::clear_recent(state),
        Msg::CloseRequested => files::close_requested(state),
        Msg::Recover(id) => files::recover(state, id),
        Msg::DiscardRecovery(id) => files::discard_recovery(state, id),
        Msg::DialogText { field, text } => dialogs::text(state, field, text),
        Msg::DialogAnswer(button) => dialogs::answer(state, button),
        Msg::DialogPassword(password) => dialogs::password(state, password),
        Msg::AttachTo(socket) => runs::attach(state, socket),
        Msg::Answer(answer) => answers::take(state, answer),
    }
}

/// What is to be done when the window opens, before its first frame.
pub fn begin(state: &mut State) -> Vec<Effect> {
    let mut effects = files::begin(state);
    inventory::follow(state, &mut effects);
    effects
}
