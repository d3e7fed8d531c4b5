//! What the rules said about what is drawn.

use std::collections::BTreeMap;

use crate::check::{Code, Problem, Severity};
use crate::model::Place;

use super::super::words::edit as words;
use super::super::{Effect, Problems, State};

/// Takes what the rules say, unless the content is another one by now.
pub(super) fn checked(state: &mut State, content: u64, list: Vec<Problem>) -> Vec<Effect> {
    if content != state.document.content {
        return Vec::new();
    }
    let mut list: Vec<Problem> = list
        .into_iter()
        .map(|problem| begun(state, problem))
        .collect();
    // The worst first, as one works through them; the rules put them in order of place.
    list.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    let mut marks: BTreeMap<Place, Severity> = BTreeMap::new();
    for problem in &list {
        let mark = marks.entry(problem.place).or_insert(problem.severity);
        *mark = (*mark).max(problem.severity);
    }
    // The problem that the person is at stays current as long as it is there.
    let current = state.problems.current;
    let current = current
        .and_then(|index| state.problems.list.get(index))
        .and_then(|problem| list.iter().position(|new| new == problem));
    state.problems = Problems {
        list,
        marks,
        content,
        current,
    };
    Vec::new()
}

/// Who has just begun has done nothing wrong: as long as there is no step at all, what to do next
/// is said instead. A start is refused all the same.
fn begun(state: &State, problem: Problem) -> Problem {
    let is_about_nothing = matches!(problem.code, Code::NoThread | Code::NothingEnabled);
    let threads = &state.document.sequence.threads;
    if !is_about_nothing || threads.iter().any(|thread| !thread.steps.is_empty()) {
        return problem;
    }
    Problem {
        severity: Severity::Note,
        message: words::ADD_A_STEP.to_owned(),
        ..problem
    }
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::model::{Sequence, Thread};
    use crate::settings::Settings;

    use super::*;

    fn problem(code: Code, severity: Severity, place: Place) -> Problem {
        Problem {
            code,
            severity,
            place,
            message: format!("{code:?}"),
        }
    }

    #[test]
    fn a_new_sequence_is_greeted_with_a_hint_and_what_is_switched_off_with_an_error() {
        let mut off = Thread::new("a");
        off.steps
            .push(crate::model::Step::new(crate::model::StepKind::Delay {
                duration: std::time::Duration::from_secs(1),
            }));
        off.enabled = false;
        for (threads, severity) in [
            (Vec::new(), Severity::Note),
            (vec![Thread::new("a")], Severity::Note),
            (vec![off], Severity::Error),
        ] {
            let sequence = Sequence {
                threads,
                ..Sequence::default()
            };
            let problems = check(&sequence, None);
            assert_eq!(problems[0].severity, Severity::Error, "it cannot run");
            let mut state = State::new(Settings::default());
            state.document.sequence = std::sync::Arc::new(sequence);
            checked(&mut state, 0, problems);
            assert_eq!(state.problems.list[0].severity, severity);
            assert_eq!(state.problems.marks[&Place::Sequence], severity);
        }
    }

    #[test]
    fn the_worst_problem_marks_its_place_and_old_answers_are_dropped() {
        let mut state = State::new(Settings::default());
        let code = Code::EmptyThread;
        let other = *Code::ALL.last().unwrap();
        let place = Place::Thread(0);
        let list = vec![
            problem(code, Severity::Error, place),
            problem(other, Severity::Note, place),
        ];
        checked(&mut state, 7, list.clone());
        assert!(state.problems.list.is_empty());
        checked(&mut state, 0, list.clone());
        assert_eq!(state.problems.marks[&place], Severity::Error);
        state.problems.current = Some(1);
        checked(&mut state, 0, list[1..].to_vec());
        assert_eq!(state.problems.current, Some(0));
        checked(&mut state, 0, Vec::new());
        assert_eq!(state.problems.current, None);
    }
}
