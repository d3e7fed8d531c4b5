//! Paints a step's card while editing. Only paints: what it says comes from `face`, what happens to
//! it is decided in `lane`.

use egui::{
    Align2, Color32, CornerRadius, Painter, Rect, Shadow, Shape, Stroke, StrokeKind, pos2, vec2,
};

use crate::check::Severity;
use crate::designer::words::cards as words;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, Tokens, gap, radius, size};
use crate::ui::widgets::{BadgeKind, Elide, dashed_rect, layout, line, paint_elided};

use super::face::{Badge, Count, Lines, badges};
use super::measure::{BADGE_GAP, PAD, Rows, WORDS, Widths, badge_room, badge_width};
use crate::model::Step;

/// Three on, three off: what is left out or can be added.
pub(super) const DASH: (f32, f32) = (3.0, 3.0);

/// How a card is to be seen now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pose {
    pub(super) is_hovered: bool,
    pub(super) is_selected: bool,
    pub(super) is_hit: bool,
    pub(super) is_dragged: bool,
    /// The keyboard is here.
    pub(super) is_cursor: bool,
    /// A field lies in the place of its lines.
    pub(super) is_renamed: bool,
    /// Its more button is shown, so that the number makes room.
    pub(super) has_button: bool,
}

/// Everything a card shows.
pub(super) struct Card<'a> {
    pub(super) lines: Lines<'a>,
    pub(super) number: &'a str,
    pub(super) step: &'a Step,
    pub(super) count: Count,
    /// Whether it takes part in a run, and its thread too.
    pub(super) is_on: bool,
    pub(super) pose: Pose,
    /// What it throws on the thread below it.
    pub(super) shadow: Shadow,
}

/// Paints a card and says whether one of its lines was cut.
pub(super) fn paint(
    painter: &Painter,
    tokens: &Tokens,
    rect: Rect,
    card: &Card<'_>,
    widths: &mut Widths,
) -> bool {
    frame(painter, tokens, rect, card);
    tile(painter, tokens, rect, card);
    let cut = !card.pose.is_renamed && titles(painter, tokens, rect, card);
    if super::face::has_badges(card.step, card.count) {
        badge_rows(painter, tokens, rect, card, widths);
    }
    cut
}

fn frame(painter: &Painter, tokens: &Tokens, rect: Rect, card: &Card<'_>) {
    let corner = CornerRadius::same(radius::CARD);
    let pose = card.pose;
    let fill = match (card.is_on, pose.is_hit) {
        (_, true) => tokens.bg_selected,
        (true, false) => tokens.bg_card,
        (false, false) => tokens.bg_disabled,
    };
    if card.is_on || pose.is_dragged {
        painter.add(card.shadow.as_shape(rect, corner));
    }
    painter.rect_filled(rect, corner, fill);
    let status = |status| tokens.status(status).solid;
    let (width, colour) = if pose.is_selected || pose.is_dragged {
        (2.0, tokens.accent)
    } else if card.count.worst() == Some(Severity::Error) {
        (1.0, status(Status::Error))
    } else if card.count.worst() == Some(Severity::Warning) {
        (1.0, status(Status::Warning))
    } else if pose.is_hovered {
        (1.0, tokens.stroke_strong)
    } else {
        (1.0, tokens.stroke_default)
    };
    let stroke = Stroke::new(width, colour);
    if card.is_on || pose.is_selected || pose.is_dragged {
        painter.rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    } else {
        dashed_rect(painter, rect, f32::from(radius::CARD), stroke, DASH);
    }
    if pose.is_cursor {
        ring(painter, tokens, rect, radius::CARD);
    }
}

/// The ring of the keyboard, outside of a shape.
pub(super) fn ring(painter: &Painter, tokens: &Tokens, rect: Rect, round: u8) {
    painter.rect_stroke(
        rect.expand(2.0),
        CornerRadius::same(round.saturating_add(2)),
        Stroke::new(2.0, tokens.focus),
        StrokeKind::Outside,
    );
}

