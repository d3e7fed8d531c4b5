//! The file of the settings: read leniently, written whole or not at all.
//!
//! Nothing that a person or a newer version wrote is lost without a word.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::file::{FileProblem, create_private_folder, read_up_to, replace};

use super::Settings;
use super::merge::merge;

/// The version of the file; any change that an older reader cannot pass over raises it.
const VERSION: u64 = 1;

/// The file's name in its folder.
const FILE: &str = "settings.json";

/// The copy of a file that could not be read as it was.
const BAD_FILE: &str = "settings.json.bad";

/// The file whose lock a window holds while it reads, merges and writes.
const LOCK_FILE: &str = "settings.lock";

/// How often the lock is tried, and how long is waited in between: another window holds it for a
/// few milliseconds. One that hangs must not keep this one from writing.
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// The largest file that is read.
const MAX_BYTES: u64 = 1 << 20;

/// What a person should know about the settings that were read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadProblem {
    /// The system does not give the file.
    #[error("The settings in `{file}` cannot be read ({why}); the usual ones are used.")]
    Read {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// It holds something else.
    #[error("The settings in `{file}` are damaged; the usual ones are used{}.", kept(.copy.as_deref()))]
    Damaged {
        /// The file.
        file: String,
        /// Where the damaged file was kept.
        copy: Option<String>,
    },
    /// It holds more than this version knows.
    #[error("The settings in `{file}` have entries that nobody knows ({entries}){}.", kept(.copy.as_deref()))]
    Unknown {
        /// The file.
        file: String,
        /// The names of the entries.
        entries: String,
        /// Where the file was kept as it was.
        copy: Option<String>,
    },
    /// A newer version wrote it.
    #[error(
        "The settings in `{file}` belong to a newer version of this program; what you change here \
         is not kept."
    )]
    Newer {
        /// The file.
        file: String,
    },
}

/// Why the settings were not written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The system does not let us.
    #[error("the settings could not be written to `{file}`")]
    Write {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: FileProblem,
    },
    /// The file belongs to a newer version, which would lose by it.
    #[error(
        "the settings in `{file}` belong to a newer version of this program and are left alone"
    )]
    Newer {
        /// The file.
        file: String,
    },
}

fn kept(copy: Option<&str>) -> String {
    copy.map(|copy| format!("; the file as it was is kept as `{copy}`"))
        .unwrap_or_default()
}

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    #[serde(flatten)]
    settings: &'a Settings,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// Reads the settings of a folder. No file means the usual settings; so does a broken one, with a
/// problem to tell.
pub fn load(folder: &Path) -> (Settings, Option<LoadProblem>) {
    let path = folder.join(FILE);
    let file = path.display().to_string();
    let bytes = match read_up_to(&path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return (Settings::default(), None);
        }
        Err(error) => {
            let why = FileProblem::from(error).to_string();
            return (Settings::default(), Some(LoadProblem::Read { file, why }));
        }
    };
    let damaged = || {
        let copy = keep(folder, &bytes);
        let file = file.clone();
        (
            Settings::default(),
            Some(LoadProblem::Damaged { file, copy }),
        )
    };
    let Ok(value) = serde_json::from_slice::<Value>(&bytes) else {
        return damaged();
    };
    let Some(version) = version_of(&value) else {
        return damaged();
    };
    let Ok(settings) = serde_json::from_value::<Settings>(value.clone()) else {
        if version > VERSION {
            return (Settings::default(), Some(LoadProblem::Newer { file }));
        }
        return damaged();
    };
    let problem = if version > VERSION {
        Some(LoadProblem::Newer { file })
    } else {
        let entries = unknown(&value, &settings);
        (!entries.is_empty()).then(|| LoadProblem::Unknown {
            file,
            entries: entries.join(", "),
            copy: keep(folder, &bytes),
        })
    };
    (settings.within_limits(), problem)
}

