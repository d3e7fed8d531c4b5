//! A run in a process of its own, which outlives the one that started it.
//!
//! `order` is what the host is told, on its standard input; `answer` what it says, one line on its
//! standard output; `start` the side of the one who starts it, `process` the process itself. A
//! secret is in neither the arguments nor the environment of a process.

mod answer;
mod order;
mod process;
mod start;

pub use answer::HostAnswer;
pub use order::{HostOrder, MAX_ORDER_BYTES, OrderError};
pub(super) use process::{Child, Spawned, first_line, spawn};
pub use start::{DetachedError, HOST_VERB, Program, Started, start};
