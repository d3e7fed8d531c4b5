//! `run`: a sequence from its file to its closing sentence.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::base::error_chain;
use crate::base::secret::Secret;
use crate::base::text::plural;
use crate::base::time::{Clock as _, SystemClock};
use crate::engine::RunHandle;
use crate::launch::{
    Connection, Document, Fed, Feed, HostedRun, PreparedRun, RunRequest, ServerOverrides, Target,
};
use crate::model::LogLevel;
use crate::run::{RunControl, StopMode};

use super::super::console::{Form, Output, RunView};
use super::super::exit_code::{ExitCode, LogIs, WarningsAre};
use super::super::failure::Failure;
use super::super::password::{self, PasswordSources};
use super::super::runtime;
use super::super::signals::Signals;

/// How often live lines are redrawn while nothing happens.
const REDRAW: Duration = Duration::from_millis(200);

/// A run that somebody asked for, in either manner.
#[derive(Debug)]
pub struct RunOrder {
    /// The sequence file.
    pub file: PathBuf,
    /// What the command line says about the server.
    pub server: ServerOverrides,
    /// Where the password is.
    pub password: PasswordSources,
    /// The log file, if named.
    pub log: Option<PathBuf>,
    /// How much is logged, if said.
    pub level: Option<LogLevel>,
    /// How the run is shown.
    pub form: Form,
    /// Whether warnings have an exit code of their own.
    pub warnings: WarningsAre,
}

/// Runs a sequence file to its end.
///
/// # Errors
/// [`Failure`] when nothing was started.
pub fn run(order: RunOrder, output: &Output) -> Result<ExitCode, Failure> {
    let mut document = Document::read(&order.file)?;
    let target = Target::decide(&document.sequence.server, &order.server, &document.folder)?;
    document.sequence.server = order.server.over(&document.sequence.server);
    let hidden_variables = order.password.variables();
    // A person is asked before the signals are ours, so that Ctrl-C ends the question.
    let password = password::of_target(order.password, &target)?;
    let warn_output = output.clone();
    let request = RunRequest {
        part: None,
        log: order.log,
        level: order.level,
        zone: TimeZone::system(),
        warn: Arc::new(move |text| warn_output.warning(text)),
        hidden_variables,
        must_be_watchable: false,
    };
    let show = Show {
        output: output.clone(),
        form: order.form,
        warnings: order.warnings,
    };
    runtime::block_on(perform(document, target, password, request, show))
}

/// Makes sure that somebody is named whose password was given.
///
/// # Errors
/// [`Failure`] when nobody is, or the file or the server cannot be used.
pub fn check_password_use(order: &RunOrder) -> Result<(), Failure> {
    if order.server.user.is_some() {
        return Ok(());
    }
    let document = Document::read(&order.file)?;
    let target = Target::decide(&document.sequence.server, &order.server, &document.folder)?;
    Ok(password::check_use(&order.password, &target)?)
}

struct Show {
    output: Output,
    form: Form,
    warnings: WarningsAre,
}

async fn perform(
    document: Document,
    target: Target,
    password: Option<Secret>,
    request: RunRequest,
    show: Show,
) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen().map_err(runtime::failed)?;
    let prepared = PreparedRun::new(document, request)?;
    announce(&show, prepared.log_path());
    let started = tokio::select! {
        started = start(prepared, &target, password) => started,
        () = signals.next() => {
            return Err(Failure::new(ExitCode::Stopped, "stopped before anything was started"));
        }
    };
    let (run, connection) = started?;
    let code = watch(run, signals, show).await;
    connection.close().await;
    Ok(code)
}

/// The old tool's first line; it goes to standard error when standard output is for programs.
fn announce(show: &Show, log: &Path) {
    let line = format!("Logging into the File '{}'", log.display());
    match show.form {
        Form::Text => show.output.line(&line),
        Form::Json => show.output.note(&line),
    }
}

async fn start(
    prepared: PreparedRun,
    target: &Target,
    password: Option<Secret>,
) -> Result<(HostedRun, Connection), Failure> {
    match Connection::open(target, password, prepared.protocol_log()).await {
        Ok(connection) => {
            let run = prepared.start(connection.service()).await?;
            Ok((run, connection))
        }
        Err(error) => {
            prepared.give_up(&error_chain::one_line(&error)).await;
            Err(error.into())
        }
    }
}

async fn watch(run: HostedRun, signals: Signals, show: Show) -> ExitCode {
    let steering = tokio::spawn(steer(signals, run.handle.clone(), show.output.clone()));
    let (feed, ending) = run.split();
    let view = RunView::new(show.output.clone(), show.form);
    let screen = tokio::task::spawn_blocking(move || show_all(&feed, view));
    let end = ending.finish().await;
    let lost_events = screen.await.unwrap_or_default();
    steering.abort();
    if lost_events > 0 {
        let lost = plural(lost_events, "event");
        show.output.warning(&format!(
            "{lost} could not be shown, because the reader was too slow"
        ));
    }
    let log = if end.lost_log_lines == 0 {
        LogIs::Complete
    } else {
        show.output.warning(&format!(
            "{} of the log were lost",
            plural(end.lost_log_lines, "line")
        ));
        LogIs::Incomplete
    };
    let Some(outcome) = end.outcome else {
        show.output
            .error("the run broke off without a word; see the log, and the agents' own state");
        return ExitCode::Failed;
    };
    ExitCode::of_run(outcome, show.warnings, log)
}

/// Shows everything that comes, and says how much did not fit.
fn show_all(feed: &Feed, mut view: RunView) -> u64 {
    let clock = SystemClock::start();
    let mut drawn = clock.now();
    loop {
        match feed.next(REDRAW) {
            Fed::Event(event) => view.take(&event),
            Fed::Nothing => {}
            Fed::End => break,
        }
        if clock.now().since(drawn) >= REDRAW {
            drawn = clock.now();
            view.tick(clock.wall());
        }
    }
    view.close();
    feed.lost()
}

/// Turns Ctrl-C into orders: once lets running profiles finish, twice stops now.
async fn steer(mut signals: Signals, run: RunHandle, output: Output) {
    signals.next().await;
    // The order first: a standard error that nobody reads must not hold it up.
    run.control(RunControl::Stop {
        mode: StopMode::Graceful,
    })
    .await;
    output.note("Ctrl-C: what runs is finished, nothing more starts; once more stops now.");
    loop {
        signals.next().await;
        run.control(RunControl::Stop {
            mode: StopMode::Now,
        })
        .await;
        output.note("Ctrl-C: the service is asked to stop now; waiting until it has.");
    }
}
