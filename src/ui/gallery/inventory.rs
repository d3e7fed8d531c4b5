//! The scenes of what is known without asking the server: what it told before, what was exported.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::check::{self, Known};
use crate::designer::{Answer, InventoryAnswer, Msg, Select, State};
use crate::mim::{
    AgentName, Export, ExportedAgent, FormerName, Inventory, ProfileInfo, ProfileName, StepType,
    Told,
};
use crate::model::{Place, Sequence, StepKind};

use super::sample;
use super::scenes::{Scene, document, scene, sized, told, unconnected};

/// Each of its states once.
pub(super) fn scenes() -> Vec<Scene> {
    vec![
        scene("tree-offline", || offline(Some(kept("mim01")), None)),
        scene("tree-export", connected),
        scene("tree-export-offline", || {
            offline(None, Some(export("mim-config")))
        }),
        scene("tree-nothing", nothing),
        scene("tree-long", || {
            offline(Some(kept(LONG)), Some(export(LONG)))
        }),
        sized(
            scene("smallest-offline", || {
                offline(Some(kept("mim01")), Some(export("mim-config")))
            }),
            900.0,
            600.0,
        ),
    ]
}

const LONG: &str = "export of the production synchronization service before the migration to the \
                    new forest in Luxembourg";

fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

/// What the server told three days ago, after somebody had renamed an agent.
fn kept(server: &str) -> Told {
    let agents = sample::agents();
    let hr = agents.iter().find(|agent| agent.name.as_str() == "HR");
    let former = hr.and_then(|hr| {
        Some(FormerName {
            name: AgentName::new("Personnel").ok()?,
            guid: hr.guid.clone(),
        })
    });
    Told {
        server: server.to_owned(),
        account: r"CONTOSO\svc-mim".to_owned(),
        read_at: sample::now() - days(3),
        agents,
        former: former.into_iter().collect(),
    }
}

fn export(name: &str) -> Export {
    let profile = |name: &str, step_type| {
        Some(ProfileInfo {
            name: ProfileName::new(name).ok()?,
            step_types: vec![step_type],
        })
    };
    let agents = sample::agents();
    let agents = agents.iter().map(|agent| ExportedAgent {
        name: agent.name.clone(),
        guid: agent.guid.clone(),
        agent_type: agent.agent_type.clone(),
        profiles: [
            profile("Full Import", StepType::FullImport),
            profile("Full Import (threshold 500)", StepType::FullImport),
            profile("Export", StepType::Export),
        ]
        .into_iter()
        .flatten()
        .collect(),
    });
    Export {
        origin: format!("/srv/mim/{name}"),
        written: Some(sample::now() - days(9)),
        is_whole: true,
        agents: agents.collect(),
    }
}

/// The sequence of the pictures with an agent by its former name, and a run profile with a slip.
fn stale() -> Sequence {
    let mut sequence = sample::sequence();
    let steps = sequence.threads.iter_mut().flat_map(|it| &mut it.steps);
    for (index, step) in steps.enumerate() {
        if let StepKind::RunProfile(run) = &mut step.kind {
            let renamed = AgentName::new("Personnel").ok();
            if let Some(renamed) = renamed.filter(|_| run.agent.as_str() == "HR") {
                run.agent = renamed;
            }
            let slip = ProfileName::new("Delta Synchronisation").ok();
            if let Some(slip) = slip.filter(|_| index == 3) {
                run.profile = slip;
            }
        }
    }
    sequence
}

fn offline(told: Option<Told>, export: Option<Export>) -> State {
    let mut state = unconnected();
    state.document = document(stale()).document;
    let state = settled(state, Inventory { told, export });
    let place = Place::Step { thread: 0, step: 0 };
    self::told(state, Msg::Select(Select::One(place)))
}

fn connected() -> State {
    let state = document(sample::sequence());
    let export = Some(export("mim-config"));
    settled(state, Inventory { told: None, export })
}

fn nothing() -> State {
    let mut state = unconnected();
    state.document = document(Sequence::default()).document;
    settled(state, Inventory::default())
}

/// With what is kept, and what the rules say about it.
fn settled(mut state: State, inventory: Inventory) -> State {
    // Any message has the state look for what is kept.
    drop(crate::designer::update(&mut state, Msg::EndTyping));
    let of = state.inventory.of().to_owned();
    let state = told(
        state,
        Msg::Answer(Answer::Inventory(InventoryAnswer::Read {
            of,
            inventory: Box::new(inventory),
            problem: None,
        })),
    );
    let (zone, knowledge) = (TimeZone::UTC, state.knowledge());
    let known = knowledge.as_ref().map(|known| Known::of(known, &zone));
    let problems = check::check_known(&state.document.sequence, known);
    let content = state.document.content;
    told(state, Msg::Answer(Answer::Checked { content, problems }))
}
