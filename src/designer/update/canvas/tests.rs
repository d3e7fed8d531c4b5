//! Stories of the canvas: selection, drag, clipboard, search, recovery copies.

use crate::check::check;
use crate::mim::{AgentName, ProfileName};
use crate::model::{Place, Step, StepKind, Thread};
use crate::run::{Outline, RunId, RunOutcome, RunPhase, ThreadOutline};
use crate::settings::Settings;

use super::super::super::{
    Command, Direction, Document, DragMsg, DragSource, DropPoint, Edit, Effect, FindMsg, ListedRun,
    Msg, RunScope, Screen, Select, State, ToastKind, Watch, drag_hint, update,
};

fn at(thread: usize, step: usize) -> Place {
    Place::Step { thread, step }
}

fn point(thread: usize, step: usize) -> DropPoint {
    DropPoint::In { thread, step }
}

/// Threads as words: each word is a step with that name.
fn state(threads: &[&str]) -> State {
    let mut state = State::new(Settings::default());
    state.screen = Screen::Work;
    let mut sequence = crate::model::Sequence::default();
    for (index, steps) in threads.iter().enumerate() {
        let mut thread = Thread::new(format!("T{index}"));
        for name in steps.split_whitespace() {
            let mut step = Step::new(StepKind::Command(crate::model::Command::new("prog.exe")));
            step.name = Some(name.to_owned());
            thread.steps.push(step);
        }
        sequence.threads.push(thread);
    }
    state.document = Document::new(sequence);
    state
}

fn words(state: &State) -> Vec<String> {
    let steps = |thread: &Thread| {
        let labels: Vec<String> = thread.steps.iter().map(Step::label).collect();
        labels.join(" ")
    };
    state.document.sequence.threads.iter().map(steps).collect()
}

fn command(state: &mut State, command: Command) -> Vec<Effect> {
    assert_eq!(command.availability(state), Ok(()), "{command:?}");
    update(state, Msg::Command(command))
}

fn select(state: &mut State, select: Select) {
    update(state, Msg::Select(select));
}

fn chosen(state: &State) -> Vec<Place> {
    state.selection.places.iter().copied().collect()
}

#[test]
fn the_keyboard_walks_over_the_canvas() {
    use Direction::{Down, End, Home, Left, Right, Up};
    let head = Place::Thread;
    for (from, direction, to) in [
        (None, Down, at(0, 0)),
        (Some(at(0, 0)), Up, head(0)),
        (Some(head(0)), Up, head(0)),
        (Some(head(0)), Down, at(0, 0)),
        (Some(at(0, 2)), Down, at(0, 2)),
        (Some(at(0, 2)), Right, at(1, 0)),
        (Some(at(1, 0)), Right, head(2)),
        (Some(head(2)), Left, head(1)),
        (Some(head(2)), Down, head(2)),
        (Some(at(0, 1)), Home, at(0, 0)),
        (Some(at(0, 1)), End, at(0, 2)),
        (Some(head(1)), Home, head(0)),
        (Some(head(1)), End, head(2)),
        (Some(at(0, 1)), Left, at(0, 1)),
    ] {
        let mut state = state(&["a b c", "x", ""]);
        if let Some(from) = from {
            select(&mut state, Select::One(from));
        }
        let extend = false;
        update(&mut state, Msg::Cursor { direction, extend });
        assert_eq!(chosen(&state), [to], "{from:?} {direction:?}");
    }
}

#[test]
fn ranges_grow_and_kinds_do_not_mix() {
    let mut state = state(&["a b c", "x y"]);
    select(&mut state, Select::One(at(0, 1)));
    select(&mut state, Select::To(at(1, 0)));
    assert_eq!(chosen(&state), [at(0, 1), at(0, 2), at(1, 0)]);
    let extend = true;
    let direction = Direction::Down;
    update(&mut state, Msg::Cursor { direction, extend });
    assert_eq!(chosen(&state), [at(0, 1), at(0, 2), at(1, 0), at(1, 1)]);
    select(&mut state, Select::Toggle(at(0, 2)));
    assert_eq!(chosen(&state), [at(0, 1), at(1, 0), at(1, 1)]);
    select(&mut state, Select::Toggle(Place::Thread(1)));
    assert_eq!(chosen(&state), [Place::Thread(1)]);
    select(&mut state, Select::One(at(7, 7)));
    assert_eq!(chosen(&state), [Place::Thread(1)], "nothing is there");
    select(&mut state, Select::One(Place::Sequence));
    assert_eq!(chosen(&state), []);
}

#[test]
fn everything_is_chosen_in_two_strokes() {
    let mut state = state(&["a b", "x"]);
    select(&mut state, Select::One(at(0, 1)));
    command(&mut state, Command::SelectAll);
    assert_eq!(chosen(&state), [at(0, 0), at(0, 1)]);
    command(&mut state, Command::SelectAll);
    assert_eq!(chosen(&state), [at(0, 0), at(0, 1), at(1, 0)]);
}

