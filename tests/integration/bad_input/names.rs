//! Agents and run profiles that the server does not have.

use masequencer::cli::ExitCode;

use super::{HR_IMPORT, TOUCH, refused, sequence};
use crate::support::{Folder, Masequencer};

fn run(folder: &Folder) -> crate::support::Finished {
    Masequencer::new(folder)
        .args(["run", "a.xml", "--demo"])
        .run()
}

#[test]
fn an_agent_that_is_not_there_stops_the_run_before_it_begins() {
    let folder = Folder::new();
    let unknown = HR_IMPORT.replace("HR", "HRR");
    folder.write("a.xml", sequence(&format!("{TOUCH}{unknown}")));
    let parts = [
        "thread `Only`, step 2 ",
        "the server has no management agent `HRR`; did you mean `HR`?",
        "MS010-unknown-agent",
    ];
    refused(&folder, run(&folder), ExitCode::BadFile, &parts);
    let log = folder.read("MASequencer.log");
    assert!(log.contains("nothing was started: "), "{log}");
}

#[test]
fn a_profile_that_is_not_there_is_warned_of_and_fails_its_step_alone() {
    let folder = Folder::new();
    let unknown = HR_IMPORT.replace("Delta Import", "Delta Imprt");
    let other = "</thread>\n<thread name=\"Other\">\n";
    folder.write("a.xml", sequence(&format!("{unknown}{other}{TOUCH}")));
    let end = run(&folder)
        .expect_code(ExitCode::Failed.number().into())
        // The history knows only profiles that ran, so this alone stops nothing.
        .expect_one_sentence("no run profile `Delta Imprt`; did you mean `Delta Import`?")
        .expect_stdout("Only execution failed: HR · Delta Imprt: ")
        .expect_stdout(
            "`no-start-unknown-profile-name` (the agent has no run profile of this name; check",
        )
        .expect_stdout("Other execution completed");
    assert!(folder.file("started").exists(), "{}", end.dump());
}
