//! Writes what must not be lost, settings, recovery copies and what servers told, a moment after the last change.
//!
//! One thread owns it all; only the newest of each is written, and nothing is left out at the end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::base::error_chain;
use crate::base::file::FileProblem;
use crate::base::time::{Clock as _, SystemClock};
use crate::designer::words::effects as words;
use crate::designer::{Answer, InventoryPart};
use crate::format;
use crate::launch::{forget_inventory, keep_export, keep_told};
use crate::model::Sequence;
use crate::settings::recovery::{self, OwnCopy};
use crate::settings::{self, Folders, Settings};

use super::outbox::Outbox;

/// How long to wait for further changes. A recovery copy is to be written within a second.
const GATHER: Duration = Duration::from_millis(400);

/// How long the end of the program waits for the disk.
const PATIENCE: Duration = Duration::from_secs(3);

/// Takes what is to be written. Dropping it writes the rest.
pub(super) struct Keeper {
    shared: Arc<Shared>,
    ended: Receiver<()>,
}

#[derive(Default)]
struct Shared {
    pending: Mutex<Pending>,
    changed: Condvar,
}

#[derive(Default)]
struct Pending {
    settings: Option<Box<Settings>>,
    recovery: Option<Recovery>,
    /// Copies of others that are not wanted any more.
    discarded: Vec<String>,
    /// What is known about servers, each part of each server once.
    inventories: Vec<(String, InventoryPart)>,
    is_closing: bool,
}

enum Recovery {
    Keep {
        sequence: Arc<Sequence>,
        file: Option<PathBuf>,
    },
    Drop,
}

impl Keeper {
    /// Starts the thread; without folders there is nothing to write to.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(folders: Option<Folders>, outbox: Outbox) -> std::io::Result<Self> {
        // The window has read them a moment ago; only its own changes are written.
        let settings = folders
            .as_ref()
            .map(|folders| settings::load(folders.config()).0);
        let shared = Arc::new(Shared::default());
        let (end, ended) = mpsc::channel();
        let mut writer = Writer {
            folders,
            outbox,
            clock: SystemClock::start(),
            copy: None,
            is_kept: true,
            settings: settings.unwrap_or_default(),
            told: Vec::new(),
        };
        let theirs = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("effects-keeper".to_owned())
            .spawn(move || {
                while let Some(pending) = theirs.next() {
                    writer.write(pending);
                }
                // With it goes the lock of our copy, which whoever comes next may be looking for.
                drop(writer);
                // Whoever waits for the end may have given up.
                end.send(()).ok();
            })?;
        Ok(Self { shared, ended })
    }

    /// Stores the settings.
    pub(super) fn settings(&self, settings: Box<Settings>) {
        self.shared.pending.lock().settings = Some(settings);
        self.shared.changed.notify_one();
    }

    /// Keeps a recovery copy.
    pub(super) fn keep(&self, sequence: Arc<Sequence>, file: Option<PathBuf>) {
        self.recovery(Recovery::Keep { sequence, file });
    }

    /// Removes our recovery copy.
    pub(super) fn discard(&self) {
        self.recovery(Recovery::Drop);
    }

    /// Removes a copy that another process left; not before what was to be kept is written.
    pub(super) fn discard_left(&self, id: String) {
        self.shared.pending.lock().discarded.push(id);
        self.shared.changed.notify_one();
    }

    /// Keeps a part of what is known about a server.
    pub(super) fn inventory(&self, of: String, part: InventoryPart) {
        let is_same = |(other, old): &(String, InventoryPart)| {
            let is_all = matches!(part, InventoryPart::Nothing);
            let is_part = std::mem::discriminant(old) == std::mem::discriminant(&part);
            *other == of && (is_all || is_part)
        };
        let mut pending = self.shared.pending.lock();
        pending.inventories.retain(|old| !is_same(old));
        pending.inventories.push((of, part));
        self.shared.changed.notify_one();
    }

    fn recovery(&self, recovery: Recovery) {
        self.shared.pending.lock().recovery = Some(recovery);
        self.shared.changed.notify_one();
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.pending.lock().is_closing = true;
        self.shared.changed.notify_one();
        // A disk that does not answer must not keep the window open for ever.
        self.ended.recv_timeout(PATIENCE).ok();
    }
}

impl Shared {
    /// Waits for something to write; `None` at the end.
    fn next(&self) -> Option<Pending> {
        let mut pending = self.pending.lock();
        while pending.is_empty() && !pending.is_closing {
            self.changed.wait(&mut pending);
        }
        if !pending.is_closing {
            // Whatever comes meanwhile takes the place of what is there; only the end is urgent.
            self.changed
                .wait_while_for(&mut pending, |pending| !pending.is_closing, GATHER);
        }
        if pending.is_empty() {
            return None;
        }
        Some(Pending {
            settings: pending.settings.take(),
            recovery: pending.recovery.take(),
            discarded: std::mem::take(&mut pending.discarded),
            inventories: std::mem::take(&mut pending.inventories),
            is_closing: pending.is_closing,
        })
    }
}

impl Pending {
    const fn is_empty(&self) -> bool {
        self.settings.is_none()
            && self.recovery.is_none()
            && self.discarded.is_empty()
            && self.inventories.is_empty()
    }
}

struct Writer {
    folders: Option<Folders>,
    outbox: Outbox,
    clock: SystemClock,
    copy: Option<OwnCopy>,
    /// Whether our copy is as new as it should be.
    is_kept: bool,
    /// The settings as this window knew them when it last read or wrote them.
    settings: Settings,
    told: Vec<String>,
}

