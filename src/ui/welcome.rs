//! The welcome screen: the demo server, connecting, new, open, recent files, templates.

mod recent;
mod templates;

use egui::{
    Align, CornerRadius, Frame, Id, Layout, Margin, Response, ScrollArea, Sense, Stroke, Ui, vec2,
};

use crate::designer::words::welcome as words;
use crate::designer::{Command, Connection};

use super::icons::{self, Icon};
use super::theme::{Role, gap, radius, size, tokens};
use super::view::View;
use super::widgets::{Button, ButtonKind, key_caps, row, separator, text};

/// The width of both columns and the room between them.
const CONTENT: f32 = 1040.0;
/// The part of it that the left column has.
const LEFT: f32 = 400.0;
/// The room between the columns.
const BETWEEN: f32 = 48.0;
/// Narrower than this, the columns lie one below the other.
const TWO_COLUMNS: f32 = 860.0;

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let room = ui.available_width() - 2.0 * gap::FAR;
        let width = room.min(CONTENT);
        let side = (ui.available_width() - width) / 2.0;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(width);
                content(ui, view, width);
            });
        });
    });
}

fn content(ui: &mut Ui, view: &mut View<'_>, width: f32) {
    let tokens = tokens(ui);
    let top = (ui.available_height() * 0.08).clamp(gap::GROUP, 60.0);
    ui.add_space(top);
    text(ui, words::TITLE, Role::Display, tokens.text_primary);
    ui.add_space(gap::CLOSE);
    text(ui, words::LINE, Role::Body, tokens.text_secondary);
    ui.add_space(gap::WIDE);
    if width < TWO_COLUMNS {
        ways_in(ui, view);
        ui.add_space(gap::FAR);
        files(ui, view);
    } else {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(LEFT);
                ways_in(ui, view);
            });
            ui.add_space(BETWEEN);
            ui.vertical(|ui| {
                ui.set_width(width - LEFT - BETWEEN);
                files(ui, view);
            });
        });
    }
    ui.add_space(gap::FAR);
}

fn ways_in(ui: &mut Ui, view: &mut View<'_>) {
    demo_card(ui, view);
    ui.add_space(gap::APART);
    for (icon, title, line, command) in [
        (
            Icon::Connect,
            words::CONNECT,
            words::CONNECT_TEXT,
            Command::ConnectTo,
        ),
        (Icon::New, words::NEW, words::NEW_TEXT, Command::New),
        (Icon::Open, words::OPEN, words::OPEN_TEXT, Command::Open),
    ] {
        if way(ui, icon, (title, line), command).clicked() {
            view.command(command);
        }
        separator(ui);
    }
    ui.add_space(gap::APART);
    ui.horizontal(|ui| {
        let colour = tokens(ui).text_secondary;
        ui.add_space(gap::GROUP);
        icons::show(ui, Icon::Info, size::ICON_ROW, colour);
        ui.add_space(gap::NEAR);
        text(ui, words::DROP, Role::Body, colour);
    });
}

fn demo_card(ui: &mut Ui, view: &mut View<'_>) {
    const TILE: f32 = 44.0;
    let tokens = tokens(ui);
    Frame::new()
        .fill(tokens.bg_selected)
        .stroke(Stroke::new(1.0, tokens.accent))
        .corner_radius(radius::LANE)
        .inner_margin(Margin::same(18))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let (tile, _) = ui.allocate_exact_size(vec2(TILE, TILE), Sense::hover());
                let corner = CornerRadius::same(radius::TILE);
                ui.painter().rect_filled(tile, corner, tokens.accent);
                icons::paint(ui, Icon::Server, tile.shrink(11.0), tokens.on_accent);
                ui.add_space(gap::PANEL);
                ui.vertical(|ui| {
                    text(ui, words::DEMO, Role::Section, tokens.text_primary);
                    ui.add_space(gap::TIGHT);
                    text(ui, words::DEMO_TEXT, Role::Body, tokens.text_secondary);
                });
            });
            ui.add_space(gap::PANEL);
            ui.horizontal(|ui| {
                let is_busy = matches!(view.state.connection, Connection::Connecting { .. });
                let allowed = Command::ConnectDemo.availability(view.state);
                let button = Button::new(words::DEMO_BUTTON)
                    .icon(Icon::PlayFill)
                    .kind(ButtonKind::Primary)
                    .enabled_or(allowed)
                    .show(ui);
                if button.clicked() {
                    view.command(Command::ConnectDemo);
                }
                ui.add_space(gap::NEAR);
                if is_busy {
                    ui.spinner();
                } else {
                    text(ui, words::DEMO_TIME, Role::Body, tokens.text_secondary);
                }
            });
        });
}

/// A row with an icon, two lines and the keys.
fn way(ui: &mut Ui, icon: Icon, (title, below): (&str, &str), command: Command) -> Response {
    const HEIGHT: f32 = 57.0;
    let tokens = tokens(ui);
    let id = Id::unique(("way-in", title));
    row(ui, (id, title), false, HEIGHT, |ui| {
        ui.add_space(gap::CLOSE);
        icons::show(ui, icon, size::ICON_TOOLBAR, tokens.text_secondary);
        ui.add_space(gap::GROUP);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(gap::NEAR);
            text(ui, title, Role::BodyStrong, tokens.text_primary);
            text(ui, below, Role::Body, tokens.text_secondary);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(gap::NEAR);
            if let Some(keys) = command.shortcuts().first() {
                key_caps(ui, &keys.to_string());
            }
        });
    })
}

fn files(ui: &mut Ui, view: &mut View<'_>) {
    recent::show(ui, view);
    ui.add_space(gap::FAR);
    templates::show(ui, view);
}
