//! What is kept about servers, and what comes of it.

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::check::{Known, check_known};
use crate::mim::{
    AgentInfo, AgentName, AgentState, Certainty, Export, ExportedAgent, Inventory, ProfileInfo,
    ProfileName, StepType, Told,
};
use crate::model::Place;
use crate::settings::LastServer;

use super::super::super::{
    Answer, Asked, Command, ConnectMsg, Effect, Fix, InventoryAnswer, InventoryPart, Msg,
    PathPurpose, Screen, Select, ServerMsg, TreeItem, TreeRow, fix, tree_rows,
};
use super::super::rig::{Designer, agents, names, path};

fn told(name: &str, guid: &str) -> Told {
    Told {
        server: "mim01".to_owned(),
        account: "CORP\\svc".to_owned(),
        read_at: Timestamp::UNIX_EPOCH,
        agents: live(name, guid),
        former: Vec::new(),
    }
}

fn live(name: &str, guid: &str) -> Arc<[AgentInfo]> {
    Arc::from([AgentInfo {
        name: AgentName::new(name).unwrap(),
        guid: guid.to_owned(),
        ..agents(&["Delta Import"])[0].clone()
    }])
}

fn export(name: &str, profiles: &[&str]) -> Export {
    let profile = |name: &&str| ProfileInfo {
        name: ProfileName::new(name).unwrap(),
        step_types: vec![StepType::Export],
    };
    Export {
        origin: "/srv/export".to_owned(),
        written: Some(Timestamp::UNIX_EPOCH),
        is_whole: true,
        agents: vec![ExportedAgent {
            name: AgentName::new(name).unwrap(),
            guid: String::new(),
            agent_type: "SQL".to_owned(),
            profiles: profiles.iter().map(profile).collect(),
        }],
    }
}

impl Designer {
    fn hear(&mut self, answer: Answer) -> Vec<Effect> {
        self.say(Msg::Answer(answer))
    }

    fn order(&mut self, command: Command) -> Vec<Effect> {
        self.say(Msg::Command(command))
    }

    /// With a server named.
    fn named(host: &str) -> Self {
        let mut designer = Self::opened();
        designer.host(host);
        designer
    }

    fn host(&mut self, host: &str) {
        self.say(Msg::Server(ServerMsg::Host(host.to_owned())));
    }

    /// An export begins to be read.
    fn begins(&mut self) -> Vec<Effect> {
        self.hear(Answer::Inventory(InventoryAnswer::Dropped {
            path: path("x"),
            is_export: true,
        }))
    }

    /// It has been read.
    fn ends(&mut self, export: Export) -> Vec<Effect> {
        self.hear(Answer::Inventory(InventoryAnswer::Export {
            path: path("x"),
            export: Ok(Box::new(export)),
        }))
    }

    fn reads(&mut self, export: Export) -> Vec<Effect> {
        self.begins();
        self.ends(export)
    }

    /// The agents of the export that is shown.
    fn exported(&self) -> Vec<&str> {
        let export = self.state.inventory.kept.export.iter();
        export
            .flat_map(|export| &export.agents)
            .map(|agent| agent.name.as_str())
            .collect()
    }

    /// What was kept in former days has been read.
    fn kept(&mut self, told: Option<Told>, export: Option<Export>) -> Vec<Effect> {
        let of = self.state.inventory.of().to_owned();
        self.hear(Answer::Inventory(InventoryAnswer::Read {
            of,
            inventory: Box::new(Inventory { told, export }),
            problem: None,
        }))
    }

    fn connected_to(&mut self, list: Arc<[AgentInfo]>) -> Vec<Effect> {
        self.type_server("mim01", "CORP\\svc", "pass");
        self.order(Command::Connect);
        let answer = match self.connected_answer() {
            Answer::Connected {
                token, server, at, ..
            } => Answer::Connected {
                token,
                server,
                agents: list,
                at,
            },
            other => other,
        };
        self.hear(answer)
    }

