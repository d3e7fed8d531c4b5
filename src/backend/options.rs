//! How patiently a run is followed.

use std::time::Duration;

/// How often and how long a run that was started is asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackendOptions {
    /// The pause before the first question; 100 ms.
    pub first_interval: Duration,
    /// The longest pause between two questions; 5 s.
    pub last_interval: Duration,
    /// By how much the pause grows from question to question, at least 1; 1.6.
    pub growth: f64,
    /// How long a vanished server is asked again before the run's end counts as unknown; 30 min.
    pub patience: Duration,
    /// The same, once somebody wants the run stopped; 1 min.
    pub stop_patience: Duration,
    /// How long a server that has too much to do to take an order is asked again; 2 min.
    pub busy_patience: Duration,
    /// How long an agent must stay idle before a request without an answer counts as never
    /// arrived; 30 s, well above what a request may still be under way.
    pub grace: Duration,
    /// How often the details of a run that has ended are asked for when that fails; 3.
    pub details_tries: u32,
}

impl Default for BackendOptions {
    fn default() -> Self {
        Self {
            first_interval: Duration::from_millis(100),
            last_interval: Duration::from_secs(5),
            growth: 1.6,
            patience: Duration::from_mins(30),
            stop_patience: Duration::from_mins(1),
            busy_patience: Duration::from_mins(2),
            grace: Duration::from_secs(30),
            details_tries: 3,
        }
    }
}

impl BackendOptions {
    /// The pause after `interval`: it grows, but never beyond the longest.
    pub fn after(&self, interval: Duration) -> Duration {
        let grown = interval.as_secs_f64() * self.growth.max(1.0);
        Duration::try_from_secs_f64(grown).map_or(self.last_interval, |grown| {
            grown.clamp(self.first_interval, self.last_interval)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_grow_up_to_the_last() {
        let options = BackendOptions::default();
        let mut interval = options.first_interval;
        let mut sum = Duration::ZERO;
        for _ in 0..9 {
            let next = options.after(interval);
            assert!(next > interval);
            sum += interval;
            interval = next;
        }
        assert_eq!(interval, options.last_interval);
        assert!(sum < Duration::from_secs(12), "{sum:?}");
    }

    #[test]
    fn a_senseless_growth_still_gives_a_sane_pause() {
        let options = BackendOptions {
            growth: f64::NAN,
            ..BackendOptions::default()
        };
        assert_eq!(
            options.after(options.first_interval),
            options.first_interval
        );
        let options = BackendOptions {
            growth: f64::INFINITY,
            ..BackendOptions::default()
        };
        assert_eq!(options.after(options.first_interval), options.last_interval);
    }
}
