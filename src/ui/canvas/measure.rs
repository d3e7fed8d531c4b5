//! Where columns and cards lie: widths of threads, heights of cards, and which card is at a height.
//!
//! Must not draw. What is measured is kept until the document, its problems or the width changes, so
//! that a frame costs only what is visible.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use egui::Painter;

use crate::model::{Place, Sequence};
use crate::ui::theme::{Role, gap, size};
use crate::ui::widgets::layout;

use super::face::{self, Badge, Count};

/// The room left and right of the cards within a thread.
pub(super) const INSET: f32 = 8.0;
/// The room between a card's edge and its content.
pub(super) const PAD: f32 = 9.0;
/// Where a card's words begin.
pub(super) const WORDS: f32 = PAD + size::TILE + 10.0;
/// Between two badges, and between two rows of them.
pub(super) const BADGE_GAP: f32 = gap::TIGHT;
/// The narrow column after the last thread.
pub(super) const ADD_COLUMN: f32 = 34.0;
/// The same, where there is room for words.
const ADD_COLUMN_WIDE: f32 = 160.0;

/// The columns of the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Columns {
    pub(super) count: usize,
    pub(super) width: f32,
    /// Around everything, and between two columns.
    pub(super) gap: f32,
    /// The width of the column that adds a thread; zero during a run.
    pub(super) add: f32,
}

impl Columns {
    pub(super) fn new(count: usize, room: f32, is_run: bool) -> Self {
        let gap = if is_run { 10.0 } else { gap::APART };
        let add = if is_run { 0.0 } else { ADD_COLUMN + gap };
        let all = count.max(1) as f32;
        let width = (room - gap - add) / all - gap;
        let width = width.clamp(size::LANE_MIN, size::LANE_MAX);
        let rest = room - gap - (width + gap) * count as f32 - gap;
        let add = if is_run {
            0.0
        } else {
            rest.clamp(ADD_COLUMN, ADD_COLUMN_WIDE)
        };
        Self {
            count,
            width: width.floor(),
            gap,
            add,
        }
    }

    /// How far a column's left edge is from the left end of everything.
    pub(super) fn left(self, column: usize) -> f32 {
        self.gap + (self.width + self.gap) * column as f32
    }

    /// How wide everything is.
    pub(super) fn total(self) -> f32 {
        let add = if self.add > 0.0 {
            self.add + self.gap
        } else {
            0.0
        };
        self.left(self.count) + add
    }

    /// The columns that reach into a stretch.
    pub(super) fn visible(self, from: f32, to: f32) -> Range<usize> {
        let step = self.width + self.gap;
        let first = ((from - self.gap) / step).floor().max(0.0) as usize;
        let last = ((to - self.gap) / step).ceil().max(0.0) as usize;
        first.min(self.count)..last.min(self.count)
    }
}

/// The heights of a thread's cards.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heights {
    /// All the same: during a run.
    Even { count: usize },
    /// Each as high as its badges need; the tops of all cards and the end of the last one.
    Varied { tops: Vec<f32> },
}

impl Heights {
    /// The cards of a run are closer together.
    const EVEN_GAP: f32 = 6.0;
    const VARIED_GAP: f32 = gap::NEAR;

    pub(super) const fn count(&self) -> usize {
        match self {
            Self::Even { count } => *count,
            Self::Varied { tops } => tops.len().saturating_sub(1),
        }
    }

    /// Where a card begins; for the number of cards, where the next one would.
    pub(super) fn top(&self, step: usize) -> f32 {
        match self {
            Self::Even { .. } => (size::CARD_RUN + Self::EVEN_GAP) * step as f32,
            Self::Varied { tops } => tops
                .get(step)
                .or_else(|| tops.last())
                .copied()
                .unwrap_or(0.0),
        }
    }

    pub(super) fn height(&self, step: usize) -> f32 {
        match self {
            Self::Even { .. } => size::CARD_RUN,
            Self::Varied { .. } => self.top(step + 1) - self.top(step) - Self::VARIED_GAP,
        }
    }

    /// Where the last card ends, with the gap after it.
    pub(super) fn total(&self) -> f32 {
        self.top(self.count())
    }

    /// The cards that reach into a stretch.
    pub(super) fn visible(&self, from: f32, to: f32) -> Range<usize> {
        let count = self.count();
        match self {
            Self::Even { .. } => {
                let step = size::CARD_RUN + Self::EVEN_GAP;
                let first = (from / step).floor().max(0.0) as usize;
                let last = (to / step).ceil().max(0.0) as usize;
                first.min(count)..last.min(count)
            }
            Self::Varied { tops } => {
                let first = tops.partition_point(|top| *top <= from).saturating_sub(1);
                let last = tops.partition_point(|top| *top < to);
                first.min(count)..last.min(count)
            }
        }
    }

