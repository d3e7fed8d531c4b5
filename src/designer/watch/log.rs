//! The log of a watched run: one entry for each event that has something to tell.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::base::text::printable;
use crate::model::{LogLevel, Place};
use crate::run::{At, LogWords, RunEvent, RunEventKind, RunSummary, log_words};

use super::super::words::watch as words;

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
    /// What is searched of each entry: its words in lower case.
    folded: VecDeque<Box<str>>,
    /// How many entries have made room for newer ones.
    dropped: u64,
    /// The last event that was taken.
    seq: u64,
}

/// The entries that a filter lets through, kept up to date at the cost of what is new.
#[derive(Debug, Clone, Default)]
pub struct LogView {
    filter: LogFilter,
    /// The numbers of the entries since the run began, in order.
    rows: VecDeque<u64>,
    /// How many entries were looked at since the run began.
    seen: u64,
}

impl RunLog {
    /// How many entries are kept; the log file has all of them.
    pub const KEPT: usize = 20_000;

    /// Takes an event. An event that was taken before changes nothing.
    pub fn apply(&mut self, event: &RunEvent) {
        if event.seq <= self.seq {
            return;
        }
        self.seq = event.seq;
        let level = match &event.event {
            // What a program wrote has no other place; counters have the inspector.
            RunEventKind::CommandFinished { .. } => LogLevel::Detail,
            _ => LogLevel::Information,
        };
        let words = log_words(&event.event, level);
        self.push(LogEntry {
            seq: event.seq,
            at: event.at,
            level: words.level,
            place: words.at.and_then(place),
            whose: words.at.map(whose).unwrap_or_default(),
            text: text(&words),
        });
    }

    /// Goes on from a state whose events were not seen: says so.
    pub fn joined(&mut self, summary: &RunSummary) {
        if summary.seq <= self.seq {
            return;
        }
        let missed = summary.seq - self.seq;
        self.seq = summary.seq;
        let elapsed = jiff::SignedDuration::from_millis(
            i64::try_from(summary.elapsed_ms).unwrap_or(i64::MAX),
        );
        let at = summary.started.unwrap_or_default();
        self.push(LogEntry {
            seq: summary.seq,
            at: at.saturating_add(elapsed).unwrap_or(at),
            level: LogLevel::Information,
            place: None,
            whose: String::new(),
            text: words::joined(missed),
        });
    }

    fn push(&mut self, entry: LogEntry) {
        if self.entries.len() >= Self::KEPT {
            self.entries.pop_front();
            self.folded.pop_front();
            self.dropped += 1;
        }
        let folded = format!("{} {}", entry.whose, entry.text).to_lowercase();
        self.folded.push_back(folded.into_boxed_str());
        self.entries.push_back(entry);
    }

    /// The entries, the oldest first.
    pub const fn entries(&self) -> &VecDeque<LogEntry> {
        &self.entries
    }

    /// The entries that a filter lets through, the oldest first. Looks at all of them: what draws
    /// each frame keeps a [`LogView`] instead.
    pub fn visible<'a>(&'a self, filter: &LogFilter) -> impl Iterator<Item = &'a LogEntry> + 'a {
        let test = Test::new(filter);
        let entries = self.entries.iter().zip(&self.folded);
        entries
            .filter(move |(entry, folded)| test.lets_through(entry, folded))
            .map(|(entry, _)| entry)
    }
}

impl LogView {
    /// Brings it up to date; cheap when little has happened since.
    pub fn refresh(&mut self, log: &RunLog, filter: &LogFilter) {
        let all = log.dropped + log.entries.len() as u64;
        if self.filter != *filter || all < self.seen {
            *self = Self {
                filter: filter.clone(),
                ..Self::default()
            };
        }
        while self.rows.front().is_some_and(|row| *row < log.dropped) {
            self.rows.pop_front();
        }
        let first_new = self.seen.max(log.dropped);
        let skipped = usize::try_from(first_new - log.dropped).unwrap_or(usize::MAX);
        let test = Test::new(filter);
        let new = log.entries.iter().zip(&log.folded).skip(skipped);
        let rows = (first_new..)
            .zip(new)
            .filter(|(_, (entry, folded))| test.lets_through(entry, folded))
            .map(|(row, _)| row);
        self.rows.extend(rows);
        self.seen = all;
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The entry in a row, from 0.
    pub fn entry<'a>(&self, log: &'a RunLog, row: usize) -> Option<&'a LogEntry> {
        let index = self.rows.get(row)?.checked_sub(log.dropped)?;
        log.entries.get(usize::try_from(index).ok()?)
    }
}

/// A filter that is ready to be asked often.
struct Test {
    level: LogLevel,
    text: String,
}

impl Test {
    fn new(filter: &LogFilter) -> Self {
        Self {
            level: filter.level,
            text: filter.text.trim().to_lowercase(),
        }
    }

    fn lets_through(&self, entry: &LogEntry, folded: &str) -> bool {
        entry.level <= self.level && (self.text.is_empty() || folded.contains(&self.text))
    }
}

fn place(at: &At) -> Option<Place> {
    match (at.thread, at.step) {
        (Some(thread), Some(step)) => Some(Place::Step { thread, step }),
        (Some(thread), None) => Some(Place::Thread(thread)),
        (None, _) => None,
    }
}

