//! Sequences to begin with, made of the connected server's agents or of usual names.

use crate::mim::{AgentInfo, AgentName, StepType};
use crate::model::{OnFailure, Sequence, Step, Thread};

use super::profiles::step_for;
use super::words::templates as words;

/// A sequence to begin with.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is for, one line.
    pub text: &'static str,
    /// Makes it.
    pub build: fn(&[AgentInfo]) -> Sequence,
}

/// All templates.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: words::IMPORT,
        text: words::IMPORT_TEXT,
        build: import_only,
    },
    Template {
        name: words::DELTA,
        text: words::DELTA_TEXT,
        build: delta_cycle,
    },
    Template {
        name: words::FULL,
        text: words::FULL_TEXT,
        build: full_cycle,
    },
    Template {
        name: words::INITIAL,
        text: words::INITIAL_TEXT,
        build: initial_load,
    },
];

/// The agents that a sequence is made of as long as no server is connected; the first is only read.
const USUAL: [&str; 4] = ["HR", "SQL", "AD", "MIM Service"];

/// An agent, and whether anything is written to it.
struct Agent {
    name: AgentName,
    info: Option<AgentInfo>,
    exports: bool,
}

impl Agent {
    fn all(known: &[AgentInfo]) -> Vec<Self> {
        if known.is_empty() {
            let names = USUAL.iter().enumerate();
            return names
                .filter_map(|(index, name)| {
                    Some(Self {
                        name: AgentName::new(name).ok()?,
                        info: None,
                        exports: index > 0,
                    })
                })
                .collect();
        }
        known.iter().map(Self::of).collect()
    }

    /// An agent without any known profile is taken to have the usual ones.
    fn of(info: &AgentInfo) -> Self {
        let mut types = info.profiles.iter().flat_map(|profile| &profile.step_types);
        Self {
            name: info.name.clone(),
            exports: info.profiles.is_empty() || types.any(|kind| kind.exports()),
            info: Some(info.clone()),
        }
    }

    fn step(&self, wanted: &[StepType], on_failure: OnFailure) -> Option<Step> {
        let nothing = Sequence::default();
        let mut step = step_for(&self.name, self.info.as_ref(), &nothing, wanted)?;
        step.on_failure = on_failure;
        Some(step)
    }
}

fn sequence(name: &str, threads: Vec<Thread>) -> Sequence {
    Sequence {
        name: name.to_owned(),
        threads,
        ..Sequence::default()
    }
}

fn thread(name: impl Into<String>, steps: impl IntoIterator<Item = Step>) -> Thread {
    let mut thread = Thread::new(name);
    thread.steps.extend(steps);
    thread
}

/// The directory is what most people import first.
fn import_only(known: &[AgentInfo]) -> Sequence {
    let agents = Agent::all(known);
    let is_directory = |agent: &&Agent| {
        let kind = agent.info.as_ref().map(|info| info.agent_type.as_str());
        let kind = kind.unwrap_or_default().to_lowercase();
        kind.contains("active directory") || kind == "ad" || agent.name.as_str() == "AD"
    };
    let agent = agents.iter().find(is_directory).or_else(|| agents.first());
    let import = agent.and_then(|agent| {
        let wanted = [StepType::FullImport, StepType::DeltaImport];
        agent.step(&wanted, OnFailure::default())
    });
    sequence(words::IMPORT, vec![thread(words::IMPORT_THREAD, import)])
}

fn delta_cycle(known: &[AgentInfo]) -> Sequence {
    let import = [StepType::DeltaImport, StepType::FullImport];
    let sync = [StepType::DeltaSync, StepType::FullSync];
    side_by_side(words::DELTA, known, &import, &sync)
}

fn full_cycle(known: &[AgentInfo]) -> Sequence {
    let import = [StepType::FullImport, StepType::DeltaImport];
    let sync = [StepType::FullSync, StepType::DeltaSync];
    side_by_side(words::FULL, known, &import, &sync)
}

