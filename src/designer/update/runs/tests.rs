//! Stories about runs: starting, watching, leaving, coming back.

use crate::check::check;
use crate::mim::AgentName;
use crate::model::StepKind;
use crate::run::{RunEventKind, StepOutcome};

use super::super::super::watch::rig::{Story, listed, outline};
use super::super::super::{AfterSave, Answer, Command, DialogButton, Msg};
use super::super::rig::{Designer, PASSWORD, names, path, sequence, stamp};
use super::*;

fn order(effects: &[Effect]) -> &StartOrder {
    let order = effects.iter().find_map(|effect| match effect {
        Effect::StartRun(order) => Some(order),
        _ => None,
    });
    order.unwrap_or_else(|| panic!("{effects:?}"))
}

fn running() -> Designer {
    let mut designer = Designer::connected();
    let effects = designer.command(Command::Start);
    let token = Some(order(&effects).token);
    designer.answer(Answer::RunStarted {
        token,
        run: listed(),
    });
    tell(&mut designer, &Story::new(outline()).step_started(0, 0));
    designer.state.toasts.clear();
    designer
}

fn tell(designer: &mut Designer, story: &Story) -> Vec<Effect> {
    designer.answer(Answer::RunUpdates(story.updates()))
}

fn ended(outcome: RunOutcome) -> Story {
    Story::new(outline())
        .step_started(0, 0)
        .step_finished(0, 0, StepOutcome::Success, "")
        .run_finished(outcome)
}

#[test]
fn a_start_orders_what_is_drawn_on_the_connected_server() {
    let mut designer = Designer::connected();
    let effects = designer.command(Command::Start);
    assert_eq!(names(&effects), ["StartRun"]);
    let order = order(&effects);
    assert_eq!(order.file, Some(path("a.xml")));
    assert_eq!(*order.sequence, sequence());
    assert_eq!(order.password.as_ref().map(|p| p.reveal()), Some(PASSWORD));
    assert!(designer.state.is_starting && designer.toasts().is_empty());
    // A second start is refused as long as the first is under way.
    assert!(start(&mut designer.state, RunScope::All).is_empty());
    assert_eq!(designer.toasts(), [words::ALREADY_RUNNING]);
}

#[test]
fn nothing_is_left_while_a_run_is_being_started() {
    let mut designer = Designer::connected();
    designer.command(Command::Start);
    for command in [Command::New, Command::Close, Command::Exit] {
        let file = designer.state.document.file.clone();
        assert!(designer.command(command).is_empty(), "{command:?}");
        assert_eq!(designer.state.document.file, file);
        assert!(designer.state.is_starting && designer.state.dialog.is_none());
        assert_eq!(designer.toasts().last(), Some(&words::IS_STARTING));
    }
}

#[test]
fn unsaved_work_runs_as_it_is_and_that_is_said() {
    let mut designer = Designer::connected();
    designer.draw();
    // An empty thread is nothing that keeps a sequence from running.
    let effects = designer.command(Command::Start);
    assert_eq!(order(&effects).sequence.threads.len(), 2);
    // Not before it runs: it may yet fail to start.
    assert!(designer.toasts().is_empty());
    let token = Some(order(&effects).token);
    let run = listed();
    designer.answer(Answer::RunStarted { token, run });
    assert_eq!(designer.toasts(), [words::UNSAVED]);
}

#[test]
fn a_file_that_changed_during_a_run_is_read_again_afterwards() {
    let mut designer = running();
    tell(&mut designer, &ended(RunOutcome::Failed));
    let theirs = Some(stamp("d9"));
    let file = path("a.xml");
    assert!(
        designer
            .answer(Answer::DiskChanged { file, theirs })
            .is_empty()
    );
    // Once more: what is seen is not what lies on the disk, and the last end is no news.
    let effects = designer.command(Command::Start);
    let token = Some(order(&effects).token);
    let run = listed();
    designer.answer(Answer::RunStarted { token, run });
    let toasts: Vec<&str> = designer.state.toasts.iter().map(|it| &*it.text).collect();
    assert_eq!(
        toasts,
        [file_words::CHANGED_WHILE_RUNNING, words::UNREAD_TEXT]
    );

    let mut designer = running();
    tell(&mut designer, &ended(RunOutcome::Success));
    designer.answer(Answer::DiskChanged {
        file: path("a.xml"),
        theirs: Some(stamp("d9")),
    });
    let effects = designer.command(Command::BackToEditing);
    assert_eq!(names(&effects), ["Detach", "OpenFile"]);
}

