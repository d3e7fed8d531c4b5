//! What commands are called, and what they do in one sentence; the words are in `words::commands`.

use super::super::State;
use super::super::update;
use super::super::words::commands as words;
use super::{Command, Menu};

impl Command {
    /// Its label in menus, buttons and the palette.
    pub const fn label(self) -> &'static str {
        words::label(self)
    }

    /// Its label with what it is about now, such as `Undo move 3 steps`.
    pub fn label_for(self, state: &State) -> String {
        let change = match self {
            Self::Undo => state.history.undo_label(),
            Self::Redo => state.history.redo_label(),
            Self::ToggleEnabled if state.selection.places.is_empty() => None,
            Self::ToggleEnabled if update::is_all_enabled(state) => {
                return words::DISABLE.to_owned();
            }
            Self::ToggleEnabled => return words::ENABLE.to_owned(),
            _ => None,
        };
        change.map_or_else(
            || self.label().to_owned(),
            |change| words::with_change(self, change),
        )
    }

    /// What it does, one sentence.
    pub const fn tooltip(self) -> &'static str {
        words::tooltip(self)
    }
}

impl Menu {
    /// Its word in the menu bar.
    pub const fn label(self) -> &'static str {
        words::menu(self)
    }
}
