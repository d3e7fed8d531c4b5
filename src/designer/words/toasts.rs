//! What passing messages offer.

use super::super::{ToastAction, ToastKind};

/// The button that closes a message.
pub const CLOSE: &str = "Close message";

/// What the button of a message says.
pub const fn action(action: &ToastAction) -> &'static str {
    match action {
        ToastAction::Undo(_) => "Undo",
        ToastAction::Show(_) => "Show",
        ToastAction::ShowLog => "Show log",
        ToastAction::Reload => "Read again",
        ToastAction::Examine => super::doctor::WHY,
    }
}

/// The kind as one word, for a screen reader.
pub const fn kind(kind: ToastKind) -> &'static str {
    match kind {
        ToastKind::Success => "Done",
        ToastKind::Info => "Note",
        ToastKind::Warning => "Warning",
        ToastKind::Error => "Failed",
    }
}
