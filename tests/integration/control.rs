//! A run that is watched and steered by other processes, and hosts that vanish.

use std::fs::OpenOptions;
use std::io::Write as _;

use crate::support::{Finished, Folder, LIMIT, Masequencer, Running, until};

/// A step that says that it is up by a file `NAME.up`, and ends when [`open`] says so.
fn gate(name: &str) -> String {
    format!(
        "<command program=\"sh\"><argument>-c</argument>\
         <argument>mkfifo {name} &amp;&amp; echo up &gt; {name}.up &amp;&amp; read word &lt; {name}\
         </argument></command>"
    )
}

/// Lets the gate's step end.
fn open(folder: &Folder, name: &str) {
    // Opening waits for the step to read.
    let mut fifo = OpenOptions::new()
        .write(true)
        .open(folder.file(name))
        .expect("the gate is there");
    writeln!(fifo, "go").expect("the step reads");
}

const IMPORT: &str = "<run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>";

fn sequence(name: &str, steps: &str) -> String {
    format!(
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"{name}\">\
         <server transport=\"demo\"/><log file=\"{name}.log\"/>\
         <thread name=\"Only\">{steps}</thread></masequence>"
    )
}

/// Starts `NAME.xml` and waits until its first step, a gate of the same name, is up.
fn started(folder: &Folder, name: &str, steps: &str) -> Running {
    folder.write(
        &format!("{name}.xml"),
        sequence(name, &format!("{}{steps}", gate(name))),
    );
    let file = format!("{name}.xml");
    let run = Masequencer::new(folder)
        .args(["run", &file, "--json"])
        .start();
    until(
        &format!("the gate of {name} is up"),
        LIMIT,
        || folder.file(&format!("{name}.up")).exists().then_some(()),
        || format!("{}{}", run.stdout(), run.stderr()),
    );
    run
}

fn other(folder: &Folder, arguments: &[&str]) -> Finished {
    Masequencer::new(folder).args(arguments).run()
}

/// Waits until `status --json` of the only run has this in it.
fn until_status(folder: &Folder, part: &str) {
    let status = || other(folder, &["status", "--json"]).stdout;
    until(
        part,
        LIMIT,
        || status().contains(part).then_some(()),
        status,
    );
}

/// The types of events, in order.
fn types(stdout: &str) -> Vec<String> {
    let events = stdout.lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).expect("an event");
        let kind = event.pointer("/event/type").expect("a type");
        kind.as_str().expect("a word").to_owned()
    });
    events.collect()
}

#[test]
fn a_paused_run_finishes_what_runs_and_starts_nothing_until_it_is_resumed() {
    let folder = Folder::new();
    let run = started(&folder, "paused", IMPORT);
    other(&folder, &["pause"]).expect_code(0);
    open(&folder, "paused");
    until_status(&folder, "\"reason\":\"paused\"");
    other(&folder, &["status"])
        .expect_code(0)
        .expect_stdout("waits because the run is paused since ");
    other(&folder, &["resume", "paused"]).expect_code(0);
    let run = run.finish().expect_code(0);
    let types = types(&run.stdout);
    let place = |wanted: &str| types.iter().position(|one| one == wanted);
    let (paused, resumed) = (place("paused"), place("resumed"));
    assert!(paused.is_some() && paused < resumed, "{types:?}");
    assert!(place("command-finished") < resumed, "{types:?}");
    assert!(resumed < place("profile-started"), "{types:?}");
    other(&folder, &["resume", "paused"])
        .expect_code(10)
        .expect_one_sentence("no run `paused`: none is under way");
}

#[test]
fn a_stopped_run_finishes_what_runs_and_skips_the_rest() {
    let folder = Folder::new();
    let run = started(&folder, "stopped", IMPORT);
    other(&folder, &["stop"])
        .expect_code(0)
        .expect_stdout("ends as soon as what runs has ended");
    until_status(&folder, "\"phase\":\"stopping\"");
    open(&folder, "stopped");
    let run = run.finish().expect_code(4);
    let types = types(&run.stdout);
    assert!(
        !types.iter().any(|one| one == "profile-started"),
        "{types:?}"
    );
    let log = folder.read("stopped.log");
    assert!(
        log.contains("| exit code 0") || log.contains(": exit code 0"),
        "{log}"
    );
    assert!(log.contains("skipped because the run was stopped"), "{log}");
}

