//! A process of our own program that has its own session and no terminal.

use std::io;
use std::path::Path;
use std::process::Stdio;

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout, Command};

/// The longest line that is read.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// A process that was started, with both pipes.
pub struct Spawned {
    /// The process.
    pub child: Child,
    /// Its standard input.
    pub stdin: ChildStdin,
    /// Its standard output.
    pub stdout: ChildStdout,
}

/// A process that ends when this is dropped, unless it was let go.
pub struct Child {
    inner: Option<Box<dyn ChildWrapper>>,
}

/// Starts `program VERB`, away from our terminal, session and signals; must be called within a tokio
/// runtime.
///
/// # Errors
/// Any error of the system.
pub fn spawn(program: &Path, verb: &str) -> io::Result<Spawned> {
    let mut command = Command::new(program);
    command
        .arg(verb)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut inner = away(command).spawn()?;
    let pipes = (inner.stdin().take(), inner.stdout().take());
    let child = Child { inner: Some(inner) };
    match pipes {
        (Some(stdin), Some(stdout)) => Ok(Spawned {
            child,
            stdin,
            stdout,
        }),
        // Both were asked for.
        _ => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

#[cfg(unix)]
fn away(command: Command) -> CommandWrap {
    let mut wrap = CommandWrap::from(command);
    wrap.wrap(process_wrap::tokio::ProcessSession);
    wrap
}

#[cfg(windows)]
fn away(mut command: Command) -> CommandWrap {
    /// `DETACHED_PROCESS`: no console, so that closing ours does not end it.
    const DETACHED: u32 = 0x0000_0008;
    /// `CREATE_NEW_PROCESS_GROUP`: our Ctrl-C is not its.
    const NEW_GROUP: u32 = 0x0000_0200;
    command.creation_flags(DETACHED | NEW_GROUP);
    CommandWrap::from(command)
}

/// The first line of a process; `None` when it ended or closed its output without one.
///
/// # Errors
/// Any error of the system.
pub async fn first_line(stdout: ChildStdout) -> io::Result<Option<String>> {
    let mut line = String::new();
    let mut reader = BufReader::new(stdout.take(MAX_LINE_BYTES));
    reader.read_line(&mut line).await?;
    Ok(line.ends_with('\n').then(|| line.trim_end().to_owned()))
}

impl Child {
    /// The number of the process.
    pub fn id(&self) -> u32 {
        let inner = self.inner.as_ref();
        inner.and_then(|inner| inner.id()).unwrap_or_default()
    }

    /// Lets the process go on by itself. Its exit is collected while the runtime lives, so that it
    /// leaves no remnant; should we end before it, the system does so.
    pub fn let_go(mut self) {
        if let Some(mut inner) = self.inner.take() {
            tokio::spawn(async move {
                // Nobody waits for how it ended.
                inner.wait().await.ok();
            });
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Some(mut inner) = self.inner.take() {
            // A process that has ended already is what was wanted.
            inner.start_kill().ok();
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(async move {
                    inner.wait().await.ok();
                });
            }
        }
    }
}
