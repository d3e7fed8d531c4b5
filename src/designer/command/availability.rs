//! Which commands can be performed now, and why not the others.

use super::super::State;
use super::Command;

impl Command {
    /// Whether it can be performed now; otherwise why not, in one sentence for a tooltip.
    ///
    /// # Errors
    /// The sentence.
    pub const fn availability(self, _state: &State) -> Result<(), &'static str> {
        Ok(())
    }

    /// Whether it is a choice that is on now (theme, shown panel), for a mark in the menu.
    pub const fn is_on(self, _state: &State) -> bool {
        false
    }
}