    /// Before which card something lands that is dropped at a height.
    pub(super) fn landing(&self, y: f32) -> usize {
        let near = self.visible(y, y + 1.0).start;
        let middle = self.top(near) + self.height(near) / 2.0;
        if near < self.count() && y > middle {
            near + 1
        } else {
            near.min(self.count())
        }
    }
}

/// How many rows of badges there are, and which badges are shown in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rows {
    pub(super) count: u8,
    /// For each shown badge, its row and its left edge.
    pub(super) places: Vec<(u8, f32)>,
    /// How many found no room.
    pub(super) hidden: usize,
}

/// Places badges of these widths in at most two rows; `more` is the width of `+2`.
pub(super) fn rows(widths: &[f32], room: f32, more: f32) -> Rows {
    let mut result = Rows::default();
    let (mut row, mut x) = (0_u8, 0.0_f32);
    for (index, width) in widths.iter().map(|width| width.min(room)).enumerate() {
        if x > 0.0 && x + width > room {
            row += 1;
            x = 0.0;
        }
        let rest = widths.len() - index - 1;
        let needs_more = row == 1 && rest > 0 && !all_fit(widths.get(index..), x, room);
        let limit = if needs_more {
            room - more - BADGE_GAP
        } else {
            room
        };
        if row > 1 || (needs_more && x + width > limit) {
            result.hidden = widths.len() - index;
            break;
        }
        result.places.push((row, x));
        x += width + BADGE_GAP;
    }
    result.count = result.places.last().map_or(0, |(row, _)| row + 1);
    result
}

fn all_fit(widths: Option<&[f32]>, x: f32, room: f32) -> bool {
    let widths = widths.unwrap_or_default();
    let sum: f32 = widths.iter().map(|width| width.min(room) + BADGE_GAP).sum();
    x + sum - BADGE_GAP <= room
}

/// The height of a card with so many rows of badges.
pub(super) const fn card_height(rows: u8) -> f32 {
    match rows {
        0 => size::CARD,
        1 => size::CARD_BADGES,
        _ => size::CARD_BADGES_TWO,
    }
}

/// The room for badges on a card of this width.
pub(super) fn badge_room(card: f32) -> f32 {
    card - WORDS - PAD
}

/// The width of a badge.
pub(super) fn badge_width(text: f32, has_icon: bool) -> f32 {
    let icon = if has_icon {
        5.0 + size::ICON_BADGE + 4.0
    } else {
        7.0
    };
    (icon + text + 7.0).ceil()
}

/// The widths of the texts of badges; most badges say the same few things.
#[derive(Default)]
pub(super) struct Widths(HashMap<String, f32>);

impl Widths {
    /// Enough for every usual badge, and not a leak for unusual ones.
    const KEPT: usize = 2_000;

    fn text(&mut self, painter: &Painter, text: &str) -> f32 {
        if let Some(width) = self.0.get(text) {
            return *width;
        }
        if self.0.len() >= Self::KEPT {
            self.0.clear();
        }
        let width = layout(painter, text, Role::Badge, f32::INFINITY).size().x;
        self.0.insert(text.to_owned(), width);
        width
    }

    pub(super) fn badges(&mut self, painter: &Painter, badges: &[Badge], room: f32) -> Rows {
        let widths: Vec<f32> = badges
            .iter()
            .map(|badge| badge_width(self.text(painter, &badge.text), badge.icon.is_some()))
            .collect();
        let more = badge_width(self.text(painter, MORE), false);
        rows(&widths, room, more)
    }
}

/// As wide as any count of hidden badges.
const MORE: &str = "+88";

/// What the measurements belong to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Key {
    pub(super) sequence: usize,
    pub(super) content: u64,
    pub(super) problems: (u64, usize, usize),
    pub(super) width: f32,
    /// Pixels a point, as bits.
    pub(super) scale: u32,
}

/// The heights of all cards of the document.
#[derive(Default)]
pub(super) struct Measured {
    key: Option<Key>,
    pub(super) lanes: Vec<Heights>,
    pub(super) counts: BTreeMap<Place, Count>,
    pub(super) widths: Widths,
}

