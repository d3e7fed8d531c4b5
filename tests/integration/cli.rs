//! The runner's own part: both command lines, exit codes, console, log, events, Ctrl-C, lock.

use masequencer::launch::keep_told;
use masequencer::mim::{
    AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType, Told,
};
use masequencer::settings::{CONFIG_VARIABLE, Folders};

use crate::support::{Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, Running, Simulator, USER};

/// A sequence of one thread, written in one line a step.
fn sequence(steps: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" \
         name=\"Test\">\n<server transport=\"demo\"/>\n<thread name=\"Only\">\n{steps}\n</thread>\n\
         </masequence>\n"
    )
}

const HR_IMPORT: &str =
    "<run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/>";

/// A run that lasts until it is stopped.
fn long_run(folder: &Folder) -> Running {
    folder.write("long.xml", sequence("<delay duration=\"1h\"/>"));
    let mut run = Masequencer::new(folder).args(["run", "long.xml"]).start();
    run.wait_for_line("Starting all MAs.");
    run
}

#[test]
fn an_exported_configuration_names_profiles_without_a_server() {
    let folder = Folder::new();
    folder.write(
        "MA-1.xml",
        "<saved-ma-configuration><ma-data><name>HR</name><category>FIM</category><ma-run-data>\
         <run-configuration><name>Full</name><configuration><step><step-type type=\"full-import\">\
         <import-subtype>to-cs</import-subtype></step-type></step></configuration>\
         </run-configuration></ma-run-data></ma-data></saved-ma-configuration>",
    );
    let agents = |arguments: &[&str]| {
        Masequencer::new(&folder)
            .arg("agents")
            .args(arguments)
            .run()
    };
    agents(&["--exported", "."])
        .expect_code(0)
        .expect_stdout("HR     FIM   not asked  Full");
    // What the server says counts; its agent of the same name gets the profile that never ran.
    agents(&["--exported", "MA-1.xml", "--demo"])
        .expect_code(0)
        .expect_stdout("Full, Full Import");
    folder.write(
        "other.xml",
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><thread name=\"A\">\
         <run-profile agent=\"HR\" profile=\"Full\" type=\"export\"/></thread></masequence>",
    );
    let check = ["check", "other.xml", "--demo", "--exported", "MA-1.xml"];
    let told = Masequencer::new(&folder)
        .args(check)
        .arg("--warnings-ok")
        .run()
        .expect_code(0)
        .expect_stdout("the configuration exported on ");
    assert!(!told.stdout.contains("the server says"), "{told:?}");
    agents(&["--exported", "none"]).expect_code(8);
    folder.write("MA-1.xml", "<masequence/>");
    let empty = agents(&["--exported", "."]).expect_code(8);
    assert!(
        empty.stderr.contains("names no management agent"),
        "{empty:?}"
    );
}

#[test]
fn a_check_without_the_server_uses_what_it_told_before() {
    let folder = Folder::new();
    let sequence = |agent: &str| {
        format!(
            "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><server host=\"mim01\"/>\
             <thread name=\"A\"><run-profile agent=\"{agent}\" profile=\"Full\" \
             type=\"full-import\"/></thread></masequence>"
        )
    };
    folder.write("old.xml", sequence("HR"));
    folder.write("new.xml", sequence("Personnel"));
    let config = folder.path().join("config");
    let check = |arguments: &[&str]| {
        let check = Masequencer::new(&folder).arg("check").args(arguments);
        check.env(CONFIG_VARIABLE, &config).run()
    };
    let unknown = check(&["old.xml", "--offline"]).expect_code(6);
    assert!(
        unknown
            .stderr
            .contains("nothing is known about this server"),
        "{unknown:?}"
    );
    let agent = |name: &str| AgentInfo {
        name: AgentName::new(name).expect("a name"),
        guid: "{1}".to_owned(),
        agent_type: "SQL".to_owned(),
        state: AgentState::Idle { last_result: None },
        profiles: vec![ProfileInfo {
            name: ProfileName::new("Full").expect("a name"),
            step_types: vec![StepType::FullImport],
        }],
    };
    let told = |name: &str| Told {
        server: "mim01".to_owned(),
        account: "svc".to_owned(),
        read_at: "2026-02-03T12:00:00Z".parse().expect("a moment"),
        agents: [agent(name)].into(),
        former: Vec::new(),
    };
    let now = told("Personnel").after(Some(&told("HR")));
    let servers = Folders::below(&config).servers();
    keep_told(&servers, "MIM01", &now).expect("it is kept");
    check(&["new.xml", "--offline"]).expect_code(0);
    check(&["old.xml"]).expect_code(0);
    check(&["old.xml", "--offline", "--warnings-ok"])
        .expect_code(0)
        .expect_stdout("as of 3 February 2026 the management agent `HR` is called `Personnel`");
}