#[test]
fn a_start_without_a_server_connects_first() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", PASSWORD);
    let effects = designer.command(Command::Start);
    assert_eq!(names(&effects), ["Connect"]);
    let connected = designer.connected_answer();
    let effects = designer.answer(connected);
    assert_eq!(names(&effects).last().map(String::as_str), Some("StartRun"));
    assert_eq!(designer.state.start_after_connect, None);

    let mut demo = sequence();
    demo.server.transport = Transport::Demo;
    let mut designer = Designer::new();
    designer.open("demo.xml", demo, "d1");
    let effects = start(&mut designer.state, RunScope::OnlyThread(0));
    assert_eq!(names(&effects), ["Connect"]);
    assert!(start(&mut designer.state, RunScope::OnlyThread(0)).is_empty());
    let connected = designer.connected_answer();
    let effects = designer.answer(connected);
    assert_eq!(
        order(&effects).choice,
        super::super::super::ServerChoice::Demo
    );

    let mut nowhere = Designer::opened();
    let effects = nowhere.command(Command::Start);
    assert_eq!(names(&effects), ["Focus"]);
    assert_eq!(nowhere.state.start_after_connect, None);
}

#[test]
fn what_cannot_run_is_not_started() {
    // The server has no agent of this name.
    let mut broken = sequence();
    let mut second = broken.threads[0].clone();
    second.name = "Second".to_owned();
    if let StepKind::RunProfile(run) = &mut second.steps[0].kind {
        run.agent = AgentName::new("SAP").unwrap();
    }
    broken.threads.push(second);
    let mut designer = Designer::connected();
    designer.open("b.xml", broken, "d1");
    designer.state.settings.bottom_tab = BottomTab::Log;
    let effects = start(&mut designer.state, RunScope::All);
    let given = order(&effects);
    let mut errors = check(&given.sequence, given.agents.as_deref());
    errors.retain(|problem| problem.severity == Severity::Error);
    assert_eq!(errors.len(), 1, "the effects see it");
    let refused = Answer::RunRefused { errors };
    assert_eq!(names(&designer.answer(refused.clone())), ["Check"]);
    assert!(designer.answer(refused).is_empty(), "nothing is started");
    assert_eq!(designer.toasts(), [words::HAS_ERRORS]);
    assert_eq!(designer.state.settings.bottom_tab, BottomTab::Problems);
    assert!(!designer.state.is_starting);
    // The thread beside it can run alone.
    let effects = start(&mut designer.state, RunScope::OnlyThread(0));
    assert_eq!(names(&effects), ["StartRun"]);
}

#[test]
fn a_started_run_is_watched_and_its_end_is_told() {
    for (outcome, kind, has_action) in [
        (RunOutcome::Success, ToastKind::Success, false),
        (RunOutcome::Warning, ToastKind::Warning, true),
        (RunOutcome::Stopped, ToastKind::Warning, true),
        (RunOutcome::Failed, ToastKind::Error, true),
    ] {
        let mut designer = running();
        assert!(designer.state.is_running());
        assert_eq!(designer.state.settings.bottom_tab, BottomTab::Timeline);
        let effects = tell(&mut designer, &ended(outcome));
        assert_eq!(names(&effects), ["ReadAgents"]);
        assert!(tell(&mut designer, &ended(outcome)).is_empty());
        let [toast] = &designer.state.toasts[..] else {
            panic!("{:?}", designer.state.toasts);
        };
        assert_eq!((toast.kind, toast.action.is_some()), (kind, has_action));
        assert_eq!(toast.text, "4 steps: 1 succeeded; it took 3.0 s");
        // It stays on the screen until the person has seen enough.
        assert!(designer.state.watch.is_some() && !designer.state.is_running());
        designer.answer(Answer::RunGone);
        assert_eq!(designer.state.toasts.len(), 1);
        let effects = designer.command(Command::BackToEditing);
        assert_eq!(names(&effects), ["Detach"]);
        assert!(designer.state.watch.is_none());
        assert_eq!(designer.state.settings.bottom_tab, BottomTab::Problems);
    }
}

