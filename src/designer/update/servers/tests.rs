//! Stories about servers: connecting, passwords, late answers.

use super::super::super::{Answer, Command, DialogButton, Msg, ToastAction};
use super::super::rig::{Designer, PASSWORD, agents, names, path, sequence};
use super::*;
use crate::model::Authentication;

fn choice_of(effects: &[Effect]) -> (ServerChoice, bool) {
    match effects {
        [
            Effect::Connect {
                choice, password, ..
            },
        ] => (choice.clone(), password.is_some()),
        other => panic!("{other:?}"),
    }
}

fn refused(designer: &Designer, is_password: bool) -> Answer {
    Answer::NotConnected {
        token: designer.token(),
        sentence: "no".to_owned(),
        is_password,
        certificate: None,
    }
}

#[test]
fn connecting_needs_a_server_an_account_and_a_password() {
    let alone = signs_on_alone(Authentication::Auto);
    let nobody = (!alone).then_some(words::NO_USER);
    for (host, user, password, toast, asks) in [
        ("", "a", "p", Some(words::NO_HOST), false),
        ("mim01", " ", "p", nobody, false),
        ("mim01", "a", "", None, true),
        (" mim01 ", " a ", "p", None, false),
    ] {
        let mut designer = Designer::opened();
        designer.type_server(host, user, password);
        let mut effects = designer.command(Command::Connect);
        if asks {
            assert_eq!(names(&effects), ["Recall"]);
            effects = designer.nothing_stored();
        }
        assert_eq!(designer.toasts().first().copied(), toast);
        let is_asked = matches!(designer.state.dialog, Some(Dialog::Password { .. }));
        assert_eq!(is_asked, asks);
        if toast.is_some() {
            assert_eq!(names(&effects), ["Focus"]);
        } else if asks {
            assert!(effects.is_empty());
            designer.send(Msg::DialogPassword(Secret::new(PASSWORD.to_owned())));
            let effects = designer.press(DialogButton::Primary);
            assert!(choice_of(&effects).1);
        } else {
            let (choice, has_password) = choice_of(&effects);
            let expected = ServerSettings {
                host: Some("mim01".to_owned()),
                user: Some(user.trim().to_owned()).filter(|user| !user.is_empty()),
                ..ServerSettings::default()
            };
            assert_eq!(has_password, expected.user.is_some());
            assert_eq!(choice, ServerChoice::Winrm(expected));
        }
    }
}

#[test]
fn a_known_server_is_spoken_to_as_the_file_or_the_last_time_says() {
    let mut from_file = sequence();
    from_file.server = ServerSettings {
        host: Some("MIM01".to_owned()),
        tls: true,
        ca_file: Some("ca.pem".to_owned()),
        ..ServerSettings::default()
    };
    let mut designer = Designer::new();
    designer.state.settings.last_server = Some(LastServer {
        host: "mim02".to_owned(),
        port: Some(99),
        ..LastServer::default()
    });
    designer.open("a.xml", from_file, "d1");
    for (host, tls, port) in [
        ("mim01", true, None),
        ("mim02", false, Some(99)),
        ("mim03", false, None),
        ("https://mim01:443", false, None),
    ] {
        designer.type_server(host, "a", PASSWORD);
        let effects = designer.command(Command::Connect);
        let (ServerChoice::Winrm(settings), _) = choice_of(&effects) else {
            panic!("{effects:?}");
        };
        assert_eq!((settings.tls, settings.port), (tls, port), "{host}");
        assert_eq!(settings.host.as_deref(), Some(host));
        designer.command(Command::CancelConnect);
    }
}

#[test]
fn a_connected_server_is_read_remembered_and_checked_against() {
    let mut designer = Designer::opened();
    let effects = designer.connect();
    assert_eq!(names(&effects), ["ReadAgents", "SaveSettings", "Check"]);
    let last = designer.state.settings.last_server.clone().unwrap();
    assert_eq!(
        (last.host.as_str(), last.user.as_str()),
        ("mim01", "CORP\\svc")
    );
    assert!(designer.state.fields.password.is_empty());
    let kept = designer.state.pending.password.as_ref().unwrap();
    assert_eq!(kept.reveal(), PASSWORD);
    // The document has a file, so nobody writes a server into it.
    assert_eq!(designer.state.document.sequence.server.host, None);
    let effects = designer.command(Command::Disconnect);
    assert_eq!(names(&effects), ["Disconnect", "Check"]);
    assert!(designer.state.pending.password.is_none());
}

#[test]
fn a_new_untouched_document_gets_the_server_and_stays_untouched() {
    let mut designer = Designer::new();
    designer.command(Command::New);
    designer.connect();
    let document = &designer.state.document;
    assert_eq!(document.sequence.server.host.as_deref(), Some("mim01"));
    assert!(!document.is_modified());
    let mut drawn = Designer::new();
    drawn.command(Command::New);
    drawn.draw();
    drawn.connect();
    assert_eq!(drawn.state.document.sequence.server.host, None);
}

#[test]
fn a_refused_password_is_asked_for_again() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", PASSWORD);
    designer.command(Command::Connect);
    let answer = refused(&designer, true);
    designer.answer(answer);
    let expected = Dialog::Password {
        user: "a".to_owned(),
        host: "mim01".to_owned(),
    };
    assert_eq!(designer.state.dialog, Some(expected));
    assert!(designer.press(DialogButton::Primary).is_empty());
    designer.send(Msg::DialogPassword(Secret::new(PASSWORD.to_owned())));
    let effects = designer.press(DialogButton::Primary);
    assert!(choice_of(&effects).1);
    assert_eq!(designer.state.dialog, None);
}

