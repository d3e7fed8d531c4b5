//! Runs a sequence: decides what starts when, and says what happens.
//!
//! `program` is the compiled sequence, `permission` the rules of what may run beside what, `state`
//! the one synchronous owner of everything that changes, `dispatcher` the loop around it, and
//! `backend` the trait through which the world is touched. Must not know a server, a file format
//! or a screen.

mod backend;

pub use backend::{
    Backend, CommandCall, CommandReport, Grant, Observation, ProfileCall, ProfileEnd,
    ProfileReport, Reporter, StopCause, StopSignal,
};
