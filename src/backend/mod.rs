//! The world behind the engine: run profiles over a synchronization service, local programs, and a
//! scripted stand-in for both.
//!
//! Performs and reports. Must not decide whether something may start, how long it may take or what
//! its end means for the run.

mod command_output;
#[cfg(test)]
mod fake_service;
mod follow;
mod options;
mod process;
mod program;
mod script;
mod scripted;
mod service;

pub use options::BackendOptions;
pub use script::{CommandScript, ProfileScript, ScriptedEnd};
pub use scripted::{Entry, Scripted};
pub use service::ServiceBackend;
