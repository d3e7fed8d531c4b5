//! The private Python, with the packages of tests/requirements.txt.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::process::Process;

/// How long a script may take.
const LIMIT: Duration = Duration::from_mins(2);

/// A Python script in the making.
#[derive(Debug)]
pub struct Python {
    script: String,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    stdin: Option<Vec<u8>>,
}

impl Python {
    /// A script, given as its text.
    pub fn script(text: &str) -> Self {
        Self {
            script: text.to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            stdin: None,
        }
    }

    /// Adds an argument: `sys.argv[1]` and so on.
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    pub fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Hands it a text on standard input.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(text.as_ref().to_vec());
        self
    }

    /// Runs the script and returns what it printed.
    ///
    /// # Panics
    /// When Python is not set up, or the script fails; its traceback is shown then.
    #[track_caller]
    pub fn run(self) -> String {
        let mut process = self.start();
        let status = process.wait(LIMIT);
        assert!(
            status.success(),
            "the script failed ({status})\n{}",
            process.dump()
        );
        process.stdout()
    }

    /// Starts the script, for one that serves.
    ///
    /// # Panics
    /// When Python is not set up.
    #[track_caller]
    pub fn start(self) -> Process {
        let python = python();
        assert!(
            python.exists(),
            "no Python at {}: run `bash tests/run` once",
            python.display()
        );
        let mut command = Command::new(&python);
        command
            .args(["-I", "-c", &self.script])
            .args(&self.arguments)
            .envs(self.variables);
        Process::start("python", &mut command, self.stdin.as_deref())
    }
}

/// The interpreter that `tests/run` names, else the one that it would have set up: beside the
/// folder of the programs.
fn python() -> PathBuf {
    if let Some(path) = std::env::var_os("MASEQUENCER_PYTHON") {
        return path.into();
    }
    let program = Path::new(env!("CARGO_BIN_EXE_masequencer"));
    let target = program.parent().and_then(Path::parent).unwrap_or(program);
    target.join("venv/bin/python")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_are_there() {
        let script = "import sys, pypsrp, winrm, jsonschema; print(sys.argv[1] + sys.stdin.read())";
        let output = Python::script(script).arg("a").stdin("b").run();
        assert_eq!(output, "ab\n");
    }
}
