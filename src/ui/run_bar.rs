//! The run bar: a run in one look, readable from two metres.

mod strip;

use std::time::Duration;

use egui::{
    Align, Align2, Layout, Rect, Role as Part, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::icons::{self, Icon, Weight};
use super::theme::{Role, Status, gap, size, tokens};
use super::view::View;
use super::widgets::{
    Button, ButtonKind, Elide, elided, layout, line, paint_elided, status_icon, tooltip,
};
use crate::base::text::short_duration;
use crate::designer::words::quotes::quoted;
use crate::designer::words::run_bar as words;
use crate::designer::{Command, Connection, HeadlineState, RunCounts, RunScope, Watch};
use crate::run::RunPhase;

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let state = view.state;
    let Some(watch) = &state.watch else {
        return;
    };
    if watch.is_going_on() {
        // The clock goes on while nothing else happens.
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }
    let whole = ui.max_rect();
    let counts = watch.counts();
    let block = block(ui, watch, whole);
    let right = Rect::from_min_max(pos2(block.right(), whole.top()), whole.max);
    let times = times(ui, view, watch, right);
    let middle = Rect::from_min_max(
        pos2(block.right() + gap::GROUP, whole.top()),
        pos2(times.left() - gap::APART, whole.bottom()),
    );
    progress(ui, &state.connection, (watch, &counts), middle);
    let edge = Rect::from_min_max(pos2(whole.left(), whole.bottom() - 1.0), whole.max);
    ui.painter()
        .rect_filled(edge, 0.0, tokens(ui).stroke_default);
}

/// The look of a state, and its icon.
const fn look_of(state: HeadlineState) -> (Status, Icon) {
    match state {
        HeadlineState::Starting | HeadlineState::Running => (Status::Running, Icon::Running),
        HeadlineState::Waiting => (Status::Waiting, Icon::Waiting),
        HeadlineState::Paused => (Status::Held, Icon::Pause),
        HeadlineState::Stopping | HeadlineState::Stopped => (Status::Skipped, Icon::Stop),
        HeadlineState::Success => (Status::Success, Icon::Check),
        HeadlineState::Warning => (Status::Warning, Icon::Warning),
        HeadlineState::RunningWithFailures
        | HeadlineState::PausedWithFailures
        | HeadlineState::Failed
        | HeadlineState::BrokenOff => (Status::Error, Icon::Close),
    }
}

/// The large block: icon, word, one sentence.
fn block(ui: &Ui, watch: &Watch, whole: Rect) -> Rect {
    const SHARE: f32 = 0.27;
    let headline = watch.headline();
    let (status, icon) = look_of(headline.state);
    let colours = tokens(ui).status(status);
    let width = (whole.width() * SHARE).clamp(264.0, 360.0);
    let rect = Rect::from_min_size(whole.min, vec2(width, whole.height()));
    let id = egui::Id::unique("run-bar-block");
    let response = ui.interact(rect, id, Sense::hover());
    let word = words::state(headline.state);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::Status, true, word);
        info.current_text_value = Some(headline.sentence.clone());
        info
    });
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, colours.solid);
    let at = pos2(rect.left() + 20.0 + size::ICON_RUN / 2.0, rect.center().y);
    let place = Rect::from_center_size(at, vec2(size::ICON_RUN, size::ICON_RUN));
    icons::paint_with(painter, icon, place, colours.on, Weight::Bold);
    let left = place.right() + gap::GROUP;
    let room = rect.right() - gap::NEAR - left;
    let y = if headline.sentence.is_empty() {
        0.0
    } else {
        10.0
    };
    let at = (pos2(left, rect.center().y - y), Align2::LEFT_CENTER);
    let role = (Role::RunState, colours.on);
    paint_elided(painter, at, word, role, Elide::End, room);
    let at = (pos2(left, rect.center().y + 15.0), Align2::LEFT_CENTER);
    let role = (Role::Body, colours.on);
    let (_, is_cut) = paint_elided(
        painter,
        at,
        &quoted(&headline.sentence),
        role,
        Elide::End,
        room,
    );
    if is_cut {
        tooltip(&response, &headline.sentence, None);
    }
    rect
}

