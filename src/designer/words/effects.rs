//! What the world's answers are put into: titles of the system's dialogs, and sentences about what
//! did not work.

use std::path::Path;

use super::super::PathPurpose;
use super::doctor::in_window;

/// The name of the demo's server.
pub const DEMO_SERVER: &str = "Demo server";

/// What the file dialog calls sequence files.
pub const SEQUENCE_FILES: &str = "Sequence files";

/// What the file dialog calls exported agents.
pub const EXPORTED_AGENTS: &str = "Exported agents";

/// What the file dialog calls log files.
pub const LOG_FILES: &str = "Log files";

/// What the file dialog calls certificates.
pub const CERTIFICATES: &str = "Certificates";

/// What the file dialog calls everything.
pub const ALL_FILES: &str = "All files";

/// An order came before the last one was taken.
pub const RUN_IS_BUSY: &str = "The run has not taken the last order yet; try again.";

/// No run is being watched.
pub const NO_RUN_WATCHED: &str = "No run is being watched any more.";

/// The name that a run's socket must have is not a run's.
pub const NOT_A_RUN: &str = "This is not the control socket of a run.";

/// The title of the system's dialog.
pub const fn dialog_title(purpose: &PathPurpose) -> &'static str {
    match purpose {
        PathPurpose::Open => "Open sequence",
        PathPurpose::SaveAs { .. } => "Save sequence as",
        PathPurpose::Export { is_folder: true } => {
            "Choose the folder of the exported configuration"
        }
        PathPurpose::Export { is_folder: false } => "Choose the exported agent",
        PathPurpose::LogFile => "Choose the log file",
        PathPurpose::CaFile | PathPurpose::ConnectCaFile => "Choose the file of authorities",
        PathPurpose::Program(_) => "Choose the program",
        PathPurpose::Directory(_) => "Choose the working folder",
        PathPurpose::CopyFrom(_) => "Choose the file to copy",
        PathPurpose::CopyTo(_) => "Choose where to copy it",
    }
}

/// A file could not be written.
pub fn not_saved(file: &Path, why: &str) -> String {
    sentence(&format!("`{}` was not saved: {why}", file.display()))
}

/// Why a file that somebody protected is left alone.
pub const READ_ONLY: &str =
    "it is read-only; save it under another name, or change its permissions";

/// A recovery copy could not be read.
pub fn not_read(file: &Path, why: &dyn std::fmt::Display) -> String {
    format!("`{}` cannot be read: {why}", file.display())
}

/// A file could not be opened with the system's program.
pub fn not_opened_externally(file: &Path) -> String {
    format!(
        "No program opens `{}`; open it from the file manager.",
        file.display()
    )
}

/// The copy for recovery could not be written.
pub fn no_recovery_copy(why: &str) -> String {
    sentence(&format!(
        "no recovery copy could be written, save your work: {why}"
    ))
}

/// What answers at a server.
pub fn product(vendor: &str, version: &str) -> String {
    format!("{vendor} {version}").trim().to_owned()
}

/// An error's words as a sentence of the window: a capital letter, an end, and no options of the
/// command line.
pub fn sentence(words: &str) -> String {
    let words = in_window(words.trim());
    let mut letters = words.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let end = if words.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!(
        "{}{}{end}",
        first.to_uppercase().collect::<String>(),
        letters.as_str()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_sentences() {
        for (words, said) in [
            ("the disk is full", "The disk is full."),
            ("`a.xml` is gone", "`a.xml` is gone."),
            ("Done.", "Done."),
            (" ", ""),
            ("use HTTPS (--tls)", "Use HTTPS."),
        ] {
            assert_eq!(sentence(words), said);
        }
        assert_eq!(
            not_saved(Path::new("/a.xml"), "the disk is full"),
            "`/a.xml` was not saved: the disk is full."
        );
    }
}