#[test]
fn alone_or_asked_it_helps() {
    let folder = Folder::new();
    let help = Masequencer::new(&folder).arg("/?").run().expect_code(0);
    for argument in ["-?", "/h"] {
        let other = Masequencer::new(&folder).arg(argument).run();
        assert_eq!(other, help, "{argument}");
    }
    // A scheduler that lost the arguments must not see a success.
    let alone = Masequencer::new(&folder).run().expect_code(2);
    assert_eq!(alone.stderr, help.stdout);
    help.expect_stdout("/f:File [/s:Server] [/u:[Domain\\]User [/p:Password]] [/l:Level]")
        .expect_stdout("masequencer run FILE");
    Masequencer::new(&folder)
        .arg("--help")
        .run()
        .expect_code(0)
        .expect_stdout("Exit codes");
    Masequencer::new(&folder)
        .arg("--version")
        .run()
        .expect_code(0)
        .expect_stdout(concat!("masequencer ", env!("CARGO_PKG_VERSION")));
    for verb in [
        "run", "check", "agents", "doctor", "simulate", "status", "attach", "pause", "resume",
        "stop",
    ] {
        Masequencer::new(&folder)
            .args([verb, "--help"])
            .run()
            .expect_code(0)
            .expect_stdout("Usage: masequencer");
    }
}

#[test]
fn the_sample_runs_in_the_old_tools_manner() {
    let folder = Folder::new();
    folder.copy("sample-sequences/full-cycle.xml");
    let run = Masequencer::new(&folder)
        .args(["run", "full-cycle.xml", "--demo"])
        .run()
        .expect_code(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let log = folder.file("full-cycle.log");
    assert_eq!(
        lines[0],
        format!("Logging into the File '{}'", log.display())
    );
    assert_eq!(lines[1], "Starting all MAs.");
    for thread in ["Cycle", "Import SQL", "Import AD", "Import MIM Service"] {
        let line = format!("{thread} execution completed");
        assert!(lines.contains(&line.as_str()), "{}", run.dump());
    }
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.dump());
    assert!(
        run.stdout
            .contains("The sequence completed. 17 steps: 17 succeeded; it took "),
        "{}",
        run.dump()
    );
    let log = folder.read("full-cycle.log");
    let ended = |line: &&str| line.contains(" | profile ended, run ");
    assert_eq!(log.lines().filter(ended).count(), 17, "{log}");
    for line in log.lines() {
        assert_eq!(line.split(" | ").count(), 7, "{line}");
    }
}

#[test]
fn the_old_command_line_finds_the_file_behind_the_slash() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    folder.write(
        "Runadimport.xml",
        sequence(HR_IMPORT).replace("<server transport=\"demo\"/>", ""),
    );
    let server = format!("/S:{}", simulator.url());
    let user = format!("-u:{USER}");
    for file in [
        "/RunADImport.xml",
        "/f:Runadimport.xml",
        "-F:Runadimport.xml",
    ] {
        simulator
            .client(&folder)
            .args([file, &server, &user, "/l:0"])
            .run()
            .expect_code(0)
            .expect_stdout("Only execution completed");
    }
    // Level 0 logs errors only, and there were none.
    assert_eq!(folder.read("MASequencer.log"), "");
    let password = format!("/p:{PASSWORD}");
    let warned = Masequencer::new(&folder)
        .args(["/RunADImport.xml", &server, &user, &password])
        .run()
        .expect_code(0)
        .expect_stderr("process lists");
    assert!(!warned.dump().contains(PASSWORD), "{}", warned.dump());
    folder.write("RUNADIMPORT.XML", sequence(HR_IMPORT));
    Masequencer::new(&folder)
        .args(["/RunADImport.xml"])
        .run()
        .expect_code(8)
        .expect_one_sentence("write the one you mean with /f:");
}

