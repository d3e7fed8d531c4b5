//! The clipboard's text: a small sequence file that people can read, mail and paste into an editor.

use crate::format;
use crate::model::{Sequence, Step, Thread};

use super::Selection;

/// What is pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pasted {
    /// Steps, to be added to a thread.
    Steps(Vec<Step>),
    /// Whole threads.
    Threads(Vec<Thread>),
}

/// The text for what is chosen; `None` when nothing is.
///
/// Steps lie in a thread without a name, which tells them from whole threads.
pub(super) fn text(sequence: &Sequence, selection: &Selection) -> Option<String> {
    let mut threads: Vec<Thread> = selection
        .threads()
        .filter_map(|thread| sequence.thread(thread).cloned())
        .collect();
    if threads.is_empty() {
        let steps = selection.steps();
        let mut thread = Thread::new(String::new());
        thread.steps = steps.filter_map(|at| sequence.step(at).cloned()).collect();
        if thread.steps.is_empty() {
            return None;
        }
        threads.push(thread);
    }
    Some(format::write(&Sequence {
        threads,
        ..Sequence::default()
    }))
}

/// What a text holds.
///
/// # Errors
/// Why it holds no sequence, one sentence; empty when the sequence has nothing to paste.
pub(super) fn read(text: &str) -> Result<Pasted, String> {
    let sequence = format::read(text.as_bytes()).map_err(|error| error.to_string())?;
    let mut threads = sequence.threads;
    if threads.iter().all(|thread| thread.name.trim().is_empty()) {
        let steps: Vec<Step> = threads
            .iter_mut()
            .flat_map(|thread| std::mem::take(&mut thread.steps))
            .collect();
        if steps.is_empty() {
            return Err(String::new());
        }
        return Ok(Pasted::Steps(steps));
    }
    Ok(Pasted::Threads(threads))
}

#[cfg(test)]
mod tests {
    use crate::model::{Place, StepKind};

    use super::*;

    fn sequence() -> Sequence {
        let mut sequence = Sequence::default();
        for thread in 0..2 {
            let mut content = Thread::new(format!("T{thread}"));
            for step in 0..3u64 {
                content.steps.push(Step::new(StepKind::Delay {
                    duration: std::time::Duration::from_secs(thread * 10 + step + 1),
                }));
            }
            sequence.threads.push(content);
        }
        sequence
    }

    #[test]
    fn steps_and_threads_come_back_as_they_went() {
        let sequence = sequence();
        let step = |thread, step| Place::Step { thread, step };
        let copied = text(&sequence, &Selection::of([step(1, 2), step(0, 1)])).unwrap();
        let steps = vec![
            sequence.threads[0].steps[1].clone(),
            sequence.threads[1].steps[2].clone(),
        ];
        assert_eq!(read(&copied), Ok(Pasted::Steps(steps)));
        let copied = text(&sequence, &Selection::one(Place::Thread(1))).unwrap();
        assert_eq!(
            read(&copied),
            Ok(Pasted::Threads(vec![sequence.threads[1].clone()]))
        );
        assert_eq!(text(&sequence, &Selection::default()), None);
    }

    #[test]
    fn other_texts_are_refused() {
        assert_ne!(read("hello"), Err(String::new()));
        assert!(read("hello").is_err());
        let empty = format::write(&Sequence::default());
        assert_eq!(read(&empty), Err(String::new()));
    }
}
