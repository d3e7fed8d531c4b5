//! The examples for the system's scheduler do what their document promises.

use std::path::Path;
use std::process::Command;

use crate::support::Folder;

const PROGRAM: &str = "/usr/local/bin/masequencer";

fn in_package(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The values of a key, in the order of the file.
fn values<'a>(unit: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    unit.lines()
        .filter_map(move |line| line.strip_prefix(key)?.strip_prefix('='))
}

#[test]
fn systemd_takes_the_units() {
    let folder = Folder::new();
    let service = in_package("packaging/systemd/masequencer.service");
    assert!(service.contains(PROGRAM), "{service}");
    let files = [
        folder.write(
            "masequencer.service",
            service.replace(PROGRAM, env!("CARGO_BIN_EXE_masequencer")),
        ),
        folder.write(
            "masequencer.timer",
            in_package("packaging/systemd/masequencer.timer"),
        ),
    ];
    let output = Command::new("systemd-analyze")
        .arg("verify")
        .args(files)
        .output()
        .expect("systemd-analyze (package systemd) is installed; tests/run installs it");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert_eq!(told, "");
}

/// Everything else is read-only for the unit: without a home folder of its own the run could not
/// lock its sequence and would not start.
#[test]
fn the_folders_of_the_unit_can_be_written() {
    let unit = in_package("packaging/systemd/masequencer.service");
    let state = values(&unit, "StateDirectory").next().unwrap();
    let runtime = values(&unit, "RuntimeDirectory").next().unwrap();
    let environment: Vec<&str> = values(&unit, "Environment").collect();
    for expected in [
        format!("HOME=/var/lib/{state}"),
        format!("XDG_RUNTIME_DIR=/run/{runtime}"),
    ] {
        assert!(environment.contains(&expected.as_str()), "{environment:?}");
    }
    let readme = in_package("packaging/README.md");
    assert!(readme.contains(&format!("--home-dir /var/lib/{state}")));
}
