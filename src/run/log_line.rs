//! The log file's lines: one an event, for eyes and for `grep`.
//!
//! ```text
//! 2026-11-22 03:15:07.123 +01:00 | information | Import | HR | Delta Import | success | profile ended, run 12, 4.2 s; stage-add=5 stage-update=2
//! ```
//!
//! Seven fields with ` | ` between them: local time with the offset from UTC, level, thread, agent,
//! run profile, result, and what happened; a field that does not apply is `-`. In the first six a
//! bar is written `¦`. Control characters become blanks, so that foreign text cannot forge a line.
//! Pure: must not open anything. The window's log panel takes the same words from [`log_words`].

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::text::{printable, short_duration};
use crate::mim::RunResult;
use crate::model::LogLevel;

use super::{
    At, CommandEnd, Outline, ProfileStatistics, RunEvent, RunEventKind, RunOutcome, Severity,
    SkipReason, Slot, StepOutcome, StepOutlineKind, StopMode, WaitReason,
};

/// Writes the lines of one run.
#[derive(Debug)]
pub struct LogLines {
    level: LogLevel,
    zone: TimeZone,
    outline: Option<Outline>,
}

/// What an event is for a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LogWords<'a> {
    /// How important it is.
    pub level: LogLevel,
    /// Where it happened.
    pub at: Option<&'a At>,
    /// The agent that it is about, if the event names one.
    pub agent: Option<&'a str>,
    /// The run profile that it is about, if the event names one.
    pub profile: Option<&'a str>,
    /// The result, in the service's word or ours.
    pub result: Option<&'a str>,
    /// What happened.
    pub text: String,
    /// Whether the text is about the step, so that a line without a field for it must name it.
    pub is_about_step: bool,
}

impl LogLines {
    /// Lines up to a level, with times of a zone.
    pub fn new(level: LogLevel, zone: TimeZone) -> Self {
        Self {
            level,
            zone,
            outline: None,
        }
    }

    /// How much is logged.
    pub fn level(&self) -> LogLevel {
        self.level
    }

    /// The line of an event without its end; `None` when the level leaves it out.
    pub fn line(&mut self, event: &RunEvent) -> Option<String> {
        if let RunEventKind::RunStarted { outline } = &event.event {
            self.outline = Some(outline.clone());
        }
        let mut entry = log_words(&event.event, self.level);
        self.complete(&mut entry);
        self.write(event.at, &entry)
    }

    /// A line outside the run's events: before it, or a message of the protocol.
    pub fn remark(&self, at: Timestamp, level: LogLevel, text: &str) -> Option<String> {
        let entry = LogWords {
            level,
            text: text.to_owned(),
            ..LogWords::default()
        };
        self.write(at, &entry)
    }

    /// Adds agent and profile, which an event of a step does not carry, from the outline.
    fn complete<'a>(&'a self, entry: &mut LogWords<'a>) {
        let Some((thread, step)) = entry.at.and_then(|at| Some((at.thread?, at.step?))) else {
            return;
        };
        let threads = self.outline.as_ref().map(|outline| &outline.threads);
        let step = threads.and_then(|all| all.get(thread)?.steps.get(step));
        if let Some(StepOutlineKind::RunProfile { agent, profile, .. }) =
            step.map(|step| &step.does)
        {
            entry.agent.get_or_insert(agent);
            entry.profile.get_or_insert(profile);
        }
    }

    fn write(&self, at: Timestamp, entry: &LogWords<'_>) -> Option<String> {
        if entry.level > self.level {
            return None;
        }
        let time = at
            .to_zoned(self.zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S.%3f %:z");
        let thread = entry.at.and_then(|at| at.thread_name.as_deref());
        Some(format!(
            "{time} | {} | {} | {} | {} | {} | {}",
            entry.level.as_str(),
            field(thread),
            field(entry.agent),
            field(entry.profile),
            field(entry.result),
            printable(entry.named().trim_end()),
        ))
    }
}

fn field(text: Option<&str>) -> String {
    match text.map(str::trim) {
        None | Some("") => "-".to_owned(),
        Some(text) => printable(text).replace('|', "¦"),
    }
}

impl<'a> LogWords<'a> {
    fn new(at: Option<&'a At>, text: impl Into<String>) -> Self {
        Self {
            level: LogLevel::Information,
            at,
            text: text.into(),
            ..Self::default()
        }
    }

    fn level(self, level: LogLevel) -> Self {
        Self { level, ..self }
    }

    fn about_step(self) -> Self {
        Self {
            is_about_step: true,
            ..self
        }
    }

