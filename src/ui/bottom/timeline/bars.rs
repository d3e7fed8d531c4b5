//! The bars of a lane: what ran, how it ended, what it waited for.

use std::borrow::Cow;

use egui::{
    Align2, Color32, CornerRadius, Id, Rangef, Rect, Response, Role as Part, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::scale::Scale;
use crate::base::text::short_duration;
use crate::designer::words::bottom as words;
use crate::designer::words::watch::number;
use crate::designer::{Bar, BarKind, Msg, Select, SyncBar, Watch};
use crate::model::Place;
use crate::run::StepOutcome;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Elide, dashed_rect, focus_ring, paint_elided, status_icon, tooltip};

const HEIGHT: f32 = 24.0;
/// No bar is narrower, so that even a step of no time is seen. One that would be is not offered to
/// the pointer, unless it failed.
const LEAST: f32 = 3.0;
/// With less room a bar shows neither icon nor word.
const ICON_FROM: f32 = 22.0;
const WORD_FROM: f32 = 60.0;

/// Draws the bars of a thread that are in sight.
pub(super) fn lane(
    ui: &Ui,
    view: &mut View<'_>,
    watch: &Watch,
    thread: usize,
    (scale, lane, now): (Scale, Rect, u64),
) {
    let Some(content) = watch.timeline.lanes.get(thread) else {
        return;
    };
    let times = |bar: &Bar| (bar.start_ms, bar.end_ms.unwrap_or(now).max(bar.start_ms));
    let mut each = |index: usize, bar: &Bar, x: Rangef| {
        let rect = across(lane, HEIGHT, x);
        let name = &*step_name(watch, thread, bar.step);
        let (start, end) = times(bar);
        let length = std::time::Duration::from_millis(end.saturating_sub(start));
        let place = Place::Step {
            thread,
            step: bar.step,
        };
        let shown = Shown {
            bar,
            rect,
            name,
            place,
        };
        paint(ui, &shown, view.state.watched_place == Some(place));
        if x.span() > LEAST || has_failed(bar) {
            let id = Id::unique(("timeline-bar", thread, index));
            offer(ui, view, id, &shown, &short_duration(length));
        }
    };
    // On top of what came after: it must not vanish behind a success that is wider than its time.
    let (ok, failed) = (|bar: &Bar| !has_failed(bar), has_failed);
    in_sight(&content.bars, (times, ok), scale, &mut each);
    in_sight(&content.bars, (times, failed), scale, &mut each);
}

const fn has_failed(bar: &Bar) -> bool {
    matches!(bar.kind, BarKind::Ended(StepOutcome::Failed))
}

/// Goes over the bars that are in sight and wanted, with their left and right ends. `times` tells
/// when a bar begins and ends; bars are in the order of time.
fn in_sight<T>(
    bars: &[T],
    (times, is_wanted): (impl Fn(&T) -> (u64, u64), impl Fn(&T) -> bool),
    scale: Scale,
    mut each: impl FnMut(usize, &T, Rangef),
) {
    // A bar that has just left still has its least width.
    let from = scale.moment(scale.x.min - LEAST);
    let first = bars.partition_point(|bar| (times(bar).1 as f64) < from);
    let mut drawn = f32::NEG_INFINITY;
    let wanted = bars.iter().enumerate().skip(first);
    for (index, bar) in wanted.filter(|(_, bar)| is_wanted(bar)) {
        let (start, end) = times(bar);
        if start as f64 > scale.right() {
            break;
        }
        let left = scale.at(start as f64).max(scale.x.min - 8.0);
        let right = scale.at(end as f64).min(scale.x.max + 8.0);
        let right = right.max(left + LEAST);
        // Thousands of bars in a few points would cost much and show nothing.
        if right - drawn >= 0.7 {
            drawn = right;
            each(index, bar, Rangef::new(left, right));
        }
    }
}

/// A bar of this height in the middle of its lane.
fn across(lane: Rect, height: f32, x: Rangef) -> Rect {
    let middle = lane.center().y;
    Rect::from_x_y_ranges(x, middle - height / 2.0..=middle + height / 2.0)
}

/// A bar as it is drawn.
struct Shown<'a> {
    bar: &'a Bar,
    rect: Rect,
    name: &'a str,
    place: Place,
}

