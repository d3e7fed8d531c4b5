//! Rules that compare the sequence with what the server knows about its agents.

use crate::base::{spelling, text};
use crate::mim::{AgentInfo, StepType};

use super::known::{Known, Origin};
use super::view::{ProfileStep, View};
use super::{Code, Problem, Severity};

/// How many names a message lists.
const LISTED_NAMES: usize = 10;

/// Applies the rules of this group.
pub(super) fn check(view: &View<'_>, problems: &mut Vec<Problem>) {
    for step in &view.profile_steps {
        if let Some(problem) = unknown_names(view, step) {
            problems.push(problem);
            continue;
        }
        let server = view.server_types(step.run);
        if step.types.is_empty() {
            problems.push(Problem::new(
                Code::UnknownStepType,
                Severity::Note,
                step.place(),
                format!(
                    "nobody knows what the run profile `{}` of `{}` does, so it counts as a \
                     synchronization; say it with `type`",
                    step.run.profile, step.run.agent
                ),
            ));
        } else if let Some(declared) = step.run.step_type
            && !server.is_empty()
            && server != [declared]
            && let Some(known) = &view.known
        {
            problems.push(type_differs(known, step, declared, server));
        }
    }
}

fn unknown_names(view: &View<'_>, step: &ProfileStep<'_>) -> Option<Problem> {
    let known = view.known?;
    let Some(agent) = view.agent(&step.run.agent) else {
        let message = unknown_agent(&known, step)?;
        let severity = known.origin().at_most(Severity::Error);
        return Some(Problem::new(
            Code::UnknownAgent,
            severity,
            step.place(),
            message,
        ));
    };
    unknown_profile(&known, agent, step)
}

/// What is said about an agent that is not there; nothing when that means nothing.
fn unknown_agent(known: &Known<'_>, step: &ProfileStep<'_>) -> Option<String> {
    let wanted = &step.run.agent;
    if let Some(name) = known.new_name(wanted) {
        return Some(match known.origin() {
            Origin::Server => format!("the management agent `{wanted}` is called `{name}` now"),
            _ => known.as_of(&format!(
                "the management agent `{wanted}` is called `{name}`"
            )),
        });
    }
    if !known.has_all_agents() {
        return None;
    }
    let names: Vec<&str> = known
        .agents
        .iter()
        .map(|agent| agent.name.as_str())
        .collect();
    let choice = choice(wanted.as_str(), &names);
    Some(match known.origin() {
        Origin::Server => format!("the server has no management agent `{wanted}`; {choice}"),
        Origin::Kept | Origin::Earlier => known.as_of(&format!(
            "the server had no management agent `{wanted}`; {choice}"
        )),
        Origin::Export => format!(
            "the {} has no management agent `{wanted}`; {choice}",
            known.export_name()
        ),
    })
}

/// The service has no list of run profiles, only a history of those that ran; so a profile that is
/// not there is no certain error, and with an empty history there is nothing to compare with.
fn unknown_profile(
    known: &Known<'_>,
    agent: &AgentInfo,
    step: &ProfileStep<'_>,
) -> Option<Problem> {
    let names: Vec<&str> = agent
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    let is_known = agent
        .profiles
        .iter()
        .any(|profile| profile.name == step.run.profile);
    if is_known || names.is_empty() {
        return None;
    }
    let origin = known.origin_of_all(agent);
    let (agent, profile) = (&agent.name, &step.run.profile);
    let choice = choice(profile.as_str(), &names);
    let message = match origin {
        Origin::Server => {
            format!("the run history of `{agent}` has no run profile `{profile}`; {choice}")
        }
        Origin::Kept => known.as_of(&format!(
            "the run history of `{agent}` had no run profile `{profile}`; {choice}"
        )),
        Origin::Earlier => format!(
            "before it was cleared, the run history of `{agent}` had no run profile `{profile}`; \
             {choice}"
        ),
        Origin::Export => format!(
            "the {} has no run profile `{profile}` of `{agent}`; {choice}",
            known.export_name()
        ),
    };
    Some(Problem::new(
        Code::UnknownProfile,
        Severity::Warning,
        step.place(),
        message,
    ))
}

