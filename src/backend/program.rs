//! Finds the program that a command names.
//!
//! Must not start anything.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Finds a program: a path counts from `base_folder`; a bare name is looked for in `base_folder`,
/// then on `search_path`, whose relative entries are passed over.
///
/// # Errors
/// One sentence when there is none, or when what is there cannot be started.
pub(super) fn find(
    program: &str,
    base_folder: &Path,
    search_path: Option<&OsStr>,
) -> Result<PathBuf, String> {
    if program.is_empty() || program.contains('\0') {
        return Err("the command names no program".to_owned());
    }
    let beside = base_folder.join(program);
    let is_path = program.chars().any(std::path::is_separator);
    let folders = search_path
        .filter(|_| !is_path)
        .map(|path| std::env::split_paths(path).collect::<Vec<_>>())
        .unwrap_or_default();
    let on_path = folders
        .iter()
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program));
    for candidate in std::iter::once(beside.clone()).chain(on_path) {
        if look(&candidate) == Found::Program {
            return Ok(candidate);
        }
        if let Some(path) = with_known_ending(&candidate) {
            return Ok(path);
        }
    }
    Err(why_not(program, &beside, is_path))
}

fn why_not(program: &str, beside: &Path, is_path: bool) -> String {
    let path = beside.display();
    match look(beside) {
        Found::Folder => {
            format!("program `{program}` is a folder (`{path}`); name the file to start")
        }
        Found::NotExecutable => not_executable(program, beside),
        Found::Nothing | Found::Program if is_path => {
            format!("program `{program}` was not found: there is no file `{path}`")
        }
        Found::Nothing | Found::Program => {
            format!(
                "program `{program}` was not found beside the sequence file or on the search path"
            )
        }
    }
}

fn not_executable(program: &str, path: &Path) -> String {
    format!(
        "program `{program}` may not be executed: allow it with `chmod +x {}`, or name the \
         interpreter as the program and the file as its argument",
        path.display()
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Program,
    NotExecutable,
    Folder,
    Nothing,
}

fn look(path: &Path) -> Found {
    match std::fs::metadata(path) {
        Err(_) => Found::Nothing,
        Ok(metadata) if metadata.is_dir() => Found::Folder,
        Ok(metadata) if is_executable(&metadata) => Found::Program,
        Ok(_) => Found::NotExecutable,
    }
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    metadata.is_file()
}

/// On Windows a program may be named without its ending. Batch files are started by the system's
/// command interpreter with the standard library's escaping; a `.ps1` file is no program there,
/// name `powershell.exe` and pass the file.
#[cfg(windows)]
fn with_known_ending(path: &Path) -> Option<PathBuf> {
    if path.extension().is_some() {
        return None;
    }
    ["exe", "com", "cmd", "bat"]
        .into_iter()
        .map(|ending| path.with_extension(ending))
        .find(|candidate| look(candidate) == Found::Program)
}

/// Elsewhere a name is complete.
#[cfg(not(windows))]
const fn with_known_ending(_path: &Path) -> Option<PathBuf> {
    None
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn finds_beside_the_file_before_the_search_path() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        std::fs::create_dir_all(base.join("bin")).unwrap();
        let on_path = Some(OsStr::new("relative:/bin:/usr/bin"));
        assert!(find("sh", base, on_path).unwrap().ends_with("bin/sh"));
        symlink("/bin/true", base.join("sh")).unwrap();
        assert_eq!(find("sh", base, on_path).unwrap(), base.join("sh"));
        symlink("/bin/true", base.join("bin/tool")).unwrap();
        assert_eq!(find("bin/tool", base, None).unwrap(), base.join("bin/tool"));
        assert_eq!(find("./sh", base, None).unwrap(), base.join("./sh"));
        assert_eq!(find("/bin/sh", base, None).unwrap(), Path::new("/bin/sh"));
    }

    #[test]
    fn says_in_one_sentence_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        std::fs::create_dir(base.join("folder")).unwrap();
        let plain = base.join("plain.sh");
        std::fs::write(&plain, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&plain, std::fs::Permissions::from_mode(0o644)).unwrap();
        for (program, words) in [
            (
                "x",
                "program `x` was not found beside the sequence file or on the search path",
            ),
            ("./x", "there is no file"),
            ("folder", "program `folder` is a folder"),
            ("./folder", "program `./folder` is a folder"),
            ("plain.sh", "chmod +x"),
            ("./plain.sh", "chmod +x"),
            ("", "names no program"),
        ] {
            let sentence = find(program, base, Some(OsStr::new("/usr/bin"))).unwrap_err();
            assert!(sentence.contains(words), "{program}: {sentence}");
        }
    }
}
