//! Stories about the doctor in the Connect dialog.

use super::super::super::{
    Answer, Command, ConnectMsg, DialogButton, Finding, Msg, PasswordOf, StationVerdict,
    ToastAction,
};
use super::super::rig::{Designer, PASSWORD, names, path};
use super::*;
use crate::base::secret::Secret;
use crate::model::Authentication;

fn tell(designer: &mut Designer, msg: ConnectMsg) -> Vec<Effect> {
    designer.send(Msg::Connect(msg))
}

fn shown(designer: &Designer) -> &ConnectForm {
    match &designer.state.dialog {
        Some(Dialog::Connect(form)) => form,
        other => panic!("{other:?}"),
    }
}

fn diagnosis(designer: &Designer) -> &Diagnosis {
    shown(designer).diagnosis.as_ref().expect("a diagnosis")
}

/// A dialog with server and account typed, and no password.
fn opened() -> Designer {
    let mut designer = Designer::opened();
    designer.command(Command::ConnectTo);
    tell(&mut designer, ConnectMsg::Host("mim09".to_owned()));
    tell(&mut designer, ConnectMsg::User("CORP\\svc".to_owned()));
    designer
}

fn typed() -> Designer {
    let mut designer = opened();
    type_password(&mut designer);
    designer
}

fn type_password(designer: &mut Designer) {
    designer.send(Msg::DialogPassword(Secret::new(PASSWORD.to_owned())));
}

/// The order that was given last, and whether it tries an order.
fn ordered(effects: &[Effect]) -> (Token, bool) {
    match effects.last() {
        Some(Effect::Examine {
            token,
            settings,
            password: Some(password),
            is_order_tried,
            ..
        }) => {
            assert_eq!(settings.host.as_deref(), Some("mim09"));
            assert_eq!(password.reveal(), PASSWORD);
            (*token, *is_order_tried)
        }
        other => panic!("{other:?}"),
    }
}

fn news(designer: &mut Designer, token: Token, news: DiagnosisNews) {
    assert!(designer.answer(Answer::Examined { token, news }).is_empty());
}

fn finding(verdict: StationVerdict, remedy: Option<&str>) -> Finding {
    Finding {
        verdict,
        text: "it is so".to_owned(),
        remedy: remedy.map(str::to_owned),
    }
}

fn begun() -> DiagnosisNews {
    DiagnosisNews::Begun(vec!["Name".to_owned(), "Port".to_owned()])
}

#[test]
fn the_stations_come_one_after_the_other_and_nothing_changes_under_them() {
    let mut designer = typed();
    tell(&mut designer, ConnectMsg::TryOrder(true));
    let (token, is_order_tried) = ordered(&designer.press(DialogButton::Secondary));
    assert!(is_order_tried);
    assert_eq!(diagnosis(&designer).current(), None);
    news(&mut designer, token, begun());
    assert_eq!(diagnosis(&designer).current(), Some(0));
    // One of connecting and examining: each tries the account.
    for effects in [
        designer.press(DialogButton::Primary),
        designer.press(DialogButton::Secondary),
        tell(&mut designer, ConnectMsg::Examine),
        tell(&mut designer, ConnectMsg::Host("other".to_owned())),
    ] {
        assert!(effects.is_empty(), "{effects:?}");
    }
    assert_eq!(shown(&designer).host, "mim09");
    let passed = finding(StationVerdict::Passed, None);
    news(&mut designer, token, DiagnosisNews::Found(0, passed));
    assert_eq!(diagnosis(&designer).current(), Some(1));
    let failed = finding(StationVerdict::Failed, Some("open it"));
    news(&mut designer, token, DiagnosisNews::Found(1, failed));
    news(
        &mut designer,
        token,
        DiagnosisNews::Found(2, finding(StationVerdict::Passed, None)),
    );
    let is_password = false;
    news(&mut designer, token, DiagnosisNews::Ended { is_password });
    let found = diagnosis(&designer);
    assert!(!found.is_going_on);
    assert_eq!(found.count(StationVerdict::Failed), 1);
    assert_eq!(found.current(), None);
    assert_eq!(designer.state.fields.password.reveal(), PASSWORD);
    let copied = tell(&mut designer, ConnectMsg::CopyDiagnosis);
    let [Effect::CopyText(text)] = copied.as_slice() else {
        panic!("{copied:?}");
    };
    assert_eq!(
        text,
        "mim09: 1 of 2 passed, 1 failed\nName: Passed. it is so\nPort: Failed. it is so\n\
         To do: Open it."
    );
    // What is found belongs to the way that was looked at.
    tell(&mut designer, ConnectMsg::Remember(true));
    assert!(shown(&designer).diagnosis.is_some());
    tell(&mut designer, ConnectMsg::Tls(true));
    assert!(shown(&designer).diagnosis.is_none());
}

