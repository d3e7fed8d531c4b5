//! The real `masequencer`, started as a person or a scheduler would.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::folder::Folder;
use super::process::Process;
use super::wait::{LIMIT, until};

/// A command line in the making.
///
/// It runs with an environment of its own: no variable of ours, and home and run-time folders in
/// the test's folder, so that neither the password nor the runs of whoever tests are seen.
#[derive(Debug, Clone)]
pub struct Masequencer {
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    home: PathBuf,
    current: PathBuf,
    stdin: Option<Vec<u8>>,
    shell: Option<String>,
    limit: Duration,
}

impl Masequencer {
    /// The program without arguments, in this folder. Programs in the same folder see each other's
    /// runs.
    pub fn new(folder: &Folder) -> Self {
        Self {
            arguments: Vec::new(),
            variables: Vec::new(),
            home: folder.path().to_owned(),
            current: folder.path().to_owned(),
            stdin: None,
            shell: None,
            limit: LIMIT,
        }
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        let arguments = arguments
            .into_iter()
            .map(|argument| argument.as_ref().to_owned());
        self.arguments.extend(arguments);
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let variable = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.variables.push(variable);
        self
    }

    /// Runs it in another folder than the test's.
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        folder.as_ref().clone_into(&mut self.current);
        self
    }

    /// Hands it a text on standard input; without one, standard input is empty.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(text.as_ref().to_vec());
        self
    }

    /// Has a shell do this first, such as `ulimit -v 100000`, before it becomes the program.
    pub fn after(mut self, shell: &str) -> Self {
        self.shell = Some(shell.to_owned());
        self
    }

    /// How long it may take.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Finished {
        self.start().finish()
    }

    /// Starts it.
    #[track_caller]
    pub fn start(self) -> Running {
        let program = env!("CARGO_BIN_EXE_masequencer");
        let mut command = match &self.shell {
            None => Command::new(program),
            Some(first) => {
                let mut shell = Command::new("bash");
                shell.args(["-c", &format!("{first}\nexec \"$0\" \"$@\""), program]);
                shell
            }
        };
        command.args(&self.arguments).current_dir(&self.current);
        isolate(&mut command, &self.home);
        command.envs(self.variables);
        Running {
            process: Process::start("masequencer", &mut command, self.stdin.as_deref()),
            limit: self.limit,
        }
    }
}

/// Takes our variables away and moves home and run-time folders.
fn isolate(command: &mut Command, home: &Path) {
    let ours = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("MASEQUENCER_") || name.starts_with("RUST_LOG")
    });
    for name in ours {
        command.env_remove(name);
    }
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
        "COLUMNS",
        "DBUS_SESSION_BUS_ADDRESS",
    ] {
        command.env_remove(name);
    }
    for name in [
        "HOME",
        "XDG_RUNTIME_DIR",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CONFIG_HOME",
    ] {
        command.env(name, home);
    }
    command.env("TZ", "UTC").env("RUST_BACKTRACE", "0");
}

/// A program that runs.
#[derive(Debug)]
pub struct Running {
    process: Process,
    limit: Duration,
}

impl Running {
    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it wrote to standard output so far.
    pub fn stdout(&self) -> String {
        self.process.stdout()
    }

    /// What it wrote to standard error so far.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// Waits for a line on standard output that contains `part`, and returns it.
    ///
    /// # Panics
    /// When the line does not come within the limit, or the program ends without it.
    #[track_caller]
    pub fn wait_for_line(&mut self, part: &str) -> String {
        let find = |text: &str| {
            let complete = text.rsplit_once('\n').map_or("", |(complete, _)| complete);
            let mut lines = complete.lines();
            lines.find(|line| line.contains(part)).map(str::to_owned)
        };
        let mut has_ended = false;
        let found = until(
            &format!("a line with '{part}', or the program's end"),
            self.limit,
            || {
                // The status first: what was said before the end is complete then.
                has_ended = self.process.status().is_some();
                let line = find(&self.process.stdout());
                (line.is_some() || has_ended).then_some(line)
            },
            String::new,
        );
        found.unwrap_or_else(|| {
            panic!(
                "no line with '{part}' (ended: {has_ended})\n{}",
                self.process.dump()
            )
        })
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        self.process.signal("INT");
    }

    /// Closes its terminal.
    pub fn hang_up(&self) {
        self.process.signal("HUP");
    }

    /// Ends it without asking, so that it cannot tidy up.
    pub fn kill(&self) {
        self.process.signal("KILL");
    }

    /// Waits for its end.
    #[track_caller]
    pub fn finish(mut self) -> Finished {
        let status = self.process.wait(self.limit);
        Finished {
            code: status.code(),
            stdout: self.process.stdout(),
            stderr: self.process.stderr(),
        }
    }
}

/// A program that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Finished {
    /// Demands an exit code.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n{}", self.dump());
        self
    }

    /// Demands a part of standard output.
    #[track_caller]
    pub fn expect_stdout(self, part: &str) -> Self {
        assert!(
            self.stdout.contains(part),
            "no '{part}' in stdout\n{}",
            self.dump()
        );
        self
    }

    /// Demands a part of standard error.
    #[track_caller]
    pub fn expect_stderr(self, part: &str) -> Self {
        assert!(
            self.stderr.contains(part),
            "no '{part}' in stderr\n{}",
            self.dump()
        );
        self
    }

    /// Demands that standard error is one sentence in one line with this part in it, and that
    /// nothing panicked.
    #[track_caller]
    pub fn expect_one_sentence(self, part: &str) -> Self {
        let lines = self.stderr.trim_end().lines().count();
        assert_eq!(lines, 1, "one line on standard error\n{}", self.dump());
        assert!(
            !self.stderr.contains("panicked"),
            "a panic\n{}",
            self.dump()
        );
        self.expect_stderr(part)
    }

    /// Everything it said.
    pub fn dump(&self) -> String {
        format!(
            "--- masequencer said:\n{}--- and on standard error:\n{}---",
            self.stdout, self.stderr
        )
    }
}
