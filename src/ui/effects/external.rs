//! What the rest of the system does for us: open a file, say whether files are there.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;
use tokio::runtime::Handle;

use crate::designer::Answer;
use crate::designer::words::effects as words;

use super::outbox::Outbox;

/// The program that opens a file as the desktop would.
const OPENER: &str = if cfg!(windows) {
    "explorer"
} else if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Opens a file with the system's program.
pub(super) fn open(file: PathBuf, runtime: &Handle, outbox: Outbox) {
    runtime.spawn(async move {
        let ended = Command::new(OPENER)
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await;
        // The one of Windows ends with 1 although all is well.
        let is_opened = ended.is_ok_and(|status| cfg!(windows) || status.success());
        if !is_opened {
            outbox.send(Answer::Failed {
                sentence: words::not_opened_externally(&file),
            });
        }
    });
}

/// Looks whether files are there; those on a network may take long.
pub(super) fn look_at(files: Vec<PathBuf>, runtime: &Handle, outbox: Outbox) {
    runtime.spawn_blocking(move || {
        let seen = files.into_iter().map(|file| {
            let is_there = Path::is_file(&file);
            (file, is_there)
        });
        outbox.send(Answer::RecentSeen(seen.collect()));
    });
}
