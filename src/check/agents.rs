//! Rules that compare the sequence with what the server knows about its agents.

use crate::base::{spelling, text};
use crate::mim::{AgentInfo, StepType};

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
        {
            problems.push(type_differs(step, declared, server));
        }
    }
}

fn unknown_names(view: &View<'_>, step: &ProfileStep<'_>) -> Option<Problem> {
    let known = view.known?;
    let Some(agent) = view.agent(&step.run.agent) else {
        let names: Vec<&str> = known.iter().map(|agent| agent.name.as_str()).collect();
        return Some(Problem::new(
            Code::UnknownAgent,
            Severity::Error,
            step.place(),
            format!(
                "the server has no management agent `{}`; {}",
                step.run.agent,
                choice(step.run.agent.as_str(), &names)
            ),
        ));
    };
    unknown_profile(agent, step)
}

/// The service has no list of run profiles, only a history of those that ran; so a profile that is
/// not there is no certain error, and with an empty history there is nothing to compare with.
fn unknown_profile(agent: &AgentInfo, step: &ProfileStep<'_>) -> Option<Problem> {
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
    Some(Problem::new(
        Code::UnknownProfile,
        Severity::Warning,
        step.place(),
        format!(
            "the run history of `{}` has no run profile `{}`; {}",
            agent.name,
            step.run.profile,
            choice(step.run.profile.as_str(), &names)
        ),
    ))
}

/// A declared type decides what may run beside the step; a synchronization that passes for
/// something else would break the overlap rule.
fn type_differs(step: &ProfileStep<'_>, declared: StepType, server: &[StepType]) -> Problem {
    let hides_sync = !declared.synchronizes() && server.iter().any(|kind| kind.synchronizes());
    let severity = if hides_sync {
        Severity::Error
    } else {
        Severity::Warning
    };
    let words: Vec<String> = server
        .iter()
        .map(|kind| format!("`{}`", kind.as_str()))
        .collect();
    Problem::new(
        Code::StepTypeDiffers,
        severity,
        step.place(),
        format!(
            "the file says that the run profile `{}` of `{}` is `{}`, the server says {}; leave \
             `type` out or correct it",
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
    use super::*;

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
