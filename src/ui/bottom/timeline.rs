//! When what ran and waited: a lane for each thread, one for synchronizations, the line of now.

mod bars;
mod legend;
mod scale;

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Color32, CornerRadius, EventFilter, Galley, Id, Key, Rect, Response, Role as Part,
    ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::designer::words::bottom as words;
use crate::designer::{Command, TimelineZoom, Watch};
use crate::run::RunPhase;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{Button, IconButton, layout, line, switch, text, tooltip};
use scale::Scale;

const NAMES: f32 = 132.0;
const AXIS: f32 = 24.0;
const SYNC: f32 = 34.0;
/// The shortest and the longest time that fills the chart, in milliseconds.
const SPANS: (f64, f64) = (1_000.0, 2_592_000_000.0);

/// What it remembers by itself.
pub(super) struct Memory {
    /// How many milliseconds are shown; `None` shows all.
    span: Option<f64>,
    left: f64,
    follows: bool,
    /// How many were shown last.
    shown: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            span: None,
            left: 0.0,
            follows: true,
            shown: 60_000.0,
        }
    }
}

impl Memory {
    /// Zooms around the middle.
    pub(super) fn change(&mut self, zoom: TimelineZoom) {
        const FACTOR: f64 = 1.5;
        let middle = self.left + self.shown / 2.0;
        match zoom {
            TimelineZoom::In => self.zoom(FACTOR, middle),
            TimelineZoom::Out => self.zoom(1.0 / FACTOR, middle),
            TimelineZoom::All => self.span = None,
        }
    }

    fn zoom(&mut self, factor: f64, around: f64) {
        let old = self.span.unwrap_or(self.shown);
        let new = (old / factor).clamp(SPANS.0, SPANS.1);
        self.left = around - (around - self.left) * new / old;
        self.span = Some(new);
    }

    /// Which time is shown now.
    fn scale(&mut self, now: u64, x: egui::Rangef) -> Scale {
        const AHEAD: f64 = 0.12;
        let now = now as f64;
        let all = (now * (1.0 + AHEAD)).max(2_000.0);
        match self.span {
            None => self.left = 0.0,
            Some(span) if self.follows => {
                self.left = (now - span * (1.0 - AHEAD)).max(0.0);
            }
            Some(_) => {}
        }
        self.shown = self.span.unwrap_or(all);
        Scale {
            left: self.left,
            span: self.shown,
            x,
        }
    }
}

/// Follow, zoom.
pub(super) fn tools(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    if view.state.watch.is_none() {
        return;
    }
    for (command, icon) in [
        (Command::TimelineIn, Icon::Add),
        (Command::TimelineOut, Icon::Minus),
    ] {
        let button = IconButton::new(icon, command.label()).small();
        if button.key(words::ZOOM_KEY).show(ui).clicked() {
            view.command(command);
        }
    }
    let all = Button::new(words::FIT)
        .small()
        .kind(crate::ui::widgets::ButtonKind::Quiet);
    let all = all.tooltip(Command::TimelineAll.tooltip());
    if all.selected(memory.span.is_none()).show(ui).clicked() {
        view.command(Command::TimelineAll);
    }
    let is_going_on = view.state.watch.as_ref().is_some_and(Watch::is_going_on);
    if is_going_on {
        let response = switch(ui, words::FOLLOW, &mut memory.follows);
        tooltip(&response, words::FOLLOW_TIP, None);
        text(ui, words::FOLLOW, Role::Body, tokens(ui).text_secondary);
    }
    legend::show(ui);
}

/// The newest moment, which goes on by itself while the run does.
fn now_ms(view: &View<'_>, watch: &Watch) -> u64 {
    let known = watch.timeline.now_ms.max(watch.summary.elapsed_ms);
    if !watch.is_going_on() || matches!(watch.summary.phase, RunPhase::Starting) {
        return known;
    }
    let since = watch
        .summary
        .started
        .map(|started| view.now.duration_since(started));
    let live = since.and_then(|since| u64::try_from(since.as_millis()).ok());
    live.map_or(known, |live| live.max(known))
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    let state = view.state;
    let Some(watch) = &state.watch else {
        let words = [words::NO_TIMELINE, words::NO_TIMELINE_HINT];
        super::empty(ui, Icon::Gantt, words, |ui| {
            let start = Command::Start;
            let button = Button::new(start.label()).icon(Icon::Play).small();
            let button = button.enabled_or(start.availability(state));
            if button.show(ui).clicked() {
                view.command(start);
            }
        });
        return;
    };
    let whole = ui.max_rect();
    let now = now_ms(view, watch);
    let chart = Rect::from_min_max(pos2(whole.left() + NAMES, whole.top()), whole.max);
    let response = ui.interact(chart, Id::unique("timeline-chart"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Part::Figure, true, words::CHART));
    let scale = memory.scale(now, chart.x_range());
    steer(ui, memory, &response, scale);
    let scale = memory.scale(now, chart.x_range());

    let axis = Rect::from_min_max(chart.min, pos2(chart.right(), chart.top() + AXIS));
    let sync = Rect::from_min_max(pos2(whole.left(), whole.bottom() - SYNC), whole.max);
    let lanes = Rect::from_min_max(
        pos2(whole.left(), axis.bottom()),
        pos2(whole.right(), sync.top()),
    );
    let now_pill = watch
        .is_going_on()
        .then(|| now_pill(ui, scale, chart, now))
        .flatten();
    let covered = now_pill.as_ref().map(|(pill, _)| *pill);
    grid(ui, scale, chart, covered);
    rows(ui, view, watch, (scale, lanes, now));
    sync_lane(ui, view, watch, (scale, sync, now));
    if let Some(pill) = now_pill {
        now_line(ui, scale.at(now as f64), chart, pill);
    }
    crate::ui::widgets::focus_ring(ui, &response, chart.shrink(3.0), radius::CHECK);
}

