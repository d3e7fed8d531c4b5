//! The product from outside: the real program, against the simulator and against software that was
//! not written here.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

mod bad_answers;
mod bad_input;
mod check;
mod cli;
mod control;
mod events;
mod paths;
mod secrets;
mod processing;
mod runs;
mod simulate;
mod interop;
mod scenarios;
mod support;
