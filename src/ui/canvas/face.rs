//! What a card says while editing: icon, two lines, badges. From a step to words, without drawing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::Severity;
use crate::designer::Problems;
use crate::designer::words::cards as words;
use crate::mim::StepType;
use crate::model::{OnFailure, Place, Step, StepKind};
use crate::run::{StepOutline, StepOutlineKind};
use crate::ui::icons::Icon;
use crate::ui::marks;
use crate::ui::theme::StepLook;
use crate::ui::widgets::{BadgeKind, Elide};

/// A badge of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Badge {
    pub(super) icon: Option<Icon>,
    pub(super) text: Cow<'static, str>,
    pub(super) kind: BadgeKind,
}

/// The two lines of a card, and what stands before them.
pub(super) struct Lines<'a> {
    pub(super) icon: Icon,
    pub(super) look: StepLook,
    pub(super) title: Cow<'a, str>,
    pub(super) text: Cow<'a, str>,
    pub(super) elide: Elide,
}

/// How many problems a place has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

impl Count {
    pub(super) const fn worst(self) -> Option<Severity> {
        match (self.errors, self.warnings) {
            (0, 0) => None,
            (0, _) => Some(Severity::Warning),
            _ => Some(Severity::Error),
        }
    }

    /// In a few words, or nothing.
    pub(super) fn words(self) -> Cow<'static, str> {
        match (self.errors, self.warnings) {
            (0, 0) => Cow::Borrowed(""),
            (0, warnings) => Cow::Owned(words::warnings(warnings)),
            (errors, _) => Cow::Owned(words::errors(errors)),
        }
    }
}

/// The errors and warnings of each place; notes leave no mark.
pub(super) fn counts(problems: &Problems) -> BTreeMap<Place, Count> {
    let mut counts: BTreeMap<Place, Count> = BTreeMap::new();
    for problem in &problems.list {
        match problem.severity {
            Severity::Note => {}
            Severity::Warning => counts.entry(problem.place).or_default().warnings += 1,
            Severity::Error => counts.entry(problem.place).or_default().errors += 1,
        }
    }
    // The list may be capped or on its way; the marks are what counts.
    for (place, severity) in &problems.marks {
        let count = counts.entry(*place).or_default();
        match severity {
            Severity::Note => {}
            Severity::Warning => count.warnings = count.warnings.max(1),
            Severity::Error => count.errors = count.errors.max(1),
        }
    }
    counts
}

/// The lines of a step of the document; `known` is the type that the server tells.
pub(super) fn lines(step: &Step, known: Option<StepType>) -> Lines<'_> {
    match &step.kind {
        StepKind::RunProfile(profile) => {
            let (icon, look) = marks::of_type(profile.step_type.or(known));
            Lines {
                icon,
                look,
                title: named(profile.agent.as_str()),
                text: named(profile.profile.as_str()),
                elide: Elide::End,
            }
        }
        StepKind::Delay { duration } => Lines {
            icon: Icon::Delay,
            look: StepLook::Flow,
            title: Cow::Borrowed(words::DELAY),
            text: Cow::Owned(words::set_time(*duration)),
            elide: Elide::End,
        },
        StepKind::Command(command) => Lines {
            icon: Icon::Command,
            look: StepLook::Flow,
            title: Cow::Borrowed(words::COMMAND),
            text: if command.program.is_empty() {
                Cow::Borrowed(words::NO_PROGRAM)
            } else {
                Cow::Borrowed(&command.program)
            },
            elide: Elide::Middle,
        },
    }
}

fn named(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(if name.is_empty() {
        words::UNNAMED
    } else {
        name
    })
}

/// The lines of a step of a run: its own name first, where it has one.
pub(super) fn run_lines(step: &StepOutline) -> Lines<'_> {
    let mut lines = plain_run_lines(step);
    if let Some(name) = own_name(step) {
        lines.text = match &step.does {
            StepOutlineKind::RunProfile { agent, profile, .. } => {
                Cow::Owned(words::agent_and_profile(agent, profile))
            }
            StepOutlineKind::Delay { .. } | StepOutlineKind::Command { .. } => lines.text,
        };
        lines.title = Cow::Borrowed(name);
    }
    lines
}

/// The name that a person gave; a run tells what a step does where it has none.
fn own_name(step: &StepOutline) -> Option<&str> {
    let name = step.name.as_str();
    let is_own = match &step.does {
        StepOutlineKind::RunProfile { agent, profile, .. } => {
            name != words::agent_and_profile(agent, profile)
        }
        StepOutlineKind::Delay { duration_ms } => {
            let duration = std::time::Duration::from_millis(*duration_ms);
            name != Step::new(StepKind::Delay { duration }).label()
        }
        // The line begins with the program, in quotation marks where it needs them.
        StepOutlineKind::Command { line } => !words::is_command_label(name, line),
    };
    (is_own && !name.is_empty()).then_some(name)
}

