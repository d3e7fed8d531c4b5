//! The fields of the server bar: which server, which account, the password.

use egui::{Align, Id, Key, Layout, Response, Ui};

use crate::base::secret::Secret;
use crate::designer::words::server as words;
use crate::designer::{Command, Msg, ServerMsg};
use crate::ui::icons::Icon;
use crate::ui::theme::{Role, gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, ButtonKind, IconButton, TextField, layout, text};

use super::{Memory, first_id, server_icon};

/// How wide a field is at least and at most.
const FIELD: (f32, f32) = (96.0, 220.0);

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    server_icon(ui);
    let labels: f32 = [words::SERVER, words::USER, words::PASSWORD]
        .into_iter()
        .map(|word| {
            layout(ui.painter(), word, Role::Body, f32::INFINITY)
                .size()
                .x
        })
        .sum();
    let room = ui.available_width();
    let demo = if room >= 980.0 {
        words::DEMO
    } else {
        words::DEMO_SHORT
    };
    let buttons = layout(ui.painter(), demo, Role::Body, f32::INFINITY)
        .size()
        .x
        + 180.0
        + size::ICON_BUTTON_SMALL;
    let spaces = 9.0 * gap::NEAR;
    let width = ((room - labels - buttons - spaces) / 3.0).clamp(FIELD.0, FIELD.1);
    let host = host(ui, view, width);
    let user = user(ui, view, width);
    let password = password(ui, view, memory, width);
    let is_entered = |response: &Response| response.lost_focus();
    let entered = [&host, &user, &password].into_iter().any(is_entered)
        && ui.input(|input| input.key_pressed(Key::Enter));
    let command = Command::Connect;
    let button = Button::new(command.label())
        .small()
        .icon(Icon::Connect)
        .tooltip(command.tooltip())
        .enabled_or(command.availability(view.state));
    if button.show(ui).clicked() || entered {
        view.command(command);
    }
    let more = Command::ConnectTo;
    let options = IconButton::new(Icon::Settings, words::OPTIONS)
        .small()
        .enabled_or(more.availability(view.state));
    if options.show(ui).clicked() {
        view.command(more);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        // The word, not the room around it, keeps the panel's distance.
        ui.add_space(gap::TIGHT);
        let command = Command::ConnectDemo;
        let button = Button::new(demo)
            .small()
            .kind(ButtonKind::Link)
            .tooltip(command.tooltip())
            .enabled_or(command.availability(view.state));
        if button.show(ui).clicked() {
            view.command(command);
        }
    });
}

fn label(ui: &mut Ui, word: &str) {
    text(ui, word, Role::Body, tokens(ui).text_secondary);
}

fn host(ui: &mut Ui, view: &mut View<'_>, width: f32) -> Response {
    label(ui, words::SERVER);
    let mut typed = view.state.fields.host.clone();
    let field = TextField::new(words::SERVER, &mut typed)
        .id(first_id())
        .hint(words::SERVER_HINT)
        .width(width)
        .small();
    let response = field.show(ui);
    if response.changed() {
        view.say(Msg::Server(ServerMsg::Host(typed)));
    }
    response
}

fn user(ui: &mut Ui, view: &mut View<'_>, width: f32) -> Response {
    label(ui, words::USER);
    let mut typed = view.state.fields.user.clone();
    let field = TextField::new(words::USER, &mut typed)
        .id(Id::unique("server-user"))
        .hint(words::USER_HINT)
        .width(width)
        .small();
    let response = field.show(ui);
    if response.changed() {
        view.say(Msg::Server(ServerMsg::User(typed)));
    }
    response
}

fn password(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory, width: f32) -> Response {
    label(ui, words::PASSWORD);
    let id = Id::unique("server-password");
    let field = TextField::new(words::PASSWORD, &mut memory.password)
        .id(id)
        .password()
        .width(width)
        .small();
    let response = field.show(ui);
    if let Some(mut state) = egui::text_edit::TextEditState::load(ui.ctx(), id) {
        // Its history would keep every password that was ever typed here.
        state.clear_undoer();
        state.store(ui.ctx(), id);
    }
    if response.changed() {
        let password = Secret::new(memory.password.clone());
        view.say(Msg::Server(ServerMsg::Password(password)));
    }
    response
}
