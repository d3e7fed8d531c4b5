//! The document: a sequence of threads that run in parallel, each with its steps in order.

use std::num::NonZeroU32;
use std::time::Duration;

use super::{LogSettings, Processing, RunSettings, ServerSettings, Step};

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequence {
    /// What people call it; may be empty, then the file's name is shown.
    pub name: String,
    /// The server on which it runs.
    pub server: ServerSettings,
    /// Where and how much is logged.
    pub log: LogSettings,
    /// How its threads share the server.
    pub run: RunSettings,
    /// Commands before the first thread starts and after the last one ended.
    pub processing: Processing,
    /// The threads; they run in parallel.
    pub threads: Vec<Thread>,
}

/// Steps that run one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// What people call it; unique within the sequence (a rule of `check`).
    pub name: String,
    /// Whether it takes part in a run.
    pub enabled: bool,
    /// How long it waits after the run began.
    pub start_delay: Duration,
    /// How often its steps run, one round after the other.
    pub repeat: NonZeroU32,
    /// Commands before its first step and after its last, once per run.
    pub processing: Processing,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

impl Thread {
    /// An enabled thread without steps, that starts at once and runs once.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            start_delay: Duration::ZERO,
            repeat: NonZeroU32::MIN,
            processing: Processing::default(),
            steps: Vec::new(),
        }
    }
}
