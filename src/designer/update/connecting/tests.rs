//! Stories about the Connect dialog.

use super::super::super::{
    Answer, Certificate, Command, ConnectField, DialogButton, Msg, ServerMsg, ToastAction,
};
use super::super::rig::{Designer, PASSWORD, names, sequence};
use super::*;
use crate::base::secret::Secret;

fn tell(designer: &mut Designer, msg: ConnectMsg) -> Vec<Effect> {
    designer.send(Msg::Connect(msg))
}

fn shown(designer: &Designer) -> &ConnectForm {
    match &designer.state.dialog {
        Some(Dialog::Connect(form)) => form,
        other => panic!("{other:?}"),
    }
}

/// A dialog with everything typed.
fn typed() -> Designer {
    let mut designer = Designer::opened();
    designer.command(Command::ConnectTo);
    for msg in [
        ConnectMsg::Host("mim09".to_owned()),
        ConnectMsg::Port("5999".to_owned()),
        ConnectMsg::Tls(true),
        ConnectMsg::Authentication(Authentication::Ntlm),
        ConnectMsg::User("CORP\\svc".to_owned()),
    ] {
        assert!(tell(&mut designer, msg).is_empty());
    }
    designer.send(Msg::DialogPassword(Secret::new(PASSWORD.to_owned())));
    designer
}

fn settings(effects: &[Effect]) -> ServerSettings {
    match effects.last() {
        Some(Effect::Connect {
            choice: ServerChoice::Winrm(settings),
            password: Some(_),
            ..
        }) => settings.clone(),
        other => panic!("{other:?}"),
    }
}

fn refused(designer: &Designer, is_password: bool, certificate: Option<Certificate>) -> Answer {
    Answer::NotConnected {
        token: designer.token(),
        sentence: "no".to_owned(),
        is_password,
        certificate: certificate.map(Box::new),
    }
}

fn recalled(designer: &Designer, password: Option<&str>) -> Answer {
    Answer::Recalled {
        token: designer.token(),
        password: password.map(|password| Secret::new(password.to_owned())),
        problem: None,
    }
}

fn certificate() -> Certificate {
    Certificate {
        sha256: "ab".repeat(32),
        ..Certificate::default()
    }
}

#[test]
fn what_was_typed_is_connected_to_and_closes_the_dialog() {
    let mut designer = typed();
    let effects = designer.press(DialogButton::Primary);
    let expected = ServerSettings {
        host: Some("mim09".to_owned()),
        tls: true,
        port: Some(5999),
        authentication: Authentication::Ntlm,
        user: Some("CORP\\svc".to_owned()),
        ..ServerSettings::default()
    };
    assert_eq!(settings(&effects), expected);
    // While it is being tried nothing changes under it, and it is not tried twice.
    tell(&mut designer, ConnectMsg::Host("other".to_owned()));
    assert_eq!(shown(&designer).host, "mim09");
    assert!(designer.press(DialogButton::Primary).is_empty());
    let answer = designer.connected_answer();
    designer.answer(answer);
    assert_eq!(designer.state.dialog, None);
    assert!(designer.state.connection.is_connected());
    assert_eq!(designer.state.fields.host, "mim09");
    assert!(designer.state.fields.password.is_empty());
    let known = &designer.state.settings.recent_servers[0];
    assert_eq!((known.auth.as_str(), known.port), ("ntlm", Some(5999)));
    assert_eq!(settings_of(known), expected);
}

#[test]
fn what_is_missing_is_said_at_its_field() {
    let mut designer = typed();
    for (msg, missing) in [
        (ConnectMsg::User(" ".to_owned()), ConnectField::User),
        (ConnectMsg::Port("x".to_owned()), ConnectField::Port),
        (ConnectMsg::Host(String::new()), ConnectField::Host),
    ] {
        tell(&mut designer, msg);
        assert_eq!(shown(&designer).missing, None);
        assert!(designer.press(DialogButton::Primary).is_empty());
        assert_eq!(shown(&designer).missing, Some(missing));
    }
    let mut demo = typed();
    tell(&mut demo, ConnectMsg::Method(ConnectMethod::Demo));
    let effects = demo.press(DialogButton::Primary);
    assert_eq!(names(&effects), ["Connect"]);
}

#[test]
fn a_password_reaches_no_other_server() {
    let mut designer = typed();
    tell(&mut designer, ConnectMsg::Host("mim08".to_owned()));
    assert!(designer.state.fields.password.is_empty());
    assert_eq!(names(&designer.press(DialogButton::Primary)), ["Recall"]);
    let answer = recalled(&designer, None);
    assert!(designer.answer(answer).is_empty());
    assert_eq!(shown(&designer).missing, Some(ConnectField::Password));
    let mut closed = typed();
    closed.press(DialogButton::Cancel);
    assert!(closed.state.fields.password.is_empty());
    assert_eq!(closed.state.dialog, None);
}

