//! Everything that can happen to the designer: what a person does, and what the world answers.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::secret::Secret;
use crate::check::Problem;
use crate::mim::{AgentInfo, Export, Inventory};
use crate::model::{Authentication, Place, ResourceUris, Sequence};
use crate::run::{RunEvent, RunId, RunSummary};
use crate::settings::Settings;

use super::BottomTab;
use super::command::Command;
use super::connect_form::ConnectMethod;
use super::connection::Certificate;
use super::diagnosis::DiagnosisNews;
use super::dialog::PathPurpose;
use super::document::FileStamp;
use super::drag::{DragSource, DropPoint};
use super::edit::Edit;
use super::effect::Token;
use super::state::Panel;
use super::tree::TreeItem;
use super::watch::LogFilter;

/// A message to the designer.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A command, from wherever: menu, toolbar, key, palette, context menu.
    Command(Command),
    /// A change of the sequence from the inspector or the canvas.
    Edit(Edit),
    /// A field lost the keyboard: the next edit of it is an undo step of its own.
    EndTyping,
    /// The selection changes.
    Select(Select),
    /// The keyboard moves on the canvas; `extend` keeps what is chosen.
    Cursor {
        /// Where to.
        direction: Direction,
        /// Whether the selection grows.
        extend: bool,
    },
    /// Dragging.
    Drag(DragMsg),
    /// The tree.
    Tree(TreeMsg),
    /// The server bar.
    Server(ServerMsg),
    /// The Connect dialog; its password comes as `DialogPassword`.
    Connect(ConnectMsg),
    /// Panels and the log.
    Panel(PanelMsg),
    /// The palette.
    Palette(PaletteMsg),
    /// Searching the sequence.
    Find(FindMsg),
    /// Rename in place: `None` begins at the selection, `Some` ends with this name.
    Rename {
        /// Which.
        place: Place,
        /// The new name; empty takes a step's own name away.
        name: String,
    },
    /// What is being typed as the new name; it counts when something else begins before it is
    /// accepted.
    RenameText(String),
    /// Ends rename in place without a change.
    CancelRename,
    /// Asks for a path with the system's dialog; the answer changes what the path is for.
    Browse(PathPurpose),
    /// Opens a file (recent list, drop on the window, command line).
    OpenFile(PathBuf),
    /// A file or folder was dropped on the window: a sequence, or something exported.
    Dropped(PathBuf),
    /// Begins a template, by index in `templates`.
    UseTemplate(usize),
    /// Forgets the recent files.
    ClearRecent,
    /// Selects a problem of the list and shows its place.
    ShowProblem(usize),
    /// Applies the quick fix of a problem of the list.
    FixProblem(usize),
    /// The text of the clipboard.
    Pasted(String),
    /// A dialog's text changed (path, agent, profile).
    DialogText {
        /// Which field: 0 is the first.
        field: usize,
        /// The text.
        text: String,
    },
    /// A dialog was confirmed with its first button, or the given one.
    DialogAnswer(DialogButton),
    /// A password was typed into its dialog.
    DialogPassword(Secret),
    /// Attach to this run.
    AttachTo(PathBuf),
    /// Recover this copy.
    Recover(String),
    /// Throw this copy away.
    DiscardRecovery(String),
    /// Settings were changed by their dialog.
    Settings(Box<Settings>),
    /// A passing message was closed or ran out.
    CloseToast(u64),
    /// The action of a passing message.
    ToastAction(u64),
    /// The person wants to close the window.
    CloseRequested,
    /// The window's place or size changed; stored with the settings.
    WindowChanged {
        /// Width and height in points, and whether it is maximized.
        size: (f32, f32, bool),
    },
    /// An answer of the world.
    Answer(Answer),
}

/// A button of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogButton {
    /// The dialog's main choice: save, overwrite, open, connect, stop, close.
    Primary,
    /// Its other choice: discard, reload, leave.
    Secondary,
    /// Neither: stay as it is (also Escape).
    Cancel,
}

/// How the selection changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// Only this; `Place::Sequence` selects nothing, which shows the sequence itself.
    One(Place),
    /// This too, or no longer (Ctrl+click).
    Toggle(Place),
    /// From the anchor to this (Shift+click).
    To(Place),
}

/// A direction of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the step above, or from the first step to the thread's head.
    Up,
    /// To the step below.
    Down,
    /// To the thread on the left.
    Left,
    /// To the thread on the right.
    Right,
    /// To the first.
    Home,
    /// To the last.
    End,
}

/// What happens to a drag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DragMsg {
    /// It begins. A dragged step that is not chosen becomes the selection; a chosen one takes all
    /// chosen ones along.
    Start(DragSource),
    /// The pointer is here; for a thread, `DropPoint::NewThread` says before which one.
    Over {
        /// Where it would land.
        target: Option<DropPoint>,
        /// Whether Ctrl is held.
        is_copy: bool,
    },
    /// It ends where it is.
    Drop,
    /// It ends without a change.
    Cancel,
}