    fn read(&mut self, list: Arc<[AgentInfo]>, minutes: i64) -> Vec<Effect> {
        let token = self.token();
        self.hear(Answer::AgentsRead {
            token,
            agents: list,
            at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes),
            reply_ms: 1,
        })
    }

    /// The rows of the tree, with a mark for what the server itself did not name.
    fn rows(&self) -> Vec<String> {
        let row = |row: TreeRow| {
            let name = match &row.item {
                TreeItem::Agent(agent) => agent.to_string(),
                TreeItem::Profile(agent, profile) => format!("{agent}/{profile}"),
            };
            let mark = |is: bool, mark: &'static str| if is { mark } else { "" };
            let added = mark(row.added.is_some(), "+");
            let doubt = mark(!row.is_known, "?");
            let alive = mark(row.state.is_some(), "!");
            format!("{name}{added}{doubt}{alive}")
        };
        tree_rows(&self.state).into_iter().map(row).collect()
    }

    /// The rules are applied, and the fix of the first problem is asked for.
    fn first_fix(&mut self) -> (String, Option<Fix>) {
        let knowledge = self.state.knowledge();
        let zone = jiff::tz::TimeZone::UTC;
        let known = knowledge.as_ref().map(|known| Known::of(known, &zone));
        let problems = check_known(&self.state.document.sequence, known);
        let content = self.state.document.content;
        self.hear(Answer::Checked { content, problems });
        let problem = self.state.problems.list[0].clone();
        let fix = fix(&self.state, &problem);
        (problem.message, fix)
    }
}

/// What is to be kept, and for which server.
fn keeps(effects: &[Effect]) -> Vec<String> {
    let kept = effects.iter().filter_map(|effect| match effect {
        Effect::KeepInventory { of, part } => Some(match part {
            InventoryPart::Told(told) => format!("{of}: told {}", told.agents[0].name),
            InventoryPart::Export(Some(export)) => format!("{of}: {}", export.agents[0].name),
            InventoryPart::Export(None) => format!("{of}: no export"),
            InventoryPart::Nothing => format!("{of}: nothing"),
        }),
        _ => None,
    });
    kept.collect()
}

#[test]
fn what_is_kept_is_looked_for_when_another_server_is_meant() {
    let mut designer = Designer::opened();
    let host = |host: &str| Msg::Server(ServerMsg::Host(host.to_owned()));
    assert_eq!(names(&designer.say(host("mim01"))), ["ReadInventory"]);
    assert_eq!(names(&designer.say(host(" MIM01 "))), [""; 0]);
    designer.kept(Some(told("HR", "{1}")), None);
    assert_eq!(designer.state.asked(), Asked::Before);
    assert_eq!(names(&designer.say(host("mim02")))[0], "ReadInventory");
    assert_eq!(designer.state.asked(), Asked::Never);
    // An answer about the one before is too late.
    designer.hear(Answer::Inventory(InventoryAnswer::Read {
        of: "mim01".to_owned(),
        inventory: Box::new(Inventory {
            told: Some(told("HR", "{1}")),
            export: None,
        }),
        problem: None,
    }));
    assert_eq!(designer.state.asked(), Asked::Never);
}

#[test]
fn without_a_server_one_draws_with_what_it_told() {
    let mut designer = Designer::named("mim01");
    let effects = designer.kept(Some(told("AD", "{1}")), None);
    let known = effects.iter().find_map(|effect| match effect {
        Effect::Check { known, .. } => known.clone(),
        _ => None,
    });
    let certainty = known.unwrap().certainty;
    assert_eq!(certainty, Certainty::Told(Timestamp::UNIX_EPOCH));
    assert_eq!(
        designer.rows(),
        ["AD", "AD/Delta Import", "HR?", "HR/Delta Import?",]
    );
}

#[test]
fn what_a_connected_server_says_is_kept_once_it_is_news_or_old() {
    let mut designer = Designer::named("mim01");
    designer.kept(None, None);
    let effects = designer.connected_to(live("HR", "{1}"));
    assert_eq!(keeps(&effects), ["mim01: told HR"]);
    assert_eq!(keeps(&designer.read(live("HR", "{1}"), 4)), [""; 0]);
    assert_eq!(
        keeps(&designer.read(live("HR", "{1}"), 5)),
        ["mim01: told HR"]
    );
    assert_eq!(keeps(&designer.read(live("HR", "{1}"), 6)), [""; 0]);
    assert_eq!(
        keeps(&designer.read(live("AD", "{2}"), 7)),
        ["mim01: told AD"]
    );
    let busy: Arc<[AgentInfo]> = Arc::from([AgentInfo {
        state: AgentState::Running { profile: None },
        ..live("AD", "{2}")[0].clone()
    }]);
    assert_eq!(keeps(&designer.read(busy, 8)), [""; 0]);
    assert_eq!(designer.rows()[0], "AD!");
    designer.order(Command::Disconnect);
    assert_eq!(designer.rows()[0], "AD", "what it does is not known now");
    assert_eq!(designer.state.asked(), Asked::Before);
}

