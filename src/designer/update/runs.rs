//! Starting, watching and steering a run.

use std::path::PathBuf;

use super::super::{Effect, State};

pub(super) fn attach(_state: &mut State, _socket: PathBuf) -> Vec<Effect> {
    Vec::new()
}