/// Writes the settings of a folder, which is made if it is missing.
///
/// # Errors
/// [`SaveError`]; then the file is as it was.
pub fn save(folder: &Path, settings: &Settings) -> Result<(), SaveError> {
    let path = folder.join(FILE);
    let file = path.display().to_string();
    let failed = |error: io::Error| SaveError::Write {
        file: file.clone(),
        source: error.into(),
    };
    let on_disk = read_up_to(&path, MAX_BYTES).unwrap_or_default();
    let version: Option<Version> = serde_json::from_slice(&on_disk).ok();
    if version.is_some_and(|on_disk| on_disk.version > VERSION) {
        return Err(SaveError::Newer { file });
    }
    let written = Written {
        version: VERSION,
        settings,
    };
    let mut bytes =
        serde_json::to_vec_pretty(&written).map_err(|error| failed(io::Error::other(error)))?;
    bytes.push(b'\n');
    create_private_folder(folder).map_err(failed)?;
    replace(&path, &bytes).map_err(failed)
}

/// Writes what is different in `ours` from `base`, and leaves the rest as other windows wrote it.
///
/// # Errors
/// As [`save`].
pub fn save_changes(folder: &Path, base: &Settings, ours: &Settings) -> Result<(), SaveError> {
    let path = folder.join(FILE);
    create_private_folder(folder).map_err(|error| SaveError::Write {
        file: path.display().to_string(),
        source: error.into(),
    })?;
    let _lock = lock(folder);
    let bytes = read_up_to(&path, MAX_BYTES).unwrap_or_default();
    match serde_json::from_slice::<Settings>(&bytes) {
        Ok(theirs) => save(folder, &merge(base, ours, &theirs.within_limits())),
        // There is nothing that could be kept.
        Err(_) => save(folder, ours),
    }
}

/// The lock of the settings; without one the last window to write wins, which is the smaller loss.
fn lock(folder: &Path) -> Option<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_FILE))
        .ok()?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

fn version_of(value: &Value) -> Option<u64> {
    value.as_object()?.get("version")?.as_u64()
}

/// Keeps the file as it was; `None` when even that does not work.
fn keep(folder: &Path, bytes: &[u8]) -> Option<String> {
    let copy: PathBuf = folder.join(BAD_FILE);
    replace(&copy, bytes).ok()?;
    Some(copy.display().to_string())
}

/// The names of the entries that were read past: those that writing the settings would lose.
fn unknown(read: &Value, settings: &Settings) -> Vec<String> {
    let known = serde_json::to_value(settings).unwrap_or_default();
    let mut found = Vec::new();
    collect_unknown(read, &known, "", &mut found);
    found.retain(|name| name != "version");
    found
}

