//! The inspector: every property of what is chosen, and the state of a step during a run.

mod command;
mod fold;
mod form;
mod head;
mod marks;
pub(super) mod problems;
mod processing;
mod running;
mod sequence;
mod several;
mod step;
#[cfg(test)]
mod tests;
mod thread;

use std::collections::HashSet;

use egui::{Frame, Id, Margin, Panel, ScrollArea, Ui};

use super::theme::{gap, tokens};
use super::view::View;
use crate::designer::Selection;
use crate::model::Place;
use form::{Drafts, Form};

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    drafts: Drafts,
    folds: HashSet<Id>,
    fresh: Option<Id>,
    chosen: Selection,
    opened: u64,
}

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    if view.state.watch.is_some() {
        running::show(ui, view);
        return;
    }
    let state = view.state;
    let opened = state.document.opened;
    if memory.chosen.places != state.selection.places || memory.opened != opened {
        memory.opened = opened;
        memory.drafts.clear();
        memory.folds.clear();
        memory.fresh = None;
        memory.chosen = state.selection.clone();
    }
    let head = head::of(state);
    head::show(ui, &head, |ui| marks::tile(ui, head.icon, head.look));
    if !state.selection.places.is_empty() {
        foot(ui, view);
    }
    let place = place(view);
    ScrollArea::vertical()
        .id_salt(("inspector-fields", place))
        .auto_shrink(false)
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::symmetric(gap::PANEL as i8, gap::NEAR as i8))
                .show(ui, |ui| {
                    ui.set_max_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = gap::HAIR;
                    fields(ui, view, memory, place);
                });
        });
}

/// The only chosen place that exists; the sequence when nothing is chosen, `None` for several.
fn place(view: &View<'_>) -> Option<Place> {
    let state = view.state;
    let sequence = &state.document.sequence;
    match state.selection.single() {
        Some(place) if sequence.processing(place).is_some() => Some(place),
        Some(_) => Some(Place::Sequence),
        None if state.selection.places.is_empty() => Some(Place::Sequence),
        None => None,
    }
}

fn fields(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory, place: Option<Place>) {
    let state = view.state;
    let sequence = &state.document.sequence;
    if let Some(place) = place {
        problems::show(ui, view, place);
    }
    let mut form = Form {
        view,
        drafts: &mut memory.drafts,
        folds: &mut memory.folds,
        fresh: &mut memory.fresh,
        scope: Id::unique("inspector").with(place),
        enabled: !state.is_running(),
    };
    match place {
        None => several::show(&mut form, ui, sequence, &state.selection),
        Some(Place::Sequence) => sequence::show(&mut form, ui, sequence),
        Some(Place::Thread(index)) => {
            if let Some(thread) = sequence.thread(index) {
                thread::show(&mut form, ui, index, thread);
            }
        }
        Some(place @ Place::Step { .. }) => {
            if let Some(step) = sequence.step(place) {
                step::show(&mut form, ui, place, step);
            }
        }
    }
}

fn foot(ui: &mut Ui, view: &mut View<'_>) {
    let state = view.state;
    let sequence = &state.document.sequence;
    let is_on = state.selection.places.iter().any(|place| match place {
        Place::Sequence => true,
        Place::Thread(index) => sequence.thread(*index).is_some_and(|thread| thread.enabled),
        step @ Place::Step { .. } => sequence.step(*step).is_some_and(|step| step.enabled),
    });
    let fill = tokens(ui).bg_panel;
    Panel::bottom("inspector-foot")
        .resizable(false)
        .frame(
            Frame::new()
                .fill(fill)
                .inner_margin(Margin::symmetric(8, 8)),
        )
        .show(ui, |ui| head::foot(ui, view, is_on));
}
