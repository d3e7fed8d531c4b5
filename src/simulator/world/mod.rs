//! The simulated synchronization service: objects, agents, run profiles, runs and their results.
//!
//! Pure: no network, no file, no clock, no waiting. The time is passed in, chance is seeded, and
//! every counter that it tells is counted on objects. Must not know any word of WS-Management.

mod agent;
mod details;
mod directory;
mod engine;
mod fault;
mod history;
mod orders;
mod past;
mod reports;
mod run;
mod space;
#[cfg(test)]
mod story_tests;
mod tally;
#[cfg(test)]
mod tests;
mod work;

pub use agent::WorldCounts;
pub use directory::{Directory, SyncOutcome};
pub use engine::World;
pub use fault::{AnswerFault, FaultBook};
pub use history::HistoryRow;
pub use orders::{Order, Started};
pub use reports::{Activity, AgentNumbers, Answer};
pub use run::{ObjectFailure, Run, RunKey, StepRecord, StepWork};
pub use space::{Anchor, Change, Role, Space, SpaceObject, Stamp};
pub use tally::{ExportTally, InboundTally, OutboundTally, SpaceTally, StagingTally};
