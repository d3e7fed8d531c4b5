//! The toolbar: the commands of every day, the overlap rule, the search.
//!
//! Where the window is narrow, words fall away before anything is cut.

use egui::{
    CornerRadius, CursorIcon, Id, Rect, Role as Part, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::designer::words::toolbar as words;
use crate::designer::{Command, Edit, Field, Msg, SequenceHead};
use crate::model::OverlapRule;
use crate::settings::ThemeChoice;

use super::icons::{self, Icon, Weight};
use super::theme::{Look, Role, gap, look_of, radius, size, tokens};
use super::view::View;
use super::widgets::{
    Button, ButtonKind, Combo, IconButton, focus_ring, layout, option, separator, text, tooltip,
};

/// How much room there is, from the widest window to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// Everything has its words.
    Wide,
    /// The list and the search are shorter.
    Less,
    /// Only the main button has a word.
    Little,
    /// The search is an icon.
    Least,
}

impl Room {
    const fn of(width: f32) -> Self {
        if width >= 1290.0 {
            Self::Wide
        } else if width >= 1130.0 {
            Self::Less
        } else if width >= 980.0 {
            Self::Little
        } else {
            Self::Least
        }
    }

    const fn search(self) -> f32 {
        match self {
            Self::Wide => 256.0,
            Self::Less => 200.0,
            Self::Little => 170.0,
            Self::Least => size::BUTTON,
        }
    }

    const fn list(self) -> f32 {
        match self {
            Self::Wide | Self::Less => 232.0,
            Self::Little | Self::Least => 226.0,
        }
    }
}

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, view: &mut View<'_>) {
    let room = Room::of(ui.available_width());
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = gap::HAIR;
        ui.add_space(gap::NEAR);
        for command in [Command::New, Command::Open, Command::Save] {
            icon(ui, view, command);
        }
        separator(ui);
        icon(ui, view, Command::Undo);
        icon(ui, view, Command::Redo);
        separator(ui);
        run(ui, view, room);
        separator(ui);
        worded(
            ui,
            view,
            Command::Check,
            room <= Room::Less,
            ButtonKind::Quiet,
        );
        separator(ui);
        overlap(ui, view, room);
        let right = room.search() + 2.0 * size::BUTTON + 3.0 * gap::HAIR + gap::NEAR + gap::CLOSE;
        ui.add_space((ui.available_width() - right).max(0.0));
        search(ui, view, room);
        ui.add_space(gap::TIGHT);
        theme(ui, view);
        icon(ui, view, Command::Preferences);
    });
}

fn key(command: Command) -> Option<String> {
    command.shortcuts().first().map(ToString::to_string)
}

const fn glyph(command: Command) -> Icon {
    match super::marks::of_command(command) {
        Some(icon) => icon,
        None => Icon::More,
    }
}

/// A command as an icon; its name is in the tooltip.
fn icon(ui: &mut Ui, view: &mut View<'_>, command: Command) {
    let key = key(command);
    let label = command.label_for(view.state);
    let mut button =
        IconButton::new(glyph(command), &label).enabled_or(command.availability(view.state));
    if let Some(key) = &key {
        button = button.key(key);
    }
    if button.show(ui).clicked() {
        view.command(command);
    }
}

/// A command with its word, or as an icon where there is no room for the word.
fn worded(ui: &mut Ui, view: &mut View<'_>, command: Command, has_word: bool, kind: ButtonKind) {
    if !has_word {
        icon(ui, view, command);
        return;
    }
    let key = key(command);
    let mut button = Button::new(command.label())
        .icon(if kind == ButtonKind::Primary {
            Icon::PlayFill
        } else {
            glyph(command)
        })
        .kind(kind)
        .tooltip(command.tooltip())
        .enabled_or(command.availability(view.state));
    if let Some(key) = &key {
        button = button.key(key);
    }
    if button.show(ui).clicked() {
        view.command(command);
    }
}

fn run(ui: &mut Ui, view: &mut View<'_>, room: Room) {
    let is_running = view.state.is_running();
    let has_words = room <= Room::Less;
    let (start, control) = if is_running {
        (ButtonKind::Quiet, ButtonKind::Normal)
    } else {
        (ButtonKind::Primary, ButtonKind::Quiet)
    };
    worded(ui, view, Command::Start, true, start);
    ui.add_space(gap::TIGHT);
    let is_paused = Command::Resume.availability(view.state).is_ok();
    let pause = if is_paused {
        Command::Resume
    } else {
        Command::Pause
    };
    worded(ui, view, pause, has_words || is_running, control);
    if is_running {
        ui.add_space(gap::TIGHT);
    }
    worded(ui, view, Command::Stop, has_words || is_running, control);
}

