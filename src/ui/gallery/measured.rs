//! Windows for measurements: as much as a person can have on screen, without a world behind it.

use std::sync::Arc;

use egui::Context;
use jiff::Timestamp;

use crate::designer::{Answer, Msg};
use crate::model::Sequence;
use crate::settings::ThemeChoice;

use super::super::app::dress;
use super::super::shell::Shell;
use super::{Nobody, sample, scenes, story};

/// What a measured window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// A sequence that is drawn, with so many threads of so many steps.
    Drawing {
        /// How many threads.
        threads: usize,
        /// How many steps each.
        steps: usize,
    },
    /// A run with so many threads, each of which runs its first step.
    Running {
        /// How many threads.
        threads: usize,
    },
}

/// The moment at which a measured window is drawn first.
pub fn measured_now() -> Timestamp {
    sample::now()
}

/// A window that shows it, and dresses the context for it.
pub fn measured(ctx: &Context, what: Measured) -> Shell {
    dress(ctx, ThemeChoice::Light, 100, true);
    let (threads, steps) = match what {
        Measured::Drawing { threads, steps } => (threads, steps),
        Measured::Running { threads } => (threads, 5),
    };
    let sequence = scenes::steps(threads, steps);
    let mut state = scenes::document(sequence.clone());
    if let Measured::Running { .. } = what {
        for answer in running(&sequence) {
            state = scenes::told(state, Msg::Answer(answer));
        }
    }
    Shell::showing(state, Box::new(Nobody))
}

fn running(sequence: &Sequence) -> [Answer; 2] {
    let run = story::listed();
    let updates = story::all_running(&Arc::new(sequence.clone()));
    [
        Answer::RunStarted { token: None, run },
        Answer::RunUpdates(updates),
    ]
}