/// What happens to the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeMsg {
    /// Another filter.
    Filter(String),
    /// An agent is folded or unfolded.
    Toggle(crate::mim::AgentName),
    /// All agents are folded or unfolded.
    FoldAll(bool),
    /// A row is chosen.
    Select(Option<TreeItem>),
    /// A run profile is added to the selected thread (double click, Enter).
    Add(TreeItem),
}

/// What happens to the server bar.
#[derive(Debug, Clone)]
pub enum ServerMsg {
    /// Another host.
    Host(String),
    /// Another account.
    User(String),
    /// Another password.
    Password(Secret),
}

/// What happens to the Connect dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectMsg {
    /// Another method.
    Method(ConnectMethod),
    /// Another host.
    Host(String),
    /// Another port, as typed.
    Port(String),
    /// HTTPS or HTTP.
    Tls(bool),
    /// Another way to prove the account.
    Authentication(Authentication),
    /// Another account.
    User(String),
    /// Another file of authorities to trust, as typed.
    CaFile(String),
    /// Whether it goes on where nothing is encrypted.
    AllowUnencrypted(bool),
    /// Another way to write classes as URIs.
    ResourceUris(ResourceUris),
    /// Whether the password is to be kept in the system's store.
    Remember(bool),
    /// Everything as it was with a server of the list, by index in `Settings::recent_servers`.
    Recent(usize),
    /// The certificate that was shown is trusted from now on, and it is connected again.
    Trust {
        /// Whether the sequence and the list of servers keep it, too; else it ends with the window.
        keep: bool,
    },
    /// No certificate is pinned any more.
    Unpin,
    /// The account's password goes out of the system's store.
    ForgetPassword,
    /// A server goes out of the list, by index in `Settings::recent_servers`.
    ForgetRecent(usize),
    /// The doctor examines the way that is typed.
    Examine,
    /// Whether the doctor tries an order, too.
    TryOrder(bool),
    /// What the doctor found goes to the clipboard.
    CopyDiagnosis,
}

/// What happens to panels.
#[derive(Debug, Clone, PartialEq)]
pub enum PanelMsg {
    /// A tab of the bottom panel is shown.
    Tab(BottomTab),
    /// A panel has the keyboard.
    Focused(Panel),
    /// Sizes were dragged: tree, inspector, bottom, in points.
    Sizes(f32, f32, f32),
    /// Another filter of the log.
    Log(LogFilter),
    /// The log follows its end, or no longer.
    FollowLog(bool),
}

/// What happens to the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaletteMsg {
    /// Another text.
    Text(String),
    /// The choice moves by so many rows.
    Move(i32),
    /// A row is performed; `None` the chosen one. `keep_open` leaves the palette open.
    Run {
        /// Which.
        row: Option<usize>,
        /// Whether it stays open.
        keep_open: bool,
    },
    /// It closes.
    Close,
}

/// What happens to the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindMsg {
    /// Another text.
    Text(String),
    /// The next (true) or previous hit.
    Go {
        /// Forwards.
        forward: bool,
    },
    /// It closes.
    Close,
}

/// What a connected server says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectedServer {
    /// Its name, short; for the server bar and the status bar.
    pub name: String,
    /// The full address.
    pub address: String,
    /// The account: the one that was named, else whoever is signed on; may be empty.
    pub account: String,
    /// Who is signed on and how, such as `CONTOSO\svc-mim by NTLM, encrypted`; may be empty.
    pub signed_on: String,
    /// What answers there, such as a product name and version; may be empty.
    pub product: String,
    /// How long an answer took, in milliseconds.
    pub reply_ms: u64,
}

/// A run of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRun {
    /// Its socket; what `Effect::Attach` takes.
    pub socket: PathBuf,
    /// The run.
    pub run: RunId,
    /// The sequence's name.
    pub sequence: String,
    /// The sequence's file.
    pub file: Option<String>,
    /// When it began.
    pub started: Timestamp,
}

/// A copy of work that was interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCopy {
    /// Names it.
    pub id: String,
    /// The file it belongs to.
    pub file: Option<PathBuf>,
    /// When it was written.
    pub written: Timestamp,
}

/// What the system's store of passwords says; each with why it could not, one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreAnswer {
    /// It keeps the password.
    Remembered(Option<String>),
    /// It has it no longer.
    Forgotten(Option<String>),
}

/// What is known of a server besides what it says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InventoryAnswer {
    /// What is kept about a server was read.
    Read {
        /// Which.
        of: String,
        /// What; empty when nothing is.
        inventory: Box<Inventory>,
        /// Why it could not be read, one sentence; then nothing is written either.
        problem: Option<String>,
    },
    /// An export was read.
    Export {
        /// The file or folder.
        path: PathBuf,
        /// What it holds, or why it cannot be used, one sentence.
        export: Result<Box<Export>, String>,
    },
    /// It is known what was dropped on the window.
    Dropped {
        /// The file or folder.
        path: PathBuf,
        /// Whether it is something exported, and not a sequence.
        is_export: bool,
    },
}

