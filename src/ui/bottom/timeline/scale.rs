//! From the time of a run to places on the screen, and the ticks of its axis.

use egui::Rangef;

/// The distances of ticks that people can read, in milliseconds.
const STEPS: [u64; 22] = [
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    604_800_000,
];

/// Which time is shown where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The milliseconds at the left edge.
    pub(super) left: f64,
    /// How many milliseconds are shown.
    pub(super) span: f64,
    /// Where they are shown.
    pub(super) x: Rangef,
}

impl Scale {
    /// Where a moment is.
    pub(super) fn at(&self, millis: f64) -> f32 {
        let share = (millis - self.left) / self.span;
        self.x.min + (share * f64::from(self.x.span())) as f32
    }

    /// The moment at a place.
    pub(super) fn moment(&self, x: f32) -> f64 {
        let share = f64::from((x - self.x.min) / self.x.span().max(1.0));
        self.left + share * self.span
    }

    /// The last moment that is shown.
    pub(super) fn right(&self) -> f64 {
        self.left + self.span
    }

    /// How far apart ticks are, so that their words do not meet.
    pub(super) fn step(&self) -> u64 {
        const LEAST: f64 = 84.0;
        let wanted = self.span * LEAST / f64::from(self.x.span().max(1.0));
        let found = STEPS.into_iter().find(|step| *step as f64 >= wanted);
        found.unwrap_or(604_800_000)
    }

    /// The ticks that are shown.
    pub(super) fn ticks(&self) -> impl Iterator<Item = u64> + use<> {
        let step = self.step();
        let first = (self.left.max(0.0) / step as f64).ceil() as u64;
        let last = (self.right().max(0.0) / step as f64).floor() as u64;
        (first..=last).map(move |tick| tick * step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(left: f64, span: f64) -> Scale {
        Scale {
            left,
            span,
            x: Rangef::new(100.0, 1100.0),
        }
    }

    #[test]
    fn places_and_moments_are_the_same_both_ways() {
        let scale = scale(60_000.0, 120_000.0);
        assert!((scale.at(60_000.0) - 100.0).abs() < 0.01);
        assert!((scale.at(180_000.0) - 1100.0).abs() < 0.01);
        for x in [100.0, 350.0, 1100.0] {
            assert!((scale.at(scale.moment(x)) - x).abs() < 0.01);
        }
    }

    #[test]
    fn ticks_are_few_and_round_at_every_span() {
        for span in [900.0, 12_000.0, 600_000.0, 7_200_000.0, 86_400_000.0] {
            let scale = scale(span * 3.3, span);
            let ticks: Vec<u64> = scale.ticks().collect();
            assert!((2..=12).contains(&ticks.len()), "{span}: {ticks:?}");
            assert!(ticks.iter().all(|tick| tick % scale.step() == 0));
            let shown = scale.left..=scale.right();
            assert!(ticks.iter().all(|tick| shown.contains(&(*tick as f64))));
        }
    }
}
