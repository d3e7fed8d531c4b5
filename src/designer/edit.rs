//! Everything that can change the sequence. Each edit is one step of undo; edits of one field that
//! follow each other (typing) merge into one.

mod apply;
mod block;
mod heads;
mod limits;
mod merge;
mod names;
mod normal;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::{
    LogSettings, OnFailure, Place, Processing, RunSettings, Sequence, ServerSettings, Step, Thread,
};

use super::Selection;
use super::drag::DropPoint;

pub(in crate::designer) use apply::duplicate;
pub(in crate::designer) use block::{can_shift, shift};
pub use merge::MergeKey;
pub(in crate::designer) use names::free_name;

/// What an edit makes of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The new sequence.
    pub sequence: Sequence,
    /// What is chosen afterwards; `None` leaves the selection as it is.
    pub selection: Option<Selection>,
}

/// A change of the sequence. A place that does not exist makes an edit do nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Replaces the settings of the sequence; `field` is what differs.
    Sequence {
        /// The new settings.
        head: Box<SequenceHead>,
        /// What differs: names the undo step and joins those of one typing.
        field: Field,
    },
    /// Replaces the settings of a thread, its steps left alone.
    Thread {
        /// Which.
        thread: usize,
        /// The new settings.
        head: Box<ThreadHead>,
        /// What differs.
        field: Field,
    },
    /// Replaces one step.
    Step {
        /// Which.
        place: Place,
        /// The new step.
        step: Box<Step>,
        /// What differs.
        field: Field,
    },
    /// Changes one property of several steps.
    Steps {
        /// Which.
        places: Vec<Place>,
        /// What.
        change: StepChange,
    },
    /// Switches threads on or off.
    EnableThreads {
        /// Which.
        threads: Vec<usize>,
        /// On or off.
        enabled: bool,
    },
    /// Adds threads; they come before the thread that is at `at` now.
    AddThreads {
        /// Where; the number of threads means at the end.
        at: usize,
        /// What.
        threads: Vec<Thread>,
    },
    /// Adds steps, and a thread for them where the point asks for a new one.
    AddSteps {
        /// Where.
        at: DropPoint,
        /// What, in order.
        steps: Vec<Step>,
    },
    /// Moves steps, which keep their order.
    MoveSteps {
        /// Which.
        places: Vec<Place>,
        /// Where, counted before anything is taken away.
        to: DropPoint,
    },
    /// Moves a thread.
    MoveThread {
        /// Which.
        from: usize,
        /// Before which thread, counted before it is taken away; the number of threads is the end.
        to: usize,
    },
    /// Removes steps or threads.
    Remove {
        /// Which.
        places: Vec<Place>,
    },
    /// Replaces everything (revert, quick fixes of several places).
    Replace {
        /// The new sequence.
        sequence: Box<Sequence>,
        /// What people call it, such as `Add confirming import`.
        label: String,
    },
}

/// The settings of a sequence, without its threads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SequenceHead {
    /// Its name.
    pub name: String,
    /// The server.
    pub server: ServerSettings,
    /// The log.
    pub log: LogSettings,
    /// How threads share the server.
    pub run: RunSettings,
    /// Commands before and after everything.
    pub processing: Processing,
}

/// The settings of a thread, without its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadHead {
    /// Its name.
    pub name: String,
    /// Whether it takes part.
    pub enabled: bool,
    /// How long it waits before its first step.
    pub start_delay: Duration,
    /// How often its steps run.
    pub repeat: std::num::NonZeroU32,
    /// Commands before and after it.
    pub processing: Processing,
}

/// A change of several steps at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepChange {
    /// Switches them on or off.
    Enabled(bool),
    /// Sets how long each may take; `None` is without a limit.
    Timeout(Option<Duration>),
    /// Sets what happens when one fails.
    OnFailure(OnFailure),
}

/// A property that a person can change in the inspector or the toolbar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The name of a sequence, thread or step.
    Name,
    /// Whether it takes part.
    Enabled,
    /// The server's host name.
    Host,
    /// How the server is spoken to.
    Transport,
    /// Whether HTTPS is used.
    Tls,
    /// The server's port.
    Port,
    /// How the account is proved.
    Authentication,
    /// The account.
    User,
    /// The file of authorities to trust.
    CaFile,
    /// The only certificate to trust.
    Pin,
    /// Whether a password may go unencrypted.
    AllowUnencrypted,
    /// How classes are written as URIs.
    ResourceUris,
    /// The log file.
    LogFile,
    /// The log level.
    LogLevel,
    /// What may run beside a synchronization.
    Overlap,
    /// How many run profiles may run at once.
    MaxParallel,
    /// The delay before a thread's first step.
    StartDelay,
    /// How often a thread runs.
    Repeat,
    /// The management agent.
    Agent,
    /// The run profile.
    Profile,
    /// What the run profile does.
    StepType,
    /// How long a delay waits.
    Duration,
    /// How long a step may take.
    Timeout,
    /// What happens when it fails.
    OnFailure,
    /// The program of a command step.
    Program,
    /// Its arguments.
    Arguments,
    /// Its working directory.
    Directory,
    /// Its environment.
    Environment,
    /// How long a command may take.
    CommandTimeout,
    /// Whether a command is waited for.
    Wait,
    /// The exit codes that count as success.
    ExitCodes,
    /// A pre-processing command, by index.
    PreProcessing(usize),
    /// A post-processing command, by index.
    PostProcessing(usize),
}
