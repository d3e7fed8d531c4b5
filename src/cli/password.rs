//! Where the password comes from.
//!
//! The order is: the command line (`/p:`), the source that was named (`--password-env`,
//! `--password-stdin`, `--password-file`, `--credential`), the variable [`DEFAULT_VARIABLE`], the
//! system's store of passwords, and a question if a person sits there. Must not show, log or keep it
//! anywhere else.

mod file;

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use crate::base::secret::Secret;
use crate::launch::Target;
use crate::settings::credentials::{
    CredentialError, CredentialName, Credentials, NameProblem, Patience,
};

use super::arguments::PasswordArguments;

pub use file::PasswordFileError;

/// The variable that is read when no other source is named.
pub const DEFAULT_VARIABLE: &str = "MASEQUENCER_PASSWORD";

/// The longest password that is read from standard input or a file, in bytes.
const MAX_BYTES: u16 = 4096;

/// Where somebody said the password is.
#[derive(Debug, Default)]
pub struct PasswordSources {
    /// `/p:`.
    pub given: Option<Secret>,
    /// What an option names.
    pub named: Option<PasswordSource>,
}

/// A place that an option names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// `--password-env`.
    Variable(String),
    /// `--password-stdin`.
    Stdin,
    /// `--password-file`.
    File(PathBuf),
    /// `--credential`.
    Stored(String),
}

impl PasswordSource {
    /// What the options say, if they say anything.
    pub fn of(arguments: &PasswordArguments) -> Option<Self> {
        let variable = arguments.password_env.clone().map(Self::Variable);
        let file = arguments.password_file.clone().map(Self::File);
        let stdin = arguments.password_stdin.then_some(Self::Stdin);
        variable.or(file).or(stdin)
    }

    /// The option that names it.
    const fn option(&self) -> &'static str {
        match self {
            Self::Variable(_) => "--password-env",
            Self::Stdin => "--password-stdin",
            Self::File(_) => "--password-file",
            Self::Stored(_) => "--credential",
        }
    }
}

impl PasswordSources {
    /// What the options of a verb that connects say.
    pub fn named(arguments: &PasswordArguments, credential: Option<&str>) -> Self {
        let stored = credential.map(|name| PasswordSource::Stored(name.to_owned()));
        Self {
            given: None,
            named: PasswordSource::of(arguments).or(stored),
        }
    }

    /// The environment variables that may hold a password, whether or not they are read: programs
    /// that a run starts must not inherit them.
    pub fn variables(&self) -> Vec<String> {
        let named = match &self.named {
            Some(PasswordSource::Variable(name)) => Some(name.clone()),
            _ => None,
        };
        let named = named.into_iter();
        named.chain([DEFAULT_VARIABLE.to_owned()]).collect()
    }

    /// What says on the command line that there is a password. A mere variable is set for many calls,
    /// not for this one.
    fn option(&self) -> Option<&'static str> {
        let given = self.given.as_ref().map(|_| "/p:");
        given.or_else(|| self.named.as_ref().map(PasswordSource::option))
    }
}