/// What people call a step; a delay without a name of its own as its card says it.
fn step_name(watch: &Watch, thread: usize, step: usize) -> Cow<'_, str> {
    let outline = watch.summary.outline.as_ref();
    let thread = outline.and_then(|outline| outline.threads.get(thread));
    let step = thread.and_then(|thread| thread.steps.get(step));
    step.map_or(Cow::Borrowed(""), |step| {
        words::step_name(&step.name, &step.does)
    })
}

pub(super) const fn status(kind: &BarKind) -> Status {
    match kind {
        BarKind::Waited(_) => Status::Waiting,
        BarKind::Runs => Status::Running,
        BarKind::Ended(StepOutcome::Success) => Status::Success,
        BarKind::Ended(StepOutcome::Warning) => Status::Warning,
        BarKind::Ended(StepOutcome::Failed) => Status::Error,
        BarKind::Lost | BarKind::Ended(StepOutcome::Skipped | StepOutcome::Stopped) => {
            Status::Skipped
        }
    }
}

pub(super) const fn word(kind: &BarKind) -> &'static str {
    match kind {
        BarKind::Waited(_) => words::WAITS,
        BarKind::Runs => words::RUNS,
        BarKind::Lost => words::LOST,
        BarKind::Ended(outcome) => words::outcome(*outcome),
    }
}

fn icon(kind: &BarKind) -> Icon {
    match kind {
        BarKind::Ended(StepOutcome::Success) => Icon::Check,
        BarKind::Ended(StepOutcome::Failed) => Icon::Close,
        BarKind::Ended(StepOutcome::Stopped) => Icon::Stop,
        other => status_icon(status(other)),
    }
}

fn paint(ui: &Ui, shown: &Shown<'_>, is_chosen: bool) {
    let look = tokens(ui);
    let painter = ui.painter();
    let kind = &shown.bar.kind;
    let colours = look.status(status(kind));
    let rect = shown.rect;
    let corner = CornerRadius::same(radius::CHECK);
    let is_hollow = matches!(
        kind,
        BarKind::Waited(_)
            | BarKind::Lost
            | BarKind::Ended(StepOutcome::Skipped | StepOutcome::Stopped)
    );
    let ink = if is_hollow {
        painter.rect_filled(rect, corner, colours.tint);
        let edge = Stroke::new(1.0, colours.solid);
        dashed_rect(painter, rect, 4.0, edge, (4.0, 3.0));
        colours.text
    } else {
        // A hair between neighbours, so that two successes are two bars.
        let right = (rect.right() - 1.0).max(rect.left() + LEAST);
        let inner = Rect::from_min_max(rect.min, pos2(right, rect.bottom()));
        painter.rect_filled(inner, corner, colours.solid);
        colours.on
    };
    words_of(ui, shown, ink);
    if is_chosen {
        let edge = Stroke::new(2.0, look.text_primary);
        painter.rect_stroke(rect.expand(1.0), corner, edge, StrokeKind::Outside);
    }
}

fn words_of(ui: &Ui, shown: &Shown<'_>, ink: Color32) {
    // A bar that begins before the left edge shows its words from there.
    let clip = ui.clip_rect();
    let rect = Rect::from_x_y_ranges(
        shown.rect.left().max(clip.left())..=shown.rect.right(),
        shown.rect.y_range(),
    );
    if rect.width() < ICON_FROM {
        return;
    }
    let painter = ui.painter();
    let at = pos2(
        rect.left() + gap::CLOSE + size::ICON_PILL / 2.0,
        rect.center().y,
    );
    let place = Rect::from_center_size(at, vec2(size::ICON_PILL, size::ICON_PILL));
    icons::paint_with(painter, icon(&shown.bar.kind), place, ink, Weight::Bold);
    if rect.width() < WORD_FROM {
        return;
    }
    let kind = &shown.bar.kind;
    let is_plain = matches!(kind, BarKind::Runs | BarKind::Ended(StepOutcome::Success));
    let with_word;
    let text = match kind {
        BarKind::Waited(_) => words::WAITS,
        _ if is_plain => shown.name,
        _ => {
            with_word = format!("{} · {}", shown.name, word(kind));
            &with_word
        }
    };
    let left = place.right() + gap::CLOSE;
    let at = (pos2(left, rect.center().y), Align2::LEFT_CENTER);
    let room = rect.right() - gap::CLOSE - left;
    paint_elided(
        painter,
        at,
        text,
        (Role::SmallStrong, ink),
        Elide::End,
        room,
    );
}