#[test]
fn every_event_is_one_line_and_their_numbers_have_no_gap() {
    let folder = Folder::new();
    folder.write("a.xml", sequence(HR_IMPORT));
    let run = Masequencer::new(&folder)
        .args(["run", "a.xml", "--json"])
        .run()
        .expect_code(0);
    let events: Vec<serde_json::Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kind = |event: &serde_json::Value| event["event"]["type"].as_str().unwrap().to_owned();
    assert_eq!(kind(&events[0]), "run-started");
    assert_eq!(kind(events.last().unwrap()), "run-finished");
    for (number, event) in (1_u64..).zip(&events) {
        assert_eq!(event["seq"].as_u64(), Some(number));
    }
}

#[test]
fn warnings_have_a_code_of_their_own_unless_they_are_fine() {
    let folder = Folder::new();
    folder.write("a.xml", sequence(HR_IMPORT));
    // The small company, but what HR imports always has something to warn of.
    folder.copy("sample-sequences/demo-company.toml");
    let company = folder.read("demo-company.toml");
    let fault = "\n[[fault]]\nkind = \"result\"\nagent = \"HR\"\nresult = \"completed-warnings\"\n";
    folder.write("scenario.toml", format!("{company}{fault}"));
    let run = |further: &[&str]| {
        Masequencer::new(&folder)
            .args(["run", "a.xml", "--scenario", "scenario.toml"])
            .args(further)
            .run()
    };
    run(&[])
        .expect_code(3)
        .expect_stdout("Only execution completed with warnings");
    run(&["--warnings-ok"]).expect_code(0);
}

#[test]
fn a_failing_command_fails_the_run() {
    let folder = Folder::new();
    let fail =
        "<command program=\"sh\"><argument>-c</argument><argument>exit 3</argument></command>";
    folder.write("a.xml", sequence(fail));
    Masequencer::new(&folder)
        .args(["run", "a.xml"])
        .run()
        .expect_code(1)
        .expect_stdout("Only execution failed: ")
        .expect_stdout("The sequence failed.");
    assert!(
        folder
            .read("MASequencer.log")
            .contains(" | error | Only | "),
        "{}",
        folder.read("MASequencer.log")
    );
}

