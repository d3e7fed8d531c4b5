//! Colours of words. A colour never stands alone: the word says the same.

use crate::run::{RunOutcome, StepOutcome};

use super::Colour;

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Worth a look.
    Doubtful,
    /// Something failed.
    Bad,
    /// Beside the point.
    Quiet,
}

/// A word in its colour.
pub fn word(text: &str, tone: Tone, colour: Colour) -> String {
    let code = match (colour, tone) {
        (Colour::Off, _) => return text.to_owned(),
        (Colour::On, Tone::Good) => "32",
        (Colour::On, Tone::Doubtful) => "33",
        (Colour::On, Tone::Bad) => "31",
        (Colour::On, Tone::Quiet) => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

impl From<StepOutcome> for Tone {
    fn from(outcome: StepOutcome) -> Self {
        match outcome {
            StepOutcome::Skipped => Self::Quiet,
            StepOutcome::Success => Self::Good,
            StepOutcome::Warning | StepOutcome::Stopped => Self::Doubtful,
            StepOutcome::Failed => Self::Bad,
        }
    }
}

impl From<RunOutcome> for Tone {
    fn from(outcome: RunOutcome) -> Self {
        match outcome {
            RunOutcome::Success => Self::Good,
            RunOutcome::Warning | RunOutcome::Stopped => Self::Doubtful,
            RunOutcome::Failed => Self::Bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_there_is_no_escape_code() {
        assert_eq!(word("failed", Tone::Bad, Colour::Off), "failed");
        assert_eq!(
            word("failed", Tone::Bad, Colour::On),
            "\u{1b}[31mfailed\u{1b}[0m"
        );
    }
}
