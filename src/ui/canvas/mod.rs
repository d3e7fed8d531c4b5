//! The threads as columns and their steps as cards, of the open document or of the watched run.
//!
//! Draws only what is visible and asks for another picture only while something runs or is dragged.
//! Must not change the sequence: every act is a message.

mod card;
mod content;
mod dragging;
mod face;
mod fades;
mod find_bar;
mod follow;
mod gaps;
mod head;
mod keyboard;
mod lane;
mod measure;
mod menu;
mod rename;
mod run_card;
mod step_cards;
mod target;
#[cfg(test)]
mod tests;

use std::time::Duration;

use egui::containers::scroll_area::{DragScroll, ScrollSource};
use egui::{
    Id, Margin, Pos2, Rect, Role as Part, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::designer::words::cards as words;
use crate::designer::{CardState, Command, DragSource, DropPoint, Msg, Panel, PanelMsg, Select};
use crate::model::Place;

use super::icons::Icon;
use super::theme::{Status, by_keyboard, motion, seconds};
use super::view::View;
use super::widgets::{Button, ButtonKind, empty_state};

use content::Content;
use lane::Scene;
use measure::{Columns, Heights, Key, Measured};
use target::Field;

/// What it remembers by itself.
#[derive(Default)]
pub(in crate::ui) struct Memory {
    measured: Measured,
    reveal: Option<Place>,
    /// How many more frames the way there may take.
    patience: u8,
    /// What was pressed and has not moved far enough to be dragged.
    armed: Option<(DragSource, Pos2)>,
    hint: dragging::Hint,
    menu: Option<menu::OpenMenu>,
    rename: rename::Memory,
    find: find_bar::Memory,
    follow: follow::Follow,
    /// Where the keyboard is, for its menu.
    cursor_rect: Option<Rect>,
    gaps: gaps::Gaps,
    fades: fades::Fades,
    is_ticking: bool,
    is_turning: bool,
    /// What floats over the threads and hides them there.
    covered: Option<Rect>,
}

/// More frames than an animated way to a place takes.
const PATIENCE: u8 = 90;

impl Memory {
    /// Scrolls to a place in the next frame.
    pub(in crate::ui) const fn reveal(&mut self, place: Place) {
        self.reveal = Some(place);
        self.patience = PATIENCE;
    }

    /// Notes what floats over the threads; whether that has changed. Where it would hide the place
    /// at which a person works, the way there is shown again.
    pub(in crate::ui) fn cover(&mut self, rect: Rect, at: Option<Place>) -> bool {
        let covered = rect.is_positive().then_some(rect);
        if self.covered == covered {
            return false;
        }
        self.covered = covered;
        let hidden = covered.zip(self.cursor_rect);
        let is_hidden = hidden.is_some_and(|(covered, place)| covered.intersects(place));
        if let Some(place) = at.filter(|_| is_hidden) {
            self.reveal(place);
        }
        true
    }
}

/// The colours of a step's state, none as long as nothing is known; the same wherever it is told.
pub(in crate::ui) const fn step_status(state: CardState) -> Option<Status> {
    run_card::look_of(state).0
}

/// What has the keyboard when the canvas has it.
pub(in crate::ui) fn id() -> Id {
    Id::unique("canvas-threads")
}

/// Brings the keyboard to the canvas.
fn take_keyboard(ui: &Ui, view: &mut View<'_>) {
    ui.memory_mut(|memory| memory.request_focus(id()));
    if view.state.focus != Panel::Canvas {
        view.say(Msg::Panel(PanelMsg::Focused(Panel::Canvas)));
    }
}

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let rect = ui.max_rect();
    let state = view.state;
    let content = Content::of(state);
    ground(ui, view, memory, content, rect);
    rename::settle(&mut memory.rename, state.renaming);
    memory.is_ticking = false;
    memory.is_turning = false;
    memory.cursor_rect = None;
    let landing = memory.hint.update(view);
    if state.drag.is_some() {
        open_gaps(ui, memory, landing);
    } else {
        memory.gaps.clear();
    }
    if !content.is_run() {
        memory.fades.clear();
    }
    if content.threads() == 0 && state.drag.is_none() {
        if !content.is_run() {
            empty(ui, view, rect);
        }
    } else {
        let scene = Scene {
            state,
            content,
            landing,
            shows_cursor: by_keyboard(ui.ctx()) && ui.memory(|memory| memory.has_focus(id())),
            turn: turn(ui),
        };
        threads(ui, view, memory, scene, rect);
    }
    keyboard::read(ui, view, memory);
    menu::show(ui, view, &mut memory.menu, words::MORE);
    find_bar::show(ui, view, &mut memory.find, rect);
    wake(ui, memory);
    impatient(ui, memory, content);
}

