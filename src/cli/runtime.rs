//! The tokio runtime of the verbs that need one; help and usage errors never make it.

use std::io;

use super::ExitCode;
use super::failure::Failure;

/// Runs a verb to its end.
///
/// # Errors
/// The verb's own, and [`ExitCode::Failed`] when the system gives no threads.
pub fn block_on<T>(verb: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("masequencer")
        .enable_all()
        .build()
        .map_err(failed)?;
    let result = runtime.block_on(verb);
    // What still waits (a request that was given up, a socket's clients) must not delay the exit.
    runtime.shutdown_background();
    result
}

/// The system refuses what every process gets.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub fn failed(error: io::Error) -> Failure {
    Failure::new(
        ExitCode::Failed,
        format!("the system does not let masequencer start: {error}"),
    )
}
