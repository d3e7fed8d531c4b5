//! `masequencer doctor`: each thing that can be wrong fails its own line and no other.

use std::net::TcpStream;

use serde_json::Value;

use crate::support::{
    Finished, Folder, LIMIT, Masequencer, PASSWORD, PASSWORD_VARIABLE, Simulator, TlsFront, USER,
    until,
};

/// The lines in the order in which they are told; each depends on those before it.
const DEPENDENT: [&str; 11] = [
    "name-resolves",
    "port-open",
    "tls",
    "identify",
    "authentication",
    "encryption",
    "namespace-there",
    "class-there",
    "enumerate-allowed",
    "service-running",
    "execute-allowed",
];

fn fault(kind: &str, keys: &str) -> String {
    format!("\n[[fault]]\nkind = \"{kind}\"\n{keys}\n")
}

/// The small company with these rights and faults.
fn simulator(rights: &str, faults: &str) -> Simulator {
    let folder = Folder::new();
    folder.copy("sample-sequences/demo-company.toml");
    let company = folder.read("demo-company.toml");
    let before = company.clone();
    let company = company.replace("rights = \"operator\"", &format!("rights = \"{rights}\""));
    assert!(company != before || rights == "operator");
    let scenario = folder.write("scenario.toml", format!("{company}{faults}"));
    Simulator::with_scenario(&scenario)
}

fn doctor(server: &str, arguments: &[&str]) -> Finished {
    doctor_with(PASSWORD, server, arguments)
}

fn doctor_with(password: &str, server: &str, arguments: &[&str]) -> Finished {
    let folder = Folder::new();
    Masequencer::new(&folder)
        .args(["doctor", "--json", "--server", server, "--user", USER])
        .args(arguments)
        .env(PASSWORD_VARIABLE, password)
        .run()
}

fn lines(finished: &Finished) -> Vec<Value> {
    let lines = finished.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{}", finished.dump())))
        .collect()
}

fn text(line: &Value, key: &str) -> String {
    line[key].as_str().unwrap_or_default().to_owned()
}

/// Exactly this line failed, with these words in it and in its remedy, and nothing that depends on
/// it passed.
#[track_caller]
fn expect_only_failure(finished: Finished, code: i32, check: &str, words: [&str; 2]) {
    let finished = finished.expect_code(code);
    let lines = lines(&finished);
    assert_eq!(lines.len(), 14, "{}", finished.dump());
    let failed: Vec<&Value> = lines
        .iter()
        .filter(|line| line["verdict"] == "fail")
        .collect();
    let names: Vec<String> = failed.iter().map(|line| text(line, "check")).collect();
    assert_eq!(names, [check], "{}", finished.dump());
    let only = failed.first().expect("one failed");
    let [sentence, remedy] = words;
    assert!(text(only, "text").contains(sentence), "{}", finished.dump());
    assert!(text(only, "remedy").contains(remedy), "{}", finished.dump());
    let place = DEPENDENT.iter().position(|name| *name == check);
    let later = place.and_then(|place| DEPENDENT.get(place + 1..));
    let later = later.unwrap_or_default();
    for line in &lines {
        let name = text(line, "check");
        if later.contains(&name.as_str()) {
            assert_ne!(line["verdict"], "pass", "{name}\n{}", finished.dump());
        }
    }
    assert!(!finished.dump().contains(PASSWORD), "{}", finished.dump());
}

#[test]
fn a_good_server_passes_every_line_and_nothing_runs() {
    let simulator = simulator("operator", "");
    let folder = Folder::new();
    let agents = || {
        let client = simulator.client(&folder);
        let client = client.args(["agents", "--json", "--server", simulator.url()]);
        client.args(["--user", USER]).run().expect_code(0).stdout
    };
    let before = agents();
    let finished = doctor(simulator.url(), &["--probe-execute", "hr"]).expect_code(0);
    for line in lines(&finished) {
        let (check, verdict) = (text(&line, "check"), text(&line, "verdict"));
        let expected = match check.as_str() {
            "tls" => "not-asked",
            "version" => "unknown",
            _ => "pass",
        };
        assert_eq!(verdict, expected, "{check}\n{}", finished.dump());
    }
    assert_eq!(agents(), before);
}

