//! Command lines that cannot be understood, and passwords that are nowhere.

use masequencer::cli::ExitCode;

use super::{folder, refused};
use crate::support::{Masequencer, USER};

#[test]
fn the_old_command_line_names_the_word_that_is_wrong() {
    let folder = folder();
    for (arguments, parts) in [
        (
            &["/f:a.xml", "/l:9"][..],
            &["`9` is no log level", "use 0 (error)"][..],
        ),
        (
            &["/f:a.xml", "/x:1"],
            &["`/x:` is no option", "see masequencer /?"],
        ),
        (&["/f:"], &["`/f:` needs a value right after the colon"]),
        (
            &["/f:a.xml", "/s:"],
            &["`/s:` needs a value right after the colon"],
        ),
        (
            &["/f:a.xml", "/f:b.xml"],
            &["`/f:` is given twice; give it once"],
        ),
        (&["/l:1"], &["no sequence file is given; write /f:File"]),
        (
            &["/f:a.xml", "b.xml"],
            &["`b.xml` is not understood; write /f:b.xml"],
        ),
    ] {
        let end = Masequencer::new(&folder).args(arguments).run();
        assert_eq!(end.stdout, "", "{arguments:?}");
        refused(&folder, end, ExitCode::Usage, parts);
    }
}

/// The argument parser shows the usage below its sentence, as people expect of it.
#[test]
fn the_new_command_line_names_the_word_that_is_wrong() {
    let folder = folder();
    for (arguments, first_line) in [
        (
            &["run", "a.xml", "--colour"][..],
            "unexpected argument '--colour'",
        ),
        (
            &["run", "a.xml", "--server"],
            "a value is required for '--server <HOST|URL>'",
        ),
        (
            &["run", "a.xml", "--level", "9"],
            "use 0 or error, warning, 1 or information",
        ),
        (
            &["run", "a.xml", "--port", "70000"],
            "70000 is not in 0..=65535",
        ),
        (
            &["run", "a.xml", "--demo", "--server", "x"],
            "'--demo' cannot be used with '--server <HOST|URL>'",
        ),
        (&["dance"], "unrecognized subcommand 'dance'"),
    ] {
        let end = Masequencer::new(&folder)
            .args(arguments)
            .run()
            .expect_code(ExitCode::Usage.number().into())
            .expect_stderr("--help");
        let first = end.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("error: "), "{}", end.dump());
        assert!(first.contains(first_line), "{}", end.dump());
        assert!(!end.stderr.contains("panicked"), "{}", end.dump());
        assert_eq!(end.stdout, "", "{}", end.dump());
        assert!(!folder.file("started").exists(), "{}", end.dump());
    }
}

#[test]
fn without_a_password_the_ways_to_give_one_are_named() {
    let folder = folder();
    // Nobody listens there: a program that asked the server first would say so.
    let call = |further: &[&str]| {
        Masequencer::new(&folder)
            .args(["run", "a.xml", "--server", "127.0.0.1:1", "--user", USER])
            .args(further)
    };
    let no_password = ExitCode::CouldNotStart;
    let parts = [
        "no password for `CORP\\svc-sync`",
        "MASEQUENCER_PASSWORD",
        "--password-env VAR",
        "--password-stdin",
    ];
    refused(&folder, call(&[]).run(), no_password, &parts);
    let old = ["/f:a.xml", "/s:127.0.0.1:1", "/u:CORP\\svc-sync"];
    refused(
        &folder,
        Masequencer::new(&folder).args(old).run(),
        no_password,
        &parts,
    );
    let parts = ["the environment variable `MINE`", "not set or empty"];
    let end = call(&["--password-env", "MINE"]).run();
    refused(&folder, end, no_password, &parts);
    let end = call(&["--password-env", "MINE"]).env("MINE", "").run();
    refused(&folder, end, no_password, &parts);
    let parts = ["standard input holds no password", "first line"];
    let end = call(&["--password-stdin"]).run();
    refused(&folder, end, no_password, &parts);
    let end = call(&["--password-stdin"]).stdin("\n").run();
    refused(&folder, end, no_password, &parts);
}

#[test]
fn without_a_server_or_an_account_the_ways_to_name_one_are_told() {
    let folder = folder();
    let call = |further: &[&str]| {
        Masequencer::new(&folder)
            .args(["run", "a.xml"])
            .args(further)
            .run()
    };
    if cfg!(unix) {
        let parts = ["no server is named", "--server", "--demo"];
        refused(&folder, call(&[]), ExitCode::CouldNotStart, &parts);
    }
    let parts = ["no account is named for `mim01`", "--user"];
    // As whoever is logged on Basic can never be.
    let end = call(&["--server", "mim01", "--auth", "basic"]);
    refused(&folder, end, ExitCode::CouldNotStart, &parts);
    for server in ["ftp://mim01", "mim01:0", "mim 01", "http://"] {
        let end = call(&["--server", server, "--user", USER, "--password-env", "HOME"]);
        refused(&folder, end, ExitCode::CouldNotStart, &[]);
    }
    // The text may hold a password that was written into the URL.
    let end = call(&[
        "--server",
        "http://u:hunter2@mim01",
        "--user",
        USER,
        "--password-env",
        "HOME",
    ]);
    assert!(!end.dump().contains("hunter2"), "{}", end.dump());
    refused(&folder, end, ExitCode::CouldNotStart, &["without a user"]);
}
