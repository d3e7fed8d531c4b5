//! Connecting to a server and what it tells.

use super::super::{Effect, ServerMsg, State};

pub(super) fn fields(_state: &mut State, _server: ServerMsg) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn connect(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn connect_demo(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn cancel(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn disconnect(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn refresh(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}
