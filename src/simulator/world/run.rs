//! A run of a profile and what each of its steps did.
//!
//! Values only; [`super::World`] decides how they come about.

use jiff::Timestamp;

use super::space::Anchor;
use super::tally::{ExportTally, InboundTally, OutboundTally, StagingTally};
use crate::mim::StepType;

/// Names one run: its agent's place in the scenario and its number on that agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunKey {
    /// The agent's place in the scenario.
    pub agent: usize,
    /// The run's number.
    pub number: u64,
}

/// One run of a profile.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number on its agent, from 1.
    pub number: u64,
    /// The profile's name as the scenario writes it.
    pub profile: String,
    /// The account that started it, `DOMAIN\user`.
    pub account: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it runs.
    pub ended: Option<Timestamp>,
    /// Its result; `None` while it runs.
    pub result: Option<String>,
    /// Its steps so far, the running one last.
    pub steps: Vec<StepRecord>,
}

/// One step of a run.
#[derive(Debug, Clone)]
pub struct StepRecord {
    /// What it does.
    pub step_type: StepType,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it runs.
    pub ended: Option<Timestamp>,
    /// Its result; `None` while it runs.
    pub result: Option<String>,
    /// What it counted; nothing until it ends.
    pub work: StepWork,
}

/// What a step did to the objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepWork {
    /// What an import staged.
    pub staging: Option<StagingTally>,
    /// What a synchronization did inwards.
    pub inbound: Option<InboundTally>,
    /// What a synchronization did outwards, by agent.
    pub outbound: Vec<(usize, OutboundTally)>,
    /// What an export wrote.
    pub export: Option<ExportTally>,
    /// Objects that failed, one by one.
    pub failures: Vec<ObjectFailure>,
    /// The connected system's answer, when the connection itself failed.
    pub connection: Option<String>,
}

/// One object that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFailure {
    /// In which list of the run details it stands.
    pub phase: FailurePhase,
    /// The object.
    pub anchor: Anchor,
    /// The service's word.
    pub error_type: &'static str,
    /// The connected system's own words.
    pub detail: &'static str,
}

/// The lists of failed objects in the run details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailurePhase {
    /// `ma-discovery-errors`.
    Discovery,
    /// `synchronization-errors/import-error`.
    Import,
    /// `synchronization-errors/export-error`.
    Export,
}

impl ObjectFailure {
    /// A row that could not be read.
    pub const fn discovery(anchor: Anchor) -> Self {
        Self {
            phase: FailurePhase::Discovery,
            anchor,
            error_type: "invalid-attribute-value",
            detail: "The value is not in the expected format.",
        }
    }

    /// An exported change that an import did not see again.
    pub const fn not_reimported(anchor: Anchor) -> Self {
        Self {
            phase: FailurePhase::Import,
            anchor,
            error_type: "exported-change-not-reimported",
            detail: "",
        }
    }

    /// A change that the connected system refused.
    pub const fn export(anchor: Anchor, error_type: &'static str) -> Self {
        Self {
            phase: FailurePhase::Export,
            anchor,
            error_type,
            detail: "The server is unwilling to process the request.",
        }
    }
}
