//! The public event stream of a run; `assets/events.schema.json` describes its JSON form.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ProfileStatistics, RunOutcome, SkipReason, StepOutcome, StopMode, WaitReason};

/// The identifier of a run: sortable, unique on this machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(String);

impl RunId {
    /// Makes an identifier from the start time and a random part, such as `20261122-140305-4f2a9c`.
    pub fn new(start: Timestamp, random: u32) -> Self {
        Self(format!(
            "{}-{:06x}",
            start.strftime("%Y%m%d-%H%M%S"),
            random & 0x00ff_ffff
        ))
    }

    /// Reads an identifier that [`RunId::new`] made: digits, letters and dashes only.
    pub fn parse(text: &str) -> Option<Self> {
        let fine = !text.is_empty()
            && text.len() <= 64
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        fine.then(|| Self(text.to_owned()))
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that happened in a run. Events of a run are numbered without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEvent {
    /// Its number within the run, from 1.
    pub seq: u64,
    /// When it happened (UTC).
    pub at: Timestamp,
    /// Milliseconds since the run began.
    pub elapsed_ms: u64,
    /// What happened.
    pub event: RunEventKind,
}

/// Where in the sequence something happened. Indexes count from 0, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// The thread's index; absent for the sequence itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<usize>,
    /// The thread's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_name: Option<String>,
    /// The step's index; absent for the thread itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// What people call the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_name: Option<String>,
}

/// Which command of a place is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "index", rename_all = "kebab-case")]
pub enum Slot {
    /// The command of a command step.
    Main,
    /// A pre-processing command, by index.
    PreProcessing(usize),
    /// A post-processing command, by index.
    PostProcessing(usize),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum CommandEnd {
    /// It ended by itself.
    Exited {
        /// Its exit code.
        code: i32,
        /// Whether the file allows that code.
        allowed: bool,
    },
    /// A signal ended it.
    Signalled {
        /// The signal's number.
        signal: i32,
    },
    /// It took longer than allowed; its whole tree was ended.
    TimedOut,
    /// The run was stopped; its whole tree was ended.
    Stopped,
    /// It could not be started.
    NotStarted {
        /// Why.
        message: String,
    },
    /// It was started and is not waited for.
    Detached,
}

/// How important a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something failed.
    Error,
    /// Something was done differently.
    Warning,
    /// Good to know.
    Information,
    /// For those who look closely.
    Detail,
}

/// The sequence as the run sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The run.
    pub run: RunId,
    /// The sequence's name; the file's name if it has none.
    pub sequence: String,
    /// The file it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The server, for people; never with a password.
    pub server: String,
    /// The overlap rule's word.
    pub overlap: String,
    /// The part of it that was asked for, when that is not all of it. What it leaves out counts as
    /// not enabled, whatever the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RunPart>,
    /// Its threads, also the disabled ones.
    pub threads: Vec<ThreadOutline>,
}

impl Outline {
    /// Whether somebody who asked for a part of the sequence left this step out; without a step,
    /// the thread.
    pub fn is_left_out(&self, thread: usize, step: Option<usize>) -> bool {
        self.part.is_some_and(|part| part.leaves_out(thread, step))
    }
}

/// One thread of a sequence, from one of its steps on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPart {
    /// The thread.
    pub thread: usize,
    /// Its first step that runs.
    pub first_step: usize,
}

impl RunPart {
    /// Whether this step is not in it; without a step, whether the thread is not.
    pub fn leaves_out(self, thread: usize, step: Option<usize>) -> bool {
        thread != self.thread || step.is_some_and(|step| step < self.first_step)
    }
}

/// A thread as the run sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadOutline {
    /// Its name.
    pub name: String,
    /// Whether it takes part.
    pub enabled: bool,
    /// How often its steps run.
    pub repeat: u32,
    /// Its steps, also the disabled ones.
    pub steps: Vec<StepOutline>,
}

/// A step as the run sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepOutline {
    /// What people call it.
    pub name: String,
    /// Whether it takes part.
    pub enabled: bool,
    /// What it does.
    pub does: StepOutlineKind,
}