    /// The text with the step's name before it where it is about the step.
    fn named(&self) -> String {
        let step = self.at.filter(|_| self.is_about_step);
        match step.and_then(|at| at.step_name.as_ref()) {
            Some(step) => format!("`{step}` {}", self.text),
            None => self.text.clone(),
        }
    }

    fn result(self, result: &'a str) -> Self {
        Self {
            result: Some(result),
            ..self
        }
    }

    fn profile(self, agent: &'a str, profile: &'a str) -> Self {
        Self {
            agent: Some(agent),
            profile: Some(profile),
            ..self
        }
    }
}

/// What an event is for a log; at [`LogLevel::Detail`] the text has output and counters of each step.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each kind of event; a table reads best in one piece"
)]
pub fn log_words(event: &RunEventKind, level: LogLevel) -> LogWords<'_> {
    match event {
        RunEventKind::RunStarted { outline } => LogWords::new(None, run_words(outline)),
        RunEventKind::RunFinished {
            outcome,
            elapsed_ms,
        } => {
            let text = format!("run ended, {}", span(*elapsed_ms));
            LogWords::new(None, text)
                .level(run_level(*outcome))
                .result(outcome.word())
        }
        RunEventKind::ThreadStarted { at } => LogWords::new(Some(at), "thread begins"),
        RunEventKind::RoundStarted { at, round } => {
            LogWords::new(Some(at), format!("round {round} begins"))
        }
        RunEventKind::ThreadFinished {
            at,
            outcome,
            elapsed_ms,
        } => {
            let text = format!("thread ended, {}", span(*elapsed_ms));
            LogWords::new(Some(at), text)
                .level(step_level(*outcome))
                .result(outcome.word())
        }
        RunEventKind::Waiting {
            at,
            because,
            sentence,
        } => LogWords::new(Some(at), sentence)
            .about_step()
            .level(wait_level(because)),
        RunEventKind::StepStarted { at } => LogWords::new(Some(at), "begins").about_step(),
        RunEventKind::StepFinished {
            at,
            outcome,
            sentence,
            elapsed_ms,
        } => {
            let text = with_reason(&format!("ended, {}", span(*elapsed_ms)), sentence);
            LogWords::new(Some(at), text)
                .about_step()
                .level(step_level(*outcome))
                .result(outcome.word())
        }
        RunEventKind::StepSkipped {
            at,
            because,
            sentence,
        } => {
            let entry = LogWords::new(Some(at), sentence).about_step();
            entry
                .level(skip_level(because))
                .result(StepOutcome::Skipped.word())
        }
        RunEventKind::CommandStarted { at, slot, line } => {
            LogWords::new(Some(at), format!("{} starts: {line}", slot_words(*slot)))
        }
        RunEventKind::CommandFinished {
            at,
            slot,
            end,
            output,
            elapsed_ms,
        } => {
            let (own_level, words) = command_words(end);
            let mut text = format!(
                "{} ended, {}: {words}",
                slot_words(*slot),
                span(*elapsed_ms)
            );
            if level >= LogLevel::Detail {
                write_output(&mut text, output);
            }
            LogWords::new(Some(at), text).level(own_level)
        }
        RunEventKind::ProfileStarted { at, agent, profile } => {
            LogWords::new(Some(at), "profile starts").profile(agent, profile)
        }
        RunEventKind::ProfileProgress { at, status } => LogWords::new(Some(at), "profile goes on")
            .level(LogLevel::Detail)
            .result(status),
        RunEventKind::ProfileRefused { at, result } => {
            LogWords::new(Some(at), "profile not started now, asks again").result(result)
        }
        RunEventKind::ProfileFinished {
            at,
            agent,
            profile,
            run_number,
            result,
            statistics,
            elapsed_ms,
            class: _,
        } => {
            let number = run_number
                .map(|number| format!(", run {number}"))
                .unwrap_or_default();
            let mut text = format!("profile ended{number}, {}", span(*elapsed_ms));
            write_statistics(&mut text, statistics, level);
            let outcome = StepOutcome::from_class(RunResult::new(result).class());
            let entry = LogWords::new(Some(at), text).level(step_level(outcome));
            entry.result(result).profile(agent, profile)
        }
        RunEventKind::Paused => LogWords::new(None, "paused"),
        RunEventKind::Resumed => LogWords::new(None, "resumed"),
        RunEventKind::StopRequested { mode } => {
            LogWords::new(None, stop_words(*mode)).level(LogLevel::Warning)
        }
        RunEventKind::Notice {
            at,
            severity,
            message,
        } => LogWords::new(Some(at), message)
            .about_step()
            .level(notice_level(*severity)),
    }
}

