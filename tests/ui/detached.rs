//! Runs and demo servers in processes of their own, started with the designer's hidden verbs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use masequencer::base::secret::Secret;
use masequencer::control::{Client, Update};
use masequencer::launch::Target;
use masequencer::launch::demo::DemoServer;
use masequencer::launch::detached::{DetachedError, HostOrder, Program, Started, start};
use masequencer::run::{RunOutcome, RunPhase};
use tempfile::TempDir;

use crate::LIMIT;
use crate::process::Process;
use crate::wait::until;

const IMPORT: &str = "<run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>";

fn program() -> Program {
    Program::At(PathBuf::from(env!("CARGO_BIN_EXE_masequenceconfiguration")))
}

fn sequence(steps: &str) -> String {
    format!(
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"Detached\">\
         <log file=\"run.log\" level=\"protocol\"/><thread name=\"Only\">{steps}</thread></masequence>"
    )
}

fn order(demo: &DemoServer, folder: &Path, steps: &str) -> HostOrder {
    HostOrder {
        part: None,
        xml: sequence(steps),
        file: None,
        folder: folder.to_path_buf(),
        target: Target::Winrm(demo.target()),
        password: Some(demo.password.clone()),
        log: None,
        level: None,
        document: 1,
        owner: std::process::id(),
    }
}

async fn outcome(started: &Started) -> Option<RunOutcome> {
    let client = Client::connect(&started.running)
        .await
        .expect("the host is there");
    let mut attached = client.attach().await.expect("the host answers");
    let mut outcome = None;
    while let Some(update) = attached.next().await.expect("an update") {
        let phase = match update {
            Update::Snapshot(summary) => summary.phase,
            Update::Event(event) => match event.event {
                masequencer::run::RunEventKind::RunFinished { outcome, .. } => {
                    RunPhase::Finished(outcome)
                }
                _ => continue,
            },
        };
        if let RunPhase::Finished(end) = phase {
            outcome = Some(end);
        }
    }
    outcome
}

/// A step that waits until somebody writes into `NAME`.
fn gate(folder: &TempDir, name: &str) -> String {
    let path = folder.path().join(name);
    let made = Command::new("mkfifo")
        .arg(&path)
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    format!(
        "<command program=\"sh\"><argument>-c</argument><argument>read word &lt; {name}</argument>\
         </command>"
    )
}

#[cfg(target_os = "linux")]
fn assert_password_is_in_no_process(password: &Secret) {
    let mut looked_at = 0;
    for entry in fs::read_dir("/proc")
        .expect("processes are listed")
        .flatten()
    {
        for file in ["cmdline", "environ"] {
            // Processes of others, and those that have just ended, do not let us.
            let Ok(bytes) = fs::read(entry.path().join(file)) else {
                continue;
            };
            looked_at += 1;
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                !text.contains(password.reveal()),
                "{}/{file}",
                entry.path().display()
            );
        }
    }
    assert!(looked_at > 2);
}

#[cfg(target_os = "linux")]
fn assert_dumps_no_core(pid: u32) {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).expect("it runs");
    let core = limits.lines().find(|line| line.starts_with("Max core"));
    let soft = core.and_then(|line| line.split_whitespace().nth(4));
    assert_eq!(soft, Some("1"), "one byte is none at all: {core:?}");
}

#[cfg(not(target_os = "linux"))]
fn assert_dumps_no_core(_: u32) {}

#[cfg(not(target_os = "linux"))]
fn assert_password_is_in_no_process(_: &Secret) {}

#[tokio::test]
async fn a_detached_run_is_watched_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let demo = DemoServer::start(&program(), None).await.unwrap();
    let steps = format!("{}{IMPORT}", gate(&folder, "gate"));
    let started = start(&program(), &order(&demo, folder.path(), &steps))
        .await
        .unwrap();
    assert_eq!(started.running.hello.pid, started.pid);
    assert_password_is_in_no_process(&demo.password);
    assert_dumps_no_core(started.pid);
    let gate = folder.path().join("gate");
    tokio::task::spawn_blocking(move || fs::write(gate, "go\n").unwrap());
    assert_eq!(outcome(&started).await, Some(RunOutcome::Success));
    let log = fs::read_to_string(folder.path().join("run.log")).unwrap();
    assert!(log.contains("Execute"), "{log}");
    assert!(!log.contains(demo.password.reveal()));
}