fn collect_unknown(read: &Value, known: &Value, above: &str, found: &mut Vec<String>) {
    match (read, known) {
        (Value::Object(read), Value::Object(known)) => {
            for (name, value) in read {
                let path = if above.is_empty() {
                    name.clone()
                } else {
                    format!("{above}.{name}")
                };
                match known.get(name) {
                    Some(known) => collect_unknown(value, known, &path, found),
                    None => found.push(path),
                }
            }
        }
        (Value::Array(read), Value::Array(known)) => {
            for (value, known) in read.iter().zip(known) {
                collect_unknown(value, known, above, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{LastServer, RecentFile, ThemeChoice};
    use super::*;

    fn some() -> Settings {
        let mut settings = Settings {
            theme: ThemeChoice::HighContrast,
            scale_percent: 150,
            motion: false,
            last_server: Some(LastServer {
                host: "mim01".to_owned(),
                user: "CORP\\svc".to_owned(),
                tls: true,
                ..LastServer::default()
            }),
            ..Settings::default()
        };
        settings.remember(RecentFile {
            path: PathBuf::from("/jobs/a.xml"),
            opened: jiff::Timestamp::UNIX_EPOCH,
            threads: 3,
            steps: 9,
        });
        settings
    }

    fn text(folder: &Path) -> String {
        fs::read_to_string(folder.join(FILE)).unwrap()
    }

    #[test]
    fn what_is_saved_is_loaded_and_a_missing_file_is_no_problem() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("a/b");
        assert_eq!(load(&folder), (Settings::default(), None));
        save(&folder, &some()).unwrap();
        assert_eq!(load(&folder), (some(), None));
        save(&folder, &Settings::default()).unwrap();
        assert_eq!(load(&folder), (Settings::default(), None));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn two_windows_do_not_undo_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let base = Settings::default();
        let dark = Settings {
            theme: ThemeChoice::Dark,
            ..Settings::default()
        };
        let large = Settings {
            scale_percent: 200,
            ..Settings::default()
        };
        save_changes(folder.path(), &base, &dark).unwrap();
        save_changes(folder.path(), &base, &large).unwrap();
        let both = Settings {
            scale_percent: 200,
            ..dark
        };
        assert_eq!(load(folder.path()), (both, None));
    }

    #[test]
    fn windows_that_write_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let folder = folder.path();
                scope.spawn(move || {
                    let mut ours = Settings::default();
                    ours.remember(RecentFile {
                        path: PathBuf::from(format!("/{number}.xml")),
                        opened: jiff::Timestamp::UNIX_EPOCH,
                        threads: 1,
                        steps: 1,
                    });
                    save_changes(folder, &Settings::default(), &ours).unwrap();
                });
            }
        });
        assert_eq!(load(folder.path()).0.recent.len(), 8);
    }

    #[test]
    fn there_is_no_place_for_a_password() {
        let folder = tempfile::tempdir().unwrap();
        save(folder.path(), &some()).unwrap();
        let text = text(folder.path()).to_lowercase();
        assert!(
            !text.contains("passw") && !text.contains("secret"),
            "{text}"
        );
    }

    #[test]
    fn a_broken_file_is_kept_and_told() {
        for broken in [
            "",
            "{",
            "[]",
            "{\"version\":1,\"theme\":\"pink\"}",
            "{\"theme\":\"dark\"}",
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), broken).unwrap();
            let (settings, problem) = load(folder.path());
            assert_eq!(settings, Settings::default());
            let sentence = problem.unwrap().to_string();
            assert!(sentence.contains("are damaged"), "{sentence}");
            assert!(sentence.contains("settings.json.bad"), "{sentence}");
            let copy = fs::read_to_string(folder.path().join(BAD_FILE)).unwrap();
            assert_eq!(copy, broken);
            // The next one is fine again.
            save(folder.path(), &some()).unwrap();
            assert_eq!(load(folder.path()), (some(), None));
        }
    }

    #[test]
    fn unknown_entries_are_named_and_the_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let odd = r#"{"version":1,"theme":"dark","colour":"red","panels":{"tree":300,"left":1}}"#;
        fs::write(folder.path().join(FILE), odd).unwrap();
        let (settings, problem) = load(folder.path());
        assert_eq!(settings.theme, ThemeChoice::Dark);
        let sentence = problem.unwrap().to_string();
        assert!(sentence.contains("(colour, panels.left)"), "{sentence}");
        let copy = fs::read_to_string(folder.path().join(BAD_FILE)).unwrap();
        assert_eq!(copy, odd);
    }

    #[test]
    fn a_newer_file_is_read_as_far_as_known_and_never_overwritten() {
        for newer in [
            r#"{"version":2,"theme":"dark","new":true}"#,
            r#"{"version":2,"theme":{"new":"kind"}}"#,
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), newer).unwrap();
            let (_, problem) = load(folder.path());
            assert!(matches!(problem, Some(LoadProblem::Newer { .. })));
            let error = save(folder.path(), &some()).unwrap_err();
            assert!(matches!(error, SaveError::Newer { .. }), "{error}");
            assert_eq!(text(folder.path()), newer);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_the_system_refuses_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(FILE)).unwrap();
        let (_, problem) = load(folder.path());
        let sentence = problem.unwrap().to_string();
        assert!(sentence.contains("it is a folder"), "{sentence}");
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(save(&file, &some()).is_err());
    }
}