/// A declared type decides what may run beside the step; a synchronization that passes for
/// something else would break the overlap rule.
fn type_differs(
    known: &Known<'_>,
    step: &ProfileStep<'_>,
    declared: StepType,
    server: &[StepType],
) -> Problem {
    let hides_sync = !declared.synchronizes() && server.iter().any(|kind| kind.synchronizes());
    let origin = known.origin_of(&step.run.agent, &step.run.profile);
    let severity = if hides_sync {
        origin.at_most(Severity::Error)
    } else {
        Severity::Warning
    };
    let words: Vec<String> = server
        .iter()
        .map(|kind| format!("`{}`", kind.as_str()))
        .collect();
    let says = match origin {
        Origin::Server => "the server says".to_owned(),
        Origin::Kept => known.as_of("the server said"),
        Origin::Earlier => "before its run history was cleared the server said".to_owned(),
        Origin::Export => format!("the {} says", known.export_name()),
    };
    Problem::new(
        Code::StepTypeDiffers,
        severity,
        step.place(),
        format!(
            "the file says that the run profile `{}` of `{}` is `{}`, {says} {}; leave `type` out \
             or correct it",
            step.run.profile,
            step.run.agent,
            declared.as_str(),
            text::list(&words)
        ),
    )
}

fn choice(word: &str, names: &[&str]) -> String {
    if let Some(meant) = spelling::nearest(word, names.iter().copied()) {
        return format!("did you mean `{meant}`?");
    }
    let mut listed: Vec<String> = names
        .iter()
        .take(LISTED_NAMES)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > LISTED_NAMES {
        listed.push(format!("{} more", names.len() - LISTED_NAMES));
    }
    if listed.is_empty() {
        "it has none that this account can see".to_owned()
    } else {
        format!("it has {}", text::list(&listed))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::check::check_known;
    use crate::mim::{
        AgentName, AgentState, Certainty, Export, ExportedAgent, Inventory, Knowledge, ProfileInfo,
        ProfileName, Told,
    };
    use crate::model::{RunProfileStep, Sequence, Step, StepKind, Thread};

    fn sequence(agent: &str, profile: &str, step_type: StepType) -> Sequence {
        let mut thread = Thread::new("Import");
        let step = StepKind::RunProfile(RunProfileStep {
            agent: AgentName::new(agent).unwrap(),
            profile: ProfileName::new(profile).unwrap(),
            step_type: Some(step_type),
        });
        thread.steps.push(Step::new(step));
        Sequence {
            threads: vec![thread],
            ..Sequence::default()
        }
    }

    fn exported(name: &str) -> ExportedAgent {
        ExportedAgent {
            name: AgentName::new(name).unwrap(),
            guid: "{1}".to_owned(),
            agent_type: "SQL".to_owned(),
            profiles: vec![ProfileInfo {
                name: ProfileName::new("Full Sync").unwrap(),
                step_types: vec![StepType::FullSync],
            }],
        }
    }

    fn agent(name: &str) -> AgentInfo {
        let from = exported(name);
        AgentInfo {
            name: from.name,
            guid: from.guid,
            agent_type: from.agent_type,
            state: AgentState::Idle { last_result: None },
            profiles: from.profiles,
        }
    }

    /// What is known from when the agent was called so, and from an export.
    fn inventory(told: Option<&str>, export: Option<&str>, is_whole: bool) -> Inventory {
        Inventory {
            told: told.map(|name| Told {
                server: "mim01".to_owned(),
                account: String::new(),
                read_at: Timestamp::UNIX_EPOCH,
                agents: [agent(name)].into(),
                former: Vec::new(),
            }),
            export: export.map(|name| Export {
                origin: "export".to_owned(),
                written: Some(Timestamp::UNIX_EPOCH),
                is_whole,
                agents: vec![exported(name)],
            }),
        }
    }

    /// What the rules about names and types say.
    fn said(knowledge: &Knowledge, sequence: &Sequence) -> Vec<String> {
        let problems = check_known(sequence, Some(Known::of(knowledge, &TimeZone::UTC)));
        let of_agents = |problem: &Problem| problem.code.as_str().starts_with("MS01");
        let problems = problems.into_iter().filter(of_agents);
        problems
            .map(|problem| format!("{}: {}", problem.severity.as_str(), problem.message))
            .collect()
    }

    #[test]
    fn old_knowledge_says_its_age_and_is_no_error() {
        let told = inventory(Some("HR"), None, false);
        let whole = inventory(None, Some("HR"), true);
        let part = inventory(None, Some("HR"), false);
        let newly = inventory(Some("HR 2"), Some("HR"), true);
        for (inventory, (agent, profile, step_type), expected) in [
            (
                &told,
                ("HRR", "Full Sync", StepType::FullSync),
                "warning: as of 1 January 1970 the server had no management agent `HRR`; did you \
                 mean `HR`?",
            ),
            (
                &whole,
                ("AD", "Full Sync", StepType::FullSync),
                "warning: the configuration exported on 1 January 1970 has no management agent \
                 `AD`; it has `HR`",
            ),
            (&part, ("AD", "Full Sync", StepType::FullSync), ""),
            (
                &told,
                ("HR", "Ful Sync", StepType::FullSync),
                "warning: as of 1 January 1970 the run history of `HR` had no run profile `Ful \
                 Sync`; did you mean `Full Sync`?",
            ),
            (
                &part,
                ("HR", "Ful Sync", StepType::FullSync),
                "warning: the configuration exported on 1 January 1970 has no run profile `Ful \
                 Sync` of `HR`; did you mean `Full Sync`?",
            ),
            (
                &told,
                ("HR", "Full Sync", StepType::FullImport),
                "warning: the file says that the run profile `Full Sync` of `HR` is `full-import`, \
                 as of 1 January 1970 the server said `full-sync`; leave `type` out or correct it",
            ),
            (
                &newly,
                ("HR", "Full Sync", StepType::FullSync),
                "warning: as of 1 January 1970 the management agent `HR` is called `HR 2`",
            ),
            (&told, ("hr", "full sync", StepType::FullSync), ""),
        ] {
            let knowledge = Knowledge::of(None, inventory).unwrap();
            let said = said(&knowledge, &sequence(agent, profile, step_type));
            let expected: Vec<&str> = Some(expected)
                .filter(|it| !it.is_empty())
                .into_iter()
                .collect();
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn what_the_server_itself_does_not_say_is_no_error_of_the_server() {
        let bare = |profile: Option<ProfileInfo>| -> Arc<[AgentInfo]> {
            let profiles = profile.into_iter().collect();
            [AgentInfo {
                profiles,
                ..agent("HR")
            }]
            .into()
        };
        let other = Some(ProfileInfo {
            name: ProfileName::new("Export").unwrap(),
            step_types: vec![StepType::Export],
        });
        let untyped = Some(ProfileInfo {
            step_types: Vec::new(),
            ..agent("HR").profiles[0].clone()
        });
        let ran = Some(agent("HR").profiles[0].clone());
        let export = inventory(None, Some("HR"), false);
        let told = inventory(Some("HR"), None, false);
        let by_export = "warning: the file says that the run profile `Full Sync` of `HR` is \
                         `full-import`, the configuration exported on 1 January 1970 says \
                         `full-sync`; leave `type` out or correct it";
        for (live, inventory, profile, expected) in [
            (&other, &export, "Full Sync", by_export),
            (&untyped, &export, "Full Sync", by_export),
            (
                &None,
                &told,
                "Full Sync",
                "warning: the file says that the run profile `Full Sync` of `HR` is \
                 `full-import`, before its run history was cleared the server said `full-sync`; \
                 leave `type` out or correct it",
            ),
            (
                &ran,
                &export,
                "Full Sync",
                "error: the file says that the run profile `Full Sync` of `HR` is `full-import`, \
                 the server says `full-sync`; leave `type` out or correct it",
            ),
            (
                &None,
                &export,
                "Ful Sync",
                "warning: the configuration exported on 1 January 1970 has no run profile `Ful \
                 Sync` of `HR`; did you mean `Full Sync`?",
            ),
            (
                &None,
                &told,
                "Ful Sync",
                "warning: before it was cleared, the run history of `HR` had no run profile `Ful \
                 Sync`; did you mean `Full Sync`?",
            ),
            (
                &other,
                &export,
                "Ful Sync",
                "warning: the run history of `HR` has no run profile `Ful Sync`; did you mean \
                 `Full Sync`?",
            ),
        ] {
            let knowledge = Knowledge::of(Some(&bare(live.clone())), inventory).unwrap();
            let sequence = sequence("HR", profile, StepType::FullImport);
            assert_eq!(said(&knowledge, &sequence), [expected]);
        }
    }

    #[test]
    fn a_renamed_agent_is_named_by_its_new_name() {
        let live = [agent("HR 2")].into();
        let inventory = inventory(Some("HR"), None, false);
        let knowledge = Knowledge::of(Some(&live), &inventory).unwrap();
        assert_eq!(knowledge.certainty, Certainty::Now);
        assert_eq!(
            said(&knowledge, &sequence("HR", "Full Sync", StepType::FullSync)),
            ["error: the management agent `HR` is called `HR 2` now"]
        );
    }

    #[test]
    fn names_are_offered() {
        assert_eq!(
            choice("Exprot", &["Full Import", "Export"]),
            "did you mean `Export`?"
        );
        assert_eq!(
            choice("x", &["Full Import", "Export"]),
            "it has `Full Import` and `Export`"
        );
        assert_eq!(choice("x", &[]), "it has none that this account can see");
        let many: Vec<String> = (10..23).map(|number| format!("Agent {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(choice("x", &many).ends_with("`Agent 19` and 3 more"));
        assert!(choice("x", &many[..10]).ends_with("`Agent 18` and `Agent 19`"));
    }
}
