//! The one place where a run is wired together and hosted.
//!
//! `target` decides which server, `lock` keeps a file from running twice, `log_line` and `log_file`
//! write the log. Must not print: what there is to say goes back to the caller.

mod lock;
mod log_file;
mod log_line;
mod target;

pub use lock::{LockError, SequenceLock};
pub use log_file::{LogError, LogFile};
pub use log_line::LogLines;
pub use target::{ServerOverrides, Target, WinrmTarget};