#[test]
fn a_password_goes_with_nothing_but_its_account() {
    type Change = fn(&mut Designer);
    let recent = |host: &str, user: &str| LastServer {
        host: host.to_owned(),
        user: user.to_owned(),
        ..LastServer::default()
    };
    let cases: [(Change, bool); 7] = [
        (
            |designer| {
                tell(designer, ConnectMsg::User(" CORP\\svc ".to_owned()));
            },
            true,
        ),
        (
            |designer| {
                tell(designer, ConnectMsg::User("CORP\\sv".to_owned()));
            },
            false,
        ),
        (
            |designer| {
                tell(designer, ConnectMsg::Host("MIM09".to_owned()));
            },
            true,
        ),
        (
            |designer| {
                tell(designer, ConnectMsg::Recent(0));
            },
            true,
        ),
        (
            |designer| {
                tell(designer, ConnectMsg::Recent(1));
            },
            false,
        ),
        (
            |designer| {
                tell(designer, ConnectMsg::Recent(2));
            },
            false,
        ),
        (
            |designer| {
                designer.send(Msg::Server(ServerMsg::Password(Secret::new(
                    PASSWORD.to_owned(),
                ))));
            },
            false,
        ),
    ];
    for (index, (change, is_kept)) in cases.into_iter().enumerate() {
        let mut designer = typed();
        designer.state.settings.recent_servers = vec![
            recent("mim09", "CORP\\svc"),
            recent("mim09", "CORP\\other"),
            recent("mim02", "CORP\\svc"),
        ];
        change(&mut designer);
        let fields = &designer.state.fields;
        assert_eq!(!fields.password.is_empty(), is_kept, "{index}");
        let expected = if is_kept { "Connect" } else { "Recall" };
        let effects = designer.press(DialogButton::Primary);
        assert_eq!(names(&effects), [expected], "{index}");
    }
}

#[test]
fn the_server_that_failed_is_not_given_what_is_typed_for_the_next() {
    let toast = |designer: &Designer| designer.state.toasts.first().map(|toast| toast.id);
    for way in ["toast", "dialog", "certificate"] {
        let mut designer = Designer::opened();
        designer.type_server("mim01", "CORP\\a", "first");
        designer.command(Command::Connect);
        let shown = (way == "certificate").then(certificate);
        let answer = refused(&designer, false, shown);
        if way == "certificate" {
            designer.type_server("mim02", "CORP\\b", PASSWORD);
            designer.answer(answer);
        } else {
            designer.answer(answer);
            designer.type_server("mim02", "CORP\\b", PASSWORD);
        }
        let effects = match way {
            "toast" => {
                let id = toast(&designer).unwrap();
                designer.send(Msg::ToastAction(id))
            }
            "dialog" => {
                designer.command(Command::ConnectTo);
                designer.press(DialogButton::Primary)
            }
            _ => tell(&mut designer, ConnectMsg::Trust { keep: false }),
        };
        let [Effect::Recall { of, .. }] = effects.as_slice() else {
            panic!("{way}: {effects:?}");
        };
        assert_eq!((of.host.as_str(), of.user.as_str()), ("mim01", "CORP\\a"));
        assert!(designer.state.fields.password.is_empty(), "{way}");
    }
}

#[test]
fn a_password_is_kept_when_the_server_has_taken_it_and_found_again() {
    for is_wanted in [false, true] {
        let mut designer = typed();
        tell(&mut designer, ConnectMsg::Remember(is_wanted));
        designer.press(DialogButton::Primary);
        let answer = designer.connected_answer();
        let effects = designer.answer(answer);
        assert_eq!(names(&effects).contains(&"Remember".to_owned()), is_wanted);
    }
    let mut designer = typed();
    designer.send(Msg::DialogPassword(Secret::default()));
    designer.press(DialogButton::Primary);
    let answer = recalled(&designer, Some(PASSWORD));
    let effects = designer.answer(answer);
    assert_eq!(settings(&effects).host.as_deref(), Some("mim09"));
    assert_eq!(shown(&designer).missing, None);
}

