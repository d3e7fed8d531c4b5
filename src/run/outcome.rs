//! How steps, threads and runs end.

use serde::{Deserialize, Serialize};

use crate::mim::ResultClass;

/// How a step or a thread ended; later ones are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// It did not run, and said why.
    Skipped,
    /// All is well.
    Success,
    /// It ended, but not everything worked.
    Warning,
    /// A person stopped it.
    Stopped,
    /// It did not do its work.
    Failed,
}

/// How a run ended; later ones are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// Every step succeeded or was skipped on purpose.
    Success,
    /// At least one step ended with warnings, none worse.
    Warning,
    /// A person stopped it, and nothing failed.
    Stopped,
    /// At least one step failed.
    Failed,
}

impl StepOutcome {
    /// What a result of the service means for its step. An unknown result has failed: silence
    /// about something that nobody understands would be a silent failure.
    pub const fn from_class(class: ResultClass) -> Self {
        match class {
            ResultClass::Success => Self::Success,
            ResultClass::Warning => Self::Warning,
            ResultClass::Error | ResultClass::Running | ResultClass::Unknown => Self::Failed,
        }
    }

    /// The outcome as one word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

impl RunOutcome {
    /// The outcome of a run whose worst part ended so.
    pub const fn from_worst(worst: StepOutcome) -> Self {
        match worst {
            StepOutcome::Skipped | StepOutcome::Success => Self::Success,
            StepOutcome::Warning => Self::Warning,
            StepOutcome::Stopped => Self::Stopped,
            StepOutcome::Failed => Self::Failed,
        }
    }

    /// The outcome as one word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}
