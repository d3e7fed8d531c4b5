//! Clients that no one here wrote use the simulated server, as a process of its own.

use crate::support::{Folder, Masequencer, Python, Running};

/// `wsl` hands user and password to a shell, so both are plain.
const USER: &str = "operator";
const PASSWORD: &str = "Passw0rd-1";
const VARIABLE: &str = "SIMULATOR_PASSWORD";

/// The script that holds the checks of all clients.
const SCRIPT: &str = include_str!("../interop/wsman_clients.py");

/// A server on a free port at a speed at which a run takes a fraction of a second, and its URL.
fn server(folder: &Folder) -> (Running, String) {
    let mut server = Masequencer::new(folder)
        .args(["simulate", "--listen", "127.0.0.1:0", "--speed", "60"])
        .args(["--user", USER, "--password-env", VARIABLE])
        .env(VARIABLE, PASSWORD)
        .start();
    let line = server.wait_for_line("listening on ");
    let (_, url) = line.split_once("listening on ").expect("it is in the line");
    (server, url.trim().to_owned())
}

/// Lets one client do all that the script knows; every single check has to pass.
#[track_caller]
fn passes(client: &str, checks: usize) {
    let folder = Folder::new();
    let (server, url) = server(&folder);
    let output = Python::script(SCRIPT)
        .arg(url)
        .arg(USER)
        .arg(VARIABLE)
        .arg(client)
        .env(VARIABLE, PASSWORD)
        .run();
    let summary = format!("{checks} passed, 0 failed");
    assert_eq!(output.lines().last(), Some(summary.as_str()), "{output}");
    server.interrupt();
    server.finish().expect_code(0);
}

#[test]
fn pypsrp_uses_the_simulator() {
    passes("pypsrp", 8);
}

#[test]
fn pywinrm_uses_the_simulator() {
    passes("pywinrm", 7);
}

#[test]
fn wsl_uses_the_simulator() {
    passes("wsl", 8);
}
