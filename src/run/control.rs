//! What a person can tell a run.

use serde::{Deserialize, Serialize};

/// An order to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "control", rename_all = "kebab-case")]
pub enum RunControl {
    /// Let running profiles finish and start nothing.
    Pause,
    /// Go on.
    Resume,
    /// End the run.
    Stop {
        /// How.
        mode: StopMode,
    },
}

/// How a run is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopMode {
    /// What runs is finished, nothing more starts.
    Graceful,
    /// The service is asked to stop the agents that this run started, and commands are ended.
    Now,
}
