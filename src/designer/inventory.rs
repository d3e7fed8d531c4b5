//! What is kept about the server that is meant, connected or not: what it told when it was last
//! asked, and what was exported from it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::mim::{AgentInfo, Export, Inventory, Knowledge};
use crate::model::{ServerSettings, Transport};

use super::connection::ServerChoice;

/// How old what is kept may be while the same is said again and again.
pub const KEPT_FRESH: SignedDuration = SignedDuration::from_mins(5);

/// What is kept about the server that is meant.
#[derive(Debug, Clone, Default)]
pub struct ServerInventory {
    /// What is kept.
    pub kept: Inventory,
    /// The export that is being read.
    pub reading: Option<PathBuf>,
    /// The server for which it is read, by its name.
    pub(super) reading_of: String,
    /// The server, by the name under which it is kept; `None` before anything was looked for.
    pub(super) of: Option<String>,
    /// Everything that is known about the server, joined.
    pub(super) knowledge: Option<Arc<Knowledge>>,
    /// What the connected server said when it was joined.
    pub(super) joined: Option<Arc<[AgentInfo]>>,
    /// Whether something was kept since.
    pub(super) is_changed: bool,
    /// Whether it is known what was kept in former days.
    pub(super) is_loaded: bool,
    /// Whether something can be kept for later days.
    pub(super) can_keep: bool,
    /// Whether the export was read or forgotten before it was known what can be kept.
    pub(super) is_owed: bool,
    /// What this window has read while no server was named: of the first that is connected and fits.
    pub(super) carried: Option<Export>,
    /// Whether that is shown, and not kept for this server yet.
    pub(super) is_carried: bool,
}

/// Whether a server has said what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It is connected.
    Now,
    /// Only earlier, or an export says it.
    Before,
    /// Nobody knows anything.
    Never,
}

/// The name under which is kept what belongs to no server that was named.
pub(super) fn unnamed() -> String {
    ServerSettings::default().kept_as()
}

/// The name under which a server is kept.
pub(super) fn key(choice: &ServerChoice) -> String {
    match choice {
        ServerChoice::Demo => demo(),
        ServerChoice::Winrm(settings) => settings.kept_as(),
    }
}

fn demo() -> String {
    let settings = ServerSettings {
        transport: Transport::Demo,
        ..ServerSettings::default()
    };
    settings.kept_as()
}

impl ServerInventory {
    /// Of another server, about which nothing is known yet.
    pub(super) fn new(key: String) -> Self {
        Self {
            of: Some(key),
            ..Self::default()
        }
    }

    /// The name under which the server is kept; empty before anything was looked for.
    pub fn of(&self) -> &str {
        self.of.as_deref().unwrap_or_default()
    }

    /// Whether no server is named that it could be kept for.
    pub(super) fn is_unnamed(&self) -> bool {
        self.of() == unnamed()
    }

    /// Whether what was read before a server was named may be of this one.
    pub(super) fn may_be_carried_to(&self) -> bool {
        self.of() != demo()
    }
}