#[test]
fn a_failure_stays_in_the_dialog() {
    for is_password in [false, true] {
        let mut designer = typed();
        designer.press(DialogButton::Primary);
        let answer = refused(&designer, is_password, None);
        designer.answer(answer);
        assert_eq!(shown(&designer).host, "mim09");
        assert!(designer.toasts().is_empty());
        assert_eq!(designer.state.fields.password.is_empty(), is_password);
        assert!(matches!(
            designer.state.connection,
            Connection::Failed { .. }
        ));
    }
}

#[test]
fn the_way_back_leads_out_of_connecting_first() {
    let mut designer = typed();
    designer.press(DialogButton::Primary);
    assert_eq!(names(&designer.press(DialogButton::Cancel)), ["Disconnect"]);
    assert_eq!(shown(&designer).host, "mim09");
    assert!(designer.press(DialogButton::Cancel).is_empty());
    assert_eq!(designer.state.dialog, None);
}

#[test]
fn a_certificate_is_trusted_for_now_or_for_good() {
    for keep in [false, true] {
        let mut of_file = sequence();
        of_file.server.host = Some("mim09".to_owned());
        of_file.server.tls = true;
        let mut designer = Designer::new();
        designer.open("a.xml", of_file, "d1");
        designer.type_server("mim09", "u", PASSWORD);
        designer.command(Command::Connect);
        // The server bar shows no certificate: the dialog opens for it.
        let answer = refused(&designer, false, Some(certificate()));
        designer.answer(answer);
        assert_eq!(shown(&designer).host, "mim09");
        let effects = tell(&mut designer, ConnectMsg::Trust { keep });
        let pin = "ab".repeat(32);
        assert_eq!(settings(&effects).pin.as_ref(), Some(&pin));
        assert_eq!(shown(&designer).pin.as_ref(), Some(&pin));
        let in_file = designer.state.document.sequence.server.pin.clone();
        assert_eq!(in_file, keep.then(|| pin.clone()));
        assert_eq!(designer.state.document.is_modified(), keep);
        assert_eq!(names(&effects).last().map(String::as_str), Some("Connect"));
        let answer = designer.connected_answer();
        designer.answer(answer);
        let known = &designer.state.settings.recent_servers[0];
        assert_eq!(known.pin, keep.then(|| pin.clone()));
        // As long as the window is open it is not asked again.
        designer.command(Command::Disconnect);
        designer.send(Msg::Server(ServerMsg::Password(Secret::new(
            PASSWORD.to_owned(),
        ))));
        let effects = designer.command(Command::Connect);
        assert_eq!(settings(&effects).pin, Some(pin));
    }
}

#[test]
fn a_certificate_of_another_server_is_not_trusted() {
    let mut designer = typed();
    designer.press(DialogButton::Primary);
    let answer = refused(&designer, false, Some(certificate()));
    designer.answer(answer);
    tell(&mut designer, ConnectMsg::Host("mim08".to_owned()));
    assert!(tell(&mut designer, ConnectMsg::Trust { keep: true }).is_empty());
    assert_eq!(shown(&designer).pin, None);
}

#[test]
fn a_server_of_the_list_fills_everything_in() {
    let mut designer = typed();
    designer.state.settings.recent_servers = vec![LastServer {
        host: "mim02".to_owned(),
        user: "b".to_owned(),
        tls: true,
        auth: "kerberos".to_owned(),
        pin: Some("cd".repeat(32)),
        ..LastServer::default()
    }];
    tell(&mut designer, ConnectMsg::Recent(7));
    assert_eq!(shown(&designer).host, "mim09");
    tell(&mut designer, ConnectMsg::Recent(0));
    let form = shown(&designer);
    assert_eq!((form.host.as_str(), form.user.as_str()), ("mim02", "b"));
    assert_eq!(form.authentication, Authentication::Kerberos);
    assert_eq!(form.pin, Some("cd".repeat(32)));
    assert!(form.tls && designer.state.fields.password.is_empty());
}

#[test]
fn what_waits_for_the_server_starts_after_the_dialog() {
    let mut designer = typed();
    designer.press(DialogButton::Cancel);
    designer.type_server("mim09", "u", PASSWORD);
    designer.command(Command::Start);
    assert!(designer.state.start_after_connect.is_some());
    let answer = refused(&designer, false, Some(certificate()));
    designer.answer(answer);
    assert!(designer.state.start_after_connect.is_some());
    tell(&mut designer, ConnectMsg::Trust { keep: false });
    let answer = designer.connected_answer();
    let effects = designer.answer(answer);
    assert!(
        names(&effects).contains(&"StartRun".to_owned()),
        "{effects:?}"
    );
    assert!(
        !designer
            .state
            .toasts
            .iter()
            .any(|toast| { matches!(toast.action, Some(ToastAction::Show(_))) })
    );
}
