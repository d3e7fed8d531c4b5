//! How scripted profiles and programs go.

use std::time::Duration;

use crate::run::ProfileStatistics;

/// How one call to run a profile goes.
#[derive(Debug, Clone)]
pub struct ProfileScript {
    /// How long it runs.
    pub duration: Duration,
    /// How it ends.
    pub end: ScriptedEnd,
    /// Whether it synchronizes.
    pub synchronizes: bool,
    /// How long it goes on after a stop; `None` ignores stops, as a service may.
    pub stop_takes: Option<Duration>,
    /// Its statistics.
    pub statistics: ProfileStatistics,
}

/// How a scripted call ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptedEnd {
    /// It runs, and then the service says this.
    Result(String),
    /// The service refuses at once with this word, such as `no-start-ma-already-running`.
    Refused(String),
    /// Nothing is started, for the reason given; the flag says whether waiting can help.
    NotStarted(String, bool),
    /// It runs, and then nobody can tell how it ended.
    Unknown(String),
}

/// How one run of a program goes.
#[derive(Debug, Clone)]
pub struct CommandScript {
    /// How long it runs; `None` hangs until it is stopped.
    pub duration: Option<Duration>,
    /// Its exit code.
    pub code: i32,
    /// What it writes.
    pub output: String,
    /// Why it cannot be started, if it cannot.
    pub not_started: Option<String>,
}

impl ProfileScript {
    /// Runs so long and ends with this result; a stop ends it at once.
    pub fn new(duration: Duration, result: &str) -> Self {
        Self {
            duration,
            end: ScriptedEnd::Result(result.to_owned()),
            synchronizes: false,
            stop_takes: Some(Duration::ZERO),
            statistics: ProfileStatistics::default(),
        }
    }

    /// Ends otherwise than with a result.
    pub fn ending(end: ScriptedEnd) -> Self {
        Self {
            end,
            ..Self::new(Duration::ZERO, "")
        }
    }

    /// The same, counted as a synchronization.
    pub fn synchronizing(mut self) -> Self {
        self.synchronizes = true;
        self
    }

    /// The same, but a stop takes so long; `None` ignores it.
    pub fn stopping_in(mut self, stop_takes: Option<Duration>) -> Self {
        self.stop_takes = stop_takes;
        self
    }
}

impl CommandScript {
    /// Runs so long and exits with this code.
    pub fn new(duration: Duration, code: i32) -> Self {
        Self {
            duration: Some(duration),
            code,
            output: String::new(),
            not_started: None,
        }
    }

    /// Hangs until it is stopped.
    pub fn hanging() -> Self {
        Self {
            duration: None,
            ..Self::new(Duration::ZERO, 0)
        }
    }

    /// Cannot be started.
    pub fn missing(message: &str) -> Self {
        Self {
            not_started: Some(message.to_owned()),
            ..Self::new(Duration::ZERO, 0)
        }
    }
}
