//! `run-host`: the process that performs a run which the designer started.
//!
//! Reads its order from standard input, answers one line on standard output, and goes on by itself.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::base::error_chain;
use crate::base::file::create_private_folder;
use crate::base::secret::Secret;
use crate::engine::RunHandle;
use crate::launch::detached::{HostAnswer, HostOrder, MAX_ORDER_BYTES};
use crate::launch::{Connection, HostedRun, PreparedRun, RunEnd, RunRequest};
use crate::run::{RunControl, StopMode};

use super::super::exit_code::{ExitCode, LogIs, WarningsAre};
use super::super::failure::Failure;
use super::super::password::DEFAULT_VARIABLE;
use super::super::runtime;
use super::super::signals::Signals;

/// Hosts a run to its end; the exit code is the run's.
pub(super) fn run_host() -> ExitCode {
    match read_order().and_then(|order| runtime::block_on(perform(order))) {
        Ok(code) => code,
        Err(failure) => {
            let code = failure.code;
            say(&HostAnswer::Refused {
                error: failure.message,
                code: code.number(),
            });
            code
        }
    }
}

fn read_order() -> Result<HostOrder, Failure> {
    let unusable = |sentence: String| {
        Failure::new(ExitCode::Usage, format!("nothing was started: {sentence}"))
    };
    let mut json = String::new();
    io::stdin()
        .lock()
        .take(MAX_ORDER_BYTES)
        .read_to_string(&mut json)
        .map_err(|error| unusable(error.to_string()))?;
    HostOrder::of_json(&Secret::new(json)).map_err(|error| unusable(error_chain::one_line(&error)))
}

async fn perform(order: HostOrder) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen_without_terminal().map_err(runtime::failed)?;
    let document = order.document()?;
    if order.file.is_none() {
        // The log lies there; if it cannot be made, the log says why.
        create_private_folder(&order.folder).ok();
    }
    let request = RunRequest {
        part: order.part,
        log: order.log,
        level: order.level,
        zone: TimeZone::system(),
        // Nobody reads here. What matters is in the log, and in the exit code.
        warn: Arc::new(|_| {}),
        hidden_variables: vec![DEFAULT_VARIABLE.to_owned()],
        must_be_watchable: true,
    };
    let prepared = PreparedRun::new(document, request)?;
    let starting = async {
        match Connection::open(&order.target, order.password, prepared.protocol_log()).await {
            Ok(connection) => {
                let run = prepared.start(connection.service()).await?;
                Ok((run, connection))
            }
            Err(error) => {
                prepared.give_up(&error_chain::one_line(&error)).await;
                Err(Failure::from(error))
            }
        }
    };
    let (run, connection): (HostedRun, Connection) = tokio::select! {
        started = starting => started?,
        () = signals.next() => {
            return Err(Failure::new(ExitCode::Stopped, "stopped before anything was started"));
        }
    };
    if let Some(socket) = run.socket.clone() {
        say(&HostAnswer::Started {
            run: run.run.clone(),
            socket,
        });
    }
    let steering = tokio::spawn(steer(signals, run.handle.clone()));
    let (feed, ending) = run.split();
    // There is no screen here.
    drop(feed);
    let end = ending.finish().await;
    steering.abort();
    connection.close().await;
    Ok(exit_code(end))
}

fn exit_code(end: RunEnd) -> ExitCode {
    let log = if end.lost_log_lines == 0 {
        LogIs::Complete
    } else {
        LogIs::Incomplete
    };
    match end.outcome {
        Some(outcome) => ExitCode::of_run(outcome, WarningsAre::Told, log),
        None => ExitCode::Failed,
    }
}

/// Tells the one who started us. If nobody listens any more, the run goes on all the same.
fn say(answer: &HostAnswer) {
    if let Ok(line) = answer.to_line() {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")
            .and_then(|()| stdout.flush())
            .ok();
    }
}

/// A signal that ends processes lets running profiles finish, a second one stops now.
async fn steer(mut signals: Signals, run: RunHandle) {
    let mut mode = StopMode::Graceful;
    loop {
        signals.next().await;
        run.control(RunControl::Stop { mode }).await;
        mode = StopMode::Now;
    }
}
