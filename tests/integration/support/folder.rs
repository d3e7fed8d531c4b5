//! A folder of a test's own that goes away with it.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A temporary folder; everything that a program of the test keeps lies in it.
#[derive(Debug)]
pub struct Folder {
    inner: TempDir,
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        // A short name: the path of a socket below it must fit into 108 bytes.
        let inner = tempfile::Builder::new()
            .prefix("ms")
            .rand_bytes(6)
            .tempdir()
            .expect("a temporary folder can be made");
        Self { inner }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.inner.path()
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, making the folders above it, and returns its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).expect("a folder below a temporary folder can be made");
        }
        fs::write(&path, content).unwrap_or_else(|error| panic!("{name}: {error}"));
        path
    }

    /// Copies a file of the project, by its path from the root, and returns the copy's path.
    pub fn copy(&self, from_root: &str) -> PathBuf {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(from_root);
        let content = fs::read(&source).unwrap_or_else(|error| panic!("{from_root}: {error}"));
        let name = source
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        self.write(&name.unwrap_or_default(), content)
    }

    /// The text of a file in it.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_files_and_goes_away() {
        let folder = Folder::new();
        folder.write("a/b.txt", "text");
        assert_eq!(folder.read("a/b.txt"), "text");
        let copy = folder.copy("LICENSE-MIT");
        assert!(copy.starts_with(folder.path()) && copy.exists());
        drop(folder);
        assert!(!copy.exists());
    }
}
