//! What each finding means, without a server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;

use super::check::{Check, Line, Summary, Verdict};
use super::examination::{Examination, Question, Way};
use super::facts::{Fact, Gone, Probe};
use crate::mim::{AgentName, ProfileName};
use crate::service::{LoggedOn, Trouble, TroubleKind};
use crate::wsman::{Heard, Host};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

const KINDS: [TroubleKind; 12] = [
    TroubleKind::Unreachable,
    TroubleKind::Tls,
    TroubleKind::Protocol,
    TroubleKind::Account,
    TroubleKind::Encryption,
    TroubleKind::WinrmRight,
    TroubleKind::NamespaceRight,
    TroubleKind::ProviderRight,
    TroubleKind::NotFound,
    TroubleKind::ProviderFailed,
    TroubleKind::Fault,
    TroubleKind::Settings,
];

/// The probes in their order; the one for the namespace only follows a class that is not there.
const STATIONS: usize = 7;

fn question(execute: bool) -> Question {
    let order = || {
        let agent = AgentName::new("HR").ok()?;
        Some((Some(agent), ProfileName::new("no-such-profile").ok()?))
    };
    Question {
        name: "mim01".to_owned(),
        port: 5986,
        way: Way::Https,
        is_loopback: false,
        user: "CORP\\op".to_owned(),
        execute: execute.then(order).flatten(),
    }
}

/// The same server over WMI, or this machine.
fn wmi(is_loopback: bool) -> Question {
    Question {
        port: 135,
        way: Way::Wmi,
        is_loopback,
        ..question(true)
    }
}

fn trouble(kind: TroubleKind) -> Trouble {
    Trouble {
        kind,
        sentence: "it is broken".to_owned(),
        remedy: None,
        is_of_password: false,
    }
}

fn known() -> Host {
    Host::Known {
        vendor: "Microsoft Corporation".to_owned(),
        version: "OS: 0.0.0 SP: 0.0 Stack: 3.0".to_owned(),
    }
}

fn heard(host: Host, date: Timestamp) -> Fact {
    let heard = Heard {
        host,
        date: Some(date),
    };
    Fact::Rang(Ok(heard), Timestamp::UNIX_EPOCH)
}

fn good(probe: &Probe) -> Fact {
    match probe {
        Probe::Resolve => Fact::Resolved(Ok(vec![HERE])),
        Probe::Connect(_) => Fact::Connected(Ok(SocketAddr::new(HERE, 5986))),
        Probe::Ring => heard(known(), Timestamp::UNIX_EPOCH),
        Probe::LogOn => Fact::LoggedOn(Ok(LoggedOn {
            vendor: "Microsoft Corporation".to_owned(),
            version: "3.0".to_owned(),
            signed_on: None,
        })),
        Probe::ListAgents => Fact::Agents(Ok(vec![AgentName::new("HR").unwrap()])),
        Probe::LookIntoNamespace => Fact::Namespace(Ok(())),
        Probe::AskAgent(_) => Fact::Status(Ok("success".to_owned())),
        Probe::Execute(..) => Fact::Executed(Ok("no-start-unknown-profile-name".to_owned())),
    }
}

fn bad(probe: &Probe, kind: TroubleKind) -> Fact {
    match probe {
        Probe::Resolve => Fact::Resolved(Err(Gone::Silent(Duration::from_secs(10)))),
        Probe::Connect(_) => Fact::Connected(Err(Gone::Refused)),
        Probe::Ring => Fact::Rang(Err(trouble(kind)), Timestamp::UNIX_EPOCH),
        Probe::LogOn => Fact::LoggedOn(Err(trouble(kind))),
        Probe::ListAgents => Fact::Agents(Err(trouble(kind))),
        Probe::LookIntoNamespace => Fact::Namespace(Err(trouble(kind))),
        Probe::AskAgent(_) => Fact::Status(Err(trouble(kind))),
        Probe::Execute(..) => Fact::Executed(Err(trouble(kind))),
    }
}

/// All lines, when these facts are found.
fn examine(question: Question, mut find: impl FnMut(usize, &Probe) -> Fact) -> Vec<Line> {
    let mut examination = Examination::new(question);
    let mut lines = Vec::new();
    let mut station = 0;
    while let Some(probe) = examination.next().cloned() {
        assert!(station <= STATIONS, "it does not end: {probe:?}");
        examination.learn(find(station, &probe));
        lines.extend(examination.fresh_lines());
        station += 1;
    }
    lines
}

