//! The lists of commands before and after a step, a thread or the sequence.

use egui::{Align, Layout, Ui, vec2};

use super::command;
use super::fold::Line;
use super::form::Form;
use crate::designer::words::inspector as words;
use crate::designer::{Field, ProgramOf, recipe};
use crate::model::{Command, Place, PostCommand, Processing, When};
use crate::run::Slot;
use crate::ui::icons::Icon;
use crate::ui::theme::{gap, size};
use crate::ui::widgets::{IconButton, section};

/// Draws both lists; the changed lists and what has changed.
pub(super) fn show(
    form: &mut Form<'_, '_>,
    ui: &mut Ui,
    place: Place,
    processing: &Processing,
) -> Option<(Processing, Field)> {
    let mut said = None;
    section(ui, Some(Icon::Pre), words::PRE_PROCESSING, |_ui| {});
    form.part("pre", |form| {
        for (index, pre) in processing.pre.iter().enumerate() {
            let slot = Slot::PreProcessing(index);
            let row = Row {
                place,
                slot,
                index,
                count: processing.pre.len(),
                when: None,
            };
            let Some(new) = item(form, ui, row, pre) else {
                continue;
            };
            let mut all = processing.clone();
            match new {
                Change::To(command, _) => replace(&mut all.pre, index, command),
                Change::Remove => drop(all.pre.remove(index)),
                Change::Swap(other) => all.pre.swap(index, other),
            }
            said = Some((all, Field::PreProcessing(index)));
        }
        if let Some(command) = add(form, ui, processing.pre.len()) {
            let mut all = processing.clone();
            all.pre.push(command);
            said = Some((all, Field::PreProcessing(processing.pre.len())));
        }
    });
    ui.add_space(gap::NEAR);
    section(ui, Some(Icon::Post), words::POST_PROCESSING, |_ui| {});
    form.part("post", |form| {
        for (index, post) in processing.post.iter().enumerate() {
            let slot = Slot::PostProcessing(index);
            let count = processing.post.len();
            let row = Row {
                place,
                slot,
                index,
                count,
                when: Some(post.when),
            };
            let Some(new) = item(form, ui, row, &post.command) else {
                continue;
            };
            let mut all = processing.clone();
            match new {
                Change::To(command, when) => {
                    let when = when.unwrap_or(post.when);
                    replace(&mut all.post, index, PostCommand { when, command });
                }
                Change::Remove => drop(all.post.remove(index)),
                Change::Swap(other) => all.post.swap(index, other),
            }
            said = Some((all, Field::PostProcessing(index)));
        }
        if let Some(command) = add(form, ui, processing.post.len()) {
            let mut all = processing.clone();
            let when = When::default();
            all.post.push(PostCommand { when, command });
            said = Some((all, Field::PostProcessing(processing.post.len())));
        }
    });
    said
}

fn replace<T>(all: &mut [T], index: usize, new: T) {
    if let Some(old) = all.get_mut(index) {
        *old = new;
    }
}

/// A command of a list.
#[derive(Clone, Copy)]
struct Row {
    place: Place,
    slot: Slot,
    index: usize,
    count: usize,
    when: Option<When>,
}

/// What a person wants of a command of a list.
enum Change {
    To(Command, Option<When>),
    Remove,
    Swap(usize),
}

