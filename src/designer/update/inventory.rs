//! What is kept about the server that is meant: looked for when another one is meant, kept again when
//! the connected one says something else, joined with what was exported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;

use crate::mim::{AgentInfo, Export, Inventory, Knowledge, Told};

use super::super::inventory::{ServerInventory, key};
use super::super::words::inventory as words;
use super::super::{
    AfterSave, Connection, Effect, InventoryAnswer, InventoryPart, PathPurpose, Screen, State,
    ToastKind,
};
use super::toasts::{failed, toast};
use super::{canvas, files, servers};

/// How old what is kept may be while the same is said again and again.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Brings everything that depends on the server up to date with it, after each message.
pub(super) fn follow(state: &mut State, effects: &mut Vec<Effect>) {
    turn(state, effects);
    remember(state, effects);
    join(state, effects);
}

/// Looks for what is kept when another server is meant.
fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    let meant = match &state.connection {
        Connection::Connecting { choice, .. } | Connection::Connected { choice, .. } => key(choice),
        Connection::None | Connection::Failed { .. } => key(&servers::meant(state)),
    };
    let old = &mut state.inventory;
    if old.of.as_ref() == Some(&meant) {
        return;
    }
    // What was read before a server was named is of the one that is named now.
    let is_carried = old.is_carried || old.is_unnamed();
    let export = old.kept.export.take().filter(|_| is_carried);
    state.inventory = ServerInventory {
        is_carried: export.is_some(),
        is_changed: true,
        reading: old.reading.take(),
        kept: Inventory { told: None, export },
        ..ServerInventory::new(meant.clone())
    };
    effects.push(Effect::ReadInventory(meant));
}

/// What is kept, or what was exported, is known.
pub(super) fn answered(state: &mut State, answer: InventoryAnswer) -> Vec<Effect> {
    match answer {
        InventoryAnswer::Read {
            of,
            inventory,
            problem,
        } => read(state, &of, *inventory, problem),
        InventoryAnswer::Export { path, export } => export_read(state, &path, export),
        InventoryAnswer::Dropped {
            path,
            is_export: true,
        } => read_export(state, path),
        InventoryAnswer::Dropped {
            path,
            is_export: false,
        } => files::open(state, path),
    }
}

/// What was kept has been read.
fn read(state: &mut State, of: &str, kept: Inventory, problem: Option<String>) -> Vec<Effect> {
    let inventory = &mut state.inventory;
    if inventory.of.as_deref() != Some(of) || inventory.is_loaded {
        return Vec::new();
    }
    inventory.is_loaded = true;
    inventory.is_changed = true;
    inventory.can_keep = problem.is_none();
    inventory.kept.told = kept.told;
    // One that was read for this server meanwhile is newer; one that nobody said a server for is not.
    let is_own = inventory.kept.export.is_some() && !inventory.is_carried;
    if !is_own && kept.export.is_some() {
        inventory.kept.export = kept.export;
        inventory.is_carried = false;
    }
    if let Some(sentence) = problem {
        toast(state, ToastKind::Warning, words::NOT_KEPT, sentence, None);
    }
    Vec::new()
}

/// Keeps what the connected server says, once it is known what it said before.
fn remember(state: &mut State, effects: &mut Vec<Effect>) {
    let inventory = &mut state.inventory;
    let Connection::Connected { server, agents, .. } = &state.connection else {
        return;
    };
    let (Some(read_at), true) = (agents.read_at, inventory.is_loaded) else {
        return;
    };
    if !inventory.is_changed && is_joined(inventory, Some(&agents.list)) {
        return;
    }
    let before = inventory.kept.told.as_ref();
    let account = match server.account.as_str() {
        "" => &server.signed_on,
        account => account,
    };
    let told = Told {
        server: server.name.clone(),
        account: account.to_owned(),
        read_at,
        agents: Arc::clone(&agents.list),
        former: Vec::new(),
    }
    .after(before);
    let is_news = before.is_none_or(|before| {
        !before.says_the_same(&told) || read_at.duration_since(before.read_at) >= FRESH
    });
    if is_news {
        inventory.is_changed = true;
        inventory.kept.told = Some(told.clone());
        keep(inventory, effects, InventoryPart::Told(told));
    }
    if std::mem::take(&mut inventory.is_carried) {
        let export = inventory.kept.export.clone();
        keep(inventory, effects, InventoryPart::Export(export));
    }
}