/// The imports side by side, all else in one thread: what synchronizes waits for the imports, since
/// nothing runs beside a synchronization.
fn side_by_side(
    name: &str,
    known: &[AgentInfo],
    import: &[StepType],
    sync: &[StepType],
) -> Sequence {
    let agents = Agent::all(known);
    let imports = agents
        .iter()
        .map(|agent| (agent, agent.step(import, OnFailure::StopAll)));
    let mut cycle = thread(words::CYCLE_THREAD, None);
    let mut others = Vec::new();
    for (index, (agent, step)) in imports.enumerate() {
        if index == 0 {
            cycle.steps.extend(step);
        } else {
            others.push(thread(words::import_thread(agent.name.as_str()), step));
        }
    }
    cycle.steps.extend(rest_of_cycle(&agents, sync));
    others.insert(0, cycle);
    sequence(name, others)
}

/// Synchronizations, exports, the imports that confirm them, and what comes back.
fn rest_of_cycle(agents: &[Agent], sync: &[StepType]) -> Vec<Step> {
    let confirm = [StepType::DeltaImport, StepType::FullImport];
    let again = [StepType::DeltaSync, StepType::FullSync];
    let exporting = || agents.iter().filter(|agent| agent.exports);
    let stop = OnFailure::default();
    let syncs = agents.iter().map(|agent| agent.step(sync, stop));
    // One export that fails must not keep the others from being confirmed.
    let exports = exporting().map(|agent| agent.step(&[StepType::Export], OnFailure::Continue));
    let confirms = exporting().map(|agent| agent.step(&confirm, stop));
    let back = exporting().map(|agent| agent.step(&again, stop));
    let all = syncs.chain(exports).chain(confirms).chain(back);
    all.flatten().collect()
}

/// Everything in one thread: nobody is in a hurry, and half of the picture is no basis for accounts.
fn initial_load(known: &[AgentInfo]) -> Sequence {
    let agents = Agent::all(known);
    let import = [StepType::FullImport, StepType::DeltaImport];
    let sync = [StepType::FullSync, StepType::DeltaSync];
    let imports = agents
        .iter()
        .filter_map(|agent| agent.step(&import, OnFailure::StopAll));
    let mut load = thread(words::LOAD_THREAD, imports);
    load.steps.extend(rest_of_cycle(&agents, &sync));
    sequence(words::INITIAL, vec![load])
}

#[cfg(test)]
mod tests {
    use crate::check::{Severity, check};
    use crate::mim::{AgentState, ProfileInfo, ProfileName};

    use super::*;

    fn agent(name: &str, profiles: &[(&str, StepType)]) -> AgentInfo {
        AgentInfo {
            name: AgentName::new(name).unwrap(),
            guid: String::new(),
            agent_type: String::new(),
            state: AgentState::Idle { last_result: None },
            profiles: profiles
                .iter()
                .map(|(name, kind)| ProfileInfo {
                    name: ProfileName::new(name).unwrap(),
                    step_types: vec![*kind],
                })
                .collect(),
        }
    }

    #[test]
    fn templates_break_no_rule() {
        let connected = [
            agent(
                "Feed",
                &[("FI", StepType::FullImport), ("FS", StepType::FullSync)],
            ),
            agent(
                "Directory",
                &[
                    ("DI", StepType::DeltaImport),
                    ("DS", StepType::DeltaSync),
                    ("EX", StepType::Export),
                ],
            ),
            agent("Untouched", &[]),
        ];
        for known in [&[][..], &connected, &connected[..1]] {
            for template in TEMPLATES {
                let sequence = (template.build)(known);
                let known = (!known.is_empty()).then_some(known);
                let problems = check(&sequence, known);
                let bad: Vec<_> = problems
                    .iter()
                    .filter(|problem| problem.severity > Severity::Note)
                    .collect();
                assert!(bad.is_empty(), "{}: {bad:?}", template.name);
                let written = crate::format::write(&sequence);
                assert_eq!(crate::format::read(written.as_bytes()).unwrap(), sequence);
            }
        }
    }

    #[test]
    fn what_is_never_written_to_is_not_exported() {
        let feed = agent("Feed", &[("FI", StepType::FullImport)]);
        let sequence = full_cycle(&[feed]);
        let steps = &sequence.threads[0].steps;
        let labels: Vec<String> = steps.iter().map(Step::label).collect();
        assert_eq!(labels, ["Feed · FI", "Feed · Full Sync"]);
    }

    #[test]
    fn the_import_is_the_directorys() {
        let sequence = import_only(&[]);
        assert_eq!(sequence.threads.len(), 1);
        assert_eq!(sequence.threads[0].steps[0].label(), "AD · Full Import");
    }
}
