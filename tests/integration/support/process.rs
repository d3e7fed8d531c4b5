//! A program that runs: what it says so far, and ending it with everything that it started.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;

use super::wait::until;

/// A running program whose output is collected as it comes. Dropping it ends its whole tree.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    stdout: Collector,
    stderr: Collector,
}

impl Process {
    /// Starts a program in a process group of its own and hands it its standard input.
    pub fn start(name: &str, command: &mut Command, stdin: Option<&[u8]>) -> Self {
        own_group(command);
        command
            .stdin(stdin.map_or_else(Stdio::null, |_| Stdio::piped()))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), stdin.map(<[u8]>::to_vec)) {
            let feed = move || {
                // A program that ends without reading has closed its end.
                pipe.write_all(&input).ok();
            };
            std::thread::Builder::new()
                .name("stdin".to_owned())
                .spawn(feed)
                .expect("a thread can be started");
        }
        let stdout = Collector::start("stdout", child.stdout.take());
        let stderr = Collector::start("stderr", child.stderr.take());
        Self {
            name: name.to_owned(),
            child,
            stdout,
            stderr,
        }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote to standard output so far.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// What it wrote to standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Everything it said so far, for a person who looks for a failure.
    pub fn dump(&self) -> String {
        format!(
            "--- {} said:\n{}--- and on standard error:\n{}---",
            self.name,
            self.stdout(),
            self.stderr()
        )
    }

    /// Whether it has ended.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for its end and all of its output.
    ///
    /// # Panics
    /// When it does not end within the limit; its tree is ended then.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
        let name = self.name.clone();
        let dumped = Arc::new(Mutex::new(String::new()));
        let dump = Arc::clone(&dumped);
        let status = until(
            &format!("{name} ends"),
            limit,
            || {
                let status = self.status();
                if status.is_none() {
                    *dumped.lock() = self.dump();
                }
                status
            },
            || dump.lock().clone(),
        );
        self.stdout.finish();
        self.stderr.finish();
        status
    }

    /// Sends a signal, `INT` or `KILL`, to the program itself, not to what it started.
    pub fn signal(&self, which: &str) {
        signal(which, &self.id().to_string());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end_group(self.id());
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(unix)]
fn end_group(id: u32) {
    signal("KILL", &format!("-{id}"));
}

#[cfg(not(unix))]
fn end_group(id: u32) {
    let id = id.to_string();
    let mut command = Command::new("taskkill");
    command.args(["/T", "/F", "/PID", &id]);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok();
}

fn signal(which: &str, target: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", "kill -s \"$0\" -- \"$1\"", which, target]);
    // A group that has ended already is what was wanted.
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok();
}

/// Reads a pipe line by line on a thread.
#[derive(Debug)]
struct Collector {
    text: Arc<Mutex<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Collector {
    fn start(name: &str, pipe: Option<impl Read + Send + 'static>) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let Some(pipe) = pipe else {
            return Self { text, thread: None };
        };
        let sink = Arc::clone(&text);
        let read = move || {
            let mut reader = BufReader::new(pipe);
            let mut line = Vec::new();
            while reader
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                sink.lock().push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(read)
            .expect("a thread can be started");
        Self {
            text,
            thread: Some(thread),
        }
    }

    fn text(&self) -> String {
        self.text.lock().clone()
    }

    /// Waits until the pipe is closed.
    fn finish(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn shell(script: &str, stdin: Option<&[u8]>) -> Process {
        Process::start("sh", Command::new("sh").args(["-c", script]), stdin)
    }

    #[test]
    fn output_input_and_exit_code_arrive() {
        let mut process = shell("cat; echo error >&2; exit 3", Some(b"line\nrest"));
        let status = process.wait(Duration::from_secs(20));
        assert_eq!(status.code(), Some(3));
        assert_eq!(process.stdout(), "line\nrest");
        assert_eq!(process.stderr(), "error\n");
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_that_it_started() {
        let process = Arc::new(Mutex::new(shell("sleep 600 & echo $!; wait", None)));
        let child = until(
            "the child's number",
            Duration::from_secs(20),
            || process.lock().stdout().trim().parse::<u32>().ok(),
            String::new,
        );
        let hang = || process.lock().wait(Duration::from_millis(50));
        let error = catch_unwind(AssertUnwindSafe(hang)).unwrap_err();
        let text = error.downcast_ref::<String>().unwrap();
        assert!(
            text.contains(&child.to_string()),
            "the dump holds the output: {text}"
        );
        drop(process);
        // A process that was ended stays for a moment until its new parent notices.
        let is_gone = || {
            let status = std::fs::read_to_string(format!("/proc/{child}/status"));
            let is_gone = status.map_or(true, |text| text.contains("State:\tZ"));
            is_gone.then_some(())
        };
        until(
            "the child is gone",
            Duration::from_secs(20),
            is_gone,
            String::new,
        );
    }

    #[test]
    fn an_interrupt_reaches_the_program() {
        let script = "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.05; done";
        let mut process = shell(script, None);
        let ready = || process.stdout().contains("ready").then_some(());
        until("ready", Duration::from_secs(20), ready, || process.dump());
        process.signal("INT");
        assert_eq!(process.wait(Duration::from_secs(20)).code(), Some(7));
        assert!(process.stdout().contains("caught"));
    }
}
