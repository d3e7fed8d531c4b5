//! The same troubles from outside: exit code, console and log of the real program against the real
//! `masequencer simulate`.

use super::rig::{company, fault, one_thread, step};
use crate::support::{Finished, Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, Simulator, USER};

/// Runs a sequence against a simulator of its own, and returns how it ended and its log.
fn run(folder: &Folder, scenario: &str, sequence: &str, further: &[&str]) -> (Finished, String) {
    let scenario = folder.write("scenario.toml", scenario);
    let scenario = scenario.to_string_lossy();
    let arguments = ["--scenario", &scenario];
    let simulator = Simulator::with(arguments.into_iter().chain(further.iter().copied()));
    folder.write("a.xml", sequence);
    let finished = simulator
        .client(folder)
        .args(["run", "a.xml", "--server", simulator.url(), "--user", USER])
        .run();
    let log = folder.read("MASequencer.log");
    // Whatever happened, nothing of it goes on.
    let agents = simulator
        .client(folder)
        .args(["agents", "--server", simulator.url(), "--user", USER])
        .run()
        .expect_code(0);
    assert!(!agents.stdout.contains("running"), "{}", agents.dump());
    simulator.stop().expect_code(0);
    (finished, log)
}

/// The log's lines that have all of these fields.
fn lines<'a>(log: &'a str, parts: &[&str]) -> Vec<&'a str> {
    let has_all = |line: &&str| parts.iter().all(|part| line.contains(part));
    log.lines().filter(has_all).collect()
}

#[test]
fn each_fault_has_its_exit_code_its_words_and_its_line_in_the_log() {
    const FAILED: (i32, &str, &str) = (1, "failed", "error");
    const WARNED: (i32, &str, &str) = (3, "warning", "warning");
    const WELL: (i32, &str, &str) = (0, "success", "information");
    for (kind, keys, attributes, (code, outcome, level), said, result) in [
        (
            "deadlock",
            "",
            "",
            FAILED,
            "T0 execution failed: HR · Full Import: the service says `stopped-deadlocked`",
            "stopped-deadlocked",
        ),
        (
            "discovery-errors",
            "objects = 2\n",
            "",
            WARNED,
            "T0 execution completed with warnings",
            "completed-discovery-errors",
        ),
        (
            "mass-delete",
            "percent = 60\n",
            "",
            WELL,
            "stage-delete",
            "success",
        ),
        (
            "access-denied",
            "",
            "",
            FAILED,
            "T0 execution failed: HR · Full Import: the service says `access-denied`",
            "access-denied",
        ),
        (
            "early-reply",
            "",
            "",
            WELL,
            "T0 execution completed",
            "success",
        ),
        (
            "hang",
            "",
            "timeout=\"300ms\"",
            FAILED,
            "it took longer than its limit and was stopped",
            "stopped-user-termination-from-wmi-or-ui",
        ),
    ] {
        let folder = Folder::new();
        let sequence = one_thread(&step("HR", "Full Import", attributes));
        let (finished, log) = run(
            &folder,
            &company("20ms", &fault(kind, keys)),
            &sequence,
            &[],
        );
        let dump = format!("{kind}\n{}\n{log}", finished.dump());
        let finished = finished.expect_code(code);
        assert!(finished.stdout.contains(said), "{dump}");
        let fields = format!(" | {level} | T0 | HR | Full Import | {result} | profile ended");
        assert_eq!(lines(&log, &[&fields]).len(), 1, "{dump}");
        let ended = format!(" | {level} | T0 | HR | Full Import | {outcome} | ");
        assert_eq!(
            lines(&log, &[&ended, "HR · Full Import", " ended, "]).len(),
            1,
            "{dump}"
        );
        if kind == "mass-delete" {
            assert!(log.contains("stage-delete="), "{dump}");
        }
    }
}

#[test]
fn a_profile_longer_than_any_request_ends_well() {
    let folder = Folder::new();
    let sequence = one_thread(&step("HR", "Full Import", ""));
    let scenario = company("2s", "");
    let (finished, log) = run(&folder, &scenario, &sequence, &["--max-timeout-ms", "300"]);
    finished
        .expect_code(0)
        .expect_stdout("The sequence completed. 1 step: 1 succeeded");
    assert_eq!(lines(&log, &["profile starts"]).len(), 1, "{log}");
    let ended = lines(&log, &[" | success | profile ended, run "]);
    assert_eq!(ended.len(), 1, "{log}");
    assert!(ended[0].contains("stage-"), "{log}");
}

#[test]
fn a_server_that_comes_back_without_its_history_is_not_believed() {
    let folder = Folder::new();
    let scenario = folder.write("scenario.toml", company("1h", ""));
    let scenario = scenario.to_string_lossy();
    let simulator = Simulator::with(["--scenario", &scenario, "--max-timeout-ms", "200"]);
    let url = simulator.url().to_owned();
    folder.write("a.xml", one_thread(&step("HR", "Full Import", "")));
    let mut run = simulator
        .client(&folder)
        .args(["run", "a.xml", "--server", &url, "--user", USER, "--json"])
        .start();
    run.wait_for_line("profile-progress");
    drop(simulator);
    run.wait_for_line("keeps asking for 30 min");
    let address = url
        .trim_start_matches("http://")
        .trim_end_matches("/wsman")
        .to_owned();
    let home = Folder::new();
    let mut again = Masequencer::new(&home)
        .args(["simulate", "--listen", &address, "--user", USER])
        .args(["--scenario", &scenario])
        .env(PASSWORD_VARIABLE, PASSWORD)
        .start();
    again.wait_for_line("listening on ");
    run.finish()
        .expect_code(1)
        .expect_stdout("how it ended cannot be told: the run numbers of the agent went back");
    let log = folder.read("MASequencer.log");
    let failed = lines(&log, &[" | error | T0 | HR | Full Import | failed | "]);
    assert_eq!(failed.len(), 1, "{log}");
}
