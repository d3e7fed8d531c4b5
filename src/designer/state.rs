//! Everything that the window shows, in one value.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::check::{Problem, Severity};
use crate::model::{Place, Sequence};
use crate::settings::Settings;

use super::connection::{Connection, ServerFields};
use super::dialog::{Dialog, Toast};
use super::document::Document;
use super::drag::Drag;
use super::effect::RunScope;
use super::inventory::ServerInventory;
use super::selection::Selection;
use super::tree::TreeState;
use super::watch::{LogFilter, Watch};

/// The state of the designer. Only [`super::update`] changes it.
#[derive(Debug, Clone)]
pub struct State {
    /// Which screen is shown.
    pub screen: Screen,
    /// The open document; on the welcome screen an untouched new one.
    pub document: Document,
    /// Undo and redo.
    pub history: super::history::History,
    /// What is chosen on the canvas.
    pub selection: Selection,
    /// The place whose name is being edited in place.
    pub renaming: Option<Place>,
    /// What the rules say.
    pub problems: Problems,
    /// What the server bar holds.
    pub fields: ServerFields,
    /// The server.
    pub connection: Connection,
    /// What is kept about the server, connected or not.
    pub inventory: ServerInventory,
    /// What to start as soon as a server is connected.
    pub start_after_connect: Option<RunScope>,
    /// Whether a run is being started.
    pub is_starting: bool,
    /// The watched run; while it is there the canvas shows it instead of the document.
    pub watch: Option<Watch>,
    /// The step or thread of the watched run that the inspector shows.
    pub watched_place: Option<Place>,
    /// The tree.
    pub tree: TreeState,
    /// What the log panel shows.
    pub log_filter: LogFilter,
    /// Whether the log follows its end.
    pub log_follows: bool,
    /// The panel with the keyboard.
    pub focus: Panel,
    /// The drag under way.
    pub drag: Option<Drag>,
    /// The dialog over the window.
    pub dialog: Option<Dialog>,
    /// The palette, if open.
    pub palette: Option<Palette>,
    /// The search, if open.
    pub find: Option<Find>,
    /// Messages that pass, the oldest first, at most three.
    pub toasts: Vec<Toast>,
    /// What the person set up.
    pub settings: Settings,
    /// Whether the recent files are there, as last looked.
    pub recent_seen: BTreeMap<PathBuf, bool>,
    /// Questions that are under way.
    pub(super) pending: super::pending::Pending,
    /// The last token and toast number given away.
    pub(super) last_number: u64,
    /// The last content number given away.
    pub(super) last_content: u64,
    /// How many messages were taken.
    pub(super) age: u64,
}

/// Which screen is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Nothing is open: demo server, connect, new, open, recent files, templates.
    Welcome,
    /// The document or the watched run.
    Work,
}

/// What the rules say about the document.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// The problems in the order of the document.
    pub list: Vec<Problem>,
    /// The worst severity of each place that has a problem, for marks on cards and heads.
    pub marks: BTreeMap<Place, Severity>,
    /// Which content they belong to; older than the document's while a check is under way.
    pub content: u64,
    /// The problem that F8 came to, by index.
    pub current: Option<usize>,
}

/// A part of the window that can have the keyboard, in the order of F6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Panel {
    /// The server bar.
    Server,
    /// The tree of agents.
    Tree,
    /// The threads.
    #[default]
    Canvas,
    /// The inspector.
    Inspector,
    /// The bottom panel.
    Bottom,
}

/// The palette while it is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// The chosen row.
    pub row: usize,
}

/// The search while it is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Find {
    /// What was typed.
    pub text: String,
    /// What was found, in the order of the document.
    pub hits: Vec<Place>,
    /// The current hit.
    pub current: Option<usize>,
}

impl State {
    /// The state at start: the welcome screen.
    pub fn new(settings: Settings) -> Self {
        Self {
            screen: Screen::Welcome,
            document: Document::new(Sequence::default()),
            history: super::history::History::default(),
            selection: Selection::default(),
            renaming: None,
            problems: Problems::default(),
            fields: ServerFields::default(),
            connection: Connection::None,
            inventory: ServerInventory::default(),
            start_after_connect: None,
            is_starting: false,
            watch: None,
            watched_place: None,
            tree: TreeState::default(),
            log_filter: LogFilter::default(),
            log_follows: true,
            focus: Panel::default(),
            drag: None,
            dialog: None,
            palette: None,
            find: None,
            toasts: Vec::new(),
            settings,
            recent_seen: BTreeMap::new(),
            pending: super::pending::Pending::default(),
            last_number: 0,
            last_content: 0,
            age: 0,
        }
    }

    /// Tells one state from the next: nothing changes as long as this number stays.
    pub const fn age(&self) -> u64 {
        self.age
    }

    /// Whether a run is being watched that has not ended: then nothing is edited.
    pub fn is_running(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::is_going_on)
    }
}
