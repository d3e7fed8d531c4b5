//! New, open, save, recent files, unsaved work, changes by others, recovery.

use std::path::PathBuf;

use super::super::{Effect, State};

pub(super) fn begin(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn open(_state: &mut State, _file: PathBuf) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn template(_state: &mut State, _index: usize) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn clear_recent(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn close_requested(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn recover(_state: &mut State, _id: String) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn discard_recovery(_state: &mut State, _id: String) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn new(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn open_dialog(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn save(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn save_as(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn close(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn exit(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

/// Reads the file again; the action of the message that tells of a change on disk.
pub(super) fn reload(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}
