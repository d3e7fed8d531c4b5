//! Looks after the open file: whether somebody else changes it.
//!
//! Looking every two seconds works on every file system, also on those of a network that tell
//! nothing; a file that seems untouched is not read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::designer::{Answer, FileStamp};

use super::outbox::Outbox;
use super::stamp;

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The file that is looked after.
pub(super) struct Watched {
    known: Known,
    outbox: Outbox,
    task: Option<AbortHandle>,
}

/// What is known about it; shared with those who write files.
#[derive(Clone, Default)]
pub(super) struct Known(Arc<Mutex<State>>);

#[derive(Debug, Clone, Default)]
struct State {
    file: Option<PathBuf>,
    /// `None` when it is gone.
    stamp: Option<FileStamp>,
    /// Whether it is being written by ourselves.
    is_ours: bool,
    /// Changes with everything, so that a look that began earlier does not count.
    number: u64,
}

impl Watched {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self {
            known: Known::default(),
            outbox,
            task: None,
        }
    }

    /// What those who write files must tell.
    pub(super) fn known(&self) -> Known {
        self.known.clone()
    }

    /// Looks after another file, or none.
    pub(super) fn watch(&mut self, wanted: Option<(PathBuf, FileStamp)>, runtime: &Handle) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
        let is_wanted = wanted.is_some();
        self.known.set(wanted);
        if is_wanted {
            let (known, outbox) = (self.known.clone(), self.outbox.clone());
            let task = runtime.spawn(async move {
                let mut ticks = tokio::time::interval(LOOK_EVERY);
                ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
                loop {
                    ticks.tick().await;
                    let (known, outbox) = (known.clone(), outbox.clone());
                    // Only a defect breaks a look off, and the next one may do better.
                    tokio::task::spawn_blocking(move || known.look(&outbox))
                        .await
                        .ok();
                }
            });
            self.task = Some(task.abort_handle());
        }
    }
}

impl Known {
    fn set(&self, wanted: Option<(PathBuf, FileStamp)>) {
        let (file, stamp) = wanted.unzip();
        let mut state = self.0.lock();
        let number = state.number + 1;
        *state = State {
            file,
            stamp,
            is_ours: false,
            number,
        };
    }

    /// We write this file ourselves from now on.
    pub(super) fn begin_writing(&self, file: &Path) {
        let mut state = self.0.lock();
        if state.file.as_deref() == Some(file) {
            state.is_ours = true;
            state.number += 1;
        }
    }

    /// We have written it, with this stamp, or have not.
    pub(super) fn end_writing(&self, file: &Path, written: Option<&FileStamp>) {
        let mut state = self.0.lock();
        if state.file.as_deref() == Some(file) {
            state.is_ours = false;
            state.number += 1;
            if let Some(written) = written {
                state.stamp = Some(written.clone());
            }
        }
    }

    /// Looks once, and tells a change.
    fn look(&self, outbox: &Outbox) {
        let State {
            file: Some(file),
            stamp: known,
            is_ours: false,
            number,
        } = self.0.lock().clone()
        else {
            return;
        };
        // A file that cannot be read just now may be in the middle of something.
        let Ok(theirs) = stamp::look(&file, known.as_ref()) else {
            return;
        };
        if theirs == known {
            return;
        }
        {
            let mut state = self.0.lock();
            if state.number != number {
                return;
            }
            state.stamp.clone_from(&theirs);
        }
        if !stamp::is_same_content(known.as_ref(), theirs.as_ref()) {
            outbox.send(Answer::DiskChanged { file, theirs });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_change_by_others_is_told_once_and_our_own_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        let outbox = Outbox::new(Box::new(|| {}));
        let told = |known: &Known| -> Vec<Option<u64>> {
            known.look(&outbox);
            known.look(&outbox);
            let answers = outbox.take().into_iter();
            answers
                .map(|answer| match answer {
                    Answer::DiskChanged { theirs, .. } => theirs.map(|theirs| theirs.bytes),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        fs::write(&file, "a").unwrap();
        let known = Known::default();
        assert_eq!(told(&known), []);
        known.set(Some((file.clone(), stamp::stamp(&file, b"a"))));
        assert_eq!(told(&known), []);
        // Ours.
        known.begin_writing(&file);
        fs::write(&file, "four").unwrap();
        assert_eq!(told(&known), [], "while it is being written");
        known.end_writing(&file, Some(&stamp::stamp(&file, b"four")));
        assert_eq!(told(&known), []);
        // Theirs.
        fs::write(&file, "more than four").unwrap();
        assert_eq!(told(&known), [Some(14)]);
        fs::remove_file(&file).unwrap();
        assert_eq!(told(&known), [None]);
        fs::write(&file, "back").unwrap();
        assert_eq!(told(&known), [Some(4)]);
    }
}
