//! Clocks, and countdowns that can be paused.
//!
//! The only place that asks the system for the time. Everything with a rule in it takes the
//! moment as an argument, so that a test can own the clock.

use std::ops::{Add, Sub};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;

/// A point on a clock that only goes forward: the span since that clock was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(Duration);

impl Moment {
    /// The moment at which its clock was made.
    pub const ZERO: Self = Self(Duration::ZERO);

    /// The moment that lies this long after [`Moment::ZERO`].
    pub const fn after_zero(span: Duration) -> Self {
        Self(span)
    }

    /// The span from `earlier` to this moment, zero when `earlier` lies later.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span))
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The current moment; never goes backwards.
    fn now(&self) -> Moment;

    /// The time of day, for people and for comparison with other machines; may jump.
    fn wall(&self) -> Timestamp;
}

/// The system's clock.
///
/// Its moments follow tokio's clock, so that a test with paused time owns them too.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: tokio::time::Instant,
}

impl SystemClock {
    /// A clock whose [`Moment::ZERO`] is now.
    pub fn start() -> Self {
        Self {
            origin: tokio::time::Instant::now(),
        }
    }

    /// The same moment for tokio's timers.
    pub fn instant(&self, moment: Moment) -> tokio::time::Instant {
        self.origin + moment.since(Moment::ZERO)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment(self.origin.elapsed())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for the time of day"
    )]
    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until a test or a rehearsal moves it; clones share the time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    now: Arc<Mutex<Moment>>,
    wall_origin: Timestamp,
}

impl ManualClock {
    /// A clock at [`Moment::ZERO`], whose time of day then is `wall_origin`.
    pub fn new(wall_origin: Timestamp) -> Self {
        Self {
            now: Arc::new(Mutex::new(Moment::ZERO)),
            wall_origin,
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Duration) {
        let mut now = self.now.lock();
        *now = *now + span;
    }

    /// Moves the clock forward to `moment`; an earlier one changes nothing.
    pub fn advance_to(&self, moment: Moment) {
        let mut now = self.now.lock();
        *now = moment.max(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        *self.now.lock()
    }

    fn wall(&self) -> Timestamp {
        self.wall_origin
            .saturating_add(self.now().since(Moment::ZERO))
            .unwrap_or(Timestamp::MAX)
    }
}

/// A span that runs off while it is not paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countdown {
    remaining: Duration,
    running_since: Option<Moment>,
}

impl Countdown {
    /// A countdown of `span` that starts running at `now`.
    pub fn running(span: Duration, now: Moment) -> Self {
        Self {
            remaining: span,
            running_since: Some(now),
        }
    }

    /// Stops the clock of this countdown; what remains is kept. Pausing twice changes nothing.
    pub fn pause(&mut self, now: Moment) {
        self.remaining = self.remaining(now);
        self.running_since = None;
    }

    /// Lets the countdown run again. Resuming a running one changes nothing.
    pub fn resume(&mut self, now: Moment) {
        self.running_since.get_or_insert(now);
    }

    /// What is left at `now`.
    pub fn remaining(&self, now: Moment) -> Duration {
        match self.running_since {
            Some(since) => self.remaining.saturating_sub(now.since(since)),
            None => self.remaining,
        }
    }

    /// Whether it runs and has run off at `now`.
    pub fn is_over(&self, now: Moment) -> bool {
        self.deadline().is_some_and(|deadline| deadline <= now)
    }

    /// When it will run off, unless it is paused.
    pub fn deadline(&self) -> Option<Moment> {
        self.running_since.map(|since| since + self.remaining)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(secs: u64) -> Moment {
        Moment::after_zero(Duration::from_secs(secs))
    }

    #[test]
    fn a_paused_countdown_keeps_what_remains() {
        let mut countdown = Countdown::running(Duration::from_secs(30), at(0));
        assert_eq!(countdown.deadline(), Some(at(30)));
        countdown.pause(at(10));
        countdown.pause(at(15));
        assert_eq!(countdown.deadline(), None);
        assert!(!countdown.is_over(at(1_000)));
        countdown.resume(at(1_000));
        countdown.resume(at(1_005));
        assert_eq!(countdown.deadline(), Some(at(1_020)));
        assert!(countdown.is_over(at(1_020)));
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Moment::ZERO);
        clock.advance(Duration::from_secs(5));
        clock.advance_to(at(3));
        assert_eq!(clock.now(), at(5));
        assert_eq!(clock.wall().as_second(), 5);
    }
}
