//! A thread as a column: its ground, its head, its cards, the slot to add a step.

use egui::containers::scroll_area::{DragScroll, ScrollSource};
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Margin, Pos2, Rect, Response, Role as Part, ScrollArea,
    Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::designer::words::cards as words;
use crate::designer::{DropPoint, Msg, Select, State};
use crate::model::Place;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Role, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{dashed_rect, focus_ring, layout, tooltip};

use super::content::Content;
use super::gaps::ASIDE;
use super::measure::{Heights, INSET};
use super::menu::{self, MenuKind};
use super::target::edge_speed;
use super::{Memory, card, head, id, step_cards};

/// What all columns of a frame share.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) state: &'a State,
    pub(super) content: Content<'a>,
    /// Where a drag would land, if it may.
    pub(super) landing: Option<DropPoint>,
    /// Whether the keyboard is here and was used last.
    pub(super) shows_cursor: bool,
    /// How far what runs has turned.
    pub(super) turn: f32,
}

impl Scene<'_> {
    pub(super) fn is_selected(&self, place: Place) -> bool {
        if self.content.is_run() {
            self.state.watched_place == Some(place)
        } else {
            self.state.selection.contains(place)
        }
    }

    pub(super) fn cursor(&self) -> Option<Place> {
        if self.content.is_run() {
            self.state.watched_place
        } else {
            self.state.selection.cursor
        }
    }

    pub(super) fn has_cursor(&self, place: Place) -> bool {
        self.shows_cursor && self.cursor() == Some(place)
    }

    pub(super) fn is_hit(&self, place: Place) -> bool {
        let find = self.state.find.as_ref();
        find.is_some_and(|find| find.hits.contains(&place))
    }
}

/// Above the first card, so that the ring of the keyboard is not cut.
pub(super) const ABOVE: f32 = 4.0;
/// The room to drop the first step into.
const EMPTY: f32 = 92.0;

/// Draws a thread and says where its first card begins on the screen.
pub(super) fn show(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    (thread, heights): (usize, &Heights),
    rect: Rect,
) -> f32 {
    let tokens = tokens(ui);
    let is_target = matches!(scene.landing, Some(DropPoint::In { thread: at, .. }) if at == thread);
    let is_dragged = matches!(
        scene.state.drag.as_ref().map(|drag| &drag.source),
        Some(crate::designer::DragSource::Thread(at)) if *at == thread
    );
    let corner = CornerRadius::same(radius::LANE);
    let (fill, stroke) = if is_target {
        (tokens.bg_drop, Stroke::new(2.0, tokens.accent))
    } else if scene.is_selected(Place::Thread(thread)) && !scene.content.is_run() {
        (tokens.bg_lane, Stroke::new(2.0, tokens.accent))
    } else {
        (tokens.bg_lane, Stroke::new(1.0, tokens.stroke_default))
    };
    let ground = ui.interact(rect, id().with(("lane", thread)), Sense::CLICK);
    if ground.clicked() {
        super::take_keyboard(ui, view);
        view.say(Msg::Select(Select::One(Place::Thread(thread))));
    }
    if ground.secondary_clicked() {
        open_menu(ui, view, memory, Place::Thread(thread), MenuKind::Thread);
    }
    if is_dragged {
        card::paint_placeholder(
            ui.painter(),
            tokens,
            rect,
            scene.content.thread_name(thread),
        );
        return rect.top() + size::LANE_HEAD;
    }
    ui.painter()
        .rect(rect, corner, fill, stroke, StrokeKind::Inside);
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), size::LANE_HEAD));
    head::show(ui, view, memory, scene, thread, top);
    let body = Rect::from_min_max(
        pos2(rect.left() + 2.0, top.bottom() - ABOVE),
        rect.max - vec2(2.0, 2.0),
    );
    let body = memory.covered.map_or(body, |covered| above(body, covered));
    cards(ui, view, memory, scene, (thread, heights), body)
}

/// The part of a thread above what floats over its end, so that its last cards can be scrolled to;
/// all of it where too little would be left.
fn above(body: Rect, covered: Rect) -> Rect {
    let end = covered.top() - gap::NEAR;
    let has_room = end - body.top() >= LEFT_OVER;
    if body.intersects(covered) && has_room {
        body.with_max_y(end)
    } else {
        body
    }
}

/// The least height of a thread's cards above what floats over its end: two of them.
const LEFT_OVER: f32 = 2.0 * size::CARD;

/// Opens a menu at the pointer.
pub(super) fn open_menu(
    ui: &Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    place: Place,
    kind: MenuKind,
) {
    super::take_keyboard(ui, view);
    let at = ui.input(|input| input.pointer.interact_pos());
    menu::open(
        view,
        &mut memory.menu,
        place,
        kind,
        at.unwrap_or(Pos2::ZERO),
    );
}

/// How high everything below the head is.
fn content_height(heights: &Heights, is_run: bool) -> f32 {
    let slot = if is_run { 0.0 } else { size::ADD_STEP };
    let empty = if is_run || heights.count() > 0 {
        0.0
    } else {
        EMPTY + gap::NEAR
    };
    ABOVE + heights.total() + empty + slot + INSET
}

