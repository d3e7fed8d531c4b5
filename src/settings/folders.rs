//! Where settings and the user's own data lie, by the conventions of each system.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The variable that puts settings and data into one folder of the caller's choice, so that tests
/// and pictures are the same on every machine.
pub const CONFIG_VARIABLE: &str = "MASEQUENCER_CONFIG_DIR";

/// The folders of one user. None of them is made before something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    config: PathBuf,
    data: PathBuf,
}

impl Folders {
    /// The folders of this user; `None` when the system knows no home folder.
    ///
    /// On Linux `~/.config/masequencer` and `~/.local/share/masequencer`, on Windows and macOS their
    /// counterparts; all below [`CONFIG_VARIABLE`] where that is set.
    pub fn of_user() -> Option<Self> {
        Self::find(std::env::var_os(CONFIG_VARIABLE))
    }

    fn find(given: Option<OsString>) -> Option<Self> {
        if let Some(given) = given.filter(|given| !given.is_empty()) {
            // A relative one must not move with the current directory.
            let absolute = std::path::absolute(&given).unwrap_or_else(|_| given.into());
            return Some(Self::below(&absolute));
        }
        directories::ProjectDirs::from("", "", "masequencer").map(|folders| Self {
            config: folders.config_dir().to_path_buf(),
            data: folders.data_local_dir().to_path_buf(),
        })
    }

    /// Everything below one folder.
    pub fn below(folder: &Path) -> Self {
        Self {
            config: folder.to_path_buf(),
            data: folder.join("data"),
        }
    }

    /// The folder of the settings.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Copies of documents with unsaved changes, for the time after a crash.
    pub fn recovery(&self) -> PathBuf {
        self.data.join("recovery")
    }

    /// What servers told of their agents, for when they cannot be asked.
    pub fn servers(&self) -> PathBuf {
        self.data.join("servers")
    }

    /// From here the relative paths of a document count that was never saved.
    pub fn unsaved(&self) -> PathBuf {
        self.data.join("unsaved")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_moves_everything() {
        let absolute = std::path::absolute("x").unwrap();
        for given in [absolute.clone().into_os_string(), "x".into()] {
            let folders = Folders::find(Some(given)).unwrap();
            assert_eq!(folders.config(), absolute);
            assert!(folders.recovery().starts_with(&absolute));
            assert!(folders.servers().starts_with(&absolute));
            assert!(folders.unsaved().starts_with(&absolute));
            assert_ne!(folders.recovery(), folders.unsaved());
        }
        assert_eq!(Folders::find(Some(OsString::new())), Folders::find(None));
    }
}