#[test]
fn a_late_watcher_gets_the_state_so_far_and_follows_to_the_end() {
    let folder = Folder::new();
    let steps = format!("{IMPORT}{}", gate("second"));
    let run = started(&folder, "first", &steps);
    open(&folder, "first");
    until(
        "the second gate is up",
        LIMIT,
        || folder.file("second.up").exists().then_some(()),
        || run.stdout(),
    );
    let watcher = Masequencer::new(&folder).args(["attach"]).start();
    // It is there when it has seen an event.
    until(
        "an event reaches the watcher",
        LIMIT,
        || {
            other(&folder, &["pause"]).expect_code(0);
            other(&folder, &["resume"]).expect_code(0);
            watcher.stderr().contains("Resumed.").then_some(())
        },
        || watcher.stderr(),
    );
    open(&folder, "second");
    run.finish().expect_code(0);
    let watcher = watcher
        .finish()
        .expect_code(0)
        .expect_stdout("Only execution completed")
        .expect_stdout("The sequence completed. 3 steps: 3 succeeded");
    // What ended before it came.
    let import = watcher
        .stdout
        .lines()
        .find(|line| line.contains("Delta Import"));
    assert!(
        import.is_some_and(|line| line.contains("success") && line.contains("stage-")),
        "{}",
        watcher.dump()
    );
}

#[test]
fn of_two_runs_the_one_that_is_named_is_meant() {
    let folder = Folder::new();
    let first = started(&folder, "first", "");
    let second = started(&folder, "second", "");
    let status = other(&folder, &["status"])
        .expect_code(0)
        .expect_stdout("`first` on ")
        .expect_stdout("`second` on ");
    assert!(status.stderr.is_empty(), "{}", status.dump());
    for order in ["pause", "resume", "stop", "attach"] {
        other(&folder, &[order])
            .expect_code(10)
            .expect_one_sentence("several runs are meant; name one of ")
            .expect_stderr("`first`")
            .expect_stderr("`second`");
        other(&folder, &[order, "third"])
            .expect_code(10)
            .expect_one_sentence("no run `third`; there are ");
    }
    Masequencer::new(&folder)
        .args(["run", "first.xml"])
        .run()
        .expect_code(7)
        .expect_one_sentence("runs already");
    // One by its sequence's name, one by the name of the run.
    other(&folder, &["stop", "--now", "FIRST"]).expect_code(0);
    first.finish().expect_code(4);
    let json = other(&folder, &["status", "--json"]).expect_code(0);
    let summary: serde_json::Value = serde_json::from_str(json.stdout.trim()).expect("one run");
    assert_eq!(summary["outline"]["sequence"], "second");
    let name = summary["outline"]["run"].as_str().expect("a name");
    other(&folder, &["stop", "--now", name])
        .expect_code(0)
        .expect_stdout(name);
    second.finish().expect_code(4);
    other(&folder, &["status"])
        .expect_code(10)
        .expect_one_sentence("no run is under way");
    other(&folder, &["stop", name])
        .expect_code(10)
        .expect_one_sentence("none is under way");
}

#[test]
fn a_host_that_was_killed_leaves_nothing_in_the_way() {
    let folder = Folder::new();
    let run = started(&folder, "killed", "");
    let sockets = || {
        let entries = std::fs::read_dir(folder.file("masequencer")).expect("the folder is there");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let is_socket = |path: &std::path::PathBuf| path.extension().is_some_and(|e| e == "sock");
        paths.filter(is_socket).count()
    };
    assert_eq!(sockets(), 1);
    let mut watcher = Masequencer::new(&folder).args(["attach", "--json"]).start();
    until(
        "an event reaches the watcher",
        LIMIT,
        || {
            other(&folder, &["pause"]).expect_code(0);
            other(&folder, &["resume"]).expect_code(0);
            watcher.stdout().contains("resumed").then_some(())
        },
        || watcher.stderr(),
    );
    run.kill();
    // Its command lives on in the group; dropping ends it.
    drop(run);
    watcher.wait_for_line("resumed");
    watcher
        .finish()
        .expect_code(1)
        .expect_stderr("vanished before it ended; see its log");
    other(&folder, &["status"])
        .expect_code(10)
        .expect_one_sentence("no run is under way");
    assert_eq!(sockets(), 0, "the dead socket is gone");
    folder.write("killed.xml", sequence("killed", IMPORT));
    other(&folder, &["run", "killed.xml"]).expect_code(0);
    assert_eq!(sockets(), 0);
}
