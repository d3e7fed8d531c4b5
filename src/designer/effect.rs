//! What the designer wants done in the world. `ui::effects` performs it off the drawing thread and
//! answers with [`super::Answer`].

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::secret::Secret;
use crate::mim::{AgentInfo, Export, Knowledge, Told};
use crate::model::{Place, Sequence, ServerSettings};
use crate::run::{RunControl, RunPart};
use crate::settings::Settings;

use super::connection::ServerChoice;
use super::dialog::PathPurpose;
use super::document::FileStamp;
use super::state::Panel;

/// Ties an answer to its question: an answer with an older token is too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Token(pub u64);

/// Whose password is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordOf {
    /// The account.
    pub user: String,
    /// The server's name, address or URL.
    pub host: String,
}

/// An order to the world.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Read a sequence file: `Opened` or `NotOpened`.
    OpenFile(PathBuf),
    /// Write a sequence file whole: `Saved`, `NotSaved`, or `ChangedUnderneath` when the file is no
    /// longer `expected` (`None` overwrites whatever is there).
    SaveFile {
        /// Where.
        file: PathBuf,
        /// What.
        sequence: Arc<Sequence>,
        /// The content's number, given back.
        content: u64,
        /// What the file should be like now.
        expected: Option<FileStamp>,
    },
    /// Ask the person for a path with the system's dialog: `PathChosen`, `PathCancelled`, or
    /// `NoDialog` when no dialog can open.
    ChoosePath {
        /// What for; given back.
        purpose: PathPurpose,
        /// Where to begin.
        folder: Option<PathBuf>,
        /// The name to suggest.
        name: Option<String>,
    },
    /// Look after this file from now on and tell `DiskChanged`; `None` ends it.
    WatchFile(Option<(PathBuf, FileStamp)>),
    /// Keep a recovery copy of this content, written within a second; a newer one replaces it.
    KeepRecovery {
        /// What.
        sequence: Arc<Sequence>,
        /// The file it belongs to.
        file: Option<PathBuf>,
    },
    /// The work is safe: remove our recovery copy.
    DropRecovery,
    /// Look for copies whose program has gone: `RecoveryFound`, also when there is none.
    FindRecovery,
    /// Read a recovery copy: `Recovered` or `NotOpened`; it stays where it is.
    TakeRecovery(String),
    /// Remove a recovery copy; not before our own copy, if one is ordered, is written.
    DiscardRecovery(String),
    /// Apply the rules: `Checked`. Only the newest order counts.
    Check {
        /// The content's number, given back.
        content: u64,
        /// What.
        sequence: Arc<Sequence>,
        /// What is known about the server's agents, if anything is.
        known: Option<Arc<Knowledge>>,
    },
    /// Connect and read the agents: `Connected` or `NotConnected`. A newer order ends an older one.
    Connect {
        /// Given back.
        token: Token,
        /// Which server.
        choice: ServerChoice,
        /// The password.
        password: Option<Secret>,
        /// From where relative paths of the settings count.
        folder: Option<PathBuf>,
    },
    /// Examine the way to a server: `Examined`, until it has ended. A newer order ends an older one.
    Examine {
        /// Given back.
        token: Token,
        /// How the server is spoken to.
        settings: Box<ServerSettings>,
        /// The password.
        password: Option<Secret>,
        /// From where relative paths of the settings count.
        folder: Option<PathBuf>,
        /// Whether an order is tried, of a profile that no agent has.
        is_order_tried: bool,
    },
    /// End the examination.
    EndExamination,
    /// Look for a password in the system's store: `Recalled`.
    Recall {
        /// Given back.
        token: Token,
        /// Whose.
        of: PasswordOf,
    },
    /// Keep a password in the system's store: `Store`.
    Remember {
        /// Whose.
        of: PasswordOf,
        /// The password.
        password: Secret,
    },
    /// Remove a password from the system's store: `Store`.
    Forget(PasswordOf),
    /// End the connection, or the attempt at one.
    Disconnect,
    /// Read the agents now, and then every so many seconds (0 = never): `AgentsRead` (only when
    /// something changed, or on the first time) or `AgentsNotRead`.
    ReadAgents {
        /// Given back.
        token: Token,
        /// The interval.
        every_seconds: u32,
    },
    /// Read what is kept about a server: `Inventory`.
    ReadInventory(String),
    /// Keep a part of what is known about a server, in the place of what was kept of it.
    KeepInventory {
        /// The server, as in `ReadInventory`.
        of: String,
        /// What.
        part: InventoryPart,
    },
    /// Read an exported server (a folder) or agent (a file): `Inventory`.
    ReadExport(PathBuf),
    /// See what a file or folder is that was dropped on the window: `Inventory`.
    LookAtDropped(PathBuf),
    /// Start a run host on the connected server and attach to it: `RunStarted` then updates, or
    /// `RunNotStarted`.
    StartRun(Box<StartOrder>),
    /// Find the runs of this machine: `RunsFound`.
    FindRuns {
        /// Only those of this file, to attach again; given back.
        of_file: Option<PathBuf>,
    },
    /// Attach to a run: `RunStarted` then updates, or `RunNotStarted`.
    Attach(PathBuf),
    /// Stop watching; the run goes on.
    Detach,
    /// Tell the watched run something: `NotControlled` when it cannot be told.
    Control(RunControl),
    /// Store the settings.
    SaveSettings(Box<Settings>),
    /// Open a file with the system's program: `Failed` when there is none.
    OpenExternally(PathBuf),
    /// Read a file's state for the list of recent files: `RecentSeen`.
    LookAtRecent(Vec<PathBuf>),
    /// Put text on the clipboard (performed by the window).
    CopyText(String),
    /// Ask the window for the clipboard's text: `Msg::Pasted`.
    PasteText,
    /// Move the keyboard to a panel (performed by the window).
    Focus(Panel),
    /// Scroll to a place of the canvas (performed by the window).
    Reveal(Place),
    /// Show another part of the run's time (performed by the window).
    ZoomTimeline(TimelineZoom),
    /// Close the window now.
    CloseWindow,
}

