//! The project's files: which there are, and their text.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders at the root that are not ours to check: what git and cargo keep, and private
/// environments.
const SKIPPED: [&str; 3] = ["target", ".git", ".venv"];

/// Files whose text is ours.
const TEXT_EXTENSIONS: [&str; 15] = [
    "rs", "md", "toml", "xml", "xsd", "json", "py", "sh", "service", "timer", "svg", "yml", "csv",
    "txt", "",
];

/// The project's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file that must be there.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether a file or folder of this name, from the root, exists.
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Whether the path ends with this extension, in any letter case.
pub fn has_extension(path: &str, extension: &str) -> bool {
    extension_of(path).eq_ignore_ascii_case(extension)
}

fn extension_of(path: &str) -> &str {
    Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// Every file under a folder of the root, from the root with forward slashes, sorted.
pub fn under(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root(), folder, &mut found);
    found.sort();
    found
}

fn collect(root: &Path, folder: &str, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if folder.is_empty() && SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        if entry.path().is_dir() {
            collect(root, &path, found);
        } else {
            found.push(path);
        }
    }
}

/// Every text of ours with its path. Recorded messages of other software are not ours.
pub fn texts() -> Vec<(String, String)> {
    under("")
        .into_iter()
        .filter(|path| !path.starts_with("tests/fixtures/"))
        .filter(|path| TEXT_EXTENSIONS.contains(&extension_of(path)))
        .filter_map(|path| {
            let text = fs::read_to_string(root().join(&path)).ok()?;
            Some((path, text))
        })
        .collect()
}