/// An answer of the world.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A file was read.
    Opened {
        /// The file, absolute.
        file: PathBuf,
        /// What it holds.
        sequence: Box<Sequence>,
        /// Its state.
        stamp: FileStamp,
        /// When (for the recent files).
        at: Timestamp,
    },
    /// A file could not be read; the sentence names file, line and column.
    NotOpened {
        /// The file.
        file: PathBuf,
        /// Why.
        sentence: String,
    },
    /// A file was written.
    Saved {
        /// The file.
        file: PathBuf,
        /// Which content.
        content: u64,
        /// Its state now.
        stamp: FileStamp,
        /// When.
        at: Timestamp,
    },
    /// A file could not be written; nothing was changed.
    NotSaved {
        /// The file.
        file: PathBuf,
        /// Why.
        sentence: String,
    },
    /// A file was not written, because somebody changed it since.
    ChangedUnderneath {
        /// The file.
        file: PathBuf,
        /// Its state now; `None` when it is gone.
        theirs: Option<FileStamp>,
    },
    /// The watched file changed; `None` means that it is gone.
    DiskChanged {
        /// Which.
        file: PathBuf,
        /// Its state now.
        theirs: Option<FileStamp>,
    },
    /// A path was chosen.
    PathChosen {
        /// What for.
        purpose: PathPurpose,
        /// The path.
        path: PathBuf,
    },
    /// The person closed the dialog.
    PathCancelled,
    /// No dialog can open here.
    NoDialog {
        /// What for.
        purpose: PathPurpose,
        /// Where to begin.
        folder: Option<PathBuf>,
    },
    /// The copies of interrupted work.
    RecoveryFound(Vec<RecoveryCopy>),
    /// A copy was read.
    Recovered {
        /// The file it belongs to.
        file: Option<PathBuf>,
        /// What it holds.
        sequence: Box<Sequence>,
        /// The state of that file now.
        stamp: Option<FileStamp>,
    },
    /// The rules were applied.
    Checked {
        /// To which content.
        content: u64,
        /// What they say.
        problems: Vec<Problem>,
    },
    /// A server is connected.
    Connected {
        /// Which attempt.
        token: Token,
        /// What it says.
        server: ConnectedServer,
        /// Its agents.
        agents: Arc<[AgentInfo]>,
        /// When they were read.
        at: Timestamp,
    },
    /// A server could not be connected.
    NotConnected {
        /// Which attempt.
        token: Token,
        /// Why, one sentence.
        sentence: String,
        /// Whether another password may help.
        is_password: bool,
        /// The certificate that the server showed, when it is not trusted.
        certificate: Option<Box<Certificate>>,
    },
    /// What the doctor finds.
    Examined {
        /// Which examination.
        token: Token,
        /// What it tells.
        news: DiagnosisNews,
    },
    /// What the system's store has for an account.
    Recalled {
        /// Which question.
        token: Token,
        /// The password, if there is one.
        password: Option<Secret>,
        /// Why the store could not be asked, one sentence; not that there is none.
        problem: Option<String>,
    },
    /// The system's store has kept or forgotten a password.
    Store(StoreAnswer),
    /// The agents were read again.
    AgentsRead {
        /// Which connection.
        token: Token,
        /// The agents.
        agents: Arc<[AgentInfo]>,
        /// When.
        at: Timestamp,
        /// How long an answer took.
        reply_ms: u64,
    },
    /// The agents could not be read; the connection is kept, and asked again.
    AgentsNotRead {
        /// Which connection.
        token: Token,
        /// Why.
        sentence: String,
    },
    /// What is kept about a server, or was exported from one.
    Inventory(InventoryAnswer),
    /// A run is being watched from now on; `Snapshot` follows.
    RunStarted {
        /// Which order; `None` when it was attached to.
        token: Option<Token>,
        /// The run.
        run: ListedRun,
    },
    /// A run could not be started or attached to.
    RunNotStarted {
        /// Why, one sentence.
        sentence: String,
    },
    /// A run was not started, because the rules say that it cannot run.
    RunRefused {
        /// The errors, in the order of the document.
        errors: Vec<Problem>,
    },
    /// What the watched run has said since.
    RunUpdates(Vec<RunUpdate>),
    /// The host of the watched run is gone: after its end, or (no end seen) it broke off.
    RunGone,
    /// The watched run could not be told something.
    NotControlled {
        /// Why.
        sentence: String,
    },
    /// The runs of this machine.
    RunsFound {
        /// As asked.
        of_file: Option<PathBuf>,
        /// What was found.
        runs: Vec<ListedRun>,
        /// Why not all could be asked.
        problem: Option<String>,
    },
    /// Which of the recent files are there.
    RecentSeen(Vec<(PathBuf, bool)>),
    /// Something else failed.
    Failed {
        /// Why, one sentence.
        sentence: String,
    },
}

/// What a watched run says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunUpdate {
    /// Its state as a whole: first, and again when events were missed.
    Snapshot(Box<RunSummary>),
    /// The next event.
    Event(Box<RunEvent>),
}
