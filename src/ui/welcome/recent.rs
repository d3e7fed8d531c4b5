//! The recent files.

use egui::{Align, Id, Layout, Ui};

use crate::designer::Msg;
use crate::designer::words::files::path_text;
use crate::designer::words::welcome as words;
use crate::settings::RecentFile;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, Status, gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, ButtonKind, Elide, elided, row, text};

/// How many files are listed; the File menu has all of them.
const LISTED: usize = 5;

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let tokens = tokens(ui);
    let has_files = !view.state.settings.recent.is_empty();
    ui.horizontal(|ui| {
        text(ui, words::RECENT, Role::Section, tokens.text_primary);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // Its word ends where the words of the rows end.
            ui.add_space(-gap::HAIR);
            let clear = Button::new(words::CLEAR).small().kind(ButtonKind::Link);
            if has_files && clear.show(ui).clicked() {
                view.say(Msg::ClearRecent);
            }
        });
    });
    ui.add_space(gap::TIGHT);
    if !has_files {
        text(ui, words::NO_RECENT, Role::Body, tokens.text_tertiary);
    }
    let state = view.state;
    for file in state.settings.recent.iter().take(LISTED) {
        let is_there = state.recent_seen.get(&file.path) != Some(&false);
        if entry(ui, view, file, is_there) {
            view.say(Msg::OpenFile(file.path.clone()));
        }
    }
}

fn entry(ui: &mut Ui, view: &View<'_>, file: &RecentFile, is_there: bool) -> bool {
    const HEIGHT: f32 = 50.0;
    const RIGHT: f32 = 150.0;
    let tokens = tokens(ui);
    let path = path_text(&file.path);
    let name = name_of(&path);
    let when = words::when(file, view.now);
    let content = words::content(file);
    let id = Id::unique(("recent", &file.path));
    let (title, quiet) = if is_there {
        (tokens.text_primary, tokens.text_secondary)
    } else {
        (tokens.text_secondary, tokens.text_tertiary)
    };
    let response = row(ui, (id, name), false, HEIGHT, |ui| {
        ui.add_space(gap::TIGHT);
        icons::show(ui, Icon::Xml, size::ICON_TOOLBAR, quiet);
        ui.add_space(gap::APART);
        let room = ui.available_width() - RIGHT;
        ui.vertical(|ui| {
            ui.set_width(room);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(gap::CLOSE);
            elided(ui, name, Role::Body, title, Elide::Middle, room);
            elided(ui, &path, Role::Small, quiet, Elide::Middle, room);
        });
        ui.with_layout(Layout::top_down(Align::Max), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(gap::CLOSE);
            text(ui, &when, Role::Small, quiet);
            if is_there {
                text(ui, &content, Role::Small, quiet);
            } else {
                gone(ui);
            }
        });
    });
    response.clicked()
}

fn gone(ui: &mut Ui) {
    let colour = tokens(ui).status(Status::Warning).text;
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        text(ui, words::GONE, Role::Small, colour);
        ui.add_space(gap::TIGHT);
        icons::show(ui, Icon::Warning, size::ICON_PILL, colour);
    });
}

/// The last part of a path, whichever system wrote it.
fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
