//! The one way to standard output and standard error.
//!
//! Whole lines only, foreign text made printable, a closed pipe taken as the reader's wish. Must
//! not know what a run is.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use console::Term;
use indicatif::{MultiProgress, ProgressDrawTarget};

use crate::base::file::FileProblem;

/// How wide a table is in a file, a pipe or a mail.
const PLAIN_COLUMNS: usize = 80;
/// Below this a table is unreadable anyway.
const LEAST_COLUMNS: usize = 60;
/// Above this the eye loses the line.
const MOST_COLUMNS: usize = 120;

/// Writes lines for people and programs; clones write to the same place.
///
/// An error of standard output ends nothing, because a run must not end for it; ask
/// [`Output::has_lost`]. A reader that went away wanted to; anything else is told once.
#[derive(Clone)]
pub struct Output(Arc<Inner>);

struct Inner {
    live: Option<MultiProgress>,
    colour: Colour,
    is_closed: AtomicBool,
    has_lost: AtomicBool,
}

/// Whether words may be coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// They may.
    On,
    /// Not a single escape code.
    Off,
}

impl Output {
    /// The process's own streams; live lines and colour only when both are terminals that want them.
    pub fn of_process() -> Self {
        let is_terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_rich = is_terminal && !is_dumb;
        Self(Arc::new(Inner {
            live: is_rich.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr())),
            colour: if is_rich && !no_colour {
                Colour::On
            } else {
                Colour::Off
            },
            is_closed: AtomicBool::new(false),
            has_lost: AtomicBool::new(false),
        }))
    }

    /// Whether words may be coloured.
    pub fn colour(&self) -> Colour {
        self.0.colour
    }

    /// The place for live lines, if this is a terminal.
    pub fn live(&self) -> Option<&MultiProgress> {
        self.0.live.as_ref()
    }

    /// How many cells wide a table may be: the terminal's width within reason, 80 elsewhere.
    pub fn columns(&self) -> usize {
        let terminal = self
            .0
            .live
            .as_ref()
            .and_then(|_| Term::stdout().size_checked());
        terminal.map_or(PLAIN_COLUMNS, |(_, columns)| {
            usize::from(columns).clamp(LEAST_COLUMNS, MOST_COLUMNS)
        })
    }

    /// Whether something could not be written to standard output although somebody reads it.
    pub fn has_lost(&self) -> bool {
        self.0.has_lost.load(Ordering::Relaxed)
    }

    /// Whether standard output takes nothing more.
    fn is_closed(&self) -> bool {
        self.0.is_closed.load(Ordering::Relaxed)
    }

    /// Writes a line, or several, to standard output.
    pub fn line(&self, text: &str) {
        if self.is_closed() {
            return;
        }
        let result = self.beside_live(|| {
            let mut stdout = io::stdout().lock();
            writeln!(stdout, "{text}").and_then(|()| stdout.flush())
        });
        let Err(error) = result else {
            return;
        };
        let is_first = !self.0.is_closed.swap(true, Ordering::Relaxed);
        if is_first && error.kind() != io::ErrorKind::BrokenPipe {
            self.0.has_lost.store(true, Ordering::Relaxed);
            let problem = FileProblem::from(error);
            self.warning(&format!("standard output cannot be written: {problem}"));
        }
    }

    /// Writes a line to standard error: what is worth knowing but no answer.
    pub fn note(&self, text: &str) {
        self.beside_live(|| {
            let mut stderr = io::stderr().lock();
            // Nobody is left to be told.
            writeln!(stderr, "{text}").ok();
        });
    }

    /// Writes an error that ends the program: `error: …`.
    pub fn error(&self, text: &str) {
        let word = super::paint::word("error", super::paint::Tone::Bad, self.colour());
        self.note(&format!("{word}: {text}"));
    }

    /// Writes a warning: `warning: …`.
    pub fn warning(&self, text: &str) {
        let word = super::paint::word("warning", super::paint::Tone::Doubtful, self.colour());
        self.note(&format!("{word}: {text}"));
    }

    fn beside_live<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0.live {
            Some(live) => live.suspend(write),
            None => write(),
        }
    }
}
