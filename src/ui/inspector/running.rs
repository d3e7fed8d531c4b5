//! The state of the chosen step during a run: how it stands, what it did, what went wrong.

use std::time::Duration;

use egui::{
    Align, Align2, CornerRadius, Frame, Layout, Margin, Panel, Rect, Role as Part, ScrollArea,
    Sense, Ui, WidgetInfo, pos2, vec2,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::head::{self, Head};
use super::marks;
use crate::base::text::short_duration;
use crate::designer::words::bottom::outcome;
use crate::designer::words::inspector as words;
use crate::designer::words::quotes::quoted;
use crate::designer::{
    BottomTab, CardState, CardText, CardTime, Command, Msg, PanelMsg, Watch, statistics_errors,
    statistics_view,
};
use crate::mim::StepType;
use crate::model::Place;
use crate::run::{StepOutline, StepOutlineKind, StepStatus, StepSummary, ThreadStatus};
use crate::ui::canvas::step_status;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, StepLook, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{
    Button, ButtonKind, Elide, elided, layout, paint_elided, progress_bar, status_icon, text,
    tooltip,
};

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let state = view.state;
    let Some(watch) = &state.watch else {
        return;
    };
    let place = state.watched_place.unwrap_or(Place::Sequence);
    let (head, status) = head_of(watch, place);
    head::show(ui, &head, |ui| tile(ui, head.icon, status));
    foot(ui, view, watch);
    ScrollArea::vertical()
        .id_salt(("inspector-run", place))
        .auto_shrink(false)
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::symmetric(gap::PANEL as i8, 10))
                .show(ui, |ui| {
                    ui.set_max_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = gap::HAIR;
                    body(ui, view, watch, place);
                });
        });
}

fn body(ui: &mut Ui, view: &View<'_>, watch: &Watch, place: Place) {
    let found = (watch.card_text(place), watch.step(place));
    let (Some(card), Some(step)) = found else {
        let dim = tokens(ui).text_secondary;
        if let Place::Thread(thread) = place {
            of_thread(ui, watch, thread);
        } else {
            text(ui, words::RUN_HINT, Role::Body, dim);
        }
        ui.add_space(gap::NEAR);
        text(ui, words::NO_STEP, Role::Body, tokens(ui).text_tertiary);
        return;
    };
    standing(ui, &card, view.now);
    facts(ui, step);
    errors(ui, step);
    let groups = statistics_view(step);
    if groups.is_empty() && card.state == CardState::Running {
        section_line(ui);
        text(
            ui,
            words::NO_COUNTERS,
            Role::Small,
            tokens(ui).text_tertiary,
        );
    }
    for group in groups {
        section_line(ui);
        text(ui, &group.title, Role::BodyStrong, tokens(ui).text_primary);
        ui.add_space(gap::HAIR);
        for (label, count) in &group.rows {
            let look = tokens(ui);
            let is_zero = *count == 0;
            let ink = if is_zero {
                look.text_tertiary
            } else {
                look.text_primary
            };
            fact(ui, label, &words::figure(*count), (ink, !is_zero));
        }
    }
}

fn head_of(watch: &Watch, place: Place) -> (Head, Option<Status>) {
    let outline = watch.summary.outline.as_ref();
    let mut head = Head {
        icon: Icon::Sequence,
        look: StepLook::Flow,
        title: watch.run.sequence.clone(),
        second: watch.run.run.to_string(),
        place: [String::new(), String::new()],
    };
    let Some(thread) = place.thread() else {
        return (head, None);
    };
    let Some(known) = outline.and_then(|outline| outline.threads.get(thread)) else {
        return (head, None);
    };
    head.place = [words::thread_number(thread), String::new()];
    let Place::Step { step, .. } = place else {
        head.icon = Icon::Thread;
        head.title.clone_from(&known.name);
        head.second = words::steps(known.steps.len());
        return (head, None);
    };
    let Some(known) = known.steps.get(step) else {
        return (head, None);
    };
    head.place = [
        words::thread_number(thread),
        words::step_number(thread, step),
    ];
    (head.icon, head.look, head.title, head.second) = does(known);
    let state = watch.card_text(place).map(|card| card.state);
    let status = state.and_then(step_status);
    if let Some(status) = status {
        head.icon = status_icon(status);
    }
    (head, status)
}

