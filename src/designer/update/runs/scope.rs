//! The part of a sequence that runs: the rest is switched off, so that places stay what they are.

use std::sync::Arc;

use crate::model::Sequence;

use super::super::super::RunScope;

/// The sequence with everything switched off that is not meant; `None` when the place is not there.
/// What is meant runs even if it is switched off: somebody asked for exactly this.
pub(super) fn only(sequence: &Arc<Sequence>, scope: RunScope) -> Option<Arc<Sequence>> {
    let (wanted, first) = match scope {
        RunScope::All => return Some(Arc::clone(sequence)),
        RunScope::OnlyThread(thread) => (thread, None),
        RunScope::From { thread, step } => (thread, Some(step)),
    };
    let mut only = Sequence::clone(sequence);
    for (index, thread) in only.threads.iter_mut().enumerate() {
        thread.enabled = index == wanted;
    }
    let thread = only.threads.get_mut(wanted)?;
    if let Some(first) = first {
        thread.steps.get_mut(first)?.enabled = true;
        for step in thread.steps.iter_mut().take(first) {
            step.enabled = false;
        }
    }
    Some(Arc::new(only))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::model::{Step, StepKind, Thread};

    use super::*;

    #[test]
    fn what_is_not_meant_is_switched_off() {
        let delay = || {
            Step::new(StepKind::Delay {
                duration: Duration::from_secs(1),
            })
        };
        let thread = |name: &str| Thread {
            steps: vec![delay(), delay(), delay()],
            ..Thread::new(name)
        };
        let mut sequence = Sequence {
            threads: vec![thread("a"), thread("b")],
            ..Sequence::default()
        };
        sequence.threads[1].enabled = false;
        let sequence = Arc::new(sequence);
        for (scope, on) in [
            (RunScope::All, [(true, [true; 3]), (false, [true; 3])]),
            (
                RunScope::OnlyThread(1),
                [(false, [true; 3]), (true, [true; 3])],
            ),
            (
                RunScope::From { thread: 0, step: 1 },
                [(true, [false, true, true]), (false, [true; 3])],
            ),
        ] {
            let only = only(&sequence, scope).unwrap();
            for (thread, (enabled, steps)) in only.threads.iter().zip(on) {
                assert_eq!(thread.enabled, enabled, "{scope:?}");
                let found: Vec<bool> = thread.steps.iter().map(|step| step.enabled).collect();
                assert_eq!(found, steps, "{scope:?}");
            }
        }
        for missing in [
            RunScope::OnlyThread(9),
            RunScope::From { thread: 0, step: 9 },
        ] {
            assert_eq!(only(&sequence, missing), None);
        }
    }
}
