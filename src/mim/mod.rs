//! The words of the synchronization service: agents, run profiles, step types, results, counters.
//!
//! Pure: no network, no file, no clock. Must not know what a sequence is.

mod agent;
mod counter;
mod details;
mod details_read;
mod details_xml;
mod exported;
mod inventory;
mod name;
mod result;
mod step_type;

pub use agent::{AgentInfo, AgentState, ProfileInfo, is_mim_service};
pub use counter::{Counter, CounterGroup, Counters};
pub use details::{
    DetailsError, ErrorPhase, MAX_ERRORS, ObjectError, RunDetails, StepDetails, parse_run_details,
};
pub use exported::{ExportedAgent, parse_exported};
pub use inventory::{Added, Certainty, Export, FormerName, Inventory, Knowledge, Renamed, Told};
pub use name::{AgentName, MAX_NAME_CHARS, NameError, ProfileName};
pub use result::{Refusal, ResultClass, RunResult};
pub use step_type::StepType;