/// What a step of the run does: icon, family, first and second line.
fn does(step: &StepOutline) -> (Icon, StepLook, String, String) {
    match &step.does {
        StepOutlineKind::RunProfile {
            agent,
            profile,
            step_types,
        } => {
            let first = step_types.first();
            let kind = first.and_then(|word| StepType::from_word(word));
            let (icon, look) = kind.map_or((Icon::Sync, StepLook::Flow), marks::of_type);
            (icon, look, agent.clone(), profile.clone())
        }
        StepOutlineKind::Delay { duration_ms } => {
            let span = Duration::from_millis(*duration_ms);
            let shown = crate::designer::typed::span_text(span);
            (Icon::Delay, StepLook::Flow, words::DELAY.to_owned(), shown)
        }
        StepOutlineKind::Command { line } => {
            let title = words::COMMAND.to_owned();
            (Icon::Command, StepLook::Flow, title, line.clone())
        }
    }
}

/// The tile at the head: the state during a run, never the family.
fn tile(ui: &mut Ui, icon: Icon, status: Option<Status>) {
    let Some(status) = status else {
        marks::tile(ui, icon, StepLook::Flow);
        return;
    };
    let colours = tokens(ui).status(status);
    let (rect, _) = ui.allocate_exact_size(vec2(size::TILE, size::TILE), Sense::hover());
    let corner = CornerRadius::same(radius::TILE);
    ui.painter().rect_filled(rect, corner, colours.solid);
    let place = Rect::from_center_size(rect.center(), vec2(size::ICON_TILE, size::ICON_TILE));
    icons::paint_with(ui.painter(), icon, place, colours.on, Weight::Bold);
}

/// The state in a word, the time, the sentence, the progress.
fn standing(ui: &mut Ui, card: &CardText<'_>, now: Timestamp) {
    let look = tokens(ui);
    let ink =
        step_status(card.state).map_or(look.text_secondary, |status| look.status(status).text);
    let wanted = vec2(
        ui.available_width(),
        Role::CardState.line_height() + gap::TIGHT,
    );
    let (time, progress) = time(card.time, now);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        let room = ui.available_width() * 0.6;
        elided(ui, card.word, Role::CardState, ink, Elide::End, room);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let room = ui.available_width();
            elided(ui, &time, Role::Body, look.text_secondary, Elide::End, room);
        });
    });
    if let Some(progress) = progress {
        ui.add_space(gap::HAIR);
        progress_bar(ui, card.word, progress, Status::Running);
        ui.add_space(gap::TIGHT);
    }
    if !card.sentence.is_empty() {
        text(ui, &quoted(&card.sentence), Role::Body, look.text_primary);
    }
}

/// What the clock shows, and how far it is as far as is known.
fn time(time: CardTime, now: Timestamp) -> (String, Option<f32>) {
    match time {
        CardTime::None => (String::new(), None),
        CardTime::Took(millis) => (short_duration(Duration::from_millis(millis)), None),
        CardTime::Since { since, expected_ms } => {
            let spent = Duration::try_from(now.duration_since(since)).unwrap_or_default();
            let expected = expected_ms.filter(|expected| *expected > 0);
            let share = expected.map(|expected| spent.as_millis() as f32 / expected as f32);
            (short_duration(spent), share.map(|share| share.min(1.0)))
        }
    }
}

/// What else is known: result, since when, an earlier round.
fn facts(ui: &mut Ui, step: &StepSummary) {
    let look = tokens(ui);
    let mut told: Vec<(&str, String)> = Vec::new();
    if let Some(result) = &step.result {
        told.push((words::RESULT, result.clone()));
    }
    if let Some(since) = step.since {
        let clock = since.to_zoned(TimeZone::system()).strftime("%H:%M:%S");
        let word = match step.status {
            StepStatus::Finished(_) => words::STARTED,
            StepStatus::Pending | StepStatus::Waiting | StepStatus::Running => words::SINCE,
        };
        told.push((word, clock.to_string()));
    }
    if let Some(millis) = step.elapsed_ms {
        told.push((words::TOOK, short_duration(Duration::from_millis(millis))));
    }
    if let Some(earlier) = &step.earlier {
        let how = outcome(earlier.outcome);
        told.push((words::EARLIER, format!("{}, {how}", earlier.round)));
    }
    if told.is_empty() {
        return;
    }
    section_line(ui);
    for (label, value) in &told {
        fact(ui, label, value, (look.text_primary, true));
    }
    if let Some(earlier) = &step.earlier {
        text(ui, &earlier.sentence, Role::Small, look.text_tertiary);
    }
}

