//! How classes are written as URIs is said on both command lines and in the file, and a server that
//! knows only the other way is told from one that is none.

use crate::support::{Finished, Folder, Simulator, USER};

const SEQUENCE: &str = r#"<masequence xmlns="urn:masequencer:sequence" version="1" name="uris">
  <server resource-uris="FAMILY"/>
  <thread name="A">
    <run-profile agent="HR" profile="Delta Import" type="delta-import"/>
  </thread>
</masequence>
"#;

/// The small company on a server that knows only these.
fn only(known: &str) -> Simulator {
    let folder = Folder::new();
    folder.copy("sample-sequences/demo-company.toml");
    let company = folder.read("demo-company.toml");
    let both = "resource-uris = \"both\"";
    assert!(company.contains(both), "{company}");
    let company = company.replace(both, &format!("resource-uris = \"{known}\""));
    let scenario = folder.write("scenario.toml", company);
    Simulator::with_scenario(&scenario)
}

#[test]
fn the_family_is_found_by_itself_or_kept_to_as_it_is_said() {
    for (known, other) in [("wmi", "dmtf"), ("dmtf", "wmi")] {
        let simulator = only(known);
        let folder = Folder::new();
        let ask = |words: &[&str]| -> Finished {
            let client = simulator.client(&folder);
            let server = ["--server", simulator.url(), "--user", USER];
            client.args(words).args(server).run()
        };
        ask(&["agents"]).expect_code(0).expect_stdout("HR");
        for verb in ["agents", "doctor"] {
            ask(&[verb, "--resource-uris", known]).expect_code(0);
            let other = ask(&[verb, "--resource-uris", other]);
            assert!(!other.dump().contains("HR"), "{}", other.dump());
            assert_ne!(other.code, Some(0), "{}", other.dump());
        }
        let file = |family: &str| folder.write("uris.xml", SEQUENCE.replace("FAMILY", family));
        let path = file(known).display().to_string();
        ask(&["run", &path]).expect_code(0);
        file(other);
        assert_ne!(ask(&["run", &path]).code, Some(0));
        // The command line comes before the file, also the old one.
        ask(&["run", &path, "--resource-uris", known]).expect_code(0);
        let (server, user) = (format!("/s:{}", simulator.url()), format!("/u:{USER}"));
        simulator
            .client(&folder)
            .args(["/f:uris.xml", &server, &user, "--resource-uris", known])
            .run()
            .expect_code(0);
    }
}
