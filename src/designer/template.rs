//! Sequences to begin with, made of the connected server's agents or of usual names.

use crate::mim::AgentInfo;
use crate::model::Sequence;

/// A sequence to begin with.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is for, one line.
    pub text: &'static str,
    /// Makes it.
    pub build: fn(&[AgentInfo]) -> Sequence,
}

/// All templates.
pub const TEMPLATES: &[Template] = &[];
