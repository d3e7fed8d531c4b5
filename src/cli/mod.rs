//! The command lines of both programs: arguments, verbs, console, signals, exit codes.
//!
//! The only module that prints and the only one that knows clap. Must not wire a run together
//! (`launch` does) and must not know a protocol.

mod arguments;
mod console;
pub mod designer;
mod exit_code;
mod failure;
mod help;
mod hide;
mod old_style;
mod password;
mod program;
mod runtime;
mod signals;
mod style;
mod verbs;

pub use exit_code::{ExitCode, LogIs, WarningsAre};
pub use program::main;
