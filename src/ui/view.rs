//! What every part of the screen is given: the state to draw, the time, and where to put what the
//! person wants.

use jiff::Timestamp;

use crate::designer::{Command, Msg, State};

/// One frame's view of the state.
pub(in crate::ui) struct View<'a> {
    /// What is drawn; nothing in it changes while a frame is drawn.
    pub(in crate::ui) state: &'a State,
    /// The time of the frame.
    pub(in crate::ui) now: Timestamp,
    out: &'a mut Vec<Msg>,
}

impl<'a> View<'a> {
    /// A view that collects messages in `out`.
    pub(in crate::ui) const fn new(
        state: &'a State,
        now: Timestamp,
        out: &'a mut Vec<Msg>,
    ) -> Self {
        Self { state, now, out }
    }

    /// Says what the person wants.
    pub(in crate::ui) fn say(&mut self, msg: Msg) {
        self.out.push(msg);
    }

    /// Says that the person wants a command performed.
    pub(in crate::ui) fn command(&mut self, command: Command) {
        self.out.push(Msg::Command(command));
    }
}