fn item(form: &mut Form<'_, '_>, ui: &mut Ui, row: Row, command: &Command) -> Option<Change> {
    let summary = summary(command);
    let line = Line {
        title: &summary,
        end: row.when.map_or("", words::when),
        is_open: false,
    };
    let salt = ("item", row.index);
    if !form.fold(ui, salt, line) {
        return None;
    }
    let index = row.index;
    let fold = form.scope.with(salt);
    let is_fresh = form.fresh.take_if(|fresh| *fresh == fold).is_some();
    let mut said = None;
    form.part(("command", index), |form| {
        let shown = egui::Frame::new()
            .inner_margin(egui::Margin {
                left: 10,
                right: 0,
                top: 2,
                bottom: 4,
            })
            .show(ui, |ui| {
                said = order(form, ui, row);
                if let Some(when) = row.when {
                    let options = When::ALL
                        .map(|when| (when, words::when(when).to_owned(), words::when_hint(when)));
                    let shown = (when, words::when(when));
                    if let Some(when) = form.choice(ui, words::WHEN, shown, options) {
                        said = Some(Change::To(command.clone(), Some(when)));
                    }
                }
                let of = ProgramOf {
                    place: row.place,
                    slot: row.slot,
                };
                if let Some((command, _)) = command::fields(form, ui, of, command) {
                    said = Some(Change::To(command, None));
                }
                if row.when.is_some() && matches!(row.place, Place::Step { .. }) {
                    Form::tip(ui, words::RESULT_TIP);
                }
            });
        if is_fresh {
            ui.scroll_to_rect(shown.response.rect, None);
            let first = command::first_field(form, command);
            ui.memory_mut(|memory| memory.request_focus(first));
        }
    });
    match said {
        Some(Change::Swap(other)) => {
            form.set_open(salt, [false, false]);
            form.set_open(("item", other), [false, true]);
            form.drafts.clear();
        }
        Some(Change::Remove) => {
            for other in 0..row.count {
                form.set_open(("item", other), [false, false]);
            }
            form.drafts.clear();
        }
        Some(Change::To(..)) | None => {}
    }
    said
}

/// The buttons that move and remove.
fn order(form: &Form<'_, '_>, ui: &mut Ui, row: Row) -> Option<Change> {
    let wanted = vec2(ui.available_width(), size::ICON_BUTTON_SMALL);
    let mut said = None;
    ui.allocate_ui_with_layout(wanted, Layout::right_to_left(Align::Center), |ui| {
        if !form.enabled {
            ui.disable();
        }
        ui.spacing_mut().item_spacing.x = gap::HAIR;
        if IconButton::new(Icon::Delete, words::REMOVE)
            .small()
            .show(ui)
            .clicked()
        {
            said = Some(Change::Remove);
        }
        let is_last = row.index + 1 >= row.count;
        let down = IconButton::new(Icon::Collapse, words::MOVE_DOWN).small();
        let why = if is_last { Err(words::IS_LAST) } else { Ok(()) };
        if down.enabled_or(why).show(ui).clicked() {
            said = Some(Change::Swap(row.index + 1));
        }
        let up = IconButton::new(Icon::Sort, words::MOVE_UP).small();
        let why = if row.index == 0 {
            Err(words::IS_FIRST)
        } else {
            Ok(())
        };
        if up.enabled_or(why).show(ui).clicked() {
            said = Some(Change::Swap(row.index - 1));
        }
    });
    said
}

fn add(form: &mut Form<'_, '_>, ui: &mut Ui, index: usize) -> Option<Command> {
    /// The room that both take with their icons.
    const WITH_ICONS: f32 = 264.0;
    let mut said = None;
    let wanted = vec2(ui.available_width(), size::BUTTON_SMALL);
    // In a narrow panel the words matter more than their icons.
    let has_icons = wanted.x >= WITH_ICONS;
    let icon = |icon: Icon| has_icons.then_some(icon);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::CLOSE;
        if form.small_button(ui, icon(Icon::Add), words::ADD_COMMAND, "") {
            said = Some(Command::new(""));
        }
        if form.small_button(ui, icon(Icon::Copy), words::ADD_COPY, words::ADD_COPY_TIP) {
            said = Some(recipe::copy_file("", ""));
        }
    });
    if said.is_some() {
        form.set_open(("item", index), [false, true]);
        *form.fresh = Some(form.scope.with(("item", index)));
    }
    said
}

/// The program without its folder, and its arguments.
fn summary(command: &Command) -> String {
    if let Some((from, to)) = recipe::copied(command) {
        return words::copies(from, to);
    }
    if command.program.is_empty() {
        return words::NO_PROGRAM.to_owned();
    }
    let program = command.program.rsplit(['/', '\\']).next();
    let mut line = program.unwrap_or_default().to_owned();
    for argument in command.arguments.iter().take(8) {
        line.push(' ');
        line.push_str(argument);
    }
    line
}