#[test]
fn a_failure_is_told_and_what_was_to_start_is_dropped() {
    let mut designer = Designer::opened();
    designer.command(Command::Start);
    designer.type_server("mim01", "a", PASSWORD);
    designer.command(Command::Start);
    let answer = refused(&designer, false);
    designer.answer(answer);
    assert!(designer.toasts().contains(&words::NOT_CONNECTED));
    assert_eq!(designer.state.start_after_connect, None);
    assert!(matches!(
        designer.state.connection,
        Connection::Failed { .. }
    ));
}

#[test]
fn late_answers_change_nothing() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", PASSWORD);
    designer.command(Command::Connect);
    let late = designer.connected_answer();
    let late_refusal = refused(&designer, false);
    let effects = designer.command(Command::CancelConnect);
    assert_eq!(names(&effects), ["Disconnect"]);
    for answer in [late, late_refusal] {
        assert!(designer.answer(answer).is_empty());
        assert!(matches!(designer.state.connection, Connection::None));
    }
    designer.connect();
    let old = designer.token();
    designer.command(Command::Disconnect);
    designer.connect();
    let answer = Answer::AgentsNotRead {
        token: old,
        sentence: "late".to_owned(),
    };
    designer.answer(answer);
    let agents = designer.state.connection.agents().unwrap();
    assert_eq!(agents.problem, None);
}

#[test]
fn the_rules_are_asked_again_only_when_names_or_profiles_changed() {
    let mut designer = Designer::connected();
    let token = designer.token();
    assert_eq!(names(&designer.command(Command::Refresh)), ["ReadAgents"]);
    assert!(designer.state.connection.agents().unwrap().is_reading);
    let mut running = agents(&["Delta Import"]).to_vec();
    running[0].state = crate::mim::AgentState::Running { profile: None };
    for (list, effects) in [
        (running.into(), Vec::new()),
        (agents(&["Delta Import", "Export"]), vec!["Check"]),
        (agents(&["Delta Import", "Export"]), Vec::new()),
        (Arc::from([]), vec!["Check"]),
    ] {
        let answer = Answer::AgentsRead {
            token,
            agents: list,
            at: Timestamp::UNIX_EPOCH,
            reply_ms: 12,
        };
        assert_eq!(names(&designer.answer(answer)), effects);
        assert!(!designer.state.connection.agents().unwrap().is_reading);
    }
    let sentence = "gone".to_owned();
    designer.answer(Answer::AgentsNotRead { token, sentence });
    let agents = designer.state.connection.agents().unwrap();
    assert_eq!(agents.problem.as_deref(), Some("gone"));
    assert!(designer.state.connection.is_connected());
}

#[test]
fn giving_up_the_password_gives_up_the_start() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", "");
    designer.command(Command::Start);
    designer.nothing_stored();
    assert!(designer.state.start_after_connect.is_some());
    designer.press(DialogButton::Cancel);
    assert_eq!(designer.state.start_after_connect, None);
    assert_eq!(designer.state.dialog, None);
    assert!(
        designer
            .state
            .toasts
            .iter()
            .all(|t| t.action != Some(ToastAction::Reload))
    );
}

#[test]
fn another_files_server_does_not_get_the_typed_password() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", PASSWORD);
    let mut other = sequence();
    other.server.host = Some("elsewhere".to_owned());
    designer.open("b.xml", other, "d1");
    assert!(designer.state.fields.password.is_empty());
    assert_eq!(designer.state.document.file, Some(path("b.xml")));
}

#[test]
fn a_password_never_goes_to_another_account() {
    for (typed, keeps) in [("b", false), (" a", true)] {
        let mut designer = Designer::opened();
        designer.type_server("mim01", "a", PASSWORD);
        designer.send(Msg::Server(ServerMsg::User(typed.to_owned())));
        assert_eq!(!designer.state.fields.password.is_empty(), keeps, "{typed}");
        let expected = if keeps { "Connect" } else { "Recall" };
        let effects = designer.command(Command::Connect);
        assert_eq!(names(&effects), [expected], "{typed}");
    }
    let mut of_file = sequence();
    of_file.server.host = Some("mim01".to_owned());
    of_file.server.user = Some("b".to_owned());
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", PASSWORD);
    designer.open("b.xml", of_file, "d1");
    assert!(designer.state.fields.password.is_empty());
}

#[test]
fn the_password_that_was_asked_for_goes_to_whom_it_was_asked_for() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", "wrong");
    designer.command(Command::Connect);
    let answer = refused(&designer, true);
    // The server bar moves on while it is being connected.
    designer.type_server("mim02", "b", "of b");
    designer.answer(answer);
    designer.send(Msg::DialogPassword(Secret::new(PASSWORD.to_owned())));
    let effects = designer.press(DialogButton::Primary);
    let (choice, has_password) = choice_of(&effects);
    let ServerChoice::Winrm(settings) = choice else {
        panic!("{choice:?}");
    };
    assert!(has_password);
    assert_eq!(settings.host.as_deref(), Some("mim01"));
    assert_eq!(settings.user.as_deref(), Some("a"));
}

#[test]
fn a_password_never_goes_to_another_server() {
    for (typed, keeps) in [
        ("mim02", false),
        ("mim0", false),
        ("", false),
        ("MIM01 ", true),
    ] {
        let mut designer = Designer::opened();
        designer.type_server("mim01", "a", "p");
        designer.send(Msg::Server(ServerMsg::Host(typed.to_owned())));
        assert_eq!(!designer.state.fields.password.is_empty(), keeps, "{typed}");
        if typed == "mim02" {
            designer.command(Command::Connect);
            let effects = designer.nothing_stored();
            assert!(
                effects.is_empty(),
                "it asks for the password of this server"
            );
            assert!(matches!(
                designer.state.dialog,
                Some(Dialog::Password { .. })
            ));
        }
    }
}
