//! Dragging over the canvas: from the pointer to messages, and what is drawn meanwhile.

use egui::{
    Align2, CornerRadius, CursorIcon, Id, Key, LayerId, Order, Painter, Pos2, Rect, Stroke,
    StrokeKind, Ui, pos2, vec2,
};

use crate::designer::words::cards as words;
use crate::designer::{Drag, DragHint, DragMsg, DragSource, DropPoint, Msg, drag_hint};
use crate::model::{Command, Place, RunProfileStep, Step, StepKind};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Elevation, Role, Status, Tokens, gap, radius, shadow, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{layout, line};

use super::card::{Card, Pose};
use super::face::{self, Count};
use super::target::{Field, target};
use super::{Memory, card, step_cards};

/// How far the pointer moves before a press becomes a drag.
const THRESHOLD: f32 = 6.0;
/// How far what is carried hangs from the pointer.
const OFFSET: f32 = 16.0;

/// What is said about the drag under way, kept until it changes.
#[derive(Default)]
pub(super) struct Hint {
    of: Option<(Drag, u64)>,
    hint: Option<DragHint>,
}

impl Hint {
    /// Works out the hint where the drag has changed, and answers where it would land.
    pub(super) fn update(&mut self, view: &View<'_>) -> Option<DropPoint> {
        let Some(drag) = &view.state.drag else {
            self.of = None;
            return None;
        };
        let content = view.state.document.content;
        if !matches!(&self.of, Some((of, at)) if of == drag && *at == content) {
            self.of = Some((drag.clone(), content));
            self.hint = drag_hint(view.state);
        }
        let is_allowed = self.hint.as_ref().is_some_and(|hint| hint.is_allowed);
        drag.target.filter(|_| is_allowed)
    }
}

/// Follows the pointer: begins, moves, drops, gives up.
pub(super) fn follow(ui: &Ui, view: &mut View<'_>, memory: &mut Memory, field: &Field<'_>) {
    begin(ui, view, memory);
    let Some(drag) = &view.state.drag else {
        return;
    };
    // Also while Ctrl is held for a copy.
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        view.say(Msg::Drag(DragMsg::Cancel));
        return;
    }
    let (pointer, is_released, is_pressed, is_copy) = ui.input(|input| {
        (
            input.pointer.latest_pos(),
            input.pointer.primary_released(),
            input.pointer.primary_pressed(),
            input.modifiers.command,
        )
    });
    let Some(pointer) = pointer else {
        return;
    };
    let at = target(field, pointer, &drag.source);
    if at != drag.target || is_copy != drag.is_copy {
        view.say(Msg::Drag(DragMsg::Over {
            target: at,
            is_copy,
        }));
    }
    if is_released {
        let end = if at.is_some() {
            DragMsg::Drop
        } else {
            DragMsg::Cancel
        };
        view.say(Msg::Drag(end));
    } else if is_pressed {
        // The release was not for this window.
        view.say(Msg::Drag(DragMsg::Cancel));
    }
    let icon = match (at, is_copy) {
        (None, _) => CursorIcon::NoDrop,
        (Some(_), true) => CursorIcon::Copy,
        (Some(_), false) => CursorIcon::Grabbing,
    };
    ui.ctx().set_cursor_icon(icon);
}

fn begin(ui: &Ui, view: &mut View<'_>, memory: &mut Memory) {
    let Some((source, origin)) = memory.armed.take() else {
        return;
    };
    let (is_down, pointer) =
        ui.input(|input| (input.pointer.primary_down(), input.pointer.latest_pos()));
    if !is_down || view.state.drag.is_some() {
        return;
    }
    if pointer.is_some_and(|pointer| pointer.distance(origin) >= THRESHOLD) {
        view.say(Msg::Drag(DragMsg::Start(source)));
    } else {
        memory.armed = Some((source, origin));
    }
}

