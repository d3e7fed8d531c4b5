//! Reads what was exported from a server, and sees what was dropped on the window.

use std::path::PathBuf;

use tokio::runtime::Handle;

use crate::base::error_chain;
use crate::designer::words::effects as words;
use crate::designer::{Answer, InventoryAnswer};
use crate::launch::{looks_exported, read_exported};

use super::outbox::Outbox;

/// Reads a file or a folder.
pub(super) fn read(path: PathBuf, runtime: &Handle, outbox: Outbox) {
    runtime.spawn_blocking(move || {
        let export = read_exported(&path)
            .map(Box::new)
            .map_err(|error| words::sentence(&error_chain::one_line(&error)));
        outbox.send(Answer::Inventory(InventoryAnswer::Export { path, export }));
    });
}

/// Sees whether something was exported, or is a sequence.
pub(super) fn look(path: PathBuf, runtime: &Handle, outbox: Outbox) {
    runtime.spawn_blocking(move || {
        let is_export = looks_exported(&path);
        outbox.send(Answer::Inventory(InventoryAnswer::Dropped {
            path,
            is_export,
        }));
    });
}