/// How the shown part of a run's time changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineZoom {
    /// A shorter part, around its middle.
    In,
    /// A longer part, around its middle.
    Out,
    /// All of it.
    All,
}

/// What is kept about a server; each part by itself, for several windows may keep some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InventoryPart {
    /// What it told when it was last asked.
    Told(Told),
    /// What was exported from it; `None` forgets that.
    Export(Option<Export>),
    /// All of it goes.
    Nothing,
}

/// Which part of a sequence runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunScope {
    /// All of it.
    #[default]
    All,
    /// One thread.
    OnlyThread(usize),
    /// One thread from one of its steps on.
    From {
        /// The thread.
        thread: usize,
        /// The first step.
        step: usize,
    },
}

impl RunScope {
    /// The part that it leaves, when that is not all.
    pub const fn part(self) -> Option<RunPart> {
        match self {
            Self::All => None,
            Self::OnlyThread(thread) => Some(RunPart {
                thread,
                first_step: 0,
            }),
            Self::From { thread, step } => Some(RunPart {
                thread,
                first_step: step,
            }),
        }
    }
}

/// A run to start. What does not take part is switched off in `sequence`, so that places stay.
#[derive(Debug, Clone)]
pub struct StartOrder {
    /// Given back.
    pub token: Token,
    /// What runs.
    pub sequence: Arc<Sequence>,
    /// Which part of the document that is, when it is not all of it.
    pub part: Option<RunPart>,
    /// The file it belongs to; `None` when it was never saved.
    pub file: Option<PathBuf>,
    /// The agents of the server, for the rules; `None` as long as they are not known.
    pub agents: Option<Arc<[AgentInfo]>>,
    /// Names the document in this window: two that were never saved are not the same.
    pub document: u64,
    /// The server; the one that is connected.
    pub choice: ServerChoice,
    /// The password.
    pub password: Option<Secret>,
}