#[test]
fn a_drag_takes_all_chosen_along_and_says_where_to() {
    let mut state = state(&["a b c", "x y"]);
    select(&mut state, Select::One(at(0, 0)));
    select(&mut state, Select::Toggle(at(0, 2)));
    update(
        &mut state,
        Msg::Drag(DragMsg::Start(DragSource::Steps(vec![at(0, 2)]))),
    );
    let over = |state: &mut State, target, is_copy| {
        update(
            state,
            Msg::Drag(DragMsg::Over {
                target: Some(target),
                is_copy,
            }),
        );
        let hint = drag_hint(state).unwrap();
        (hint.text, hint.keys, hint.is_allowed)
    };
    assert_eq!(
        over(&mut state, point(1, 1), false),
        (
            "Move 2 steps to thread 2, from step 2.2".to_owned(),
            "Hold Ctrl to copy",
            true
        )
    );
    update(&mut state, Msg::Drag(DragMsg::Drop));
    assert_eq!(words(&state), ["b", "x a c y"]);
    assert_eq!(chosen(&state), [at(1, 1), at(1, 2)]);
    command(&mut state, Command::Undo);
    assert_eq!(words(&state), ["a b c", "x y"]);

    update(
        &mut state,
        Msg::Drag(DragMsg::Start(DragSource::Steps(vec![at(1, 0)]))),
    );
    assert_eq!(
        over(&mut state, point(1, 1), false),
        ("Stays where it is".to_owned(), "Hold Ctrl to copy", false)
    );
    assert_eq!(
        over(&mut state, point(0, 3), true),
        (
            "Copy to thread 1, as step 1.4".to_owned(),
            "Release Ctrl to move",
            true
        )
    );
    update(&mut state, Msg::Drag(DragMsg::Drop));
    assert_eq!(words(&state), ["a b c x", "x y"]);
    assert_eq!(state.history.undo_label(), Some("Copy step"));
}

#[test]
fn threads_and_building_blocks_are_dragged() {
    let mut state = state(&["a", "x", ""]);
    let drag = |state: &mut State, source, target, is_copy| {
        update(state, Msg::Drag(DragMsg::Start(source)));
        update(
            state,
            Msg::Drag(DragMsg::Over {
                target: Some(target),
                is_copy,
            }),
        );
        let hint = drag_hint(state).unwrap();
        update(state, Msg::Drag(DragMsg::Drop));
        hint.text
    };
    let text = drag(
        &mut state,
        DragSource::Thread(0),
        DropPoint::NewThread(3),
        false,
    );
    assert_eq!(text, "Move to position 3");
    assert_eq!(words(&state), ["x", "", "a"]);
    let text = drag(
        &mut state,
        DragSource::Thread(0),
        DropPoint::NewThread(1),
        false,
    );
    assert_eq!(text, "Stays where it is");
    let text = drag(&mut state, DragSource::Thread(0), point(1, 0), false);
    assert_eq!(text, "A thread goes before or after another thread");
    drag(
        &mut state,
        DragSource::Thread(0),
        DropPoint::NewThread(1),
        true,
    );
    assert_eq!(words(&state), ["x", "x", "", "a"]);
    let profile = DragSource::Profile {
        agent: AgentName::new("HR").unwrap(),
        profile: ProfileName::new("Export").unwrap(),
    };
    let text = drag(&mut state, profile, DropPoint::NewThread(0), false);
    assert_eq!(text, "Add to a new thread 1");
    assert_eq!(state.document.sequence.threads[0].name, "HR");
    drag(&mut state, DragSource::NewRunProfile, point(0, 1), false);
    assert!(state.dialog.is_some());
    update(&mut state, Msg::Drag(DragMsg::Drop));
    assert_eq!(state.drag, None);
}

