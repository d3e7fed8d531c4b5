//! The one store of each system, and what is particular to it.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::CredentialStore;

/// What finds our entries among all.
#[cfg(not(windows))]
pub(super) const SEARCH: (&str, &str) = ("service", super::SERVICE);
/// What finds our entries among all.
#[cfg(windows)]
pub(super) const SEARCH: (&str, &str) = ("pattern", r"\.masequencer$");

/// Opens the store.
#[cfg(target_os = "linux")]
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// Opens the store.
#[cfg(windows)]
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Opens the store.
#[cfg(target_os = "macos")]
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// There is none.
#[cfg(not(any(windows, target_os = "linux", target_os = "macos")))]
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NoDefaultStore)
}

/// What a new entry is given beyond its name; `label` is for people.
pub(super) fn modifiers(label: &str) -> HashMap<&str, &str> {
    if cfg!(target_os = "linux") {
        HashMap::from([("label", label)])
    } else if cfg!(windows) {
        // The usual one would travel with the user's profile to other machines.
        HashMap::from([("persistence", "Local")])
    } else {
        HashMap::new()
    }
}
