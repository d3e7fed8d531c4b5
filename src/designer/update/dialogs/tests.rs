//! What the buttons and fields of dialogs do.

use crate::model::{Command as Program, Place, Step, StepKind};
use crate::run::Slot;

use super::super::super::words::dialogs as words;
use super::super::super::{AfterSave, Answer, Msg, ProgramOf};
use super::super::rig::{Designer, names, path, sequence};
use super::*;

#[test]
fn dialogs_that_only_tell_are_closed_by_every_button() {
    for dialog in [
        Dialog::Settings,
        Dialog::Shortcuts,
        Dialog::About,
        Dialog::Failure {
            title: String::new(),
            sentence: String::new(),
        },
        Dialog::Runs(None),
    ] {
        for button in [
            DialogButton::Primary,
            DialogButton::Secondary,
            DialogButton::Cancel,
        ] {
            let mut designer = Designer::opened();
            designer.state.dialog = Some(dialog.clone());
            assert!(designer.press(button).is_empty());
            assert_eq!(designer.state.dialog, None);
        }
    }
}

#[test]
fn a_typed_path_is_checked_before_it_is_used() {
    for (text, problem, effects) in [
        ("  ", Some(words::PATH_EMPTY), vec![]),
        ("/data/", Some(words::PATH_FOLDER), vec![]),
        ("\"/data/b.xml\"", None, vec!["OpenFile"]),
        (" /data/b.xml ", None, vec!["OpenFile"]),
    ] {
        let mut designer = Designer::opened();
        designer.answer(Answer::NoDialog {
            purpose: PathPurpose::Open,
            folder: Some(path("")),
        });
        designer.send(Msg::DialogText {
            field: 0,
            text: text.to_owned(),
        });
        assert_eq!(names(&designer.press(DialogButton::Primary)), effects);
        let said = match &designer.state.dialog {
            Some(Dialog::Path { problem, .. }) => problem.as_deref(),
            _ => None,
        };
        assert_eq!(said, problem, "{text}");
    }
}

#[test]
fn a_typed_path_may_count_from_the_folder_of_the_open_file() {
    let open = |mut designer: Designer| {
        designer.answer(Answer::NoDialog {
            purpose: PathPurpose::Open,
            folder: Some(path("")),
        });
        designer.send(Msg::DialogText {
            field: 0,
            text: "two.xml".to_owned(),
        });
        let effects = designer.press(DialogButton::Primary);
        (designer, effects)
    };
    let opened = Designer::opened();
    let file = opened.state.document.file.clone().unwrap();
    let folder = file.parent().unwrap();
    let (designer, effects) = open(opened);
    assert!(
        matches!(effects.as_slice(), [Effect::OpenFile(file)] if *file == folder.join("two.xml"))
    );
    let said = words::counted_from(&folder.display().to_string());
    assert_eq!(designer.toasts(), [said]);

    let (designer, effects) = open(Designer::new());
    assert!(effects.is_empty());
    let problem = match &designer.state.dialog {
        Some(Dialog::Path { problem, .. }) => problem.as_deref(),
        _ => None,
    };
    assert_eq!(problem, Some(words::PATH_RELATIVE));
}

#[test]
fn a_chosen_path_goes_where_it_was_asked_for() {
    let mut designer = Designer::opened();
    let mut edited = (*designer.state.document.sequence).clone();
    edited.threads[0].steps[0].processing.pre = vec![Program::new("old")];
    designer.open("a.xml", edited, "d2");
    let of = ProgramOf {
        place: Place::Step { thread: 0, step: 0 },
        slot: Slot::PreProcessing(0),
    };
    for (purpose, file) in [
        (PathPurpose::LogFile, path("logs/a.log")),
        (PathPurpose::CaFile, "/etc/ca.pem".into()),
        (PathPurpose::Program(of), path("copy.sh")),
        (PathPurpose::Directory(of), path("feeds")),
    ] {
        let asked = designer.send(Msg::Browse(purpose.clone()));
        assert_eq!(names(&asked), ["ChoosePath"]);
        let effects = designer.answer(Answer::PathChosen {
            purpose,
            path: file,
        });
        assert!(names(&effects).contains(&"Check".to_owned()));
    }
    let sequence = &designer.state.document.sequence;
    assert_eq!(sequence.log.file.as_deref(), Some("logs/a.log"));
    assert_eq!(sequence.server.ca_file.as_deref(), Some("/etc/ca.pem"));
    let command = &sequence.threads[0].steps[0].processing.pre[0];
    assert_eq!(command.program, "copy.sh");
    assert_eq!(command.directory.as_deref(), Some("feeds"));
    let gone = ProgramOf {
        place: Place::Thread(7),
        slot: Slot::Main,
    };
    designer.send(Msg::Browse(PathPurpose::Program(gone)));
    let effects = designer.answer(Answer::PathChosen {
        purpose: PathPurpose::Program(gone),
        path: path("x"),
    });
    assert!(effects.is_empty());
}