fn keep(inventory: &ServerInventory, effects: &mut Vec<Effect>, part: InventoryPart) {
    if let Some(of) = inventory.of.clone().filter(|_| inventory.can_keep) {
        effects.push(Effect::KeepInventory { of, part });
    }
}

fn is_joined(inventory: &ServerInventory, live: Option<&Arc<[AgentInfo]>>) -> bool {
    match (live, &inventory.joined) {
        (Some(live), Some(joined)) => Arc::ptr_eq(live, joined),
        (None, None) => true,
        _ => false,
    }
}

/// Joins everything that is known, and has the rules look at it.
fn join(state: &mut State, effects: &mut Vec<Effect>) {
    let agents = state.connection.agents();
    let live = agents
        .filter(|agents| agents.read_at.is_some())
        .map(|agents| &agents.list);
    let inventory = &mut state.inventory;
    if !inventory.is_changed && is_joined(inventory, live) {
        return;
    }
    let knowledge = Knowledge::of(live, &inventory.kept).map(Arc::new);
    let is_same = match (&inventory.knowledge, &knowledge) {
        (Some(old), Some(new)) => old.is_same_to_rules(new),
        (None, None) => true,
        _ => false,
    };
    inventory.joined = live.cloned();
    inventory.knowledge = knowledge;
    inventory.is_changed = false;
    let now = state.knowledge();
    let mut is_ordered = false;
    for effect in &mut *effects {
        if let Effect::Check { known, .. } = effect {
            known.clone_from(&now);
            is_ordered = true;
        }
    }
    if !is_same && !is_ordered {
        effects.push(canvas::check(state));
    }
}

/// Asks for what was exported, beginning beside what was read before, or else beside the open file.
pub(super) fn ask(state: &State, is_folder: bool) -> Vec<Effect> {
    let export = state.inventory.kept.export.as_ref();
    let folder = export.and_then(|export| Path::new(&export.origin).parent().map(PathBuf::from));
    let folder = folder.or_else(|| files::own_folder(state));
    vec![Effect::ChoosePath {
        purpose: PathPurpose::Export { is_folder },
        folder,
        name: None,
    }]
}

/// Reads what was exported.
pub(super) fn read_export(state: &mut State, path: PathBuf) -> Vec<Effect> {
    state.inventory.reading = Some(path.clone());
    vec![Effect::ReadExport(path)]
}

/// What was exported has been read, or cannot be.
fn export_read(state: &mut State, path: &Path, export: Result<Box<Export>, String>) -> Vec<Effect> {
    let inventory = &mut state.inventory;
    if inventory.reading.as_deref() != Some(path) {
        return Vec::new();
    }
    inventory.reading = None;
    let export = match export {
        Ok(export) => *export,
        Err(sentence) => {
            failed(state, words::NOT_READ, sentence);
            return Vec::new();
        }
    };
    let said = export.clone();
    let export = export.joined(inventory.kept.export.take());
    inventory.kept.export = Some(export.clone());
    inventory.is_changed = true;
    inventory.is_carried = false;
    let mut effects = Vec::new();
    keep(inventory, &mut effects, InventoryPart::Export(Some(export)));
    tell(state, &said);
    let is_waiting = state.dialog.is_some() || state.pending.opening.is_some();
    if state.screen == Screen::Welcome && !is_waiting {
        // What was read is to be seen, with a thread to draw it into.
        effects.extend(files::proceed(state, AfterSave::New));
    }
    effects
}

/// Says what was read, and when it does not fit to the connected server.
fn tell(state: &mut State, export: &Export) {
    let stranger = match &state.connection {
        Connection::Connected { server, agents, .. } => {
            let is_known = agents.list.iter().any(|agent| export.has(agent));
            (!is_known).then(|| server.name.clone())
        }
        _ => None,
    };
    let (kind, title, text) = match stranger {
        Some(server) => (
            ToastKind::Warning,
            words::of_another(&server),
            words::of_another_help(export),
        ),
        None => (
            ToastKind::Success,
            words::READ.to_owned(),
            words::extent(export),
        ),
    };
    toast(state, kind, title, text, None);
}

/// Forgets what was exported.
pub(super) fn forget_export(state: &mut State) -> Vec<Effect> {
    let inventory = &mut state.inventory;
    inventory.kept.export = None;
    inventory.is_changed = true;
    inventory.is_carried = false;
    let mut effects = Vec::new();
    keep(inventory, &mut effects, InventoryPart::Export(None));
    effects
}

#[cfg(test)]
mod tests;
