//! Passwords in the store that the system keeps for its user: the Secret Service, the Credential
//! Manager or the Keychain.
//!
//! Every question has a limit, because a store may hang or wait for somebody to unlock it. Must not
//! keep a password itself, nor hand on an error that could hold one.

mod error;
mod name;
mod system;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use keyring_core::{CredentialStore, Entry};

use crate::base::secret::Secret;
use crate::base::time::{Clock as _, Moment, SystemClock};

pub use error::{CredentialError, STORE};
pub use name::{CredentialName, NameProblem};

/// The variable that keeps us away from the store: `off`.
pub const STORE_VARIABLE: &str = "MASEQUENCER_CREDENTIAL_STORE";

/// Under this name our entries stand among those of other programs.
const SERVICE: &str = "masequencer";

/// How long the way to the store may take.
const OPENING: Duration = Duration::from_secs(2);

/// Who waits for the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// A program: two seconds for everything.
    Program,
    /// A person, who may have to unlock it first.
    Person,
}

/// How long a person may take to unlock the store.
const UNLOCKING: Duration = Duration::from_secs(90);

type Opener = dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync;
type Modifiers = for<'a> fn(&'a str) -> HashMap<&'a str, &'a str>;

/// The way to the store. Every call blocks, at most as long as its [`Patience`].
#[derive(Clone)]
pub struct Credentials {
    way: Option<Way>,
}

#[derive(Clone)]
struct Way {
    open: Arc<Opener>,
    modifiers: Modifiers,
}

enum Said<T> {
    Opened,
    Done(Result<T, CredentialError>),
}

impl Credentials {
    /// The system's store for this user, unless [`STORE_VARIABLE`] says `off`.
    pub fn of_user() -> Self {
        let is_off =
            std::env::var_os(STORE_VARIABLE).is_some_and(|value| value.eq_ignore_ascii_case("off"));
        if is_off {
            Self::off()
        } else {
            Self::by(system::open, system::modifiers)
        }
    }

    /// A store that keeps passwords in memory only, for tests and pictures.
    pub fn in_memory() -> Self {
        let store: Option<Arc<CredentialStore>> = keyring_core::mock::Store::new()
            .ok()
            .map(|store| store as _);
        let open = move || store.clone().ok_or(keyring_core::Error::NoDefaultStore);
        Self::by(open, |_label| HashMap::new())
    }

    /// No store: every call says so.
    pub const fn off() -> Self {
        Self { way: None }
    }

    fn by(
        open: impl Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync + 'static,
        modifiers: Modifiers,
    ) -> Self {
        let open = Arc::new(open);
        Self {
            way: Some(Way { open, modifiers }),
        }
    }

    /// The stored password; `None` when there is none of that name.
    ///
    /// # Errors
    /// [`CredentialError`] when the store cannot be asked.
    pub fn recall(
        &self,
        name: &CredentialName,
        patience: Patience,
    ) -> Result<Option<Secret>, CredentialError> {
        let name = name.clone();
        self.ask(patience, move |store| {
            match store.entry(&name).and_then(|entry| entry.get_password()) {
                Ok(password) => Ok(Some(Secret::new(password)).filter(|found| !found.is_empty())),
                Err(keyring_core::Error::NoEntry) => Ok(None),
                Err(keyring_core::Error::BadEncoding(bytes)) => {
                    drop(Secret::of_bytes(bytes));
                    Err(CredentialError::NotText)
                }
                Err(other) => Err(error::of_work(other)),
            }
        })
    }

    /// Stores a password; one of that name is replaced.
    ///
    /// # Errors
    /// [`CredentialError`] when the store does not take it.
    pub fn remember(
        &self,
        name: &CredentialName,
        password: Secret,
        patience: Patience,
    ) -> Result<(), CredentialError> {
        let name = name.clone();
        self.ask(patience, move |store| {
            store
                .entry(&name)
                .and_then(|entry| entry.set_password(password.reveal()))
                .map_err(error::of_work)
        })
    }

