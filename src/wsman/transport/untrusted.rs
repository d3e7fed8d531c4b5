//! A refused certificate, kept with the refusal so that a person can look at it.
//!
//! Must not accept anything that the verifier within does not accept.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::trust;

/// A certificate is not trusted.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(super) struct Untrusted {
    /// Why, as a clause that begins with `it`.
    reason: String,
    /// The certificate in DER.
    pub(super) certificate: Vec<u8>,
}

/// Verifies as another verifier does, and puts the certificate into its refusal.
#[derive(Debug)]
pub(super) struct ShowingVerifier {
    within: Arc<dyn ServerCertVerifier>,
}

impl ShowingVerifier {
    /// A verifier around this one.
    pub(super) fn new(within: Arc<dyn ServerCertVerifier>) -> Self {
        Self { within }
    }
}

impl ServerCertVerifier for ShowingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.within.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        verified.map_err(|error| match trust::reason(&error) {
            Some(reason) => {
                let certificate = end_entity.to_vec();
                let untrusted = Untrusted {
                    reason,
                    certificate,
                };
                CertificateError::Other(OtherError(Arc::new(untrusted))).into()
            }
            None => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.within
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.within
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.within.supported_verify_schemes()
    }
}
