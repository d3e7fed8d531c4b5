//! Keeps one sequence file from running twice at once on this machine. Runs of other machines are
//! not seen here; the engine meets them on the service, as foreign runs.
//!
//! A lock of the operating system, so that it dies with the process however that ends. The holder
//! is named in a file beside it, because a locked file cannot be read on every system. Those files
//! belong to one account; against other accounts of this machine, the sequence file itself is locked
//! where the system lets its readers do so.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::base::file::{FileProblem, read_up_to};
use crate::base::text::printable;
use crate::run::RunId;

/// The longest text that names a holder, in bytes.
const MAX_HOLDER_BYTES: u64 = 256;

/// The right to run a sequence file; given back when dropped.
#[derive(Debug)]
pub struct SequenceLock {
    // Held open for their locks alone.
    _locked: File,
    _itself: Option<File>,
    holder: PathBuf,
}

/// Why a sequence file cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It runs already.
    #[error(
        "`{file}` runs already ({holder}); wait for its end, or see masequencer status and masequencer stop"
    )]
    Busy {
        /// The sequence file.
        file: String,
        /// Who runs it.
        holder: String,
    },
    /// There is no place for locks.
    #[error("could not lock the sequence against a second run: no home folder is known; set HOME")]
    NoFolder,
    /// The system does not let us.
    #[error("could not lock the sequence against a second run, in the folder `{folder}`")]
    System {
        /// The folder of the locks.
        folder: String,
        /// Why.
        #[source]
        source: FileProblem,
    },
}

impl SequenceLock {
    /// Takes the lock of a sequence file for a run; `folder` is made if it is missing.
    ///
    /// # Errors
    /// [`LockError::Busy`] names the run that holds it.
    pub fn acquire(folder: &Path, file: &Path, run: &RunId) -> Result<Self, LockError> {
        let failed = |error: io::Error| LockError::System {
            folder: folder.display().to_string(),
            source: error.into(),
        };
        make_private(folder).map_err(failed)?;
        let name = lock_name(file);
        let holder = folder.join(format!("{name}.holder"));
        let locked = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(format!("{name}.lock")))
            .map_err(failed)?;
        match locked.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Busy {
                    file: file.display().to_string(),
                    holder: read_holder(&holder),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let itself = lock_itself(file)?;
        fs::write(
            &holder,
            format!("process {}, run {run}", std::process::id()),
        )
        .map_err(failed)?;
        Ok(Self {
            _locked: locked,
            _itself: itself,
            holder,
        })
    }
}

impl Drop for SequenceLock {
    fn drop(&mut self) {
        // Still under the lock, so that it is never another run's text; a remnant does no harm.
        fs::remove_file(&self.holder).ok();
    }
}

/// Locks the sequence file itself, which accounts with other folders share. A lock on Unix keeps
/// nobody from reading or replacing it; where there is none (some network file systems), the lock
/// of the own account must do.
#[cfg(unix)]
fn lock_itself(file: &Path) -> Result<Option<File>, LockError> {
    let Ok(opened) = File::open(file) else {
        return Ok(None);
    };
    match opened.try_lock() {
        Ok(()) => Ok(Some(opened)),
        Err(TryLockError::WouldBlock) => Err(LockError::Busy {
            file: file.display().to_string(),
            holder: "under another account, or another program has locked it".to_owned(),
        }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// On Windows a lock would keep others from reading the file: the lock of the own account must do.
#[cfg(not(unix))]
fn lock_itself(_: &Path) -> Result<Option<File>, LockError> {
    Ok(None)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn lock_name(file: &Path) -> String {
    // Links and dots must not make two files of one.
    let canonical = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let digest = Sha256::digest(canonical.as_os_str().as_encoded_bytes());
    let mut name = "sequence-".to_owned();
    for byte in digest.iter().take(8) {
        // Writing to a string cannot fail.
        write!(name, "{byte:02x}").ok();
    }
    name
}

fn read_holder(path: &Path) -> String {
    let text = read_up_to(path, MAX_HOLDER_BYTES).unwrap_or_default();
    let text = printable(&String::from_utf8_lossy(&text));
    if text.is_empty() {
        "by another process".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn another_account_with_a_folder_of_its_own_is_kept_out_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        fs::write(&file, "x").unwrap();
        let theirs = SequenceLock::acquire(&folder.path().join("1"), &file, &run("1")).unwrap();
        let ours = || SequenceLock::acquire(&folder.path().join("2"), &file, &run("2"));
        let busy = ours().unwrap_err().to_string();
        assert!(busy.contains("another account"), "{busy}");
        drop(theirs);
        ours().unwrap();
    }

    fn run(id: &str) -> RunId {
        RunId::parse(id).unwrap()
    }

    #[test]
    fn the_second_run_of_a_file_is_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let locks = folder.path().join("locks");
        let file = folder.path().join("a.xml");
        fs::write(&file, "x").unwrap();
        let other = folder.path().join("b.xml");
        fs::write(&other, "x").unwrap();

        let first = SequenceLock::acquire(&locks, &file, &run("r1")).unwrap();
        let same_by_another_way = folder.path().join("locks/../a.xml");
        let error = SequenceLock::acquire(&locks, &same_by_another_way, &run("r2")).unwrap_err();
        let holder = format!("(process {}, run r1)", std::process::id());
        assert!(error.to_string().contains(&holder), "{error}");

        let _second_file = SequenceLock::acquire(&locks, &other, &run("r3")).unwrap();
        drop(first);
        let _again = SequenceLock::acquire(&locks, &file, &run("r4")).unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let error = SequenceLock::acquire(&file.join("locks"), &file, &run("r1")).unwrap_err();
        assert!(matches!(error, LockError::System { .. }), "{error}");
    }
}
