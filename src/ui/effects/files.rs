//! Reads and writes sequence files and recovery copies, one after the other on a thread of their own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use crate::base::error_chain;
use crate::base::file::{FileProblem, read_up_to, replace};
use crate::base::time::{Clock as _, SystemClock};
use crate::designer::words::effects as words;
use crate::designer::{Answer, FileStamp, InventoryAnswer, RecoveryCopy};
use crate::format;
use crate::launch::{Document, kept_inventory};
use crate::mim::Inventory;
use crate::model::Sequence;
use crate::settings::recovery;

use super::outbox::Outbox;
use super::stamp;
use super::watched::Known;

/// What is to be done with a file.
pub(super) enum Job {
    Open(PathBuf),
    Save {
        file: PathBuf,
        sequence: Arc<Sequence>,
        content: u64,
        expected: Option<FileStamp>,
    },
    FindRecovery,
    TakeRecovery(String),
    ReadInventory(String),
}

/// The thread that does it.
pub(super) struct Files {
    jobs: Sender<Job>,
}

/// What the thread works with.
pub(super) struct Desk {
    /// Where recovery copies lie, if anywhere.
    pub(super) recovery: Option<PathBuf>,
    /// Where lies what servers told, if anywhere.
    pub(super) servers: Option<PathBuf>,
    /// Is told what we write.
    pub(super) known: Known,
    /// Takes the answers.
    pub(super) outbox: Outbox,
}

impl Files {
    /// Starts the thread; it ends when this is dropped and everything is done.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(desk: Desk) -> io::Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        std::thread::Builder::new()
            .name("effects-files".to_owned())
            .spawn(move || {
                let clock = SystemClock::start();
                for job in inbox {
                    desk.perform(job, clock);
                }
            })?;
        Ok(Self { jobs })
    }

    /// Gives it something to do.
    pub(super) fn perform(&self, job: Job) {
        // It lives as long as we do.
        self.jobs.send(job).ok();
    }
}

impl Desk {
    fn perform(&self, job: Job, clock: SystemClock) {
        match job {
            Job::Open(file) => self.outbox.send(open(&file, clock)),
            Job::Save {
                file,
                sequence,
                content,
                expected,
            } => {
                let answer = self.save(file, &sequence, content, expected.as_ref(), clock);
                self.outbox.send(answer);
            }
            Job::FindRecovery => {
                let folder = self.recovery.as_deref();
                let left = folder.map(recovery::left_copies).unwrap_or_default();
                let copies = left.into_iter().map(|copy| RecoveryCopy {
                    id: copy.id,
                    file: copy.file,
                    written: copy.written,
                });
                self.outbox.send(Answer::RecoveryFound(copies.collect()));
            }
            Job::TakeRecovery(id) => self.outbox.send(self.recover(&id)),
            Job::ReadInventory(of) => self.outbox.send(self.inventory(of)),
        }
    }

    fn save(
        &self,
        file: PathBuf,
        sequence: &Sequence,
        content: u64,
        expected: Option<&FileStamp>,
        clock: SystemClock,
    ) -> Answer {
        let refused = |file: PathBuf, why: &str| Answer::NotSaved {
            sentence: words::not_saved(&file, why),
            file,
        };
        let not_saved = |file: PathBuf, error: io::Error| {
            let why = FileProblem::from(error).to_string();
            refused(file, &why)
        };
        // A new file takes the place of the old one, which needs no right to write to that one.
        if fs::metadata(&file).is_ok_and(|it| it.permissions().readonly()) {
            return refused(file, words::READ_ONLY);
        }
        if let Some(expected) = expected {
            // Always read: an old time stamp may have been put back, as archives do.
            match stamp::look(&file, None) {
                Ok(theirs) if stamp::is_same_content(Some(expected), theirs.as_ref()) => {}
                Ok(theirs) => return Answer::ChangedUnderneath { file, theirs },
                Err(error) => return not_saved(file, error),
            }
        }
        let text = format::write(sequence);
        self.known.begin_writing(&file);
        let written = replace(&file, text.as_bytes());
        let stamp = stamp::stamp(&file, text.as_bytes());
        let told = written.is_ok().then_some(&stamp);
        self.known.end_writing(&file, told);
        match written {
            Ok(()) => Answer::Saved {
                file,
                content,
                stamp,
                at: clock.wall(),
            },
            Err(error) => not_saved(file, error),
        }
    }

