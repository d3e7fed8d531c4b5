//! Paints a step's card during a run: the block of its state, its words, its time. Only paints.

use std::borrow::Cow;
use std::f32::consts::TAU;

use egui::{
    Align2, Color32, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2,
};

use crate::designer::CardState;
use crate::designer::words::quotes::quoted;
use crate::run::StepOutcome;
use crate::ui::icons::{self, Icon, Weight};
use crate::ui::theme::{Role, Status, Tokens, gap, radius, size};
use crate::ui::widgets::{Elide, dashed_rect, line, paint_elided};

use super::card::{DASH, ring};
use super::face::Lines;
use super::fades::Coming;

/// The look of a state: its colours, none as long as nothing is known, and its icon.
pub(super) type StateLook = (Option<Status>, Icon);

/// Everything a card shows during a run.
pub(super) struct RunCard<'a> {
    pub(super) lines: Lines<'a>,
    pub(super) look: StateLook,
    /// The state that its colours come from, while they change.
    pub(super) coming: Option<Coming>,
    pub(super) word: &'a str,
    /// What the state is about: counters, or why it waits or failed.
    pub(super) sentence: Cow<'a, str>,
    /// How long it has taken; empty where there is nothing to tell.
    pub(super) time: String,
    pub(super) number: &'a str,
    /// How far it is, where that is known.
    pub(super) fraction: Option<f32>,
    /// How far the ring has turned, from 0 to 1; zero where things stand still.
    pub(super) turn: f32,
    pub(super) is_hovered: bool,
    pub(super) is_selected: bool,
    pub(super) is_cursor: bool,
}

/// The look of a step's state.
pub(super) const fn look_of(state: CardState) -> StateLook {
    match state {
        CardState::Planned => (None, Icon::Planned),
        CardState::Waiting => (Some(Status::Waiting), Icon::Waiting),
        CardState::Running => (Some(Status::Running), Icon::Running),
        CardState::Ended(StepOutcome::Success) => (Some(Status::Success), Icon::Success),
        CardState::Ended(StepOutcome::Warning) => (Some(Status::Warning), Icon::Warning),
        CardState::Ended(StepOutcome::Failed) => (Some(Status::Error), Icon::Error),
        CardState::Off | CardState::Ended(StepOutcome::Skipped) => {
            (Some(Status::Skipped), Icon::Skipped)
        }
        CardState::Ended(StepOutcome::Stopped) => (Some(Status::Skipped), Icon::Stop),
    }
}

/// Paints a card and says whether one of its lines was cut.
pub(super) fn paint(painter: &Painter, tokens: &Tokens, rect: Rect, card: &RunCard<'_>) -> bool {
    frame(painter, tokens, rect, card);
    block(painter, tokens, rect, card);
    if card.look.0 == Some(Status::Running) {
        edge(painter, tokens, rect, card);
    }
    border(painter, tokens, rect, card);
    lines(painter, tokens, rect, card)
}

fn is_tinted(status: Option<Status>) -> bool {
    matches!(status, Some(Status::Running | Status::Error | Status::Held))
}

fn frame(painter: &Painter, tokens: &Tokens, rect: Rect, card: &RunCard<'_>) {
    let fill = |status| match status {
        status @ Some(known) if is_tinted(status) => tokens.status(known).tint,
        None | Some(Status::Skipped) => Color32::TRANSPARENT,
        Some(_) => tokens.bg_card,
    };
    let fill = passing(card, fill);
    painter.rect_filled(rect, CornerRadius::same(radius::CARD), fill);
}

/// A colour of the card's state, on its way from the state before.
fn passing(card: &RunCard<'_>, colour: impl Fn(Option<Status>) -> Color32) -> Color32 {
    let to = colour(card.look.0);
    card.coming
        .map_or(to, |(before, way)| colour(before).lerp_to_gamma(to, way))
}

/// What fills the block of a state.
fn block_fill(tokens: &Tokens, status: Option<Status>) -> Color32 {
    match status {
        None | Some(Status::Skipped) => Color32::TRANSPARENT,
        Some(Status::Waiting) => tokens.status(Status::Waiting).tint,
        Some(status) => tokens.status(status).solid,
    }
}