#[test]
fn an_order_is_tried_only_on_demand() {
    let simulator = simulator("operator", &fault("access-denied", ""));
    let finished = doctor(simulator.url(), &[]).expect_code(0);
    let lines = lines(&finished);
    let line = lines
        .iter()
        .find(|line| line["check"] == "execute-allowed")
        .unwrap();
    assert_eq!(line["verdict"], "not-asked", "{}", finished.dump());
}

#[test]
fn an_agent_that_is_not_there_is_no_failure_of_the_server() {
    let simulator = simulator("operator", "");
    doctor(simulator.url(), &["--probe-execute", "HRR"])
        .expect_code(3)
        .expect_stdout("there are AD, HR, MIM Service, SQL");
}

#[test]
fn a_name_that_leads_nowhere_fails_the_first_line() {
    let finished = doctor("no-such-host.invalid", &[]);
    let words = ["no-such-host.invalid", "DNS"];
    expect_only_failure(finished, 6, "name-resolves", words);
}

#[test]
fn a_port_on_which_nobody_listens_fails_the_port() {
    let simulator = simulator("operator", &fault("connection-refused", ""));
    let address = simulator.url().split('/').nth(2).unwrap().to_owned();
    until(
        "nobody listens",
        LIMIT,
        || TcpStream::connect(&address).err(),
        String::new,
    );
    let finished = doctor(simulator.url(), &[]);
    let words = ["nobody listens on port", "winrm quickconfig"];
    expect_only_failure(finished, 6, "port-open", words);
}

#[test]
fn a_certificate_that_is_not_trusted_fails_tls() {
    let simulator = simulator("operator", "");
    let front = TlsFront::before(simulator.url());
    let finished = doctor(&front.url(), &[]);
    expect_only_failure(finished, 6, "tls", ["is not trusted", "--ca-file"]);
    let finished = doctor(&front.url(), &["--pin", &front.pin]);
    let finished = finished.expect_code(0);
    let tls = lines(&finished)
        .into_iter()
        .find(|line| line["check"] == "tls");
    assert_eq!(tls.unwrap()["verdict"], "pass", "{}", finished.dump());
}

#[test]
fn the_encryption_fails_where_the_password_would_travel_in_the_clear() {
    let simulator = simulator("operator", "");
    // Linux connects to this machine, but it is no loopback address by its letters.
    let server = simulator.url().replace("127.0.0.1", "0.0.0.0");
    let finished = doctor(&server, &["--auth", "basic"]);
    let words = ["without encryption", "--allow-unencrypted"];
    expect_only_failure(finished, 6, "encryption", words);
    let allowed = ["--auth", "basic", "--allow-unencrypted"];
    doctor(&server, &allowed).expect_code(0);
}

#[test]
fn a_log_on_that_encrypts_by_itself_is_told() {
    for (scheme, encryption) in [
        ("ntlm", "each message is encrypted"),
        ("basic", "nothing leaves this machine"),
    ] {
        let simulator = Simulator::with(["--auth", scheme]);
        let finished = doctor(simulator.url(), &["--auth", scheme]).expect_code(0);
        let find = |check: &str| {
            let mut lines = lines(&finished).into_iter();
            let line = lines.find(|line| line["check"] == check);
            text(&line.unwrap(), "text")
        };
        assert_eq!(find("encryption"), encryption, "{}", finished.dump());
        let account = find("authentication").to_lowercase();
        assert!(account.ends_with(scheme), "{}", finished.dump());
    }
}

