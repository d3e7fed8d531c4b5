//! The whole designer minus pixels: what is open, chosen, connected and watched, and what everything
//! that a person does changes about it.
//!
//! Pure: [`update`] takes the state and a message and answers with effects that others perform. Must
//! not draw, wait, read a clock or touch a file; `ui` draws the state and `ui::effects` performs the
//! effects. Every text for people is in [`words`].

mod agent_kind;
#[cfg(test)]
mod any_command_tests;
mod clipboard;
mod command;
mod connect_form;
mod connection;
mod diagnosis;
mod dialog;
mod document;
mod drag;
mod edit;
mod effect;
mod fix;
#[cfg(test)]
mod fixtures;
mod fuzzy;
mod history;
mod inventory;
mod known;
mod msg;
mod palette;
mod pending;
mod profiles;
pub mod recipe;
mod selection;
mod state;
mod template;
mod tree;
pub mod typed;
mod update;
mod watch;
pub mod words;
mod xml;

pub use crate::settings::BottomTab;
pub use agent_kind::AgentKind;
pub use command::{Command, Key, Menu, Shortcut};
pub use connect_form::{ConnectField, ConnectForm, ConnectMethod, signs_on_alone};
pub use connection::{Agents, Certificate, Connection, ServerChoice, ServerFields, TypedPassword};
pub use diagnosis::{Diagnosis, DiagnosisNews, Finding, Station, StationVerdict};
pub use dialog::{AfterSave, Dialog, PathPurpose, ProgramOf, Toast, ToastAction, ToastKind};
pub use document::{DiskState, Document, FileStamp};
pub use drag::{Drag, DragHint, DragSource, DropPoint, drag_hint};
pub use edit::{Applied, Edit, Field, MergeKey, SequenceHead, StepChange, ThreadHead};
pub use effect::{Effect, InventoryPart, PasswordOf, RunScope, StartOrder, TimelineZoom, Token};
pub use fix::{Cure, Fix, fix};
pub use history::History;
pub use inventory::{Asked, KEPT_FRESH, ServerInventory};
pub use msg::{
    Answer, ConnectMsg, ConnectedServer, DialogButton, Direction, DragMsg, FindMsg,
    InventoryAnswer, ListedRun, Msg, PaletteMsg, PanelMsg, RecoveryCopy, RunUpdate, Select,
    ServerMsg, StoreAnswer, TreeMsg,
};
pub use palette::{PaletteGroup, PaletteMark, PaletteRow, palette_rows};
pub use selection::Selection;
pub use state::{Find, Palette, Panel, Problems, Screen, State};
pub use template::{TEMPLATES, Template};
pub use tree::{TreeItem, TreeRow, TreeState, tree_rows};
pub use update::{begin, update};
pub use watch::{
    Bar, BarKind, Lane, LogEntry, LogFilter, LogView, RunLog, SyncBar, Timeline, Watch,
};
pub use watch::{CardState, CardText, CardTime};
pub use watch::{Headline, HeadlineState, RunCounts};
pub use watch::{StatisticsErrors, StatisticsGroup, statistics_errors, statistics_view};
pub use xml::XmlText;
