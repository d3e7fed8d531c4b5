//! Stories about passwords in the store.

use super::super::super::{Answer, Command, DialogButton, Msg};
use super::super::rig::{Designer, PASSWORD, names};
use super::*;

fn secret() -> Secret {
    Secret::new(PASSWORD.to_owned())
}

fn of_a() -> PasswordOf {
    PasswordOf {
        user: "a".to_owned(),
        host: "mim01".to_owned(),
    }
}

/// Presses Connect with an empty field; the store answers this.
fn connect_with(designer: &mut Designer, password: Option<Secret>) -> Vec<Effect> {
    designer.type_server("mim01", "a", "");
    let effects = designer.command(Command::Connect);
    let [Effect::Recall { token, of }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(*of, of_a());
    designer.answer(Answer::Recalled {
        token: *token,
        password,
        problem: None,
    })
}

fn refuse(designer: &mut Designer) {
    let token = designer.token();
    designer.answer(Answer::NotConnected {
        token,
        sentence: "no".to_owned(),
        is_password: true,
        certificate: None,
    });
}

#[test]
fn a_stored_password_connects_with_an_empty_field() {
    let mut designer = Designer::opened();
    let effects = connect_with(&mut designer, Some(secret()));
    let [Effect::Connect { password, .. }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(password.as_ref().unwrap().reveal(), PASSWORD);
    assert_eq!(designer.state.dialog, None);
    let answer = designer.connected_answer();
    let effects = designer.answer(answer);
    assert!(!names(&effects).contains(&"Remember".to_owned()));
    // The hosts of runs are given it.
    let kept = designer.state.pending.password.as_ref().unwrap();
    assert_eq!(kept.reveal(), PASSWORD);
}

#[test]
fn without_a_stored_password_the_person_is_asked() {
    let mut designer = Designer::opened();
    assert!(connect_with(&mut designer, None).is_empty());
    assert!(matches!(designer.state.connection, Connection::None));
    assert!(matches!(
        designer.state.dialog,
        Some(Dialog::Password { .. })
    ));
    designer.send(Msg::DialogPassword(secret()));
    let effects = designer.press(DialogButton::Primary);
    assert_eq!(names(&effects), ["Connect"]);
}

#[test]
fn a_refused_stored_password_is_tried_once() {
    let mut designer = Designer::opened();
    connect_with(&mut designer, Some(secret()));
    refuse(&mut designer);
    assert!(matches!(
        designer.state.dialog,
        Some(Dialog::Password { .. })
    ));
    designer.press(DialogButton::Cancel);
    // Trying again asks the person, not the store.
    assert!(designer.command(Command::Connect).is_empty());
    assert!(matches!(
        designer.state.dialog,
        Some(Dialog::Password { .. })
    ));
    designer.send(Msg::DialogPassword(secret()));
    designer.press(DialogButton::Primary);
    let answer = designer.connected_answer();
    designer.answer(answer);
    designer.command(Command::Disconnect);
    // Somebody may have mended what is stored.
    let effects = designer.command(Command::Connect);
    assert_eq!(names(&effects), ["Recall"]);
}

#[test]
fn a_password_is_kept_only_when_it_worked_and_is_wanted() {
    for (is_wanted, is_right) in [(true, true), (false, true), (true, false)] {
        let mut designer = Designer::opened();
        designer.type_server("mim01", "a", PASSWORD);
        designer.command(Command::Connect);
        designer.state.pending.is_to_remember = is_wanted;
        let mut effects = Vec::new();
        if is_right {
            let answer = designer.connected_answer();
            effects = designer.answer(answer);
        } else {
            refuse(&mut designer);
        }
        let kept = effects.iter().find_map(|effect| match effect {
            Effect::Remember { of, password } => Some((of.clone(), password.reveal().to_owned())),
            _ => None,
        });
        let expected = (is_wanted && is_right).then(|| (of_a(), PASSWORD.to_owned()));
        assert_eq!(kept, expected);
        assert!(!designer.state.pending.is_to_remember);
    }
}

#[test]
fn a_late_answer_of_the_store_changes_nothing() {
    let mut designer = Designer::opened();
    designer.type_server("mim01", "a", "");
    designer.command(Command::Connect);
    let token = designer.token();
    designer.command(Command::CancelConnect);
    let late = Answer::Recalled {
        token,
        password: Some(secret()),
        problem: None,
    };
    assert!(designer.answer(late).is_empty());
    assert!(matches!(designer.state.connection, Connection::None));
    assert_eq!(designer.state.dialog, None);
}

#[test]
fn what_the_store_could_not_do_is_told() {
    let mut designer = Designer::opened();
    for (answer, title) in [
        (
            StoreAnswer::Remembered(Some("locked".to_owned())),
            words::NOT_REMEMBERED,
        ),
        (
            StoreAnswer::Forgotten(Some("locked".to_owned())),
            words::NOT_FORGOTTEN,
        ),
    ] {
        designer.answer(Answer::Store(answer));
        assert!(designer.toasts().contains(&title));
    }
    let told = designer.toasts().len();
    designer.answer(Answer::Store(StoreAnswer::Remembered(None)));
    assert_eq!(designer.toasts().len(), told);
}
