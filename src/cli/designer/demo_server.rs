//! `demo-server`: the simulator for a designer and the runs that it started.

use std::io::{self, BufRead as _, Read as _, Write as _};

use crate::base::secret::Secret;
use crate::launch::demo::ServedDemo;

use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::runtime;
use super::super::signals::Signals;

/// The longest order.
const MAX_ORDER_BYTES: u64 = 64 * 1024;

/// Serves until standard input closes and nobody uses the server any more.
pub(super) fn demo_server() -> ExitCode {
    let mut line = String::new();
    if io::stdin()
        .lock()
        .take(MAX_ORDER_BYTES)
        .read_line(&mut line)
        .is_err()
    {
        return ExitCode::Usage;
    }
    let order = Secret::new(line);
    runtime::block_on(perform(order)).unwrap_or_else(|failure| failure.code)
}

async fn perform(order: Secret) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen_without_terminal().map_err(runtime::failed)?;
    let demo = match ServedDemo::open(&order).await {
        Ok(demo) => demo,
        Err(answer) => {
            say(&answer);
            return Ok(ExitCode::CouldNotStart);
        }
    };
    drop(order);
    say(&demo.line());
    // Reading blocks its thread until the other side is gone; the runtime does not wait for it.
    let released = tokio::task::spawn_blocking(|| {
        io::copy(&mut io::stdin().lock(), &mut io::sink()).ok();
    });
    tokio::select! {
        () = demo.serve(async { released.await.unwrap_or_default() }) => {}
        () = signals.next() => {}
    }
    Ok(ExitCode::Success)
}

fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    // Who does not listen any more has no use for a server either, and its end is noticed.
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .ok();
}