#[test]
fn nothing_is_written_before_what_was_kept_is_known_nor_over_what_cannot_be_read() {
    let mut designer = Designer::named("mim01");
    assert_eq!(keeps(&designer.connected_to(live("HR 2", "{1}"))), [""; 0]);
    let effects = designer.kept(Some(told("HR", "{1}")), None);
    assert_eq!(keeps(&effects), ["mim01: told HR 2"]);
    let former = &designer.state.inventory.kept.told.as_ref().unwrap().former;
    assert_eq!(
        former.len(),
        1,
        "the new name was told before the old one was read"
    );

    let mut designer = Designer::named("mim01");
    designer.hear(Answer::Inventory(InventoryAnswer::Read {
        of: "mim01".to_owned(),
        inventory: Box::default(),
        problem: Some("It is newer.".to_owned()),
    }));
    assert_eq!(
        designer.toasts(),
        ["What is known about the server is not kept"]
    );
    assert_eq!(keeps(&designer.connected_to(live("HR", "{1}"))), [""; 0]);
    designer.order(Command::Disconnect);
    assert_eq!(
        designer.state.asked(),
        Asked::Before,
        "it still is in this window"
    );
}

#[test]
fn a_renamed_agent_is_told_and_changed_with_one_click() {
    for is_connected in [true, false] {
        let mut designer = Designer::named("mim01");
        designer.kept(Some(told("HR", "{1}")), None);
        designer.connected_to(live("Personnel", "{1}"));
        if !is_connected {
            designer.order(Command::Disconnect);
        }
        let (message, fix) = designer.first_fix();
        let said = "the management agent `HR` is called `Personnel`";
        assert!(message.contains(said), "{message}");
        assert_eq!(fix.unwrap().label, "Change to Personnel");
        designer.say(Msg::FixProblem(0));
        let step = &designer.state.document.sequence.threads[0].steps[0];
        assert_eq!(step.run_profile().unwrap().agent.as_str(), "Personnel");
        assert!(designer.state.document.is_modified());
    }
}

#[test]
fn a_renamed_agent_has_its_new_name_in_all_of_its_steps() {
    let mut designer = Designer::named("mim01");
    designer.kept(Some(told("HR", "{1}")), None);
    designer.say(Msg::Select(Select::One(Place::Step { thread: 0, step: 0 })));
    designer.order(Command::Duplicate);
    designer.connected_to(live("Personnel", "{1}"));
    let (_, fix) = designer.first_fix();
    assert_eq!(fix.unwrap().label, "Change to Personnel in 2 steps");
    designer.say(Msg::FixProblem(0));
    let steps = designer.state.document.sequence.threads[0].steps.iter();
    let agents: Vec<&str> = steps
        .filter_map(|step| step.run_profile().map(|run| run.agent.as_str()))
        .collect();
    assert_eq!(agents, ["Personnel", "Personnel"]);
    let undo = Command::Undo.label_for(&designer.state);
    assert_eq!(undo, "Undo change to Personnel in 2 steps");
}

#[test]
fn a_run_profile_that_does_the_same_is_offered_for_one_that_is_gone() {
    let mut designer = Designer::named("mim01");
    designer.connected_to(agents(&["Staging (daily)"]));
    let (message, fix) = designer.first_fix();
    assert!(
        message.contains("has no run profile `Delta Import`"),
        "{message}"
    );
    assert_eq!(fix.unwrap().label, "Change to Staging (daily)");
    designer.read(agents(&["Staging (daily)", "Staging (weekly)"]), 1);
    let (_, fix) = designer.first_fix();
    assert_eq!(fix, None, "nobody knows which of them is meant");
}

#[test]
fn an_export_is_asked_for_read_shown_and_forgotten() {
    let mut designer = Designer::named("mim01");
    designer.kept(None, None);
    let asked = designer.order(Command::ReadExport);
    assert!(matches!(
        asked.as_slice(),
        [Effect::ChoosePath {
            purpose: PathPurpose::Export { is_folder: true },
            ..
        }]
    ));
    let purpose = PathPurpose::Export { is_folder: true };
    let chosen = Answer::PathChosen {
        purpose,
        path: path("export"),
    };
    assert_eq!(names(&designer.hear(chosen)), ["ReadExport"]);
    assert_eq!(
        Command::ReadExportedAgent.availability(&designer.state),
        Err("An exported configuration is being read")
    );
    let effects = designer.hear(Answer::Inventory(InventoryAnswer::Export {
        path: path("export"),
        export: Ok(Box::new(export("HR", &["Delta Import", "Export"]))),
    }));
    assert_eq!(names(&effects), ["KeepInventory", "Check"]);
    assert_eq!(designer.toasts(), ["Exported configuration read"]);
    let rows = ["HR", "HR/Delta Import", "HR/Export"];
    assert_eq!(designer.rows(), rows);
    designer.connected_to(live("HR", "{1}"));
    let marked = ["HR!", rows[1], "HR/Export+"];
    assert_eq!(designer.rows(), marked, "the server is believed first");
    let effects = designer.order(Command::ForgetExport);
    assert_eq!(keeps(&effects), ["mim01: no export"]);
    assert_eq!(designer.rows(), ["HR!", rows[1]]);
    assert_eq!(
        Command::ForgetExport.availability(&designer.state),
        Err("No exported configuration has been read")
    );
}

