//! Copies of documents with unsaved changes, so that a crash loses at most a second of work.
//!
//! A copy belongs to the process that holds its lock; the lock dies with the process however that
//! ends, and a copy whose lock is free is offered to the person. Must not know what a document is.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::file::{create_private_folder, read_up_to, replace_private};

/// The largest copy that is read.
const MAX_BYTES: u64 = 64 << 20;

/// The largest description that is read.
const MAX_ABOUT_BYTES: u64 = 64 * 1024;

/// The copy of this process.
#[derive(Debug)]
pub struct OwnCopy {
    folder: PathBuf,
    id: String,
    // Held open for its lock alone.
    _lock: File,
}

/// A copy whose process has gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftCopy {
    /// Names it.
    pub id: String,
    /// The file that the document belongs to.
    pub file: Option<PathBuf>,
    /// When it was written.
    pub written: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct About {
    file: Option<PathBuf>,
    written: Timestamp,
}

impl OwnCopy {
    /// Takes a place for the copy of this process; the folder is made if it is missing.
    ///
    /// # Errors
    /// Any error of the system.
    pub fn reserve(folder: &Path, at: Timestamp) -> io::Result<Self> {
        // The document's own file may be readable to its owner alone.
        create_private_folder(folder)?;
        let id = format!("{}-{}", std::process::id(), at.as_microsecond());
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path(folder, &id, "lock"))?;
        // A system without locks offers the copy to another window as well, which is no loss.
        lock.try_lock().ok();
        Ok(Self {
            folder: folder.to_path_buf(),
            id,
            _lock: lock,
        })
    }

    /// Writes the copy over the one before.
    ///
    /// # Errors
    /// Any error of the system; the copy before it is still there then.
    pub fn keep(&self, text: &str, file: Option<&Path>, written: Timestamp) -> io::Result<()> {
        let about = About {
            // A path that has no JSON form is the smaller loss.
            file: file
                .filter(|file| file.to_str().is_some())
                .map(Path::to_path_buf),
            written,
        };
        let json = serde_json::to_vec(&about)?;
        // The description first: from the moment the copy is there, all of it is.
        replace_private(&path(&self.folder, &self.id, "json"), &json)?;
        replace_private(&path(&self.folder, &self.id, "xml"), text.as_bytes())
    }

    /// Removes the copy: the work is safe.
    pub fn discard(&self) {
        remove_copy(&self.folder, &self.id);
    }
}

impl Drop for OwnCopy {
    fn drop(&mut self) {
        // Without a copy the lock has no meaning; with one it would only be clutter.
        fs::remove_file(path(&self.folder, &self.id, "lock")).ok();
    }
}

/// The copies whose process has gone, the newest first.
pub fn left_copies(folder: &Path) -> Vec<LeftCopy> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<LeftCopy> = entries
        .flatten()
        .filter_map(|entry| {
            let file = entry.path();
            let is_copy = file.extension().is_some_and(|ending| ending == "xml");
            let id = file.file_stem()?.to_str().filter(|id| is_id(id))?;
            if !is_copy || is_held(folder, id) {
                return None;
            }
            // Work without a description is work all the same.
            about(folder, id).or_else(|| plain(&entry, id))
        })
        .collect();
    found.sort_by_key(|copy| std::cmp::Reverse(copy.written));
    found
}

/// Reads a copy: its text, and the file that it belongs to.
///
/// # Errors
/// Any error of the system.
pub fn read_copy(folder: &Path, id: &str) -> io::Result<(Vec<u8>, Option<PathBuf>)> {
    if !is_id(id) {
        return Err(io::ErrorKind::NotFound.into());
    }
    let bytes = read_up_to(&path(folder, id, "xml"), MAX_BYTES)?;
    Ok((bytes, about(folder, id).and_then(|about| about.file)))
}

/// Removes a copy.
pub fn discard_copy(folder: &Path, id: &str) {
    if is_id(id) {
        remove_copy(folder, id);
        fs::remove_file(path(folder, id, "lock")).ok();
    }
}

fn about(folder: &Path, id: &str) -> Option<LeftCopy> {
    let bytes = read_up_to(&path(folder, id, "json"), MAX_ABOUT_BYTES).ok()?;
    let about: About = serde_json::from_slice(&bytes).ok()?;
    Some(LeftCopy {
        id: id.to_owned(),
        file: about.file,
        written: about.written,
    })
}

/// What is known of a copy that has no description.
fn plain(entry: &fs::DirEntry, id: &str) -> Option<LeftCopy> {
    let modified = entry.metadata().and_then(|about| about.modified()).ok()?;
    Some(LeftCopy {
        id: id.to_owned(),
        file: None,
        written: Timestamp::try_from(modified).ok()?,
    })
}

