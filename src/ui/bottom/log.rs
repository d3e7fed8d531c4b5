//! The log of the watched run.

use std::ops::RangeInclusive;

use egui::{
    Align2, CornerRadius, Event, Id, Rect, Role as Part, ScrollArea, Sense, Ui, WidgetInfo, pos2,
    vec2,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::designer::words::{bottom as words, inspector::log_level_hint};
use crate::designer::{Command, LogEntry, LogFilter, LogView, Msg, PanelMsg, RunLog, Select};
use crate::model::LogLevel;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, Tokens, gap, radius, size, tokens};
use crate::ui::view::View;
use crate::ui::widgets::{
    Button, Combo, Elide, TextField, option, paint_elided, status_icon, switch, text, tooltip,
};

const HEIGHT: f32 = 20.0;

/// What it remembers by itself.
#[derive(Default)]
pub(super) struct Memory {
    rows: LogView,
    chosen: Option<(usize, usize)>,
    run: String,
    zone: Option<TimeZone>,
}

impl Memory {
    fn refresh(&mut self, view: &View<'_>) {
        let Some(watch) = &view.state.watch else {
            return;
        };
        if self.run != watch.run.run.as_str() {
            *self = Self {
                run: watch.run.run.as_str().to_owned(),
                zone: Some(TimeZone::system()),
                ..Self::default()
            };
        }
        self.rows.refresh(&watch.log, &view.state.log_filter);
    }

    fn range(&self) -> Option<RangeInclusive<usize>> {
        let (from, to) = self.chosen?;
        Some(from.min(to)..=from.max(to))
    }

    fn clock(&self, at: Timestamp) -> String {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        at.to_zoned(zone).strftime("%H:%M:%S").to_string()
    }

    /// The chosen lines as text, or all that are shown.
    fn copied(&self, log: &RunLog) -> String {
        let rows = self.range().unwrap_or(0..=self.rows.len());
        rows.filter_map(|row| self.rows.entry(log, row))
            .map(|entry| {
                let clock = self.clock(entry.at);
                words::log_line(&clock, words::level(entry.level), &entry.whose, &entry.text)
            })
            .collect()
    }
}

/// Level, filter, follow, copy, open.
pub(super) fn tools(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    memory.refresh(view);
    let state = view.state;
    let Some(watch) = &state.watch else {
        return;
    };
    let open = Command::OpenLogFile;
    let button = Button::new(words::OPEN_LOG)
        .icon(Icon::Open)
        .small()
        .enabled_or(open.availability(state));
    if button.show(ui).clicked() {
        view.command(open);
    }
    let keys = Command::Copy.shortcuts().first();
    let keys = keys.map(|keys| keys.to_string()).unwrap_or_default();
    let copy = Button::new(words::COPY).icon(Icon::Copy).small().key(&keys);
    if copy.tooltip(words::COPY_LINES_TIP).show(ui).clicked() {
        ui.ctx().copy_text(memory.copied(&watch.log));
    }
    let mut follows = state.log_follows;
    let response = switch(ui, words::FOLLOW, &mut follows);
    tooltip(&response, words::FOLLOW_LOG_TIP, None);
    text(ui, words::FOLLOW, Role::Body, tokens(ui).text_secondary);
    if follows != state.log_follows {
        view.say(Msg::Panel(PanelMsg::FollowLog(follows)));
    }
    let filter = &state.log_filter;
    let shown = words::level(filter.level);
    let combo = Combo::new(Id::unique("log-level"), words::LOG_LEVEL, shown);
    let level = combo.small().width(128.0).show(ui, |ui| {
        ui.set_min_width(220.0);
        let mut chosen = None;
        for level in LogLevel::ALL {
            let is_current = level == filter.level;
            if option(ui, is_current, words::level(level), log_level_hint(level)) {
                chosen = Some(level);
            }
        }
        chosen
    });
    if let Some(level) = level {
        let text = filter.text.clone();
        view.say(Msg::Panel(PanelMsg::Log(LogFilter { level, text })));
    }
    let room = (ui.available_width() - gap::APART).min(200.0);
    if room > 70.0 {
        let mut text = filter.text.clone();
        let field = TextField::new(words::LOG_FILTER, &mut text)
            .id(Id::unique("log-filter"))
            .hint(words::LOG_FILTER)
            .icon(Icon::Search)
            .small()
            .width(room);
        if field.show(ui).changed() {
            let level = filter.level;
            view.say(Msg::Panel(PanelMsg::Log(LogFilter { level, text })));
        }
    }
}

