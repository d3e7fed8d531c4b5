//! Finds out, step by step, where the way to a server ends and what to do about it.
//!
//! `check` names the lines, `examination` concludes them from facts, plainly and without waiting
//! (`judge` has the findings that stand alone); `rounds` gathers the facts. Must change nothing on the server: it runs no profile and stops none.

mod check;
mod examination;
mod facts;
mod judge;
mod remedies;
mod rounds;
#[cfg(test)]
mod tests;

pub use check::{Check, Line, Summary, Verdict};
pub use rounds::{DoctorOrder, OrderProbe, Outcome, examine};