/// Whose password is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// The account.
    pub user: &'a str,
    /// The server it is for; `None` where the store has nothing to say about it.
    pub server: Option<&'a str>,
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Nobody gave one.
    #[error("no password for `{user}`; {stored}set the variable {DEFAULT_VARIABLE}, or {OPTIONS}")]
    Nowhere {
        /// The account.
        user: String,
        /// What the store said, with what to do about it; may be empty.
        stored: String,
    },
    /// A place is named, and nobody whose password it could be.
    #[error(
        "a password is given by {0}, but no account is named, so it would not be used; name one with \
         --user (or /u:), or leave {0} out to sign on as whoever is logged on"
    )]
    NoUser(&'static str),
    /// Nobody is there to type one.
    #[error("nobody can be asked for the password here; {OPTIONS}")]
    NobodyToAsk,
    /// A person typed two different ones.
    #[error("the two passwords are not the same; nothing was stored")]
    NotTheSame,
    /// A person typed none.
    #[error("no password was typed; nothing was stored")]
    NothingTyped,
    /// The variable that was named is not set.
    #[error("the environment variable `{0}`, named by --password-env, is not set or empty")]
    Variable(String),
    /// Standard input held nothing usable.
    #[error(
        "standard input holds no password; write it as its first line, at most {MAX_BYTES} bytes"
    )]
    EmptyStdin,
    /// The file held nothing usable.
    #[error(transparent)]
    File(#[from] PasswordFileError),
    /// What stands behind `--credential` is no name.
    #[error(transparent)]
    Name(#[from] NameProblem),
    /// Nothing is stored under the name that was given.
    #[error("no password is stored as `{0}`; store it with: masequencer credential set NAME")]
    NotStored(CredentialName),
    /// The store cannot be asked for what was named.
    #[error("the password stored as `{name}` cannot be had: {source}; {OTHERWISE}")]
    Store {
        /// The name.
        name: CredentialName,
        /// Why.
        source: CredentialError,
    },
    /// Standard input or the terminal could not be read.
    #[error("the password could not be read")]
    Read(#[source] io::Error),
}

/// What works where there is no store.
pub const OTHERWISE: &str = "instead, set the variable MASEQUENCER_PASSWORD, or use \
                             --password-file FILE or --password-stdin";

const OPTIONS: &str = "use --password-env VAR, --password-file FILE or --password-stdin";

/// What the search needs from the process around it.
pub trait Surroundings {
    /// An environment variable that is set to a text.
    fn variable(&self, name: &str) -> Option<String>;

    /// The first line of standard input.
    ///
    /// # Errors
    /// Any error of the system.
    fn stdin_line(&self) -> io::Result<String>;

    /// The first line of a file.
    ///
    /// # Errors
    /// [`PasswordFileError`] also when others may read it.
    fn file_line(&self, file: &Path) -> Result<Secret, PasswordFileError>;

    /// What the system's store has under this name.
    ///
    /// # Errors
    /// [`CredentialError`] when it cannot be asked.
    fn stored(&self, name: &CredentialName) -> Result<Option<Secret>, CredentialError>;

    /// Whether a person can be asked.
    fn is_interactive(&self) -> bool;

    /// Asks a person.
    ///
    /// # Errors
    /// Any error of the system.
    fn ask(&self, question: &str) -> io::Result<String>;
}

/// Finds the password for a target; `None` when it needs none.
///
/// # Errors
/// [`PasswordError`] names the ways to give one; [`PasswordError::NoUser`] when one was given for
/// nobody.
pub fn of_target(
    sources: PasswordSources,
    target: &Target,
) -> Result<Option<Secret>, PasswordError> {
    let server = match target {
        Target::Winrm(winrm) => Some(winrm.host.as_str()),
        Target::Wmi(wmi) => wmi.host.as_deref(),
        Target::Demo { .. } => None,
    };
    let Some(user) = target.account() else {
        return check_use(&sources, target).map(|()| None);
    };
    let account = Account { user, server };
    find(sources, account, &ThisProcess).map(Some)
}

/// Makes sure that a password that was given would be used: else somebody is meant who was forgotten.
///
/// # Errors
/// [`PasswordError::NoUser`].
pub fn check_use(sources: &PasswordSources, target: &Target) -> Result<(), PasswordError> {
    // The demo and this machine's own WMI know no other account, whoever is named.
    let has_account = match target {
        Target::Winrm(winrm) => winrm.user.is_some(),
        Target::Wmi(wmi) => wmi.user.is_some() || wmi.host.is_none(),
        Target::Demo { .. } => true,
    };
    match sources.option() {
        Some(option) if !has_account => Err(PasswordError::NoUser(option)),
        _ => Ok(()),
    }
}

/// Finds the password of an account.
///
/// # Errors
/// [`PasswordError`] names the ways to give one.
pub fn find(
    sources: PasswordSources,
    account: Account<'_>,
    around: &dyn Surroundings,
) -> Result<Secret, PasswordError> {
    if let Some(secret) = sources.given {
        return Ok(secret);
    }
    if let Some(source) = sources.named {
        return named(source, around);
    }
    if let Some(secret) = around.variable(DEFAULT_VARIABLE).and_then(some_secret) {
        return Ok(secret);
    }
    let name = account
        .server
        .and_then(|server| CredentialName::of_account(account.user, server).ok());
    let stored = match name.map(|name| (around.stored(&name), name)) {
        Some((Ok(Some(secret)), _)) => return Ok(secret),
        Some((Ok(None), name)) => {
            format!("store it with: masequencer credential set '{name}'; or ")
        }
        Some((Err(error), _)) => format!("{error}; "),
        None => String::new(),
    };
    let nowhere = || PasswordError::Nowhere {
        user: account.user.to_owned(),
        stored,
    };
    if !around.is_interactive() {
        return Err(nowhere());
    }
    let answer = around
        .ask(&format!("Password of {}: ", account.user))
        .map_err(PasswordError::Read)?;
    some_secret(answer).ok_or_else(nowhere)
}

/// The password in the place that was named; no other is looked at.
fn named(source: PasswordSource, around: &dyn Surroundings) -> Result<Secret, PasswordError> {
    match source {
        PasswordSource::Stdin => {
            let line = around.stdin_line().map_err(PasswordError::Read)?;
            some_secret(line).ok_or(PasswordError::EmptyStdin)
        }
        PasswordSource::Variable(name) => {
            let value = around.variable(&name);
            value
                .and_then(some_secret)
                .ok_or(PasswordError::Variable(name))
        }
        PasswordSource::File(file) => Ok(around.file_line(&file)?),
        PasswordSource::Stored(name) => {
            let name = CredentialName::new(&name)?;
            match around.stored(&name) {
                Ok(Some(secret)) => Ok(secret),
                Ok(None) => Err(PasswordError::NotStored(name)),
                Err(source) => Err(PasswordError::Store { name, source }),
            }
        }
    }
}

/// The password that is to be stored: from the place that was named, else typed twice.
///
/// # Errors
/// [`PasswordError`] names the ways to give one.
pub fn to_store(
    source: Option<PasswordSource>,
    name: &CredentialName,
    around: &dyn Surroundings,
) -> Result<Secret, PasswordError> {
    if let Some(source) = source {
        return named(source, around);
    }
    if !around.is_interactive() {
        return Err(PasswordError::NobodyToAsk);
    }
    let ask = |question: String| around.ask(&question).map_err(PasswordError::Read);
    let first = some_secret(ask(format!("Password of {name}: "))?);
    let first = first.ok_or(PasswordError::NothingTyped)?;
    let second = some_secret(ask("Once more: ".to_owned())?);
    if second.is_some_and(|second| second.reveal() == first.reveal()) {
        Ok(first)
    } else {
        Err(PasswordError::NotTheSame)
    }
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

impl ThisProcess {
    /// How long the store may take.
    pub fn patience(self) -> Patience {
        if self.is_interactive() {
            Patience::Person
        } else {
            Patience::Program
        }
    }
}

impl Surroundings for ThisProcess {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn stdin_line(&self) -> io::Result<String> {
        // With room for all of it: growing would leave copies behind.
        let mut line = String::with_capacity(usize::from(MAX_BYTES) + 8);
        let stdin = io::stdin().lock();
        stdin.take(MAX_BYTES.into()).read_line(&mut line)?;
        Ok(line)
    }

    fn file_line(&self, file: &Path) -> Result<Secret, PasswordFileError> {
        file::read(file)
    }

    fn stored(&self, name: &CredentialName) -> Result<Option<Secret>, CredentialError> {
        Credentials::of_user().recall(name, self.patience())
    }

    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask(&self, question: &str) -> io::Result<String> {
        rpassword::prompt_password(question)
    }
}

#[cfg(test)]
mod tests;