fn verdict(lines: &[Line], check: Check) -> &Verdict {
    let line = lines.iter().find(|line| line.check == check);
    &line.expect("every line is told").verdict
}

#[test]
fn whatever_breaks_every_line_is_told_once_and_none_passes_beyond_it() {
    for (question, stations) in [
        (question(true), STATIONS),
        (wmi(false), STATIONS - 1),
        (wmi(true), STATIONS - 3),
    ] {
        whatever_breaks(&question, stations);
    }
}

fn whatever_breaks(question: &Question, stations: usize) {
    for broken in 0..stations {
        for kind in KINDS {
            let lines = examine(question.clone(), |station, probe| {
                if station >= broken {
                    bad(probe, kind)
                } else {
                    good(probe)
                }
            });
            let checks: Vec<Check> = lines.iter().map(|line| line.check).collect();
            assert_eq!(checks, Check::ALL, "{broken} {kind:?}");
            let failed = lines
                .iter()
                .position(|line| matches!(line.verdict, Verdict::Fail { .. }));
            let Some(failed) = failed else {
                // Only an order without an answer is no failure.
                assert_eq!(Summary::of(&lines), Summary::Doubtful, "{broken} {kind:?}");
                continue;
            };
            assert_eq!(Summary::of(&lines), Summary::Ill, "{broken} {kind:?}");
            for line in &lines[failed + 1..] {
                let is_free = matches!(line.check, Check::Clock | Check::Version);
                let is_open = matches!(line.verdict, Verdict::Unknown(_) | Verdict::NotAsked(_));
                assert!(is_free || is_open, "{broken} {kind:?} {line:?}");
            }
            let remedy = lines[failed].verdict.remedy().unwrap();
            assert!(!remedy.is_empty() && !remedy.ends_with('.'), "{remedy}");
        }
    }
}

#[test]
fn all_is_well_where_all_is_well() {
    for (is_asked, execute) in [
        (
            true,
            "an order is taken; its profile did not exist, so nothing ran",
        ),
        (
            false,
            "an order is tried only on demand (--probe-execute AGENT)",
        ),
    ] {
        let lines = examine(question(is_asked), |_, probe| good(probe));
        assert_eq!(Summary::of(&lines), Summary::Well);
        assert_eq!(verdict(&lines, Check::ExecuteAllowed).text(), execute);
        assert_eq!(
            verdict(&lines, Check::GroupMembership).id() == "pass",
            is_asked
        );
    }
}

#[test]
fn clocks_may_differ_as_much_as_kerberos_tolerates() {
    for (seconds, id, part) in [
        (0, "pass", "agrees"),
        (-1, "pass", "agrees"),
        (120, "pass", "2 min 00 s ahead of"),
        (-299, "pass", "4 min 59 s behind"),
        (300, "fail", "ahead of"),
        (-7_200, "fail", "behind"),
    ] {
        let there = Timestamp::from_second(seconds).unwrap();
        let lines = examine(question(false), |_, probe| match probe {
            Probe::Ring => heard(known(), there),
            probe => good(probe),
        });
        let clock = verdict(&lines, Check::Clock);
        assert_eq!(clock.id(), id, "{seconds}");
        assert!(clock.text().contains(part), "{clock:?}");
        let expected = if id == "fail" {
            Summary::Doubtful
        } else {
            Summary::Well
        };
        assert_eq!(Summary::of(&lines), expected);
    }
}

#[test]
fn a_server_that_wants_an_account_first_is_known_after_the_log_on() {
    let silent = || heard(Host::WantsAccount(Vec::new()), Timestamp::UNIX_EPOCH);
    let lines = examine(question(false), |_, probe| match probe {
        Probe::Ring => silent(),
        probe => good(probe),
    });
    assert_eq!(verdict(&lines, Check::Identify).id(), "pass");
    for (kind, identify, authentication) in [
        (TroubleKind::Account, "unknown", "fail"),
        (TroubleKind::Protocol, "fail", "unknown"),
    ] {
        let lines = examine(question(false), |_, probe| match probe {
            Probe::Ring => silent(),
            probe => bad_log_on(probe, kind),
        });
        assert_eq!(verdict(&lines, Check::Identify).id(), identify);
        assert_eq!(verdict(&lines, Check::Authentication).id(), authentication);
    }
}

