//! The head of a thread: number, name, how it starts and repeats, how it stands in a run.

use std::num::NonZeroU32;
use std::time::Duration;

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Rect, Role as Part, Sense, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::check::Severity;
use crate::designer::words::cards as words;
use crate::designer::{CardState, DragSource, Msg, Select, Watch};
use crate::model::Place;
use crate::run::{StepOutcome, StepStatus, ThreadStatus};
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, Tokens, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Elide, line, paint_elided, status_icon, tooltip};

use super::content::{Content, summary_of, thread_of};
use super::lane::{self, Scene};
use super::menu::MenuKind;
use super::run_card::{look_of, turning};
use super::{Memory, card, id, rename, step_cards};

/// Draws the head of a thread.
pub(super) fn show(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    thread: usize,
    rect: Rect,
) {
    let place = Place::Thread(thread);
    let is_run = scene.content.is_run();
    let sense = if is_run {
        Sense::CLICK
    } else {
        Sense::CLICK | Sense::DRAG
    };
    let response = ui.interact(rect, id().with(("head", thread)), sense);
    if response.clicked() {
        step_cards::choose(ui, view, place);
    }
    if response.double_clicked() && !is_run {
        view.say(Msg::Select(Select::One(place)));
        view.command(crate::designer::Command::Rename);
    }
    if response.secondary_clicked() {
        lane::open_menu(ui, view, memory, place, MenuKind::Thread);
    }
    if !is_run {
        lane::arm(ui, memory, &response, || DragSource::Thread(thread));
    }
    if scene.cursor() == Some(place) {
        memory.cursor_rect = Some(rect);
    }
    if scene.has_cursor(place) {
        card::ring(ui.painter(), tokens(ui), rect.shrink(5.0), radius::BUTTON);
    }
    let right = if is_run {
        run_state(ui, scene, thread, rect)
    } else {
        let is_hovered = response.contains_pointer() && scene.state.drag.is_none();
        let right = tools(ui, view, memory, thread, rect, is_hovered);
        marks(ui, memory, scene, thread, (rect, right))
    };
    let is_cut = name(ui, view, memory, scene, thread, (rect, right));
    if is_cut {
        tooltip(&response, scene.content.thread_name(thread), None);
    } else if !is_run && response.hovered() {
        ui.set_cursor_icon_if_free(CursorIcon::Grab);
    }
    let is_selected = scene.is_selected(place);
    response.widget_info(|| {
        let name = scene.content.thread_name(thread);
        let off = if scene.content.thread_enabled(thread) {
            ""
        } else {
            words::OFF
        };
        let problems = memory.measured.count(place).words();
        let state = match scene.content {
            Content::Run(watch) => standing(watch, thread).map(|it| it.1).unwrap_or_default(),
            Content::Document(_) => String::new(),
        };
        let steps = scene.content.steps(thread);
        let text = words::spoken_thread(thread, steps, &[name, off, &state, &problems]);
        WidgetInfo::labeled(Part::ListItem, true, text)
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(is_selected);
        node.set_position_in_set(thread);
    });
}

trait CursorWhenFree {
    fn set_cursor_icon_if_free(&self, icon: CursorIcon);
}

impl CursorWhenFree for Ui {
    /// The hand that grabs, unless something is already being carried.
    fn set_cursor_icon_if_free(&self, icon: CursorIcon) {
        if !self.input(|input| input.pointer.any_down()) {
            self.ctx().set_cursor_icon(icon);
        }
    }
}

