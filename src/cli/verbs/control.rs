//! `status`, `attach`, `pause`, `resume` and `stop`: a run from another terminal.

use std::time::Duration;

use crate::base::text::printable;
use crate::base::time::{Clock as _, SystemClock};
use crate::control::{self, Attached, Client, RunningRun, Update};
use crate::run::{RunControl, StopMode};

use super::super::console::{Form, Output, RunView, headline, state_of};
use super::super::exit_code::{ExitCode, LogIs, WarningsAre};
use super::super::failure::Failure;
use super::super::runtime;

/// How often live lines are redrawn while nothing happens.
const REDRAW: Duration = Duration::from_millis(200);

/// Shows the state of one run, or of all.
///
/// # Errors
/// [`Failure`] when no run answers.
pub fn status(wanted: Option<&str>, form: Form, output: &Output) -> Result<ExitCode, Failure> {
    runtime::block_on(async {
        let runs = control::all_runs().await?;
        let chosen = match wanted {
            Some(_) => vec![pick(runs, wanted)?],
            None if runs.is_empty() => return Err(none()),
            None => runs,
        };
        for run in &chosen {
            let summary = Client::connect(run).await?.status().await?;
            output.line(&match form {
                Form::Json => super::to_json(&summary)?,
                Form::Text => state_of(&summary, output),
            });
        }
        Ok(ExitCode::Success)
    })
}

/// Gives a run an order.
///
/// # Errors
/// [`Failure`] when no run, or no single one, is meant, or it does not answer.
pub fn send(wanted: Option<&str>, order: RunControl, output: &Output) -> Result<ExitCode, Failure> {
    runtime::block_on(async {
        let run = pick(control::all_runs().await?, wanted)?;
        Client::connect(&run).await?.send(order).await?;
        let what = match order {
            RunControl::Pause => "starts nothing more until it is resumed",
            RunControl::Resume => "goes on",
            RunControl::Stop {
                mode: StopMode::Graceful,
            } => "ends as soon as what runs has ended",
            RunControl::Stop {
                mode: StopMode::Now,
            } => "is stopped now",
        };
        output.line(&format!("Run {} {what}.", run.hello.run));
        Ok(ExitCode::Success)
    })
}

/// Watches a run to its end; the exit code is the run's.
///
/// # Errors
/// [`Failure`] when no run, or no single one, is meant, or it vanishes.
pub fn attach(wanted: Option<&str>, form: Form, output: &Output) -> Result<ExitCode, Failure> {
    runtime::block_on(async {
        let run = pick(control::all_runs().await?, wanted)?;
        let name = run.hello.run.clone();
        let attached = Client::connect(&run).await?.attach().await?;
        let view = follow(attached, form, output).await?;
        let outcome = view.and_then(RunView::close);
        let outcome = outcome.ok_or_else(|| {
            let message = format!("run {name} vanished before it ended; see its log");
            Failure::new(ExitCode::Failed, message)
        })?;
        Ok(ExitCode::of_run(
            outcome,
            WarningsAre::Told,
            LogIs::Complete,
        ))
    })
}

/// Shows everything until the host closes; each snapshot replaces what was known.
async fn follow(
    mut attached: Attached,
    form: Form,
    output: &Output,
) -> Result<Option<RunView>, Failure> {
    let clock = SystemClock::start();
    let mut redraw = tokio::time::interval(REDRAW);
    let mut view: Option<RunView> = None;
    loop {
        let update = tokio::select! {
            update = attached.next() => update?,
            _ = redraw.tick() => {
                if let Some(view) = &mut view {
                    view.tick(clock.wall());
                }
                continue;
            }
        };
        match update {
            Some(Update::Snapshot(summary)) => {
                // The live lines of the one before go with it.
                drop(view.take());
                if form == Form::Text {
                    output.note(&headline(&summary));
                }
                view = Some(RunView::joined(output.clone(), form, *summary));
            }
            Some(Update::Event(event)) => {
                let view = view.get_or_insert_with(|| RunView::new(output.clone(), form));
                view.take(&event);
            }
            None => return Ok(view),
        }
    }
}

/// The run that is meant: by its name, the beginning of it, or its sequence's name; without a word
/// the only one.
fn pick(runs: Vec<RunningRun>, wanted: Option<&str>) -> Result<RunningRun, Failure> {
    let names: Vec<String> = runs
        .iter()
        .map(|run| format!("{} `{}`", run.hello.run, printable(&run.hello.sequence)))
        .collect();
    let mut meant: Vec<RunningRun> = match wanted {
        None => runs,
        Some(word) => runs.into_iter().filter(|run| is_meant(run, word)).collect(),
    };
    match (meant.pop(), meant.is_empty(), wanted) {
        (Some(one), true, _) => Ok(one),
        (None, _, None) => Err(none()),
        (None, _, Some(word)) if names.is_empty() => Err(Failure::new(
            ExitCode::NoSuchRun,
            format!(
                "no run `{}`: none is under way on this machine",
                printable(word)
            ),
        )),
        (None, _, Some(word)) => Err(Failure::new(
            ExitCode::NoSuchRun,
            format!(
                "no run `{}`; there are {}",
                printable(word),
                names.join(", ")
            ),
        )),
        (Some(_), false, _) => Err(Failure::new(
            ExitCode::NoSuchRun,
            format!("several runs are meant; name one of {}", names.join(", ")),
        )),
    }
}

fn is_meant(run: &RunningRun, word: &str) -> bool {
    run.hello.run.as_str().starts_with(word)
        || run.hello.sequence.to_lowercase() == word.to_lowercase()
}

fn none() -> Failure {
    Failure::new(ExitCode::NoSuchRun, "no run is under way on this machine")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::control::Hello;
    use crate::run::RunId;

    use super::*;

    fn run(id: &str, sequence: &str) -> RunningRun {
        RunningRun {
            path: PathBuf::new(),
            hello: Hello {
                version: control::VERSION,
                run: RunId::parse(id).unwrap(),
                sequence: sequence.to_owned(),
                file: None,
                pid: 1,
                started: jiff::Timestamp::UNIX_EPOCH,
            },
        }
    }

    fn picked(ids: &[&str], wanted: Option<&str>) -> Result<String, String> {
        let runs = ids
            .iter()
            .map(|id| run(id, &format!("Sequence {id}")))
            .collect();
        pick(runs, wanted)
            .map(|run| run.hello.run.to_string())
            .map_err(|failure| failure.message)
    }

    #[test]
    fn a_run_is_meant_by_its_name_or_by_being_alone() {
        assert_eq!(picked(&["a1"], None).unwrap(), "a1");
        assert_eq!(picked(&["a1", "b2"], Some("b")).unwrap(), "b2");
        assert_eq!(picked(&["a1", "b2"], Some("sequence A1")).unwrap(), "a1");
        assert!(
            picked(&[], None)
                .unwrap_err()
                .contains("no run is under way")
        );
        assert!(
            picked(&[], Some("x"))
                .unwrap_err()
                .contains("none is under way")
        );
        assert!(
            picked(&["a1", "a2"], Some("a"))
                .unwrap_err()
                .contains("name one of a1")
        );
        assert!(
            picked(&["a1", "b2"], None)
                .unwrap_err()
                .contains("`Sequence b2`")
        );
        assert!(
            picked(&["a1"], Some("z"))
                .unwrap_err()
                .contains("there are a1")
        );
    }
}
