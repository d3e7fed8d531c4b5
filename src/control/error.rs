//! What can go wrong at the local socket of a run.

use std::io;
use std::path::PathBuf;

/// Why a run could not be hosted, found, asked or steered.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The folder for sockets cannot be used.
    #[error("the folder `{}` for the control sockets cannot be used", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The folder belongs to another user, or others may enter it.
    #[error(
        "the folder `{}` for the control sockets is not safe: {problem}",
        folder.display()
    )]
    NotPrivate {
        /// The folder.
        folder: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The system has no place for the user's sockets.
    #[error(
        "there is no folder for control sockets: neither XDG_RUNTIME_DIR nor a home folder is known"
    )]
    NoFolder,
    /// The socket's path is longer than the system takes.
    #[error(
        "the path of the control socket has {length} bytes, the system takes at most {limit}: \
         `{}`; set XDG_RUNTIME_DIR to a shorter folder",
        path.display()
    )]
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// The most bytes the system takes.
        limit: usize,
    },
    /// Another process already hosts this run.
    #[error("run {run} is already hosted by another process")]
    AlreadyHosted {
        /// The run.
        run: String,
    },
    /// The socket cannot be opened.
    #[error("the control socket `{}` cannot be opened", path.display())]
    Listen {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The run cannot be reached; most likely it has just ended.
    #[error("run {run} cannot be reached; it may have just ended")]
    Connect {
        /// The run.
        run: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The run's host did not answer in time.
    #[error("run {run} did not answer within {secs} s")]
    NoAnswer {
        /// The run.
        run: String,
        /// How long we waited.
        secs: u64,
    },
    /// The run's host closed the connection.
    #[error("run {run} closed the connection; it has most likely ended")]
    Closed {
        /// The run.
        run: String,
    },
    /// The host speaks another version of the protocol.
    #[error(
        "run {run} speaks version {theirs} of the control protocol and this program version \
         {ours}; use the masequencer program that started the run"
    )]
    Version {
        /// The run.
        run: String,
        /// The host's version.
        theirs: u32,
        /// Ours.
        ours: u32,
    },
    /// The host said something that is not the protocol.
    #[error("run {run} answered something that is not the control protocol: {problem}")]
    Protocol {
        /// The run.
        run: String,
        /// What.
        problem: String,
    },
    /// The host refused a request.
    #[error("run {run} refused: {message}")]
    Refused {
        /// The run.
        run: String,
        /// Its sentence.
        message: String,
    },
}
