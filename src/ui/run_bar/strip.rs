//! The steps of a run as small bars, thread after thread; many steps become one bar of shares.

use egui::{CornerRadius, Painter, Rect, Role as Part, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::designer::words::run_bar as words;
use crate::designer::{CardState, RunCounts, Watch};
use crate::model::Place;
use crate::run::StepOutcome;
use crate::ui::theme::{Status, Tokens, gap, radius, tokens};
use crate::ui::widgets::dashed_rect;

const HEIGHT: f32 = 10.0;
const LEAST: f32 = 7.0;
const MOST: f32 = 30.0;
const BETWEEN_THREADS: f32 = 10.0;
const BETWEEN_STEPS: f32 = 2.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, watch: &Watch, counts: &RunCounts) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::ProgressIndicator, true, words::STRIP);
        let open = counts.planned + counts.waiting + counts.running + counts.unknown;
        let done = counts.all.saturating_sub(open);
        info.value = Some((done * 100 / counts.all.max(1)) as f64);
        info
    });
    let Some(outline) = &watch.summary.outline else {
        return;
    };
    let threads = outline
        .threads
        .iter()
        .filter(|thread| !thread.steps.is_empty());
    let (groups, steps) = threads.fold((0, 0), |(groups, steps), thread| {
        (groups + 1, steps + thread.steps.len())
    });
    if steps == 0 {
        return;
    }
    let gaps = (groups as f32 - 1.0) * BETWEEN_THREADS + steps as f32 * BETWEEN_STEPS;
    let width = ((rect.width() - gaps) / steps as f32).min(MOST);
    if width < LEAST {
        shares(ui, rect, counts);
        return;
    }
    let mut x = rect.left();
    for (thread, content) in outline.threads.iter().enumerate() {
        if content.steps.is_empty() {
            continue;
        }
        for step in 0..content.steps.len() {
            let place = Rect::from_min_size(pos2(x, rect.top()), vec2(width, HEIGHT));
            let state = watch
                .card_text(Place::Step { thread, step })
                .map_or(CardState::Planned, |card| card.state);
            bar(ui, ui.painter(), place, state);
            x += width + BETWEEN_STEPS;
        }
        x += BETWEEN_THREADS - BETWEEN_STEPS;
    }
}

/// The look of an outcome.
const fn outcome(outcome: StepOutcome) -> Status {
    match outcome {
        StepOutcome::Skipped | StepOutcome::Stopped => Status::Skipped,
        StepOutcome::Success => Status::Success,
        StepOutcome::Warning => Status::Warning,
        StepOutcome::Failed => Status::Error,
    }
}

fn bar(ui: &Ui, painter: &Painter, place: Rect, state: CardState) {
    let look = tokens(ui);
    let corner = CornerRadius::same(radius::CHART);
    let stroke = |status| egui::Stroke::new(1.0, look.status(status).solid);
    match state {
        CardState::Off | CardState::Ended(StepOutcome::Skipped) => {
            dashed_rect(painter, place, 2.0, stroke(Status::Skipped), (3.0, 2.0));
        }
        CardState::Planned => track(painter, look, place),
        CardState::Waiting => {
            let colours = look.status(Status::Waiting);
            let edge = stroke(Status::Waiting);
            painter.rect(place, corner, colours.tint, edge, egui::StrokeKind::Inside);
        }
        CardState::Running => {
            track(painter, look, place);
            let half = Rect::from_min_max(place.min, pos2(place.center().x, place.bottom()));
            painter.rect_filled(half, corner, look.status(Status::Running).solid);
        }
        CardState::Ended(how) => {
            painter.rect_filled(place, corner, look.status(outcome(how)).solid);
        }
    }
}

/// What is still to come: hollow, so that in no look it is louder than what has happened.
fn track(painter: &Painter, look: &Tokens, place: Rect) {
    let corner = CornerRadius::same(radius::CHART);
    let edge = egui::Stroke::new(1.0, look.stroke_default);
    painter.rect(
        place,
        corner,
        look.bg_pressed,
        edge,
        egui::StrokeKind::Inside,
    );
}

/// One bar whose parts are as wide as the counts are large.
fn shares(ui: &Ui, rect: Rect, counts: &RunCounts) {
    let look = tokens(ui);
    let painter = ui.painter();
    let corner = CornerRadius::same(radius::CHART);
    track(painter, look, rect);
    let mut x = rect.left();
    for (count, status) in [
        (counts.success, Status::Success),
        (counts.warning, Status::Warning),
        (counts.failed, Status::Error),
        (counts.stopped, Status::Skipped),
        (counts.skipped, Status::Skipped),
        (counts.running, Status::Running),
        (counts.waiting, Status::Waiting),
        (counts.unknown, Status::Skipped),
    ] {
        if count == 0 {
            continue;
        }
        // Even one failure among thousands of steps is to be seen.
        let width = (rect.width() * count as f32 / counts.all.max(1) as f32).max(gap::HAIR);
        let right = (x + width).min(rect.right());
        let part = Rect::from_min_max(pos2(x, rect.top()), pos2(right, rect.bottom()));
        painter.rect_filled(part, corner, look.status(status).solid);
        x = right;
    }
}