impl Writer {
    fn write(&mut self, pending: Pending) {
        let Some(folders) = self.folders.clone() else {
            return;
        };
        if let Some(settings) = pending.settings {
            match settings::save_changes(folders.config(), &self.settings, &settings) {
                Ok(()) => self.settings = *settings,
                Err(error) => self.tell(words::sentence(&error_chain::one_line(&error))),
            }
        }
        match pending.recovery {
            Some(Recovery::Keep { sequence, file }) => {
                let kept = self.keep(&folders.recovery(), &sequence, file.as_deref());
                self.is_kept = kept.is_ok();
                if let Err(error) = kept {
                    let why = FileProblem::from(error).to_string();
                    self.tell(words::no_recovery_copy(&why));
                }
            }
            Some(Recovery::Drop) => {
                self.is_kept = true;
                if let Some(copy) = self.copy.take() {
                    copy.discard();
                }
            }
            None => {}
        }
        for (of, part) in &pending.inventories {
            let kept = match part {
                InventoryPart::Told(told) => keep_told(&folders.servers(), of, told),
                InventoryPart::Export(export) => {
                    keep_export(&folders.servers(), of, export.as_ref())
                }
                InventoryPart::Nothing => forget_inventory(&folders.servers(), of),
            };
            if let Err(error) = kept {
                self.tell(words::sentence(&error_chain::one_line(&error)));
            }
        }
        if self.is_kept {
            for id in &pending.discarded {
                recovery::discard_copy(&folders.recovery(), id);
            }
        }
    }

    fn keep(
        &mut self,
        folder: &Path,
        sequence: &Sequence,
        file: Option<&Path>,
    ) -> std::io::Result<()> {
        let now = self.clock.wall();
        let copy = match &mut self.copy {
            Some(copy) => copy,
            empty => empty.insert(OwnCopy::reserve(folder, now)?),
        };
        copy.keep(&format::write(sequence), file, now)
    }

    /// Says the same sentence once only: the next change would say it again.
    fn tell(&mut self, sentence: String) {
        if !self.told.contains(&sentence) {
            self.told.push(sentence.clone());
            self.outbox.send(Answer::Failed { sentence });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::recovery;

    use super::*;

    fn outbox() -> Outbox {
        Outbox::new(Box::new(|| {}))
    }

    fn named(name: &str) -> Arc<Sequence> {
        Arc::new(Sequence {
            name: name.to_owned(),
            ..Sequence::default()
        })
    }

    #[test]
    fn the_newest_of_each_is_written_at_the_end_at_the_latest() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::below(folder.path());
        let outbox = outbox();
        let keeper = Keeper::start(Some(folders.clone()), outbox.clone()).unwrap();
        for scale_percent in [110, 120, 130] {
            keeper.settings(Box::new(Settings {
                scale_percent,
                ..Settings::default()
            }));
            keeper.keep(named(&scale_percent.to_string()), None);
        }
        drop(keeper);
        let (settings, problem) = settings::load(folders.config());
        assert_eq!((settings.scale_percent, problem), (130, None));
        let left = recovery::left_copies(&folders.recovery());
        assert_eq!(left.len(), 1);
        let (text, _) = recovery::read_copy(&folders.recovery(), &left[0].id).unwrap();
        assert!(String::from_utf8(text).unwrap().contains("\"130\""));
        assert_eq!(outbox.take().len(), 0);
    }

    #[test]
    fn safe_work_leaves_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::below(folder.path());
        let keeper = Keeper::start(Some(folders.clone()), outbox()).unwrap();
        keeper.keep(named("a"), None);
        keeper.discard();
        drop(keeper);
        assert_eq!(recovery::left_copies(&folders.recovery()), []);
    }

    #[test]
    fn a_recovered_copy_goes_only_when_the_work_is_kept_again() {
        for can_write in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let folders = Folders::below(folder.path());
            let now = SystemClock::start().wall();
            let left = OwnCopy::reserve(&folders.recovery(), now).unwrap();
            left.keep("<one/>", None, now).unwrap();
            drop(left);
            let id = recovery::left_copies(&folders.recovery())[0].id.clone();
            let mut writer = Writer {
                folders: Some(folders.clone()),
                outbox: outbox(),
                clock: SystemClock::start(),
                // Its folder is gone, so that nothing can be written.
                copy: (!can_write).then(|| {
                    let gone = tempfile::tempdir().unwrap();
                    OwnCopy::reserve(gone.path(), now).unwrap()
                }),
                is_kept: true,
                settings: Settings::default(),
                told: Vec::new(),
            };
            writer.write(Pending {
                recovery: Some(Recovery::Keep {
                    sequence: named("a"),
                    file: None,
                }),
                ..Pending::default()
            });
            writer.write(Pending {
                discarded: vec![id.clone()],
                ..Pending::default()
            });
            let is_left = recovery::read_copy(&folders.recovery(), &id).is_ok();
            assert_eq!(is_left, !can_write);
        }
    }

    #[test]
    fn what_cannot_be_written_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let outbox = outbox();
        let mut writer = Writer {
            folders: Some(Folders::below(&file)),
            outbox: outbox.clone(),
            clock: SystemClock::start(),
            copy: None,
            is_kept: true,
            settings: Settings::default(),
            told: Vec::new(),
        };
        for _ in 0..2 {
            writer.write(Pending {
                settings: Some(Box::default()),
                recovery: Some(Recovery::Keep {
                    sequence: named("a"),
                    file: None,
                }),
                discarded: Vec::new(),
                inventories: Vec::new(),
                is_closing: false,
            });
        }
        let sentences: Vec<String> = outbox
            .take()
            .into_iter()
            .map(|answer| match answer {
                Answer::Failed { sentence } => sentence,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(sentences.len(), 2, "{sentences:?}");
        assert!(sentences[1].contains("save your work"), "{sentences:?}");
    }
}