    fn inventory(&self, of: String) -> Answer {
        let folder = self.servers.as_deref();
        let kept = folder.map(|folder| kept_inventory(folder, &of)).transpose();
        let (kept, problem) = match kept {
            Ok(kept) => (kept.unwrap_or_default(), None),
            Err(error) => {
                let sentence = words::sentence(&error_chain::one_line(&error));
                (Inventory::default(), Some(sentence))
            }
        };
        Answer::Inventory(InventoryAnswer::Read {
            of,
            inventory: Box::new(kept),
            problem,
        })
    }

    fn recover(&self, id: &str) -> Answer {
        let folder = self.recovery.clone().unwrap_or_default();
        // For people it is a copy; its path tells them where it still lies when it is not usable.
        let path = folder.join(id).with_extension("xml");
        let not_opened = |sentence: String| Answer::NotOpened {
            file: path.clone(),
            sentence: words::sentence(&sentence),
        };
        let (bytes, file) = match recovery::read_copy(&folder, id) {
            Ok(read) => read,
            Err(error) => return not_opened(words::not_read(&path, &FileProblem::from(error))),
        };
        match Document::of_bytes(&bytes, path.clone()) {
            Ok(document) => {
                let stamp = file
                    .as_deref()
                    .and_then(|file| stamp::look(file, None).ok().flatten());
                Answer::Recovered {
                    file,
                    sequence: Box::new(document.sequence),
                    stamp,
                }
            }
            Err(error) => not_opened(error_chain::one_line(&error)),
        }
    }
}