#[test]
fn ctrl_c_once_lets_the_run_end_and_its_code_says_stopped() {
    let folder = Folder::new();
    let run = long_run(&folder);
    run.interrupt();
    run.finish()
        .expect_code(4)
        .expect_stderr("once more stops now")
        .expect_stdout("The sequence was stopped.");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_closes_ends_the_run_unless_nohup_says_no() {
    let folder = Folder::new();
    let run = long_run(&folder);
    run.hang_up();
    run.finish().expect_code(4);
    let log = folder.read("MASequencer.log");
    assert!(log.contains("| stopped | run ended"), "{log}");

    folder.write("short.xml", sequence("<delay duration=\"300ms\"/>"));
    let mut run = Masequencer::new(&folder)
        .args(["run", "short.xml", "--demo"])
        .after("trap '' HUP")
        .start();
    run.wait_for_line("Starting all MAs.");
    run.hang_up();
    run.finish().expect_code(0);
}

#[test]
fn ctrl_c_twice_ends_a_command_with_its_children() {
    let folder = Folder::new();
    let hang = "<command program=\"sh\"><argument>-c</argument><argument>echo up &gt; up; sleep 600 \
                &amp; wait</argument></command>";
    folder.write("a.xml", sequence(hang));
    let mut run = Masequencer::new(&folder).args(["run", "a.xml"]).start();
    run.wait_for_line("Starting all MAs.");
    crate::support::until(
        "the command is up",
        crate::support::LIMIT,
        || folder.file("up").exists().then_some(()),
        || run.stderr(),
    );
    run.interrupt();
    crate::support::until(
        "the first Ctrl-C was heard",
        crate::support::LIMIT,
        || run.stderr().contains("once more").then_some(()),
        || run.stdout(),
    );
    run.interrupt();
    run.finish().expect_code(4).expect_stderr("stop now");
}

#[test]
fn a_file_runs_once_at_a_time() {
    let folder = Folder::new();
    let run = long_run(&folder);
    let second = Masequencer::new(&folder).args(["run", "./long.xml"]).run();
    second
        .expect_code(7)
        .expect_one_sentence(&format!("(process {}, run ", run.id()));
    folder.write("other.xml", sequence(HR_IMPORT));
    Masequencer::new(&folder)
        .args(["run", "other.xml"])
        .run()
        .expect_code(0);
    run.kill();
    drop(run);
    // A lock dies with its process.
    folder.write("long.xml", sequence(HR_IMPORT));
    Masequencer::new(&folder)
        .args(["run", "long.xml"])
        .run()
        .expect_code(0);
}

#[test]
fn another_terminal_watches_and_steers_a_run() {
    let folder = Folder::new();
    let other = |arguments: &[&str]| Masequencer::new(&folder).args(arguments).run();
    other(&["status"])
        .expect_code(10)
        .expect_one_sentence("no run is under way");
    let run = long_run(&folder);
    other(&["status"])
        .expect_code(0)
        .expect_stdout("`Test` on ")
        .expect_stdout("Delay 1h");
    let json = other(&["status", "--json"]).expect_code(0);
    let summary: serde_json::Value = serde_json::from_str(json.stdout.trim()).unwrap();
    let name = summary["outline"]["run"].as_str().unwrap().to_owned();
    other(&["pause"])
        .expect_code(0)
        .expect_stdout("starts nothing more");
    let phase = || other(&["status", "--json"]).stdout;
    crate::support::until(
        "paused",
        crate::support::LIMIT,
        || phase().contains("\"phase\":\"paused\"").then_some(()),
        phase,
    );
    other(&["resume", &name])
        .expect_code(0)
        .expect_stdout("goes on");
    other(&["stop", "no-such-run"])
        .expect_code(10)
        .expect_one_sentence("no run `no-such-run`");
    let mut watcher = Masequencer::new(&folder).args(["attach", "--json"]).start();
    // The watcher is there when it has seen an event of ours.
    crate::support::until(
        "an event reaches the watcher",
        crate::support::LIMIT,
        || {
            other(&["pause"]).expect_code(0);
            other(&["resume"]).expect_code(0);
            watcher.stdout().contains("resumed").then_some(())
        },
        || watcher.stderr(),
    );
    other(&["stop", "--now"])
        .expect_code(0)
        .expect_stdout("stopped now");
    watcher.wait_for_line("run-finished");
    watcher.finish().expect_code(4);
    run.finish().expect_code(4);
}

#[test]
fn a_log_that_cannot_be_opened_stops_before_anything_starts() {
    let folder = Folder::new();
    let touch = "<command program=\"touch\"><argument>started</argument></command>";
    folder.write("a.xml", sequence(touch));
    for log in [".", "missing/a.log"] {
        Masequencer::new(&folder)
            .args(["run", "a.xml", "--log", log])
            .run()
            .expect_code(9)
            .expect_one_sentence("the log `");
    }
    assert!(!folder.file("started").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_no_run_but_is_told() {
    let folder = Folder::new();
    folder.write("a.xml", sequence(HR_IMPORT));
    Masequencer::new(&folder)
        .args(["run", "a.xml", "--log", "/dev/full"])
        .run()
        .expect_code(9)
        .expect_stdout("Only execution completed")
        .expect_stderr("the run goes on without it")
        .expect_stderr("of the log were lost");
}

#[test]
fn agents_are_listed_for_people_and_programs() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    let agents = |further: &[&str]| {
        simulator
            .client(&folder)
            .args(["agents", "--server", simulator.url(), "--user", USER])
            .args(further)
            .run()
            .expect_code(0)
    };
    agents(&[])
        .expect_stdout("Agent")
        .expect_stdout("MIM Service");
    let json = agents(&["--json"]);
    let names: Vec<String> = json
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|agent| agent["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["AD", "HR", "MIM Service", "SQL"]);
}

#[test]
fn check_names_code_and_place() {
    let folder = Folder::new();
    let check = |arguments: &[&str]| Masequencer::new(&folder).arg("check").args(arguments).run();
    folder.write("good.xml", sequence(HR_IMPORT));
    check(&["good.xml"])
        .expect_code(0)
        .expect_stdout("No problems found.");
    folder.write("bad.xml", sequence("<command program=\"\"/>"));
    check(&["bad.xml"])
        .expect_code(8)
        .expect_stdout("error: thread `Only`, step 1")
        .expect_stdout("(MS040-no-program)");
    let json = check(&["bad.xml", "--json"]).expect_code(8);
    let problem: serde_json::Value = serde_json::from_str(json.stdout.trim()).unwrap();
    assert_eq!(problem["code"], "MS040-no-program");
    assert_eq!(
        (&problem["thread"], &problem["step"]),
        (&0.into(), &0.into())
    );
    folder.write("agent.xml", sequence(&HR_IMPORT.replace("HR", "HRR")));
    check(&["agent.xml"]).expect_code(0);
    check(&["agent.xml", "--demo"])
        .expect_code(8)
        .expect_stdout("MS010-unknown-agent");
    check(&["--explain", "ms010"])
        .expect_code(0)
        .expect_stdout("MS010-unknown-agent");
    check(&["--explain", "ms999"])
        .expect_code(2)
        .expect_stderr("MS001-no-thread");
}

#[test]
fn a_run_that_the_check_refuses_starts_nothing() {
    let folder = Folder::new();
    let touch = "<command program=\"touch\"><argument>started</argument></command>";
    let unknown = HR_IMPORT.replace("HR", "HRR");
    folder.write("a.xml", sequence(&format!("{touch}{unknown}")));
    Masequencer::new(&folder)
        .args(["run", "a.xml"])
        .run()
        .expect_code(8)
        .expect_one_sentence("MS010-unknown-agent");
    assert!(!folder.file("started").exists());
    assert!(
        folder
            .read("MASequencer.log")
            .contains("nothing was started")
    );
}

#[test]
fn the_password_comes_from_where_it_was_said() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    let agents =
        || Masequencer::new(&folder).args(["agents", "--server", simulator.url(), "--user", USER]);
    agents()
        .env(PASSWORD_VARIABLE, PASSWORD)
        .run()
        .expect_code(0);
    agents()
        .args(["--password-env", "MINE"])
        .env("MINE", PASSWORD)
        .run()
        .expect_code(0);
    agents()
        .arg("--password-stdin")
        .stdin(format!("{PASSWORD}\n"))
        .run()
        .expect_code(0);
    agents()
        .run()
        .expect_code(6)
        .expect_one_sentence("set the variable MASEQUENCER_PASSWORD");
    let refused = agents().env(PASSWORD_VARIABLE, "wrong-and-secret").run();
    let refused = refused.expect_code(6);
    assert!(
        !refused.dump().contains("wrong-and-secret"),
        "{}",
        refused.dump()
    );
}

#[test]
fn wrong_arguments_have_a_code_of_their_own() {
    let folder = Folder::new();
    for arguments in [
        &["dance"][..],
        &["run"],
        &["run", "a.xml", "--level", "9"],
        &["/l:1"],
        &["/x:1"],
        &["/f:a.xml", "/l:9"],
    ] {
        Masequencer::new(&folder)
            .args(arguments)
            .run()
            .expect_code(2);
    }
}

/// The arguments of every call of `masequencer` in the code blocks of a Markdown text.
fn calls_in(markdown: &str) -> Vec<Vec<String>> {
    let blocks = markdown.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(|block| block.lines().skip(1));
    lines
        .filter_map(|line| {
            let line = line.split(" #").next()?;
            let arguments = line
                .strip_prefix("masequencer ")
                .or_else(|| Some(line.split_once("--bin masequencer -- ")?.1))?;
            let arguments = arguments.split_whitespace();
            Some(arguments.map(|word| word.replace('\'', "")).collect())
        })
        .collect()
}

#[test]
fn every_call_in_the_readme_is_understood() {
    let folder = Folder::new();
    let calls = calls_in(include_str!("../../README.md"));
    assert!(calls.len() >= 7, "{calls:?}");
    for call in calls {
        if call.iter().any(|word| word.starts_with('/')) {
            // Understood, but the file is not here.
            Masequencer::new(&folder).args(&call).run().expect_code(8);
        } else {
            // The help is given only if all that is before it is understood.
            Masequencer::new(&folder)
                .args(&call)
                .arg("--help")
                .run()
                .expect_code(0);
        }
    }
    for wrong in [["run", "--no-such-option"], ["no-such-verb", "a.xml"]] {
        Masequencer::new(&folder)
            .args(wrong)
            .arg("--help")
            .run()
            .expect_code(2);
    }
}
