//! Rules over a sequence: what is wrong with it, where, why that is dangerous and how to mend it.
//!
//! Pure: a sequence and what the server told about its agents in, problems out. Must not read a
//! file, ask a server or change a sequence. A rule looks at what would run: a thread or step that
//! is switched off counts as absent.

mod agents;
mod code;
mod explanation;
mod known;
mod order;
mod overlap;
mod problem;
mod settings;
mod steps;
mod threads;
mod view;

pub use code::Code;
pub use known::Known;
pub use problem::{Problem, Severity, check, check_known};