fn run_words(outline: &Outline) -> String {
    let file = outline
        .file
        .as_ref()
        .map(|file| format!(", file {file}"))
        .unwrap_or_default();
    format!(
        "run {} of `{}` on {} begins, overlap rule {}{file}",
        outline.run, outline.sequence, outline.server, outline.overlap
    )
}

const fn stop_words(mode: StopMode) -> &'static str {
    match mode {
        StopMode::Graceful => "stop requested, what runs is finished",
        StopMode::Now => "stop requested at once",
    }
}

fn command_words(end: &CommandEnd) -> (LogLevel, String) {
    match end {
        CommandEnd::Exited {
            code,
            allowed: true,
        } => (LogLevel::Information, format!("exit code {code}")),
        CommandEnd::Exited {
            code,
            allowed: false,
        } => (
            LogLevel::Error,
            format!("exit code {code}, which is not allowed"),
        ),
        CommandEnd::Signalled { signal } => (LogLevel::Error, format!("signal {signal}")),
        CommandEnd::TimedOut => (LogLevel::Error, "took too long and was ended".to_owned()),
        CommandEnd::Stopped => (LogLevel::Warning, "stopped".to_owned()),
        CommandEnd::NotStarted { message } => (LogLevel::Error, format!("not started, {message}")),
        CommandEnd::Detached => (
            LogLevel::Information,
            "started and not waited for".to_owned(),
        ),
    }
}

fn write_output(text: &mut String, output: &str) {
    let lines: Vec<&str> = output.trim().lines().map(str::trim_end).collect();
    if !lines.is_empty() {
        text.push_str("; output: ");
        text.push_str(&lines.join(" ⏎ "));
    }
}

/// Counters as `name=count`; the totals at `information`, each step with its errors at `detail`.
fn write_statistics(text: &mut String, statistics: &ProfileStatistics, level: LogLevel) {
    let totals = statistics.totals();
    if !totals.is_empty() {
        text.push(';');
        write_counters(text, &totals);
    }
    // Each counter by its name: a sum would hide what becomes a deletion with the next export.
    let mut outbound: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for (agent, counters) in statistics.steps.iter().flat_map(|step| &step.outbound) {
        for (name, count) in counters {
            let sums = outbound.entry(agent).or_default();
            let sum = sums.entry(name.clone()).or_default();
            *sum = sum.saturating_add(*count);
        }
    }
    // Writing to a string cannot fail.
    for (agent, counters) in &outbound {
        write!(text, "; outbound to `{agent}`:").ok();
        write_counters(text, counters);
    }
    let errors = statistics.error_count();
    if errors > 0 {
        write!(text, "; errors={errors}").ok();
    }
    if let Some(connection) = statistics
        .steps
        .iter()
        .find_map(|step| step.connection.as_ref())
    {
        write!(text, "; connection: {connection}").ok();
    }
    if level < LogLevel::Detail {
        return;
    }
    for step in &statistics.steps {
        let kind = step.step_type.as_deref().unwrap_or("unknown type");
        write!(text, "; step {} ({kind}) {}", step.number, step.result).ok();
        write_counters(text, &step.counters);
        for (agent, counters) in &step.outbound {
            write!(text, ", to `{agent}`").ok();
            write_counters(text, counters);
        }
        for error in &step.errors {
            write!(text, ", error: {error}").ok();
        }
    }
}

fn write_counters(text: &mut String, counters: &BTreeMap<String, u64>) {
    for (name, count) in counters.iter().filter(|(_, count)| **count > 0) {
        write!(text, " {name}={count}").ok();
    }
}

fn with_reason(what: &str, sentence: &str) -> String {
    if sentence.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {sentence}")
    }
}

fn span(elapsed_ms: u64) -> String {
    short_duration(Duration::from_millis(elapsed_ms))
}

fn slot_words(slot: Slot) -> String {
    match slot {
        Slot::Main => "command".to_owned(),
        Slot::PreProcessing(index) => format!("pre-processing {}", index + 1),
        Slot::PostProcessing(index) => format!("post-processing {}", index + 1),
    }
}

const fn step_level(outcome: StepOutcome) -> LogLevel {
    match outcome {
        StepOutcome::Skipped | StepOutcome::Success => LogLevel::Information,
        StepOutcome::Warning | StepOutcome::Stopped => LogLevel::Warning,
        StepOutcome::Failed => LogLevel::Error,
    }
}