    /// Removes every password of that name; whether there was one.
    ///
    /// # Errors
    /// [`CredentialError`] when the store cannot be asked.
    pub fn forget(
        &self,
        name: &CredentialName,
        patience: Patience,
    ) -> Result<bool, CredentialError> {
        let name = name.clone();
        self.ask(patience, move |store| {
            let entries = match store
                .entry(&name)
                .map(|entry| (entry.delete_credential(), entry))
            {
                Ok((Ok(()), _)) => return Ok(true),
                Ok((Err(keyring_core::Error::NoEntry), _)) => return Ok(false),
                // Another program may have made a second one.
                Ok((Err(keyring_core::Error::Ambiguous(entries)), _)) => entries,
                Ok((Err(other), _)) | Err(other) => return Err(error::of_work(other)),
            };
            let mut all = entries.iter();
            all.try_for_each(Entry::delete_credential)
                .map_err(error::of_work)?;
            Ok(true)
        })
    }

    /// The names of our entries in order.
    ///
    /// # Errors
    /// [`CredentialError`] when the store cannot be asked.
    pub fn list(&self, patience: Patience) -> Result<Vec<CredentialName>, CredentialError> {
        self.ask(patience, |store| {
            let found = store
                .inner
                .search(&HashMap::from([system::SEARCH]))
                .map_err(error::of_work)?;
            let mut names: Vec<CredentialName> = found
                .iter()
                .filter_map(Entry::get_specifiers)
                .filter(|(service, _)| service == SERVICE)
                .filter_map(|(_, name)| CredentialName::new(&name).ok())
                .collect();
            names.sort_unstable();
            names.dedup();
            Ok(names)
        })
    }

    /// Asks on a thread of its own: a store may hang, and one of them must not run inside another
    /// runtime.
    fn ask<T: Send + 'static>(
        &self,
        patience: Patience,
        question: impl FnOnce(&Open) -> Result<T, CredentialError> + Send + 'static,
    ) -> Result<T, CredentialError> {
        let way = self.way.clone().ok_or(CredentialError::Off)?;
        let (sender, said) = mpsc::sync_channel(2);
        let work = move || {
            let done = match (way.open)() {
                Ok(inner) => {
                    sender.send(Said::Opened).ok();
                    let modifiers = way.modifiers;
                    question(&Open { inner, modifiers })
                }
                Err(error) => Err(error::of_opening(error)),
            };
            // Who gave up waiting needs no answer; what it holds is wiped.
            sender.send(Said::Done(done)).ok();
        };
        std::thread::Builder::new()
            .name("credentials".to_owned())
            .spawn(work)
            .map_err(|_no_thread| CredentialError::Refused)?;
        wait(&said, patience)
    }
}

fn wait<T>(said: &Receiver<Said<T>>, patience: Patience) -> Result<T, CredentialError> {
    let clock = SystemClock::start();
    let mut limit = OPENING;
    loop {
        match said.recv_timeout(limit) {
            Ok(Said::Opened) => {
                limit = match patience {
                    Patience::Program => OPENING.saturating_sub(clock.now().since(Moment::ZERO)),
                    Patience::Person => UNLOCKING,
                };
            }
            Ok(Said::Done(done)) => return done,
            Err(RecvTimeoutError::Timeout) => return Err(CredentialError::TooSlow),
            // Its thread ended without a word.
            Err(RecvTimeoutError::Disconnected) => return Err(CredentialError::Refused),
        }
    }
}

/// A store that is open.
struct Open {
    inner: Arc<CredentialStore>,
    modifiers: Modifiers,
}

impl Open {
    fn entry(&self, name: &CredentialName) -> keyring_core::Result<Entry> {
        let label = format!("masequencer: {name}");
        let modifiers = (self.modifiers)(&label);
        self.inner.build(SERVICE, name.as_str(), Some(&modifiers))
    }
}

#[cfg(test)]
mod tests;