#[test]
fn cut_and_paste_go_through_the_clipboard() {
    let mut state = state(&["a b c", "x"]);
    select(&mut state, Select::One(at(0, 0)));
    select(&mut state, Select::Toggle(at(0, 2)));
    let effects = command(&mut state, Command::Cut);
    let text = effects.iter().find_map(|effect| match effect {
        Effect::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(words(&state), ["b", "x"]);
    assert_eq!(state.history.undo_label(), Some("Cut 2 steps"));
    select(&mut state, Select::One(at(1, 0)));
    update(&mut state, Msg::Pasted(text.unwrap()));
    assert_eq!(words(&state), ["b", "x a c"]);
    assert_eq!(chosen(&state), [at(1, 1), at(1, 2)]);

    let before = state.document.content;
    update(&mut state, Msg::Pasted("see you at 5".to_owned()));
    assert_eq!(state.document.content, before);
    assert_eq!(state.toasts.len(), 1);
    assert_eq!(state.toasts[0].kind, ToastKind::Warning);
}

#[test]
fn a_whole_file_is_pasted_as_threads() {
    let mut state = state(&["a", "b"]);
    let text = crate::format::write(&state.document.sequence);
    select(&mut state, Select::One(at(0, 0)));
    update(&mut state, Msg::Pasted(text));
    assert_eq!(words(&state), ["a", "a", "b", "b"]);
    let names = state.document.sequence.threads.iter().map(|t| &t.name);
    let names: Vec<_> = names.collect();
    assert_eq!(names, ["T0", "T0 2", "T1 2", "T1"]);
}

#[test]
fn a_search_goes_round() {
    let mut state = state(&["alpha beta", "gamma alpha"]);
    update(&mut state, Msg::Find(FindMsg::Text("ALPHA".to_owned())));
    assert_eq!(chosen(&state), [at(0, 0)]);
    for place in [at(1, 1), at(0, 0)] {
        command(&mut state, Command::FindNext);
        assert_eq!(chosen(&state), [place]);
    }
    command(&mut state, Command::FindPrevious);
    assert_eq!(chosen(&state), [at(1, 1)]);
    update(&mut state, Msg::Find(FindMsg::Text("prog".to_owned())));
    assert_eq!(state.find.as_ref().unwrap().hits.len(), 4);
    update(&mut state, Msg::Find(FindMsg::Text("t1".to_owned())));
    assert_eq!(chosen(&state), [Place::Thread(1)]);
    update(
        &mut state,
        Msg::Edit(Edit::Remove {
            places: vec![Place::Thread(1)],
        }),
    );
    assert_eq!(state.find.as_ref().unwrap().hits, []);
    update(&mut state, Msg::Find(FindMsg::Text("nowhere".to_owned())));
    assert!(Command::FindNext.availability(&state).is_err());
}

#[test]
fn the_recovery_copy_follows_the_work() {
    let mut state = state(&["a"]);
    let kinds = |effects: &[Effect]| {
        let kind = |effect: &Effect| match effect {
            Effect::Check { .. } => "check",
            Effect::KeepRecovery { .. } => "keep",
            Effect::DropRecovery => "drop",
            _ => "other",
        };
        effects.iter().map(kind).take(2).collect::<Vec<_>>()
    };
    let effects = command(&mut state, Command::AddDelay);
    assert_eq!(kinds(&effects), ["check", "keep"]);
    let effects = command(&mut state, Command::Undo);
    assert_eq!(kinds(&effects), ["check", "drop"]);
    assert!(!state.document.is_modified());
}

#[test]
fn a_typing_that_was_saved_in_between_can_be_undone_to_there() {
    let mut state = state(&["a"]);
    let rename = |state: &mut State, name: &str| {
        let mut head = super::ThreadHead::of(&state.document.sequence.threads[0]);
        head.name = name.to_owned();
        let edit = Edit::Thread {
            thread: 0,
            head: Box::new(head),
            field: super::Field::Name,
        };
        update(state, Msg::Edit(edit));
    };
    rename(&mut state, "x");
    state.document.saved_content = Some(state.document.content);
    rename(&mut state, "xy");
    rename(&mut state, "xyz");
    command(&mut state, Command::Undo);
    assert_eq!(state.document.sequence.threads[0].name, "x");
    assert!(!state.document.is_modified());
}

#[test]
fn names_are_edited_in_place() {
    let mut state = state(&["a"]);
    let rename = |state: &mut State, place, name: &str| {
        let name = name.to_owned();
        update(state, Msg::Rename { place, name });
    };
    select(&mut state, Select::One(at(0, 0)));
    command(&mut state, Command::Rename);
    assert_eq!(state.renaming, Some(at(0, 0)));
    rename(&mut state, at(0, 0), " new ");
    assert_eq!(words(&state), ["new"]);
    assert_eq!(state.renaming, None);
    rename(&mut state, at(0, 0), "");
    assert_eq!(words(&state), ["Command prog.exe"]);
    rename(&mut state, Place::Thread(0), " ");
    assert_eq!(state.document.sequence.threads[0].name, "T0");
    rename(&mut state, Place::Sequence, "Nightly");
    assert_eq!(state.document.sequence.name, "Nightly");
}

#[test]
fn steps_move_by_keys() {
    let mut state = state(&["a b", "x", ""]);
    select(&mut state, Select::One(at(0, 1)));
    command(&mut state, Command::MoveUp);
    assert_eq!(words(&state), ["b a", "x", ""]);
    assert!(Command::MoveUp.availability(&state).is_err());
    command(&mut state, Command::MoveRight);
    assert_eq!(words(&state), ["a", "b x", ""]);
    command(&mut state, Command::MoveRight);
    assert_eq!(words(&state), ["a", "x", "b"]);
    assert!(Command::MoveRight.availability(&state).is_err());
    select(&mut state, Select::One(Place::Thread(2)));
    command(&mut state, Command::MoveLeft);
    assert_eq!(words(&state), ["a", "b", "x"]);
    assert_eq!(chosen(&state), [Place::Thread(1)]);
}

#[test]
fn problems_are_shown_and_mended_in_turn() {
    let mut state = state(&["a", ""]);
    state.problems.list = check(&state.document.sequence, None);
    state.problems.content = state.document.content;
    assert_eq!(state.problems.list.len(), 1);
    command(&mut state, Command::NextProblem);
    assert_eq!(chosen(&state), [Place::Thread(1)]);
    command(&mut state, Command::ApplyFix);
    assert_eq!(words(&state), ["a"]);
    assert_eq!(state.history.undo_label(), Some("Delete thread 2"));
    assert!(
        Command::ApplyFix.availability(&state).is_err(),
        "it is being checked"
    );
}

#[test]
fn an_ended_run_gives_way_to_the_first_change_and_one_that_goes_on_does_not() {
    let run = ListedRun {
        socket: "/run".into(),
        run: RunId::new(jiff::Timestamp::UNIX_EPOCH, 1),
        sequence: String::new(),
        file: None,
        started: jiff::Timestamp::UNIX_EPOCH,
    };
    for (phase, threads, is_edited) in [
        (RunPhase::Running, 1, false),
        (RunPhase::Finished(RunOutcome::Success), 1, true),
        (RunPhase::Finished(RunOutcome::Success), 2, false),
    ] {
        let mut state = state(&[""]);
        let mut watch = Watch::new(run.clone(), RunScope::All);
        watch.summary.phase = phase;
        let thread = |index| ThreadOutline {
            name: format!("T{index}"),
            enabled: true,
            repeat: 1,
            steps: Vec::new(),
        };
        watch.summary.outline = Some(Outline {
            part: None,
            run: run.run.clone(),
            sequence: String::new(),
            file: None,
            server: String::new(),
            overlap: String::new(),
            threads: (0..threads).map(thread).collect(),
        });
        state.watch = Some(watch);
        let is_available = Command::AddDelay.availability(&state).is_ok();
        assert_eq!(is_available, is_edited, "{phase:?}");
        let at = DropPoint::NewThread(0);
        let steps = vec![super::new_delay()];
        update(&mut state, Msg::Edit(Edit::AddSteps { at, steps }));
        assert_eq!(state.document.is_modified(), is_edited, "{phase:?}");
        assert_eq!(state.watch.is_none(), is_edited, "{phase:?}");
        assert_eq!(state.toasts.is_empty(), is_edited, "{phase:?}");
        assert_eq!(state.screen, Screen::Work);
    }
}

#[test]
fn a_name_that_is_being_typed_goes_to_no_other_step() {
    let mut state = state(&["a b c"]);
    select(&mut state, Select::One(at(0, 0)));
    command(&mut state, Command::Delete);
    select(&mut state, Select::One(at(0, 0)));
    command(&mut state, Command::Rename);
    assert_eq!(state.renaming, Some(at(0, 0)));
    command(&mut state, Command::Undo);
    assert_eq!(words(&state), ["a b c"]);
    assert_eq!(state.renaming, None, "a has taken the place of b");
}

#[test]
fn a_name_that_is_being_typed_counts_before_anything_else_begins() {
    let type_name = |state: &mut State, text: &str| {
        select(state, Select::One(at(0, 0)));
        command(state, Command::Rename);
        update(state, Msg::RenameText(text.to_owned()));
    };
    for msg in [
        Msg::CloseRequested,
        Msg::Command(Command::Save),
        Msg::Command(Command::New),
        Msg::Command(Command::Start),
    ] {
        let mut state = state(&["a"]);
        type_name(&mut state, "ne");
        update(&mut state, Msg::RenameText("new".to_owned()));
        update(&mut state, msg.clone());
        assert_eq!(words(&state), ["new"], "{msg:?}");
        assert_eq!(state.renaming, None, "{msg:?}");
        assert!(state.document.is_modified(), "{msg:?}");
    }
    let mut state = state(&["a"]);
    type_name(&mut state, "new");
    update(&mut state, Msg::CancelRename);
    update(&mut state, Msg::Command(Command::Save));
    assert_ne!(words(&state), ["new"], "it was given up");
    type_name(&mut state, "other");
    update(&mut state, Msg::Command(Command::Undo));
    assert_ne!(words(&state), ["other"], "undo takes the typed name back");
}
