//! What the world answers, handed to the part that asked.

use super::super::{Answer, Effect, State};

pub(super) fn take(_state: &mut State, _answer: Answer) -> Vec<Effect> {
    Vec::new()
}
