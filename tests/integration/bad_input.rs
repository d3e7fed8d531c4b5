//! Bad input of every kind: one clear sentence that says what to do, the right exit code, nothing
//! lost, nothing panics, no secret told.

#[cfg(unix)]
mod disk;
mod files;
mod names;
mod servers;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use masequencer::cli::ExitCode;

use crate::support::{Finished, Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, USER};

/// The longest sentence that a person still reads at night, in characters.
const LONGEST: usize = 420;

const HR_IMPORT: &str =
    "<run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>";

/// Leaves a file behind, so that a test sees that something ran.
const TOUCH: &str = "<command program=\"touch\"><argument>started</argument></command>";

/// A sequence of one thread that names no server.
fn sequence(steps: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" \
         name=\"Test\">\n<thread name=\"Only\">\n{steps}\n</thread>\n</masequence>\n"
    )
}

/// A folder with a usable sequence, `a.xml`, that would leave the file `started` behind.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.xml", sequence(&format!("{TOUCH}\n{HR_IMPORT}")));
    folder
}

/// `run a.xml` with everything in the log, against a server, with the right account.
fn run_against(folder: &Folder, server: &str) -> Masequencer {
    Masequencer::new(folder)
        .args(["run", "a.xml", "--level", "protocol"])
        .args(["--server", server, "--user", USER])
        .env(PASSWORD_VARIABLE, PASSWORD)
}

/// Demands one sentence with these parts and an exit code, and that nothing was started.
#[track_caller]
fn refused(folder: &Folder, end: Finished, code: ExitCode, parts: &[&str]) {
    let end = end.expect_code(code.number().into());
    assert!(
        !folder.file("started").exists(),
        "something ran\n{}",
        end.dump()
    );
    one_sentence(&end, parts);
    keeps_secrets(folder, &end);
}

/// Demands one sentence for people on standard error, with these parts.
#[track_caller]
fn one_sentence(end: &Finished, parts: &[&str]) {
    let lines: Vec<&str> = end.stderr.lines().collect();
    let [line] = lines.as_slice() else {
        panic!("one line on standard error\n{}", end.dump());
    };
    assert!(line.starts_with("error: "), "{line}");
    for part in parts {
        assert!(line.contains(part), "no '{part}' in\n{line}");
    }
    // What the system says is in the words of programmers.
    for bad in ["panicked", "os error", "failed: failed", ".."] {
        assert!(!line.contains(bad), "'{bad}' in\n{line}");
    }
    assert!(line.chars().count() <= LONGEST, "too long:\n{line}");
    let mut clauses: Vec<&str> = line.split(": ").collect();
    clauses.sort_unstable();
    let count = clauses.len();
    clauses.dedup();
    assert_eq!(clauses.len(), count, "says something twice:\n{line}");
}

/// Demands that the password is neither in what was said nor in the log, in clear or as it travels.
#[track_caller]
fn keeps_secrets(folder: &Folder, end: &Finished) {
    let log = folder.file("MASequencer.log");
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let travelling = STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let said = format!("{}\n{log}", end.dump());
    for secret in [PASSWORD, travelling.as_str()] {
        assert!(!said.contains(secret), "the password is told:\n{said}");
    }
}