fn tile(painter: &Painter, tokens: &Tokens, rect: Rect, card: &Card<'_>) {
    let place = Rect::from_min_size(
        rect.min + vec2(PAD, PAD + 1.0),
        vec2(size::TILE, size::TILE),
    );
    let colours = tokens.kind(card.lines.look);
    let (fill, glyph) = if card.is_on {
        (colours.tile, colours.icon)
    } else {
        (colours.tile.gamma_multiply(0.6), tokens.text_tertiary)
    };
    painter.rect_filled(place, CornerRadius::same(radius::TILE), fill);
    let icon = Rect::from_center_size(place.center(), vec2(size::ICON_TILE, size::ICON_TILE));
    icons::paint_with(painter, card.lines.icon, icon, glyph, Weight::Regular);
}

fn titles(painter: &Painter, tokens: &Tokens, rect: Rect, card: &Card<'_>) -> bool {
    let (first, second) = if card.is_on {
        (tokens.text_primary, tokens.text_secondary)
    } else {
        (tokens.text_tertiary, tokens.text_tertiary)
    };
    let top = rect.top() + PAD;
    let right = rect.right() - PAD - 1.0;
    // The more button stands in the corner, the number below it.
    let number_y = if card.pose.has_button {
        top + 27.0
    } else {
        top + 9.0
    };
    let number = line(
        painter,
        (pos2(right, number_y), Align2::RIGHT_CENTER),
        card.number,
        Role::Small,
        tokens.text_tertiary,
    );
    let off_left = if card.is_on {
        number.left()
    } else {
        let at = pos2(
            right,
            if card.pose.has_button {
                number_y
            } else {
                top + 27.0
            },
        );
        let at = if card.pose.has_button {
            pos2(number.left() - gap::CLOSE, at.y)
        } else {
            at
        };
        let off = line(
            painter,
            (at, Align2::RIGHT_CENTER),
            words::OFF,
            Role::Small,
            tokens.text_tertiary,
        );
        off.left().min(number.left())
    };
    let button = right - size::ICON_BUTTON_SMALL;
    let ends = if card.pose.has_button {
        (button, off_left)
    } else {
        (number.left(), if card.is_on { right } else { off_left })
    };
    let left = rect.left() + WORDS;
    let text = |y: f32, text: &str, role: Role, colour: Color32, elide: Elide, end: f32| {
        let at = (pos2(left, y), Align2::LEFT_CENTER);
        let room = (end - gap::NEAR - left).max(20.0);
        paint_elided(painter, at, text, (role, colour), elide, room).1
    };
    let title = &card.lines.title;
    let cut = text(top + 9.0, title, Role::CardTitle, first, Elide::End, ends.0);
    let words = &card.lines.text;
    let other = text(
        top + 28.0,
        words,
        Role::Body,
        second,
        card.lines.elide,
        ends.1,
    );
    cut || other
}

fn badge_rows(
    painter: &Painter,
    tokens: &Tokens,
    rect: Rect,
    card: &Card<'_>,
    widths: &mut Widths,
) {
    let badges = badges(card.step, card.count);
    let room = badge_room(rect.width());
    let rows: Rows = widths.badges(painter, &badges, room);
    let left = rect.left() + WORDS;
    let top = rect.top() + size::CARD - 2.0;
    let mut end = (0_u8, 0.0);
    let y = |row: u8| top + (size::BADGE + BADGE_GAP) * f32::from(row);
    for (badge, (row, x)) in badges.iter().zip(&rows.places) {
        let at = pos2(left + x, y(*row));
        let width = paint_badge(painter, tokens, at, badge, room, card.is_on);
        end = (*row, x + width + BADGE_GAP);
    }
    if rows.hidden > 0 {
        let more = Badge {
            icon: None,
            text: words::more_badges(rows.hidden).into(),
            kind: BadgeKind::Plain,
        };
        let at = pos2(left + end.1, y(end.0));
        paint_badge(painter, tokens, at, &more, room, card.is_on);
    }
}

