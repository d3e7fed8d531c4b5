//! The tree, the panels, the palette, the settings, passing messages.

use crate::settings::Settings;

use super::super::{Effect, PaletteMsg, PanelMsg, State, TreeMsg};

pub(super) fn tree(_state: &mut State, _tree: TreeMsg) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn panel(_state: &mut State, _panel: PanelMsg) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn palette(_state: &mut State, _palette: PaletteMsg) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn settings(_state: &mut State, _settings: Settings) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn window(_state: &mut State, _size: (f32, f32, bool)) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn close_toast(_state: &mut State, _id: u64) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn toast_action(_state: &mut State, _id: u64) -> Vec<Effect> {
    Vec::new()
}