#[tokio::test]
async fn a_run_that_is_over_at_once_is_still_seen() {
    let folder = tempfile::tempdir().unwrap();
    let demo = DemoServer::start(&program(), None).await.unwrap();
    let steps = "<command program=\"true\"/>";
    let started = start(&program(), &order(&demo, folder.path(), steps))
        .await
        .unwrap();
    assert_eq!(outcome(&started).await, Some(RunOutcome::Success));
}

#[tokio::test]
async fn what_keeps_a_run_from_beginning_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let demo = DemoServer::start(&program(), None).await.unwrap();
    let good = order(&demo, folder.path(), IMPORT);
    let broken = HostOrder {
        xml: "<other/>".to_owned(),
        ..good.clone()
    };
    let wrong = HostOrder {
        password: Some(Secret::new("wrong".to_owned())),
        ..good.clone()
    };
    let unknown = order(&demo, folder.path(), &IMPORT.replace("HR", "Nobody"));
    for (order, expected, words) in [
        (broken, 8, "is not a usable sequence file"),
        (wrong, 6, "user name or the password"),
        (unknown, 8, "Nobody"),
    ] {
        let error = start(&program(), &order).await.unwrap_err();
        let DetachedError::Refused { sentence, code } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*code, expected, "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
    let not_ours = Program::At(PathBuf::from("true"));
    let error = start(&not_ours, &good).await.unwrap_err();
    assert!(matches!(error, DetachedError::Silent), "{error:?}");
}

/// Is the designer for the test below: starts a run and waits to be killed.
#[tokio::test]
async fn designer_that_is_killed() {
    let Some(folder) = std::env::var_os("MASEQUENCER_TEST_VICTIM") else {
        return;
    };
    let folder = PathBuf::from(folder);
    let demo = DemoServer::start(&program(), None).await.unwrap();
    let steps = "<command program=\"sh\"><argument>-c</argument><argument>read word &lt; gate\
                 </argument></command>";
    let order = order(&demo, &folder, &format!("{steps}{IMPORT}"));
    let started = start(&program(), &order).await.unwrap();
    let told = format!(
        "{}\n{}",
        started.running.hello.run,
        started.running.path.display()
    );
    fs::write(folder.join("told.tmp"), told).unwrap();
    fs::rename(folder.join("told.tmp"), folder.join("told")).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_run_outlives_the_one_that_started_it() {
    let folder = tempfile::tempdir().unwrap();
    gate(&folder, "gate");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "detached::designer_that_is_killed",
            "--nocapture",
        ])
        .env("MASEQUENCER_TEST_VICTIM", folder.path());
    let mut victim = Process::start("the designer", &mut command, None);
    let told = until(
        "the run has begun",
        LIMIT,
        || fs::read_to_string(folder.path().join("told")).ok(),
        || victim.dump(),
    );
    victim.signal("KILL");
    victim.wait(LIMIT);
    // What belongs to the group of the designer ends as well: as when a terminal closes.
    drop(victim);
    let (run, socket) = told.split_once('\n').unwrap();
    let run = masequencer::run::RunId::parse(run).unwrap();
    let running = masequencer::control::at(&run, Path::new(socket))
        .await
        .unwrap();
    let pid = running.hello.pid;
    let started = Started { running, pid };
    Command::new("sh")
        .args(["-c", "kill -s HUP \"$0\"", &pid.to_string()])
        .status()
        .unwrap();
    let gate = folder.path().join("gate");
    tokio::task::spawn_blocking(move || fs::write(gate, "go\n").unwrap());
    // The demo's server has lived on for it, too.
    assert_eq!(outcome(&started).await, Some(RunOutcome::Success));
}
