//! Where the password comes from.
//!
//! The order is: the command line (`/p:`), the source that was named (`--password-env`,
//! `--password-stdin`), the variable [`DEFAULT_VARIABLE`], and a question if a person sits there.
//! Must not show, log or keep it anywhere else.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use crate::base::secret::Secret;

/// The variable that is read when no other source is named.
pub const DEFAULT_VARIABLE: &str = "MASEQUENCER_PASSWORD";

/// The longest password that is read from standard input, in bytes.
const MAX_BYTES: u64 = 4096;

/// Where somebody said the password is.
#[derive(Debug, Default)]
pub struct PasswordSources {
    /// `/p:`.
    pub given: Option<Secret>,
    /// `--password-env`.
    pub variable: Option<String>,
    /// `--password-stdin`.
    pub from_stdin: bool,
}

impl PasswordSources {
    /// The environment variables that may hold a password, whether or not they are read: programs
    /// that a run starts must not inherit them.
    pub fn variables(&self) -> Vec<String> {
        let named = self.variable.iter().cloned();
        named.chain([DEFAULT_VARIABLE.to_owned()]).collect()
    }
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Nobody gave one.
    #[error(
        "no password for `{user}`; set the variable {DEFAULT_VARIABLE}, or use --password-env VAR \
         or --password-stdin"
    )]
    Nowhere {
        /// The account.
        user: String,
    },
    /// The variable that was named is not set.
    #[error("the environment variable `{0}`, named by --password-env, is not set or empty")]
    Variable(String),
    /// Standard input held nothing usable.
    #[error(
        "standard input holds no password; write it as its first line, at most {MAX_BYTES} bytes"
    )]
    EmptyStdin,
    /// Standard input or the terminal could not be read.
    #[error("the password could not be read")]
    Read(#[source] io::Error),
}

/// What the search needs from the process around it.
pub trait Surroundings {
    /// An environment variable that is set to a text.
    fn variable(&self, name: &str) -> Option<String>;

    /// The first line of standard input.
    ///
    /// # Errors
    /// Any error of the system.
    fn stdin_line(&self) -> io::Result<String>;

    /// Whether a person can be asked.
    fn is_interactive(&self) -> bool;

    /// Asks a person.
    ///
    /// # Errors
    /// Any error of the system.
    fn ask(&self, question: &str) -> io::Result<String>;
}

/// Finds the password of an account.
///
/// # Errors
/// [`PasswordError`] names the ways to give one.
pub fn find(
    sources: PasswordSources,
    user: &str,
    around: &dyn Surroundings,
) -> Result<Secret, PasswordError> {
    if let Some(secret) = sources.given {
        return Ok(secret);
    }
    if sources.from_stdin {
        let line = around.stdin_line().map_err(PasswordError::Read)?;
        return some_secret(line).ok_or(PasswordError::EmptyStdin);
    }
    if let Some(name) = sources.variable {
        let value = around.variable(&name);
        return value
            .and_then(some_secret)
            .ok_or(PasswordError::Variable(name));
    }
    if let Some(secret) = around.variable(DEFAULT_VARIABLE).and_then(some_secret) {
        return Ok(secret);
    }
    let nowhere = || PasswordError::Nowhere {
        user: user.to_owned(),
    };
    if !around.is_interactive() {
        return Err(nowhere());
    }
    let answer = around
        .ask(&format!("Password of {user}: "))
        .map_err(PasswordError::Read)?;
    some_secret(answer).ok_or_else(nowhere)
}

/// A secret without the line's end; `None` when nothing is left.
fn some_secret(mut line: String) -> Option<Secret> {
    let kept = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(kept);
    let secret = Secret::new(line);
    (!secret.reveal().is_empty()).then_some(secret)
}

/// This process.
#[derive(Debug, Clone, Copy)]
pub struct ThisProcess;

impl Surroundings for ThisProcess {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn stdin_line(&self) -> io::Result<String> {
        let mut line = String::new();
        io::stdin().lock().take(MAX_BYTES).read_line(&mut line)?;
        Ok(line)
    }

    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask(&self, question: &str) -> io::Result<String> {
        rpassword::prompt_password(question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Fake {
        variables: Vec<(&'static str, &'static str)>,
        stdin: &'static str,
        answer: Option<&'static str>,
    }

    impl Surroundings for Fake {
        fn variable(&self, name: &str) -> Option<String> {
            let (_, value) = self.variables.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        }

        fn stdin_line(&self) -> io::Result<String> {
            Ok(self.stdin.to_owned())
        }

        fn is_interactive(&self) -> bool {
            self.answer.is_some()
        }

        fn ask(&self, question: &str) -> io::Result<String> {
            let is_ours = question == "Password of CORP\\svc: ";
            Ok(self
                .answer
                .filter(|_| is_ours)
                .unwrap_or_default()
                .to_owned())
        }
    }

    fn found(sources: PasswordSources, around: &Fake) -> Result<String, String> {
        find(sources, "CORP\\svc", around)
            .map(|secret| secret.reveal().to_owned())
            .map_err(|error| error.to_string())
    }

    fn named(variable: &str) -> PasswordSources {
        PasswordSources {
            variable: Some(variable.to_owned()),
            ..PasswordSources::default()
        }
    }

    #[test]
    fn every_variable_that_may_hold_a_password_is_named() {
        assert_eq!(stdin().variables(), [DEFAULT_VARIABLE]);
        assert_eq!(named("OTHER").variables(), ["OTHER", DEFAULT_VARIABLE]);
    }

    fn stdin() -> PasswordSources {
        PasswordSources {
            from_stdin: true,
            ..PasswordSources::default()
        }
    }

    #[test]
    fn sources_are_asked_in_order() {
        let around = Fake {
            variables: vec![(DEFAULT_VARIABLE, "default"), ("PW", "named")],
            stdin: "from stdin \r\n",
            answer: Some("typed"),
        };
        let given = PasswordSources {
            given: Some(Secret::new("given".to_owned())),
            from_stdin: true,
            ..PasswordSources::default()
        };
        assert_eq!(found(given, &around).unwrap(), "given");
        assert_eq!(found(stdin(), &around).unwrap(), "from stdin ");
        assert_eq!(found(named("PW"), &around).unwrap(), "named");
        assert_eq!(
            found(PasswordSources::default(), &around).unwrap(),
            "default"
        );
        let without_variables = Fake {
            variables: Vec::new(),
            ..around
        };
        assert_eq!(
            found(PasswordSources::default(), &without_variables).unwrap(),
            "typed"
        );
    }

    #[test]
    fn a_named_source_that_is_empty_is_an_error_even_if_another_is_there() {
        let around = Fake {
            variables: vec![(DEFAULT_VARIABLE, "default"), ("EMPTY", "")],
            stdin: "\n",
            answer: Some("typed"),
        };
        assert!(
            found(named("EMPTY"), &around)
                .unwrap_err()
                .contains("`EMPTY`")
        );
        assert!(
            found(named("MISSING"), &around)
                .unwrap_err()
                .contains("`MISSING`")
        );
        assert!(found(stdin(), &around).unwrap_err().contains("first line"));
    }

    #[test]
    fn without_a_person_the_error_names_the_ways() {
        let error = found(PasswordSources::default(), &Fake::default()).unwrap_err();
        for way in [
            DEFAULT_VARIABLE,
            "--password-env",
            "--password-stdin",
            "CORP\\svc",
        ] {
            assert!(error.contains(way), "{error}");
        }
    }
}
