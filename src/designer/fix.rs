//! Quick fixes: the edit that mends a problem, where there is one that nobody has to think about.

use crate::check::Problem;

use super::{Edit, State};

/// A fix that is offered beside a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as `Add delta import after 3.4`.
    pub label: String,
    /// The change.
    pub edit: Edit,
}

/// The fix of a problem of the current document, if it has one.
pub fn fix(_state: &State, _problem: &Problem) -> Option<Fix> {
    None
}