/// The wheel, the hand and the keys move and zoom.
fn steer(ui: &Ui, memory: &mut Memory, response: &Response, scale: Scale) {
    let per_point = scale.span / f64::from(scale.x.span().max(1.0));
    let mut pan = 0.0;
    if response.dragged() {
        pan -= f64::from(response.drag_delta().x) * per_point;
    }
    if ui.rect_contains_pointer(response.rect) {
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta().x));
        pan -= f64::from(scroll) * per_point;
        if (zoom - 1.0).abs() > f32::EPSILON {
            let x = ui.input(|input| input.pointer.hover_pos());
            let around = x.map_or(scale.left, |at| scale.moment(at.x));
            memory.zoom(f64::from(zoom), around);
        }
    }
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
        let page = scale.span * 0.15;
        if pressed(Key::ArrowLeft) {
            pan -= page;
        }
        if pressed(Key::ArrowRight) {
            pan += page;
        }
        if pressed(Key::Plus) || pressed(Key::Equals) {
            memory.change(TimelineZoom::In);
        }
        if pressed(Key::Minus) {
            memory.change(TimelineZoom::Out);
        }
        if pressed(Key::Home) {
            memory.change(TimelineZoom::All);
        }
    }
    if pan != 0.0 {
        memory.span = Some(scale.span);
        memory.left = (scale.left + pan).max(0.0);
        memory.follows = false;
    }
}

fn grid(ui: &Ui, scale: Scale, chart: Rect, covered: Option<Rect>) {
    let look = tokens(ui);
    let painter = ui.painter();
    let step = scale.step();
    for tick in scale.ticks() {
        let x = scale.at(tick as f64);
        let stroke = Stroke::new(1.0, look.stroke_subtle);
        painter.vline(x, chart.top() + AXIS..=chart.bottom(), stroke);
        let at = (
            pos2(x + gap::TIGHT, chart.top() + AXIS / 2.0),
            Align2::LEFT_CENTER,
        );
        let words = words::moment(tick, step);
        let galley = layout(painter, &words, Role::Small, f32::INFINITY);
        // Half a word would be read as another one.
        let end = at.0.x + galley.size().x;
        let is_covered = covered.is_some_and(|pill| at.0.x < pill.right() && pill.left() < end);
        if end <= chart.right() && !is_covered {
            line(painter, at, &words, Role::Small, look.text_tertiary);
        }
    }
    let stroke = Stroke::new(1.0, look.stroke_subtle);
    painter.hline(chart.x_range(), chart.top() + AXIS, stroke);
}

fn rows(ui: &mut Ui, view: &mut View<'_>, watch: &Watch, (scale, lanes, now): (Scale, Rect, u64)) {
    let outline = watch.summary.outline.as_ref();
    let threads = outline.map_or(&[][..], |outline| &outline.threads);
    let mut child = ui.new_child(UiBuilder::new().max_rect(lanes).id_salt("timeline-lanes"));
    child.shrink_clip_rect(lanes);
    child.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ScrollArea::vertical()
        .id_salt("timeline-rows")
        .auto_shrink(false)
        .show_rows(
            &mut child,
            size::TIMELINE_LANE,
            threads.len(),
            |ui, range| {
                for thread in range {
                    let (_, rect) =
                        ui.allocate_space(vec2(ui.available_width(), size::TIMELINE_LANE));
                    let name = threads
                        .get(thread)
                        .map_or("", |thread| thread.name.as_str());
                    name_of(ui, rect, Some(thread + 1), name);
                    let stroke = Stroke::new(1.0, tokens(ui).stroke_subtle);
                    ui.painter().hline(rect.x_range(), rect.bottom(), stroke);
                    let part = Rect::from_min_max(pos2(scale.x.min, rect.top()), rect.max);
                    let mut chart = ui.new_child(UiBuilder::new().max_rect(part).id_salt(thread));
                    chart.shrink_clip_rect(part);
                    bars::lane(&chart, view, watch, thread, (scale, part, now));
                }
            },
        );
}

