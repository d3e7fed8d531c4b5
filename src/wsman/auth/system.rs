//! The account of whoever is logged on, proved by the system itself, without a password.
//!
//! What the system has differs: Windows its own SSPI, Unix the tickets of its Kerberos, which a
//! build with the feature `gssapi` can use. Must not choose a scheme; each context has one
//! mechanism only, as ours have.

#[cfg(all(unix, feature = "gssapi"))]
mod gssapi;
#[cfg(any(windows, test))]
mod status;
#[cfg(windows)]
mod windows;

use super::context::{Mechanism, Step};
use super::{Refusal, Scheme};
use crate::wsman::seal::Sealed;

/// By what the system can prove its logged-on user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SingleSignOn {
    /// By nothing.
    Nothing,
    /// By Kerberos alone.
    Kerberos,
    /// By Kerberos and NTLM.
    NtlmToo,
}

impl SingleSignOn {
    /// What this build can do on this system.
    pub const HERE: Self = if cfg!(windows) {
        Self::NtlmToo
    } else if cfg!(all(unix, feature = "gssapi")) {
        Self::Kerberos
    } else {
        Self::Nothing
    };

    /// Whether it does for this scheme.
    pub const fn proves(self, scheme: Scheme) -> bool {
        match (self, scheme) {
            (Self::Nothing, _) | (_, Scheme::Basic) | (Self::Kerberos, Scheme::Ntlm) => false,
            (Self::Kerberos, Scheme::Auto | Scheme::Negotiate | Scheme::Kerberos)
            | (Self::NtlmToo, Scheme::Auto | Scheme::Ntlm | Scheme::Negotiate | Scheme::Kerberos) => {
                true
            }
        }
    }

    /// Whether NTLM can be had, where Kerberos cannot.
    pub(in crate::wsman) const fn has_ntlm(self) -> bool {
        matches!(self, Self::NtlmToo)
    }
}

/// The system's own way to prove its logged-on user. Calls may block.
pub(in crate::wsman) trait SystemContext: Send {
    /// Takes the server's token, empty at first, and makes the next one.
    ///
    /// # Errors
    /// [`Refusal`].
    fn step(&mut self, token: &[u8]) -> Result<Step, Refusal>;

    /// Encrypts and signs a document.
    ///
    /// # Errors
    /// A clause that says why not.
    fn seal(&mut self, document: &[u8]) -> Result<Sealed, String>;

    /// Decrypts a document and makes sure that nobody changed it.
    ///
    /// # Errors
    /// A clause that says what is wrong with it.
    fn open(&mut self, sealed: Sealed) -> Result<Vec<u8>, String>;

    /// Who it is, for people; only a complete context may know.
    fn user(&self) -> String;

    /// What proves the account: Kerberos or NTLM.
    fn scheme(&self) -> Scheme;
}

/// Begins: nothing is sent to the server yet. `certificate` is the server's, where the way is TLS.
///
/// # Errors
/// [`Refusal`] when the system cannot prove anybody by this mechanism.
#[cfg(windows)]
pub(super) fn begin(
    mechanism: Mechanism,
    host: &str,
    certificate: Option<&[u8]>,
) -> Result<Box<dyn SystemContext>, Refusal> {
    self::windows::begin(mechanism, host, certificate)
}

/// Begins: nothing is sent to the server yet. `certificate` is the server's, where the way is TLS.
///
/// # Errors
/// [`Refusal`] when the system cannot prove anybody by this mechanism.
#[cfg(all(unix, feature = "gssapi"))]
pub(super) fn begin(
    mechanism: Mechanism,
    host: &str,
    certificate: Option<&[u8]>,
) -> Result<Box<dyn SystemContext>, Refusal> {
    self::gssapi::begin(mechanism, host, certificate)
}

/// Refuses: this build knows no way to ask the system.
///
/// # Errors
/// Always [`Refusal::NoSingleSignOn`].
#[cfg(not(any(windows, all(unix, feature = "gssapi"))))]
pub(super) fn begin(
    _mechanism: Mechanism,
    _host: &str,
    _certificate: Option<&[u8]>,
) -> Result<Box<dyn SystemContext>, Refusal> {
    Err(Refusal::NoSingleSignOn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_system_proves_its_user_by_a_password() {
        use Scheme::{Auto, Basic, Kerberos, Negotiate, Ntlm};
        for (system, proves) in [
            (SingleSignOn::Nothing, vec![]),
            (SingleSignOn::Kerberos, vec![Auto, Negotiate, Kerberos]),
            (SingleSignOn::NtlmToo, vec![Auto, Ntlm, Negotiate, Kerberos]),
        ] {
            for scheme in [Auto, Basic, Ntlm, Negotiate, Kerberos] {
                let expected = proves.contains(&scheme);
                assert_eq!(system.proves(scheme), expected, "{system:?} {scheme:?}");
            }
        }
    }
}