/// What a step does, as the run sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StepOutlineKind {
    /// Runs a run profile.
    RunProfile {
        /// The agent.
        agent: String,
        /// The profile.
        profile: String,
        /// The words of the profile's step types, empty when unknown.
        step_types: Vec<String>,
    },
    /// Waits.
    Delay {
        /// For how long.
        duration_ms: u64,
    },
    /// Starts a program.
    Command {
        /// The command line, for people.
        line: String,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RunEventKind {
    /// The run began. Always the first event.
    RunStarted {
        /// The sequence.
        outline: Outline,
    },
    /// A thread began, after its start delay.
    ThreadStarted {
        /// Which.
        at: At,
    },
    /// A thread begins its steps again.
    RoundStarted {
        /// Which thread.
        at: At,
        /// Which round, from 1.
        round: u32,
    },
    /// A step (or a thread, before its first step) waits, or waits for another reason than before.
    Waiting {
        /// Which.
        at: At,
        /// Why.
        because: WaitReason,
        /// The reason as one sentence.
        sentence: String,
    },
    /// A step may run; its pre-processing comes first.
    StepStarted {
        /// Which.
        at: At,
    },
    /// A program was started.
    CommandStarted {
        /// Where.
        at: At,
        /// Which command of that place.
        slot: Slot,
        /// The command line, for people.
        line: String,
    },
    /// A program ended, or is not waited for.
    CommandFinished {
        /// Where.
        at: At,
        /// Which command of that place.
        slot: Slot,
        /// How.
        end: CommandEnd,
        /// What it wrote, capped.
        output: String,
        /// How long it took.
        elapsed_ms: u64,
    },
    /// The service was asked to run a profile.
    ProfileStarted {
        /// Which step.
        at: At,
        /// The agent.
        agent: String,
        /// The profile.
        profile: String,
    },
    /// The service told how far a running profile is.
    ProfileProgress {
        /// Which step.
        at: At,
        /// The service's word, such as `in-progress`.
        status: String,
    },
    /// The service would not start a profile now; the step waits and asks again.
    ProfileRefused {
        /// Which step.
        at: At,
        /// The service's word.
        result: String,
    },
    /// A profile ended.
    ProfileFinished {
        /// Which step.
        at: At,
        /// The agent.
        agent: String,
        /// The profile.
        profile: String,
        /// The run's number on that agent, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run_number: Option<u64>,
        /// The service's result.
        result: String,
        /// The result's class in one word.
        class: String,
        /// What it did; empty when the service gave no details.
        statistics: ProfileStatistics,
        /// How long it took.
        elapsed_ms: u64,
    },
    /// A step ended, post-processing included.
    StepFinished {
        /// Which.
        at: At,
        /// How.
        outcome: StepOutcome,
        /// What went wrong, one sentence; empty when nothing did.
        sentence: String,
        /// How long it took, waiting left out.
        elapsed_ms: u64,
    },
    /// A step does not run.
    StepSkipped {
        /// Which.
        at: At,
        /// Why.
        because: SkipReason,
        /// The reason as one sentence.
        sentence: String,
    },
    /// A thread ended.
    ThreadFinished {
        /// Which.
        at: At,
        /// How.
        outcome: StepOutcome,
        /// How long it took.
        elapsed_ms: u64,
    },
    /// The run starts nothing until it is resumed.
    Paused,
    /// The run goes on.
    Resumed,
    /// The run is to end.
    StopRequested {
        /// How.
        mode: StopMode,
    },
    /// Something worth a line.
    Notice {
        /// Where.
        at: At,
        /// How important.
        severity: Severity,
        /// One sentence.
        message: String,
    },
    /// The run ended. Always the last event.
    RunFinished {
        /// How.
        outcome: RunOutcome,
        /// How long it took.
        elapsed_ms: u64,
    },
}

impl At {
    /// The sequence itself.
    pub const fn sequence() -> Self {
        Self {
            thread: None,
            thread_name: None,
            step: None,
            step_name: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_ids_sort_by_time_and_read_back() {
        let id = RunId::new(Timestamp::UNIX_EPOCH, 0xabcd_ef01);
        assert_eq!(id.as_str(), "19700101-000000-cdef01");
        assert_eq!(RunId::parse(id.as_str()), Some(id));
        assert_eq!(RunId::parse("../x"), None);
    }
}
