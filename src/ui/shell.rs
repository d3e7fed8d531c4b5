//! The whole window: which part of the screen lies where, and the way of messages and effects.

use egui::{CentralPanel, Frame, Panel, Ui};
use jiff::Timestamp;

use crate::designer::{self, Command, Effect, Msg, Panel as Part, PanelMsg, Screen, State};
use crate::settings::{BottomTab, Settings};

use super::in_order::InOrder;
use super::keys::Places;
use super::theme::{size, tokens};
use super::view::View;
use super::{
    bottom, canvas, dialogs, inspector, keys, menu_bar, palette, run_bar, server_bar, status_bar,
    toasts, toolbar, tree, welcome,
};

/// Performs what the designer wants done in the world, off the drawing thread.
pub trait Performer {
    /// Begins an effect; never waits for it.
    fn perform(&mut self, effect: Effect);

    /// What has been answered since the last call.
    fn answers(&mut self) -> Vec<Msg>;
}

/// What the parts of the screen remember by themselves: scroll places, drafts of fields, folds.
#[derive(Default)]
struct Memory {
    canvas: canvas::Memory,
    inspector: inspector::Memory,
    bottom: bottom::Memory,
    tree: tree::Memory,
    palette: palette::Memory,
    dialogs: dialogs::Memory,
    server_bar: server_bar::Memory,
    toasts: toasts::Memory,
    places: Places,
    sizing: Sizing,
}

/// How large the panels were when the pointer was pressed, to tell what it has dragged.
#[derive(Default)]
struct Sizing {
    now: PanelSizes,
    pressed: Option<PanelSizes>,
}

/// The drawn sizes of tree, inspector and bottom panel; nothing for one that is folded.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct PanelSizes {
    tree: Option<f32>,
    inspector: Option<f32>,
    bottom: Option<f32>,
}

/// The window without its frame: state, drawing, performing.
pub struct Shell {
    state: State,
    performer: Box<dyn Performer>,
    memory: Memory,
    is_closing: bool,
    is_ordered: bool,
}

impl Shell {
    /// A window with these settings; `first` is said before the first frame (a file to open).
    pub fn new(settings: Settings, performer: Box<dyn Performer>, first: Vec<Msg>) -> Self {
        let mut shell = Self {
            state: State::new(settings),
            performer,
            memory: Memory::default(),
            is_closing: false,
            is_ordered: false,
        };
        for effect in designer::begin(&mut shell.state) {
            shell.performer.perform(effect);
        }
        shell.first(first);
        shell
    }

    /// A window that shows a state as it is; for pictures and measurements.
    pub(in crate::ui) fn showing(state: State, performer: Box<dyn Performer>) -> Self {
        Self {
            state,
            performer,
            memory: Memory::default(),
            is_closing: false,
            is_ordered: false,
        }
    }

    fn first(&mut self, first: Vec<Msg>) {
        for msg in first {
            for effect in designer::update(&mut self.state, msg) {
                self.performer.perform(effect);
            }
        }
    }

    /// What is drawn.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Whether the designer has agreed to close the window.
    pub const fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// Takes what the window itself has to say.
    pub fn tell(&mut self, ui: &Ui, msgs: Vec<Msg>) {
        if !msgs.is_empty() {
            self.take(ui, msgs);
            ui.ctx().request_repaint();
        }
    }

    /// Draws one frame, then takes what the person did and what the world answered.
    pub fn frame(&mut self, ui: &mut Ui, now: Timestamp) {
        if !std::mem::replace(&mut self.is_ordered, true) {
            ui.ctx().add_plugin(InOrder::default());
        }
        let mut out = self.performer.answers();
        let is_answered = !out.is_empty();
        self.take(ui, std::mem::take(&mut out));
        keys::read(ui, &mut View::new(&self.state, now, &mut out));
        self.draw(ui, now, &mut out);
        let is_changed = !out.is_empty();
        self.take(ui, out);
        if is_changed || is_answered {
            // What was said in this frame is to be seen in the next one.
            ui.ctx().request_repaint();
        }
    }