/// The time at the right edge, and what can be done when the run is over.
fn times(ui: &mut Ui, view: &mut View<'_>, watch: &Watch, right: Rect) -> Rect {
    let going_on = watch.is_going_on();
    let elapsed = short_duration(elapsed(watch, view.now));
    let child = UiBuilder::new()
        .max_rect(right.shrink2(vec2(gap::GROUP, 0.0)))
        .layout(Layout::right_to_left(Align::Center));
    let mut child = ui.new_child(child);
    child.spacing_mut().item_spacing.x = gap::NEAR;
    if !going_on {
        let again = match watch.scope {
            RunScope::All => Command::Start,
            RunScope::OnlyThread(_) => Command::StartThread,
            RunScope::From { .. } => Command::StartFromHere,
        };
        let start = Button::new(words::START_AGAIN)
            .icon(Icon::PlayFill)
            .tooltip(again.label())
            .enabled_or(again.availability(view.state));
        let back = Button::new(words::BACK)
            .kind(ButtonKind::Primary)
            .enabled_or(Command::BackToEditing.availability(view.state));
        // From the right edge. The way back is not there: below the second click of a double click
        // would then lie what disconnects.
        if start.show(&mut child).clicked() {
            view.command(again);
        }
        if back.show(&mut child).clicked() {
            view.command(Command::BackToEditing);
        }
        child.add_space(gap::NEAR);
    }
    let look = tokens(&child);
    let word = if going_on {
        words::ELAPSED
    } else {
        words::TOOK
    };
    figure(
        &mut child,
        &elapsed,
        word,
        look.text_primary,
        look.text_secondary,
    );
    child.add_space(gap::NEAR);
    let (_, rule) = child.allocate_space(vec2(1.0, 52.0));
    child.painter().rect_filled(rule, 0.0, look.stroke_subtle);
    child.min_rect()
}

/// A large figure with a word below it.
fn figure(ui: &mut Ui, figure: &str, word: &str, strong: egui::Color32, dim: egui::Color32) {
    let galley = layout(ui.painter(), figure, Role::RunFigure, f32::INFINITY);
    let below = galley.size().y;
    // As high as the figure of the steps, so that both stand on one line.
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, 48.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::Label, true, word);
        info.current_text_value = Some(figure.to_owned());
        info
    });
    ui.painter().galley(rect.min, galley, strong);
    let at = (pos2(rect.left(), rect.top() + below), Align2::LEFT_TOP);
    line(ui.painter(), at, word, Role::Body, dim);
}

/// How long the run has taken so far.
fn elapsed(watch: &Watch, now: Timestamp) -> Duration {
    let known = Duration::from_millis(watch.summary.elapsed_ms);
    if !watch.is_going_on() || matches!(watch.summary.phase, RunPhase::Starting) {
        return known;
    }
    let since = watch
        .summary
        .started
        .map(|started| now.duration_since(started));
    let live = since.and_then(|since| Duration::try_from(since).ok());
    live.map_or(known, |live| live.max(known))
}

/// How many steps are where: words, counts and the strip.
fn progress(
    ui: &mut Ui,
    connection: &Connection,
    (watch, counts): (&Watch, &RunCounts),
    middle: Rect,
) {
    const FIGURE: f32 = 210.0;
    if middle.width() < 60.0 {
        return;
    }
    let child = UiBuilder::new()
        .max_rect(middle)
        .layout(Layout::left_to_right(Align::Center));
    let mut child = ui.new_child(child);
    child.shrink_clip_rect(middle.expand(gap::HAIR));
    child.spacing_mut().item_spacing.x = gap::GROUP;
    let done = counts.success + counts.warning + counts.failed + counts.stopped + counts.skipped;
    let outline = watch.summary.outline.as_ref();
    let address = outline.map_or("", |outline| outline.server.as_str());
    let server = match connection {
        // The name that the person knows it by.
        Connection::Connected { server, .. } if server.address == address => &server.name,
        _ => address,
    };
    let second = words::when_and_where(server, watch.summary.started, TimeZone::system());
    let look = tokens(&child);
    let width = FIGURE.min(middle.width() * 0.42).max(150.0);
    child.allocate_ui_with_layout(vec2(width, 48.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        let figure = words::done(done, counts.all);
        elided(
            ui,
            &figure,
            Role::RunFigure,
            look.text_primary,
            Elide::End,
            width,
        );
        elided(
            ui,
            &second,
            Role::Body,
            look.text_secondary,
            Elide::Middle,
            width,
        );
    });
    let room = child.available_width();
    if room < 90.0 {
        return;
    }
    child.allocate_ui_with_layout(vec2(room, 48.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(room);
        ui.spacing_mut().item_spacing.y = gap::CLOSE;
        ui.add_space(gap::CLOSE);
        let row = vec2(room, 20.0);
        ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(row);
            ui.spacing_mut().item_spacing.x = gap::GROUP;
            tallies(ui, counts);
        });
        strip::show(ui, watch, counts);
    });
}

