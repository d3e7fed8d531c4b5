//! The local socket of a run: events out, controls in, for the same user on the same machine.
//!
//! A run has one host; console, another terminal and the designer all watch and steer it here. A
//! Unix domain socket in a folder that only its owner may enter (a named pipe on Windows), JSON
//! lines, a version in the first one. Must not know how a run is performed.

mod client;
mod error;
mod folder;
mod host;
mod line;
mod socket;
mod wire;

pub use client::{Attached, Client, RunningRun, Update, all_runs, at, runs};
pub use error::ControlError;
pub use folder::{default_folder, known_folders};
pub use host::{About, Host};
pub use wire::{Answer, Hello, Request, RequestKind, VERSION};
