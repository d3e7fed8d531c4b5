//! The `<run-history>` document of `RunDetails`: one run, its steps, counters and errors.
//!
//! Shape: ms698398, ms698397, schema ff758764; the order of the steps is not trusted, they are
//! sorted by number. What the service adds in the future is passed over.

use jiff::Timestamp;

use super::{AgentName, Counters, ProfileName, RunResult, StepType, details_read};

/// One run of a management agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDetails {
    /// The agent that ran.
    pub agent: AgentName,
    /// The agent's identifier, in braces.
    pub agent_guid: String,
    /// The number of the run, counted per agent.
    pub run_number: u64,
    /// The profile that ran.
    pub profile: ProfileName,
    /// The account that started it, `DOMAIN\user`; empty when the service did not say.
    pub account: String,
    /// Its steps, by step number.
    pub steps: Vec<StepDetails>,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDetails {
    /// Its number within the run, from 1.
    pub number: u32,
    /// When it began (UTC).
    pub started: Option<Timestamp>,
    /// When it ended (UTC); `None` while it runs.
    pub ended: Option<Timestamp>,
    /// How it ended, or `in-progress`.
    pub result: RunResult,
    /// What it did, if the description is one we know.
    pub step_type: Option<StepType>,
    /// Its counters, without the outbound ones.
    pub counters: Counters,
    /// The outbound counters per agent whose connector space was changed.
    pub outbound: Vec<(AgentName, Counters)>,
    /// Errors of single objects, at most [`MAX_ERRORS`] of them.
    pub errors: Vec<ObjectError>,
    /// How many errors the service reported, also those beyond [`MAX_ERRORS`].
    pub error_count: u64,
    /// What the service said about the connection to the connected system, if that failed.
    pub connection: Option<String>,
}

/// How many errors of a step are kept; the rest is only counted.
pub const MAX_ERRORS: usize = 1_000;

/// One object that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectError {
    /// In which phase it happened.
    pub phase: ErrorPhase,
    /// The service's word, such as `exported-change-not-reimported`.
    pub error_type: String,
    /// The object's distinguished name, if given.
    pub dn: String,
    /// The connected system's own words, if given.
    pub detail: String,
}

/// The phase in which an object failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorPhase {
    /// While reading from the connected system (`ma-discovery-errors`).
    Discovery,
    /// While synchronizing inwards (`import-error`).
    Import,
    /// While exporting (`export-error`).
    Export,
    /// While retrying metaverse objects (`retry-error`).
    MetaverseRetry,
}

/// Why a text of the service cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// Not well-formed, or not the expected elements.
    #[error("not readable at byte {position}: {problem}")]
    Malformed {
        /// Where, in bytes from the beginning.
        position: u64,
        /// What is wrong.
        problem: String,
    },
}

/// Reads the text that `RunDetails` returned: no run for an empty text or `<run-history>`.
///
/// # Errors
/// [`DetailsError`] when the text is not a run history.
pub fn parse_run_details(xml: &str) -> Result<Vec<RunDetails>, DetailsError> {
    details_read::read(xml)
}
