//! What each edit does, and that it leaves alone what does not exist.

use std::time::Duration;

use crate::mim::{AgentName, ProfileName};
use crate::model::{Command, OnFailure, Place, RunProfileStep, Sequence, Step, StepKind, Thread};

use super::super::{DropPoint, Edit, Field, Selection, SequenceHead, StepChange, ThreadHead};
use super::{duplicate, shift};

fn step_at(thread: usize, step: usize) -> Place {
    Place::Step { thread, step }
}

fn run(agent: &str) -> Step {
    Step::new(StepKind::RunProfile(RunProfileStep {
        agent: AgentName::new(agent).unwrap(),
        profile: ProfileName::new("Export").unwrap(),
        step_type: None,
    }))
}

fn named(name: &str) -> Step {
    let mut step = run("HR");
    step.name = Some(name.to_owned());
    step
}

/// Threads as words: each word is a step with that name.
fn sequence(threads: &[&str]) -> Sequence {
    Sequence {
        threads: threads
            .iter()
            .enumerate()
            .map(|(index, steps)| {
                let mut thread = Thread::new(format!("T{index}"));
                thread.steps = steps.split_whitespace().map(named).collect();
                thread
            })
            .collect(),
        ..Sequence::default()
    }
}

fn words(sequence: &Sequence) -> Vec<String> {
    let steps = |thread: &Thread| {
        let labels: Vec<String> = thread.steps.iter().map(Step::label).collect();
        labels.join(" ")
    };
    sequence.threads.iter().map(steps).collect()
}

#[test]
fn moved_steps_keep_their_order_and_stay_chosen() {
    let at = |thread, step| DropPoint::In { thread, step };
    for (places, to, result, chosen) in [
        (vec![(0, 0)], at(0, 3), ["b c a", "x y"], vec![(0, 2)]),
        (
            vec![(0, 2), (0, 0)],
            at(1, 1),
            ["b", "x a c y"],
            vec![(1, 1), (1, 2)],
        ),
        (
            vec![(0, 0), (1, 1)],
            at(0, 2),
            ["b a y c", "x"],
            vec![(0, 1), (0, 2)],
        ),
        (
            vec![(0, 1), (7, 7)],
            at(1, 99),
            ["a c", "x y b"],
            vec![(1, 2)],
        ),
    ] {
        let edit = Edit::MoveSteps {
            places: places.iter().map(|(t, s)| step_at(*t, *s)).collect(),
            to,
        };
        let applied = edit.apply(&sequence(&["a b c", "x y"])).unwrap();
        assert_eq!(words(&applied.sequence), result, "{places:?}");
        let chosen = Selection::of(chosen.into_iter().map(|(t, s)| step_at(t, s)));
        assert_eq!(applied.selection, Some(chosen), "{places:?}");
    }
}

#[test]
fn what_changes_nothing_is_no_edit() {
    let before = sequence(&["a b c", "x y"]);
    let nowhere = [
        step_at(0, 3),
        step_at(2, 0),
        Place::Thread(2),
        Place::Sequence,
    ];
    let at = |thread, step| DropPoint::In { thread, step };
    for edit in [
        Edit::MoveSteps {
            places: vec![step_at(0, 1)],
            to: at(0, 1),
        },
        Edit::MoveSteps {
            places: vec![step_at(0, 1)],
            to: at(0, 2),
        },
        Edit::MoveSteps {
            places: vec![step_at(0, 1)],
            to: at(2, 0),
        },
        Edit::MoveSteps {
            places: nowhere.to_vec(),
            to: at(0, 0),
        },
        Edit::MoveThread { from: 0, to: 1 },
        Edit::MoveThread { from: 2, to: 0 },
        Edit::Remove {
            places: nowhere.to_vec(),
        },
        Edit::AddSteps {
            at: at(2, 0),
            steps: vec![run("HR")],
        },
        Edit::AddSteps {
            at: at(0, 0),
            steps: Vec::new(),
        },
        Edit::AddThreads {
            at: 0,
            threads: Vec::new(),
        },
        Edit::Steps {
            places: vec![step_at(0, 0), step_at(5, 5)],
            change: StepChange::OnFailure(OnFailure::default()),
        },
        Edit::EnableThreads {
            threads: vec![0, 9],
            enabled: true,
        },
        Edit::Sequence {
            head: Box::new(SequenceHead::of(&before)),
            field: Field::Name,
        },
    ] {
        assert_eq!(edit.apply(&before), None, "{edit:?}");
    }
}

#[test]
fn new_threads_have_names_that_nobody_has() {
    let mut before = sequence(&["a"]);
    before.threads[0].name = " hr".to_owned();
    let drop = |before: &Sequence, step: Step| {
        let edit = Edit::AddSteps {
            at: DropPoint::NewThread(9),
            steps: vec![step],
        };
        edit.apply(before).unwrap().sequence
    };
    let before = drop(&before, run("HR"));
    let before = drop(&before, run("HR"));
    let before = drop(
        &before,
        Step::new(StepKind::Delay {
            duration: Duration::ZERO,
        }),
    );
    let names: Vec<&str> = before.threads.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, [" hr", "HR 2", "HR 3", "Thread 4"]);
}