#[test]
fn an_export_that_cannot_be_read_or_is_of_another_server_is_told() {
    let mut designer = Designer::connected();
    designer.kept(None, None);
    for (result, title) in [
        (
            Err("Line 3.".to_owned()),
            "The exported configuration was not read",
        ),
        (
            Ok(Box::new(export("SAP", &["Export"]))),
            "None of these agents is on mim01",
        ),
    ] {
        designer.hear(Answer::Inventory(InventoryAnswer::Dropped {
            path: path("export"),
            is_export: true,
        }));
        designer.hear(Answer::Inventory(InventoryAnswer::Export {
            path: path("export"),
            export: result,
        }));
        assert_eq!(designer.toasts().last(), Some(&title));
    }
    // One that nobody waits for any more is not taken.
    designer.order(Command::ForgetExport);
    designer.hear(Answer::Inventory(InventoryAnswer::Export {
        path: path("export"),
        export: Ok(Box::new(export("HR", &["Export"]))),
    }));
    assert_eq!(designer.state.inventory.kept.export, None);
}

#[test]
fn what_is_dropped_on_the_window_is_opened_or_read() {
    let mut designer = Designer::new();
    let effects = designer.say(Msg::Dropped(path("x")));
    assert_eq!(names(&effects), ["LookAtDropped"]);
    let dropped = |is_export| {
        Answer::Inventory(InventoryAnswer::Dropped {
            path: path("x"),
            is_export,
        })
    };
    assert_eq!(names(&designer.hear(dropped(false))), ["OpenFile"]);
    let mut designer = Designer::new();
    assert_eq!(names(&designer.hear(dropped(true))), ["ReadExport"]);
    designer.hear(Answer::Inventory(InventoryAnswer::Export {
        path: path("x"),
        export: Ok(Box::new(export("HR", &["Export"]))),
    }));
    assert_eq!(designer.state.screen, Screen::Work, "what was read is seen");
    assert_eq!(designer.rows()[0], "HR");
}

#[test]
fn an_export_that_was_read_before_a_server_was_named_is_of_the_one_that_is_named_then() {
    let mut designer = Designer::opened();
    designer.kept(None, None);
    let effects = designer.reads(export("HR", &["Export"]));
    assert_eq!(keeps(&effects), [":here: HR"]);
    for host in ["m", "mim01"] {
        designer.host(host);
        let effects = designer.kept(None, None);
        assert_eq!(keeps(&effects), [""; 0], "nobody has connected to {host}");
    }
    assert_eq!(designer.rows()[0], "HR");
    let effects = designer.connected_to(live("HR", "{1}"));
    let adopted = ["mim01: told HR", "mim01: HR", ":here: no export"];
    assert_eq!(keeps(&effects), adopted);
    designer.order(Command::Disconnect);
    designer.host("mim02");
    let export_of_next = &designer.state.inventory.kept.export;
    assert_eq!(*export_of_next, None, "it is of mim01 now");
    // A server with an export of its own has that one.
    let mut designer = Designer::opened();
    designer.kept(None, None);
    designer.reads(export("HR", &["Export"]));
    designer.host("mim02");
    designer.kept(None, Some(export("SAP", &["Export"])));
    assert_eq!(designer.rows()[0], "SAP");
}

#[test]
fn what_was_kept_without_a_server_in_former_days_is_of_no_server_that_is_named_later() {
    let mut designer = Designer::opened();
    designer.kept(None, Some(export("HR", &["Export"])));
    assert!(designer.state.inventory.kept.export.is_some());
    for host in ["mim01", "mim02"] {
        designer.host(host);
        designer.kept(None, None);
        assert_eq!(designer.state.inventory.kept.export, None, "{host}");
    }
    // Only what was read now goes along.
    designer.host("");
    designer.kept(None, Some(export("AD", &["Export"])));
    let part = Export {
        is_whole: false,
        ..export("HR", &["Export"])
    };
    designer.reads(part);
    assert_eq!(designer.exported(), ["AD", "HR"]);
    designer.host("mim01");
    designer.kept(None, None);
    assert_eq!(designer.exported(), ["HR"]);
}

