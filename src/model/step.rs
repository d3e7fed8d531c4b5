//! A step of a thread and what it does.

use std::time::Duration;

use crate::mim::{AgentName, ProfileName, StepType};

use super::{Command, Processing};

/// One step of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What people call it; `None` shows what it does.
    pub name: Option<String>,
    /// Whether it takes part in a run.
    pub enabled: bool,
    /// How long its own act may take; then it is stopped and has failed. Pre- and post-processing
    /// have limits of their own. `None` waits for as long as it takes.
    pub timeout: Option<Duration>,
    /// What happens to the run when it fails.
    pub on_failure: OnFailure,
    /// Commands before and after it.
    pub processing: Processing,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Runs a run profile of a management agent.
    RunProfile(RunProfileStep),
    /// Waits.
    Delay {
        /// For how long.
        duration: Duration,
    },
    /// Starts a program.
    Command(Command),
}

/// Which run profile a step runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProfileStep {
    /// The management agent.
    pub agent: AgentName,
    /// The agent's run profile.
    pub profile: ProfileName,
    /// What the profile does, if the author said so; otherwise the server's history tells, and as
    /// long as nobody knows, it counts as a synchronization.
    pub step_type: Option<StepType>,
}

/// What a failed step means for the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFailure {
    /// The steps after it in its thread are skipped; other threads go on.
    #[default]
    StopThread,
    /// The next step runs all the same.
    Continue,
    /// The whole run ends: what runs is finished, nothing more starts.
    StopAll,
}

impl OnFailure {
    /// All of them, the mildest first.
    pub const ALL: [Self; 3] = [Self::Continue, Self::StopThread, Self::StopAll];

    /// The word in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::StopThread => "stop-thread",
            Self::StopAll => "stop-all",
        }
    }
}

impl Step {
    /// An enabled step without name, limit or commands, that stops its thread when it fails.
    pub fn new(kind: StepKind) -> Self {
        Self {
            name: None,
            enabled: true,
            timeout: None,
            on_failure: OnFailure::default(),
            processing: Processing::default(),
            kind,
        }
    }

    /// What people call it: its name, or what it does.
    pub fn label(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        match &self.kind {
            StepKind::RunProfile(step) => format!("{} · {}", step.agent, step.profile),
            StepKind::Delay { duration } => {
                format!("Delay {}", crate::base::duration::exact(*duration))
            }
            StepKind::Command(command) => format!("Command {}", command.program),
        }
    }

    /// The run profile, if it runs one.
    pub const fn run_profile(&self) -> Option<&RunProfileStep> {
        match &self.kind {
            StepKind::RunProfile(step) => Some(step),
            StepKind::Delay { .. } | StepKind::Command(_) => None,
        }
    }
}
