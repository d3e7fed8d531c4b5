//! The run bar: the state of a run in a word, and how far it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::designer::HeadlineState;

/// Its name for a screen reader.
pub const NAME: &str = "Run";
/// The steps as small bars.
pub const STRIP: &str = "Steps of the run";
/// What the time is.
pub const ELAPSED: &str = "elapsed";
/// What the time was.
pub const TOOK: &str = "duration";
/// Starts again.
pub const START_AGAIN: &str = "Start again";
/// Leaves the run.
pub const BACK: &str = "Back to editing";
/// Steps that succeeded.
pub const SUCCESS: &str = "success";
/// Steps with warnings.
pub const WARNING: &str = "warning";
/// Steps that failed.
pub const FAILED: &str = "failed";
/// Steps that were stopped.
pub const STOPPED: &str = "stopped";
/// Steps that were skipped.
pub const SKIPPED: &str = "skipped";
/// Steps that run.
pub const RUNNING: &str = "running";
/// Steps that wait.
pub const WAITING: &str = "waiting";

/// The state in a word.
pub const fn state(state: HeadlineState) -> &'static str {
    match state {
        HeadlineState::Starting => "Starting",
        HeadlineState::Running => "Running",
        HeadlineState::RunningWithFailures => "Failed, goes on",
        HeadlineState::Waiting => "Waiting",
        HeadlineState::Paused => "Paused",
        HeadlineState::Stopping => "Stopping",
        HeadlineState::Success => "Success",
        HeadlineState::Warning => "Warning",
        HeadlineState::Failed => "Failed",
        HeadlineState::Stopped => "Stopped",
        HeadlineState::BrokenOff => "Broken off",
    }
}

/// How many steps are done.
pub fn done(done: usize, all: usize) -> String {
    let noun = if all == 1 { "step" } else { "steps" };
    format!("{done} of {all} {noun}")
}

/// Where it runs, and since when.
pub fn where_and_when(server: &str, started: Option<Timestamp>, zone: TimeZone) -> String {
    let Some(started) = started else {
        return server.to_owned();
    };
    let clock = started.to_zoned(zone).strftime("%H:%M:%S");
    if server.is_empty() {
        format!("started {clock}")
    } else {
        format!("{server}, started {clock}")
    }
}