#[test]
fn a_scheme_that_the_server_does_not_take_fails_the_authentication() {
    let simulator = Simulator::with(["--auth", "basic"]);
    let finished = doctor(simulator.url(), &["--auth", "ntlm"]);
    expect_only_failure(
        finished,
        6,
        "authentication",
        ["only Basic", "--auth basic"],
    );
}

#[test]
fn a_wrong_password_fails_the_authentication_and_is_not_told() {
    let simulator = simulator("operator", "");
    let finished = doctor_with("wrong and secret", simulator.url(), &[]);
    assert!(!finished.dump().contains("wrong and secret"));
    let words = ["refuses the user name or the password", "check"];
    expect_only_failure(finished, 6, "authentication", words);
}

/// The scenario's faults, and the one line that each fails.
#[test]
fn each_fault_fails_its_own_line() {
    let on = |request: &str| format!("request = \"{request}\"");
    for (faults, check, words) in [
        (
            fault("garbage", &on("Identify")),
            "identify",
            ["not with WS-Management", "port"],
        ),
        // Without an account the server is asked first, and answers.
        (
            fault("unauthorized", "request = \"Identify\"\nskip = 1"),
            "authentication",
            ["refuses the user name or the password", "check"],
        ),
        (
            fault("namespace-missing", ""),
            "namespace-there",
            ["no WMI namespace", "mofcomp"],
        ),
        (
            fault("class-missing", ""),
            "class-there",
            ["no class MIIS_ManagementAgent", "mofcomp"],
        ),
        (
            fault("winrm-denied", &on("Enumerate")),
            "enumerate-allowed",
            ["WinRM", "Remote Management Users"],
        ),
        (
            fault("wmi-denied", &on("Enumerate")),
            "enumerate-allowed",
            ["WMI", "Remote Enable"],
        ),
        (
            fault("service-stopped", ""),
            "service-running",
            ["synchronization service", "FIMSynchronizationService"],
        ),
        (
            fault("winrm-denied", &on("Execute")),
            "execute-allowed",
            ["WinRM", "Remote Management Users"],
        ),
        (
            fault("wmi-denied", &on("Execute")),
            "execute-allowed",
            ["WMI", "Execute Methods"],
        ),
        (
            fault("access-denied", ""),
            "execute-allowed",
            ["access-denied", "FIMSyncOperators"],
        ),
    ] {
        let simulator = simulator("operator", &faults);
        let finished = doctor(simulator.url(), &["--probe-execute", "HR"]);
        expect_only_failure(finished, 6, check, words);
    }
}

#[test]
fn the_groups_of_the_service_are_told_apart() {
    for (rights, check, words) in [
        (
            "browse",
            "execute-allowed",
            ["access-denied", "FIMSyncOperators"],
        ),
        (
            "none",
            "service-running",
            ["connection-failure", "FIMSyncOperators"],
        ),
    ] {
        let simulator = simulator(rights, "");
        let finished = doctor(simulator.url(), &["--probe-execute", "HR"]);
        expect_only_failure(finished, 6, check, words);
    }
}

#[test]
fn a_clock_that_is_off_is_told_but_keeps_no_run_from_going() {
    let simulator = simulator("operator", &fault("clock-ahead", "length = \"7m\""));
    let finished = doctor(simulator.url(), &["--probe-execute", "HR"]);
    expect_only_failure(finished, 3, "clock", ["ahead of ours", "w32tm"]);
}

#[test]
fn people_read_the_remedy_below_the_failure() {
    let folder = Folder::new();
    Masequencer::new(&folder)
        .args(["doctor", "--server", "no-such-host.invalid", "--user", USER])
        .env(PASSWORD_VARIABLE, PASSWORD)
        .run()
        .expect_code(6)
        .expect_stdout("failed     Name resolves")
        .expect_stdout("To do: check its spelling and the DNS")
        .expect_stdout("unknown    Port open        not reached");
    Masequencer::new(&folder)
        .args(["doctor", "--demo"])
        .run()
        .expect_code(0)
        .expect_stdout("All that was looked at is as it should be.");
}
