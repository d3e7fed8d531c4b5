//! A password in a file that nobody but its owner may read.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::base::secret::Secret;

use super::MAX_BYTES;

/// Why a file gives no password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFileError {
    /// The system does not let us read it.
    #[error("the password file `{file}` cannot be read")]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others may read it, so it is not used.
    #[error(
        "others may read the password file `{file}` (its mode is {mode:04o}), so it is not used; \
         run: chmod 600 {file}"
    )]
    Open {
        /// Which.
        file: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It holds no password.
    #[error(
        "the password file `{0}` holds no password; write it as the first line, in UTF-8, at most \
         {MAX_BYTES} bytes"
    )]
    Unusable(PathBuf),
}

/// The folder in which systemd hands passwords to a service, by the name of its variable.
const SERVICE_FOLDER: &str = "CREDENTIALS_DIRECTORY";

/// Reads the first line of a file.
pub(super) fn read(file: &Path) -> Result<Secret, PasswordFileError> {
    let folder = std::env::var_os(SERVICE_FOLDER).map(PathBuf::from);
    read_within(file, folder.as_deref())
}

/// The same; in `folder`, if there is one, systemd has seen to it that only the service reads.
fn read_within(file: &Path, folder: Option<&Path>) -> Result<Secret, PasswordFileError> {
    let unreadable = |source| PasswordFileError::Read {
        file: file.to_owned(),
        source,
    };
    let opened = File::open(file).map_err(unreadable)?;
    // Of what is open, not of the name: it could be another file by now.
    let metadata = opened.metadata().map_err(unreadable)?;
    // An access list shows in the place of the group's rights.
    let is_handed_over = folder.is_some() && file.parent() == folder;
    let forbidden = if is_handed_over { 0o007 } else { 0o077 };
    if let Some(mode) = mode_for_others(&metadata, forbidden) {
        let file = file.to_owned();
        return Err(PasswordFileError::Open { file, mode });
    }
    let unusable = || PasswordFileError::Unusable(file.to_owned());
    // With room for all of it: growing would leave copies behind.
    let mut bytes = Vec::with_capacity(usize::from(MAX_BYTES) + 8);
    let read = opened
        .take(u64::from(MAX_BYTES) + 1)
        .read_to_end(&mut bytes);
    let whole = Secret::of_bytes(bytes);
    read.map_err(unreadable)?;
    let whole = whole.ok_or_else(unusable)?;
    let line = whole.reveal().lines().next().unwrap_or_default();
    if line.is_empty() || line.len() > usize::from(MAX_BYTES) {
        return Err(unusable());
    }
    Ok(Secret::new(line.to_owned()))
}

/// The mode of a file that others may read or write.
#[cfg(unix)]
fn mode_for_others(metadata: &Metadata, forbidden: u32) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = metadata.mode() & 0o7777;
    // A pipe holds nothing for others to find.
    (metadata.is_file() && mode & forbidden != 0).then_some(mode)
}

/// Here the folder's access list decides, which only a person can judge.
#[cfg(not(unix))]
fn mode_for_others(_metadata: &Metadata, _forbidden: u32) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file_with(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, content).unwrap();
        set_mode(&file, mode);
        (folder, file)
    }

    #[cfg(unix)]
    fn set_mode(file: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn set_mode(_file: &Path, _mode: u32) {}

    #[test]
    fn the_first_line_is_the_password() {
        for (content, password) in [
            (&b"pass word \r\nsecond"[..], Some("pass word ")),
            (b"only", Some("only")),
            (b"\nsecond", None),
            (b"", None),
            (&[0xFF, 0xFE, b'x'], None),
            (&[b'x'; MAX_BYTES as usize + 1], None),
        ] {
            let (_folder, file) = file_with(content, 0o600);
            let read = read(&file);
            match password {
                Some(password) => assert_eq!(read.unwrap().reveal(), password),
                None => assert!(matches!(read, Err(PasswordFileError::Unusable(_)))),
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused_with_its_remedy() {
        for mode in [0o640, 0o604, 0o660, 0o644, 0o620] {
            let (_folder, file) = file_with(b"canary", mode);
            let error = read(&file).unwrap_err().to_string();
            let remedy = format!("run: chmod 600 {}", file.display());
            assert!(error.contains(&remedy), "{error}");
            assert!(error.contains(&format!("{mode:04o}")), "{error}");
            assert!(!error.contains("canary"));
        }
        let (_folder, file) = file_with(b"canary", 0o400);
        assert_eq!(read(&file).unwrap().reveal(), "canary");
    }

    #[cfg(unix)]
    #[test]
    fn what_systemd_hands_over_may_have_an_access_list() {
        for (mode, is_read) in [(0o440, true), (0o400, true), (0o444, false)] {
            let (folder, file) = file_with(b"canary", mode);
            assert_eq!(read_within(&file, Some(folder.path())).is_ok(), is_read);
            let elsewhere = read_within(&file, Some(Path::new("/run/credentials")));
            assert_eq!(elsewhere.is_ok(), mode == 0o400);
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read(Path::new("/nowhere/password")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/password"));
    }
}
