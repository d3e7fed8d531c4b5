//! The order of the sources, and what is said when none has a password.

use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::*;
use crate::launch::{WinrmTarget, WmiTarget};
use crate::model::{Authentication, ResourceUris};

#[derive(Default)]
struct Fake {
    variables: Vec<(&'static str, &'static str)>,
    stdin: &'static str,
    file: &'static str,
    stored: Vec<(&'static str, &'static str)>,
    store_error: Option<CredentialError>,
    answers: Vec<&'static str>,
    asked: parking_lot::Mutex<usize>,
}

impl Surroundings for Fake {
    fn variable(&self, name: &str) -> Option<String> {
        let (_, value) = self.variables.iter().find(|(known, _)| *known == name)?;
        Some((*value).to_owned())
    }

    fn stdin_line(&self) -> io::Result<String> {
        Ok(self.stdin.to_owned())
    }

    fn file_line(&self, file: &Path) -> Result<Secret, PasswordFileError> {
        if file == Path::new("pw") {
            Ok(Secret::new(self.file.to_owned()))
        } else {
            Err(PasswordFileError::Unusable(file.to_owned()))
        }
    }

    fn stored(&self, name: &CredentialName) -> Result<Option<Secret>, CredentialError> {
        if let Some(error) = self.store_error {
            return Err(error);
        }
        let mut stored = self.stored.iter();
        let found = stored.find(|(known, _)| *known == name.as_str());
        Ok(found.map(|(_, password)| Secret::new((*password).to_owned())))
    }

    fn is_interactive(&self) -> bool {
        !self.answers.is_empty()
    }

    fn ask(&self, question: &str) -> io::Result<String> {
        let mut asked = self.asked.lock();
        let questions = ["Password of CORP\\svc: ", "Password of x: ", "Once more: "];
        if !questions.contains(&question) {
            return Err(io::Error::other(question.to_owned()));
        }
        *asked += 1;
        let answer = self.answers.get(*asked - 1).copied();
        Ok(answer.unwrap_or_default().to_owned())
    }
}

const ACCOUNT: Account<'static> = Account {
    user: "CORP\\svc",
    server: Some("https://mim01:5986/wsman"),
};

fn found(sources: PasswordSources, around: &Fake) -> Result<String, String> {
    find(sources, ACCOUNT, around)
        .map(|secret| secret.reveal().to_owned())
        .map_err(|error| error.to_string())
}

fn from(source: PasswordSource) -> PasswordSources {
    PasswordSources {
        given: None,
        named: Some(source),
    }
}

fn variable(name: &str) -> PasswordSource {
    PasswordSource::Variable(name.to_owned())
}

fn stored(name: &str) -> PasswordSource {
    PasswordSource::Stored(name.to_owned())
}

#[test]
fn every_variable_that_may_hold_a_password_is_named() {
    assert_eq!(from(PasswordSource::Stdin).variables(), [DEFAULT_VARIABLE]);
    let named = from(variable("OTHER")).variables();
    assert_eq!(named, ["OTHER", DEFAULT_VARIABLE]);
}

#[test]
fn sources_are_asked_in_order() {
    let mut around = Fake {
        variables: vec![(DEFAULT_VARIABLE, "default"), ("PW", "named")],
        stdin: "from stdin \r\n",
        file: "from file",
        stored: vec![("corp\\svc@mim01", "stored"), ("nightly", "by name")],
        answers: vec!["typed"],
        ..Fake::default()
    };
    let given = PasswordSources {
        given: Some(Secret::new("given".to_owned())),
        named: Some(PasswordSource::Stdin),
    };
    assert_eq!(found(given, &around).unwrap(), "given");
    for (source, password) in [
        (PasswordSource::Stdin, "from stdin "),
        (variable("PW"), "named"),
        (PasswordSource::File("pw".into()), "from file"),
        (stored("Nightly"), "by name"),
    ] {
        assert_eq!(found(from(source), &around).unwrap(), password);
    }
    let nothing_named = PasswordSources::default;
    assert_eq!(found(nothing_named(), &around).unwrap(), "default");
    around.variables.clear();
    assert_eq!(found(nothing_named(), &around).unwrap(), "stored");
    around.stored.clear();
    assert_eq!(found(nothing_named(), &around).unwrap(), "typed");
    assert_eq!(*around.asked.lock(), 1, "a person is asked last");
}

