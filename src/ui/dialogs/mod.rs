//! Dialogs over the window: one question at a time.
//!
//! What a dialog says and which buttons it has is `designer::words::dialogs`; here is where it lies
//! and what it shows besides words.

mod connect;
mod fields;
mod lists;
mod pages;
mod settings;

use egui::{Align, Context, Id, Key, Layout, Modifiers, Ui};

use crate::designer::words::dialogs::{DialogWords, dialog as words_of};
use crate::designer::words::doctor::CHECK_HELP;
use crate::designer::words::quotes::quoted;
use crate::designer::{Dialog, DialogButton, Msg};

use super::theme::{Role, gap, tokens};
use super::view::View;
use super::widgets::{self, Button, ButtonKind};

/// What dialogs remember by themselves.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    /// The dialog that was open in the last frame: a new one gets the keyboard.
    shown: Option<std::mem::Discriminant<Dialog>>,
    /// What is being typed.
    drafts: fields::Drafts,
}

/// One frame of the open dialog.
struct Shown<'a> {
    words: DialogWords,
    /// Whether it opened with this frame.
    is_new: bool,
    drafts: &'a mut fields::Drafts,
}

/// Draws the open dialog, if there is one.
pub(in crate::ui) fn show(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let open = view.state.dialog.as_ref();
    let kind = open.map(std::mem::discriminant);
    let is_new = kind != memory.shown;
    memory.shown = kind;
    if is_new {
        memory.drafts = fields::Drafts::default();
        // How high it is, and so where its middle lies, is known only after it was drawn.
        ui.ctx().request_repaint();
    }
    let Some(dialog) = open else { return };
    let mut shown = Shown {
        words: words_of(view.state, dialog),
        is_new,
        drafts: &mut memory.drafts,
    };
    let is_answered = draw(ui.ctx(), view, dialog, &mut shown);
    if is_answered && matches!(dialog, Dialog::Password { .. }) {
        // Refused at once, the next question would still show what was typed for this one.
        memory.shown = None;
    }
}

/// Whether there is an answer.
fn draw(ctx: &Context, view: &mut View<'_>, dialog: &Dialog, shown: &mut Shown<'_>) -> bool {
    let (words, is_new) = (shown.words.clone(), shown.is_new);
    let mut answer = None;
    let mut said = Vec::new();
    let response = widgets::Dialog::new(Id::unique("dialog"), &words.title)
        .width(width(dialog))
        .show(
            ctx,
            |ui| said = body(ui, view, dialog, shown),
            |ui| answer = foot(ui, dialog, &words, is_new),
        );
    let is_entered = said.iter().any(|msg| matches!(msg, Msg::DialogAnswer(_)));
    for msg in said {
        view.say(msg);
    }
    // Enter means the safe choice, also after a click beside the buttons.
    let nobody = ctx.memory(|memory| memory.focused().is_none());
    if nobody && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
        answer = Some(words.default);
    }
    if response.closed {
        answer = Some(DialogButton::Cancel);
    }
    if let Some(button) = answer {
        view.say(Msg::DialogAnswer(button));
    }
    is_entered || answer.is_some()
}

const fn width(dialog: &Dialog) -> f32 {
    match dialog {
        Dialog::Connect(_) => 840.0,
        Dialog::Shortcuts => 860.0,
        Dialog::Recovery { .. } | Dialog::Runs(_) | Dialog::Explain(_) => 620.0,
        Dialog::Path { .. } | Dialog::Settings | Dialog::Failure { .. } => 560.0,
        _ => 480.0,
    }
}

fn body(ui: &mut Ui, view: &View<'_>, dialog: &Dialog, shown: &mut Shown<'_>) -> Vec<Msg> {
    let mut said = Vec::new();
    // The label of a lone field says the same as the sentence would.
    let is_label = matches!(dialog, Dialog::Path { .. });
    if !shown.words.text.is_empty() && !is_label {
        sentence(ui, &shown.words.text);
        ui.add_space(gap::NEAR);
    }
    match dialog {
        Dialog::Path { text, problem, .. } => {
            fields::path(ui, shown, text, problem.as_deref(), &mut said);
        }
        Dialog::NewRunProfile { agent, profile, .. } => {
            fields::new_run_profile(ui, view, shown, (agent, profile), &mut said);
        }
        Dialog::Password { .. } => fields::password(ui, shown, &mut said),
        Dialog::Connect(form) => connect::show(ui, view, form, shown, &mut said),
        Dialog::Recovery { copies } => lists::recovery(ui, copies, view.now, &mut said),
        Dialog::Runs(Some(runs)) => lists::runs(ui, runs, view.now, &mut said),
        Dialog::Settings => settings::show(ui, view.state, shown.drafts, &mut said),
        Dialog::Shortcuts => pages::shortcuts(ui),
        Dialog::Explain(code) => pages::explain(ui, *code),
        Dialog::About => pages::about(ui),
        Dialog::Unsaved { .. }
        | Dialog::ChangedOnDisk { .. }
        | Dialog::LeaveRun { .. }
        | Dialog::Runs(None)
        | Dialog::ConfirmStopNow
        | Dialog::Failure { .. } => {}
    }
    said
}

/// A sentence that wraps.
fn sentence(ui: &mut Ui, text: &str) {
    let colour = tokens(ui).text_secondary;
    widgets::text(ui, &quoted(text), Role::Body, colour);
}

/// The buttons, the main one at the right; the safe one has the keyboard.
fn foot(ui: &mut Ui, dialog: &Dialog, words: &DialogWords, is_new: bool) -> Option<DialogButton> {
    let has_field = matches!(
        dialog,
        Dialog::Path { .. }
            | Dialog::NewRunProfile { .. }
            | Dialog::Password { .. }
            | Dialog::Connect(_)
    );
    let mut pressed = None;
    let mut button = |ui: &mut Ui, which, text: &str, tip: &str| {
        let response = Button::new(text)
            .kind(kind(dialog, words, which))
            .tooltip(tip)
            .min_width(80.0)
            .show(ui);
        if is_new && !has_field && words.default == which {
            response.request_focus();
        }
        if response.clicked() {
            pressed = Some(which);
        }
    };
    if let Some(text) = words.primary {
        button(ui, DialogButton::Primary, text, "");
    }
    let is_apart = matches!(dialog, Dialog::Connect(_));
    if let Some(text) = words.secondary.filter(|_| !is_apart) {
        button(ui, DialogButton::Secondary, text, "");
    }
    button(ui, DialogButton::Cancel, words.cancel, "");
    if let Some(text) = words.secondary.filter(|_| is_apart) {
        // It is no way out of the dialog.
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            button(ui, DialogButton::Secondary, text, CHECK_HELP);
        });
    }
    pressed
}

/// How a button looks: filled where it is the default, red where it loses something.
fn kind(dialog: &Dialog, words: &DialogWords, which: DialogButton) -> ButtonKind {
    let loses = match which {
        DialogButton::Primary => matches!(
            dialog,
            Dialog::ChangedOnDisk { is_saving: true } | Dialog::LeaveRun { .. }
        ),
        DialogButton::Secondary => {
            matches!(dialog, Dialog::Unsaved { .. } | Dialog::Recovery { .. })
        }
        DialogButton::Cancel => false,
    };
    if matches!(dialog, Dialog::ConfirmStopNow) && which == DialogButton::Primary {
        return ButtonKind::DangerSolid;
    }
    if loses {
        ButtonKind::Danger
    } else if words.default == which {
        ButtonKind::Primary
    } else {
        ButtonKind::Normal
    }
}