#[test]
fn a_chosen_path_does_not_go_to_what_took_the_place_meanwhile() {
    let of = ProgramOf {
        place: Place::Step { thread: 0, step: 0 },
        slot: Slot::Main,
    };
    let purpose = PathPurpose::Program(of);
    let chosen = Answer::PathChosen {
        purpose: purpose.clone(),
        path: path("copy.sh"),
    };
    let step = |name: &str| Step {
        name: Some(name.to_owned()),
        ..Step::new(StepKind::Command(Program::new("")))
    };
    let mut sequence = sequence();
    sequence.threads[0].steps = vec![step("mine"), step("other")];
    let mut designer = Designer::new();
    designer.open("a.xml", sequence, "d1");
    designer.send(Msg::Browse(purpose));
    let places = vec![of.place];
    designer.send(Msg::Edit(Edit::Remove { places }));
    designer.answer(chosen.clone());
    let steps = &designer.state.document.sequence.threads[0].steps;
    assert_eq!(*steps, [step("other")]);
    assert_eq!(designer.toasts(), [words::PATH_NOT_USED]);
    // Another document did not ask at all.
    let before = designer.state.document.content;
    designer.answer(chosen);
    assert_eq!(designer.state.document.content, before);
}

#[test]
fn a_run_profile_is_added_by_its_names() {
    let mut designer = Designer::opened();
    designer.state.dialog = Some(Dialog::NewRunProfile {
        at: DropPoint::In { thread: 0, step: 1 },
        agent: String::new(),
        profile: String::new(),
    });
    let text = "AD".to_owned();
    designer.send(Msg::DialogText { field: 0, text });
    assert!(designer.press(DialogButton::Primary).is_empty());
    assert!(designer.state.dialog.is_some());
    let text = "Export".to_owned();
    designer.send(Msg::DialogText { field: 1, text });
    designer.press(DialogButton::Primary);
    let steps = &designer.state.document.sequence.threads[0].steps;
    assert_eq!(steps[1].label(), "AD · Export");
    assert_eq!(designer.state.dialog, None);
}

#[test]
fn every_dialog_has_words_and_a_safe_default() {
    let designer = Designer::opened();
    let then = AfterSave::Exit;
    for dialog in [
        Dialog::Unsaved { then: then.clone() },
        Dialog::ChangedOnDisk { is_saving: true },
        Dialog::ChangedOnDisk { is_saving: false },
        Dialog::LeaveRun { then },
        Dialog::Recovery { copies: Vec::new() },
        Dialog::ConfirmStopNow,
        Dialog::Runs(Some(Vec::new())),
        Dialog::About,
    ] {
        let said = words::dialog(&designer.state, &dialog);
        assert!(!said.title.is_empty() && !said.cancel.is_empty());
        let default = match said.default {
            DialogButton::Primary => said.primary,
            DialogButton::Secondary => said.secondary,
            DialogButton::Cancel => Some(said.cancel),
        };
        let default = default.unwrap_or_else(|| panic!("{dialog:?}"));
        let loses = ["Overwrite", "Stop", "Don’t", "Throw", "Read theirs"];
        assert!(
            loses.iter().all(|word| !default.starts_with(word)),
            "{default}"
        );
    }
}
