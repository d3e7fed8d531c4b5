//! Messages that pass: at most three at a time, failures stay.

use super::super::{ServerChoice, State, Toast, ToastAction, ToastKind};

/// How many messages are shown at a time.
const MOST: usize = 3;

/// Shows a message. One too many takes the place of the oldest that is no failure, or else of the
/// oldest; the same message again takes its own place.
pub(super) fn toast(
    state: &mut State,
    kind: ToastKind,
    title: impl Into<String>,
    text: impl Into<String>,
    action: Option<ToastAction>,
) {
    state.last_number += 1;
    let new = Toast {
        id: state.last_number,
        kind,
        title: title.into(),
        text: text.into(),
        action,
    };
    let is_same = |old: &Toast| {
        let is_like = match (&old.action, &new.action) {
            (Some(old), Some(new)) => old.is_like(new),
            (old, new) => old.is_none() && new.is_none(),
        };
        is_like && (old.kind, &old.title, &old.text) == (new.kind, &new.title, &new.text)
    };
    state.toasts.retain(|old| !is_same(old));
    while state.toasts.len() >= MOST {
        let passing = |old: &Toast| matches!(old.kind, ToastKind::Success | ToastKind::Info);
        let milder = |old: &Toast| old.kind != ToastKind::Error;
        let first = state.toasts.iter().position(passing);
        let goes = first.or_else(|| state.toasts.iter().position(milder));
        state.toasts.remove(goes.unwrap_or(0));
    }
    state.toasts.push(new);
}

/// Shows a failure; it stays until closed.
pub(super) fn failed(state: &mut State, title: impl Into<String>, sentence: impl Into<String>) {
    toast(state, ToastKind::Error, title, sentence, None);
}

/// Shows a failure to reach a server, with the way to find out why.
pub(super) fn unreachable(
    state: &mut State,
    title: impl Into<String>,
    sentence: impl Into<String>,
    choice: &ServerChoice,
) {
    let action = (*choice != ServerChoice::Demo).then_some(ToastAction::Examine);
    toast(state, ToastKind::Error, title, sentence, action);
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    use super::*;

    #[test]
    fn the_oldest_passing_message_goes_first_and_failures_stay() {
        use ToastKind::{Error, Info, Success, Warning};
        for (kinds, left) in [
            (vec![Info, Error, Success], vec!["0", "1", "2"]),
            (vec![Error, Info, Success, Info], vec!["0", "2", "3"]),
            (vec![Error, Warning, Error, Info], vec!["0", "2", "3"]),
            (vec![Error, Error, Error, Error], vec!["1", "2", "3"]),
        ] {
            let mut state = State::new(Settings::default());
            for (index, kind) in kinds.iter().enumerate() {
                toast(&mut state, *kind, index.to_string(), "", None);
            }
            let titles: Vec<&str> = state.toasts.iter().map(|t| t.title.as_str()).collect();
            assert_eq!(titles, left, "{kinds:?}");
        }
    }

    #[test]
    fn the_same_message_is_shown_once_and_named_anew() {
        let mut state = State::new(Settings::default());
        toast(&mut state, ToastKind::Info, "a", "", None);
        let first = state.toasts[0].id;
        toast(&mut state, ToastKind::Info, "a", "", None);
        assert_eq!(state.toasts.len(), 1);
        assert_ne!(state.toasts[0].id, first);
    }
}
