//! What a file can hold at most; an edit beyond it does nothing.

use crate::format::{MAX_COMMANDS, MAX_STEPS, MAX_THREADS};
use crate::model::{Processing, Sequence};

/// Whether a file can hold this sequence.
pub(super) fn fits(sequence: &Sequence) -> bool {
    let steps = || sequence.threads.iter().flat_map(|thread| &thread.steps);
    let commands = |processing: &Processing| processing.pre.len() + processing.post.len();
    let all: usize = commands(&sequence.processing)
        + sequence
            .threads
            .iter()
            .map(|thread| commands(&thread.processing))
            .sum::<usize>()
        + steps()
            .map(|step| commands(&step.processing))
            .sum::<usize>();
    sequence.threads.len() <= MAX_THREADS && steps().count() <= MAX_STEPS && all <= MAX_COMMANDS
}
