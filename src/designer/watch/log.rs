//! The log of a watched run: one entry for each event that has something to tell.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::{LogLevel, Place};
use crate::run::RunEvent;

/// One line of the log panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The event's number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// How important.
    pub level: LogLevel,
    /// Where.
    pub place: Option<Place>,
    /// The thread's and step's names, such as `Import · HR · Delta Import`; may be empty.
    pub whose: String,
    /// One sentence.
    pub text: String,
}

/// What the log panel shows of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Only entries up to this level (an error is the least).
    pub level: LogLevel,
    /// Only entries that contain this, letter case aside.
    pub text: String,
}

/// The newest entries.
#[derive(Debug, Clone, Default)]
pub struct RunLog {
    entries: VecDeque<LogEntry>,
}

impl RunLog {
    /// How many entries are kept; the log file has all of them.
    pub const KEPT: usize = 20_000;

    /// Takes an event.
    pub fn apply(&mut self, _event: &RunEvent) {}

    /// The entries, the oldest first.
    pub const fn entries(&self) -> &VecDeque<LogEntry> {
        &self.entries
    }
}
