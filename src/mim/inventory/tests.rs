//! How what is kept joins what the server says.

use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::mim::{ProfileInfo, RunResult, StepType};

fn name(text: &str) -> AgentName {
    AgentName::new(text).unwrap()
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(day * 86_400).unwrap()
}

fn profiles(names: &[&str]) -> Vec<ProfileInfo> {
    let profile = |name: &&str| ProfileInfo {
        name: ProfileName::new(name).unwrap(),
        step_types: vec![StepType::Export],
    };
    names.iter().map(profile).collect()
}

fn agent(text: &str, guid: &str, names: &[&str]) -> AgentInfo {
    AgentInfo {
        name: name(text),
        guid: guid.to_owned(),
        agent_type: "AD".to_owned(),
        state: AgentState::Idle {
            last_result: Some(RunResult::new("success")),
        },
        profiles: profiles(names),
    }
}

fn exported(text: &str, guid: &str, names: &[&str]) -> ExportedAgent {
    ExportedAgent {
        name: name(text),
        guid: guid.to_owned(),
        agent_type: "AD".to_owned(),
        profiles: profiles(names),
    }
}

fn told(day: i64, agents: &[AgentInfo]) -> Told {
    Told {
        server: "mim01".to_owned(),
        account: "svc".to_owned(),
        read_at: at(day),
        agents: agents.into(),
        former: Vec::new(),
    }
}

fn export(day: i64, agents: &[ExportedAgent]) -> Export {
    Export {
        origin: "/srv/export".to_owned(),
        written: Some(at(day)),
        is_whole: true,
        agents: agents.to_vec(),
    }
}

/// The agents with their profiles, each with where it was added from.
fn words(knowledge: &Knowledge) -> Vec<String> {
    let mark = |added: Option<Added>| match added {
        None => "",
        Some(Added::Export) => "+",
        Some(Added::Earlier) => "-",
    };
    let agents = knowledge.agents.iter().map(|agent| {
        let profiles = agent.profiles.iter().map(|profile| {
            let added = knowledge.added(&agent.name, Some(&profile.name));
            format!(" {}{}", mark(added), profile.name)
        });
        let added = mark(knowledge.added(&agent.name, None));
        format!("{added}{}:{}", agent.name, profiles.collect::<String>())
    });
    agents.collect()
}

fn renames(knowledge: &Knowledge) -> Vec<String> {
    let renamed = knowledge.renamed.iter();
    renamed.map(|it| format!("{}>{}", it.from, it.to)).collect()
}

#[test]
fn nobody_knows_anything_without_a_source() {
    assert_eq!(Knowledge::of(None, &Inventory::default()), None);
}

#[test]
fn the_server_is_believed_first_and_what_it_lacks_is_marked() {
    let hr = agent("HR", "{1}", &["b"]);
    let inventory = Inventory {
        told: Some(told(
            1,
            &[agent("HR", "{1}", &["a"]), agent("AD", "{2}", &["c"])],
        )),
        export: Some(export(
            2,
            &[
                exported("HR", "{1}", &["b", "d"]),
                exported("Gone", "{3}", &["e"]),
            ],
        )),
    };
    let live: Arc<[AgentInfo]> = [hr, agent("AD", "{2}", &[])].into();
    let now = Knowledge::of(Some(&live), &inventory).unwrap();
    assert_eq!(now.certainty, Certainty::Now);
    // The run history of AD was cleared; HR has one, so what it does not name is not added.
    assert_eq!(words(&now), ["HR: b +d", "AD: -c"]);
    let then = Knowledge::of(None, &inventory).unwrap();
    assert_eq!(then.certainty, Certainty::Told(at(1)));
    assert_eq!(words(&then), ["AD: c", "+Gone: e", "HR: a +b +d"]);
    let export = Inventory {
        told: None,
        ..inventory
    };
    let alone = Knowledge::of(None, &export).unwrap();
    assert_eq!(
        alone.certainty,
        Certainty::Exported {
            written: Some(at(2)),
            is_whole: true
        }
    );
    assert_eq!(words(&alone), ["HR: b d", "Gone: e"]);
}

#[test]
fn what_is_known_by_the_server_alone_stays_the_same_list() {
    let live: Arc<[AgentInfo]> = [agent("HR", "{1}", &["a"])].into();
    let inventory = Inventory {
        told: Some(told(1, &live)),
        export: None,
    };
    let knowledge = Knowledge::of(Some(&live), &inventory).unwrap();
    assert!(Arc::ptr_eq(&knowledge.agents, &live));
    assert_eq!(renames(&knowledge), [""; 0]);
}

