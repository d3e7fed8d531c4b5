//! Starts a run host and waits for its one line.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::ChildStdin;

use crate::base::file::FileProblem;
use crate::base::secret::Secret;
use crate::control::{self, ControlError, RunningRun};

use super::{HostAnswer, HostOrder, OrderError, Spawned, first_line, spawn};

/// The hidden verb with which our own program hosts a run.
pub const HOST_VERB: &str = "run-host";

/// How long a host may take: it has asked the server for its agents by then.
const DEADLINE: Duration = Duration::from_mins(3);

/// The program that is started: our own, unless a test says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// The executable of this process.
    Own,
    /// Another one that knows the verb.
    At(PathBuf),
}

/// A run that another process hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The run, to be watched and steered.
    pub running: RunningRun,
    /// The process of its host.
    pub pid: u32,
}

/// Why no run was started.
#[derive(Debug, thiserror::Error)]
pub enum DetachedError {
    /// The order has no written form.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The system does not start our own program.
    #[error("could not start the process of the run")]
    Spawn(#[source] FileProblem),
    /// The host ended, or said something else.
    #[error("the process of the run ended without a word; nothing was started")]
    Silent,
    /// The host did not get so far.
    #[error(
        "the process of the run was not ready within {secs} s and was ended; see `masequencer \
         status` and the log"
    )]
    Late {
        /// How long we waited.
        secs: u64,
    },
    /// The host says why.
    #[error("{sentence}")]
    Refused {
        /// One sentence.
        sentence: String,
        /// The exit code of the command line for it.
        code: u8,
    },
    /// The run has begun, and we cannot watch it.
    #[error(transparent)]
    Control(#[from] ControlError),
}

impl Program {
    /// Its path.
    ///
    /// # Errors
    /// Any error of the system.
    pub fn path(&self) -> io::Result<PathBuf> {
        match self {
            Self::Own => Ok(still_there(std::env::current_exe()?)),
            Self::At(path) => Ok(path.clone()),
        }
    }
}

/// An update puts a new program in our place while a window is open. The one that runs is still to
/// be had from the system, and speaks the same words as we do.
fn still_there(program: PathBuf) -> PathBuf {
    const RUNNING: &str = "/proc/self/exe";
    if cfg!(target_os = "linux") && !program.exists() {
        PathBuf::from(RUNNING)
    } else {
        program
    }
}

/// Starts a run in a process of its own, and comes back when it has begun. Dropped before that, it
/// ends the process; must be called within a tokio runtime.
///
/// # Errors
/// [`DetachedError`]; except for [`DetachedError::Control`], nothing was started.
pub async fn start(program: &Program, order: &HostOrder) -> Result<Started, DetachedError> {
    let json = order.to_json()?;
    let failed = |error: io::Error| DetachedError::Spawn(error.into());
    let Spawned {
        child,
        stdin,
        stdout,
    } = spawn(&program.path().map_err(failed)?, HOST_VERB).map_err(failed)?;
    let asking = async {
        // A host that ends before it has read the order says more than the broken pipe.
        give(stdin, &json).await.ok();
        first_line(stdout).await
    };
    let line = match tokio::time::timeout(DEADLINE, asking).await {
        Ok(line) => line.ok().flatten().ok_or(DetachedError::Silent)?,
        Err(_elapsed) => {
            return Err(DetachedError::Late {
                secs: DEADLINE.as_secs(),
            });
        }
    };
    match HostAnswer::of_line(&line) {
        Ok(HostAnswer::Started { run, socket }) => {
            let pid = child.id();
            // From here on the run is its own master, whatever becomes of us.
            child.let_go();
            let running = control::at(&run, &socket).await?;
            Ok(Started { running, pid })
        }
        Ok(HostAnswer::Refused { error, code }) => {
            // It ends by itself.
            child.let_go();
            Err(DetachedError::Refused {
                sentence: error,
                code,
            })
        }
        Err(_not_an_answer) => Err(DetachedError::Silent),
    }
}

/// Writes the order and closes the pipe.
async fn give(mut stdin: ChildStdin, json: &Secret) -> io::Result<()> {
    stdin.write_all(json.reveal().as_bytes()).await?;
    stdin.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_that_was_replaced_can_still_be_started() {
        let own = std::env::current_exe().expect("a program");
        assert_eq!(still_there(own.clone()), own);
        let gone = still_there(PathBuf::from("/nowhere/masequenceconfiguration (deleted)"));
        assert_eq!(gone.canonicalize().expect("a program"), own);
    }
}