fn plain_run_lines(step: &StepOutline) -> Lines<'_> {
    match &step.does {
        StepOutlineKind::RunProfile {
            agent,
            profile,
            step_types,
        } => {
            let kind = step_types
                .first()
                .and_then(|word| StepType::from_word(word));
            let (icon, look) = marks::of_type(kind);
            Lines {
                icon,
                look,
                title: named(agent),
                text: named(profile),
                elide: Elide::End,
            }
        }
        StepOutlineKind::Delay { duration_ms } => Lines {
            icon: Icon::Delay,
            look: StepLook::Flow,
            title: Cow::Borrowed(words::DELAY),
            text: Cow::Owned(words::set_time(std::time::Duration::from_millis(
                *duration_ms,
            ))),
            elide: Elide::End,
        },
        StepOutlineKind::Command { line } => Lines {
            icon: Icon::Command,
            look: StepLook::Flow,
            title: Cow::Borrowed(words::COMMAND),
            text: Cow::Borrowed(line),
            elide: Elide::Middle,
        },
    }
}

/// Whether a card has any badge; cheaper than making them.
pub(super) fn has_badges(step: &Step, count: Count) -> bool {
    step.name.is_some()
        || step.timeout.is_some()
        || step.on_failure != OnFailure::default()
        || !step.processing.pre.is_empty()
        || !step.processing.post.is_empty()
        || matches!(&step.kind, StepKind::Command(command) if !command.wait)
        || count.worst().is_some()
}

/// What differs from the default, the most urgent first.
pub(super) fn badges(step: &Step, count: Count) -> Vec<Badge> {
    let mut badges = Vec::new();
    let mut add = |icon, text: Cow<'static, str>, kind| badges.push(Badge { icon, text, kind });
    match count.worst() {
        Some(Severity::Error) => add(Some(Icon::Error), count.words(), BadgeKind::Error),
        Some(_) => add(Some(Icon::Warning), count.words(), BadgeKind::Warning),
        None => {}
    }
    let plain = BadgeKind::Plain;
    if let Some(name) = &step.name {
        add(None, Cow::Owned(short(name)), plain);
    }
    if !step.processing.pre.is_empty() {
        add(Some(Icon::Pre), Cow::Borrowed(words::PRE), plain);
    }
    if let Some(timeout) = step.timeout {
        add(
            Some(Icon::Timeout),
            Cow::Owned(words::set_time(timeout)),
            plain,
        );
    }
    if matches!(&step.kind, StepKind::Command(command) if !command.wait) {
        add(
            Some(Icon::ArrowRight),
            Cow::Borrowed(words::NOT_AWAITED),
            plain,
        );
    }
    match step.on_failure {
        OnFailure::StopThread => {}
        OnFailure::Continue => add(
            Some(Icon::Skip),
            Cow::Borrowed(words::ON_FAILURE_CONTINUE),
            plain,
        ),
        OnFailure::StopAll => add(
            Some(Icon::Stop),
            Cow::Borrowed(words::ON_FAILURE_STOP_ALL),
            plain,
        ),
    }
    if !step.processing.post.is_empty() {
        add(Some(Icon::Post), Cow::Borrowed(words::POST), plain);
    }
    badges
}

/// No row of badges is longer than this many letters, and laying out more costs for nothing.
fn short(name: &str) -> String {
    const LETTERS: usize = 60;
    name.chars().take(LETTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Command;
    use std::time::Duration;

    fn delay_step() -> Step {
        Step::new(StepKind::Delay {
            duration: Duration::from_secs(30),
        })
    }

    #[test]
    fn a_step_as_usual_has_no_badge() {
        assert!(!has_badges(&delay_step(), Count::default()));
        assert!(badges(&delay_step(), Count::default()).is_empty());
    }

    #[test]
    fn a_card_of_a_run_shows_the_steps_own_name() {
        let profile = || StepOutlineKind::RunProfile {
            agent: "HR".to_owned(),
            profile: "Delta".to_owned(),
            step_types: Vec::new(),
        };
        let delay = || StepOutlineKind::Delay {
            duration_ms: 30_000,
        };
        let command = || StepOutlineKind::Command {
            line: "cp a b".to_owned(),
        };
        let usual = delay_step().label();
        for (name, does, title, text) in [
            ("HR · Delta", profile(), "HR", "Delta"),
            ("Morning", profile(), "Morning", "HR · Delta"),
            (usual.as_str(), delay(), words::DELAY, "30 s"),
            ("Wait for HR", delay(), "Wait for HR", "30 s"),
            ("Command cp", command(), words::COMMAND, "cp a b"),
            ("Copy", command(), "Copy", "cp a b"),
        ] {
            let step = StepOutline {
                name: name.to_owned(),
                enabled: true,
                does,
            };
            let lines = run_lines(&step);
            assert_eq!((&*lines.title, &*lines.text), (title, text), "{name}");
        }
    }

    #[test]
    fn every_difference_has_its_badge() {
        let changes: [fn(&mut Step); 6] = [
            |step| step.name = Some("Morning".to_owned()),
            |step| step.timeout = Some(Duration::from_mins(1)),
            |step| step.on_failure = OnFailure::Continue,
            |step| step.on_failure = OnFailure::StopAll,
            |step| step.processing.pre.push(Command::new("a")),
            |step| {
                step.kind = StepKind::Command(Command {
                    wait: false,
                    ..Command::new("a")
                });
            },
        ];
        for change in changes {
            let mut step = delay_step();
            change(&mut step);
            assert!(has_badges(&step, Count::default()));
            assert_eq!(badges(&step, Count::default()).len(), 1);
        }
        let count = Count {
            errors: 2,
            warnings: 1,
        };
        assert_eq!(badges(&delay_step(), count)[0].text, "2 errors");
    }
}
