//! Logs that cannot be written, and disks that are full.

use std::process::Command;

use masequencer::base::file;
use masequencer::cli::ExitCode;

use super::{HR_IMPORT, folder, refused, sequence};
use crate::support::{Folder, Masequencer};

#[test]
fn a_log_that_cannot_be_opened_starts_nothing() {
    let folder = folder();
    std::fs::create_dir(folder.file("logs")).unwrap();
    for (log, parts) in [
        ("logs", &["the log `logs` is a folder; name a file"][..]),
        (
            "missing/a.log",
            &[
                "the folder of the log `missing/a.log` does not exist",
                "make it",
            ],
        ),
        (
            "a.xml/a.log",
            &["the log `a.xml/a.log`", "not a folder; check the path"],
        ),
    ] {
        let run = ["run", "a.xml", "--demo", "--log", log];
        let end = Masequencer::new(&folder).args(run).run();
        assert_eq!(end.stdout, "");
        refused(&folder, end, ExitCode::Log, parts);
    }
}

#[test]
fn a_log_at_its_limit_ends_no_run_and_loses_nothing_that_it_held() {
    let folder = Folder::new();
    folder.write("a.xml", sequence(&HR_IMPORT.repeat(5)));
    let old = "written by an earlier run\n".repeat(20);
    folder.write("MASequencer.log", &old);
    let end = Masequencer::new(&folder)
        .args(["run", "a.xml", "--demo"])
        // One block of 1024 bytes: the earlier lines and the first of ours.
        .after("ulimit -f 1")
        .run()
        .expect_code(ExitCode::Log.number().into())
        .expect_stdout("5 steps: 5 succeeded");
    let told: Vec<&str> = end.stderr.lines().collect();
    let [first, last] = told.as_slice() else {
        panic!("told once, and counted at the end\n{}", end.dump());
    };
    for part in [
        "MASequencer.log` cannot be written",
        "the run goes on without it",
        "ulimit -f",
    ] {
        assert!(first.contains(part), "no '{part}' in\n{first}");
    }
    assert!(last.contains("lines of the log were lost"), "{last}");
    let log = folder.read("MASequencer.log");
    assert!(log.starts_with(&old) && log.len() <= 1024, "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_and_ends_no_run() {
    let folder = Folder::new();
    folder.write("a.xml", sequence(HR_IMPORT));
    for further in [&[][..], &["--json"]] {
        Masequencer::new(&folder)
            .args(["run", "a.xml", "--demo"])
            .args(further)
            .after("exec >/dev/full")
            .run()
            .expect_code(9)
            .expect_stderr("warning: standard output cannot be written: the disk is full");
    }
    let log = folder.read("MASequencer.log");
    assert_eq!(log.matches(" | run ended, ").count(), 2, "{log}");
}

#[test]
fn a_home_without_room_for_locks_starts_nothing() {
    let folder = folder();
    let file = folder.write("file", "");
    let mut program = Masequencer::new(&folder).args(["run", "a.xml", "--demo"]);
    for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        program = program.env(name, &file);
    }
    let parts = [
        "could not lock the sequence against a second run",
        "is not a folder",
    ];
    refused(&folder, program.run(), ExitCode::CouldNotStart, &parts);
}

/// The same test runs a second time as a process of its own, under a limit for which it cannot
/// write what it wants to.
#[test]
fn a_file_that_cannot_be_saved_keeps_what_it_held() {
    const CHILD: &str = "MASEQUENCER_TEST_SAVE";
    if let Some(path) = std::env::var_os(CHILD) {
        let big = vec![b'x'; 64 << 10];
        let error = file::replace(path.as_ref(), &big).expect_err("there is no room for it");
        assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
        let words = file::FileProblem::from(error).to_string();
        assert!(words.contains("ulimit -f"), "{words}");
        return;
    }
    let folder = Folder::new();
    let path = folder.write("a.xml", sequence(HR_IMPORT));
    // The signal that comes with the limit would end a process that does not expect it.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let name = "bad_input::disk::a_file_that_cannot_be_saved_keeps_what_it_held";
    let output = Command::new("bash")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, &path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    assert_eq!(folder.read("a.xml"), sequence(HR_IMPORT));
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "a temporary file is left over");
}
