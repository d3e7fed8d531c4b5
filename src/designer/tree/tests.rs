//! Which rows the tree shows.

use std::sync::Arc;

use crate::mim::{AgentName, StepType};

use super::super::fixtures::{agent, one_thread, run, state};
use super::super::{Msg, State, TreeMsg, update};
use super::{TreeItem, tree_rows};

fn connected() -> State {
    let hr = [
        ("Full Import", StepType::FullImport),
        ("Delta Sync", StepType::DeltaSync),
    ];
    let agents = [agent("HR", &hr), agent("SQL", &[])];
    let document = one_thread(vec![
        run("hr", "Export", Some(StepType::Export)),
        run("AD", "Export", None),
        run("AD", "export", Some(StepType::Export)),
    ]);
    state(document, Some(Arc::new(agents)))
}

/// Each row as a word; what the server does not know has a question mark.
fn rows(state: &State) -> Vec<String> {
    let row = |row: super::TreeRow| {
        let doubt = if row.is_known { "" } else { "?" };
        match row.item {
            TreeItem::Agent(agent) => format!("{agent} {}{doubt}", row.count),
            TreeItem::Profile(_, profile) => {
                let kind = row.step_type.map_or("-", StepType::as_str);
                format!("  {profile} {kind}{doubt}")
            }
        }
    };
    tree_rows(state).into_iter().map(row).collect()
}

#[test]
fn the_servers_agents_come_first_then_those_of_the_document() {
    assert_eq!(
        rows(&connected()),
        [
            "HR 3",
            "  Full Import full-import",
            "  Delta Sync delta-sync",
            "  Export export?",
            "SQL 0",
            "AD 1?",
            "  Export export?",
        ]
    );
}

#[test]
fn a_filter_unfolds_and_finds_agents_and_profiles() {
    let mut state = connected();
    update(&mut state, Msg::Tree(TreeMsg::FoldAll(true)));
    assert_eq!(rows(&state), ["HR 3", "SQL 0", "AD 1?"]);
    update(
        &mut state,
        Msg::Tree(TreeMsg::Filter(" EXPORT ".to_owned())),
    );
    let found = ["HR 3", "  Export export?", "AD 1?", "  Export export?"];
    assert_eq!(rows(&state), found);
    update(&mut state, Msg::Tree(TreeMsg::Filter("sql".to_owned())));
    assert_eq!(rows(&state), ["SQL 0"]);
    update(&mut state, Msg::Tree(TreeMsg::Filter(String::new())));
    let hr = AgentName::new("HR").unwrap();
    update(&mut state, Msg::Tree(TreeMsg::Toggle(hr)));
    assert_eq!(rows(&state).len(), 6);
    update(&mut state, Msg::Tree(TreeMsg::FoldAll(false)));
    assert_eq!(rows(&state).len(), 7);
}

#[test]
fn a_profile_is_added_with_what_it_does() {
    let mut state = connected();
    let items: Vec<TreeItem> = tree_rows(&state).into_iter().map(|row| row.item).collect();
    for item in &items {
        update(&mut state, Msg::Tree(TreeMsg::Add(item.clone())));
    }
    let steps = &state.document.sequence.threads[0].steps;
    let added: Vec<_> = steps[3..]
        .iter()
        .map(|step| (step.label(), step.run_profile().unwrap().step_type))
        .collect();
    let expected = [
        ("HR · Full Import", StepType::FullImport),
        ("HR · Delta Sync", StepType::DeltaSync),
        ("HR · Export", StepType::Export),
        ("AD · Export", StepType::Export),
    ];
    let expected = expected.map(|(label, kind)| (label.to_owned(), Some(kind)));
    assert_eq!(
        added, expected,
        "one behind the other; agents alone add nothing"
    );
}
