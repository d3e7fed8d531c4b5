//! Changes of the sequence and of what is chosen.

use crate::model::Place;

use super::super::{Direction, DragMsg, Edit, Effect, FindMsg, Select, State};

pub(super) fn edit(_state: &mut State, _edit: Edit) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn end_typing(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn select(_state: &mut State, _select: Select) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn move_cursor(_state: &mut State, _direction: Direction, _extend: bool) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn drag(_state: &mut State, _drag: DragMsg) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn rename(_state: &mut State, _place: Place, _name: String) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn cancel_rename(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn paste(_state: &mut State, _text: &str) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn show_problem(_state: &mut State, _index: usize) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn fix_problem(_state: &mut State, _index: usize) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn find(_state: &mut State, _find: FindMsg) -> Vec<Effect> {
    Vec::new()
}