#[test]
fn a_refused_password_is_not_tried_again() {
    let mut designer = typed();
    let (token, _) = ordered(&tell(&mut designer, ConnectMsg::Examine));
    news(&mut designer, token, begun());
    let refused = DiagnosisNews::Ended { is_password: true };
    news(&mut designer, token, refused.clone());
    assert!(designer.state.fields.password.is_empty());
    // Now the store is asked; what it has is refused, too, and not tried a third time.
    let effects = tell(&mut designer, ConnectMsg::Examine);
    assert_eq!(names(&effects), ["Recall"]);
    let token = diagnosis(&designer).token;
    let recalled = |password: Option<&str>| Answer::Recalled {
        token,
        password: password.map(|password| Secret::new(password.to_owned())),
        problem: None,
    };
    let effects = designer.answer(recalled(Some(PASSWORD)));
    assert_eq!(ordered(&effects).0, token);
    news(&mut designer, token, begun());
    news(&mut designer, token, refused);
    assert!(tell(&mut designer, ConnectMsg::Examine).is_empty());
    assert_eq!(shown(&designer).missing, Some(ConnectField::Password));
    assert!(designer.press(DialogButton::Primary).is_empty());
    // It helps to forget it, or to type another one.
    let effects = tell(&mut designer, ConnectMsg::ForgetPassword);
    assert_eq!(names(&effects), ["Forget"]);
    type_password(&mut designer);
    ordered(&tell(&mut designer, ConnectMsg::Examine));
}

#[test]
fn without_a_stored_password_it_is_asked_for() {
    let mut designer = opened();
    assert_eq!(names(&designer.press(DialogButton::Secondary)), ["Recall"]);
    let token = diagnosis(&designer).token;
    let answer = Answer::Recalled {
        token,
        password: None,
        problem: Some("It is locked.".to_owned()),
    };
    assert!(designer.answer(answer.clone()).is_empty());
    assert_eq!(shown(&designer).missing, Some(ConnectField::Password));
    assert!(shown(&designer).diagnosis.is_none());
    assert_eq!(designer.toasts().len(), 1);
    designer.state.toasts.clear();
    designer.answer(answer);
    assert!(designer.toasts().is_empty(), "that was an old question");
}

#[test]
fn it_can_be_stopped_and_old_news_do_not_count() {
    let mut designer = typed();
    let (token, _) = ordered(&designer.press(DialogButton::Secondary));
    news(&mut designer, token, begun());
    let passed = finding(StationVerdict::Passed, None);
    news(
        &mut designer,
        token,
        DiagnosisNews::Found(0, passed.clone()),
    );
    assert_eq!(
        names(&designer.press(DialogButton::Cancel)),
        ["EndExamination"]
    );
    news(&mut designer, token, DiagnosisNews::Found(1, passed));
    let found = diagnosis(&designer);
    assert_eq!(
        found.count(StationVerdict::Passed),
        1,
        "what was found stays"
    );
    // Stopped before it began there is nothing to show.
    designer.press(DialogButton::Secondary);
    designer.press(DialogButton::Cancel);
    assert!(shown(&designer).diagnosis.is_none());
    assert!(designer.press(DialogButton::Cancel).is_empty());
    assert_eq!(designer.state.dialog, None);
    news(&mut designer, token, begun());
}

#[test]
fn what_is_missing_is_said_and_what_has_no_stations_is_not_examined() {
    let mut designer = typed();
    tell(&mut designer, ConnectMsg::User(String::new()));
    // Basic needs an account everywhere.
    let basic = ConnectMsg::Authentication(Authentication::Basic);
    tell(&mut designer, basic);
    assert!(designer.press(DialogButton::Secondary).is_empty());
    assert_eq!(shown(&designer).missing, Some(ConnectField::User));
    tell(&mut designer, ConnectMsg::Method(ConnectMethod::Demo));
    assert!(tell(&mut designer, ConnectMsg::Examine).is_empty());
    assert!(shown(&designer).diagnosis.is_none());
    // The one who is logged on here has no password to be asked for.
    tell(&mut designer, ConnectMsg::Method(ConnectMethod::Wmi));
    let effects = tell(&mut designer, ConnectMsg::Examine);
    assert!(
        matches!(effects.as_slice(), [Effect::Examine { password: None, .. }]),
        "{effects:?}"
    );
}

#[test]
fn an_examination_ends_with_its_dialog() {
    type Leave = fn(&mut Designer) -> Vec<Effect>;
    let ways: [(&str, Leave); 4] = [
        ("close", |designer| designer.send(Msg::CloseRequested)),
        ("open", |designer| {
            designer.send(Msg::OpenFile(path("b.xml")))
        }),
        ("failure", |designer| {
            designer.state.is_starting = true;
            designer.answer(Answer::RunNotStarted {
                sentence: "no".to_owned(),
            })
        }),
        ("connect", |designer| {
            designer.state.dialog = None;
            designer.command(Command::Connect)
        }),
    ];
    for (name, leave) in ways {
        let mut designer = typed();
        designer.draw();
        let (token, _) = ordered(&designer.press(DialogButton::Secondary));
        news(&mut designer, token, begun());
        let effects = leave(&mut designer);
        let first = names(&effects).into_iter().next();
        assert_eq!(first.as_deref(), Some("EndExamination"), "{name}");
        assert!(!is_going_on(&designer.state), "{name}");
        // Once is enough.
        let effects = designer.send(Msg::EndTyping);
        assert!(
            !names(&effects).contains(&"EndExamination".to_owned()),
            "{name}"
        );
    }
}