#[test]
fn a_run_that_did_not_start_says_why() {
    let mut designer = Designer::connected();
    designer.command(Command::Start);
    let sentence = "the log cannot be written".to_owned();
    designer.answer(Answer::RunNotStarted {
        sentence: sentence.clone(),
    });
    let title = words::NOT_STARTED.to_owned();
    let expected = Dialog::Failure { title, sentence };
    assert_eq!(designer.state.dialog, Some(expected));
    assert!(!designer.state.is_starting);
}

#[test]
fn a_start_that_was_given_up_is_watched_if_it_runs_after_all() {
    let mut designer = Designer::connected();
    designer.command(Command::Start);
    designer.answer(Answer::RunNotStarted {
        sentence: String::new(),
    });
    let started = Answer::RunStarted {
        token: Some(Token(1)),
        run: listed(),
    };
    let mut again = Designer {
        state: designer.state.clone(),
    };
    designer.answer(started.clone());
    assert!(designer.state.watch.is_some());
    // Not in the place of a newer one.
    again.state.dialog = None;
    again.command(Command::Start);
    again.answer(started);
    assert!(again.state.watch.is_none() && again.state.is_starting);
    // And nothing else is watched as long as that has not come up.
    assert!(again.send(Msg::AttachTo("/run/r1".into())).is_empty());
}

#[test]
fn a_run_is_steered_and_stopping_at_once_is_asked_about() {
    let mut designer = running();
    for (command, control) in [
        (Command::Pause, RunControl::Pause),
        (
            Command::Stop,
            RunControl::Stop {
                mode: StopMode::Graceful,
            },
        ),
    ] {
        let effects = designer.command(command);
        assert!(matches!(effects[..], [Effect::Control(c)] if c == control));
    }
    assert!(designer.command(Command::StopNow).is_empty());
    assert_eq!(designer.state.dialog, Some(Dialog::ConfirmStopNow));
    let mut stays = Designer {
        state: designer.state.clone(),
    };
    assert!(stays.press(DialogButton::Cancel).is_empty());
    let effects = designer.press(DialogButton::Primary);
    let mode = StopMode::Now;
    assert!(matches!(effects[..], [Effect::Control(c)] if c == RunControl::Stop { mode }));
    let sentence = "closed".to_owned();
    designer.answer(Answer::NotControlled { sentence });
    assert_eq!(designer.toasts(), [words::NOT_CONTROLLED]);
    // The run ends while the question is open: there is nothing left to ask.
    stays.command(Command::StopNow);
    tell(&mut stays, &ended(RunOutcome::Success));
    assert_eq!(stays.state.dialog, None);
}

#[test]
fn leaving_a_run_is_asked_about_and_it_goes_on() {
    let asked = || {
        let mut designer = running();
        assert!(designer.send(Msg::CloseRequested).is_empty());
        let then = AfterSave::Exit;
        assert_eq!(designer.state.dialog, Some(Dialog::LeaveRun { then }));
        designer
    };
    let leaving = ["Detach", "DropRecovery", "SaveSettings", "CloseWindow"];
    assert_eq!(names(&asked().press(DialogButton::Secondary)), leaving);
    let mut stays = asked();
    assert!(stays.press(DialogButton::Cancel).is_empty());
    assert!(stays.state.is_running());
    // It ends by itself while the question is open.
    let mut designer = asked();
    let effects = names(&tell(&mut designer, &ended(RunOutcome::Success)));
    assert_eq!(effects.last().map(String::as_str), Some("CloseWindow"));
}