#[test]
fn after_a_removal_the_neighbour_is_chosen() {
    for (places, result, chosen) in [
        (vec![step_at(0, 0)], vec!["b c", "x"], Some(step_at(0, 0))),
        (vec![step_at(0, 2)], vec!["a b", "x"], Some(step_at(0, 1))),
        (
            vec![step_at(1, 0)],
            vec!["a b c", ""],
            Some(Place::Thread(1)),
        ),
        (
            vec![Place::Thread(1)],
            vec!["a b c"],
            Some(Place::Thread(0)),
        ),
        (
            vec![Place::Thread(0), step_at(1, 0)],
            vec![""],
            Some(Place::Thread(0)),
        ),
        (vec![Place::Thread(0), Place::Thread(1)], vec![], None),
    ] {
        let edit = Edit::Remove {
            places: places.clone(),
        };
        let applied = edit.apply(&sequence(&["a b c", "x"])).unwrap();
        assert_eq!(words(&applied.sequence), result, "{places:?}");
        let chosen = chosen.map_or_else(Selection::default, Selection::one);
        assert_eq!(applied.selection, Some(chosen), "{places:?}");
    }
}

#[test]
fn a_block_moves_by_one_and_stops_at_the_edge() {
    for (chosen, is_back, result) in [
        (vec![1, 2], true, Some("b c a d")),
        (vec![0, 2], true, Some("a c b d")),
        (vec![0, 1], true, None),
        (vec![1, 2], false, Some("a d b c")),
        (vec![1, 3], false, Some("a c b d")),
        (vec![2, 3], false, None),
    ] {
        let selection = Selection::of(chosen.iter().map(|step| step_at(0, *step)));
        let applied = shift(&sequence(&["a b c d"]), &selection, is_back);
        let words = applied.map(|applied| words(&applied.sequence).remove(0));
        assert_eq!(words.as_deref(), result, "{chosen:?} {is_back}");
    }
}

#[test]
fn copies_come_behind_what_was_chosen() {
    let before = sequence(&["a b c", "x"]);
    let chosen = Selection::of([step_at(0, 0), step_at(0, 1), step_at(1, 0)]);
    let applied = duplicate(&before, &chosen).unwrap();
    assert_eq!(words(&applied.sequence), ["a b a b c", "x x"]);
    let copies = Selection::of([step_at(0, 2), step_at(0, 3), step_at(1, 1)]);
    assert_eq!(applied.selection, Some(copies));
    let applied = duplicate(&before, &Selection::one(Place::Thread(0))).unwrap();
    let names: Vec<_> = applied.sequence.threads.iter().map(|t| &t.name).collect();
    assert_eq!(names, ["T0", "T0 2", "T1"]);
}

#[test]
fn what_a_file_cannot_hold_is_brought_into_form() {
    let before = sequence(&["a"]);
    let mut head = SequenceHead::of(&before);
    head.name = "a\u{0}b".to_owned();
    head.server.host = Some(String::new());
    head.server.port = Some(0);
    head.server.pin = Some("half".to_owned());
    let edit = Edit::Sequence {
        head: Box::new(head),
        field: Field::Pin,
    };
    let after = edit.apply(&before).unwrap().sequence;
    assert_eq!(after.name, "ab");
    assert_eq!(after.server, before.server);

    let mut command = Command::new("x");
    command.timeout = Some(Duration::from_millis(1_500));
    let mut step = Step::new(StepKind::Command(command));
    step.timeout = Some(Duration::MAX);
    let edit = Edit::Step {
        place: step_at(0, 0),
        step: Box::new(step),
        field: Field::Timeout,
    };
    let after = edit.apply(&before).unwrap().sequence;
    let step = &after.threads[0].steps[0];
    assert_eq!(step.timeout, Some(Duration::from_millis(1_500)));
}

#[test]
fn only_typing_joins() {
    let before = sequence(&["a"]);
    let thread = |field| Edit::Thread {
        thread: 0,
        head: Box::new(ThreadHead::of(&before.threads[0])),
        field,
    };
    let key = |edit: &Edit| edit.merge_key(&before);
    assert!(key(&thread(Field::Name)).is_some());
    assert_eq!(key(&thread(Field::Name)), key(&thread(Field::Name)));
    assert_ne!(key(&thread(Field::Name)), key(&thread(Field::StartDelay)));
    assert_eq!(key(&thread(Field::Enabled)), None);
    let mut head = ThreadHead::of(&before.threads[0]);
    head.processing.pre.push(Command::new("x"));
    let added = Edit::Thread {
        thread: 0,
        head: Box::new(head),
        field: Field::PreProcessing(0),
    };
    assert_eq!(key(&added), None, "a new command is no typing");
}

#[test]
fn labels_say_what_and_how_many() {
    for (edit, label) in [
        (
            Edit::MoveSteps {
                places: vec![step_at(0, 0); 3],
                to: DropPoint::NewThread(0),
            },
            "Move 3 steps",
        ),
        (
            Edit::Remove {
                places: vec![Place::Thread(0)],
            },
            "Delete thread",
        ),
        (
            Edit::EnableThreads {
                threads: vec![0, 1],
                enabled: false,
            },
            "Disable 2 threads",
        ),
    ] {
        assert_eq!(edit.label(), label);
    }
}

#[test]
fn very_many_threads_of_one_name_get_names_of_their_own() {
    let many = crate::format::MAX_THREADS;
    let threads = vec![Thread::new("A"); many];
    let edit = Edit::AddThreads { at: 0, threads };
    let applied = edit.apply(&Sequence::default()).unwrap();
    let names = applied.sequence.threads.iter().map(|thread| &thread.name);
    let names: std::collections::BTreeSet<&String> = names.collect();
    assert_eq!(names.len(), many);
}
