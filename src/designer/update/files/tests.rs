//! Stories about files: what a person does, what the disk answers, what becomes of the work.

use jiff::Timestamp;

use crate::model::Transport;
use crate::settings::{RecentFile, Settings};

use super::super::super::words::files as words;
use super::super::super::{
    Answer, Command, DialogButton, FileStamp, Msg, RecoveryCopy, ToastAction, begin,
};
use super::super::rig::{Designer, names, path, sequence, stamp};
use super::*;

const PRIMARY: DialogButton = DialogButton::Primary;
const SECONDARY: DialogButton = DialogButton::Secondary;
const CANCEL: DialogButton = DialogButton::Cancel;

fn saves(effects: &[Effect]) -> Vec<(PathBuf, Option<FileStamp>)> {
    let saves = effects.iter().filter_map(|effect| match effect {
        Effect::SaveFile { file, expected, .. } => Some((file.clone(), expected.clone())),
        _ => None,
    });
    saves.collect()
}

#[test]
fn the_start_looks_for_copies_and_recent_files() {
    let mut settings = Settings::default();
    assert_eq!(
        names(&begin(&mut State::new(settings.clone()))),
        ["FindRecovery", "ReadInventory"]
    );
    settings.remember(RecentFile {
        path: path("a.xml"),
        opened: Timestamp::UNIX_EPOCH,
        threads: 0,
        steps: 0,
    });
    let mut state = State::new(settings);
    assert_eq!(
        names(&begin(&mut state)),
        ["FindRecovery", "LookAtRecent", "ReadInventory"]
    );
    let mut designer = Designer { state };
    designer.answer(Answer::RecentSeen(vec![(path("a.xml"), false)]));
    assert!(!designer.state.recent_seen[&path("a.xml")]);
    designer.send(Msg::ClearRecent);
    assert!(designer.state.settings.recent.is_empty());
    assert!(designer.state.recent_seen.is_empty());
}

#[test]
fn new_is_one_empty_thread_and_asks_nothing_when_nothing_is_unsaved() {
    for mut designer in [Designer::new(), Designer::opened()] {
        let effects = designer.command(Command::New);
        assert_eq!(names(&effects), ["WatchFile", "Check", "DropRecovery"]);
        let document = &designer.state.document;
        assert_eq!(document.sequence.threads, [Thread::new("Thread 1")]);
        assert!(!document.is_modified() && document.file.is_none());
        assert_eq!(designer.state.screen, Screen::Work);
    }
}

#[test]
fn an_opened_file_is_remembered_watched_and_looked_for_among_the_runs() {
    let mut designer = Designer::new();
    let effects = designer.command(Command::Open);
    assert_eq!(names(&effects), ["ChoosePath"]);
    let effects = designer.answer(Answer::PathChosen {
        purpose: PathPurpose::Open,
        path: path("a.xml"),
    });
    assert_eq!(names(&effects), ["OpenFile"]);
    let opened = Answer::Opened {
        file: path("a.xml"),
        sequence: Box::new(sequence()),
        stamp: stamp("d1"),
        at: Timestamp::UNIX_EPOCH,
    };
    let effects = designer.answer(opened.clone());
    assert_eq!(
        names(&effects),
        [
            "WatchFile",
            "Check",
            "SaveSettings",
            "DropRecovery",
            "FindRuns"
        ]
    );
    let recent = &designer.state.settings.recent[0];
    assert_eq!((recent.threads, recent.steps), (1, 1));
    assert!(!designer.state.document.is_modified());
    // An answer that nobody waits for changes nothing.
    designer.draw();
    assert!(designer.answer(opened).is_empty());
    assert!(designer.state.document.is_modified());
}

#[test]
fn an_opened_file_fills_the_server_fields_unless_connected() {
    let mut with_server = sequence();
    with_server.server.host = Some("mim02".to_owned());
    with_server.server.user = Some("CORP\\b".to_owned());
    let mut designer = Designer::new();
    designer.open("b.xml", with_server.clone(), "d1");
    assert_eq!(designer.state.fields.host, "mim02");
    assert_eq!(designer.state.fields.user, "CORP\\b");
    let mut designer = Designer::connected();
    designer.open("b.xml", with_server, "d1");
    assert_eq!(designer.state.fields.host, "mim01");
}

