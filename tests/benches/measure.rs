//! Taking and printing times; shared by the benchmarks.

use std::time::{Duration, Instant};

/// Times of one thing that was done several times, sorted.
pub struct Times(Vec<Duration>);

impl Times {
    /// Does something `rounds` times, which gives how long the interesting part took.
    pub fn of(rounds: usize, measured: impl FnMut(usize) -> Duration) -> Self {
        let mut times: Vec<Duration> = (0..rounds).map(measured).collect();
        times.sort();
        Self(times)
    }

    /// The best one: whatever else the machine does only ever adds.
    pub fn best(&self) -> Duration {
        self.0.first().copied().unwrap_or_default()
    }

    /// The one in the middle.
    pub fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }
}

/// How long something took.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub fn time(action: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    action();
    begin.elapsed()
}

/// Prints one line of figures.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
pub fn tell(line: &str) {
    println!("{line}");
}

/// A span in milliseconds, for people.
pub fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

/// How many times `other` fits into `span`.
pub fn ratio(span: Duration, other: Duration) -> f64 {
    span.as_secs_f64() / other.as_secs_f64()
}