fn border(painter: &Painter, tokens: &Tokens, rect: Rect, card: &RunCard<'_>) {
    let corner = CornerRadius::same(radius::CARD);
    let status = card.look.0;
    let colour = match status {
        Some(known) if is_tinted(status) || known == Status::Waiting => tokens.status(known).solid,
        Some(Status::Skipped) => tokens.status(Status::Skipped).solid,
        _ if card.is_hovered => tokens.stroke_strong,
        _ => tokens.stroke_default,
    };
    let stroke = Stroke::new(1.0, colour);
    if status == Some(Status::Skipped) {
        dashed_rect(painter, rect, f32::from(radius::CARD), stroke, DASH);
    } else {
        painter.rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    }
    if card.is_selected {
        let stroke = Stroke::new(2.0, tokens.text_primary);
        let round = CornerRadius::same(radius::CARD + 2);
        painter.rect_stroke(rect.expand(1.0), round, stroke, StrokeKind::Outside);
    }
    if card.is_cursor {
        ring(painter, tokens, rect.expand(1.0), radius::CARD);
    }
}

fn block(painter: &Painter, tokens: &Tokens, rect: Rect, card: &RunCard<'_>) {
    let place = Rect::from_min_size(rect.min, vec2(size::CARD_BLOCK, rect.height()));
    let left = CornerRadius {
        nw: radius::CARD,
        sw: radius::CARD,
        ne: 0,
        se: 0,
    };
    let icon = Rect::from_center_size(place.center(), Vec2::splat(size::ICON_BLOCK));
    let divide = |colour: Color32| Stroke::new(1.0, colour);
    let fill = passing(card, |status| block_fill(tokens, status));
    if fill != Color32::TRANSPARENT {
        painter.rect_filled(place, left, fill);
    }
    let glyph = match card.look.0 {
        None => tokens.text_tertiary,
        Some(Status::Waiting) => {
            let colours = tokens.status(Status::Waiting);
            let line = divide(colours.solid);
            painter.vline(place.right(), place.y_range(), line);
            colours.text
        }
        Some(Status::Skipped) => {
            let colours = tokens.status(Status::Skipped);
            let ends = [place.right_top(), place.right_bottom()];
            let (dash, space) = DASH;
            painter.extend(Shape::dashed_line(
                &ends,
                divide(colours.solid),
                dash,
                space,
            ));
            colours.text
        }
        Some(status) => tokens.status(status).on,
    };
    let weight = if card.look.0.is_none() {
        Weight::Regular
    } else {
        Weight::Block
    };
    match card.look.0 {
        Some(Status::Running) => turning(painter, icon, glyph, card.turn),
        Some(Status::Success) => icons::paint_with(painter, Icon::Check, icon, glyph, weight),
        Some(Status::Error) => icons::paint_with(painter, Icon::Close, icon, glyph, weight),
        _ => icons::paint_with(painter, card.look.1, icon, glyph, weight),
    }
}

/// The running mark: a triangle that stands still in a ring that turns.
pub(super) fn turning(painter: &Painter, place: Rect, colour: Color32, turn: f32) {
    const PARTS: u8 = 24;
    if !painter.clip_rect().intersects(place) {
        return;
    }
    let unit = place.width() / 24.0;
    let centre = place.center();
    // Three quarters of a circle, open at the upper right when it stands still.
    let path = (0..=PARTS)
        .map(|part| {
            let angle = TAU * (turn + 0.75 * f32::from(part) / f32::from(PARTS));
            centre + 9.0 * unit * Vec2::angled(angle)
        })
        .collect();
    painter.add(Shape::line(path, Stroke::new(2.0 * unit, colour)));
    let triangle = [(-2.6, -4.0), (4.4, 0.0), (-2.6, 4.0)]
        .map(|(x, y)| centre + unit * vec2(x, y))
        .to_vec();
    painter.add(Shape::convex_polygon(triangle, colour, Stroke::NONE));
}

/// The strip at the lower edge: how far it is, or that it goes on.
fn edge(painter: &Painter, tokens: &Tokens, rect: Rect, card: &RunCard<'_>) {
    const HEIGHT: f32 = 6.0;
    /// How much of the strip moves where nobody knows how far it is.
    const PART: f32 = 0.3;
    let colours = tokens.status(Status::Running);
    let all = Rect::from_min_max(
        pos2(rect.left() + size::CARD_BLOCK, rect.bottom() - HEIGHT),
        rect.right_bottom() - vec2(1.0, 0.0),
    );
    let round = |is_whole: bool| CornerRadius {
        nw: 0,
        ne: 0,
        sw: 0,
        se: if is_whole { radius::CARD } else { 0 },
    };
    painter.rect_filled(all, round(true), tokens.bg_pressed);
    let (from, to) = match card.fraction {
        Some(fraction) => (0.0, fraction),
        None if card.turn > 0.0 => {
            let from = card.turn * (1.0 + PART) - PART;
            (from.max(0.0), (from + PART).min(1.0))
        }
        None => return,
    };
    let x = |part: f32| all.left() + all.width() * part;
    let done = Rect::from_min_max(pos2(x(from), all.top()), pos2(x(to), all.bottom()));
    painter.rect_filled(done, round(to >= 1.0), colours.solid);
}

