//! What is kept about the server that is meant: looked for when another one is meant, kept again when
//! the connected one says something else, joined with what was exported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::mim::{AgentInfo, Export, Inventory, Knowledge, Told};

use super::super::inventory::{KEPT_FRESH, ServerInventory, key, unnamed};
use super::super::words::inventory as words;
use super::super::{
    AfterSave, Connection, Effect, InventoryAnswer, InventoryPart, PathPurpose, Screen, State,
    ToastKind,
};
use super::toasts::{failed, toast};
use super::{canvas, files, servers};

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
    state.inventory = ServerInventory {
        is_changed: true,
        reading: old.reading.take(),
        reading_of: std::mem::take(&mut old.reading_of),
        carried: old.carried.take(),
        ..ServerInventory::new(meant.clone())
    };
    show_carried(&mut state.inventory);
    effects.push(Effect::ReadInventory(meant));
}

/// What was read before a server was named is shown with the one that is named now.
fn show_carried(inventory: &mut ServerInventory) {
    if inventory.kept.export.is_none() && inventory.may_be_carried_to() {
        inventory.kept.export.clone_from(&inventory.carried);
        inventory.is_carried = inventory.carried.is_some();
    }
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
    let mut effects = Vec::new();
    if std::mem::take(&mut inventory.is_owed) {
        // What was read for this server meanwhile joins it; what was forgotten meanwhile is gone.
        let own = inventory.kept.export.take();
        inventory.kept.export = own.map(|own| own.joined(kept.export));
        let export = inventory.kept.export.clone();
        keep(inventory, &mut effects, InventoryPart::Export(export));
    } else if kept.export.is_some() {
        inventory.kept.export = kept.export;
        inventory.is_carried = false;
    }
    if let Some(sentence) = problem {
        toast(state, ToastKind::Warning, words::NOT_KEPT, sentence, None);
    }
    effects
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
    let told = Told {
        server: server.name.clone(),
        account: server.account.clone(),
        read_at,
        agents: Arc::clone(&agents.list),
        former: Vec::new(),
    }
    .after(before);
    let is_news = before.is_none_or(|before| {
        !before.says_the_same(&told) || told.read_at.duration_since(before.read_at) >= KEPT_FRESH
    });
    if is_news {
        inventory.is_changed = true;
        inventory.kept.told = Some(told.clone());
        keep(inventory, effects, InventoryPart::Told(told));
    }
    if inventory.is_unnamed() {
        // The server of this computer is meant, although it has no name: what was read is of it.
        inventory.carried = None;
    }
    if std::mem::take(&mut inventory.is_carried) {
        adopt(state, effects);
    }
}

/// What was read before a server was named is kept for the connected one, and for no other any more,
/// as long as it fits to it.
fn adopt(state: &mut State, effects: &mut Vec<Effect>) {
    let inventory = &mut state.inventory;
    let Some(export) = inventory.kept.export.clone() else {
        return;
    };
    if let Some(server) = stranger(&state.connection, &export) {
        inventory.kept.export = None;
        inventory.is_changed = true;
        warn_of_stranger(state, &server, &export);
        return;
    }
    inventory.carried = None;
    keep(inventory, effects, InventoryPart::Export(Some(export)));
    if inventory.can_keep && !inventory.is_unnamed() {
        effects.push(not_unnamed());
    }
}