#[test]
fn a_run_is_left_only_when_it_has_heard_that_it_is_to_stop() {
    let leaving = ["Detach", "DropRecovery", "SaveSettings", "CloseWindow"];
    let asked = || {
        let mut designer = running();
        designer.send(Msg::CloseRequested);
        let effects = designer.press(DialogButton::Primary);
        assert_eq!(names(&effects), ["Control"]);
        designer
    };
    let stopping = || {
        let mode = StopMode::Graceful;
        let begun = Story::new(outline()).step_started(0, 0);
        begun.then(RunEventKind::StopRequested { mode })
    };
    let mut designer = asked();
    assert!(tell(&mut designer, &Story::new(outline())).is_empty());
    assert_eq!(names(&tell(&mut designer, &stopping())), leaving);

    let mut gone = asked();
    assert_eq!(names(&gone.answer(Answer::RunGone)), leaving);

    let mut refused = asked();
    let sentence = "busy".to_owned();
    refused.answer(Answer::NotControlled { sentence });
    assert!(tell(&mut refused, &stopping()).is_empty());
    // It stops already, so there is no order that could be lost.
    refused.send(Msg::CloseRequested);
    assert_eq!(names(&refused.press(DialogButton::Primary)), leaving);
}

#[test]
fn a_run_on_another_server_than_the_named_one_is_said() {
    let mut designer = Designer::connected();
    for (host, title) in [("MIM01", None), ("mim02", Some("Runs on mim01"))] {
        let mut named = sequence();
        named.server.host = Some(host.to_owned());
        designer.state.toasts.clear();
        designer.state.is_starting = false;
        designer.open("a.xml", named, "d1");
        assert_eq!(names(&designer.command(Command::Start)), ["StartRun"]);
        assert_eq!(designer.toasts().first().copied(), title);
    }
}

#[test]
fn opening_another_file_asks_once_the_file_is_known() {
    let mut designer = running();
    assert_eq!(names(&designer.command(Command::Open)), ["ChoosePath"]);
    designer.send(Msg::OpenFile(path("b.xml")));
    let then = AfterSave::OpenFile(path("b.xml"));
    assert_eq!(designer.state.dialog, Some(Dialog::LeaveRun { then }));
    assert_eq!(
        names(&designer.press(DialogButton::Secondary)),
        ["OpenFile"]
    );
    // It is watched as long as the file is not there.
    assert!(designer.state.watch.is_some());
    let effects = designer.answer(Answer::Opened {
        file: path("b.xml"),
        sequence: Box::new(sequence()),
        stamp: super::super::rig::stamp("b1"),
        at: jiff::Timestamp::UNIX_EPOCH,
    });
    assert_eq!(names(&effects).first().map(String::as_str), Some("Detach"));
    assert!(designer.state.watch.is_none());
}

#[test]
fn a_run_of_an_opened_file_is_watched_again() {
    let mut designer = Designer::opened();
    let found = |file: &str| Answer::RunsFound {
        of_file: Some(path(file)),
        runs: vec![listed()],
        problem: None,
    };
    assert!(designer.answer(found("other.xml")).is_empty());
    let effects = designer.answer(found("a.xml"));
    assert_eq!(names(&effects), ["Attach"]);
    let run = listed();
    designer.answer(Answer::RunStarted { token: None, run });
    assert_eq!(designer.toasts(), [words::WATCHING]);
    assert!(designer.state.watch.is_some());
    assert!(designer.answer(found("a.xml")).is_empty());
    // It may end between the two questions, which is nobody's trouble.
    let mut designer = Designer::opened();
    designer.answer(found("a.xml"));
    let sentence = "gone".to_owned();
    designer.answer(Answer::RunNotStarted { sentence });
    assert!(designer.toasts().is_empty() && designer.state.dialog.is_none());
}

