//! The server under test, over real sockets.

use std::time::Duration;

use super::*;
use crate::base::secret::Secret;

const PASSWORD: &str = "Pa$$w0rd";

fn options() -> SimulatorOptions {
    SimulatorOptions::small_company("operator", Secret::new(PASSWORD.to_owned()))
}

/// Clients that no one here wrote: `MASEQUENCER_PYTHON` names an interpreter that has them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_clients_can_use_it() {
    let Some(python) = std::env::var_os("MASEQUENCER_PYTHON") else {
        return;
    };
    let options = SimulatorOptions {
        speed: 60.0,
        ..options()
    };
    let simulator = start(options).await.unwrap();
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/interop/wsman_clients.py"
    );
    let run = tokio::process::Command::new(python)
        .args([script, &simulator.url(), "operator", "SIMULATOR_PASSWORD"])
        .env("SIMULATOR_PASSWORD", PASSWORD)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(120), run)
        .await
        .expect("the clients end in time")
        .expect("the interpreter starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    simulator.stop().await;
}