fn overlap(ui: &mut Ui, view: &mut View<'_>, room: Room) {
    let look = tokens(ui);
    let sequence = &view.state.document.sequence;
    let now = sequence.run.overlap;
    // The rule is a part of the sequence, and can be changed whenever that can.
    let can = Command::AddThread.availability(view.state);
    if room == Room::Wide {
        ui.add_space(gap::TIGHT);
        let colour = if can.is_ok() {
            look.text_secondary
        } else {
            look.text_disabled
        };
        text(ui, words::OVERLAP, Role::Body, colour);
        ui.add_space(gap::CLOSE);
    }
    let list = Combo::new(
        Id::unique("toolbar-overlap"),
        words::OVERLAP,
        words::overlap(now),
    )
    .icon(Icon::Overlap)
    .width(room.list())
    .tooltip(words::OVERLAP_TIP)
    .enabled_or(can);
    let chosen = list.show(ui, |ui| {
        let mut chosen = None;
        for rule in OverlapRule::ALL {
            if option(
                ui,
                rule == now,
                words::overlap(rule),
                words::overlap_hint(rule),
            ) {
                chosen = Some(rule);
            }
        }
        chosen
    });
    if let Some(rule) = chosen.filter(|rule| *rule != now) {
        let mut head = SequenceHead::of(sequence);
        head.run.overlap = rule;
        view.say(Msg::Edit(Edit::Sequence {
            head: Box::new(head),
            field: Field::Overlap,
        }));
    }
}

/// The field that opens the palette; it is a button, the palette has the real field.
fn search(ui: &mut Ui, view: &mut View<'_>, room: Room) {
    let command = Command::Palette;
    let key = key(command);
    let key = key.as_deref().unwrap_or_default();
    if room == Room::Least {
        let button = IconButton::new(Icon::Search, words::SEARCH)
            .key(key)
            .enabled_or(command.availability(view.state));
        if button.show(ui).clicked() {
            view.command(command);
        }
        return;
    }
    let look = tokens(ui);
    let can = command.availability(view.state);
    let is_able = can.is_ok() && ui.is_enabled();
    let (rect, response) = ui.allocate_exact_size(vec2(room.search(), size::INPUT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Part::Button, is_able, words::SEARCH));
    let (fill, border, ink, dim) = match (is_able, response.hovered()) {
        (false, _) => (
            look.bg_disabled,
            look.stroke_default,
            look.text_disabled,
            look.text_disabled,
        ),
        (true, true) => (
            look.bg_hover,
            look.stroke_strong,
            look.text_secondary,
            look.text_tertiary,
        ),
        (true, false) => (
            look.bg_input,
            look.stroke_strong,
            look.text_secondary,
            look.text_tertiary,
        ),
    };
    let border = Stroke::new(1.0, border);
    let corner = CornerRadius::same(radius::BUTTON);
    let painter = ui.painter();
    painter.rect(rect, corner, fill, border, StrokeKind::Inside);
    let side = size::ICON_ROW;
    let at = pos2(rect.left() + 10.0 + side / 2.0, rect.center().y);
    let place = Rect::from_center_size(at, vec2(side, side));
    icons::paint_with(painter, Icon::Search, place, ink, Weight::Regular);
    let cap = layout(painter, key, Role::Badge, f32::INFINITY);
    let cap_size = vec2(cap.size().x + 10.0, 18.0);
    let cap_at = pos2(rect.right() - 8.0 - cap_size.x / 2.0, rect.center().y);
    let cap_rect = Rect::from_center_size(cap_at, cap_size);
    let frame = Stroke::new(1.0, look.stroke_default);
    let round = CornerRadius::same(radius::CHECK);
    painter.rect(cap_rect, round, look.bg_window, frame, StrokeKind::Inside);
    painter.galley(cap_rect.center() - cap.size() / 2.0, cap, ink);
    let left = place.right() + 8.0;
    let shown = if room == Room::Wide {
        words::SEARCH
    } else {
        words::SEARCH_SHORT
    };
    let galley = layout(
        painter,
        shown,
        Role::Body,
        (cap_rect.left() - 6.0 - left).max(10.0),
    );
    let at = pos2(left, rect.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, dim);
    focus_ring(ui, &response, rect, radius::BUTTON);
    if is_able && response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Text);
    }
    match can {
        Ok(()) => tooltip(&response, command.tooltip(), Some(key)),
        Err(why_not) => tooltip(&response, why_not, None),
    }
    if is_able && response.clicked() {
        view.command(command);
    }
}

fn theme(ui: &mut Ui, view: &mut View<'_>) {
    let (icon, next, command) = if look_of(ui.ctx()) == Look::Light {
        (Icon::ThemeDark, ThemeChoice::Dark, Command::ThemeDark)
    } else {
        (Icon::ThemeLight, ThemeChoice::Light, Command::ThemeLight)
    };
    let button =
        IconButton::new(icon, words::theme(next)).enabled_or(command.availability(view.state));
    if button.show(ui).clicked() {
        view.command(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrower_the_window_the_fewer_words() {
        let rooms = [1600.0, 1290.0, 1200.0, 1000.0, 900.0].map(Room::of);
        assert!(rooms.is_sorted());
        assert_eq!(rooms.first(), Some(&Room::Wide));
        assert_eq!(rooms.last(), Some(&Room::Least));
    }
}