#[test]
fn only_a_refused_password_is_called_refused() {
    for is_of_password in [false, true] {
        let mut examination = Examination::new(question(false));
        while let Some(probe) = examination.next().cloned() {
            examination.learn(match probe {
                Probe::LogOn => Fact::LoggedOn(Err(Trouble {
                    is_of_password,
                    ..trouble(TroubleKind::Account)
                })),
                probe => good(&probe),
            });
        }
        let lines = examination.fresh_lines();
        assert_eq!(verdict(&lines, Check::Authentication).id(), "fail");
        assert_eq!(examination.is_password_refused(), is_of_password);
    }
}

fn bad_log_on(probe: &Probe, kind: TroubleKind) -> Fact {
    match probe {
        Probe::LogOn => bad(probe, kind),
        probe => good(probe),
    }
}

#[test]
fn the_words_of_the_service_are_told_apart() {
    for (status, executed, check, id) in [
        ("connection-failure", "", Check::ServiceRunning, "fail"),
        ("call-failure:0x80230709", "", Check::ServiceRunning, "fail"),
        ("access-denied", "", Check::GroupMembership, "fail"),
        ("", "access-denied", Check::ExecuteAllowed, "fail"),
        (
            "in-progress",
            "no-start-ma-already-running",
            Check::ExecuteAllowed,
            "unknown",
        ),
        (
            "success",
            "no-start-unknown-profile-name",
            Check::ExecuteAllowed,
            "pass",
        ),
    ] {
        let lines = examine(question(true), |_, probe| match probe {
            Probe::AskAgent(_) => Fact::Status(Ok(status.to_owned())),
            Probe::Execute(..) => Fact::Executed(Ok(executed.to_owned())),
            probe => good(probe),
        });
        assert_eq!(verdict(&lines, check).id(), id, "{status} {executed}");
        let failures = lines.iter().filter(|line| line.verdict.id() == "fail");
        assert_eq!(failures.count(), usize::from(id == "fail"), "{status}");
    }
}

#[test]
fn over_wmi_only_its_own_stations_are_looked_at() {
    for (is_here, probes, left_out) in [
        (
            true,
            vec!["LogOn", "ListAgents", "AskAgent", "Execute"],
            vec![
                Check::NameResolves,
                Check::PortOpen,
                Check::Tls,
                Check::Clock,
            ],
        ),
        (
            false,
            vec![
                "Resolve",
                "Connect",
                "LogOn",
                "ListAgents",
                "AskAgent",
                "Execute",
            ],
            vec![Check::Tls, Check::Clock],
        ),
    ] {
        let mut asked = Vec::new();
        let lines = examine(wmi(is_here), |_, probe| {
            asked.push(format!("{probe:?}"));
            good(probe)
        });
        assert_eq!(asked.len(), probes.len(), "{asked:?}");
        let is_in_order = asked.iter().zip(&probes).all(|(a, p)| a.starts_with(p));
        assert!(is_in_order, "{asked:?}");
        assert_eq!(Summary::of(&lines), Summary::Well);
        for line in &lines {
            let expected = match line.check {
                Check::Version => "unknown",
                check if left_out.contains(&check) => "not-asked",
                _ => "pass",
            };
            assert_eq!(line.verdict.id(), expected, "{line:?}");
        }
    }
}

#[test]
fn over_wmi_nobody_there_and_nobody_let_in_are_told_apart() {
    for (kind, failed, identify) in [
        (TroubleKind::Unreachable, Check::Identify, "fail"),
        (TroubleKind::Account, Check::Authentication, "pass"),
        (TroubleKind::NotFound, Check::NamespaceThere, "pass"),
        (TroubleKind::NamespaceRight, Check::EnumerateAllowed, "pass"),
    ] {
        let lines = examine(wmi(true), |_, probe| bad(probe, kind));
        assert_eq!(verdict(&lines, failed).id(), "fail", "{kind:?}");
        assert_eq!(verdict(&lines, Check::Identify).id(), identify, "{kind:?}");
    }
}
