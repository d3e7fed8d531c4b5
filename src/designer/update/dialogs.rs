//! Answers to the dialog over the window.

use crate::base::secret::Secret;

use super::super::{Dialog, DialogButton, Effect, State};

pub(super) fn text(_state: &mut State, _field: usize, _text: String) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn answer(_state: &mut State, _button: DialogButton) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn password(_state: &mut State, _password: Secret) -> Vec<Effect> {
    Vec::new()
}

pub(super) fn show(state: &mut State, dialog: Dialog) -> Vec<Effect> {
    state.dialog = Some(dialog);
    Vec::new()
}
