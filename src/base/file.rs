//! Files that are written whole or not at all, and read up to a limit.
//!
//! Must not know what the bytes mean.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Replaces a file's content in one step.
///
/// The bytes go to a temporary file in the same folder, which is synced and renamed; a reader sees
/// the old content or the new, never a part. An existing file keeps its permissions, and a link
/// stays a link.
///
/// # Errors
/// Any error of the system; then the old content is untouched and the temporary file is gone.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_as(path, bytes, EVERYBODY)
}

/// Replaces a file's content in one step; a new file is nobody's but the user's own.
///
/// # Errors
/// As for [`replace`].
pub fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_as(path, bytes, OWNER)
}

/// Makes a folder, with those above it, that nobody else can look into; one that is there already
/// stays as it is.
///
/// # Errors
/// Any error of the system.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// What `File::create` would ask for; the process's mask still applies.
const EVERYBODY: u32 = 0o666;

/// Nobody but the user.
const OWNER: u32 = 0o600;

#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "only Unix gives a new file a mode")
)]
fn replace_as(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".masequencer-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut temporary = builder.tempfile_in(folder)?;
    // The file itself: errors of the wrapper name the temporary file, which tells a person nothing.
    temporary.as_file_mut().write_all(bytes)?;
    if let Ok(metadata) = fs::metadata(&target) {
        temporary
            .as_file()
            .set_permissions(metadata.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    // A rename is durable once its folder is; systems that cannot sync a folder refuse harmlessly.
    if let Ok(opened) = File::open(folder) {
        opened.sync_all().ok();
    }
    Ok(())
}

/// Reads a whole file of at most `max_bytes`.
///
/// # Errors
/// Any error of the system, [`io::ErrorKind::FileTooLarge`] when there is more, and
/// [`io::ErrorKind::IsADirectory`] for a folder on every system.
pub fn read_up_to(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let too_large = || {
        let problem = format!("larger than {max_bytes} bytes");
        io::Error::new(io::ErrorKind::FileTooLarge, problem)
    };
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    // Not one byte of a file that is plainly too large. A pipe has no length, a file may grow: what
    // is read is counted too.
    if metadata.len() > max_bytes {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Why the system refuses a file, in words that say what to do.
///
/// The system's own words remain where there are no better ones.
#[derive(Debug)]
pub struct FileProblem(io::Error);

impl From<io::Error> for FileProblem {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind() {
            io::ErrorKind::NotFound => "it does not exist; check the path",
            io::ErrorKind::IsADirectory => "it is a folder; name a file",
            io::ErrorKind::NotADirectory => "a part of its path is not a folder; check the path",
            io::ErrorKind::PermissionDenied => {
                "this account is not allowed to; change the permissions or the account"
            }
            io::ErrorKind::ReadOnlyFilesystem => "its disk is read-only; name another place",
            io::ErrorKind::StorageFull => "the disk is full; make room",
            io::ErrorKind::QuotaExceeded => "the quota of this account is used up; make room",
            io::ErrorKind::FileTooLarge if self.0.raw_os_error().is_some() => {
                "it would be larger than the system allows this process (ulimit -f)"
            }
            _ => return self.0.fmt(f),
        })
    }
}

// The words of the system would only repeat ours.
impl std::error::Error for FileProblem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_and_keeps_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        replace(&path, b"one").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        }
        replace(&path, b"two").unwrap();
        assert_eq!(read_up_to(&path, 3).unwrap(), b"two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o640
            );
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn refuses_more_than_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        replace(&path, b"four").unwrap();
        let error = read_up_to(&path, 3).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        let error = read_up_to(folder.path(), 3).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn a_problem_says_what_to_do_and_keeps_words_that_are_better() {
        for (error, words) in [
            (
                io::Error::from(io::ErrorKind::NotFound),
                "it does not exist; check the path",
            ),
            (
                io::Error::from(io::ErrorKind::StorageFull),
                "the disk is full; make room",
            ),
            (
                io::Error::new(io::ErrorKind::FileTooLarge, "larger than 3 bytes"),
                "larger than 3 bytes",
            ),
            (
                io::Error::other("the device is on fire"),
                "the device is on fire",
            ),
        ] {
            assert_eq!(FileProblem::from(error).to_string(), words);
        }
    }
}