#[test]
fn a_file_named_by_a_part_of_its_path_is_known_by_its_answer() {
    for (asked, answered, is_known) in [
        ("full/a.xml", "/data/full/a.xml", true),
        ("./a.xml", "/data/a.xml", true),
        ("/data/x/../a.xml", "/data/a.xml", true),
        ("/data/a.xml", "/data/x/a.xml", false),
        ("b.xml", "/data/a.xml", false),
    ] {
        let mut designer = Designer::new();
        designer.send(Msg::OpenFile(asked.into()));
        designer.answer(Answer::Opened {
            file: answered.into(),
            sequence: Box::new(sequence()),
            stamp: stamp("d1"),
            at: Timestamp::UNIX_EPOCH,
        });
        let is_open = designer.state.document.file == Some(answered.into());
        assert_eq!(is_open, is_known, "{asked}");
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_leaves_everything() {
    let mut designer = Designer::opened();
    designer.send(Msg::OpenFile(path("b.xml")));
    designer.answer(Answer::NotOpened {
        file: path("b.xml"),
        sentence: "b.xml, line 3: no".to_owned(),
    });
    let expected = Dialog::Failure {
        title: words::NOT_OPENED.to_owned(),
        sentence: "b.xml, line 3: no".to_owned(),
    };
    assert_eq!(designer.state.dialog, Some(expected));
    assert_eq!(designer.state.document.file, Some(path("a.xml")));
}

#[test]
fn a_name_is_for_the_document_for_which_it_was_asked() {
    let mut designer = Designer::opened();
    designer.command(Command::SaveAs);
    // The system's dialog is open; another document takes this one's place.
    designer.command(Command::New);
    let effects = designer.answer(Answer::PathChosen {
        purpose: PathPurpose::SaveAs { then: None },
        path: path("other.xml"),
    });
    assert!(effects.is_empty());
    assert_eq!(designer.state.document.file, None);
    assert_eq!(
        designer.toasts().last(),
        Some(&crate::designer::words::dialogs::PATH_NOT_USED)
    );
}

#[test]
fn the_first_save_asks_for_a_name_and_gives_it_its_ending() {
    let mut designer = Designer::new();
    designer.command(Command::New);
    designer.draw();
    let effects = designer.command(Command::Save);
    let Some(Effect::ChoosePath { purpose, name, .. }) = effects.into_iter().next() else {
        panic!("no question");
    };
    assert_eq!(name.as_deref(), Some("New sequence.xml"));
    // The dialog asked about `full`; what is written is another file that may be there.
    for (chosen, file, expected) in [
        ("full", "full.xml", Some(FileStamp::of_no_file())),
        ("full.xml", "full.xml", None),
        ("full.masq", "full.masq", None),
    ] {
        let mut designer = Designer {
            state: designer.state.clone(),
        };
        let effects = designer.answer(Answer::PathChosen {
            purpose: purpose.clone(),
            path: path(chosen),
        });
        assert_eq!(saves(&effects), [(path(file), expected)]);
        assert!(designer.state.document.is_saving);
        let effects = designer.saved(file, "d2");
        assert_eq!(
            names(&effects),
            ["WatchFile", "SaveSettings", "DropRecovery"]
        );
        let document = &designer.state.document;
        assert!(!document.is_modified() && !document.is_saving);
        assert_eq!(document.file, Some(path(file)));
        assert_eq!(document.sequence.name, "");
        assert_eq!(designer.toasts(), [words::SAVED]);
    }
}

#[test]
fn work_that_goes_on_during_a_save_stays_unsaved() {
    let mut designer = Designer::opened();
    designer.draw();
    let content = designer.state.document.content;
    designer.command(Command::Save);
    assert!(designer.command(Command::Save).is_empty());
    designer.draw();
    let effects = designer.answer(Answer::Saved {
        file: path("a.xml"),
        content,
        stamp: stamp("d2"),
        at: Timestamp::UNIX_EPOCH,
    });
    assert!(designer.state.document.is_modified());
    assert_eq!(
        names(&effects),
        ["WatchFile", "SaveSettings", "KeepRecovery"]
    );
}

#[test]
fn a_save_that_fails_keeps_the_work_and_does_not_go_on() {
    let mut designer = Designer::opened();
    designer.draw();
    designer.command(Command::Exit);
    designer.press(PRIMARY);
    let effects = designer.answer(Answer::NotSaved {
        file: path("a.xml"),
        sentence: "the disk is full".to_owned(),
    });
    assert!(effects.is_empty());
    assert_eq!(designer.toasts(), [words::NOT_SAVED]);
    assert!(designer.state.document.is_modified() && !designer.state.document.is_saving);
    designer.command(Command::Save);
    designer.saved("a.xml", "d2");
    assert_eq!(designer.toasts(), [words::SAVED]);
}

#[test]
fn unsaved_work_is_asked_about_before_it_would_be_lost() {
    for (command, then, goes_on) in [
        (Command::New, AfterSave::New, "WatchFile"),
        (Command::Open, AfterSave::Open, "ChoosePath"),
        (Command::Close, AfterSave::Welcome, "WatchFile"),
        (Command::Exit, AfterSave::Exit, "DropRecovery"),
    ] {
        let mut designer = Designer::opened();
        designer.draw();
        let effects = designer.command(command);
        assert!(effects.is_empty(), "{effects:?}");
        assert_eq!(designer.state.dialog, Some(Dialog::Unsaved { then }));
        let asked = designer.state.clone();

        let mut stay = Designer {
            state: asked.clone(),
        };
        assert!(stay.press(CANCEL).is_empty());
        assert!(stay.state.dialog.is_none() && stay.state.document.is_modified());

        let mut discard = Designer {
            state: asked.clone(),
        };
        let effects = discard.press(SECONDARY);
        assert_eq!(names(&effects).first().map(String::as_str), Some(goes_on));

        let mut save = Designer { state: asked };
        let effects = save.press(PRIMARY);
        assert_eq!(saves(&effects), [(path("a.xml"), Some(stamp("d1")))]);
        let effects = names(&save.saved("a.xml", "d2"));
        assert!(effects.iter().any(|name| name == goes_on), "{effects:?}");
    }
}

#[test]
fn discarding_before_a_file_is_chosen_asks_once_and_only_for_that() {
    let mut designer = Designer::opened();
    designer.draw();
    designer.command(Command::Open);
    designer.press(SECONDARY);
    let mut cancelled = Designer {
        state: designer.state.clone(),
    };
    let chosen = Answer::PathChosen {
        purpose: PathPurpose::Open,
        path: path("b.xml"),
    };
    assert_eq!(names(&designer.answer(chosen)), ["OpenFile"]);
    // Nothing was chosen: the work is not given up for the next question.
    cancelled.answer(Answer::PathCancelled);
    cancelled.command(Command::Exit);
    let then = AfterSave::Exit;
    assert_eq!(cancelled.state.dialog, Some(Dialog::Unsaved { then }));
}

#[test]
fn work_done_while_a_file_is_read_is_asked_about() {
    let mut designer = Designer::opened();
    designer.send(Msg::OpenFile(path("b.xml")));
    designer.draw();
    designer.answer(Answer::Opened {
        file: path("b.xml"),
        sequence: Box::default(),
        stamp: stamp("b1"),
        at: Timestamp::UNIX_EPOCH,
    });
    let then = AfterSave::OpenFile(path("b.xml"));
    assert_eq!(designer.state.dialog, Some(Dialog::Unsaved { then }));
    assert_eq!(designer.state.document.file, Some(path("a.xml")));
}

#[test]
fn closing_the_window_during_a_save_waits_for_its_end() {
    let mut designer = Designer::opened();
    designer.draw();
    designer.command(Command::Save);
    assert!(designer.send(Msg::CloseRequested).is_empty());
    assert_eq!(designer.state.dialog, None);
    let effects = names(&designer.saved("a.xml", "d2"));
    assert_eq!(effects.last().map(String::as_str), Some("CloseWindow"));
}

#[test]
fn a_change_by_others_is_never_overwritten_unasked() {
    let begun = || {
        let mut designer = Designer::opened();
        designer.draw();
        designer.command(Command::Save);
        let effects = designer.answer(Answer::ChangedUnderneath {
            file: path("a.xml"),
            theirs: Some(stamp("theirs")),
        });
        assert!(effects.is_empty());
        let dialog = Dialog::ChangedOnDisk { is_saving: true };
        assert_eq!(designer.state.dialog, Some(dialog));
        designer
    };
    let mut overwrite = begun();
    assert_eq!(saves(&overwrite.press(PRIMARY)), [(path("a.xml"), None)]);

    let mut stay = begun();
    assert!(stay.press(CANCEL).is_empty());
    assert!(stay.state.document.is_modified() && !stay.state.document.is_saving);
    // The next save asks again.
    let expected = Some(stamp("d1"));
    assert_eq!(
        saves(&stay.command(Command::Save)),
        [(path("a.xml"), expected)]
    );

    let mut theirs = begun();
    assert_eq!(names(&theirs.press(SECONDARY)), ["OpenFile"]);
    let mut other = sequence();
    other.name = "Theirs".to_owned();
    theirs.answer(Answer::Opened {
        file: path("a.xml"),
        sequence: Box::new(other),
        stamp: stamp("theirs"),
        at: Timestamp::UNIX_EPOCH,
    });
    assert_eq!(theirs.state.document.sequence.name, "Theirs");
    assert!(!theirs.state.document.is_modified());
    theirs.command(Command::Undo);
    assert_eq!(theirs.state.document.sequence.threads.len(), 2);
    assert!(theirs.state.document.is_modified());
}

#[test]
fn a_file_that_was_deleted_is_written_without_a_question() {
    let mut designer = Designer::opened();
    designer.draw();
    designer.command(Command::Save);
    let file = path("a.xml");
    let effects = designer.answer(Answer::ChangedUnderneath { file, theirs: None });
    assert_eq!(saves(&effects), [(path("a.xml"), None)]);
}

#[test]
fn an_existing_file_of_a_typed_name_is_asked_about() {
    let mut designer = Designer::opened();
    designer.draw();
    let effects = designer.command(Command::SaveAs);
    let Some(Effect::ChoosePath {
        purpose, folder, ..
    }) = effects.into_iter().next()
    else {
        panic!("no question");
    };
    designer.answer(Answer::NoDialog { purpose, folder });
    let text = "/data/b".to_owned();
    designer.send(Msg::DialogText { field: 0, text });
    let effects = designer.press(PRIMARY);
    let expected = Some(FileStamp::of_no_file());
    assert_eq!(saves(&effects), [(path("b.xml"), expected)]);
    designer.answer(Answer::ChangedUnderneath {
        file: path("b.xml"),
        theirs: Some(stamp("x")),
    });
    assert!(matches!(
        designer.state.document.disk,
        super::super::super::DiskState::Same(_)
    ));
    let asked = designer.state.clone();
    assert_eq!(saves(&designer.press(PRIMARY)), [(path("b.xml"), None)]);
    designer.saved("b.xml", "d9");
    assert_eq!(designer.state.document.file, Some(path("b.xml")));
    let mut other_name = Designer { state: asked };
    assert_eq!(names(&other_name.press(SECONDARY)), ["ChoosePath"]);
}

#[test]
fn an_untouched_document_follows_its_file_and_undo_brings_it_back() {
    let mut designer = Designer::opened();
    let theirs = Some(stamp("d1"));
    assert!(
        designer
            .answer(Answer::DiskChanged {
                file: path("a.xml"),
                theirs
            })
            .is_empty()
    );
    let theirs = Some(stamp("d2"));
    let effects = designer.answer(Answer::DiskChanged {
        file: path("a.xml"),
        theirs,
    });
    assert_eq!(names(&effects), ["OpenFile"]);
    let mut other = sequence();
    other.name = "Theirs".to_owned();
    designer.answer(Answer::Opened {
        file: path("a.xml"),
        sequence: Box::new(other),
        stamp: stamp("d2"),
        at: Timestamp::UNIX_EPOCH,
    });
    assert_eq!(designer.state.document.sequence.name, "Theirs");
    assert!(!designer.state.document.is_modified());
    let toast = designer.state.toasts[0].clone();
    assert_eq!(toast.title, words::READ_AGAIN);
    let undo = toast.action.clone().unwrap();
    assert!(matches!(undo, ToastAction::Undo(_)));
    // A newer change would be the one that is taken back.
    designer.send(Msg::Command(Command::AddThread));
    assert!(!undo.is_possible(&designer.state));
    let mut newer = designer.state.clone();
    crate::designer::update(&mut newer, Msg::ToastAction(toast.id));
    assert_eq!(newer.document.sequence, designer.state.document.sequence);
    designer.send(Msg::Command(Command::Undo));
    assert!(undo.is_possible(&designer.state));
    designer.send(Msg::ToastAction(toast.id));
    assert_eq!(designer.state.document.sequence.name, "");
    assert!(designer.state.document.is_modified());
}

#[test]
fn a_change_by_others_beside_unsaved_work_is_only_told() {
    let mut designer = Designer::opened();
    designer.draw();
    let theirs = Some(stamp("d2"));
    assert!(
        designer
            .answer(Answer::DiskChanged {
                file: path("a.xml"),
                theirs
            })
            .is_empty()
    );
    let toast = designer.state.toasts[0].clone();
    assert_eq!(toast.action, Some(ToastAction::Reload));
    assert!(designer.state.document.is_modified());
    assert_eq!(
        names(&designer.send(Msg::ToastAction(toast.id))),
        ["OpenFile"]
    );
}

#[test]
fn a_file_that_is_gone_and_comes_back_is_the_same_file() {
    let mut designer = Designer::opened();
    let effects = designer.answer(Answer::DiskChanged {
        file: path("a.xml"),
        theirs: None,
    });
    assert_eq!(names(&effects), ["KeepRecovery"]);
    assert!(designer.state.document.is_modified());
    let mut written = Designer {
        state: designer.state.clone(),
    };
    let theirs = Some(stamp("d1"));
    assert!(
        designer
            .answer(Answer::DiskChanged {
                file: path("a.xml"),
                theirs
            })
            .is_empty()
    );
    assert!(!designer.state.document.is_modified());
    // Save writes it again, but not over what somebody else put there meanwhile.
    let expected = Some(FileStamp::of_no_file());
    assert_eq!(
        saves(&written.command(Command::Save)),
        [(path("a.xml"), expected)]
    );
}

fn copy(id: &str, second: i64) -> RecoveryCopy {
    RecoveryCopy {
        id: id.to_owned(),
        file: Some(path("a.xml")),
        written: Timestamp::from_second(second).unwrap(),
    }
}

#[test]
fn interrupted_work_is_offered_and_stays_unsaved_until_it_is_saved() {
    let mut designer = Designer::new();
    designer.answer(Answer::RecoveryFound(Vec::new()));
    assert_eq!(designer.state.dialog, None);
    designer.answer(Answer::RecoveryFound(vec![copy("old", 1), copy("new", 2)]));
    let copies = vec![copy("new", 2), copy("old", 1)];
    assert_eq!(designer.state.dialog, Some(Dialog::Recovery { copies }));
    let effects = designer.send(Msg::DiscardRecovery("old".to_owned()));
    assert_eq!(names(&effects), ["DiscardRecovery"]);
    let effects = designer.press(PRIMARY);
    assert!(matches!(&effects[..], [Effect::TakeRecovery(id)] if id == "new"));
    let effects = designer.answer(Answer::Recovered {
        file: Some(path("a.xml")),
        sequence: Box::new(sequence()),
        stamp: Some(stamp("d1")),
    });
    assert_eq!(
        names(&effects),
        [
            "WatchFile",
            "Check",
            "KeepRecovery",
            "DiscardRecovery",
            "FindRuns"
        ]
    );
    assert!(designer.state.document.is_modified());
    let expected = Some(stamp("d1"));
    assert_eq!(
        saves(&designer.command(Command::Save)),
        [(path("a.xml"), expected)]
    );
    let effects = names(&designer.saved("a.xml", "d2"));
    assert!(effects.contains(&"DropRecovery".to_owned()));
}

#[test]
fn copies_can_be_thrown_away_or_left_for_later() {
    let mut designer = Designer::new();
    let copies = vec![copy("a", 1), copy("b", 2)];
    designer.answer(Answer::RecoveryFound(copies));
    let mut later = Designer {
        state: designer.state.clone(),
    };
    let effects = designer.press(SECONDARY);
    assert_eq!(names(&effects), ["DiscardRecovery", "DiscardRecovery"]);
    assert!(later.press(CANCEL).is_empty());
    assert_eq!(later.state.dialog, None);
}

#[test]
fn a_new_document_takes_the_connected_server() {
    let mut designer = Designer::connected();
    designer.command(Command::New);
    let server = &designer.state.document.sequence.server;
    assert_eq!(server.host.as_deref(), Some("mim01"));
    assert_eq!(server.user.as_deref(), Some("CORP\\svc"));
    assert!(!designer.state.document.is_modified());
    let mut demo = Designer::new();
    demo.command(Command::ConnectDemo);
    let connected = demo.connected_answer();
    demo.answer(connected);
    demo.command(Command::New);
    let server = &demo.state.document.sequence.server;
    assert_eq!(server.transport, Transport::Demo);
}

#[test]
fn the_file_of_the_command_line_does_not_hide_interrupted_work() {
    for can_read in [true, false] {
        let mut designer = Designer::new();
        designer.send(Msg::OpenFile(path("a.xml")));
        let copies = vec![copy("c", 1)];
        designer.answer(Answer::RecoveryFound(copies.clone()));
        designer.answer(if can_read {
            Answer::Opened {
                file: path("a.xml"),
                sequence: Box::new(sequence()),
                stamp: stamp("d1"),
                at: Timestamp::UNIX_EPOCH,
            }
        } else {
            Answer::NotOpened {
                file: path("a.xml"),
                sentence: "It is not there.".to_owned(),
            }
        });
        assert_eq!(designer.state.document.file.is_some(), can_read);
        assert_eq!(designer.state.dialog, Some(Dialog::Recovery { copies }));
        let effects = designer.press(PRIMARY);
        assert_eq!(names(&effects), ["TakeRecovery"]);
    }
}

#[test]
fn work_done_while_a_copy_is_read_is_asked_about_first() {
    let mut designer = Designer::opened();
    designer.answer(Answer::RecoveryFound(vec![copy("c", 1)]));
    designer.press(PRIMARY);
    designer.draw();
    let recovered = Answer::Recovered {
        file: Some(path("b.xml")),
        sequence: Box::new(Sequence::default()),
        stamp: None,
    };
    assert!(designer.answer(recovered.clone()).is_empty());
    let then = AfterSave::Recover("c".to_owned());
    assert_eq!(designer.state.dialog, Some(Dialog::Unsaved { then }));
    assert_eq!(designer.state.document.file, Some(path("a.xml")));
    // Nobody asked for it any more.
    assert!(designer.answer(recovered).is_empty());
    assert_eq!(names(&designer.press(SECONDARY)), ["TakeRecovery"]);
}

#[test]
fn what_is_told_of_another_file_is_not_for_this_one() {
    let mut designer = Designer::opened();
    let effects = designer.answer(Answer::DiskChanged {
        file: path("before.xml"),
        theirs: None,
    });
    assert!(effects.is_empty());
    assert!(!designer.state.document.is_modified());
}

#[test]
fn another_document_takes_nothing_over_from_messages_or_saves() {
    let mut designer = Designer::opened();
    designer.draw();
    designer.answer(Answer::DiskChanged {
        file: path("a.xml"),
        theirs: Some(stamp("d2")),
    });
    assert_eq!(designer.toasts().len(), 1);
    designer.command(Command::New);
    designer.press(SECONDARY);
    assert!(
        designer.state.toasts.is_empty(),
        "read again would be a lie"
    );
}

#[test]
fn a_change_by_others_closes_no_dialog_that_is_being_answered() {
    let mut designer = Designer::opened();
    designer.command(Command::Preferences);
    let theirs = Some(stamp("d2"));
    let effects = designer.answer(Answer::DiskChanged {
        file: path("a.xml"),
        theirs,
    });
    assert_eq!(names(&effects), ["OpenFile"]);
    assert_eq!(designer.state.dialog, Some(Dialog::Settings));
}

#[test]
fn interrupted_work_waits_until_nothing_else_is_asked() {
    let mut designer = Designer::new();
    designer.state.dialog = Some(Dialog::About);
    designer.answer(Answer::RecoveryFound(vec![copy("a", 1)]));
    assert_eq!(designer.state.dialog, Some(Dialog::About));
    designer.press(PRIMARY);
    let question = Dialog::Recovery {
        copies: vec![copy("a", 1)],
    };
    assert_eq!(designer.state.dialog, Some(question.clone()));
    // Another dialog takes its place before the person has answered.
    designer.state.dialog = Some(Dialog::Settings);
    designer.press(CANCEL);
    assert_eq!(designer.state.dialog, Some(question));
    designer.press(CANCEL);
    assert_eq!(designer.state.dialog, None);
    designer.command(Command::New);
    assert_eq!(designer.state.dialog, None, "it was answered");
}
