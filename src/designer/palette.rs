//! What the palette offers for a text: commands, run profiles to add, places to go to.

use std::ops::Range;

use crate::mim::StepType;

use super::{Command, Msg, State};

/// A row of the palette.
#[derive(Debug, Clone)]
pub struct PaletteRow {
    /// Under which heading.
    pub group: PaletteGroup,
    /// Its words.
    pub title: String,
    /// Where the typed text was found in the title, in bytes.
    pub matches: Vec<Range<usize>>,
    /// What it is, in a word or two.
    pub hint: String,
    /// Its look.
    pub mark: PaletteMark,
    /// The keys of a command.
    pub keys: String,
    /// Why it cannot be performed now; empty when it can.
    pub why_not: String,
    /// What it does.
    pub msg: Msg,
}

/// The headings of the palette, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaletteGroup {
    /// Commands.
    Commands,
    /// Run profiles that are added to the selected thread.
    Add,
    /// Steps, threads and problems to go to.
    GoTo,
}

/// How a row of the palette looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaletteMark {
    /// A command, with its own icon.
    Command(Command),
    /// A run profile of this type.
    Profile(Option<StepType>),
    /// A place.
    Place,
    /// A problem.
    Problem,
}

/// The rows for what was typed, the best first within each group, at most 50.
pub fn palette_rows(_state: &State) -> Vec<PaletteRow> {
    Vec::new()
}