#[test]
fn a_named_source_that_is_empty_is_an_error_even_if_another_is_there() {
    let mut around = Fake {
        variables: vec![(DEFAULT_VARIABLE, "default"), ("EMPTY", "")],
        stdin: "\n",
        answers: vec!["typed"],
        ..Fake::default()
    };
    for (source, part) in [
        (variable("EMPTY"), "`EMPTY`"),
        (variable("MISSING"), "`MISSING`"),
        (PasswordSource::Stdin, "first line"),
        (PasswordSource::File("other".into()), "`other`"),
        (stored("other"), "no password is stored as `other`"),
        (stored(" "), "needs a name"),
    ] {
        let error = found(from(source), &around).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    around.store_error = Some(CredentialError::NoSession);
    let error = found(from(stored("other")), &around).unwrap_err();
    for part in ["`other`", "D-Bus", "--password-file"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn without_a_person_the_error_names_the_ways_and_the_store() {
    for (store_error, part) in [
        (None, "masequencer credential set 'corp\\svc@mim01'"),
        (Some(CredentialError::NoSession), "no desktop session"),
        (Some(CredentialError::Locked), "is locked"),
    ] {
        let around = Fake {
            store_error,
            ..Fake::default()
        };
        let error = found(PasswordSources::default(), &around).unwrap_err();
        for part in [
            part,
            DEFAULT_VARIABLE,
            "--password-env",
            "--password-file",
            "--password-stdin",
            "CORP\\svc",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }
    let simulator = Account {
        server: None,
        ..ACCOUNT
    };
    let none = find(PasswordSources::default(), simulator, &Fake::default());
    let error = none.unwrap_err().to_string();
    assert!(!error.contains("credential set"), "{error}");
}

#[test]
fn a_store_that_cannot_be_asked_does_not_keep_a_person_from_typing() {
    let around = Fake {
        store_error: Some(CredentialError::TooSlow),
        answers: vec!["typed"],
        ..Fake::default()
    };
    assert_eq!(found(PasswordSources::default(), &around).unwrap(), "typed");
}

#[test]
fn a_password_to_store_is_typed_twice_or_comes_from_where_it_is_said() {
    let name = CredentialName::new("x").unwrap();
    let store = |source, answers: &[&'static str]| {
        let around = Fake {
            variables: vec![(DEFAULT_VARIABLE, "default")],
            stdin: "from stdin\n",
            answers: answers.to_vec(),
            ..Fake::default()
        };
        to_store(source, &name, &around)
            .map(|secret| secret.reveal().to_owned())
            .map_err(|error| error.to_string())
    };
    assert_eq!(store(None, &["a", "a"]).unwrap(), "a");
    assert_eq!(
        store(Some(PasswordSource::Stdin), &["a"]).unwrap(),
        "from stdin"
    );
    for (answers, part) in [
        (&["a", "b"][..], "not the same"),
        (&["", ""], "no password was typed"),
        (&["a", ""], "not the same"),
        (&[], "nobody can be asked"),
    ] {
        let error = store(None, answers).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_password_for_nobody_is_a_wrong_usage() {
    let winrm = Target::Winrm(WinrmTarget {
        host: "mim01".to_owned(),
        user: None,
        authentication: Authentication::Auto,
        is_tls: false,
        port: None,
        ca_file: None,
        pin: None,
        allow_unencrypted: false,
        resource_uris: ResourceUris::Auto,
    });
    let wmi = |host: Option<&str>| {
        Target::Wmi(WmiTarget {
            host: host.map(str::to_owned),
            user: None,
        })
    };
    let given = || PasswordSources {
        given: Some(Secret::new("given".to_owned())),
        named: None,
    };
    for (sources, option) in [
        (given(), "/p:"),
        (from(PasswordSource::Stdin), "--password-stdin"),
        (from(PasswordSource::File("pw".into())), "--password-file"),
        (from(variable("PW")), "--password-env"),
        (from(stored("nightly")), "--credential"),
    ] {
        let error = of_target(sources, &winrm).unwrap_err();
        assert!(error.to_string().contains(option), "{error}");
        assert_eq!(Failure::from(error).code, ExitCode::Usage);
    }
    let other = of_target(given(), &wmi(Some("mim01")));
    assert!(matches!(other, Err(PasswordError::NoUser(_))), "{other:?}");
    // Nothing is named, or nobody else could be.
    let demo = Target::Demo { scenario: None };
    for (sources, target) in [
        (PasswordSources::default(), &winrm),
        (given(), &demo),
        (given(), &wmi(None)),
    ] {
        assert!(matches!(of_target(sources, target), Ok(None)));
    }
}