/// What went wrong with the connection and with single objects.
fn errors(ui: &mut Ui, step: &StepSummary) {
    let errors = statistics_errors(step);
    if errors.connection.is_empty() && errors.all == 0 {
        return;
    }
    let ink = tokens(ui).status(Status::Error).text;
    let dim = tokens(ui).text_secondary;
    section_line(ui);
    if !errors.connection.is_empty() {
        text(ui, words::CONNECTION, Role::BodyStrong, ink);
        for line in &errors.connection {
            text(ui, line, Role::Body, dim);
        }
    }
    if errors.all > 0 {
        let title = format!("{} {}", words::ERROR_OBJECTS, words::figure(errors.all));
        text(ui, &title, Role::BodyStrong, ink);
        for line in &errors.shown {
            text(ui, line, Role::Mono, dim);
            ui.add_space(gap::HAIR);
        }
        let rest = errors.all.saturating_sub(errors.shown.len() as u64);
        if rest > 0 {
            text(
                ui,
                &words::more_errors(rest),
                Role::Small,
                tokens(ui).text_tertiary,
            );
        }
    }
}

fn of_thread(ui: &mut Ui, watch: &Watch, thread: usize) {
    let Some(summary) = watch.summary.threads.get(thread) else {
        return;
    };
    let look = tokens(ui);
    let is_lost = watch.is_broken_off()
        && matches!(
            summary.status,
            ThreadStatus::Pending | ThreadStatus::Running
        );
    let state = match summary.status {
        // As the head of the thread says it: neither going on nor ended.
        _ if is_lost => CardState::Off,
        ThreadStatus::Disabled => CardState::Off,
        ThreadStatus::Pending => CardState::Planned,
        ThreadStatus::Running => CardState::Running,
        ThreadStatus::Finished(how) => CardState::Ended(how),
    };
    let ink = step_status(state).map_or(look.text_secondary, |status| look.status(status).text);
    let word = match state {
        _ if is_lost => crate::designer::words::watch::UNKNOWN,
        CardState::Ended(how) => outcome(how),
        CardState::Running => crate::designer::words::watch::RUNNING,
        CardState::Off => watch.off_word(thread, None),
        CardState::Planned | CardState::Waiting => crate::designer::words::watch::PLANNED,
    };
    text(ui, word, Role::CardState, ink);
    fact(
        ui,
        words::ROUND,
        &summary.round.to_string(),
        (look.text_primary, true),
    );
}

fn section_line(ui: &mut Ui) {
    ui.add_space(gap::NEAR);
    head::line(ui);
    ui.add_space(gap::NEAR);
}

/// A label with its value at the right edge.
fn fact(ui: &mut Ui, label: &str, value: &str, (ink, is_strong): (egui::Color32, bool)) {
    const HEIGHT: f32 = 21.0;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Part::Label, true, label);
        info.current_text_value = Some(value.to_owned());
        info
    });
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter();
    let role = if is_strong {
        Role::BodyStrong
    } else {
        Role::Body
    };
    let figure = layout(painter, value, role, rect.width() * 0.66);
    let left = rect.right() - figure.size().x;
    let room = left - gap::NEAR - rect.left();
    let at = (rect.left_center(), Align2::LEFT_CENTER);
    let dim = (Role::Body, tokens(ui).text_secondary);
    let (_, is_cut) = paint_elided(painter, at, label, dim, Elide::End, room.max(20.0));
    let is_cut = is_cut || figure.elided;
    painter.galley(
        pos2(left, rect.center().y - figure.size().y / 2.0),
        figure,
        ink,
    );
    if is_cut {
        tooltip(&response, &format!("{label} {value}"), None);
    }
}

fn foot(ui: &mut Ui, view: &mut View<'_>, watch: &Watch) {
    let fill = tokens(ui).bg_panel;
    Panel::bottom("inspector-run-foot")
        .resizable(false)
        .frame(
            Frame::new()
                .fill(fill)
                // A quiet button brings room of its own, one with an edge does not.
                .inner_margin(Margin {
                    left: 8,
                    right: 14,
                    top: 8,
                    bottom: 8,
                }),
        )
        .show(ui, |ui| {
            let wanted = vec2(ui.available_width(), size::BUTTON_SMALL);
            ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
                let log = Button::new(words::OPEN_LOG).icon(Icon::Log).small();
                if log.kind(ButtonKind::Quiet).show(ui).clicked() {
                    view.say(Msg::Panel(PanelMsg::Tab(BottomTab::Log)));
                }
                if !watch.is_going_on() {
                    return;
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let stop = Button::new(words::STOP).icon(Icon::Stop).small();
                    let stop = stop.enabled_or(Command::Stop.availability(view.state));
                    if stop.tooltip(Command::Stop.label()).show(ui).clicked() {
                        view.command(Command::Stop);
                    }
                });
            });
        });
}
