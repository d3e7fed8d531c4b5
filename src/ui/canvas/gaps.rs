//! The gaps that open between cards for what is dragged, and close behind it.
//!
//! Must not draw; knows a gap, not the cards, so that it costs the same for any number of steps.

use crate::designer::DropPoint;
use crate::ui::theme::gap;

/// How far the cards below an insertion line move aside.
pub(super) const ASIDE: f32 = gap::NEAR;

/// Every gap that is not quite closed.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    list: Vec<Gap>,
}

#[derive(Debug)]
struct Gap {
    thread: usize,
    step: usize,
    /// From 0, closed, to 1.
    open: f32,
}

impl Gaps {
    /// Goes on by a part of the way, 1 for all of it; whether something still moves.
    pub(super) fn advance(&mut self, landing: Option<DropPoint>, part: f32) -> bool {
        let wanted = match landing {
            Some(DropPoint::In { thread, step }) => Some((thread, step)),
            _ => None,
        };
        if let Some((thread, step)) = wanted
            && !self.list.iter().any(|gap| gap.is_at(thread, step))
        {
            self.list.push(Gap {
                thread,
                step,
                open: 0.0,
            });
        }
        let mut is_moving = false;
        for gap in &mut self.list {
            let is_wanted = wanted == Some((gap.thread, gap.step));
            let by = if is_wanted { part } else { -part };
            gap.open = (gap.open + by).clamp(0.0, 1.0);
            is_moving |= gap.open > 0.0 && gap.open < 1.0;
        }
        self.list.retain(|gap| gap.open > 0.0);
        is_moving
    }

    /// Closes all of them at once: what was dragged has landed, and fills its gap.
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    /// How far a step has moved aside.
    pub(super) fn before(&self, thread: usize, step: usize) -> f32 {
        let open = |gap: &&Gap| gap.thread == thread && gap.step <= step;
        let all: f32 = self.list.iter().filter(open).map(|gap| gap.open).sum();
        all * ASIDE
    }
}

impl Gap {
    const fn is_at(&self, thread: usize, step: usize) -> bool {
        self.thread == thread && self.step == step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(step: usize) -> DropPoint {
        DropPoint::In { thread: 0, step }
    }

    #[test]
    fn a_gap_opens_bit_by_bit_and_settles() {
        let mut gaps = Gaps::default();
        assert!(gaps.advance(Some(at(1)), 0.5));
        assert!((gaps.before(0, 1) - ASIDE / 2.0).abs() < 0.01);
        assert!(gaps.before(0, 0) == 0.0 && gaps.before(1, 1) == 0.0);
        assert!(!gaps.advance(Some(at(1)), 0.6));
        assert!((gaps.before(0, 7) - ASIDE).abs() < 0.01);
        assert!(!gaps.advance(Some(at(1)), 0.6));
    }

    #[test]
    fn what_lies_below_two_gaps_stays_where_it_is() {
        let mut gaps = Gaps::default();
        gaps.advance(Some(at(1)), 1.0);
        assert!(gaps.advance(Some(at(3)), 0.25));
        assert!((gaps.before(0, 3) - ASIDE).abs() < 0.01);
        assert!((gaps.before(0, 2) - 0.75 * ASIDE).abs() < 0.01);
        assert!(!gaps.advance(None, 1.0));
        assert!(gaps.before(0, 9) == 0.0);
    }

    #[test]
    fn without_motion_it_is_open_in_the_first_frame() {
        let mut gaps = Gaps::default();
        assert!(!gaps.advance(Some(at(0)), 1.0));
        assert!((gaps.before(0, 0) - ASIDE).abs() < 0.01);
    }
}
