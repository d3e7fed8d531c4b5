//! Trust in exactly one certificate, told by its SHA-256 fingerprint.
//!
//! The handshake's signature is still verified, so that a copied certificate without its key is
//! worth nothing.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use sha2::{Digest as _, Sha256};

/// The SHA-256 fingerprint of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pin([u8; 32]);

/// The certificate is not the pinned one.
#[derive(Debug, thiserror::Error)]
#[error("its SHA-256 fingerprint is {shown}, not the pinned {expected}")]
struct PinMismatch {
    shown: String,
    expected: String,
}

impl Pin {
    /// Reads 64 hexadecimal digits; colons, blanks and the word `sha256:` do not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = match text.split_at_checked(7) {
            Some((head, tail)) if head.eq_ignore_ascii_case("sha256:") => tail,
            _ => text,
        };
        let digits: Vec<u8> = text
            .chars()
            .filter(|c| !matches!(c, ':' | ' '))
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return None;
        }
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high * 16 + low).collect();
        bytes.try_into().ok().map(Self)
    }

    /// The fingerprint of a certificate in DER.
    pub(super) fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// As 64 hexadecimal digits.
    pub(super) fn hex(self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").ok(); // Writing to a string cannot fail.
            text
        })
    }
}

/// Accepts the pinned certificate and nothing else.
#[derive(Debug)]
pub(super) struct PinVerifier {
    pin: Pin,
    provider: Arc<CryptoProvider>,
}

impl PinVerifier {
    /// A verifier for this pin.
    pub(super) const fn new(pin: Pin, provider: Arc<CryptoProvider>) -> Self {
        Self { pin, provider }
    }
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Pin::of(end_entity);
        if shown == self.pin {
            return Ok(ServerCertVerified::assertion());
        }
        let mismatch = PinMismatch {
            shown: shown.hex(),
            expected: self.pin.hex(),
        };
        Err(CertificateError::Other(OtherError(Arc::new(mismatch))).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_read_in_the_ways_that_tools_write_them() {
        let hex = "ab".repeat(32);
        let pin = Pin::parse(&hex).unwrap();
        assert_eq!(pin.hex(), hex);
        let colons = vec!["AB"; 32].join(":");
        assert_eq!(Pin::parse(&colons), Some(pin));
        assert_eq!(Pin::parse(&format!("SHA256:{hex} ")), Some(pin));
        for bad in ["", "abc", &hex[1..], &hex[2..], "zz", &format!("{hex}ab")] {
            assert_eq!(Pin::parse(bad), None, "{bad}");
        }
    }
}
