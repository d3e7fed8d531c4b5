//! What the runner costs as a process: its start, a run of one step, its memory.
//!
//! Run with `cargo bench --no-default-features --bench startup`.

#[path = "measure.rs"]
mod measure;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use measure::{Times, millis, ratio, tell, time};

/// How often each measurement is taken.
const ROUNDS: usize = 20;

const PASSWORD_VARIABLE: &str = "MASEQUENCER_PASSWORD";

const ONE_STEP: &str = "<?xml version=\"1.0\"?>\n\
    <masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"One step\">\n\
    <thread name=\"Only\">\n\
    <run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>\n\
    </thread>\n</masequence>\n";

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("one.xml"), ONE_STEP).expect("a file can be written there");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sequences/full-cycle.xml");
    fs::copy(sample, folder.path().join("full-cycle.xml")).expect("the sample can be copied");

    let nothing = processes(|| Command::new("true"));
    let help = processes(|| runner(folder.path(), &["/?"]));
    let simulator = Simulated::start(folder.path());
    let to_simulator = [
        "run",
        "one.xml",
        "--user",
        "bench",
        "--server",
        &simulator.url,
    ];
    let one_step = processes(|| runner(folder.path(), &to_simulator));
    let demo = ["run", "full-cycle.xml", "--demo"];

    tell(&format!(
        "the runner as a process; best (median) of {ROUNDS}"
    ));
    for (name, times) in [
        ("a program that does nothing", &nothing),
        ("start to /?", &help),
        ("a run of one step over the network", &one_step),
    ] {
        tell(&format!(
            "  {name}: {:.1} ({:.1}) ms, {:.1} times the program that does nothing",
            millis(times.best()),
            millis(times.median()),
            ratio(times.median(), nothing.median()),
        ));
    }
    for (name, arguments) in [
        ("/?", &["/?"][..]),
        ("a run of one step", &to_simulator),
        ("the whole sample with its demo server", &demo),
    ] {
        let peak = peak_memory(runner(folder.path(), arguments));
        let peak = peak.map(|kib| format!("{:.1} MiB", kib as f64 / 1024.0));
        let peak = peak.as_deref().unwrap_or("unknown on this system");
        tell(&format!("  most memory, {name}: {peak}"));
    }
}

/// The runner with an environment of its own.
fn runner(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masequencer"));
    command.args(arguments).current_dir(folder);
    for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, folder);
    }
    command.env(PASSWORD_VARIABLE, "bench");
    command
}

/// Times processes from their start to their end.
fn processes(make: impl Fn() -> Command) -> Times {
    Times::of(ROUNDS, |_| {
        let mut command = quiet(make());
        time(|| {
            let status = command.status().expect("the program starts");
            assert!(status.success(), "{command:?} failed: {status}");
        })
    })
}

fn quiet(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// The most memory that a process held, in KiB, as the kernel last told before it ended.
fn peak_memory(command: Command) -> Option<u64> {
    let mut child = quiet(command).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().ok().flatten().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kib);
    }
    peak
}

/// The simulator as a process of its own; ends when dropped.
struct Simulated {
    child: Child,
    url: String,
}

impl Simulated {
    fn start(folder: &Path) -> Self {
        let arguments = ["simulate", "--listen", "127.0.0.1:0", "--speed", "100000"];
        let account = ["--user", "bench", "--password-env", PASSWORD_VARIABLE];
        let mut command = runner(folder, &arguments);
        command
            .args(account)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the simulator starts");
        let mut line = String::new();
        if let Some(pipe) = child.stdout.take() {
            BufReader::new(pipe)
                .read_line(&mut line)
                .expect("it says where it listens");
        }
        let (_, url) = line
            .split_once("listening on ")
            .expect("it says where it listens");
        Self {
            url: url.trim().to_owned(),
            child,
        }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
