//! Connecting to a server and what it tells.

use super::super::{Effect, ServerMsg, State};

pub(super) fn fields(_state: &mut State, _server: ServerMsg) -> Vec<Effect> {
    Vec::new()
}
