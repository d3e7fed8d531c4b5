//! What the rules said about what is drawn.

use std::collections::BTreeMap;

use crate::check::{Problem, Severity};
use crate::model::Place;

use super::super::{Effect, Problems, State};

/// Takes what the rules say, unless the content is another one by now.
pub(super) fn checked(state: &mut State, content: u64, mut list: Vec<Problem>) -> Vec<Effect> {
    if content != state.document.content {
        return Vec::new();
    }
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

#[cfg(test)]
mod tests {
    use crate::check::Code;
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
    fn the_worst_problem_marks_its_place_and_old_answers_are_dropped() {
        let mut state = State::new(Settings::default());
        let code = *Code::ALL.first().unwrap();
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
