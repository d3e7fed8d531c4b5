//! Tells one state of a file from another.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::base::file::read_up_to;
use crate::designer::FileStamp;
use crate::format;

/// The stamp of a file with this content.
pub(super) fn stamp(path: &Path, content: &[u8]) -> FileStamp {
    let modified = fs::metadata(path)
        .ok()
        .and_then(|metadata| modified(&metadata));
    FileStamp {
        modified,
        bytes: content.len() as u64,
        digest: digest(content),
    }
}

/// The stamp of a file as it is now; `None` when there is none. With `known`, a file that seems
/// untouched is not read again.
///
/// # Errors
/// Any error of the system.
pub(super) fn look(path: &Path, known: Option<&FileStamp>) -> io::Result<Option<FileStamp>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let modified = modified(&metadata);
    if let Some(known) = known
        && modified.is_some()
        && known.modified == modified
        && known.bytes == metadata.len()
    {
        return Ok(Some(known.clone()));
    }
    let content = read_up_to(path, format::MAX_FILE_BYTES as u64)?;
    Ok(Some(FileStamp {
        modified,
        bytes: content.len() as u64,
        digest: digest(&content),
    }))
}

/// Whether two stamps are of the same content; that it was written anew does not count.
pub(super) fn is_same_content(one: Option<&FileStamp>, other: Option<&FileStamp>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.bytes == other.bytes && one.digest == other.digest,
        (None, None) => true,
        _ => false,
    }
}

fn modified(metadata: &Metadata) -> Option<Timestamp> {
    Timestamp::try_from(metadata.modified().ok()?).ok()
}

fn digest(content: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let nibbles = Sha256::digest(content)
        .into_iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles
        .filter_map(|nibble| DIGITS.get(usize::from(nibble)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_counts_and_its_time_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        assert_eq!(look(&path, None).unwrap(), None);
        fs::write(&path, "abc").unwrap();
        let first = look(&path, None).unwrap().unwrap();
        assert_eq!(first, stamp(&path, b"abc"));
        assert!(first.digest.starts_with("ba7816bf8f01cfea"));
        let old = FileStamp {
            modified: Some(Timestamp::UNIX_EPOCH),
            ..first
        };
        let seen = look(&path, Some(&old)).unwrap();
        assert!(is_same_content(Some(&old), seen.as_ref()));
        // As long, and different.
        fs::write(&path, "abd").unwrap();
        let seen = look(&path, Some(&old)).unwrap();
        assert!(!is_same_content(Some(&old), seen.as_ref()));
        assert!(!is_same_content(Some(&old), None));
    }
}