/// Opens the gap where the drag would land, and closes those that it has left.
fn open_gaps(ui: &Ui, memory: &mut Memory, landing: Option<crate::designer::DropPoint>) {
    let time = seconds(ui, motion::GAP);
    let part = if time > 0.0 {
        ui.input(|input| input.stable_dt) / time
    } else {
        1.0
    };
    if memory.gaps.advance(landing, part) {
        ui.ctx().request_repaint();
    }
}

/// Goes on to what is to be revealed, as long as it is there and on its way.
fn impatient(ui: &Ui, memory: &mut Memory, content: Content<'_>) {
    let Some(place) = memory.reveal else {
        return;
    };
    memory.patience = memory.patience.saturating_sub(1);
    if memory.patience == 0 || !content.has(place) {
        memory.reveal = None;
    } else {
        ui.ctx().request_repaint();
    }
}

/// The ground under everything: has the keyboard, and a click on it chooses the sequence.
fn ground(ui: &Ui, view: &mut View<'_>, memory: &Memory, content: Content<'_>, rect: Rect) {
    let clicks = ui.interact(rect, id().with("ground"), Sense::CLICK);
    if clicks.clicked() {
        view.say(Msg::Select(Select::One(Place::Sequence)));
        take_keyboard(ui, view);
    }
    let keys = ui.interact(rect, id(), Sense::FOCUSABLE);
    keys.widget_info(|| WidgetInfo::labeled(Part::ListBox, true, words::THREADS));
    let cursor = if content.is_run() {
        view.state.watched_place
    } else {
        view.state.selection.cursor
    };
    let cursor = cursor.filter(|place| content.has(*place));
    ui.ctx().accesskit_node_builder(keys.id, |node| {
        let active = match cursor {
            Some(Place::Thread(thread)) => Some(id().with(("head", thread))),
            Some(place @ Place::Step { .. }) => Some(step_cards::card_id(place)),
            Some(Place::Sequence) | None => None,
        };
        // A card that is scrolled out of sight is not in the tree.
        if let Some(active) = active.filter(|_| memory.cursor_rect.is_some()) {
            node.set_active_descendant(active.accesskit_id());
        }
    });
    let is_nobodys = ui.memory(|memory| memory.focused().is_none());
    let is_free = view.state.dialog.is_none() && view.state.palette.is_none();
    if is_nobodys && is_free && view.state.focus == Panel::Canvas && memory.menu.is_none() {
        ui.memory_mut(|memory| memory.request_focus(id()));
    }
}

/// What there is to see before the first thread.
fn empty(ui: &mut Ui, view: &mut View<'_>, rect: Rect) {
    let place = Rect::from_center_size(rect.center(), vec2(rect.width().min(420.0), 220.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt("no-threads"));
    let title = words::NO_THREADS;
    empty_state(
        &mut child,
        Icon::Thread,
        title,
        words::NO_THREADS_SENTENCE,
        |ui| {
            let command = Command::AddThread;
            let button = Button::new(command.label())
                .icon(Icon::Add)
                .kind(ButtonKind::Primary)
                .enabled_or(command.availability(view.state));
            if button.show(ui).clicked() {
                view.command(command);
            }
        },
    );
}

fn threads(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory, scene: Scene<'_>, rect: Rect) {
    let columns = Columns::new(
        scene.content.threads(),
        rect.width(),
        scene.content.is_run(),
    );
    let lanes = heights(ui, view, memory, scene, columns);
    let mut tops = vec![rect.top() + columns.gap + super::theme::size::LANE_HEAD; lanes.len()];
    let source = ScrollSource {
        drag: DragScroll::Never,
        ..ScrollSource::ALL
    };
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("canvas-columns"));
    inner.shrink_clip_rect(rect);
    let output = ScrollArea::horizontal()
        .id_salt("canvas-scroll")
        .auto_shrink(false)
        .content_margin(Margin::ZERO)
        .scroll_source(source)
        .show_viewport(&mut inner, |ui, port| {
            ui.set_min_size(vec2(columns.total(), rect.height()));
            let left = ui.max_rect().left();
            let wanted = memory.reveal;
            for thread in columns.visible(port.left(), port.right()) {
                let Some(heights) = lanes.get(thread) else {
                    continue;
                };
                let place = column(columns, left, thread, rect);
                let top = lane::show(ui, view, memory, scene, (thread, heights), place);
                if let Some(slot) = tops.get_mut(thread) {
                    *slot = top;
                }
            }
            if columns.add > 0.0 {
                let corner = pos2(left + columns.left(columns.count), rect.top() + columns.gap);
                // While something is carried, all of the column takes it.
                let height = if scene.state.drag.is_some() {
                    rect.height() - 2.0 * columns.gap
                } else {
                    super::theme::size::LANE_HEAD
                };
                let place = Rect::from_min_size(corner, vec2(columns.add, height));
                let is_target = scene.landing == Some(DropPoint::NewThread(columns.count));
                lane::add_column(ui, view, place, is_target);
            }
            insertion(ui, scene, columns, left, rect);
            // After the threads, whose own scrolling would swallow it.
            if let Some(wanted) = wanted {
                reveal_column(ui, memory, wanted, columns, rect);
            }
            scroll_sideways(ui, scene, rect);
            left
        });
    let field: Vec<(&Heights, f32)> = lanes.iter().zip(tops).collect();
    let field = Field {
        view: rect,
        left: output.inner,
        columns,
        lanes: &field,
    };
    let rest = resting_place(scene, &field);
    if !scene.content.is_run() {
        dragging::follow(ui, view, memory, &field);
        let width = columns.width - 2.0 * measure::INSET;
        dragging::paint(ui, view, memory, (width, rest));
        memory.measured.lanes = lanes;
    }
}