    fn take(&mut self, ui: &Ui, msgs: Vec<Msg>) {
        for msg in msgs {
            for effect in designer::update(&mut self.state, msg) {
                self.perform(ui, effect);
            }
        }
    }

    /// What only the window can do is done here, everything else elsewhere.
    fn perform(&mut self, ui: &Ui, effect: Effect) {
        match effect {
            Effect::CopyText(text) => ui.ctx().copy_text(text),
            Effect::PasteText => ui
                .ctx()
                .send_viewport_cmd(egui::ViewportCommand::RequestPaste),
            Effect::CloseWindow => {
                self.is_closing = true;
                ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
            }
            Effect::Focus(panel) => keys::focus(ui, panel),
            Effect::Reveal(place) => self.memory.canvas.reveal(place),
            Effect::ZoomTimeline(zoom) => self.memory.bottom.zoom_timeline(zoom),
            other => self.performer.perform(other),
        }
    }

    fn draw(&mut self, ui: &mut Ui, now: Timestamp, out: &mut Vec<Msg>) {
        let look = tokens(ui);
        let bar = |fill| Frame::new().fill(fill);
        let memory = &mut self.memory;
        let mut view = View::new(&self.state, now, out);
        let view = &mut view;
        Panel::top("menu-bar")
            .show_separator_line(false)
            .exact_size(size::MENU_BAR)
            .frame(bar(look.bg_window))
            .show(ui, |ui| menu_bar::show(ui, view));
        Panel::top("toolbar")
            .exact_size(size::TOOLBAR)
            .frame(bar(look.bg_window))
            .show(ui, |ui| toolbar::show(ui, view));
        memory.places = Places::default();
        let server = if view.state.watch.is_some() {
            Panel::top("run-bar")
                .exact_size(size::RUN_BAR)
                .frame(bar(look.bg_panel))
                .show(ui, |ui| run_bar::show(ui, view))
        } else {
            Panel::top("server-bar")
                .exact_size(size::SERVER_BAR)
                .frame(bar(look.bg_panel))
                .show(ui, |ui| server_bar::show(ui, view, &mut memory.server_bar))
        };
        memory.places.note(Part::Server, server.response.rect);
        Panel::bottom("status-bar")
            .exact_size(size::STATUS_BAR)
            .frame(bar(look.bg_window))
            .show(ui, |ui| status_bar::show(ui, view));
        match view.state.screen {
            Screen::Welcome => {
                let shown = CentralPanel::default()
                    .frame(bar(look.bg_panel))
                    .show(ui, |ui| welcome::show(ui, view));
                memory.places.note(Part::Canvas, shown.response.rect);
            }
            Screen::Work => {
                work(ui, view, memory);
                sizes(ui, view, &mut memory.sizing);
            }
        }
        keys::settle(ui, view, &memory.places);
        dialogs::show(ui, view, &mut memory.dialogs);
        palette::show(ui, view, &mut memory.palette);
        let place = memory.places.of(Part::Canvas);
        let place = place.unwrap_or_else(|| ui.ctx().content_rect());
        let covered = toasts::show(ui, view, &mut memory.toasts, place);
        let at = match &view.state.watch {
            Some(_) => view.state.watched_place,
            None => view.state.selection.cursor,
        };
        if memory.canvas.cover(covered, at) {
            // The threads were drawn before.
            ui.ctx().request_repaint();
        }
    }
}