/// What was read before a server was named is not kept without one any more.
fn not_unnamed() -> Effect {
    Effect::KeepInventory {
        of: unnamed(),
        part: InventoryPart::Export(None),
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
    let of = state.inventory.of().to_owned();
    state.inventory.reading_of = of;
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
    let Ok(mut effects) = take(state, export) else {
        failed(state, words::NOT_READ, words::MEANWHILE.to_owned());
        return Vec::new();
    };
    tell(state, &said);
    let is_waiting = state.dialog.is_some() || state.pending.opening.is_some();
    if state.screen == Screen::Welcome && !is_waiting {
        // What was read is to be seen, with a thread to draw it into.
        effects.extend(files::proceed(state, AfterSave::New));
    }
    effects
}

/// What was read is not of the server that is meant now.
struct NotOfThis;

/// Takes what was read for the server that was meant when that began.
fn take(state: &mut State, export: Export) -> Result<Vec<Effect>, NotOfThis> {
    let is_connected = state.connection.is_connected();
    let inventory = &mut state.inventory;
    let reading_of = std::mem::take(&mut inventory.reading_of);
    if reading_of != inventory.of() {
        // As if it had been read before the server was named; one with an export of its own has that.
        let is_free = inventory.kept.export.is_none() || inventory.is_carried;
        if reading_of != unnamed() || !is_free || !inventory.may_be_carried_to() {
            return Err(NotOfThis);
        }
        inventory.carried = Some(export.joined(inventory.carried.take()));
        inventory.kept.export = None;
        inventory.is_changed = true;
        show_carried(inventory);
        return Ok(Vec::new());
    }
    if inventory.is_unnamed() && !is_connected {
        let carried = inventory.carried.take();
        inventory.carried = Some(export.clone().joined(carried));
    }
    // What was carried here is shown with this server: one more file for it says that it is of it.
    let is_adopted = std::mem::take(&mut inventory.is_carried) && !export.is_whole;
    let export = export.joined(inventory.kept.export.take());
    inventory.kept.export = Some(export.clone());
    inventory.is_changed = true;
    inventory.is_owed = !inventory.is_loaded;
    let mut effects = Vec::new();
    keep(inventory, &mut effects, InventoryPart::Export(Some(export)));
    if is_adopted && !inventory.is_unnamed() {
        inventory.carried = None;
        if inventory.can_keep {
            effects.push(not_unnamed());
        }
    }
    Ok(effects)
}

/// Says what was read, and when it does not fit to the connected server.
fn tell(state: &mut State, export: &Export) {
    // Of one that is carried it is said when it is to be kept.
    let is_carried = state.inventory.is_carried;
    match stranger(&state.connection, export).filter(|_| !is_carried) {
        Some(server) => warn_of_stranger(state, &server, export),
        None => toast(
            state,
            ToastKind::Success,
            words::READ,
            words::extent(export),
            None,
        ),
    }
}

/// The connected server, when nothing of an export is on it.
fn stranger(connection: &Connection, export: &Export) -> Option<String> {
    let Connection::Connected { server, agents, .. } = connection else {
        return None;
    };
    let is_known = agents.list.iter().any(|agent| export.has(agent));
    (!is_known).then(|| server.name.clone())
}

fn warn_of_stranger(state: &mut State, server: &str, export: &Export) {
    let (title, text) = (words::of_another(server), words::of_another_help(export));
    toast(state, ToastKind::Warning, title, text, None);
}

/// A server is not in the list any more: what is kept about it goes, too.
pub(super) fn forget_server(state: &mut State, of: String) -> Effect {
    let inventory = &mut state.inventory;
    if inventory.of() == of {
        inventory.kept = Inventory::default();
        inventory.is_carried = false;
        inventory.is_changed = true;
        show_carried(inventory);
    }
    let part = InventoryPart::Nothing;
    Effect::KeepInventory { of, part }
}

/// Forgets what was exported.
pub(super) fn forget_export(state: &mut State) -> Vec<Effect> {
    let inventory = &mut state.inventory;
    inventory.kept.export = None;
    inventory.carried = None;
    inventory.is_changed = true;
    if std::mem::take(&mut inventory.is_carried) && !inventory.is_unnamed() {
        // It is kept where no server is named, and nowhere else.
        return vec![not_unnamed()];
    }
    inventory.is_owed = !inventory.is_loaded;
    let mut effects = Vec::new();
    keep(inventory, &mut effects, InventoryPart::Export(None));
    effects
}

#[cfg(test)]
mod tests;
