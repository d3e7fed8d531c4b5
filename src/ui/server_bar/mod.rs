//! The server bar: connecting, and what is connected.
//!
//! The password that is typed here is wiped as soon as it is no longer needed; it must not reach
//! the undo history of the field.

mod connected;
mod fields;

use egui::{Align, Id, Layout, Ui};

use crate::base::secret::Secret;
use crate::designer::words::quotes::quoted;
use crate::designer::words::{server as words, servers};
use crate::designer::{Command, Connection, ServerChoice};

use super::icons::{self, Icon, Weight};
use super::theme::{Role, Status, gap, motion, seconds, size, tokens};
use super::view::View;
use super::widgets::{Button, ButtonKind, Elide, elided, text};

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    /// The password while it is being typed.
    password: String,
    /// Whether the fields are shown again after a failure.
    is_changing: bool,
}

impl Memory {
    /// Wipes the password once the designer has none.
    fn forget(&mut self) {
        drop(Secret::new(std::mem::take(&mut self.password)));
    }
}

/// The first field, which takes the keyboard.
pub(in crate::ui) fn first_id() -> Id {
    Id::unique("server-host")
}

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    if view.state.fields.password.is_empty() && !memory.password.is_empty() {
        memory.forget();
    }
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = gap::NEAR;
        ui.add_space(gap::PANEL);
        match &view.state.connection {
            Connection::None => fields::show(ui, view, memory),
            Connection::Failed { .. } if memory.is_changing => fields::show(ui, view, memory),
            Connection::Failed {
                choice, sentence, ..
            } => failed(ui, view, memory, choice, sentence),
            Connection::Connecting { choice, .. } => connecting(ui, view, choice),
            Connection::Connected { server, agents, .. } => {
                connected::show(ui, view, server, agents);
            }
        }
    });
    if !matches!(view.state.connection, Connection::Failed { .. }) {
        memory.is_changing = false;
    }
}

/// The icon at the left edge of the bar.
fn server_icon(ui: &mut Ui) {
    let colour = tokens(ui).text_secondary;
    icons::show(ui, Icon::Server, size::ICON_TOOLBAR, colour);
}

fn connecting(ui: &mut Ui, view: &mut View<'_>, choice: &ServerChoice) {
    turning(ui);
    let colour = tokens(ui).status(Status::Running).text;
    let words = words::connecting(&servers::choice(choice));
    let room = (ui.available_width() - 120.0).max(60.0);
    elided(ui, &words, Role::Body, colour, Elide::Middle, room);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(gap::PANEL);
        let command = Command::CancelConnect;
        let button = Button::new(words::CANCEL)
            .small()
            .tooltip(command.tooltip())
            .enabled_or(command.availability(view.state));
        if button.show(ui).clicked() {
            view.command(command);
        }
    });
}

/// A ring that turns while something goes on; it stands still where the person wants no movement.
pub(in crate::ui) fn turning(ui: &mut Ui) {
    let side = size::ICON_TOOLBAR;
    let (rect, _) = ui.allocate_exact_size(egui::vec2(side, side), egui::Sense::hover());
    let colour = tokens(ui).status(Status::Running).text;
    let turn = seconds(ui, motion::TURN);
    let angle = if turn > 0.0 {
        let frame = std::time::Duration::from_secs_f32(1.0 / motion::TURN_RATE);
        ui.ctx().request_repaint_after(frame);
        let time = ui.input(|input| input.time);
        (time / f64::from(turn)).fract() * std::f64::consts::TAU
    } else {
        0.0
    };
    let style = (colour, Weight::Regular);
    icons::paint_turned(ui.painter(), Icon::Retry, rect, style, angle as f32);
}

fn failed(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    choice: &ServerChoice,
    sentence: &str,
) {
    let error = tokens(ui).status(Status::Error).text;
    icons::show(ui, Icon::Error, size::ICON_TOOLBAR, error);
    text(ui, servers::NOT_CONNECTED, Role::BodyStrong, error);
    let room = (ui.available_width() - 290.0).max(60.0);
    elided(ui, &quoted(sentence), Role::Body, error, Elide::End, room);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(gap::PANEL);
        let again = match choice {
            ServerChoice::Demo => Command::ConnectDemo,
            ServerChoice::Winrm(_) => Command::Connect,
        };
        let button = Button::new(words::TRY_AGAIN)
            .small()
            .icon(Icon::Retry)
            .tooltip(again.tooltip())
            .enabled_or(again.availability(view.state));
        if button.show(ui).clicked() {
            view.command(again);
        }
        let change = Button::new(words::CHANGE).small().kind(ButtonKind::Link);
        if change.show(ui).clicked() {
            memory.is_changing = true;
            super::keys::focus(ui, crate::designer::Panel::Server);
        }
        let more = Command::ConnectTo;
        let details = Button::new(words::DETAILS)
            .small()
            .kind(ButtonKind::Link)
            .tooltip(more.tooltip())
            .enabled_or(more.availability(view.state));
        if details.show(ui).clicked() {
            view.command(more);
        }
    });
}
