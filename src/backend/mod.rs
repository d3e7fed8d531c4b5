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
mod scripted;
mod service;

pub use options::BackendOptions;
pub use scripted::{CommandScript, Entry, ProfileScript, Scripted, ScriptedEnd};
pub use service::ServiceBackend;