fn cards(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    (thread, heights): (usize, &Heights),
    body: Rect,
) -> f32 {
    let mut inner = ui.new_child(UiBuilder::new().max_rect(body).id_salt(("steps", thread)));
    inner.shrink_clip_rect(body);
    let source = ScrollSource {
        drag: DragScroll::Never,
        ..ScrollSource::ALL
    };
    let output = ScrollArea::vertical()
        .id_salt(("scroll", thread))
        .auto_shrink(false)
        .content_margin(Margin::ZERO)
        .scroll_source(source)
        .show_viewport(&mut inner, |ui, port| {
            ui.set_min_size(vec2(
                body.width(),
                content_height(heights, scene.content.is_run()),
            ));
            let origin = ui.max_rect().min + vec2(INSET - 2.0, ABOVE);
            let width = body.width() - 2.0 * INSET + 4.0;
            if let Some(Place::Step { thread: of, step }) = memory.reveal
                && of == thread
            {
                memory.reveal = None;
                let rect = Rect::from_min_size(
                    origin + vec2(0.0, heights.top(step)),
                    vec2(width, heights.height(step)),
                );
                ui.scroll_to_rect(rect.expand(ABOVE), None);
            }
            follow(ui, memory, scene, (thread, heights), (port, body));
            let from = port.top() - ABOVE - ASIDE;
            for step in heights.visible(from, port.bottom() - ABOVE) {
                let aside = memory.gaps.before(thread, step);
                let rect = Rect::from_min_size(
                    origin + vec2(0.0, heights.top(step) + aside),
                    vec2(width, heights.height(step)),
                );
                step_cards::show(ui, view, memory, scene, Place::Step { thread, step }, rect);
            }
            after_cards(ui, view, memory, scene, (thread, heights), (origin, width));
            scroll_while_dragging(ui, scene, body);
            origin.y
        });
    output.inner
}

/// Scrolls to the step that runs whenever that becomes another one, as long as nobody has scrolled
/// the thread.
fn follow(
    ui: &Ui,
    memory: &mut Memory,
    scene: Scene<'_>,
    (thread, heights): (usize, &Heights),
    (port, body): (Rect, Rect),
) {
    let Some(watch) = &scene.state.watch else {
        return;
    };
    let is_scrolled = ui.input(|input| {
        let on_bar = Rect::from_min_max(pos2(body.right() - gap::NEAR, body.top()), body.max);
        let pressed = input
            .pointer
            .press_origin()
            .filter(|_| input.pointer.primary_down());
        let by_wheel = input.smooth_scroll_delta().y != 0.0;
        by_wheel
            && input
                .pointer
                .hover_pos()
                .is_some_and(|at| body.contains(at))
            || pressed.is_some_and(|at| on_bar.contains(at))
    });
    let Some(step) = memory.follow.next(watch, thread, is_scrolled) else {
        return;
    };
    let (top, bottom) = (
        heights.top(step),
        heights.top(step) + heights.height(step) + ABOVE,
    );
    // What comes next is worth seeing too.
    let bottom = bottom + heights.height(step);
    let by = if top < port.top() {
        port.top() - top
    } else if bottom > port.bottom() {
        (port.bottom() - bottom).max(port.top() - top)
    } else {
        return;
    };
    ui.scroll_with_delta(vec2(0.0, by));
}

/// What follows the last card: the slot, the hint of an empty thread, the insertion line.
fn after_cards(
    ui: &Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    (thread, heights): (usize, &Heights),
    (origin, width): (Pos2, f32),
) {
    let tokens = tokens(ui);
    let count = heights.count();
    let end = heights.total() + memory.gaps.before(thread, count);
    if scene.content.is_run() {
        if count == 0 {
            hint(ui, origin, width, words::NO_STEPS);
        }
    } else {
        let mut at = origin + vec2(0.0, end);
        if count == 0 {
            let room = Rect::from_min_size(at, vec2(width, EMPTY));
            drop_room(ui, room);
            at.y += EMPTY + gap::NEAR;
        }
        let rect = Rect::from_min_size(at, vec2(width, size::ADD_STEP));
        slot(ui, view, memory, thread, rect);
    }
    if let Some(DropPoint::In { thread: at, step }) = scene.landing
        && at == thread
    {
        let y = origin.y + heights.top(step) + if step == 0 { 2.0 } else { 0.0 };
        let ends = (pos2(origin.x + 4.0, y), pos2(origin.x + width - 4.0, y));
        card::paint_insertion(ui.painter(), tokens, ends.0, ends.1);
    }
}

/// Where the first step of a thread can be dropped.
fn drop_room(ui: &Ui, rect: Rect) {
    let tokens = tokens(ui);
    let stroke = Stroke::new(1.0, tokens.stroke_default);
    let round = f32::from(radius::CARD);
    dashed_rect(ui.painter(), rect, round, stroke, card::DASH);
    let icon = Rect::from_center_size(
        rect.center() - vec2(0.0, gap::APART),
        vec2(size::ICON_BLOCK, size::ICON_BLOCK),
    );
    icons::paint(ui, Icon::Import, icon, tokens.text_tertiary);
    let below = pos2(rect.left(), icon.bottom() + gap::TIGHT);
    hint(ui, below, rect.width(), words::DROP_HERE);
}

