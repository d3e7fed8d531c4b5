//! Rules about threads: something must run, and people must be able to tell the threads apart.

use std::collections::BTreeMap;

use crate::model::Place;

use super::view::{View, enabled_steps};
use super::{Code, Problem, Severity};

/// Applies the rules of this group.
pub(super) fn check(view: &View<'_>, problems: &mut Vec<Problem>) {
    if view.sequence.threads.is_empty() {
        problems.push(Problem::new(
            Code::NoThread,
            Severity::Error,
            Place::Sequence,
            "the sequence has no thread, so a run would do nothing; add a thread with a step"
                .to_owned(),
        ));
    } else if view
        .threads()
        .all(|(_, thread)| enabled_steps(thread).next().is_none())
    {
        let has_steps = view
            .sequence
            .threads
            .iter()
            .any(|thread| !thread.steps.is_empty());
        let message = if has_steps {
            "no thread that is enabled has a step that is enabled, so a run would do nothing; \
             enable a step and its thread"
        } else {
            "no thread has a step, so a run would do nothing; add a step"
        };
        problems.push(Problem::new(
            Code::NothingEnabled,
            Severity::Error,
            Place::Sequence,
            message.to_owned(),
        ));
    } else {
        empty_threads(view, problems);
    }
    names(view, problems);
}

fn empty_threads(view: &View<'_>, problems: &mut Vec<Problem>) {
    for (index, thread) in view.threads() {
        if enabled_steps(thread).next().is_some() {
            continue;
        }
        let message = if thread.steps.is_empty() {
            format!(
                "the thread `{}` has no step; add one, or disable or remove the thread",
                thread.name
            )
        } else {
            format!(
                "all steps of the thread `{}` are disabled; enable one, or disable the thread",
                thread.name
            )
        };
        problems.push(Problem::new(
            Code::EmptyThread,
            Severity::Warning,
            Place::Thread(index),
            message,
        ));
    }
}

fn names(view: &View<'_>, problems: &mut Vec<Problem>) {
    let mut first_of: BTreeMap<String, usize> = BTreeMap::new();
    for (index, thread) in view.threads() {
        let folded = thread.name.trim().to_lowercase();
        if folded.is_empty() {
            problems.push(Problem::new(
                Code::UnnamedThread,
                Severity::Warning,
                Place::Thread(index),
                format!(
                    "thread {} has no name; give it one that says what it does",
                    index + 1
                ),
            ));
        } else if let Some(first) = first_of.get(&folded) {
            problems.push(Problem::new(
                Code::DuplicateThread,
                Severity::Warning,
                Place::Thread(index),
                format!(
                    "threads {} and {} are both called `{}`; give one of them another name",
                    first + 1,
                    index + 1,
                    thread.name
                ),
            ));
        } else {
            first_of.insert(folded, index);
        }
    }
}
