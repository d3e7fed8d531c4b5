//! The store in memory, a store that hangs, and none.

use std::sync::mpsc;

use super::*;

fn name(text: &str) -> CredentialName {
    CredentialName::new(text).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[test]
fn a_password_is_kept_replaced_and_forgotten() {
    let store = Credentials::in_memory();
    let patience = Patience::Program;
    let ours = name("CORP\\svc@https://mim01:5986/wsman");
    assert!(store.recall(&ours, patience).unwrap().is_none());
    assert!(!store.forget(&ours, patience).unwrap());
    for password in ["first", "second"] {
        store.remember(&ours, secret(password), patience).unwrap();
        let found = store.recall(&name("corp\\SVC@mim01"), patience).unwrap();
        assert_eq!(found.unwrap().reveal(), password);
    }
    store
        .remember(&name("another"), secret("x"), patience)
        .unwrap();
    let names = store.list(patience).unwrap();
    assert_eq!(names, [name("another"), ours.clone()]);
    assert!(store.forget(&ours, patience).unwrap());
    assert!(store.recall(&ours, patience).unwrap().is_none());
    assert!(store.recall(&name("another"), patience).unwrap().is_some());
}

#[test]
fn without_a_store_every_call_says_so_at_once() {
    let off = Credentials::off();
    let none = Credentials::by(
        || Err(keyring_core::Error::NoDefaultStore),
        |_| HashMap::new(),
    );
    for (store, error) in [
        (off, CredentialError::Off),
        (none, CredentialError::Unknown),
    ] {
        let patience = Patience::Person;
        let ours = name("x");
        assert_eq!(store.recall(&ours, patience).unwrap_err(), error);
        assert_eq!(store.forget(&ours, patience).unwrap_err(), error);
        assert_eq!(store.list(patience).unwrap_err(), error);
        let remembered = store.remember(&ours, secret("x"), patience);
        assert_eq!(remembered.unwrap_err(), error);
        assert!(error.is_absence());
    }
}

#[test]
fn a_store_that_hangs_or_breaks_ends_the_question() {
    // Nobody ever sends: the store waits for as long as the test lasts.
    let (_keep, never) = mpsc::channel::<()>();
    let never = parking_lot::Mutex::new(never);
    let hanging = Credentials::by(
        move || {
            never.lock().recv().ok();
            Err(keyring_core::Error::NoEntry)
        },
        |_| HashMap::new(),
    );
    let error = hanging.recall(&name("x"), Patience::Person).unwrap_err();
    assert_eq!(error, CredentialError::TooSlow);
    let broken = Credentials::by(|| panic!("a store of others"), |_| HashMap::new());
    let error = broken.list(Patience::Program).unwrap_err();
    assert_eq!(error, CredentialError::Refused);
}
