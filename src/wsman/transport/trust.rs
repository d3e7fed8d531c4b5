//! Which certificates are trusted, and why one is not.
//!
//! Must not open a connection.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, Error};
use rustls_platform_verifier::Verifier;

use super::certificate::ShownCertificate;
use super::pin::{Pin, PinVerifier};
use super::untrusted::{ShowingVerifier, Untrusted};
use super::{TransportError, find};
use crate::base::file::{FileProblem, read_up_to};

/// The largest file of certificates that is read; the bundle of a whole system has a tenth of it.
const MAX_CA_FILE_BYTES: u64 = 4 << 20;

/// Which certificates are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The SHA-256 fingerprint of the only certificate that is trusted, as 64 hexadecimal digits.
    pub pin: Option<String>,
}

/// What is trusted, read and checked.
pub(super) enum Trust {
    /// The system's, and these besides.
    System(Vec<CertificateDer<'static>>),
    /// Only this one.
    Pinned(Pin),
}

impl Trust {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// One sentence when the file or the pin cannot be used.
    pub(super) fn read(tls: &TlsSettings) -> Result<Self, String> {
        if let Some(pin) = &tls.pin {
            let pin = Pin::parse(pin).ok_or_else(|| {
                format!("`{pin}` is not a SHA-256 fingerprint; write 64 hexadecimal digits")
            })?;
            return Ok(Self::Pinned(pin));
        }
        let Some(path) = &tls.ca_file else {
            return Ok(Self::System(Vec::new()));
        };
        let name = path.display();
        let pem = read_up_to(path, MAX_CA_FILE_BYTES).map_err(|error| {
            let problem = FileProblem::from(error);
            format!("the certificate file `{name}` cannot be read: {problem}")
        })?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|error| {
                format!(
                    "`{name}` is not a file of PEM certificates ({error}); name the file of the \
                     server's authority"
                )
            })?;
        if certificates.is_empty() {
            return Err(format!(
                "`{name}` holds no PEM certificate; name the file of the server's authority"
            ));
        }
        Ok(Self::System(certificates))
    }

    /// How connections are encrypted with it. Reads the system's certificates. An error about a
    /// certificate holds the certificate itself: see [`TransportError::shown_certificate`].
    ///
    /// # Errors
    /// One sentence when that cannot work.
    pub(super) fn client_config(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(ring::default_provider());
        let unusable = |error: Error| format!("encryption cannot be set up: {error}");
        let verifier: Arc<dyn ServerCertVerifier> = match self {
            Self::Pinned(pin) => Arc::new(PinVerifier::new(*pin, Arc::clone(&provider))),
            Self::System(extra) => {
                let extra = extra.iter().cloned();
                let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider));
                Arc::new(verifier.map_err(unusable)?)
            }
        };
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(ShowingVerifier::new(verifier)))
            .with_no_client_auth())
    }
}

impl TransportError {
    /// The certificate that the server showed and that is not trusted, so that a person can decide
    /// to trust it.
    pub fn shown_certificate(&self) -> Option<ShownCertificate> {
        let Self::Certificate { source, .. } = self else {
            return None;
        };
        let error = find::<Error>(source.as_ref())?;
        let Error::InvalidCertificate(CertificateError::Other(other)) = error else {
            return None;
        };
        let untrusted = other.0.downcast_ref::<Untrusted>()?;
        Some(ShownCertificate::read(&untrusted.certificate))
    }
}

/// Why a certificate is not trusted, as a clause that begins with `it`; `None` when the error is
/// about something else.
pub(super) fn reason(error: &Error) -> Option<String> {
    let Error::InvalidCertificate(error) = error else {
        return None;
    };
    Some(match error {
        CertificateError::UnknownIssuer => "it comes from an unknown authority".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; check the clocks".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name".to_owned()
        }
        CertificateError::Revoked => "it is revoked".to_owned(),
        CertificateError::Other(other) => other.0.to_string(),
        other => format!("it does not verify, {other}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_that_cannot_work_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "nothing").unwrap();
        for (tls, problem) in [
            (
                TlsSettings {
                    ca_file: Some(folder.path().join("missing.pem")),
                    pin: None,
                },
                "cannot be read",
            ),
            (
                TlsSettings {
                    ca_file: Some(empty),
                    pin: None,
                },
                "holds no PEM certificate",
            ),
            (
                TlsSettings {
                    ca_file: None,
                    pin: Some("abc".to_owned()),
                },
                "64 hexadecimal digits",
            ),
        ] {
            assert!(Trust::read(&tls).err().unwrap().contains(problem));
        }
    }
}