/// Draws the lines.
pub(super) fn show(ui: &mut Ui, view: &mut View<'_>, memory: &mut Memory) {
    memory.refresh(view);
    let state = view.state;
    let log = state.watch.as_ref().map(|watch| &watch.log);
    let Some(log) = log.filter(|_| !memory.rows.is_empty()) else {
        let is_filtered = log.is_some_and(|log| !log.entries().is_empty());
        let (icon, title, hint) = if is_filtered {
            (Icon::Filter, words::NO_LINES, words::NO_LINES_HINT)
        } else {
            (Icon::Log, words::NO_LOG, words::NO_LOG_HINT)
        };
        super::empty(ui, icon, [title, hint], |_ui| {});
        return;
    };
    let count = memory.rows.len();
    let mut has_focus = false;
    let scroll = ScrollArea::vertical()
        .id_salt("log-lines")
        .auto_shrink(false)
        .stick_to_bottom(state.log_follows);
    let shown = scroll.show_rows(ui, HEIGHT, count, |ui, range| {
        for row in range {
            if let Some(entry) = memory.rows.entry(log, row) {
                has_focus |= one(
                    ui,
                    view,
                    &mut memory.chosen,
                    (row, entry),
                    memory.zone.as_ref(),
                );
            }
        }
    });
    let rest = shown.content_size.y - shown.state.clamped_offset().y - shown.inner_rect.height();
    let is_at_end = rest <= HEIGHT;
    let is_scrolled = ui.input(|input| input.smooth_scroll_delta().y > 0.0)
        && ui.rect_contains_pointer(shown.inner_rect);
    if is_scrolled && state.log_follows && !is_at_end {
        view.say(Msg::Panel(PanelMsg::FollowLog(false)));
    }
    let wants_copy = || ui.input(|input| input.events.iter().any(|e| matches!(e, Event::Copy)));
    if has_focus && wants_copy() {
        ui.ctx().copy_text(memory.copied(log));
    }
}

/// The look of a level: an icon where something is to be looked at.
const fn mark(level: LogLevel) -> Option<Status> {
    match level {
        LogLevel::Error => Some(Status::Error),
        LogLevel::Warning => Some(Status::Warning),
        LogLevel::Information | LogLevel::Detail | LogLevel::Protocol => None,
    }
}

/// One line; whether it has the keyboard.
fn one(
    ui: &mut Ui,
    view: &mut View<'_>,
    chosen: &mut Option<(usize, usize)>,
    (row, entry): (usize, &LogEntry),
    zone: Option<&TimeZone>,
) -> bool {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEIGHT));
    let response = ui.interact(rect, Id::unique(("log-line", row)), Sense::click());
    let is_chosen = chosen.is_some_and(|(from, to)| (from.min(to)..=from.max(to)).contains(&row));
    response.widget_info(|| WidgetInfo::selected(Part::ListItem, true, is_chosen, &entry.text));
    let look = tokens(ui);
    let status = mark(entry.level);
    if is_chosen {
        crate::ui::widgets::chosen_ground(ui, rect, radius::CHECK);
    } else if response.hovered() {
        let corner = CornerRadius::same(radius::CHECK);
        ui.painter().rect_filled(rect, corner, look.bg_hover);
    }
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    let clock = entry.at.to_zoned(zone).strftime("%H:%M:%S").to_string();
    if paint(ui, look, rect, (&clock, entry, status)) {
        tooltip(&response, &entry.text, None);
    }
    crate::ui::widgets::focus_ring(ui, &response, rect.shrink(3.0), radius::CHECK);
    if response.clicked() {
        let extends = ui.input(|input| input.modifiers.shift);
        *chosen = match *chosen {
            Some((from, _)) if extends => Some((from, row)),
            _ => Some((row, row)),
        };
        response.request_focus();
    }
    if response.double_clicked()
        && let Some(place) = entry.place
    {
        view.say(Msg::Select(Select::One(place)));
    }
    response.has_focus()
}

/// Draws the words of a line; whether its text was cut.
fn paint(
    ui: &Ui,
    look: &Tokens,
    rect: Rect,
    (clock, entry, status): (&str, &LogEntry, Option<Status>),
) -> bool {
    const CLOCK: f32 = 74.0;
    const MARK: f32 = 22.0;
    let painter = ui.painter();
    let middle = rect.center().y;
    let mut x = rect.left() + gap::PANEL;
    let put = |x: f32, words: &str, colour, room: f32| {
        let at = (pos2(x, middle), Align2::LEFT_CENTER);
        paint_elided(
            painter,
            at,
            words,
            (Role::Mono, colour),
            Elide::End,
            room.max(8.0),
        )
        .1
    };
    put(x, clock, look.text_tertiary, CLOCK);
    x += CLOCK;
    if let Some(status) = status {
        let at = pos2(x + size::ICON_PILL / 2.0, middle);
        let place = Rect::from_center_size(at, vec2(size::ICON_PILL, size::ICON_PILL));
        let colour = look.status(status).text;
        icons::paint_with(painter, status_icon(status), place, colour, Weight::Regular);
    }
    x += MARK;
    let whose = (rect.width() * 0.26).min(320.0);
    if rect.width() > 560.0 {
        put(x, &entry.whose, look.text_secondary, whose - gap::APART);
        x += whose;
    }
    let colour = match (status, entry.level) {
        (Some(status), _) => look.status(status).text,
        (None, LogLevel::Information) => look.text_primary,
        (None, _) => look.text_secondary,
    };
    put(x, &entry.text, colour, rect.right() - gap::NEAR - x)
}
