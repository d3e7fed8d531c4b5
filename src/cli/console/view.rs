//! Watches a run on the console: lines, live lines, closing words; or its events as JSON.
//!
//! One for `run` and `attach`. Folds the events itself; must not control the run.

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use crate::base::text::printable;
use crate::run::{RunEvent, RunEventKind, RunOutcome, RunPhase, RunSummary, ThreadStatus};

use super::Output;
use super::closing::closing_table;
use super::layout::{elide, width};
use super::patience::Patience;
use super::words::{self, Said};

/// How many cells of a thread's name a live line shows.
const SHOWN_NAME: usize = 24;

/// How a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// The events, one JSON object a line, for programs.
    Json,
}

/// The view of one run.
pub struct RunView {
    output: Output,
    form: Form,
    summary: RunSummary,
    bars: Vec<ProgressBar>,
    patience: Patience,
}

impl RunView {
    /// A view of a run that has not said anything yet.
    pub fn new(output: Output, form: Form) -> Self {
        Self {
            output,
            form,
            summary: RunSummary::default(),
            bars: Vec::new(),
            patience: Patience::default(),
        }
    }

    /// A view that joins a run later: it knows the state so far.
    pub fn joined(output: Output, form: Form, summary: RunSummary) -> Self {
        let mut view = Self {
            output,
            form,
            summary,
            bars: Vec::new(),
            patience: Patience::default(),
        };
        view.open_bars();
        view
    }

    /// Shows an event.
    pub fn take(&mut self, event: &RunEvent) {
        self.summary.apply(event);
        match self.form {
            Form::Json => match serde_json::to_string(event) {
                Ok(line) => self.output.line(&line),
                Err(error) => self
                    .output
                    .note(&format!("an event could not be written: {error}")),
            },
            Form::Text => self.tell(event),
        }
    }

    /// Redraws the live lines, or tells of a long wait where there are none; to be called a few
    /// times a second.
    pub fn tick(&mut self, now: Timestamp) {
        if self.output.live().is_none() && self.form == Form::Text {
            for sentence in self.patience.overdue(&self.summary, now) {
                self.output.note(&sentence);
            }
        }
        let colour = self.output.colour();
        for (index, bar) in self.bars.iter().enumerate() {
            let line = words::live_line(&self.summary, index, now, colour);
            // Each change redraws all lines.
            if bar.message() != line {
                bar.set_message(line);
            }
        }
    }

    /// Says how it ended; `None` when the run vanished without a word.
    pub fn close(mut self) -> Option<RunOutcome> {
        self.close_bars();
        let RunPhase::Finished(outcome) = self.summary.phase else {
            return None;
        };
        if self.form == Form::Text {
            let colour = self.output.colour();
            let columns = self.output.columns();
            self.output.line("");
            self.output
                .line(&closing_table(&self.summary, columns, colour));
            self.output.line("");
            self.output
                .line(&words::closing_sentence(&self.summary, outcome, colour));
        }
        Some(outcome)
    }

    fn tell(&mut self, event: &RunEvent) {
        match words::at_event(event, &self.summary, self.output.colour()) {
            Some(Said::Line(text)) => self.output.line(&text),
            Some(Said::Note(text)) => self.output.note(&text),
            None => {}
        }
        if let RunEventKind::RunStarted { .. } = &event.event {
            self.open_bars();
        } else if let RunEventKind::RunFinished { .. } = &event.event {
            self.close_bars();
        } else if let RunEventKind::ThreadFinished { at, .. } = &event.event
            // Its line has been printed for good.
            && let Some(bar) = at.thread.and_then(|index| self.bars.get(index))
        {
            bar.finish_and_clear();
        }
    }

    fn open_bars(&mut self) {
        let (Some(live), Some(outline)) = (self.output.live(), &self.summary.outline) else {
            return;
        };
        if self.form == Form::Json {
            return;
        }
        let widest = outline
            .threads
            .iter()
            .map(|thread| width(&printable(&thread.name)))
            .max();
        let widest = widest.unwrap_or(0).min(SHOWN_NAME);
        let template = format!("{{prefix:{widest}}}  {{wide_msg}}");
        // The template is ours and sound; should it ever not be, indicatif's own will do.
        let style = ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let threads = outline.threads.iter().zip(&self.summary.threads);
        self.bars = threads
            .map(|(thread, state)| {
                let bar = ProgressBar::new_spinner().with_style(style.clone());
                if matches!(
                    state.status,
                    ThreadStatus::Disabled | ThreadStatus::Finished(_)
                ) {
                    bar.finish_and_clear();
                    return bar;
                }
                let bar = live.add(bar);
                bar.set_prefix(elide(&printable(&thread.name), SHOWN_NAME));
                bar
            })
            .collect();
    }

    fn close_bars(&mut self) {
        for bar in self.bars.drain(..) {
            bar.finish_and_clear();
        }
    }
}

/// The table of a run that is still under way, for `status`.
pub fn state_of(summary: &RunSummary, output: &Output) -> String {
    format!(
        "{}\n{}",
        words::headline(summary),
        closing_table(summary, output.columns(), output.colour())
    )
}