/// Paints a badge and says how wide it is.
fn paint_badge(
    painter: &Painter,
    tokens: &Tokens,
    at: egui::Pos2,
    badge: &Badge,
    room: f32,
    is_on: bool,
) -> f32 {
    let status = match badge.kind {
        BadgeKind::Plain => None,
        BadgeKind::Warning => Some(Status::Warning),
        BadgeKind::Error => Some(Status::Error),
    };
    let (fill, border, colour) = match status.map(|status| tokens.status(status)) {
        Some(colours) => (colours.tint, colours.solid, colours.text),
        None if is_on => (tokens.bg_card, tokens.stroke_default, tokens.text_secondary),
        None => (
            Color32::TRANSPARENT,
            tokens.stroke_default,
            tokens.text_tertiary,
        ),
    };
    let left = if badge.icon.is_some() {
        5.0 + size::ICON_BADGE + 4.0
    } else {
        7.0
    };
    let galley = layout(painter, &badge.text, Role::Badge, room - left - 7.0);
    let width = badge_width(galley.size().x, badge.icon.is_some()).min(room);
    let rect = Rect::from_min_size(at, vec2(width, size::BADGE));
    painter.rect(
        rect,
        CornerRadius::same(radius::BADGE),
        fill,
        Stroke::new(1.0, border),
        StrokeKind::Inside,
    );
    if let Some(icon) = badge.icon {
        let place = Align2::LEFT_CENTER.anchor_size(
            pos2(rect.left() + 5.0, rect.center().y),
            vec2(size::ICON_BADGE, size::ICON_BADGE),
        );
        icons::paint_with(painter, icon, place, colour, Weight::Badge);
    }
    let text = pos2(rect.left() + left, rect.center().y - galley.size().y / 2.0);
    painter.galley(text, galley, colour);
    width
}

/// The place that a dragged card has left: dashed, with its name.
pub(super) fn paint_placeholder(painter: &Painter, tokens: &Tokens, rect: Rect, text: &str) {
    let stroke = Stroke::new(1.0, tokens.stroke_strong);
    let corner = CornerRadius::same(radius::CARD);
    painter.rect_filled(rect, corner, tokens.bg_disabled);
    dashed_rect(painter, rect, f32::from(radius::CARD), stroke, DASH);
    let room = rect.width() - 2.0 * gap::APART;
    let galley = layout(painter, text, Role::Body, room);
    let at = rect.center() - galley.size() / 2.0;
    painter.galley(at, galley, tokens.text_tertiary);
}

/// The line where something would land, with dots at its ends.
pub(super) fn paint_insertion(
    painter: &Painter,
    tokens: &Tokens,
    from: egui::Pos2,
    to: egui::Pos2,
) {
    const DOT: f32 = 4.5;
    let colour = tokens.accent;
    painter.line_segment([from, to], Stroke::new(3.0, colour));
    painter.add(Shape::circle_filled(from, DOT, colour));
    painter.add(Shape::circle_filled(to, DOT, colour));
}

/// A dashed slot with a plus and a word.
pub(super) fn paint_slot(
    painter: &Painter,
    tokens: &Tokens,
    rect: Rect,
    (icon, text): (Icon, &str),
    is_hovered: bool,
) {
    let colour = if is_hovered {
        tokens.text_secondary
    } else {
        tokens.text_tertiary
    };
    if is_hovered {
        let corner = CornerRadius::same(radius::CARD);
        painter.rect_filled(rect, corner, tokens.bg_hover);
    }
    let stroke = Stroke::new(1.0, tokens.stroke_strong);
    dashed_rect(painter, rect, f32::from(radius::CARD), stroke, DASH);
    let galley = layout(painter, text, Role::Body, (rect.width() - 40.0).max(0.0));
    let words = if text.is_empty() {
        0.0
    } else {
        galley.size().x + gap::CLOSE
    };
    let left = rect.center().x - f32::midpoint(size::ICON_ROW, words);
    let place = Align2::LEFT_CENTER.anchor_size(
        pos2(left, rect.center().y),
        vec2(size::ICON_ROW, size::ICON_ROW),
    );
    icons::paint_with(painter, icon, place, colour, Weight::Regular);
    let at = pos2(
        place.right() + gap::CLOSE,
        rect.center().y - galley.size().y / 2.0,
    );
    painter.galley(at, galley, colour);
}