/// Draws what is carried and what would happen to it, over everything else.
pub(super) fn paint(
    ui: &Ui,
    view: &View<'_>,
    memory: &mut Memory,
    (width, rest): (f32, Option<Pos2>),
) {
    let Some(drag) = &view.state.drag else {
        return;
    };
    let pointer = ui.input(|input| input.pointer.latest_pos()).or(rest);
    let Some(pointer) = pointer else {
        return;
    };
    let layer = LayerId::new(Order::Tooltip, Id::unique("canvas-drag"));
    let painter = ui.ctx().layer_painter(layer);
    let screen = ui.ctx().content_rect();
    let at = pos2(
        (pointer.x + OFFSET).min(screen.right() - width - gap::NEAR),
        pointer.y + OFFSET,
    );
    let ghost = match &drag.source {
        DragSource::Thread(thread) => thread_ghost(ui, &painter, view, *thread, (at, width)),
        source => step_ghost(ui, &painter, view, memory, source, (at, width)),
    };
    if let Some(hint) = &memory.hint.hint {
        let below = pos2(ghost.left() + gap::FAR, ghost.bottom() + gap::NEAR);
        paint_hint(ui, &painter, hint, (below, screen));
    }
}

/// The step that is carried, the first of several.
fn carried(view: &View<'_>, source: &DragSource) -> Option<(Step, Place, usize)> {
    let new = |kind| Some((Step::new(kind), Place::Sequence, 1));
    match source {
        DragSource::Steps(places) => {
            let first = *places.first()?;
            let step = view.state.document.sequence.step(first)?;
            Some((step.clone(), first, places.len()))
        }
        DragSource::Profile { agent, profile } => {
            let mut run = RunProfileStep {
                agent: agent.clone(),
                profile: profile.clone(),
                step_type: None,
            };
            run.step_type = step_cards::type_of(view, &run);
            new(StepKind::RunProfile(run))
        }
        DragSource::NewDelay => new(StepKind::Delay {
            duration: std::time::Duration::from_secs(30),
        }),
        DragSource::NewCommand => new(StepKind::Command(Command::new(""))),
        DragSource::NewRunProfile | DragSource::Thread(_) => None,
    }
}

fn step_ghost(
    ui: &Ui,
    painter: &Painter,
    view: &View<'_>,
    memory: &mut Memory,
    source: &DragSource,
    (at, width): (Pos2, f32),
) -> Rect {
    let tokens = tokens(ui);
    let Some((step, place, several)) = carried(view, source) else {
        return plain_ghost(
            ui,
            painter,
            (Icon::Play, words::NEW_RUN_PROFILE),
            (at, width),
        );
    };
    let number = match place {
        Place::Step { thread, step } => words::step_number(thread, step),
        Place::Sequence | Place::Thread(_) => String::new(),
    };
    let height = if face::has_badges(&step, Count::default()) {
        size::CARD_BADGES
    } else {
        size::CARD
    };
    let rect = Rect::from_min_size(at, vec2(width, height));
    if several > 1 {
        let behind = rect.translate(vec2(5.0, 5.0));
        plate(painter, tokens, behind);
    }
    let shown = Card {
        lines: face::lines(&step, step_cards::known_type(view, &step)),
        number: &number,
        step: &step,
        count: Count::default(),
        is_on: true,
        pose: Pose {
            is_dragged: true,
            ..Pose::default()
        },
        shadow: shadow(ui, Elevation::Menu),
    };
    card::paint(painter, tokens, rect, &shown, &mut memory.measured.widths);
    if several > 1 {
        count(painter, tokens, rect.right_top(), several);
    }
    rect
}

fn thread_ghost(
    ui: &Ui,
    painter: &Painter,
    view: &View<'_>,
    thread: usize,
    place: (Pos2, f32),
) -> Rect {
    let sequence = &view.state.document.sequence;
    let name = sequence.thread(thread).map_or("", |it| it.name.as_str());
    let rect = plain_ghost(ui, painter, (Icon::Thread, name), place);
    let steps = sequence.thread(thread).map_or(0, |it| it.steps.len());
    let at = rect.right_center() - vec2(gap::APART, 0.0);
    line(
        painter,
        (at, Align2::RIGHT_CENTER),
        &words::carried_steps(steps),
        Role::Small,
        tokens(ui).text_tertiary,
    );
    rect
}

