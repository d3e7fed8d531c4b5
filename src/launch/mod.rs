//! The one place where a run is wired together and hosted.
//!
//! `document` reads the file, `target` decides which server, `connect` makes the connection, `lock`
//! keeps a file from running twice, `log_file` and `log_task` write the log, `feed` leads to a
//! screen, and `host` joins them. `detached` starts such a host in a process of its own, and `demo`
//! a simulator likewise; `exported` reads what a server's own window exported, `inventory` keeps
//! what a server told of its agents, and `doctor` finds out
//! why a server cannot be used. Must not print: what there is to say goes back to the caller.

mod connect;
pub mod demo;
pub mod detached;
pub mod doctor;
mod document;
mod exported;
mod feed;
mod host;
mod inventory;
mod lock;
mod log_file;
mod log_task;
mod place_name;
mod sign_on_log;
mod target;

pub use connect::{ConnectError, Connection, read_scenario};
pub use document::{Document, DocumentError};
pub use exported::{ExportError, looks_exported, read_exported};
pub use feed::{Fed, Feed};
pub use host::{
    CheckFinding, HostError, HostedRun, PreparedRun, RunEnd, RunEnding, RunRequest, Warn, findings,
};
pub use inventory::{InventoryError, forget_inventory, keep_export, keep_told, kept_inventory};
pub use lock::{LockError, SequenceLock};
pub use log_file::{LogError, LogFile};
pub use place_name::place_name;
pub use target::{ServerOverrides, Target, WinrmTarget, WmiTarget};