#[test]
fn a_refusal_counts_after_the_dialog_is_gone() {
    let refused = DiagnosisNews::Ended { is_password: true };
    let mut designer = opened();
    designer.draw();
    let effects = tell(&mut designer, ConnectMsg::Examine);
    assert_eq!(names(&effects), ["Recall"]);
    let token = diagnosis(&designer).token;
    designer.answer(Answer::Recalled {
        token,
        password: Some(Secret::new(PASSWORD.to_owned())),
        problem: None,
    });
    designer.send(Msg::CloseRequested);
    designer.press(DialogButton::Cancel);
    assert_eq!(designer.state.dialog, None);
    news(&mut designer, token, refused.clone());
    // The stored password is not tried again, the person is asked.
    assert!(designer.command(Command::Connect).is_empty());
    let asks = matches!(designer.state.dialog, Some(Dialog::Password { .. }));
    assert!(asks, "{:?}", designer.state.dialog);

    let mut designer = typed();
    designer.draw();
    let (token, _) = ordered(&tell(&mut designer, ConnectMsg::Examine));
    designer.send(Msg::CloseRequested);
    assert_eq!(designer.state.fields.password.reveal(), PASSWORD);
    news(&mut designer, token, refused);
    assert!(designer.state.fields.password.is_empty());
}

#[test]
fn what_cannot_be_examined_says_why() {
    let mut designer = typed();
    let (token, _) = ordered(&designer.press(DialogButton::Secondary));
    let sentence = "The CA file is gone.".to_owned();
    news(
        &mut designer,
        token,
        DiagnosisNews::Impossible(sentence.clone()),
    );
    assert_eq!(diagnosis(&designer).problem, Some(sentence));
    assert!(!shown(&designer).is_examined());
}

#[test]
fn a_failure_offers_to_find_out_why() {
    let mut designer = Designer::opened();
    designer.type_server("mim09", "CORP\\svc", PASSWORD);
    designer.command(Command::Connect);
    let token = designer.token();
    designer.answer(Answer::NotConnected {
        token,
        sentence: "nobody listens".to_owned(),
        is_password: false,
        certificate: None,
    });
    let toast = designer.state.toasts.first().expect("a message");
    assert_eq!(toast.action, Some(ToastAction::Examine));
    let id = toast.id;
    ordered(&designer.send(Msg::ToastAction(id)));
    assert!(shown(&designer).is_examined());
}

#[test]
fn the_command_opens_the_dialog_and_begins() {
    let mut designer = Designer::opened();
    designer.type_server("mim09", "CORP\\svc", PASSWORD);
    ordered(&designer.command(Command::Examine));
    let mut connected = Designer::connected();
    assert!(connected.command(Command::Examine).is_empty());
}

#[test]
fn a_server_goes_out_of_the_list_and_a_password_out_of_the_store() {
    let mut designer = Designer::connected();
    designer.command(Command::Disconnect);
    assert_eq!(designer.state.settings.recent_servers.len(), 1);
    designer.command(Command::ConnectTo);
    let effects = tell(&mut designer, ConnectMsg::ForgetPassword);
    let [Effect::Forget(PasswordOf { user, host })] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!((user.as_str(), host.as_str()), ("CORP\\svc", "mim01"));
    let effects = tell(&mut designer, ConnectMsg::ForgetRecent(0));
    assert_eq!(names(&effects), ["SaveSettings"]);
    assert!(designer.state.settings.recent_servers.is_empty());
    assert_eq!(designer.state.settings.last_server, None);
    assert!(tell(&mut designer, ConnectMsg::ForgetRecent(0)).is_empty());
    tell(&mut designer, ConnectMsg::User(String::new()));
    assert!(tell(&mut designer, ConnectMsg::ForgetPassword).is_empty());
}

#[test]
fn a_ca_file_is_chosen_or_typed() {
    use super::super::super::PathPurpose::ConnectCaFile;
    let mut designer = typed();
    tell(&mut designer, ConnectMsg::Tls(true));
    designer.send(Msg::Browse(ConnectCaFile));
    designer.answer(Answer::PathChosen {
        purpose: ConnectCaFile,
        path: "/etc/corp.pem".into(),
    });
    assert_eq!(shown(&designer).ca_file, "/etc/corp.pem");
    designer.send(Msg::Browse(ConnectCaFile));
    designer.answer(Answer::NoDialog {
        purpose: ConnectCaFile,
        folder: None,
    });
    assert_eq!(shown(&designer).ca_file, "/etc/corp.pem");
    assert_eq!(designer.toasts().len(), 1);
    let effects = designer.press(DialogButton::Secondary);
    let Some(Effect::Examine { settings, .. }) = effects.last() else {
        panic!("{effects:?}");
    };
    assert_eq!(settings.ca_file.as_deref(), Some("/etc/corp.pem"));
}