fn lines(painter: &Painter, tokens: &Tokens, rect: Rect, card: &RunCard<'_>) -> bool {
    let status = card.look.0;
    let is_quiet = matches!(status, None | Some(Status::Skipped));
    let left = rect.left() + size::CARD_BLOCK + gap::APART;
    let right = rect.right() - gap::APART;
    let top = rect.top() + 7.0;
    let (first, second) = if is_quiet {
        (tokens.text_secondary, tokens.text_tertiary)
    } else {
        (tokens.text_primary, tokens.text_secondary)
    };
    let time_at = (pos2(right, top + 9.0), Align2::RIGHT_CENTER);
    let (time, role, colour) = if card.time.is_empty() {
        (card.number, Role::Small, tokens.text_tertiary)
    } else {
        (card.time.as_str(), Role::CardState, first)
    };
    let time = line(painter, time_at, time, role, colour);
    let title_room = (time.left() - gap::NEAR - left).max(20.0);
    let (_, title_cut) = paint_elided(
        painter,
        (pos2(left, top + 9.0), Align2::LEFT_CENTER),
        &card.lines.title,
        (Role::CardTitle, first),
        Elide::End,
        title_room,
    );
    let icon =
        Align2::LEFT_CENTER.anchor_size(pos2(left, top + 27.5), Vec2::splat(size::ICON_PILL));
    let glyph = tokens.text_tertiary;
    icons::paint_with(painter, card.lines.icon, icon, glyph, Weight::Bold);
    let number_room = if card.time.is_empty() {
        0.0
    } else {
        let at = (pos2(right, top + 27.5), Align2::RIGHT_CENTER);
        line(painter, at, card.number, Role::Small, glyph).width() + gap::NEAR
    };
    let text_left = icon.right() + 5.0;
    let (_, text_cut) = paint_elided(
        painter,
        (pos2(text_left, top + 27.5), Align2::LEFT_CENTER),
        &card.lines.text,
        (Role::Small, second),
        card.lines.elide,
        (right - number_room - text_left).max(20.0),
    );
    let sentence_cut = state(painter, tokens, (left, right, top + 46.0), card);
    title_cut || text_cut || sentence_cut
}

/// The word of the state and what it is about.
fn state(
    painter: &Painter,
    tokens: &Tokens,
    (left, right, y): (f32, f32, f32),
    card: &RunCard<'_>,
) -> bool {
    let (role, colour) = match card.look.0 {
        None => (Role::Body, tokens.text_tertiary),
        Some(status) => (Role::CardState, tokens.status(status).text),
    };
    let at = (pos2(left, y), Align2::LEFT_CENTER);
    let word = line(painter, at, card.word, role, colour);
    if card.sentence.is_empty() {
        return false;
    }
    let from = word.right() + gap::NEAR;
    let colour = if card.look.0.is_none() {
        tokens.text_tertiary
    } else {
        tokens.text_secondary
    };
    let (_, is_cut) = paint_elided(
        painter,
        (pos2(from, y), Align2::LEFT_CENTER),
        &quoted(&card.sentence),
        (Role::Small, colour),
        Elide::End,
        (right - from).max(20.0),
    );
    is_cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_own_icon_but_what_will_not_happen() {
        let states = [
            CardState::Planned,
            CardState::Waiting,
            CardState::Running,
            CardState::Ended(StepOutcome::Skipped),
            CardState::Ended(StepOutcome::Success),
            CardState::Ended(StepOutcome::Warning),
            CardState::Ended(StepOutcome::Stopped),
            CardState::Ended(StepOutcome::Failed),
        ];
        let mut icons: Vec<Icon> = states.iter().map(|state| look_of(*state).1).collect();
        icons.sort_unstable();
        icons.dedup();
        assert_eq!(icons.len(), states.len());
    }
}