/// The button and the grip that appear under the pointer; says where they begin.
fn tools(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    thread: usize,
    rect: Rect,
    is_hovered: bool,
) -> f32 {
    let right = rect.right() - gap::CLOSE;
    let is_chosen = view.state.selection.cursor.and_then(Place::thread) == Some(thread);
    if !is_hovered && !is_chosen {
        return rect.right() - gap::APART;
    }
    let at = (pos2(right, rect.center().y), Align2::RIGHT_CENTER);
    let name = words::more_of(thread);
    let button_id = id().with(("head-more", thread));
    let button = lane::corner_button(ui, button_id, at, Icon::More, &name);
    if button.clicked() {
        lane::open_menu(ui, view, memory, Place::Thread(thread), MenuKind::Thread);
    }
    let mut left = button.rect.left() - gap::HAIR;
    if is_hovered {
        let side = Vec2::splat(size::ICON_PILL);
        let grip = Align2::RIGHT_CENTER.anchor_size(pos2(left, rect.center().y), side);
        let colour = tokens(ui).text_tertiary;
        icons::paint_with(ui.painter(), Icon::DragHandle, grip, colour, Weight::Badge);
        left = grip.left() - gap::HAIR;
    }
    left
}

/// Start delay, repeats, off, problems; says where they begin.
fn marks(
    ui: &Ui,
    memory: &Memory,
    scene: Scene<'_>,
    thread: usize,
    (rect, mut right): (Rect, f32),
) -> f32 {
    let Some(content) = scene.content.thread(thread) else {
        return right;
    };
    let tokens = tokens(ui);
    let y = rect.center().y;
    let mut text = |text: &str, colour: Color32| {
        let at = (pos2(right, y), Align2::RIGHT_CENTER);
        let words = line(ui.painter(), at, text, Role::Small, colour);
        right = words.left() - gap::NEAR;
    };
    if content.repeat > NonZeroU32::MIN {
        text(&words::repeats(content.repeat.get()), tokens.text_tertiary);
    }
    if content.start_delay > Duration::ZERO {
        let delay = words::starts_after(content.start_delay);
        text(&delay, tokens.text_tertiary);
    }
    if !content.enabled {
        text(words::OFF, tokens.text_tertiary);
    }
    let status = match memory.measured.count(Place::Thread(thread)).worst() {
        Some(Severity::Error) => Status::Error,
        Some(_) => Status::Warning,
        None => return right,
    };
    let side = Vec2::splat(size::ICON_ROW);
    let mark = Align2::RIGHT_CENTER.anchor_size(pos2(right, y), side);
    let colour = tokens.status(status).text;
    icons::paint_with(
        ui.painter(),
        status_icon(status),
        mark,
        colour,
        Weight::Bold,
    );
    mark.left() - gap::CLOSE
}

/// Number and name; says whether the name was cut.
fn name(
    ui: &mut Ui,
    view: &mut View<'_>,
    memory: &mut Memory,
    scene: Scene<'_>,
    thread: usize,
    (rect, right): (Rect, f32),
) -> bool {
    let tokens = tokens(ui);
    let is_on = scene.content.thread_enabled(thread);
    let tile = Rect::from_center_size(
        pos2(rect.left() + gap::APART + 10.0, rect.center().y),
        vec2(20.0, 20.0),
    );
    let fill = if is_on {
        tokens.text_secondary
    } else {
        tokens.text_tertiary
    };
    let painter = ui.painter();
    painter.rect_filled(tile, CornerRadius::same(radius::BADGE), fill);
    line(
        painter,
        (tile.center(), Align2::CENTER_CENTER),
        &words::thread_number(thread),
        Role::SmallStrong,
        tokens.bg_lane,
    );
    let left = tile.right() + gap::NEAR;
    let place = Place::Thread(thread);
    if scene.state.renaming == Some(place) {
        let field = Rect::from_min_max(
            pos2(left - 4.0, rect.center().y - size::INPUT_TABLE / 2.0),
            pos2(right, rect.center().y + size::INPUT_TABLE / 2.0),
        );
        let old = scene.content.thread_name(thread);
        let names = (old, words::NEW_NAME);
        rename::show(ui, view, &mut memory.rename, place, names, field);
        return false;
    }
    let role = if scene.content.is_run() {
        Role::Section
    } else {
        Role::CardTitle
    };
    let colour = if is_on {
        tokens.text_primary
    } else {
        tokens.text_tertiary
    };
    let name = scene.content.thread_name(thread);
    let name = if name.is_empty() {
        words::UNNAMED
    } else {
        name
    };
    let room = (right - left).max(20.0);
    let at = (pos2(left, rect.center().y), Align2::LEFT_CENTER);
    paint_elided(ui.painter(), at, name, (role, colour), Elide::End, room).1
}