/// The counts with their words, or without where there is no room for all of them.
fn tallies(ui: &mut Ui, counts: &RunCounts) {
    let all = [
        (counts.success, words::SUCCESS, Status::Success),
        (counts.warning, words::WARNING, Status::Warning),
        (counts.failed, words::FAILED, Status::Error),
        (counts.stopped, words::STOPPED, Status::Skipped),
        (counts.skipped, words::SKIPPED, Status::Skipped),
        (counts.running, words::RUNNING, Status::Running),
        (counts.waiting, words::WAITING, Status::Waiting),
        (counts.unknown, words::UNKNOWN, Status::Skipped),
    ];
    let some = || all.into_iter().filter(|(count, ..)| *count > 0);
    let wide: f32 = some()
        .map(|(count, word, _)| {
            let words = format!("{count} {word}");
            let galley = layout(ui.painter(), &words, Role::BodyStrong, f32::INFINITY);
            size::ICON_ROW + gap::CLOSE + galley.size().x + gap::GROUP
        })
        .sum();
    let has_words = wide <= ui.available_width() + gap::GROUP;
    if !has_words {
        let bare: f32 = some()
            .map(|(count, ..)| {
                let figure = count.to_string();
                let galley = layout(ui.painter(), &figure, Role::BodyStrong, f32::INFINITY);
                size::ICON_ROW + gap::CLOSE + galley.size().x + gap::TIGHT
            })
            .sum();
        let between = some().count().saturating_sub(1).max(1) as f32;
        let left = (ui.available_width() - bare) / between;
        ui.spacing_mut().item_spacing.x = left.clamp(gap::HAIR, gap::APART);
    }
    for (count, word, status) in some() {
        tally(ui, count, (word, has_words), status);
    }
}

/// One count with its icon and, where there is room, its word.
fn tally(ui: &mut Ui, count: usize, (word, has_word): (&str, bool), status: Status) {
    let colour = tokens(ui).status(status).text;
    let figure = count.to_string();
    let number = layout(ui.painter(), &figure, Role::BodyStrong, f32::INFINITY);
    let shown = if has_word { word } else { "" };
    let words = layout(ui.painter(), shown, Role::Small, f32::INFINITY);
    let icon = size::ICON_ROW;
    let width = icon + gap::CLOSE + number.size().x + gap::TIGHT + words.size().x;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 18.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::Label, true, word);
        info.value = Some(count as f64);
        info
    });
    let painter = ui.painter();
    let middle = rect.center().y;
    let place = Rect::from_center_size(pos2(rect.left() + icon / 2.0, middle), vec2(icon, icon));
    // What was stopped has the colours of what was skipped, and its own icon.
    let icon = if word == words::STOPPED {
        Icon::Stop
    } else {
        status_icon(status)
    };
    icons::paint_with(painter, icon, place, colour, Weight::Regular);
    let at = pos2(place.right() + gap::CLOSE, middle - number.size().y / 2.0);
    let next = at.x + number.size().x + gap::TIGHT;
    painter.galley(at, number, colour);
    let at = pos2(next, middle - words.size().y / 2.0);
    painter.galley(at, words, colour);
    if !has_word {
        tooltip(&response, word, None);
    }
}