fn hint(ui: &Ui, origin: Pos2, width: f32, text: &str) {
    let galley = layout(ui.painter(), text, Role::Body, width);
    let at = pos2(origin.x + (width - galley.size().x) / 2.0, origin.y);
    ui.painter().galley(at, galley, tokens(ui).text_tertiary);
}

fn slot(ui: &Ui, view: &mut View<'_>, memory: &mut Memory, thread: usize, rect: Rect) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    let response = ui.interact(rect, id().with(("add-step", thread)), Sense::click());
    let what = (Icon::Add, words::ADD_STEP);
    card::paint_slot(ui.painter(), tokens(ui), rect, what, response.hovered());
    focus_ring(ui, &response, rect, radius::CARD);
    response.widget_info(|| WidgetInfo::labeled(Part::Button, true, words::add_step_to(thread)));
    let at = rect.left_bottom() + vec2(0.0, gap::HAIR);
    if response.clicked() {
        let place = Place::Thread(thread);
        view.say(Msg::Select(Select::One(place)));
        menu::open(view, &mut memory.menu, place, MenuKind::Add, at);
    }
}

/// Scrolls up or down as long as something is held near the upper or lower edge.
fn scroll_while_dragging(ui: &Ui, scene: Scene<'_>, body: Rect) {
    if scene.state.drag.is_none() {
        return;
    }
    let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else {
        return;
    };
    if !body.expand(20.0).contains(pointer) {
        return;
    }
    let speed = edge_speed(pointer.y, body.top(), body.bottom());
    scroll_by(ui, vec2(0.0, speed));
}

/// Scrolls by so many points a second, and goes on in the next frame.
pub(super) fn scroll_by(ui: &Ui, speed: egui::Vec2) {
    if speed == egui::Vec2::ZERO {
        return;
    }
    let time = ui.input(|input| input.stable_dt).min(0.1);
    ui.scroll_with_delta_animation(-speed * time, egui::style::ScrollAnimation::none());
    ui.ctx().request_repaint();
}

/// The column after the last thread, which adds one.
pub(super) fn add_column(ui: &Ui, view: &mut View<'_>, rect: Rect, is_target: bool) {
    let tokens = tokens(ui);
    let response = ui.interact(rect, id().with("add-thread"), Sense::click());
    let is_wide = rect.width() > 100.0;
    let text = if is_wide { words::ADD_THREAD } else { "" };
    let is_lit = response.hovered() || is_target;
    card::paint_slot(ui.painter(), tokens, rect, (Icon::Add, text), is_lit);
    focus_ring(ui, &response, rect, radius::CARD);
    response.widget_info(|| WidgetInfo::labeled(Part::Button, true, words::ADD_THREAD));
    let key = crate::designer::Command::AddThread.shortcuts().first();
    let key = key.filter(|_| response.hovered()).map(ToString::to_string);
    tooltip(&response, words::ADD_THREAD, key.as_deref());
    if response.clicked() {
        view.command(crate::designer::Command::AddThread);
    }
}

/// A place to grab: the hand, and what is noted when the pointer is pressed.
pub(super) fn arm(
    ui: &Ui,
    memory: &mut Memory,
    response: &Response,
    source: impl FnOnce() -> crate::designer::DragSource,
) {
    if response.drag_started_by(egui::PointerButton::Primary)
        && let Some(origin) = ui.input(|input| input.pointer.press_origin())
    {
        memory.armed = Some((source(), origin));
    }
}

/// A small button of a card or head in its upper right corner.
pub(super) fn corner_button(
    ui: &mut Ui,
    salt: Id,
    at: (Pos2, Align2),
    icon: Icon,
    name: &str,
) -> Response {
    let side = vec2(size::ICON_BUTTON_SMALL, size::ICON_BUTTON_SMALL);
    let place = at.1.anchor_size(at.0, side);
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).scope_id(salt));
    crate::ui::widgets::IconButton::new(icon, name)
        .small()
        .show(&mut child)
        .on_hover_cursor(CursorIcon::Default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_ends_above_what_floats_over_its_end() {
        let body = Rect::from_min_max(pos2(100.0, 50.0), pos2(340.0, 500.0));
        let over = |left: f32, top: f32| {
            let covered = Rect::from_min_max(pos2(left, top), pos2(left + 388.0, 490.0));
            above(body, covered).bottom()
        };
        assert!((over(200.0, 440.0) - (440.0 - gap::NEAR)).abs() < 0.01);
        for (left, top, why) in [
            (341.0, 440.0, "beside the thread"),
            (200.0, 120.0, "too little would be left"),
        ] {
            assert!((over(left, top) - body.bottom()).abs() < 0.01, "{why}");
        }
    }
}
