//! Names of new threads: what they do, and no two the same.

use std::collections::HashSet;

use crate::model::{Sequence, Step, Thread};

use super::super::words::edit as words;

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The names that threads have already, letter case and blanks around them aside.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    names: HashSet<String>,
    threads: usize,
}

impl Taken {
    pub(super) fn of(sequence: &Sequence) -> Self {
        let names = sequence.threads.iter().map(|thread| folded(&thread.name));
        Self {
            names: names.collect(),
            threads: sequence.threads.len(),
        }
    }

    /// A name that no thread has, which it has from now on: this one, with a number behind it if
    /// need be; without one, `Thread 3`.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let wanted = wanted.trim();
        let name = if wanted.is_empty() {
            self.free(self.threads + 1, words::thread_name)
        } else if self.names.contains(&folded(wanted)) {
            self.free(2, |number| words::numbered(wanted, number))
        } else {
            wanted.to_owned()
        };
        self.names.insert(folded(&name));
        self.threads += 1;
        name
    }

    fn free(&self, from: usize, name: impl Fn(usize) -> String) -> String {
        let mut number = from;
        loop {
            let name = name(number);
            if !self.names.contains(&folded(&name)) {
                return name;
            }
            number += 1;
        }
    }
}

/// A name that no thread has: this one, with a number behind it if need be; without one, `Thread 3`.
pub(in crate::designer) fn free_name(sequence: &Sequence, wanted: &str) -> String {
    Taken::of(sequence).take(wanted)
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
