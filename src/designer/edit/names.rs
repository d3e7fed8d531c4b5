//! Names of new threads: what they do, and no two the same.

use crate::model::{Sequence, Step, Thread};

use super::super::words::edit as words;

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a thread has this name already, letter case and blanks around it aside.
fn is_taken(sequence: &Sequence, name: &str) -> bool {
    let name = folded(name);
    let mut names = sequence.threads.iter().map(|thread| &thread.name);
    names.any(|other| folded(other) == name)
}

/// A name that no thread has: this one, with a number behind it if need be; without one, `Thread 3`.
pub(in crate::designer) fn free_name(sequence: &Sequence, wanted: &str) -> String {
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return free(sequence, sequence.threads.len() + 1, words::thread_name);
    }
    if !is_taken(sequence, wanted) {
        return wanted.to_owned();
    }
    free(sequence, 2, |number| words::numbered(wanted, number))
}

fn free(sequence: &Sequence, from: usize, name: impl Fn(usize) -> String) -> String {
    let mut number = from;
    loop {
        let name = name(number);
        if !is_taken(sequence, &name) {
            return name;
        }
        number += 1;
    }
}

/// A thread for these steps, named after their agent.
pub(super) fn thread_for(sequence: &Sequence, steps: Vec<Step>) -> Thread {
    let agent = steps
        .iter()
        .find_map(Step::run_profile)
        .map(|run| &run.agent);
    let wanted = agent.map(|agent| agent.as_str()).unwrap_or_default();
    let mut thread = Thread::new(free_name(sequence, wanted));
    thread.steps = steps;
    thread
}
