//! Where the sockets lie: a folder that only its owner may enter.

use std::io;
use std::path::{Path, PathBuf};

use crate::run::RunId;

use super::ControlError;

/// How the file of a run's socket ends.
const ENDING: &str = "sock";

/// The longest path of a Unix domain socket without its final zero (`sun_path` of `sockaddr_un`:
/// 108 bytes on Linux, 104 elsewhere).
pub(super) const MAX_PATH_BYTES: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The folder in which a new run opens its socket.
///
/// `masequencer` in the session's runtime folder (`XDG_RUNTIME_DIR`); where there is none, as under
/// a scheduler, `run` in the user's local data folder of `masequencer`.
///
/// # Errors
/// [`ControlError::NoFolder`] when the system knows neither.
pub fn default_folder() -> Result<PathBuf, ControlError> {
    known_folders()
        .into_iter()
        .next()
        .ok_or(ControlError::NoFolder)
}

/// All folders in which runs of this user may have their sockets, the default one first: a run that
/// a scheduler started without a session is found from a terminal that has one.
pub fn known_folders() -> Vec<PathBuf> {
    let runtime = directories::BaseDirs::new()
        .and_then(|folders| folders.runtime_dir().map(Path::to_path_buf))
        .filter(|folder| folder.is_dir())
        .map(|folder| folder.join("masequencer"));
    let data = directories::ProjectDirs::from("", "", "masequencer")
        .map(|folders| folders.data_local_dir().join("run"));
    runtime.into_iter().chain(data).collect()
}

/// The socket of a run.
///
/// # Errors
/// [`ControlError::PathTooLong`] when the system does not take such a path.
pub(super) fn socket_path(folder: &Path, run: &RunId) -> Result<PathBuf, ControlError> {
    let path = folder.join(format!("{run}.{ENDING}"));
    let length = path.as_os_str().len();
    if cfg!(unix) && length > MAX_PATH_BYTES {
        return Err(ControlError::PathTooLong {
            path,
            length,
            limit: MAX_PATH_BYTES,
        });
    }
    Ok(path)
}

/// The runs that seem to have a socket in a folder, by name; none if there is no folder.
///
/// # Errors
/// [`ControlError::Folder`] when the folder cannot be read.
pub(super) fn sockets(folder: &Path) -> Result<Vec<(RunId, PathBuf)>, ControlError> {
    let failed = |source| ControlError::Folder {
        folder: folder.to_path_buf(),
        source,
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut sockets = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let is_socket = path.extension().is_some_and(|ending| ending == ENDING);
        let run = path.file_stem().and_then(|stem| stem.to_str());
        if let (true, Some(run)) = (is_socket, run.and_then(RunId::parse)) {
            sockets.push((run, path));
        }
    }
    sockets.sort();
    Ok(sockets)
}

/// Makes sure that the folder is there and nobody else may enter it.
///
/// # Errors
/// [`ControlError::Folder`] when it cannot be made, [`ControlError::NotPrivate`] when it is not
/// ours alone.
pub(super) fn make_private(folder: &Path) -> Result<(), ControlError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(|source| ControlError::Folder {
            folder: folder.to_path_buf(),
            source,
        })?;
    check_private(folder)
}

/// Makes sure that an existing folder belongs to us and nobody else may enter it.
///
/// # Errors
/// As [`make_private`].
#[cfg(unix)]
pub(super) fn check_private(folder: &Path) -> Result<(), ControlError> {
    use std::os::unix::fs::MetadataExt as _;

    let failed = |source| ControlError::Folder {
        folder: folder.to_path_buf(),
        source,
    };
    let unsafe_because = |problem: &str| {
        Err(ControlError::NotPrivate {
            folder: folder.to_path_buf(),
            problem: problem.to_owned(),
        })
    };
    let metadata = std::fs::symlink_metadata(folder).map_err(failed)?;
    if metadata.is_symlink() {
        return unsafe_because("it is a link; remove it");
    }
    if !metadata.is_dir() {
        return unsafe_because("it is not a folder; remove it");
    }
    if metadata.mode() & 0o077 != 0 {
        return unsafe_because("others may enter it; allow it to its owner only (`chmod 700`)");
    }
    // A new file belongs to whoever makes it: the portable way to ask who we are.
    let probe = tempfile::tempfile_in(folder).and_then(|file| file.metadata());
    if probe.map_err(failed)?.uid() != metadata.uid() {
        return unsafe_because("it belongs to another user");
    }
    Ok(())
}

/// On Windows the folder lies in the user's profile, whose access list is the user's own; it holds
/// only the names of the runs.
#[cfg(not(unix))]
pub(super) fn check_private(_folder: &Path) -> Result<(), ControlError> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn folders_are_made_for_one_user_and_others_are_refused() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("a/b");
        make_private(&folder).unwrap();
        make_private(&folder).unwrap();
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);

        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o750)).unwrap();
        let sentence = make_private(&folder).unwrap_err().to_string();
        assert!(sentence.contains("chmod 700"), "{sentence}");

        let link = outer.path().join("link");
        symlink(outer.path(), &link).unwrap();
        let sentence = make_private(&link).unwrap_err().to_string();
        assert!(sentence.contains("it is a link"), "{sentence}");

        let file = outer.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(make_private(&file).is_err());
    }

    #[test]
    fn a_path_that_is_too_long_says_what_to_do() {
        let run = RunId::parse("20261122-140305-4f2a9c").unwrap();
        let short = Path::new("/run/user/1000/masequencer");
        assert!(socket_path(short, &run).is_ok());
        let long = PathBuf::from(format!("/{}", "x".repeat(100)));
        let sentence = socket_path(&long, &run).unwrap_err().to_string();
        assert!(
            sentence.contains("set XDG_RUNTIME_DIR to a shorter folder"),
            "{sentence}"
        );
        assert!(sentence.contains("has 129 bytes"), "{sentence}");
    }

    #[test]
    fn only_names_of_runs_are_taken_for_sockets() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.sock", "a.sock", "a.txt", "bad name.sock", ".sock"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let found = sockets(folder.path()).unwrap();
        let runs: Vec<&str> = found.iter().map(|(run, _)| run.as_str()).collect();
        assert_eq!(runs, ["a", "b"]);
        assert!(sockets(&folder.path().join("nowhere")).unwrap().is_empty());
    }
}