#[test]
fn what_was_read_without_a_server_is_neither_of_the_demo_nor_of_one_that_it_does_not_fit() {
    let mut designer = Designer::opened();
    designer.kept(None, None);
    designer.reads(export("SAP", &["Export"]));
    designer.order(Command::ConnectDemo);
    assert_eq!(designer.state.inventory.of(), ":demo");
    assert_eq!(designer.exported(), [""; 0]);

    let mut designer = Designer::opened();
    designer.kept(None, None);
    designer.reads(export("SAP", &["Export"]));
    let effects = designer.connected_to(live("HR", "{1}"));
    assert_eq!(keeps(&effects), [""; 0]);
    assert_eq!(designer.exported(), ["SAP"]);
    assert_eq!(keeps(&designer.kept(None, None)), ["mim01: told HR"]);
    let warning = "None of these agents is on mim01";
    assert_eq!(designer.toasts().last(), Some(&warning));
    assert_eq!(designer.exported(), [""; 0]);
    // What is forgotten is not kept without a server either.
    designer.order(Command::Disconnect);
    designer.host("mim02");
    assert_eq!(designer.exported(), ["SAP"]);
    let effects = designer.order(Command::ForgetExport);
    assert_eq!(keeps(&effects), [":here: no export"]);
    designer.host("mim03");
    assert_eq!(designer.exported(), [""; 0]);
}

#[test]
fn an_export_is_of_the_server_that_was_meant_when_its_reading_began() {
    for (begun, then, shown, kept) in [
        ("mim01", "mim01", &["HR"][..], &["mim01: HR"][..]),
        ("mim01", "mim02", &[], &[]),
        ("mim01", "", &[], &[]),
        ("", "mim02", &["HR"], &[]),
    ] {
        let mut designer = Designer::named("mim00");
        designer.host(begun);
        designer.kept(None, None);
        designer.begins();
        designer.host(then);
        designer.kept(None, None);
        let effects = designer.ends(export("HR", &["Export"]));
        assert_eq!(keeps(&effects), kept, "{begun} {then}");
        assert_eq!(designer.exported(), shown, "{begun} {then}");
        let title = if shown.is_empty() {
            "The exported configuration was not read"
        } else {
            "Exported configuration read"
        };
        assert_eq!(designer.toasts(), [title]);
        assert_eq!(designer.state.inventory.reading, None);
    }
}

#[test]
fn an_export_that_is_read_before_what_was_kept_is_known_is_kept_then() {
    let part = |name| Export {
        is_whole: false,
        ..export(name, &["Export"])
    };
    let mut designer = Designer::named("mim01");
    assert_eq!(keeps(&designer.reads(part("HR"))), [""; 0]);
    assert_eq!(
        keeps(&designer.kept(None, Some(part("AD")))),
        ["mim01: AD"],
        "the joined one"
    );
    assert_eq!(designer.exported(), ["AD", "HR"]);
    let mut designer = Designer::named("mim01");
    designer.reads(part("HR"));
    designer.order(Command::ForgetExport);
    let effects = designer.kept(None, Some(part("AD")));
    assert_eq!(keeps(&effects), ["mim01: no export"]);
    assert_eq!(designer.exported(), [""; 0]);
}

#[test]
fn a_dialog_for_an_export_begins_where_the_last_one_lies() {
    let mut designer = Designer::named("mim01");
    designer.kept(None, Some(export("HR", &["Export"])));
    let asked = designer.order(Command::ReadExportedAgent);
    assert!(matches!(
        asked.as_slice(),
        [Effect::ChoosePath { folder: Some(folder), .. }] if folder == Path::new("/srv")
    ));
}

#[test]
fn what_is_kept_of_a_server_goes_when_the_list_names_it_no_more() {
    let mut designer = Designer::named("mim01");
    designer.kept(None, Some(export("HR", &["Export"])));
    designer.connected_to(live("HR", "{1}"));
    designer.order(Command::Disconnect);
    // With another account it is in the list once more.
    let recent = &mut designer.state.settings.recent_servers;
    let other = LastServer {
        user: "CORP\\other".to_owned(),
        ..recent[0].clone()
    };
    recent.push(other);
    designer.order(Command::ConnectTo);
    let mut forget = || keeps(&designer.say(Msg::Connect(ConnectMsg::ForgetRecent(0))));
    assert_eq!(forget(), [""; 0]);
    assert_eq!(forget(), ["mim01: nothing"]);
    assert_eq!(forget(), [""; 0], "there is none left");
    assert_eq!(designer.state.inventory.kept, Inventory::default());
    assert_eq!(designer.state.asked(), Asked::Never);
}
