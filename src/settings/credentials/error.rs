//! Why the store of passwords did not do what was asked.
//!
//! Must not carry an error of the store along: some of those hold the password.

/// What the system calls its store.
pub const STORE: &str = if cfg!(windows) {
    "the Credential Manager"
} else if cfg!(target_os = "macos") {
    "the Keychain"
} else if cfg!(target_os = "linux") {
    "the Secret Service"
} else {
    "a password store"
};

/// Why the store of passwords did not do what was asked; each a sentence without a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Nobody may ask it.
    #[error("{STORE} is switched off by the variable MASEQUENCER_CREDENTIAL_STORE")]
    Off,
    /// This system has none that we know.
    #[error("this system has no password store that masequencer knows")]
    Unknown,
    /// There is no way to it, as for services and scheduled jobs.
    #[error("{STORE} cannot be reached: no desktop session (D-Bus) runs here for this user")]
    NoSession,
    /// There is a session, but nobody keeps passwords in it.
    #[error(
        "{STORE} cannot be reached: no program such as GNOME Keyring or KWallet offers it here"
    )]
    NoProvider,
    /// It does not answer.
    #[error("{STORE} does not answer")]
    TooSlow,
    /// It is locked, and nobody unlocked it.
    #[error(
        "{STORE} is locked, or does not let masequencer in; log on to the desktop to unlock it"
    )]
    Locked,
    /// Two entries fit.
    #[error("{STORE} has several entries of that name; delete them and set the password again")]
    Several,
    /// An entry that another program wrote.
    #[error("the entry in {STORE} is no text; set the password again")]
    NotText,
    /// There is more than it takes.
    #[error("the password is longer than {STORE} takes")]
    TooLong,
    /// Anything else.
    #[error("{STORE} refused without a reason that helps")]
    Refused,
}

impl CredentialError {
    /// Whether there is no store at all, as opposed to one that did not do what was asked.
    pub const fn is_absence(self) -> bool {
        matches!(
            self,
            Self::Off | Self::Unknown | Self::NoSession | Self::NoProvider
        )
    }
}

/// What opening the store met.
pub(super) fn of_opening(error: keyring_core::Error) -> CredentialError {
    use keyring_core::Error;
    match error {
        Error::NoDefaultStore => CredentialError::Unknown,
        Error::PlatformFailure(cause) => of_platform(&chain(cause.as_ref())),
        other => of_work(other),
    }
}

/// What working with the open store met.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(super) fn of_work(error: keyring_core::Error) -> CredentialError {
    use keyring_core::Error;
    match error {
        Error::NoStorageAccess(_) => CredentialError::Locked,
        Error::Ambiguous(_) => CredentialError::Several,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            CredentialError::NotText
        }
        Error::TooLong(..) => CredentialError::TooLong,
        _ => CredentialError::Refused,
    }
}

/// The store's crate keeps its own types to itself, but D-Bus names its errors for everybody.
fn of_platform(text: &str) -> CredentialError {
    let has = |part: &str| text.contains(part);
    if has("ServiceUnknown") || has("NameHasNoOwner") || has("Spawn.") {
        CredentialError::NoProvider
    } else if cfg!(target_os = "linux") {
        // Without a bus the way there ends early, in as many ways as there are addresses.
        CredentialError::NoSession
    } else {
        CredentialError::Refused
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error:?} {error}");
    let mut cause = error.source();
    while let Some(current) = cause {
        text = format!("{text}: {current}");
        cause = current.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io;

    use keyring_core::Error;

    use super::*;

    #[test]
    fn an_error_of_the_store_becomes_one_of_ours_without_its_content() {
        let secret = b"canary".to_vec();
        for (error, ours) in [
            (Error::BadEncoding(secret.clone()), CredentialError::NotText),
            (
                Error::BadDataFormat(secret, "bad".into()),
                CredentialError::NotText,
            ),
            (
                Error::NoStorageAccess("locked".into()),
                CredentialError::Locked,
            ),
            (Error::Ambiguous(Vec::new()), CredentialError::Several),
            (
                Error::TooLong("password".to_owned(), 9),
                CredentialError::TooLong,
            ),
            (Error::PlatformFailure("?".into()), CredentialError::Refused),
        ] {
            let met = of_work(error);
            assert_eq!(met, ours);
            assert!(!format!("{met:?} {met}").contains("canary"));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_bus_and_a_bus_without_a_provider_are_told_apart() {
        let no_bus = io::Error::new(io::ErrorKind::NotFound, "/run/user/0/bus");
        let nobody = "org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable";
        for (cause, ours) in [
            (no_bus, CredentialError::NoSession),
            (io::Error::other(nobody), CredentialError::NoProvider),
        ] {
            let met = of_opening(Error::PlatformFailure(Box::new(cause)));
            assert_eq!(met, ours);
            assert!(met.is_absence());
        }
    }
}
