//! The server bar while a server is connected: one line about it.

use egui::{Align, Layout, Ui};

use crate::designer::words::server as words;
use crate::designer::{Agents, Command, ConnectedServer, Connection, ServerChoice};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, Status, gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, Elide, IconButton, elided, layout, pill, text, tooltip};

use super::server_icon;

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, server: &ConnectedServer, agents: &Agents) {
    let look = tokens(ui);
    let is_narrow = ui.available_width() < 1000.0;
    server_icon(ui);
    let name = elided(
        ui,
        &server.name,
        Role::BodyStrong,
        look.text_primary,
        Elide::Middle,
        220.0,
    );
    tooltip(&name, &server.address, None);
    pill(ui, Status::Success, words::CONNECTED);
    let right = right_width(ui, view, agents, is_narrow);
    let mut room = ui.available_width() - right - gap::GROUP;
    let reply = words::milliseconds(server.reply_ms);
    let is_demo = matches!(
        view.state.connection,
        Connection::Connected {
            choice: ServerChoice::Demo,
            ..
        }
    );
    let account = match server.signed_on.as_str() {
        _ if is_demo => (words::RUNS, words::ON_THIS_COMPUTER, 300.0),
        "" => (words::ACCOUNT, server.account.as_str(), 300.0),
        signed_on => (words::ACCOUNT, signed_on, 300.0),
    };
    // What matters least is left out first.
    let facts = [
        (words::REPLY, reply.as_str(), 70.0),
        account,
        (words::PRODUCT, server.product.as_str(), 420.0),
    ];
    let mut fits = [false; 3];
    for ((word, value, most), fits) in facts.iter().zip(&mut fits) {
        let width = |text| {
            layout(ui.painter(), text, Role::Body, f32::INFINITY)
                .size()
                .x
        };
        let wanted = width(word) + width(value).min(*most) + gap::GROUP + 2.0 * gap::NEAR;
        *fits = !value.is_empty() && wanted <= room;
        if *fits {
            room -= wanted;
        }
    }
    for ((word, value, most), _) in facts.iter().zip(fits).rev().filter(|(_, fits)| *fits) {
        ui.add_space(gap::NEAR);
        text(ui, word, Role::Body, look.text_secondary);
        ui.add_space(-gap::HAIR);
        elided(
            ui,
            value,
            Role::Body,
            look.text_primary,
            Elide::Middle,
            *most,
        );
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(gap::PANEL);
        button(ui, view, (Command::Disconnect, Icon::Close), is_narrow);
        button(ui, view, (Command::Refresh, Icon::Retry), is_narrow);
        if !is_narrow {
            state(ui, view, agents);
        }
    });
}

fn right_width(ui: &Ui, view: &View<'_>, agents: &Agents, is_narrow: bool) -> f32 {
    if is_narrow {
        return 90.0;
    }
    let words = agents
        .problem
        .clone()
        .unwrap_or_else(|| words::agents_read(agents, view.state.settings.refresh_secs));
    let width = layout(ui.painter(), &words, Role::Body, f32::INFINITY)
        .size()
        .x;
    width.min(STATE) + 260.0
}

/// How wide the state of the agents may be.
const STATE: f32 = 320.0;

fn state(ui: &mut Ui, view: &View<'_>, agents: &Agents) {
    let look = tokens(ui);
    let room = ui.available_width().min(STATE);
    if let Some(problem) = &agents.problem {
        let colour = look.status(Status::Warning).text;
        elided(ui, problem, Role::Body, colour, Elide::End, room);
        icons::show(ui, Icon::Warning, size::ICON_ROW, colour);
        return;
    }
    let shown = words::agents_read(agents, view.state.settings.refresh_secs);
    let response = elided(
        ui,
        &shown,
        Role::Body,
        look.text_secondary,
        Elide::End,
        room,
    );
    if response.contains_pointer() {
        tooltip(&response, &words::agents_read_tip(agents, view.now), None);
    }
}

fn button(ui: &mut Ui, view: &mut View<'_>, (command, icon): (Command, Icon), is_narrow: bool) {
    let can = command.availability(view.state);
    let key = command.shortcuts().first().map(ToString::to_string);
    let is_clicked = if is_narrow {
        let mut button = IconButton::new(icon, command.label())
            .small()
            .enabled_or(can);
        if let Some(key) = &key {
            button = button.key(key);
        }
        button.show(ui).clicked()
    } else {
        let word = match command {
            Command::Refresh => words::REFRESH,
            _ => command.label(),
        };
        let mut button = Button::new(word)
            .name(command.label())
            .small()
            .tooltip(command.tooltip())
            .enabled_or(can);
        if command == Command::Refresh {
            button = button.icon(icon);
        }
        if let Some(key) = &key {
            button = button.key(key);
        }
        button.show(ui).clicked()
    };
    if is_clicked {
        view.command(command);
    }
}
