//! A problem, and the one function that finds all of them.

use crate::mim::AgentInfo;
use crate::model::{Place, Sequence};

use super::known::Known;
use super::view::View;
use super::{Code, agents, order, overlap, settings, steps, threads};

/// Something that a rule has to say about a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which rule says it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// How bad a problem is; later ones are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// It runs, but probably not as it should.
    Warning,
    /// It cannot run, or must not.
    Error,
}

impl Severity {
    /// The severity as one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Finds everything that the rules have to say about a sequence, sorted by place, then code.
///
/// `known` are the agents of the server with their run profiles, if a server has been asked; without
/// it, the rules that compare with the server keep silent.
pub fn check(sequence: &Sequence, known: Option<&[AgentInfo]>) -> Vec<Problem> {
    check_known(sequence, known.map(Known::now))
}

/// The same with what is known about the server's agents from elsewhere; what is old makes no error.
pub fn check_known(sequence: &Sequence, known: Option<Known<'_>>) -> Vec<Problem> {
    let view = View::new(sequence, known);
    let mut problems = Vec::new();
    threads::check(&view, &mut problems);
    agents::check(&view, &mut problems);
    overlap::check(&view, &mut problems);
    order::check(&view, &mut problems);
    steps::check(&view, &mut problems);
    settings::check(sequence, &mut problems);
    problems.sort_by_key(|problem| (problem.place, problem.code));
    problems
}

impl Problem {
    pub(super) const fn new(code: Code, severity: Severity, place: Place, message: String) -> Self {
        Self {
            code,
            severity,
            place,
            message,
        }
    }
}
