//! Runs a sequence: decides what starts when, and says what happens.
//!
//! `program` is the compiled sequence, `gate` the rules of what may run beside what, `state` the one
//! synchronous owner of everything that changes, `dispatcher` the loop around it, and `backend` the
//! trait through which the world is touched. Must not know a server, a file format or a screen.

mod backend;
mod dispatcher;
mod gate;
mod program;
mod state;

pub use backend::{
    Backend, CommandCall, CommandReport, Grant, Observation, ObserveError, ProfileCall, ProfileEnd,
    ProfileReport, Reporter, StopCause, StopSignal,
};
pub use dispatcher::{RunHandle, start};
pub use program::{CompileError, Program, compile};
pub use state::RunOptions;
