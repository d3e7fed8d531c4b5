//! The panel at the bottom: problems, timeline, log, XML.

use std::borrow::Cow;
use std::time::Duration;

use crate::check::Severity;
use crate::model::{LogLevel, Step, StepKind};
use crate::run::{StepOutcome, StepOutlineKind};

/// The tab of problems.
pub const PROBLEMS: &str = "Problems";
/// The tab of the timeline.
pub const TIMELINE: &str = "Timeline";
/// The tab of the log.
pub const LOG: &str = "Log";
/// The tab of the file's text.
pub const XML: &str = "XML";
/// Folds the panel away.
pub const FOLD: &str = "Hide this panel";

/// The column of severities.
pub const SEVERITY: &str = "Severity";
/// The column of messages.
pub const PROBLEM: &str = "Problem";
/// The column of places.
pub const PLACE: &str = "Place";
/// The column of fixes.
pub const SUGGESTED_FIX: &str = "Suggested fix";
/// Applies a fix.
pub const FIX: &str = "Fix it";
/// Explains a rule.
pub const EXPLAIN: &str = "Explain";
/// Nothing is wrong.
pub const NO_PROBLEMS: &str = "No problems";
/// What that means.
pub const NO_PROBLEMS_HINT: &str = "They appear here while you draw, often with a fix";
/// The filter hides all of them.
pub const ALL_FILTERED: &str = "Nothing of the chosen kinds";
/// What to do then.
pub const ALL_FILTERED_HINT: &str = "Choose another kind above";
/// No problem is chosen.
pub const NONE_CHOSEN: &str = "Choose a problem to read what it means";
/// The filter of errors.
pub const ERRORS: &str = "Errors";
/// The filter of warnings.
pub const WARNINGS: &str = "Warnings";
/// The filter of notes.
pub const NOTES: &str = "Notes";
/// The filter of everything.
pub const ALL: &str = "All";
/// What it does.
pub const ALL_TIP: &str = "Shows every problem";
/// What a filter does.
pub const FILTER_TIP: &str = "Shows only the chosen kinds";

/// A filter with its count.
pub fn counted(word: &str, count: usize) -> String {
    format!("{word} {count}")
}

/// A severity as a status word.
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    }
}

/// There is no run.
pub const NO_TIMELINE: &str = "Start a run to see when each step runs";
/// What it will show.
pub const NO_TIMELINE_HINT: &str = "Each thread gets a lane with its steps and waits";
/// The lane of synchronizations.
pub const SYNC_LANE: &str = "Sync lock";
/// The line of the present.
pub const NOW: &str = "Now";
/// Follows the present.
pub const FOLLOW: &str = "Follow";
/// What that means.
pub const FOLLOW_TIP: &str = "Keeps the present in sight";
/// Shows everything.
pub const FIT: &str = "Show all";
/// The key that zooms.
pub const ZOOM_KEY: &str = "Ctrl+wheel";
/// The chart for a screen reader.
pub const CHART: &str = "Timeline of the run";
/// A wait.
pub const WAITS: &str = "Waits";
/// A step that runs.
pub const RUNS: &str = "Running";
/// A bar of the timeline whose end nobody knows.
pub const LOST: &str = super::watch::UNKNOWN;

/// How a step ended.
pub const fn outcome(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Skipped => "Skipped",
        StepOutcome::Success => "Success",
        StepOutcome::Warning => "Warning",
        StepOutcome::Stopped => "Stopped",
        StepOutcome::Failed => "Failed",
    }
}

/// What people call a step in a lane; a delay without a name of its own as its card says it.
pub fn step_name<'a>(name: &'a str, does: &StepOutlineKind) -> Cow<'a, str> {
    let StepOutlineKind::Delay { duration_ms } = does else {
        return Cow::Borrowed(name);
    };
    let span = Duration::from_millis(*duration_ms);
    let own = Step::new(StepKind::Delay { duration: span }).label();
    if name == own {
        Cow::Owned(format!(
            "{} {}",
            super::cards::DELAY,
            super::cards::set_time(span)
        ))
    } else {
        Cow::Borrowed(name)
    }
}

/// A bar in one line: what, how, how long, in which round.
pub fn bar(name: &str, how: &str, length: &str, round: u32) -> String {
    if round > 1 {
        format!("{name}, {how}, {length}, round {round}")
    } else {
        format!("{name}, {how}, {length}")
    }
}

/// A moment of a run on the axis: minutes, or seconds where they matter.
pub fn moment(millis: u64, step_millis: u64) -> String {
    let secs = millis / 1000;
    let (hours, minutes, seconds) = (secs / 3600, secs / 60, secs % 60);
    if step_millis >= 3_600_000 {
        format!("{hours} h")
    } else if step_millis >= 60_000 {
        format!("{minutes} min")
    } else if step_millis >= 1_000 {
        if minutes > 0 {
            format!("{minutes}:{seconds:02}")
        } else {
            format!("{secs} s")
        }
    } else {
        format!("{}.{} s", secs, millis % 1000 / 100)
    }
}

/// The present, as a clock of the run.
pub fn now_at(millis: u64) -> String {
    let secs = millis / 1000;
    if secs >= 3600 {
        format!(
            "{NOW} {}:{:02}:{:02}",
            secs / 3600,
            secs / 60 % 60,
            secs % 60
        )
    } else {
        format!("{NOW} {}:{:02}", secs / 60, secs % 60)
    }
}

/// The log has nothing.
pub const NO_LOG: &str = "Nothing logged yet";
/// What it will show.
pub const NO_LOG_HINT: &str = "During a run each line says when, where and what happened";
/// The filter hides all lines.
pub const NO_LINES: &str = "No line matches";
/// What to do then.
pub const NO_LINES_HINT: &str = "Choose another level or clear the filter";
/// The field that filters.
pub const LOG_FILTER: &str = "Filter lines";
/// The level of the log.
pub const LOG_LEVEL: &str = "Level";
/// Copies lines.
pub const COPY: &str = "Copy";
/// What is copied.
pub const COPY_LINES_TIP: &str = "Copies the chosen lines, or all that are shown";
/// Copies the file's text.
pub const COPY_XML_TIP: &str = "Copies the whole text";
/// Follows the end of the log.
pub const FOLLOW_LOG_TIP: &str = "Keeps the newest line in sight";
/// Opens the log file.
pub const OPEN_LOG: &str = "Open log file";
/// Clears the filter.
pub const CLEAR: &str = "Clear the filter";

/// A level in one word.
pub const fn level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "Error",
        LogLevel::Warning => "Warning",
        LogLevel::Information => "Information",
        LogLevel::Detail => "Detail",
        LogLevel::Protocol => "Protocol",
    }
}

/// A line of the log as it is copied.
pub fn log_line(clock: &str, level_word: &str, whose: &str, text: &str) -> String {
    if whose.is_empty() {
        format!("{clock}  {level_word:<11}  {text}\n")
    } else {
        format!("{clock}  {level_word:<11}  {whose}: {text}\n")
    }
}

/// How long the text is.
pub fn lines(count: usize) -> String {
    if count == 1 {
        "1 line".to_owned()
    } else {
        format!("{count} lines")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_called_as_on_its_card_unless_it_has_a_name() {
        let five = StepOutlineKind::Delay {
            duration_ms: 300_000,
        };
        assert_eq!(step_name("Delay 5m", &five), "Delay 5 min");
        assert_eq!(step_name("Let it replicate", &five), "Let it replicate");
    }
}
