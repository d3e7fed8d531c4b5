//! Programs around a step: what they prepare, what they are told, and how they end.

use crate::runs::{company, fault};
use crate::support::{Folder, LIMIT, Masequencer, PASSWORD, Simulator, USER, until};

/// A command or processing element that runs a script of the shell.
fn script(element: &str, attributes: &str, script: &str) -> String {
    let script = script
        .replace('&', "&amp;")
        .replace('>', "&gt;")
        .replace('<', "&lt;");
    format!(
        "<{element} program=\"sh\" {attributes}><argument>-c</argument>\
         <argument>{script}</argument><argument>sh</argument>\
         <argument>*MA_RUN_RESULT*</argument></{element}>"
    )
}

fn sequence(body: &str) -> String {
    format!(
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"Test\">\
         <server transport=\"demo\"/>{body}</masequence>"
    )
}

#[test]
fn the_walk_through_copies_its_file_before_the_import() {
    let folder = Folder::new();
    folder.copy("sample-sequences/Runadimport.xml");
    folder.copy("sample-sequences/ad-units.csv");
    let run = || {
        Masequencer::new(&folder)
            .args(["run", "Runadimport.xml", "--demo"])
            .run()
    };
    run()
        .expect_code(0)
        .expect_stdout("RunADImport execution completed");
    assert_eq!(
        folder.read("ad-units.work.csv"),
        folder.read("ad-units.csv")
    );
    let log = folder.read("MASequenceConfiguration.log");
    let place = |part: &str| {
        log.find(part)
            .unwrap_or_else(|| panic!("no {part} in\n{log}"))
    };
    let copied = place("pre-processing 1 ended");
    assert!(copied < place("profile starts"), "{log}");
    assert!(
        place("profile starts") < place("profile ended, run "),
        "{log}"
    );

    // Without the file there is nothing to import.
    std::fs::remove_file(folder.file("ad-units.csv")).expect("it is there");
    std::fs::remove_file(folder.file("MASequenceConfiguration.log")).expect("it is there");
    run()
        .expect_code(1)
        .expect_stdout("RunADImport execution failed: ");
    let log = folder.read("MASequenceConfiguration.log");
    assert!(log.contains("the pre-processing failed: "), "{log}");
    assert!(!log.contains("profile starts"), "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_ends_with_its_children_and_theirs_when_the_run_is_stopped_now() {
    let folder = Folder::new();
    let tree = "sh -c 'sleep 600 & echo $! > grandchild; wait' & echo $! > child; \
                echo $$ > parent; wait";
    let body = format!(
        "<thread name=\"Only\">{}</thread>",
        script("command", "", tree)
    );
    folder.write("a.xml", sequence(&body));
    let run = Masequencer::new(&folder).args(["run", "a.xml"]).start();
    let pid = |name: &str| {
        let path = folder.file(name);
        let text = std::fs::read_to_string(path).ok()?;
        text.ends_with('\n').then(|| text.trim().to_owned())
    };
    let pids = ["parent", "child", "grandchild"]
        .map(|name| until(name, LIMIT, || pid(name), || run.stderr()));
    let lives = |pid: &String| {
        // What has ended but was not collected yet lives no more.
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z "))
    };
    assert!(pids.iter().all(lives), "{pids:?}");
    Masequencer::new(&folder)
        .args(["stop", "--now"])
        .run()
        .expect_code(0);
    run.finish()
        .expect_code(4)
        .expect_stdout("The sequence was stopped.");
    until(
        "the whole tree has ended",
        LIMIT,
        || (!pids.iter().any(lives)).then_some(()),
        || format!("{pids:?}"),
    );
}

#[test]
fn post_processing_is_told_the_result() {
    let folder = Folder::new();
    let faults = [
        fault("discovery-errors", "agent = \"SQL\"\n"),
        fault("deadlock", "agent = \"AD\"\n"),
    ]
    .concat();
    folder.write("scenario.toml", company("20ms", &faults));
    let tell = |name: &str| format!("echo \"$1 $MASEQUENCER_RESULT\" >> {name}");
    let threads: String = ["HR", "SQL", "AD"]
        .map(|agent| {
            let post: String = ["success", "warning", "failure", "always"]
                .map(|when| {
                    let attributes = format!("when=\"{when}\"");
                    script(
                        "post-processing",
                        &attributes,
                        &tell(&format!("{agent}.{when}")),
                    )
                })
                .concat();
            format!(
                "<thread name=\"{agent}\"><run-profile agent=\"{agent}\" profile=\"Full Import\" \
                 type=\"full-import\">{post}</run-profile>{}</thread>",
                script("post-processing", "", &tell(&format!("{agent}.thread")))
            )
        })
        .concat();
    let whole = script("post-processing", "", &tell("sequence"));
    folder.write("a.xml", sequence(&format!("{threads}{whole}")));
    Masequencer::new(&folder)
        .args(["run", "a.xml", "--scenario", "scenario.toml"])
        .run()
        .expect_code(1);
    for (agent, when, result, outcome) in [
        ("HR", "success", "success", "success"),
        ("SQL", "warning", "completed-discovery-errors", "warning"),
        ("AD", "failure", "stopped-deadlocked", "failed"),
    ] {
        let told = format!("{result} {result}\n");
        assert_eq!(folder.read(&format!("{agent}.{when}")), told);
        assert_eq!(folder.read(&format!("{agent}.always")), told);
        assert_eq!(
            folder.read(&format!("{agent}.thread")),
            format!("{outcome} {outcome}\n")
        );
        let others = ["success", "warning", "failure"]
            .into_iter()
            .filter(|other| *other != when);
        for other in others {
            assert!(
                !folder.file(&format!("{agent}.{other}")).exists(),
                "{agent} {other}"
            );
        }
    }
    assert_eq!(folder.read("sequence"), "failed failed\n");
}

#[test]
fn a_program_never_inherits_the_password() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    let body = format!(
        "<thread name=\"Only\">{}</thread>",
        script("command", "", "env > environment")
    );
    folder.write(
        "a.xml",
        sequence(&body).replace("<server transport=\"demo\"/>", ""),
    );
    for (name, arguments) in [
        ("MASEQUENCER_PASSWORD", &[][..]),
        ("MINE", &["--password-env", "MINE"][..]),
    ] {
        Masequencer::new(&folder)
            .args(["run", "a.xml", "--server", simulator.url(), "--user", USER])
            .args(arguments)
            .env(name, PASSWORD)
            .run()
            .expect_code(0);
        let environment = folder.read("environment");
        assert!(environment.contains("MASEQUENCER_RUN="), "{environment}");
        assert!(!environment.contains(PASSWORD), "{name}: {environment}");
    }
}
