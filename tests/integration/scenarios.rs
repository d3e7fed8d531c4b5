//! The sample scenarios, as a learner tries them.

use crate::support::{Folder, Masequencer, Simulator, USER};

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
fn the_day_after_puts_things_right() {
    let folder = Folder::new();
    folder.copy("sample-sequences/bad-day.toml");
    // This simulator speaks no TLS, and the sample demands it.
    let text = include_str!("../../sample-sequences/full-cycle.xml");
    folder.write("full-cycle.xml", text.replace(" tls=\"true\"", ""));
    let simulator = Simulator::with_scenario(&folder.file("bad-day.toml"));
    let cycle = || {
        let run = simulator.client(&folder).args(["run", "full-cycle.xml"]);
        run.args(["--server", simulator.url(), "--user", USER])
            .run()
    };
    cycle().expect_code(1);
    // Each trouble happened once, and what it left undone is done now.
    cycle().expect_code(0).expect_stdout("17 succeeded");
    simulator.stop().expect_code(0);
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