fn open(file: &Path, clock: SystemClock) -> Answer {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let read = match read_up_to(&absolute, format::MAX_FILE_BYTES as u64) {
        Ok(bytes) => Document::of_bytes(&bytes, absolute.clone())
            .map(|document| (document, stamp::stamp(&absolute, &bytes)))
            .map_err(|error| error_chain::one_line(&error)),
        // Who reads sequence files knows the better sentence, as long as it is refused there too.
        Err(error) => Err(Document::read(&absolute).err().map_or_else(
            || words::not_read(&absolute, &FileProblem::from(error)),
            |error| error_chain::one_line(&error),
        )),
    };
    match read {
        Ok((document, stamp)) => Answer::Opened {
            file: absolute,
            sequence: Box::new(document.sequence),
            stamp,
            at: clock.wall(),
        },
        Err(sentence) => Answer::NotOpened {
            sentence: words::sentence(&sentence),
            file: absolute,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::settings::recovery::OwnCopy;

    use super::*;

    struct World {
        folder: tempfile::TempDir,
        desk: Desk,
        clock: SystemClock,
    }

    fn world() -> World {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk {
            recovery: Some(folder.path().join("recovery")),
            servers: Some(folder.path().join("servers")),
            known: Known::default(),
            outbox: Outbox::new(Box::new(|| {})),
        };
        World {
            folder,
            desk,
            clock: SystemClock::start(),
        }
    }

    impl World {
        fn file(&self) -> PathBuf {
            self.folder.path().join("a.xml")
        }

        fn perform(&self, job: Job) -> Answer {
            self.desk.perform(job, self.clock);
            let mut answers = self.desk.outbox.take();
            assert_eq!(answers.len(), 1, "{answers:?}");
            answers.remove(0)
        }

        fn save(&self, name: &str, expected: Option<FileStamp>) -> Answer {
            self.perform(Job::Save {
                file: self.file(),
                sequence: Arc::new(named(name)),
                content: 7,
                expected,
            })
        }
    }

    fn named(name: &str) -> Sequence {
        Sequence {
            name: name.to_owned(),
            ..Sequence::default()
        }
    }

    #[test]
    fn what_is_saved_is_opened_with_the_same_stamp() {
        let world = world();
        let Answer::Saved {
            stamp: saved,
            content: 7,
            ..
        } = world.save("one", None)
        else {
            panic!("not saved");
        };
        let Answer::Opened {
            sequence, stamp, ..
        } = world.perform(Job::Open(world.file()))
        else {
            panic!("not opened");
        };
        assert_eq!(*sequence, named("one"));
        assert_eq!(stamp, saved);
        assert!(matches!(
            world.save("two", Some(saved)),
            Answer::Saved { .. }
        ));
    }

    #[test]
    fn nobody_elses_work_is_overwritten_unasked() {
        let world = world();
        let Answer::Saved { stamp, .. } = world.save("one", None) else {
            panic!("not saved");
        };
        fs::write(world.file(), "theirs").unwrap();
        let Answer::ChangedUnderneath {
            theirs: Some(theirs),
            ..
        } = world.save("two", Some(stamp.clone()))
        else {
            panic!("not told");
        };
        assert_eq!(theirs.bytes, 6);
        assert_eq!(fs::read_to_string(world.file()).unwrap(), "theirs");
        fs::remove_file(world.file()).unwrap();
        assert!(matches!(
            world.save("two", Some(stamp)),
            Answer::ChangedUnderneath { theirs: None, .. }
        ));
        assert!(!world.file().exists());
        assert!(matches!(world.save("two", None), Answer::Saved { .. }));
    }

    #[test]
    fn a_change_that_kept_length_and_time_is_seen_before_it_is_overwritten() {
        let world = world();
        let Answer::Saved { stamp, .. } = world.save("one", None) else {
            panic!("not saved");
        };
        let modified = fs::metadata(world.file()).unwrap().modified().unwrap();
        let text = fs::read_to_string(world.file()).unwrap();
        fs::write(world.file(), text.replace("one", "two")).unwrap();
        let file = fs::File::options().write(true).open(world.file()).unwrap();
        file.set_modified(modified).unwrap();
        let answer = world.save("three", Some(stamp));
        assert!(
            matches!(answer, Answer::ChangedUnderneath { .. }),
            "{answer:?}"
        );
    }

    #[test]
    fn a_read_only_file_stays_as_it_is() {
        let world = world();
        fs::write(world.file(), "protected").unwrap();
        let mut permissions = fs::metadata(world.file()).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(world.file(), permissions).unwrap();
        let answer = world.save("x", None);
        let Answer::NotSaved { sentence, .. } = answer else {
            panic!("{answer:?}");
        };
        assert!(sentence.contains(words::READ_ONLY), "{sentence}");
        assert_eq!(fs::read_to_string(world.file()).unwrap(), "protected");
    }

    #[test]
    fn what_does_not_work_is_a_sentence_with_the_file() {
        let world = world();
        let Answer::NotOpened { sentence, .. } = world.perform(Job::Open(world.file())) else {
            panic!("opened");
        };
        assert!(sentence.contains("a.xml`"), "{sentence}");
        assert!(sentence.contains("does not exist"), "{sentence}");
        fs::write(world.file(), "<other/>").unwrap();
        let Answer::NotOpened { sentence, .. } = world.perform(Job::Open(world.file())) else {
            panic!("opened");
        };
        assert!(sentence.contains("line 1, column"), "{sentence}");
        let answer = world.perform(Job::Save {
            file: world.folder.path().join("nowhere/a.xml"),
            sequence: Arc::new(named("x")),
            content: 1,
            expected: None,
        });
        let Answer::NotSaved { sentence, .. } = answer else {
            panic!("saved");
        };
        assert!(sentence.contains("was not saved"), "{sentence}");
    }

    #[test]
    fn work_that_a_crash_interrupted_is_read_and_left_where_it_is() {
        let world = world();
        let folder = world.desk.recovery.clone().unwrap();
        let now = world.clock.wall();
        let own = OwnCopy::reserve(&folder, now).unwrap();
        world.save("saved", None);
        own.keep(&format::write(&named("unsaved")), Some(&world.file()), now)
            .unwrap();
        drop(own);
        let Answer::RecoveryFound(copies) = world.perform(Job::FindRecovery) else {
            panic!("nothing found");
        };
        assert_eq!(copies.len(), 1);
        let id = copies[0].id.clone();
        let Answer::Recovered {
            file,
            sequence,
            stamp,
        } = world.perform(Job::TakeRecovery(id.clone()))
        else {
            panic!("not recovered");
        };
        assert_eq!(file, Some(world.file()));
        assert_eq!(*sequence, named("unsaved"));
        assert!(stamp.is_some());
        // A crash before our own copy is written must find it again.
        let Answer::RecoveryFound(copies) = world.perform(Job::FindRecovery) else {
            panic!("no answer");
        };
        assert_eq!(copies.len(), 1);
        recovery::discard_copy(&folder, &id);
        assert!(matches!(
            world.perform(Job::TakeRecovery(id)),
            Answer::NotOpened { .. }
        ));
    }
}
