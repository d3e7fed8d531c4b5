//! The sample scenarios, as a learner tries them.

use crate::support::{Folder, Masequencer};

#[test]
fn a_bad_day_shows_each_trouble_and_ends_as_failed() {
    let folder = Folder::new();
    folder.copy("sample-sequences/full-cycle.xml");
    folder.copy("sample-sequences/bad-day.toml");
    Masequencer::new(&folder)
        .args(["run", "full-cycle.xml", "--demo"])
        .args(["--scenario", "bad-day.toml"])
        .run()
        .expect_code(1)
        .expect_stdout("completed-discovery-errors")
        .expect_stdout("completed-export-errors")
        .expect_stdout("stopped-deadlocked")
        .expect_stdout("Import MIM Service execution completed");
}

#[test]
fn a_learner_switches_an_example_on() {
    let folder = Folder::new();
    folder.copy("sample-sequences/full-cycle.xml");
    let text = include_str!("../../sample-sequences/demo-company.toml");
    let example = "# [[fault]]\n# kind = \"access-denied\"\n# agent = \"MIM Service\"\n";
    let switched = example.replace("# ", "");
    assert!(text.contains(example), "the example is there");
    folder.write("mine.toml", text.replace(example, &switched));
    Masequencer::new(&folder)
        .args(["run", "full-cycle.xml", "--demo", "--scenario", "mine.toml"])
        .run()
        .expect_code(1)
        .expect_stdout("MIM Service · Delta Import: ")
        .expect_stdout("access-denied");
}