impl Measured {
    /// Measures again where something has changed.
    pub(super) fn update(
        &mut self,
        painter: &Painter,
        key: Key,
        sequence: &Sequence,
        problems: &crate::designer::Problems,
    ) {
        if self.key == Some(key) {
            return;
        }
        if self.key.is_none_or(|old| old.scale != key.scale) {
            self.widths = Widths::default();
        }
        if self.key.is_none_or(|old| old.problems != key.problems) {
            self.counts = face::counts(problems);
        }
        self.key = Some(key);
        let room = badge_room(key.width - 2.0 * INSET);
        let mut lanes = Vec::with_capacity(sequence.threads.len());
        for (thread, content) in sequence.threads.iter().enumerate() {
            let mut tops = Vec::with_capacity(content.steps.len() + 1);
            let mut top = 0.0;
            for (index, step) in content.steps.iter().enumerate() {
                tops.push(top);
                let count = self.count(Place::Step {
                    thread,
                    step: index,
                });
                let rows = if face::has_badges(step, count) {
                    let badges = face::badges(step, count);
                    self.widths.badges(painter, &badges, room).count
                } else {
                    0
                };
                top += card_height(rows) + Heights::VARIED_GAP;
            }
            tops.push(top);
            lanes.push(Heights::Varied { tops });
        }
        self.lanes = lanes;
    }

    /// The problems of a place.
    pub(super) fn count(&self, place: Place) -> Count {
        self.counts.get(&place).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied(heights: &[f32]) -> Heights {
        let mut tops = vec![0.0];
        for height in heights {
            tops.push(tops[tops.len() - 1] + height + Heights::VARIED_GAP);
        }
        Heights::Varied { tops }
    }

    #[test]
    fn three_threads_fill_the_canvas_and_more_scroll() {
        let three = Columns::new(3, 864.0, false);
        assert!(three.width > size::LANE_MIN && three.total() <= 864.0 + 1.0);
        let many = Columns::new(30, 864.0, false);
        assert!((many.width - size::LANE_MIN).abs() < f32::EPSILON);
        assert!(many.total() > 864.0);
        let one = Columns::new(1, 3_000.0, false);
        assert!((one.width - size::LANE_MAX).abs() < f32::EPSILON);
        assert!(Columns::new(3, 1_046.0, true).add.abs() < f32::EPSILON);
    }

    #[test]
    fn only_columns_in_sight_are_visible() {
        let columns = Columns::new(30, 864.0, false);
        let visible = columns.visible(columns.left(7), columns.left(9));
        assert!(visible.contains(&7) && visible.contains(&8));
        assert!(visible.len() <= 3, "{visible:?}");
        assert_eq!(columns.visible(-50.0, 0.0).len(), 0);
    }

    #[test]
    fn only_cards_in_sight_are_visible() {
        for heights in [varied(&vec![56.0; 10_000]), Heights::Even { count: 10_000 }] {
            let visible = heights.visible(heights.top(500), heights.top(503));
            assert!(visible.contains(&500) && visible.contains(&502));
            assert!(visible.len() <= 5, "{visible:?}");
        }
        assert_eq!(varied(&[]).visible(0.0, 500.0).len(), 0);
    }

    #[test]
    fn a_drop_lands_before_the_card_whose_middle_is_below() {
        let heights = varied(&[56.0, 83.0, 56.0]);
        let cases = [
            (-20.0, 0),
            (10.0, 0),
            (40.0, 1),
            (60.0, 1),
            (70.0, 1),
            (120.0, 2),
            (170.0, 2),
            (200.0, 3),
            (900.0, 3),
        ];
        for (y, step) in cases {
            assert_eq!(heights.landing(y), step, "at {y}");
        }
        assert_eq!(varied(&[]).landing(30.0), 0);
    }

    #[test]
    fn badges_fill_two_rows_and_the_rest_is_counted() {
        let all = rows(&[40.0, 50.0], 180.0, 30.0);
        assert_eq!((all.count, all.hidden), (1, 0));
        let two = rows(&[90.0, 100.0], 180.0, 30.0);
        assert_eq!((two.count, two.hidden), (2, 0));
        let many = rows(&[80.0; 6], 180.0, 30.0);
        assert_eq!((many.count, many.hidden), (2, 3));
        assert_eq!(many.places.len() + many.hidden, 6);
        let wide = rows(&[900.0], 180.0, 30.0);
        assert_eq!((wide.count, wide.hidden), (1, 0));
        assert_eq!(rows(&[], 180.0, 30.0), Rows::default());
    }
}
