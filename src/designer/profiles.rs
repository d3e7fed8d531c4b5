//! Which run profile of an agent does something: the one that the server knows, else the usual name.

use crate::mim::{AgentInfo, AgentName, ProfileName, StepType};
use crate::model::{RunProfileStep, Sequence, Step, StepKind};

/// The words that people use for the types, without blanks and in small letters.
const USUAL_WORDS: [(&str, StepType); 18] = [
    ("fullimport", StepType::FullImport),
    ("fi", StepType::FullImport),
    ("deltaimport", StepType::DeltaImport),
    ("di", StepType::DeltaImport),
    ("fullsync", StepType::FullSync),
    ("fullsynchronization", StepType::FullSync),
    ("fullsynchronisation", StepType::FullSync),
    ("fs", StepType::FullSync),
    ("deltasync", StepType::DeltaSync),
    ("deltasynchronization", StepType::DeltaSync),
    ("deltasynchronisation", StepType::DeltaSync),
    ("ds", StepType::DeltaSync),
    ("export", StepType::Export),
    ("ex", StepType::Export),
    ("fullimportdeltasync", StepType::FullImportDeltaSync),
    ("fids", StepType::FullImportDeltaSync),
    ("deltaimportdeltasync", StepType::DeltaImportDeltaSync),
    ("dids", StepType::DeltaImportDeltaSync),
];

/// What a run profile of this name surely does; `None` when the name leaves a doubt.
pub(super) fn type_of_name(profile: &str) -> Option<StepType> {
    let folded: String = profile
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let known = USUAL_WORDS.iter().find(|(word, _)| *word == folded);
    known.map(|(_, step_type)| *step_type)
}

/// The name that a run profile of a type usually has.
pub(super) const fn usual_name(step_type: StepType) -> &'static str {
    match step_type {
        StepType::FullImport => "Full Import",
        StepType::DeltaImport => "Delta Import",
        StepType::FullSync => "Full Sync",
        StepType::DeltaSync => "Delta Sync",
        StepType::Export => "Export",
        StepType::FullImportDeltaSync => "Full Import Delta Sync",
        StepType::DeltaImportDeltaSync => "Delta Import Delta Sync",
        StepType::FullImportFullSync => "Full Import Full Sync",
    }
}

/// The run profile of an agent that does exactly this.
fn known(agent: &AgentInfo, step_type: StepType) -> Option<&ProfileName> {
    let mut profiles = agent.profiles.iter();
    let only = profiles.find(|profile| profile.step_types == [step_type]);
    only.map(|profile| &profile.name)
}

/// The run profile with which a document has an agent do exactly this.
fn named(sequence: &Sequence, agent: &AgentName, step_type: StepType) -> Option<ProfileName> {
    let steps = sequence.threads.iter().flat_map(|thread| &thread.steps);
    let mut runs = steps.filter_map(Step::run_profile);
    let like = runs.find(|run| run.agent == *agent && run.step_type == Some(step_type));
    like.map(|run| run.profile.clone())
}

fn step(agent: &AgentName, profile: ProfileName, step_type: StepType) -> Step {
    Step::new(StepKind::RunProfile(RunProfileStep {
        agent: agent.clone(),
        profile,
        step_type: Some(step_type),
    }))
}

/// A step by which an agent does one of these: the first that the server knows, else the first that
/// the document names, else the first by its usual name.
pub(super) fn step_for(
    agent: &AgentName,
    info: Option<&AgentInfo>,
    sequence: &Sequence,
    wanted: &[StepType],
) -> Option<Step> {
    let by_server = wanted.iter().find_map(|step_type| {
        let profile = known(info?, *step_type)?;
        Some(step(agent, profile.clone(), *step_type))
    });
    let by_document = || {
        wanted.iter().find_map(|step_type| {
            let profile = named(sequence, agent, *step_type)?;
            Some(step(agent, profile, *step_type))
        })
    };
    let by_name = || {
        let step_type = *wanted.first()?;
        let profile = ProfileName::new(usual_name(step_type)).ok()?;
        Some(step(agent, profile, step_type))
    };
    by_server.or_else(by_document).or_else(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_types_only_without_doubt() {
        for (name, step_type) in [
            ("Delta Import", Some(StepType::DeltaImport)),
            ("FULL-SYNC", Some(StepType::FullSync)),
            ("DI_DS", Some(StepType::DeltaImportDeltaSync)),
            ("Full Synchronization", Some(StepType::FullSync)),
            ("Nightly", None),
            ("Delta Import (OU=Staff)", None),
        ] {
            assert_eq!(type_of_name(name), step_type, "{name}");
        }
        for step_type in StepType::ALL {
            let guessed = type_of_name(usual_name(step_type));
            assert!(guessed.is_none_or(|guessed| guessed == step_type));
        }
    }
}
