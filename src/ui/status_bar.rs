//! The status bar: how things stand, in a few words each.

use std::borrow::Cow;

use egui::{Align, Color32, Layout, Role as Part, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::designer::words::{servers, status as words};
use crate::designer::{Command, Screen, State};

use super::theme::{Role, Status, gap, radius, size, tokens};
use super::view::View;
use super::widgets::{focus_ring, layout, text, tooltip};

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let mut left = left(ui, view.state);
    let mut right = right(ui, view.state);
    let room = ui.available_width() - 2.0 * gap::PANEL - gap::GROUP;
    fit(ui, (&mut left, &mut right), room);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = gap::CLOSE;
        ui.add_space(gap::PANEL);
        draw(ui, view, &left);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(gap::PANEL);
            draw(ui, view, &right);
        });
    });
}

/// A few words of the bar.
struct Fact<'a> {
    words: Cow<'a, str>,
    colour: Color32,
    /// What a click does, and how that is called.
    does: Option<(Command, &'static str)>,
    /// How soon it is left out where there is little room: the highest first, zero never.
    spare: u8,
}

impl<'a> Fact<'a> {
    fn new(words: impl Into<Cow<'a, str>>, colour: Color32, spare: u8) -> Self {
        Self {
            words: words.into(),
            colour,
            does: None,
            spare,
        }
    }

    fn doing(words: String, colour: Color32, does: (Command, &'static str)) -> Self {
        Self {
            does: Some(does),
            ..Self::new(words, colour, 0)
        }
    }
}

fn left<'a>(ui: &Ui, state: &'a State) -> Vec<Fact<'a>> {
    let plain = tokens(ui).text_secondary;
    let mut facts = vec![Fact::new(servers::state(&state.connection), plain, 0)];
    if let Some(signed_on) = servers::signed_on(&state.connection) {
        facts.push(Fact::new(signed_on, plain, 4));
    }
    if let Some(agents) = state.connection.agents() {
        facts.push(Fact::new(servers::agents(agents.list.len()), plain, 3));
    }
    if state.screen == Screen::Welcome {
        return facts;
    }
    let command = (Command::ShowProblems, words::SHOW_PROBLEMS);
    facts.push(Fact::doing(words::problems(state), plain, command));
    let colour = if state.document.is_modified() {
        tokens(ui).status(Status::Warning).text
    } else {
        plain
    };
    facts.push(Fact::new(words::saved(state), colour, 0));
    if let Some(selected) = words::selected(state) {
        facts.push(Fact::new(selected, plain, 1));
    }
    facts
}

/// From the right edge to the left.
fn right<'a>(ui: &Ui, state: &'a State) -> Vec<Fact<'a>> {
    let plain = tokens(ui).text_secondary;
    let mut facts = Vec::new();
    let percent = state.settings.scale_percent;
    if percent != 100 {
        let command = (Command::ZoomReset, words::ACTUAL_SIZE);
        facts.push(Fact::doing(words::zoom(percent), plain, command));
    }
    if state.screen == Screen::Welcome {
        return facts;
    }
    facts.push(Fact::new(words::extent(state), plain, 2));
    if let Some(watch) = &state.watch {
        let run = words::run(watch, &jiff::tz::TimeZone::system());
        facts.push(Fact::new(run, plain, 5));
    }
    facts
}

/// Leaves out what can best be spared, until both sides have room.
fn fit(ui: &Ui, (left, right): (&mut Vec<Fact<'_>>, &mut Vec<Fact<'_>>), room: f32) {
    let width = |fact: &Fact<'_>| {
        let galley = layout(ui.painter(), &fact.words, Role::Small, f32::INFINITY);
        galley.size().x + DOT + 2.0 * gap::CLOSE
    };
    let mut wanted: f32 = left.iter().chain(right.iter()).map(width).sum();
    while wanted > room {
        let spares = left.iter().chain(right.iter()).map(|fact| fact.spare);
        let Some(most) = spares.max().filter(|spare| *spare > 0) else {
            return;
        };
        let gone = left.iter().chain(right.iter());
        wanted -= gone
            .filter(|fact| fact.spare == most)
            .map(width)
            .sum::<f32>();
        left.retain(|fact| fact.spare != most);
        right.retain(|fact| fact.spare != most);
    }
}

fn draw(ui: &mut Ui, view: &mut View<'_>, facts: &[Fact<'_>]) {
    for (index, fact) in facts.iter().enumerate() {
        if index > 0 {
            dot(ui);
        }
        match fact.does {
            Some(does) => button(ui, view, does, &fact.words),
            None => word(ui, &fact.words, fact.colour),
        }
    }
}

fn word(ui: &mut Ui, word: &str, colour: Color32) {
    if ui.available_width() > 30.0 {
        text(ui, word, Role::Small, colour);
    }
}

/// The room of the dot between two facts.
const DOT: f32 = 8.0;

fn dot(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(DOT, DOT), Sense::hover());
    let colour = tokens(ui).text_tertiary;
    ui.painter().circle_filled(rect.center(), 1.5, colour);
}

/// A word that does something.
fn button(ui: &mut Ui, view: &mut View<'_>, (command, tip): (Command, &str), word: &str) {
    let look = tokens(ui);
    let galley = layout(
        ui.painter(),
        word,
        Role::Small,
        ui.available_width().max(20.0),
    );
    let wanted = vec2(galley.size().x, size::STATUS_BAR - 6.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::Button, ui.is_enabled(), tip);
        info.current_text_value = Some(word.to_owned());
        info
    });
    let colour = if response.hovered() {
        look.accent_text
    } else {
        look.text_secondary
    };
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, colour);
    if response.hovered() {
        let line = Stroke::new(1.0, colour);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 2.5, line);
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    focus_ring(ui, &response, rect, radius::CHART);
    let key = command.shortcuts().first().map(ToString::to_string);
    tooltip(&response, tip, key.as_deref());
    if response.clicked() {
        view.command(command);
    }
}