/// The rectangle of a thread.
fn column(columns: Columns, left: f32, thread: usize, rect: Rect) -> Rect {
    Rect::from_min_size(
        pos2(left + columns.left(thread), rect.top() + columns.gap),
        vec2(columns.width, rect.height() - 2.0 * columns.gap),
    )
}

/// Where what is carried is drawn as long as there is no pointer.
fn resting_place(scene: Scene<'_>, field: &Field<'_>) -> Option<Pos2> {
    match scene.landing? {
        DropPoint::In { thread, step } => {
            let (heights, top) = field.lanes.get(thread)?;
            let x = field.left + field.columns.left(thread) + field.columns.width / 2.0;
            Some(pos2(x, top + heights.top(step)))
        }
        DropPoint::NewThread(_) => None,
    }
}

/// The heights of all cards; taken out of the memory for the frame, which puts them back.
fn heights(
    ui: &Ui,
    view: &View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    columns: Columns,
) -> Vec<Heights> {
    let content = scene.content;
    let Content::Document(sequence) = content else {
        return (0..columns.count)
            .map(|thread| Heights::Even {
                count: content.steps(thread),
            })
            .collect();
    };
    let problems = &view.state.problems;
    let key = Key {
        sequence: std::ptr::from_ref(sequence).addr(),
        content: view.state.document.content,
        problems: (
            problems.content,
            problems.list.len(),
            problems.list.as_ptr().addr(),
        ),
        width: columns.width,
        scale: ui.ctx().pixels_per_point().to_bits(),
    };
    memory
        .measured
        .update(ui.painter(), key, sequence, problems);
    std::mem::take(&mut memory.measured.lanes)
}

/// Scrolls sideways to a thread; the thread itself scrolls to the step.
fn reveal_column(ui: &Ui, memory: &mut Memory, wanted: Place, columns: Columns, rect: Rect) {
    // Asked twice, egui would go twice as far.
    let is_first = memory.patience == PATIENCE;
    if let Some(thread) = wanted.thread().filter(|_| is_first) {
        let place = column(columns, ui.max_rect().left(), thread, rect);
        ui.scroll_to_rect(place.expand2(vec2(columns.gap, 0.0)), None);
    }
    if !matches!(wanted, Place::Step { .. }) {
        memory.reveal = None;
    }
}

/// The line between two threads where something would land.
fn insertion(ui: &Ui, scene: Scene<'_>, columns: Columns, left: f32, rect: Rect) {
    let Some(DropPoint::NewThread(at)) = scene.landing else {
        return;
    };
    let x = left + columns.left(at) - columns.gap / 2.0;
    let from = pos2(x, rect.top() + columns.gap + 6.0);
    let to = pos2(x, rect.bottom() - columns.gap - 6.0);
    card::paint_insertion(ui.painter(), super::theme::tokens(ui), from, to);
}

/// Scrolls sideways as long as something is held near the left or right edge.
fn scroll_sideways(ui: &Ui, scene: Scene<'_>, rect: Rect) {
    if scene.state.drag.is_none() {
        return;
    }
    let pointer = ui.input(|input| input.pointer.latest_pos());
    if let Some(pointer) = pointer.filter(|pointer| rect.contains(*pointer)) {
        let speed = target::edge_speed(pointer.x, rect.left(), rect.right());
        lane::scroll_by(ui, vec2(speed, 0.0));
    }
}

/// How far what runs has turned; zero where things stand still.
fn turn(ui: &Ui) -> f32 {
    let turn = seconds(ui, motion::TURN);
    if turn <= 0.0 {
        return 0.0;
    }
    let time = ui.input(|input| input.time);
    ((time / f64::from(turn)).fract() as f32).max(f32::EPSILON)
}

/// Asks for the next picture while something that is visible moves or counts.
fn wake(ui: &Ui, memory: &Memory) {
    let is_moving = seconds(ui, motion::TURN) > 0.0;
    if memory.is_turning && is_moving {
        let pause = Duration::from_secs_f32(1.0 / motion::TURN_RATE);
        ui.ctx().request_repaint_after(pause);
    } else if memory.is_ticking {
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }
}