fn remove_copy(folder: &Path, id: &str) {
    // The work first: without it nobody offers the rest.
    for ending in ["xml", "json"] {
        fs::remove_file(path(folder, id, ending)).ok();
    }
}

/// Whether the process of a copy lives.
fn is_held(folder: &Path, id: &str) -> bool {
    let Ok(lock) = OpenOptions::new()
        .write(true)
        .open(path(folder, id, "lock"))
    else {
        return false;
    };
    matches!(lock.try_lock(), Err(TryLockError::WouldBlock))
}

fn path(folder: &Path, id: &str, ending: &str) -> PathBuf {
    folder.join(format!("{id}.{ending}"))
}

/// Whether this is a name that [`OwnCopy::reserve`] made, and no path to somewhere else.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_offered_once_its_process_has_gone() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("recovery");
        assert_eq!(left_copies(&folder), []);
        let own = OwnCopy::reserve(&folder, Timestamp::UNIX_EPOCH).unwrap();
        own.keep("<one/>", None, Timestamp::UNIX_EPOCH).unwrap();
        let file = Path::new("/jobs/a.xml");
        own.keep("<two/>", Some(file), Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(left_copies(&folder), [], "its process lives");
        drop(own);
        let left = left_copies(&folder);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].file.as_deref(), Some(file));
        let (text, its_file) = read_copy(&folder, &left[0].id).unwrap();
        assert_eq!(text, b"<two/>");
        assert_eq!(its_file.as_deref(), Some(file));
        discard_copy(&folder, &left[0].id);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn safe_work_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let own = OwnCopy::reserve(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
        own.keep("<one/>", None, Timestamp::UNIX_EPOCH).unwrap();
        own.discard();
        drop(own);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_copy_without_a_description_is_offered_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let own = OwnCopy::reserve(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
        own.keep("<one/>", None, Timestamp::UNIX_EPOCH).unwrap();
        let id = own.id.clone();
        drop(own);
        for about in [None, Some("half a descr")] {
            fs::remove_file(path(folder.path(), &id, "json")).ok();
            if let Some(about) = about {
                fs::write(path(folder.path(), &id, "json"), about).unwrap();
            }
            let left = left_copies(folder.path());
            assert_eq!(left.len(), 1);
            assert_eq!((&left[0].id, &left[0].file), (&id, &None));
            let (text, file) = read_copy(folder.path(), &id).unwrap();
            assert_eq!((text, file), (b"<one/>".to_vec(), None));
        }
    }

    #[test]
    fn a_description_alone_is_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let own = OwnCopy::reserve(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
        // Whoever is killed in between has written the description only.
        fs::create_dir(path(folder.path(), &own.id, "xml")).unwrap();
        assert!(own.keep("<one/>", None, Timestamp::UNIX_EPOCH).is_err());
        assert!(path(folder.path(), &own.id, "json").exists());
        fs::remove_dir(path(folder.path(), &own.id, "xml")).unwrap();
        drop(own);
        assert_eq!(left_copies(folder.path()), []);
    }

    #[test]
    fn the_newest_comes_first_and_what_is_no_copy_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        for second in [1, 3, 2] {
            let at = Timestamp::from_second(second).unwrap();
            let own = OwnCopy::reserve(folder.path(), at).unwrap();
            own.keep("x", None, at).unwrap();
        }
        fs::write(folder.path().join("9-9.json"), "no json").unwrap();
        fs::write(folder.path().join("odd.json"), "{}").unwrap();
        let seconds: Vec<i64> = left_copies(folder.path())
            .iter()
            .map(|copy| copy.written.as_second())
            .collect();
        assert_eq!(seconds, [3, 2, 1]);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_a_copy() {
        use std::os::unix::fs::PermissionsExt as _;
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data/recovery");
        let own = OwnCopy::reserve(&folder, Timestamp::UNIX_EPOCH).unwrap();
        own.keep("<one/>", None, Timestamp::UNIX_EPOCH).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for ending in ["xml", "json"] {
            assert_eq!(mode(&path(&folder, &own.id, ending)), 0o600, "{ending}");
        }
    }

    #[test]
    fn a_name_is_no_path() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("recovery");
        fs::create_dir(&folder).unwrap();
        let other = outer.path().join("1.xml");
        fs::write(&other, "mine").unwrap();
        assert!(read_copy(&folder, "../1").is_err());
        discard_copy(&folder, "../1");
        assert!(other.exists());
    }
}
