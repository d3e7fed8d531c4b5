//! The properties of one thread.

use egui::Ui;

use super::form::{Form, Typed};
use super::processing;
use crate::designer::words::inspector as words;
use crate::designer::{Command, Edit, Field, Msg, ThreadHead, typed};
use crate::model::{Place, Thread};
use crate::ui::icons::Icon;
use crate::ui::theme::gap;
use crate::ui::widgets::{Button, separator};

/// Draws them.
pub(super) fn show(form: &mut Form<'_, '_>, ui: &mut Ui, index: usize, thread: &Thread) {
    let name = form.text(ui, Typed::new(words::NAME), &thread.name, |text| {
        Ok(text.to_owned())
    });
    if let Some(name) = name {
        say(form, index, thread, Field::Name, |head| head.name = name);
    }
    if let Some(enabled) = form.toggle(ui, words::ENABLED, thread.enabled, "") {
        say(form, index, thread, Field::Enabled, |head| {
            head.enabled = enabled;
        });
    }
    let shown = if thread.start_delay.is_zero() {
        String::new()
    } else {
        typed::span_text(thread.start_delay)
    };
    let field = Typed::new(words::START_DELAY).hint(words::NO_DELAY);
    if let Some(delay) = form.with_default(ui, field, &shown, typed::span_or_zero) {
        say(form, index, thread, Field::StartDelay, |head| {
            head.start_delay = delay;
        });
    }
    let shown = if thread.repeat.get() == 1 {
        String::new()
    } else {
        thread.repeat.to_string()
    };
    let field = Typed {
        unit: words::ROUNDS,
        width: Some(110.0),
        ..Typed::new(words::REPEAT).hint("1")
    };
    if let Some(repeat) = form.with_default(ui, field, &shown, typed::count) {
        say(form, index, thread, Field::Repeat, |head| {
            head.repeat = repeat;
        });
    }
    ui.add_space(gap::TIGHT);
    let start = Command::StartThread;
    let button = Button::new(words::START_THREAD)
        .icon(Icon::Play)
        .small()
        .enabled_or(start.availability(form.view.state));
    if button.show(ui).clicked() {
        form.view.command(start);
    }
    ui.add_space(gap::NEAR);
    separator(ui);
    ui.add_space(gap::TIGHT);
    let place = Place::Thread(index);
    if let Some((all, field)) = processing::show(form, ui, place, &thread.processing) {
        say(form, index, thread, field, |head| head.processing = all);
    }
}

fn say(
    form: &mut Form<'_, '_>,
    index: usize,
    thread: &Thread,
    field: Field,
    change: impl FnOnce(&mut ThreadHead),
) {
    let mut head = Box::new(ThreadHead {
        name: thread.name.clone(),
        enabled: thread.enabled,
        start_delay: thread.start_delay,
        repeat: thread.repeat,
        processing: thread.processing.clone(),
    });
    change(&mut head);
    form.view.say(Msg::Edit(Edit::Thread {
        thread: index,
        head,
        field,
    }));
}
