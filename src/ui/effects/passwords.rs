//! The system's store of passwords, asked where nobody waits.

use tokio::runtime::Handle;

use crate::base::secret::Secret;
use crate::designer::words::effects as words;
use crate::designer::{Answer, PasswordOf, StoreAnswer, Token};
use crate::settings::credentials::{CredentialError, CredentialName, Credentials, Patience};

use super::outbox::Outbox;

/// The way to the store.
pub(super) struct Passwords {
    store: Credentials,
    outbox: Outbox,
}

impl Passwords {
    pub(super) const fn new(store: Credentials, outbox: Outbox) -> Self {
        Self { store, outbox }
    }

    /// Looks for a password. That there is no store is no news: the person is asked then.
    pub(super) fn recall(&self, token: Token, of: &PasswordOf, runtime: &Handle) {
        let name = CredentialName::of_account(&of.user, &of.host);
        self.ask(runtime, move |store| {
            let found = match name {
                Ok(name) => store.recall(&name, Patience::Person),
                Err(_unusual) => Ok(None),
            };
            let (password, problem) = match found {
                Ok(password) => (password, None),
                Err(error) if error.is_absence() => (None, None),
                Err(error) => (None, Some(sentence(error))),
            };
            Answer::Recalled {
                token,
                password,
                problem,
            }
        });
    }

    /// Keeps a password.
    pub(super) fn remember(&self, of: &PasswordOf, password: Secret, runtime: &Handle) {
        let name = CredentialName::of_account(&of.user, &of.host);
        self.ask(runtime, move |store| {
            let problem = match name {
                Ok(name) => store.remember(&name, password, Patience::Person).err(),
                Err(_unusual) => Some(CredentialError::TooLong),
            };
            Answer::Store(StoreAnswer::Remembered(problem.map(sentence)))
        });
    }

    /// Removes a password.
    pub(super) fn forget(&self, of: &PasswordOf, runtime: &Handle) {
        let name = CredentialName::of_account(&of.user, &of.host);
        self.ask(runtime, move |store| {
            // Under no name there is nothing to forget.
            let forgotten = name.map(|name| store.forget(&name, Patience::Person));
            let problem = forgotten.ok().and_then(Result::err);
            Answer::Store(StoreAnswer::Forgotten(problem.map(sentence)))
        });
    }

    fn ask(
        &self,
        runtime: &Handle,
        question: impl FnOnce(&Credentials) -> Answer + Send + 'static,
    ) {
        let (store, outbox) = (self.store.clone(), self.outbox.clone());
        runtime.spawn_blocking(move || outbox.send(question(&store)));
    }
}

fn sentence(error: CredentialError) -> String {
    words::sentence(&error.to_string())
}