fn sync_lane(
    ui: &mut Ui,
    view: &mut View<'_>,
    watch: &Watch,
    (scale, sync, now): (Scale, Rect, u64),
) {
    let look = tokens(ui);
    let stroke = Stroke::new(1.0, look.stroke_default);
    ui.painter().hline(sync.x_range(), sync.top(), stroke);
    name_of(ui, sync, None, words::SYNC_LANE);
    let part = Rect::from_min_max(pos2(scale.x.min, sync.top()), sync.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(part).id_salt("timeline-syncs"));
    child.shrink_clip_rect(part);
    bars::sync(&child, view, watch, (scale, part, now));
}

/// The name of a lane with its number, or the lock of the last one.
fn name_of(ui: &Ui, lane: Rect, number: Option<usize>, name: &str) {
    let look = tokens(ui);
    let painter = ui.painter();
    let tile = Rect::from_center_size(
        pos2(lane.left() + gap::PANEL + 10.0, lane.center().y),
        vec2(20.0, 20.0),
    );
    if let Some(number) = number {
        let corner = CornerRadius::same(radius::BADGE);
        painter.rect_filled(tile, corner, look.text_secondary);
        let at = (tile.center(), Align2::CENTER_CENTER);
        let number = number.to_string();
        line(painter, at, &number, Role::SmallStrong, look.bg_panel);
    } else {
        let place = Rect::from_center_size(tile.center(), vec2(size::ICON_ROW, size::ICON_ROW));
        let ink = look.text_secondary;
        icons::paint_with(painter, Icon::Lock, place, ink, Weight::Regular);
    }
    let left = tile.right() + gap::NEAR;
    let room = lane.left() + NAMES - gap::TIGHT - left;
    let format = TextFormat {
        line_height: Some(Role::SmallStrong.line_height()),
        ..TextFormat::simple(Role::SmallStrong.font(), Color32::PLACEHOLDER)
    };
    let mut job = LayoutJob::single_section(name.to_owned(), format);
    job.wrap = TextWrapping {
        max_width: room,
        max_rows: if number.is_some() { 2 } else { 1 },
        ..TextWrapping::default()
    };
    let galley = painter.layout_job(job);
    let at = pos2(left, lane.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, look.text_primary);
}

/// Where the present is told, and its words.
fn now_pill(ui: &Ui, scale: Scale, chart: Rect, now: u64) -> Option<(Rect, Arc<Galley>)> {
    let x = scale.at(now as f64);
    if !chart.x_range().contains(x) {
        return None;
    }
    let galley = layout(ui.painter(), &words::now_at(now), Role::SmallStrong, 120.0);
    let size = galley.size() + vec2(2.0 * gap::NEAR, 2.0);
    let centre = pos2(
        // A chart that is narrower than the words keeps their begin.
        x.min(chart.right() - size.x / 2.0)
            .max(chart.left() + size.x / 2.0),
        chart.top() + AXIS / 2.0,
    );
    Some((Rect::from_center_size(centre, size), galley))
}

fn now_line(ui: &Ui, x: f32, chart: Rect, (pill, galley): (Rect, Arc<Galley>)) {
    let look = tokens(ui);
    let painter = ui.painter();
    let stroke = Stroke::new(2.0, look.text_primary);
    painter.vline(x, chart.top() + AXIS - 4.0..=chart.bottom(), stroke);
    painter.rect_filled(pill, CornerRadius::same(radius::CHECK), look.text_primary);
    painter.galley(pill.center() - galley.size() / 2.0, galley, look.bg_panel);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_middle_and_all_is_all() {
        let mut memory = Memory::default();
        let x = egui::Rangef::new(0.0, 100.0);
        memory.follows = false;
        let whole = memory.scale(60_000, x);
        memory.change(TimelineZoom::In);
        let closer = memory.scale(60_000, x);
        let middle = |scale: &Scale| scale.left + scale.span / 2.0;
        assert!((whole.span / closer.span - 1.5).abs() < 1e-9);
        assert!((middle(&whole) - middle(&closer)).abs() < 1e-6);
        memory.change(TimelineZoom::Out);
        assert!((memory.scale(60_000, x).span - whole.span).abs() < 1e-6);
        memory.change(TimelineZoom::In);
        memory.change(TimelineZoom::All);
        assert!((memory.scale(60_000, x).span - whole.span).abs() < 1e-9);
    }
}
