//! Places of a sequence in words.

use crate::model::{Place, Sequence};

/// A place for people: ``thread `Import`, step 2 `HR · Delta Sync` ``.
pub fn place_name(sequence: &Sequence, place: Place) -> String {
    let thread_name = |index: usize| match sequence.thread(index) {
        Some(thread) if !thread.name.is_empty() => format!("thread `{}`", thread.name),
        _ => format!("thread {}", index + 1),
    };
    match place {
        Place::Sequence => "the sequence".to_owned(),
        Place::Thread(thread) => thread_name(thread),
        Place::Step { thread, step } => {
            let label = sequence
                .step(place)
                .map(|step| format!(" `{}`", step.label()))
                .unwrap_or_default();
            format!("{}, step {}{label}", thread_name(thread), step + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::model::{Step, StepKind, Thread};

    use super::*;

    #[test]
    fn places_are_named_as_people_see_them() {
        let mut thread = Thread::new("Import");
        thread.steps.push(Step::new(StepKind::Delay {
            duration: Duration::from_secs(30),
        }));
        let sequence = Sequence {
            threads: vec![thread, Thread::new("")],
            ..Sequence::default()
        };
        for (place, name) in [
            (Place::Sequence, "the sequence"),
            (Place::Thread(0), "thread `Import`"),
            (Place::Thread(1), "thread 2"),
            (
                Place::Step { thread: 0, step: 0 },
                "thread `Import`, step 1 `Delay 30s`",
            ),
            (Place::Step { thread: 7, step: 8 }, "thread 8, step 9"),
        ] {
            assert_eq!(place_name(&sequence, place), name);
        }
    }
}