/// How a thread stands in a run, in its head; says where it begins.
fn run_state(ui: &Ui, scene: Scene<'_>, thread: usize, rect: Rect) -> f32 {
    let right = rect.right() - gap::APART;
    let Content::Run(watch) = scene.content else {
        return right;
    };
    let Some((state, text)) = standing(watch, thread) else {
        return right;
    };
    let tokens: &Tokens = tokens(ui);
    let (status, icon) = look_of(state);
    let colour = status.map_or(tokens.text_tertiary, |status| tokens.status(status).text);
    let at = (pos2(right, rect.center().y), Align2::RIGHT_CENTER);
    let words = line(ui.painter(), at, &text, Role::BodyStrong, colour);
    let at = pos2(words.left() - gap::CLOSE, rect.center().y);
    let place = Align2::RIGHT_CENTER.anchor_size(at, Vec2::splat(size::ICON_ROW));
    if status == Some(Status::Running) {
        turning(ui.painter(), place, colour, scene.turn);
    } else {
        icons::paint_with(ui.painter(), icon, place, colour, Weight::Bold);
    }
    place.left() - gap::NEAR
}

/// How a thread of a run stands and where: `Running 2.4`, `Waiting at 3.3`, `Failed at 1.2`.
pub(super) fn standing(watch: &Watch, thread: usize) -> Option<(CardState, String)> {
    let known = thread_of(watch, thread)?;
    let summary = summary_of(watch, thread)?;
    let find = |wanted: fn(StepStatus) -> bool| {
        let step = summary.steps.iter().position(|step| wanted(step.status));
        step.map(|step| words::step_number(thread, step))
    };
    let round = |text: String| {
        if known.repeat > 1 {
            format!("{text}, {}", words::round_of(summary.round, known.repeat))
        } else {
            text
        }
    };
    let running = find(|status| status == StepStatus::Running);
    let waiting = find(|status| status == StepStatus::Waiting);
    Some(match (summary.status, running, waiting) {
        (ThreadStatus::Disabled, ..) => (CardState::Off, watch.off_word(thread, None).to_owned()),
        (ThreadStatus::Finished(outcome), ..) => (
            CardState::Ended(outcome),
            ended(
                summary.steps.iter().map(|step| step.worst()),
                thread,
                outcome,
            ),
        ),
        _ if watch.is_broken_off() => (
            CardState::Off,
            crate::designer::words::watch::UNKNOWN.to_owned(),
        ),
        (_, Some(at), _) => (CardState::Running, round(words::running_at(&at))),
        (_, None, Some(at)) => (CardState::Waiting, round(words::waiting_at(&at))),
        (ThreadStatus::Pending, None, None) => (CardState::Planned, words::PLANNED.to_owned()),
        (ThreadStatus::Running, None, None) => {
            (CardState::Running, round(words::RUNNING.to_owned()))
        }
    })
}

fn ended(
    mut steps: impl Iterator<Item = Option<StepOutcome>>,
    thread: usize,
    outcome: StepOutcome,
) -> String {
    let at = steps.position(|step| step == Some(outcome));
    let at = at.map(|step| words::step_number(thread, step));
    match (outcome, at) {
        (StepOutcome::Failed, Some(at)) => words::failed_at(&at),
        (StepOutcome::Stopped, Some(at)) => words::stopped_at(&at),
        _ => crate::designer::words::watch::outcome(outcome).to_owned(),
    }
}