#[test]
fn an_agent_with_another_name_is_the_same_agent() {
    let first = told(1, &[agent("HR", "{1}", &["a"]), agent("AD", "{2}", &[])]);
    let second = told(2, &[agent("HR 2", "{1}", &[]), agent("AD", "{2}", &[])]);
    let second = second.after(Some(&first));
    let third = told(3, &[agent("HR 3", "{1}", &["b"]), agent("AD", "{2}", &[])]);
    let third = third.after(Some(&second));
    let knowledge = |told: Told| {
        let inventory = Inventory {
            told: Some(told),
            export: None,
        };
        Knowledge::of(None, &inventory).unwrap()
    };
    let second = knowledge(second);
    assert_eq!(renames(&second), ["HR>HR 2"]);
    assert_eq!(
        words(&second),
        ["HR 2: a", "AD:"],
        "the history was cleared"
    );
    let third = knowledge(third);
    assert_eq!(renames(&third), ["HR 2>HR 3", "HR>HR 3"]);
    assert_eq!(third.new_name(&name("hr")), Some(&name("HR 3")));
    assert_eq!(third.new_name(&name("AD")), None);
}

#[test]
fn an_agent_inherits_only_what_was_its_own() {
    let before = told(1, &[agent("HR", "{1}", &["a"]), agent("AD", "{2}", &["b"])]);
    for (live, expected) in [
        (agent("HR", "{9}", &[]), "HR:"),
        (agent("HR", "", &[]), "HR: a"),
        (agent("HR", "{2}", &[]), "HR: b"),
        (agent("New", "{1}", &[]), "New: a"),
    ] {
        let after = told(2, std::slice::from_ref(&live)).after(Some(&before));
        let inventory = Inventory {
            told: Some(after),
            export: None,
        };
        assert_eq!(words(&Knowledge::of(None, &inventory).unwrap()), [expected]);
        let inventory = Inventory {
            told: Some(before.clone()),
            export: None,
        };
        let now = Knowledge::of(Some(&Arc::from([live])), &inventory).unwrap();
        assert_eq!(words(&now)[0].replace('-', ""), expected);
    }
}

#[test]
fn an_account_that_sees_less_does_not_replace_what_another_was_told() {
    let all = told(1, &[agent("HR", "{1}", &["a"]), agent("AD", "{2}", &[])]).after(None);
    let by = |account: &str, agents: &[AgentInfo]| Told {
        account: account.to_owned(),
        ..told(2, agents)
    };
    let (hr, renamed) = (agent("HR", "{1}", &["a"]), agent("AD 2", "{2}", &[]));
    for (now, is_kept) in [
        (by("guest", &[]), true),
        (by("guest", std::slice::from_ref(&hr)), true),
        (by("guest", &[hr.clone(), renamed]), false),
        (by("SVC", std::slice::from_ref(&hr)), false),
        (by("svc", &[]), false),
    ] {
        let after = now.clone().after(Some(&all));
        assert_eq!(after == all, is_kept, "{now:?}");
        assert_eq!(after.read_at, if is_kept { at(1) } else { at(2) });
    }
}

#[test]
fn a_name_that_somebody_has_now_is_nobodys_former_name() {
    let first = told(1, &[agent("HR", "{1}", &[])]);
    let swapped = [agent("HR", "{2}", &[]), agent("HR old", "{1}", &[])];
    let second = told(2, &swapped).after(Some(&first));
    assert_eq!(second.former, []);
    let without = told(1, &[agent("HR", "", &[])]);
    let second = told(2, &[agent("HR 2", "", &[])]).after(Some(&without));
    assert_eq!(second.former, [], "nothing tells that they are the same");
}

#[test]
fn an_export_that_is_newer_knows_the_newer_name() {
    for (day, renamed) in [(1, "New>Old"), (9, "Old>New")] {
        let inventory = Inventory {
            told: Some(told(5, &[agent("Old", "{1}", &["a"])])),
            export: Some(export(day, &[exported("New", "{1}", &["a"])])),
        };
        let knowledge = Knowledge::of(None, &inventory).unwrap();
        assert_eq!(renames(&knowledge), [renamed], "{day}");
    }
}

#[test]
fn what_the_agents_did_then_is_not_kept() {
    let told = told(1, &[agent("HR", "{1}", &["a"])]).after(None);
    assert_eq!(told.agents[0].state, AgentState::Idle { last_result: None });
    let busy = Told {
        agents: [AgentInfo {
            state: AgentState::Running { profile: None },
            ..told.agents[0].clone()
        }]
        .into(),
        read_at: at(2),
        ..told.clone()
    };
    assert!(told.says_the_same(&busy));
    assert!(!told.says_the_same(&self::told(1, &[])));
}

#[test]
fn one_more_exported_agent_joins_those_before_and_a_whole_server_takes_their_place() {
    let one = |day, agents: &[ExportedAgent]| Export {
        is_whole: false,
        ..export(day, agents)
    };
    let first = one(
        5,
        &[exported("HR", "{1}", &["a"]), exported("AD", "{2}", &[])],
    );
    let second = one(7, &[exported("HR", "{1}", &["b"])]);
    let joined = second.joined(Some(first.clone()));
    assert_eq!(
        joined.agents,
        [exported("AD", "{2}", &[]), exported("HR", "{1}", &["b"])]
    );
    assert_eq!(joined.written, Some(at(5)), "as old as its oldest part");
    let whole = export(8, &[exported("SQL", "{4}", &[])]);
    assert_eq!(whole.clone().joined(Some(joined)), whole);
    assert_eq!(first.clone().joined(None), first);
}