const fn run_level(outcome: RunOutcome) -> LogLevel {
    match outcome {
        RunOutcome::Success => LogLevel::Information,
        RunOutcome::Warning | RunOutcome::Stopped => LogLevel::Warning,
        RunOutcome::Failed => LogLevel::Error,
    }
}

const fn notice_level(severity: Severity) -> LogLevel {
    match severity {
        Severity::Error => LogLevel::Error,
        Severity::Warning => LogLevel::Warning,
        Severity::Information => LogLevel::Information,
        Severity::Detail => LogLevel::Detail,
    }
}

const fn skip_level(because: &SkipReason) -> LogLevel {
    match because {
        SkipReason::Disabled => LogLevel::Information,
        SkipReason::EarlierFailure { .. }
        | SkipReason::ImportFailed { .. }
        | SkipReason::PreProcessing
        | SkipReason::Stopped => LogLevel::Warning,
    }
}

const fn wait_level(because: &WaitReason) -> LogLevel {
    match because {
        WaitReason::ServiceUnavailable { .. } => LogLevel::Warning,
        WaitReason::ForeignRun { .. }
        | WaitReason::ForeignSynchronization { .. }
        | WaitReason::AgentUpdate { .. } => LogLevel::Information,
        WaitReason::Paused { .. }
        | WaitReason::StartDelay { .. }
        | WaitReason::AgentBusy { .. }
        | WaitReason::Synchronization { .. }
        | WaitReason::BeforeSynchronization { .. }
        | WaitReason::MimService { .. }
        | WaitReason::Turn { .. }
        | WaitReason::MaxParallel { .. } => LogLevel::Detail,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RunId, StepOutline, StepStatistics, ThreadOutline};

    use super::*;

    fn at(thread: usize, step: Option<usize>) -> At {
        At {
            thread: Some(thread),
            thread_name: Some("Import | HR".to_owned()),
            step,
            step_name: step.map(|_| "HR · Delta Import".to_owned()),
        }
    }

    fn event(kind: RunEventKind) -> RunEvent {
        RunEvent {
            seq: 1,
            at: "2026-11-22T02:15:07.123456Z".parse().unwrap(),
            elapsed_ms: 0,
            event: kind,
        }
    }

    fn outline() -> Outline {
        Outline {
            part: None,
            run: RunId::parse("r1").unwrap(),
            sequence: "Nightly".to_owned(),
            file: None,
            server: "https://mim01".to_owned(),
            overlap: "exclusive-sync".to_owned(),
            threads: vec![ThreadOutline {
                name: "Import".to_owned(),
                enabled: true,
                repeat: 1,
                steps: vec![StepOutline {
                    name: "HR · Delta Import".to_owned(),
                    enabled: true,
                    does: StepOutlineKind::RunProfile {
                        agent: "HR".to_owned(),
                        profile: "Delta Import".to_owned(),
                        step_types: Vec::new(),
                    },
                }],
            }],
        }
    }

    fn finished(result: &str) -> RunEventKind {
        let counters =
            BTreeMap::from([("stage-add".to_owned(), 5), ("stage-update".to_owned(), 2)]);
        let outbound = BTreeMap::from([(
            "AD".to_owned(),
            BTreeMap::from([("provisioned-add-flow".to_owned(), 3)]),
        )]);
        RunEventKind::ProfileFinished {
            at: at(0, Some(0)),
            agent: "HR".to_owned(),
            profile: "Delta Import".to_owned(),
            run_number: Some(12),
            result: result.to_owned(),
            class: "success".to_owned(),
            statistics: ProfileStatistics {
                steps: vec![StepStatistics {
                    number: 1,
                    step_type: Some("delta-import".to_owned()),
                    result: result.to_owned(),
                    counters,
                    outbound,
                    error_count: 1,
                    errors: vec!["bad-object · CN=a".to_owned()],
                    connection: None,
                }],
            },
            elapsed_ms: 4_200,
        }
    }

    fn lines(level: LogLevel) -> LogLines {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let mut lines = LogLines::new(level, zone);
        lines.line(&event(RunEventKind::RunStarted { outline: outline() }));
        lines
    }

    #[test]
    fn a_line_has_seven_fields() {
        let line = lines(LogLevel::Information)
            .line(&event(finished("success")))
            .unwrap();
        assert_eq!(
            line,
            "2026-11-22 03:15:07.123 +01:00 | information | Import ¦ HR | HR | Delta Import | success \
             | profile ended, run 12, 4.2 s; stage-add=5 stage-update=2; outbound to `AD`: provisioned-add-flow=3; \
             errors=1"
        );
        let line = lines(LogLevel::Detail)
            .line(&event(finished("success")))
            .unwrap();
        assert!(
            line.ends_with(
                "; step 1 (delta-import) success stage-add=5 stage-update=2, to `AD` \
                 provisioned-add-flow=3, error: bad-object · CN=a"
            ),
            "{line}"
        );
    }

    #[test]
    fn agent_and_profile_come_from_the_outline_where_an_event_lacks_them() {
        let started = RunEventKind::StepStarted { at: at(0, Some(0)) };
        let line = lines(LogLevel::Information).line(&event(started)).unwrap();
        assert!(
            line.contains(" | HR | Delta Import | - | `HR · Delta Import` begins"),
            "{line}"
        );
        let beyond = RunEventKind::StepStarted { at: at(7, Some(9)) };
        let line = lines(LogLevel::Information).line(&event(beyond)).unwrap();
        assert!(line.contains(" | - | - | - | "), "{line}");
    }

    fn waiting(because: WaitReason) -> RunEventKind {
        RunEventKind::Waiting {
            at: at(0, Some(0)),
            because,
            sentence: String::new(),
        }
    }

    fn ended(end: CommandEnd) -> RunEventKind {
        let slot = Slot::PreProcessing(0);
        RunEventKind::CommandFinished {
            at: at(0, None),
            slot,
            end,
            output: String::new(),
            elapsed_ms: 1,
        }
    }

    fn exited(code: i32, allowed: bool) -> RunEventKind {
        ended(CommandEnd::Exited { code, allowed })
    }

    fn step(outcome: StepOutcome) -> RunEventKind {
        let sentence = String::new();
        RunEventKind::StepFinished {
            at: at(0, Some(0)),
            outcome,
            sentence,
            elapsed_ms: 1,
        }
    }

    fn skipped(because: SkipReason) -> RunEventKind {
        RunEventKind::StepSkipped {
            at: at(0, Some(0)),
            because,
            sentence: String::new(),
        }
    }

    fn run_finished(outcome: RunOutcome) -> RunEventKind {
        RunEventKind::RunFinished {
            outcome,
            elapsed_ms: 1,
        }
    }

    #[test]
    fn each_event_has_the_quietest_level_that_shows_it() {
        use LogLevel::{Detail, Error, Information, Warning};
        let since = Timestamp::UNIX_EPOCH;
        let message = String::new();
        for (kind, level) in [
            (finished("stopped-server-down"), Error),
            (finished("a-word-of-the-future"), Error),
            (finished("completed-export-errors"), Warning),
            (finished("completed-no-objects"), Information),
            (step(StepOutcome::Failed), Error),
            (step(StepOutcome::Stopped), Warning),
            (step(StepOutcome::Success), Information),
            (skipped(SkipReason::Disabled), Information),
            (skipped(SkipReason::PreProcessing), Warning),
            (exited(0, true), Information),
            (exited(1, false), Error),
            (ended(CommandEnd::TimedOut), Error),
            (waiting(WaitReason::MaxParallel { limit: 1 }), Detail),
            (
                waiting(WaitReason::ForeignSynchronization { since }),
                Information,
            ),
            (
                waiting(WaitReason::ServiceUnavailable { message, since }),
                Warning,
            ),
            (
                RunEventKind::StopRequested {
                    mode: StopMode::Now,
                },
                Warning,
            ),
            (run_finished(RunOutcome::Failed), Error),
            (run_finished(RunOutcome::Success), Information),
        ] {
            let event = event(kind);
            let mut levels = LogLevel::ALL.into_iter();
            let quietest = levels.find(|level| lines(*level).line(&event).is_some());
            assert_eq!(quietest, Some(level), "{event:?}");
        }
    }

    #[test]
    fn foreign_text_cannot_forge_a_line() {
        let output = RunEventKind::CommandFinished {
            at: at(0, None),
            slot: Slot::Main,
            end: CommandEnd::Exited {
                code: 0,
                allowed: true,
            },
            output: "one\r\n2026-01-01 | error\u{1b}[2J\n".to_owned(),
            elapsed_ms: 1_000,
        };
        let line = lines(LogLevel::Detail).line(&event(output)).unwrap();
        assert!(!line.contains(char::is_control), "{line:?}");
        assert!(
            line.ends_with("; output: one ⏎ 2026-01-01 | error [2J"),
            "{line:?}"
        );
        let remark = lines(LogLevel::Error)
            .remark(Timestamp::UNIX_EPOCH, LogLevel::Error, "a\nb")
            .unwrap();
        assert_eq!(
            remark,
            "1970-01-01 01:00:00.000 +01:00 | error | - | - | - | - | a b"
        );
    }
}