/// The work screen: tree, threads, inspector, and the panel at the bottom.
fn work(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let look = tokens(ui);
    let frame = |fill| Frame::new().fill(fill);
    let panels = view.state.settings.panels;
    memory.sizing.now = PanelSizes::default();
    let is_run = view.state.watch.is_some();
    let has_lanes = is_run && view.state.settings.bottom_tab == BottomTab::Timeline;
    let (id, least, share) = if has_lanes {
        // A panel of its own: the size that a person chose for the others stays.
        ("bottom-timeline", size::BOTTOM_TIMELINE, 0.4)
    } else {
        ("bottom", size::BOTTOM_MIN, if is_run { 0.4 } else { 0.6 })
    };
    let most = (ui.available_height() * share).max(size::BOTTOM_MIN);
    let mut is_open = panels.bottom_open;
    let shown = Panel::bottom(id)
        .resizable(true)
        .drag_to_open(false)
        .default_size(panels.bottom.max(least))
        .size_range(least.min(most)..=most)
        .frame(frame(look.bg_panel))
        .show_collapsible(ui, &mut is_open, |ui| {
            bottom::show(ui, view, &mut memory.bottom);
        });
    if panels.bottom_open && !is_open {
        // Its edge was dragged away.
        view.command(Command::ToggleBottom);
    }
    if let Some(shown) = shown.filter(|_| panels.bottom_open) {
        memory.places.note(Part::Bottom, shown.response.rect);
        memory.sizing.now.bottom = (!is_run).then_some(shown.response.rect.height());
    }
    // While a run is watched in a small window, its threads need the room more than the agents.
    let has_room = !is_run || ui.available_width() >= size::TREE_IN_RUN;
    let mut is_open = panels.tree_open && has_room;
    if !is_open {
        Panel::left("tree-rail")
            .resizable(false)
            .exact_size(size::TREE_RAIL)
            .frame(frame(look.bg_panel))
            .show(ui, |ui| tree::rail(ui, view, has_room));
    }
    let shown = Panel::left("tree")
        .resizable(true)
        .drag_to_open(false)
        .default_size(panels.tree)
        .size_range(size::TREE_MIN..=size::TREE_MAX)
        .frame(frame(look.bg_panel))
        .show_collapsible(ui, &mut is_open, |ui| {
            tree::show(ui, view, &mut memory.tree);
        });
    if panels.tree_open && has_room && !is_open {
        // Its edge was dragged away.
        view.command(Command::ToggleTree);
    }
    if let Some(shown) = shown.filter(|_| panels.tree_open && has_room) {
        memory.places.note(Part::Tree, shown.response.rect);
        memory.sizing.now.tree = Some(shown.response.rect.width());
    }
    let mut is_open = panels.inspector_open;
    let shown = Panel::right("inspector")
        .resizable(true)
        .drag_to_open(false)
        .default_size(panels.inspector)
        .size_range(size::INSPECTOR_MIN..=size::INSPECTOR_MAX)
        .frame(frame(look.bg_panel))
        .show_collapsible(ui, &mut is_open, |ui| {
            inspector::show(ui, view, &mut memory.inspector);
        });
    if panels.inspector_open && !is_open {
        // Its edge was dragged away.
        view.command(Command::ToggleInspector);
    }
    if let Some(shown) = shown.filter(|_| panels.inspector_open) {
        memory.places.note(Part::Inspector, shown.response.rect);
        memory.sizing.now.inspector = Some(shown.response.rect.width());
    }
    let shown = CentralPanel::default()
        .frame(frame(look.bg_canvas))
        .show(ui, |ui| canvas::show(ui, view, &mut memory.canvas));
    memory.places.note(Part::Canvas, shown.response.rect);
}

/// Tells the sizes of the panels once the pointer that dragged one of them has let go.
fn sizes(ui: &Ui, view: &mut View<'_>, sizing: &mut Sizing) {
    if ui.input(|input| input.pointer.primary_down()) {
        sizing.pressed.get_or_insert(sizing.now);
        return;
    }
    let Some(before) = sizing.pressed.take() else {
        return;
    };
    let now = sizing.now;
    let moved = |before: Option<f32>, now: Option<f32>| match (before, now) {
        (Some(before), Some(now)) => (before - now).abs() >= 1.0,
        _ => false,
    };
    let is_moved = moved(before.tree, now.tree)
        || moved(before.inspector, now.inspector)
        || moved(before.bottom, now.bottom);
    if is_moved {
        let old = view.state.settings.panels;
        view.say(Msg::Panel(PanelMsg::Sizes(
            now.tree.unwrap_or(old.tree),
            now.inspector.unwrap_or(old.inspector),
            now.bottom.unwrap_or(old.bottom),
        )));
    }
}

#[cfg(test)]
mod tests;