/// A plate with an icon and a name.
fn plain_ghost(
    ui: &Ui,
    painter: &Painter,
    (icon, text): (Icon, &str),
    (at, width): (Pos2, f32),
) -> Rect {
    let tokens = tokens(ui);
    let rect = Rect::from_min_size(at, vec2(width, size::LANE_HEAD));
    let corner = CornerRadius::same(radius::CARD);
    painter.add(shadow(ui, Elevation::Menu).as_shape(rect, corner));
    plate(painter, tokens, rect);
    let side = vec2(size::ICON_TOOLBAR, size::ICON_TOOLBAR);
    let from = rect.left_center() + vec2(gap::APART, 0.0);
    let place = Align2::LEFT_CENTER.anchor_size(from, side);
    icons::paint_with(painter, icon, place, tokens.text_secondary, Weight::Regular);
    let galley = layout(painter, text, Role::CardTitle, width - 130.0);
    let at = pos2(
        place.right() + gap::NEAR,
        rect.center().y - galley.size().y / 2.0,
    );
    painter.galley(at, galley, tokens.text_primary);
    rect
}

fn plate(painter: &Painter, tokens: &Tokens, rect: Rect) {
    let corner = CornerRadius::same(radius::CARD);
    let stroke = Stroke::new(2.0, tokens.accent);
    painter.rect(rect, corner, tokens.bg_card, stroke, StrokeKind::Inside);
}

/// How many are carried.
fn count(painter: &Painter, tokens: &Tokens, at: Pos2, several: usize) {
    let galley = layout(painter, &words::carried(several), Role::SmallStrong, 60.0);
    let width = (galley.size().x + 12.0).max(22.0);
    let rect = Rect::from_center_size(at, vec2(width, 22.0));
    painter.rect_filled(rect, CornerRadius::same(11), tokens.accent);
    let at = rect.center() - galley.size() / 2.0;
    painter.galley(at, galley, tokens.on_accent);
}

/// What would happen, in words, and the keys that change it.
fn paint_hint(ui: &Ui, painter: &Painter, hint: &DragHint, (at, screen): (Pos2, Rect)) {
    let tokens = tokens(ui);
    let error = tokens.status(Status::Error);
    let (fill, strong, weak, icon) = if hint.is_allowed {
        let weak = tokens.on_tip_dim();
        (tokens.text_primary, tokens.bg_panel, weak, Icon::ArrowRight)
    } else {
        (error.solid, error.on, error.on, Icon::Error)
    };
    let text = layout(painter, &hint.text, Role::BodyStrong, 360.0);
    let keys = layout(painter, hint.keys, Role::Small, 360.0);
    let pad = vec2(10.0, gap::CLOSE);
    let icon_room = size::ICON_PILL + gap::CLOSE;
    let wide = (icon_room + text.size().x).max(keys.size().x);
    let keys_high = if hint.keys.is_empty() {
        0.0
    } else {
        keys.size().y
    };
    let all = vec2(wide, text.size().y + keys_high) + 2.0 * pad;
    let at = pos2(
        at.x.min(screen.right() - all.x - gap::NEAR),
        at.y.min(screen.bottom() - all.y - gap::NEAR),
    );
    let rect = Rect::from_min_size(at, all);
    painter.rect_filled(rect, CornerRadius::same(radius::BUTTON), fill);
    let first = rect.min + pad;
    let middle = first + vec2(0.0, text.size().y / 2.0);
    let side = vec2(size::ICON_PILL, size::ICON_PILL);
    let place = Align2::LEFT_CENTER.anchor_size(middle, side);
    icons::paint_with(painter, icon, place, strong, Weight::Bold);
    let below = first + vec2(0.0, text.size().y);
    painter.galley(first + vec2(icon_room, 0.0), text, strong);
    if !hint.keys.is_empty() {
        painter.galley(below, keys, weak);
    }
}