#[test]
fn runs_of_others_are_listed_and_attached_to() {
    let mut designer = Designer::new();
    let effects = designer.command(Command::Attach);
    assert_eq!(names(&effects), ["FindRuns"]);
    assert_eq!(designer.state.dialog, Some(Dialog::Runs(None)));
    designer.answer(Answer::RunsFound {
        of_file: None,
        runs: vec![listed()],
        problem: Some("one folder is not safe".to_owned()),
    });
    assert_eq!(designer.toasts(), [words::NOT_ALL_FOUND]);
    assert_eq!(
        designer.state.dialog,
        Some(Dialog::Runs(Some(vec![listed()])))
    );
    let effects = designer.send(Msg::AttachTo("/run/r1".into()));
    assert_eq!(names(&effects), ["Attach"]);
    let run = listed();
    designer.answer(Answer::RunStarted { token: None, run });
    assert_eq!(designer.state.screen, Screen::Work);
    assert_eq!(designer.state.dialog, None);
    tell(&mut designer, &Story::new(outline()));
    designer.command(Command::BackToEditing);
    assert_eq!(designer.toasts().last(), Some(&words::GOES_ON));
    assert_eq!(designer.state.screen, Screen::Welcome);
    // A list that comes after the dialog was closed does not bring it back.
    let late = Answer::RunsFound {
        of_file: None,
        runs: vec![],
        problem: None,
    };
    designer.answer(late);
    assert_eq!(designer.state.dialog, None);
}

#[test]
fn a_host_that_vanishes_is_told() {
    let mut designer = running();
    designer.answer(Answer::RunGone);
    assert_eq!(designer.toasts(), [words::BROKEN_OFF]);
    assert!(!designer.state.is_running() && designer.state.watch.is_some());
}

#[test]
fn the_log_lies_where_the_sequence_says() {
    let log = |designer: &mut Designer| match &open_log(&mut designer.state)[..] {
        [Effect::OpenExternally(file)] => Some(file.clone()),
        _ => None,
    };
    let mut designer = Designer::new();
    assert_eq!(log(&mut designer), None);
    assert_eq!(designer.toasts(), [file_words::NO_LOG_YET]);
    let mut named = sequence();
    for (name, file) in [
        (None, "/data/MASequencer.log"),
        (Some("logs/a.log"), "/data/logs/a.log"),
        (Some("/var/a.log"), "/var/a.log"),
    ] {
        named.log.file = name.map(str::to_owned);
        designer.open("a.xml", named.clone(), "d1");
        assert_eq!(log(&mut designer), Some(file.into()));
    }
}

#[test]
fn each_document_that_was_never_saved_is_another_one() {
    let mut designer = Designer::connected();
    let run = |designer: &mut Designer| {
        designer.command(Command::New);
        let mut threads = sequence().threads;
        threads.truncate(1);
        designer.send(Msg::Edit(crate::designer::Edit::AddThreads {
            at: 1,
            threads,
        }));
        let effects = designer.command(Command::Start);
        let given = (order(&effects).document, order(&effects).token);
        designer.answer(Answer::RunStarted {
            token: Some(given.1),
            run: listed(),
        });
        designer.command(Command::BackToEditing);
        designer.state.document.saved_content = Some(designer.state.document.content);
        given.0
    };
    let (first, second) = (run(&mut designer), run(&mut designer));
    assert_ne!(first, second);
    // The same one again is the same.
    let effects = designer.command(Command::Start);
    assert_eq!(order(&effects).document, second);
}

#[test]
fn what_is_known_to_be_wrong_is_refused_at_once_also_before_connecting() {
    for is_connected in [false, true] {
        let mut designer = if is_connected {
            Designer::connected()
        } else {
            Designer::opened()
        };
        designer.command(Command::New);
        let problems = check(&designer.state.document.sequence, None);
        let content = designer.state.document.content;
        designer.answer(Answer::Checked { content, problems });
        let hint = &designer.state.problems.list[0];
        assert_eq!(hint.severity, Severity::Note, "it has just begun");
        assert_eq!(names(&start(&mut designer.state, RunScope::All)), ["Check"]);
        assert_eq!(designer.toasts(), [words::HAS_ERRORS]);
        assert!(!designer.state.is_starting);
    }
}
