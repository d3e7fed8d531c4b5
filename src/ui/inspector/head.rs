//! The head of the inspector: what is chosen; and its foot: what can be done with it.

use egui::{Align, Frame, Layout, Margin, Ui, vec2};

use super::marks;
use crate::designer::words::inspector as words;
use crate::designer::words::window::UNTITLED;
use crate::designer::{Command, State};
use crate::model::{Place, Step, StepKind};
use crate::ui::icons::Icon;
use crate::ui::theme::{Role, StepLook, gap, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, ButtonKind, Elide, elided};

/// What the head tells.
pub(super) struct Head {
    /// Its icon.
    pub(super) icon: Icon,
    /// Its family.
    pub(super) look: StepLook,
    /// What it is called.
    pub(super) title: String,
    /// What it is.
    pub(super) second: String,
    /// Where it is.
    pub(super) place: [String; 2],
}

/// The head of what is chosen.
pub(super) fn of(state: &State) -> Head {
    let chosen = &state.selection;
    let sequence = &state.document.sequence;
    match chosen.single() {
        Some(place @ Place::Step { thread, step }) => {
            if let Some(content) = sequence.step(place) {
                return of_step(state, content, (thread, step));
            }
        }
        Some(Place::Thread(thread)) => {
            if let Some(content) = sequence.thread(thread) {
                let steps = words::steps(content.steps.len());
                return Head {
                    icon: Icon::Thread,
                    look: StepLook::Flow,
                    title: or(&content.name, words::NO_NAME),
                    second: steps,
                    place: [words::thread_number(thread), String::new()],
                };
            }
        }
        Some(Place::Sequence) | None => {}
    }
    let steps = chosen.steps().count();
    let threads = chosen.threads().count();
    if steps + threads > 1 {
        let title = if steps > 0 {
            words::steps_chosen(steps)
        } else {
            words::threads_chosen(threads)
        };
        return Head {
            icon: Icon::Group,
            look: StepLook::Flow,
            title,
            second: words::SEVERAL_HINT.to_owned(),
            place: [String::new(), String::new()],
        };
    }
    let file = state.document.file_name();
    let steps = sequence
        .threads
        .iter()
        .map(|thread| thread.steps.len())
        .sum();
    Head {
        icon: Icon::Sequence,
        look: StepLook::Flow,
        title: or(&sequence.name, file.as_deref().unwrap_or(UNTITLED)),
        second: words::threads_and_steps(sequence.threads.len(), steps),
        place: [words::SEQUENCE.to_owned(), String::new()],
    }
}

fn or(name: &str, other: &str) -> String {
    if name.is_empty() { other } else { name }.to_owned()
}

/// The head of a step.
pub(super) fn of_step(state: &State, step: &Step, (thread, index): (usize, usize)) -> Head {
    let (icon, look) = marks::step(state, step);
    let (title, second) = match &step.kind {
        StepKind::RunProfile(run) => (run.agent.to_string(), run.profile.to_string()),
        StepKind::Delay { duration } => (
            words::DELAY.to_owned(),
            crate::designer::typed::span_text(*duration),
        ),
        StepKind::Command(command) => (
            words::COMMAND.to_owned(),
            or(&command.program, words::NO_PROGRAM),
        ),
    };
    let (title, second) = match &step.name {
        Some(name) => (name.clone(), format!("{title} · {second}")),
        None => (title, second),
    };
    Head {
        icon,
        look,
        title,
        second,
        place: [
            words::thread_number(thread),
            words::step_number(thread, index),
        ],
    }
}

/// Draws the head.
pub(super) fn show(ui: &mut Ui, head: &Head, tile: impl FnOnce(&mut Ui)) {
    Frame::new()
        .inner_margin(Margin::symmetric(gap::PANEL as i8, gap::APART as i8))
        .show(ui, |ui| {
            let wanted = vec2(ui.available_width(), size::TILE + gap::HAIR);
            ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = gap::NEAR + gap::HAIR;
                tile(ui);
                let place = head.place.iter().any(|line| !line.is_empty());
                let room = if place { 76.0 } else { 0.0 };
                let width = (ui.available_width() - room).max(40.0);
                ui.allocate_ui_with_layout(
                    vec2(width, size::TILE + gap::HAIR),
                    Layout::top_down(Align::Min),
                    |ui| {
                        ui.set_width(width);
                        ui.spacing_mut().item_spacing.y = 0.0;
                        let look = tokens(ui);
                        let strong = look.text_primary;
                        elided(ui, &head.title, Role::CardTitle, strong, Elide::End, width);
                        let dim = look.text_secondary;
                        elided(ui, &head.second, Role::Body, dim, Elide::End, width);
                    },
                );
                if place {
                    places(ui, head);
                }
            });
        });
    line(ui);
}

fn places(ui: &mut Ui, head: &Head) {
    let wanted = vec2(ui.available_width(), size::TILE + gap::HAIR);
    ui.allocate_ui_with_layout(wanted, Layout::top_down(Align::Max), |ui| {
        ui.spacing_mut().item_spacing.y = gap::HAIR;
        let dim = tokens(ui).text_tertiary;
        for line in head.place.iter().filter(|line| !line.is_empty()) {
            let room = ui.available_width();
            elided(ui, line, Role::Small, dim, Elide::End, room);
        }
    });
}

/// A thin line across the panel.
pub(super) fn line(ui: &mut Ui) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 1.0));
    ui.painter()
        .rect_filled(rect, 0.0, tokens(ui).stroke_subtle);
}

/// Draws the foot.
pub(super) fn foot(ui: &mut Ui, view: &mut View<'_>, is_on: bool) {
    /// The room that all three take with their icons.
    const WITH_ICONS: f32 = 296.0;
    let has_icons = ui.available_width() >= WITH_ICONS;
    let wanted = vec2(ui.available_width(), size::BUTTON_SMALL);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        let toggle = if is_on { words::DISABLE } else { words::ENABLE };
        action(
            ui,
            view,
            Command::Duplicate,
            (Icon::Duplicate, words::DUPLICATE, has_icons),
        );
        // Several have their own buttons, one for each way.
        if view.state.selection.places.len() == 1 {
            let skip = (Icon::Skip, toggle, has_icons);
            action(ui, view, Command::ToggleEnabled, skip);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let delete = (Icon::Delete, words::DELETE, has_icons);
            action(ui, view, Command::Delete, delete);
        });
    });
}

fn action(
    ui: &mut Ui,
    view: &mut View<'_>,
    command: Command,
    (icon, label, has_icons): (Icon, &str, bool),
) {
    let key = command.shortcuts().first().map(ToString::to_string);
    let kind = if command == Command::Delete {
        ButtonKind::QuietDanger
    } else {
        ButtonKind::Quiet
    };
    let mut button = Button::new(label)
        .small()
        .kind(kind)
        .tooltip(command.label())
        .enabled_or(command.availability(view.state));
    // In a narrow panel the words matter more than their icons.
    if has_icons {
        button = button.icon(icon);
    }
    if let Some(key) = &key {
        button = button.key(key);
    }
    if button.show(ui).clicked() {
        view.command(command);
    }
}
