//! Performs commands, wherever they come from.

use super::super::{Command, Effect, State};

pub(super) fn perform(_state: &mut State, _command: Command) -> Vec<Effect> {
    Vec::new()
}