fn whose(at: &At) -> String {
    let names = [at.thread_name.as_deref(), at.step_name.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    printable(&names.join(" · "))
}

/// The words as a sentence of their own, the result at its end.
fn text(words: &LogWords<'_>) -> String {
    let mut text = String::with_capacity(words.text.len() + 24);
    let mut letters = words.text.trim().chars();
    text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    text.push_str(letters.as_str());
    if let Some(result) = words.result {
        text.push_str(" · ");
        text.push_str(result);
    }
    printable(&text)
}

#[cfg(test)]
mod tests {
    use crate::run::{Severity, StepOutcome};

    use super::*;

    fn at() -> At {
        At {
            thread: Some(1),
            thread_name: Some("Import".to_owned()),
            step: Some(2),
            step_name: Some("HR · Delta Import".to_owned()),
        }
    }

    fn event(seq: u64, event: RunEventKind) -> RunEvent {
        RunEvent {
            seq,
            at: Timestamp::from_second(i64::try_from(seq).unwrap()).unwrap(),
            elapsed_ms: seq * 1_000,
            event,
        }
    }

    fn notice(seq: u64, severity: Severity, message: &str) -> RunEvent {
        let message = message.to_owned();
        event(
            seq,
            RunEventKind::Notice {
                at: at(),
                severity,
                message,
            },
        )
    }

    #[test]
    fn an_entry_is_a_sentence_with_its_place() {
        let mut log = RunLog::default();
        let finished = RunEventKind::StepFinished {
            at: at(),
            outcome: StepOutcome::Failed,
            sentence: "the server\nis gone".to_owned(),
            elapsed_ms: 4_200,
        };
        log.apply(&event(1, finished.clone()));
        log.apply(&event(1, finished));
        assert_eq!(
            *log.entries(),
            [LogEntry {
                seq: 1,
                at: Timestamp::from_second(1).unwrap(),
                level: LogLevel::Error,
                place: Some(Place::Step { thread: 1, step: 2 }),
                whose: "Import · HR · Delta Import".to_owned(),
                text: "Ended, 4.2 s: the server is gone · failed".to_owned(),
            }]
        );
    }

    #[test]
    fn a_filter_looks_at_level_and_words_and_a_view_agrees_with_it() {
        let mut log = RunLog::default();
        let mut view = LogView::default();
        let filters = [
            (LogLevel::Detail, "", 4),
            (LogLevel::Error, "", 1),
            (LogLevel::Detail, "ÄRGER", 2),
            (LogLevel::Detail, "hr · delta", 4),
            (LogLevel::Warning, " ärger ", 1),
            (LogLevel::Detail, "nothing", 0),
        ];
        log.apply(&notice(1, Severity::Error, "Ärger one"));
        view.refresh(&log, &LogFilter::default());
        for (seq, severity, text) in [
            (2, Severity::Information, "two ärger"),
            (3, Severity::Detail, "three"),
            (4, Severity::Warning, "four"),
        ] {
            log.apply(&notice(seq, severity, text));
        }
        for (level, text, count) in filters {
            let filter = LogFilter {
                level,
                text: text.to_owned(),
            };
            view.refresh(&log, &filter);
            let seen: Vec<_> = (0..view.len())
                .filter_map(|row| view.entry(&log, row))
                .collect();
            assert_eq!(seen, log.visible(&filter).collect::<Vec<_>>());
            assert_eq!(seen.len(), count, "{filter:?}");
        }
    }

    #[test]
    fn the_oldest_entries_make_room_and_a_view_follows() {
        let mut log = RunLog::default();
        let mut view = LogView::default();
        let filter = LogFilter {
            level: LogLevel::Warning,
            text: String::new(),
        };
        let last = RunLog::KEPT as u64 + 5_000;
        for seq in 1..=last {
            let severity = if seq % 2 == 0 {
                Severity::Warning
            } else {
                Severity::Information
            };
            log.apply(&notice(seq, severity, "x"));
            if seq % 7_000 == 0 {
                view.refresh(&log, &filter);
            }
        }
        view.refresh(&log, &filter);
        assert_eq!(log.entries().len(), RunLog::KEPT);
        assert_eq!(view.len(), RunLog::KEPT / 2);
        let seqs = |row: usize| view.entry(&log, row).map(|entry| entry.seq);
        assert_eq!(seqs(0), Some(5_002));
        assert_eq!(seqs(view.len() - 1), Some(last));
        assert_eq!(seqs(view.len()), None);
        // Another run begins a log of its own.
        view.refresh(&RunLog::default(), &filter);
        assert!(view.is_empty());
    }

    #[test]
    fn who_joins_late_is_told_what_is_missing() {
        let mut log = RunLog::default();
        let mut summary = RunSummary::default();
        log.joined(&summary);
        assert!(log.entries().is_empty());
        summary.seq = 40;
        log.joined(&summary);
        log.joined(&summary);
        assert_eq!(log.entries().len(), 1);
        log.apply(&notice(40, Severity::Error, "old"));
        log.apply(&notice(41, Severity::Error, "new"));
        assert_eq!(log.entries().len(), 2);
    }
}
