//! Reads what was exported from a server, and sees what was dropped on the window.

use std::path::PathBuf;

use tokio::runtime::Handle;

use crate::base::error_chain;
use crate::designer::Answer;
use crate::designer::words::effects as words;
use crate::launch::{Exported, looks_exported, read_exported};
use crate::mim::Export;

use super::outbox::Outbox;

/// Reads a file or a folder.
pub(super) fn read(path: PathBuf, runtime: &Handle, outbox: Outbox) {
    runtime.spawn_blocking(move || {
        let export = match read_exported(&path) {
            Ok(Exported {
                agents,
                written,
                is_whole,
            }) => Ok(Box::new(Export {
                origin: path.display().to_string(),
                written,
                is_whole,
                agents,
            })),
            Err(error) => Err(words::sentence(&error_chain::one_line(&error))),
        };
        outbox.send(Answer::ExportRead { path, export });
    });
}

/// Sees whether something was exported, or is a sequence.
pub(super) fn look(path: PathBuf, runtime: &Handle, outbox: Outbox) {
    runtime.spawn_blocking(move || {
        let is_export = looks_exported(&path);
        outbox.send(Answer::Dropped { path, is_export });
    });
}
