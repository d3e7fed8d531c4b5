//! `credential`: passwords in the system's own store.
//!
//! Must not print a password, on whatever way.

use serde::Serialize;

use crate::settings::credentials::{
    CredentialError, CredentialName, Credentials, NameProblem, STORE,
};

use super::super::arguments::{CredentialArguments, CredentialSetArguments, CredentialVerb};
use super::super::console::Output;
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::password::{self, OTHERWISE, PasswordSource, ThisProcess};

/// Stores, lists or deletes.
///
/// # Errors
/// [`Failure`] when the store cannot be used, or has nothing of that name.
pub fn credential(arguments: CredentialArguments, output: &Output) -> Result<ExitCode, Failure> {
    let store = Credentials::of_user();
    match arguments.verb {
        CredentialVerb::Set(arguments) => set(&arguments, &store, output)?,
        CredentialVerb::List(arguments) => list(arguments.json, &store, output)?,
        CredentialVerb::Delete(name) => delete(&name.name, &store, output)?,
    }
    Ok(ExitCode::Success)
}

fn set(
    arguments: &CredentialSetArguments,
    store: &Credentials,
    output: &Output,
) -> Result<(), Failure> {
    let name = CredentialName::new(&arguments.name.name)?;
    let source = PasswordSource::of(&arguments.password);
    let password = password::to_store(source, &name, &ThisProcess)?;
    store.remember(&name, password, ThisProcess.patience())?;
    output.line(&format!("Stored the password of {name} in {STORE}."));
    Ok(())
}

#[derive(Serialize)]
struct JsonCredential<'a> {
    name: &'a str,
}

fn list(is_json: bool, store: &Credentials, output: &Output) -> Result<(), Failure> {
    let names = store.list(ThisProcess.patience())?;
    for name in &names {
        if is_json {
            let name = name.as_str();
            output.line(&super::to_json(&JsonCredential { name })?);
        } else {
            output.line(name.as_str());
        }
    }
    if names.is_empty() {
        output.note(&format!("No password of masequencer is in {STORE}."));
    }
    Ok(())
}

fn delete(name: &str, store: &Credentials, output: &Output) -> Result<(), Failure> {
    let name = CredentialName::new(name)?;
    if !store.forget(&name, ThisProcess.patience())? {
        let sentence =
            format!("no password is stored as `{name}`; see: masequencer credential list");
        return Err(Failure::new(ExitCode::Failed, sentence));
    }
    output.line(&format!("Deleted the password of {name} from {STORE}."));
    Ok(())
}

impl From<NameProblem> for Failure {
    fn from(problem: NameProblem) -> Self {
        Self::new(ExitCode::Usage, problem.to_string())
    }
}

impl From<CredentialError> for Failure {
    fn from(error: CredentialError) -> Self {
        let sentence = if error.is_absence() || error == CredentialError::TooSlow {
            format!("{error}; {OTHERWISE}")
        } else {
            error.to_string()
        };
        Self::new(ExitCode::CouldNotStart, sentence)
    }
}