fn offer(ui: &Ui, view: &mut View<'_>, id: Id, shown: &Shown<'_>, length: &str) {
    let rect = shown.rect.intersect(ui.clip_rect());
    let response = ui.interact(rect, id, Sense::click());
    let kind = &shown.bar.kind;
    let line = || words::bar(shown.name, word(kind), length, shown.bar.round);
    response.widget_info(|| WidgetInfo::labeled(Part::Button, true, line()));
    focus_ring(ui, &response, rect, radius::CHECK);
    if response.contains_pointer() {
        let mut told = line();
        if let BarKind::Waited(sentence) = kind {
            told.push('\n');
            told.push_str(sentence);
        }
        tooltip(&response, &told, None);
    }
    if response.clicked() {
        view.say(Msg::Select(Select::One(shown.place)));
    }
}

/// Draws the synchronizations, of which there is one at a time.
pub(super) fn sync(
    ui: &Ui,
    view: &mut View<'_>,
    watch: &Watch,
    (scale, lane, now): (Scale, Rect, u64),
) {
    const LOW: f32 = 17.0;
    let times = |bar: &SyncBar| (bar.start_ms, bar.end_ms.unwrap_or(now).max(bar.start_ms));
    in_sight(
        &watch.timeline.sync,
        (times, |_: &SyncBar| true),
        scale,
        |index, bar, x| {
            let rect = across(lane, LOW, x);
            let response = ui.interact(
                rect.intersect(ui.clip_rect()),
                Id::unique(("timeline-sync", index)),
                Sense::click(),
            );
            let name = step_name(watch, bar.thread, bar.step);
            one_sync(
                ui,
                &response,
                rect,
                &format!("{} {name}", number(bar.thread, bar.step)),
            );
            if response.clicked() {
                let place = Place::Step {
                    thread: bar.thread,
                    step: bar.step,
                };
                view.say(Msg::Select(Select::One(place)));
            }
        },
    );
}

fn one_sync(ui: &Ui, response: &Response, rect: Rect, text: &str) {
    let look = tokens(ui);
    response.widget_info(|| WidgetInfo::labeled(Part::Button, true, text));
    let edge = Stroke::new(1.0, look.stroke_strong);
    let corner = CornerRadius::same(radius::CHECK);
    ui.painter()
        .rect(rect, corner, look.bg_hover, edge, StrokeKind::Inside);
    let left = rect.left().max(ui.clip_rect().left()) + gap::CLOSE;
    let room = rect.right() - gap::TIGHT - left;
    if room > 24.0 {
        let at = (pos2(left, rect.center().y), Align2::LEFT_CENTER);
        let ink = (Role::Badge, look.text_primary);
        paint_elided(ui.painter(), at, text, ink, Elide::End, room);
    }
    focus_ring(ui, response, rect, radius::CHECK);
    tooltip(response, text, None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_no_time_is_wide_enough_to_be_seen() {
        let scale = Scale {
            left: 0.0,
            span: 600_000.0,
            x: Rangef::new(0.0, 600.0),
        };
        let bars = [(1_000_u64, 1_000_u64), (1_000, 300_000), (599_999, 599_999)];
        let mut seen = Vec::new();
        let times = |bar: &(u64, u64)| *bar;
        in_sight(&bars, (times, |_: &_| true), scale, |index, _, x| {
            seen.push((index, x.span() >= LEAST));
        });
        assert_eq!(seen, [(0, true), (1, true), (2, true)]);
    }

    #[test]
    fn stopped_looks_the_same_everywhere() {
        use crate::designer::CardState;
        use crate::ui::canvas::step_status;
        let stopped = CardState::Ended(StepOutcome::Stopped);
        let bar = status(&BarKind::Ended(StepOutcome::Stopped));
        assert_eq!(step_status(stopped), Some(bar));
    }
}
