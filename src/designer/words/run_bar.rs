//! The run bar: the state of a run in a word, and how far it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::text::grouped;
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
/// Steps of which nobody knows how they went on.
pub const UNKNOWN: &str = "unknown";

/// The state in a word.
pub const fn state(state: HeadlineState) -> &'static str {
    match state {
        HeadlineState::Starting => "Starting",
        HeadlineState::Running => "Running",
        HeadlineState::RunningWithFailures => "Failed, goes on",
        HeadlineState::PausedWithFailures => "Failed, paused",
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
    let (done, all) = (grouped(done as u64), grouped(all as u64));
    format!("{done} of {all} {noun}")
}

/// Since when it runs, and where: the server without what only programs need of its address.
pub fn when_and_where(server: &str, started: Option<Timestamp>, zone: TimeZone) -> String {
    let host = server.split_once("://").map_or(server, |(_, host)| host);
    let host = host.split('/').next().unwrap_or_default();
    let Some(started) = started else {
        return host.to_owned();
    };
    let clock = started.to_zoned(zone).strftime("%H:%M:%S");
    if host.is_empty() {
        format!("Started {clock}")
    } else {
        format!("{host}, started {clock}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_scheme_and_path() {
        let cases = [
            ("", "Started 00:00:00"),
            ("mim01", "mim01, started 00:00:00"),
            (
                "http://127.0.0.1:40001/wsman",
                "127.0.0.1:40001, started 00:00:00",
            ),
        ];
        for (server, shown) in cases {
            let told = when_and_where(server, Some(Timestamp::UNIX_EPOCH), TimeZone::UTC);
            assert_eq!(told, shown);
        }
        assert_eq!(when_and_where("mim01", None, TimeZone::UTC), "mim01");
    }
}
