//! Starting, watching and steering a run.

use std::path::PathBuf;

use crate::run::RunControl;

use super::super::{Effect, RunScope, State};

pub(super) fn attach(_state: &mut State, _socket: PathBuf) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn start(_state: &mut State, _scope: RunScope) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn control(_state: &mut State, _control: RunControl) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn stop_now(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn find_runs(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn back_to_editing(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn open_log(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}
