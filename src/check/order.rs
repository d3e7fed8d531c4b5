//! Rules about the order of an agent's steps: import, synchronize, export, confirm
//! (domain notes, "Rules for running profiles", 5 and 6).

use std::collections::BTreeMap;

use crate::mim::AgentName;
use crate::model::Thread;

use super::view::View;
use super::{Code, Problem, Severity};

/// Applies the rules of this group.
pub(super) fn check(view: &View<'_>, problems: &mut Vec<Problem>) {
    let imports = Imports::of(view);
    for step in &view.profile_steps {
        let (agent, profile) = (&step.run.agent, &step.run.profile);
        if step.types.iter().any(|kind| kind.is_combined()) {
            problems.push(Problem::new(
                Code::CombinedProfile,
                Severity::Warning,
                step.place(),
                format!(
                    "the run profile `{profile}` of `{agent}` imports and synchronizes in one step, \
                     which is deprecated; use two steps"
                ),
            ));
        }
        if step.leaves_an_export() && !imports.may_follow(view, agent, step.thread, step.index) {
            problems.push(Problem::new(
                Code::UnconfirmedExport,
                Severity::Warning,
                step.place(),
                format!("no later import of `{agent}` confirms this export; add a delta import"),
            ));
        }
        if step.synchronizes()
            && !step.may_import()
            && imports.only_follows(agent, step.thread, step.index)
        {
            problems.push(Problem::new(
                Code::SyncBeforeImport,
                Severity::Warning,
                step.place(),
                format!(
                    "`{agent}` is synchronized before its first import, so its changes wait for the \
                     next run; move the import before this step"
                ),
            ));
        }
    }
}

/// The indexes of an agent's first and last step in a thread that may import.
#[derive(Clone, Copy)]
struct Span {
    first: usize,
    last: usize,
}

/// Where agents may be imported, by agent and thread.
struct Imports(BTreeMap<AgentName, BTreeMap<usize, Span>>);

impl Imports {
    fn of(view: &View<'_>) -> Self {
        let mut agents: BTreeMap<AgentName, BTreeMap<usize, Span>> = BTreeMap::new();
        for step in view.profile_steps.iter().filter(|step| step.may_import()) {
            agents
                .entry(step.run.agent.clone())
                .or_default()
                .entry(step.thread)
                .and_modify(|span| span.last = step.index)
                .or_insert(Span {
                    first: step.index,
                    last: step.index,
                });
        }
        Self(agents)
    }

    /// Whether an import of the agent may come after a step. One of another thread may, unless that
    /// thread begins with it, starts no later and runs but once.
    fn may_follow(&self, view: &View<'_>, agent: &AgentName, thread: usize, index: usize) -> bool {
        let delay = |thread: Option<&Thread>| thread.map(|thread| thread.start_delay);
        let starts = delay(view.sequence.thread(thread));
        self.0.get(agent).is_some_and(|threads| {
            threads.iter().any(|(other, span)| {
                if *other == thread {
                    return span.last > index;
                }
                let other = view.sequence.thread(*other);
                let is_repeated = other.is_some_and(|thread| thread.repeat.get() > 1);
                span.last > 0 || is_repeated || delay(other) > starts
            })
        })
    }

    /// Whether the agent is imported only after a step: later in its thread, and in no other.
    fn only_follows(&self, agent: &AgentName, thread: usize, index: usize) -> bool {
        self.0.get(agent).is_some_and(|threads| {
            threads
                .iter()
                .all(|(other, span)| *other == thread && span.first > index)
        })
    }
}
