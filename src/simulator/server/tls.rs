//! TLS in front of the server: a certificate from files, or one made for the occasion.

use std::fmt::Write as _;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;

/// A certificate with its key, ready to be used.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    fingerprint: String,
}

/// Why TLS cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate's file holds none.
    #[error("the certificate file holds no certificate in PEM")]
    Certificate,
    /// The key's file holds none.
    #[error("the key file holds no private key in PEM")]
    Key(#[from] pem::Error),
    /// A certificate could not be made.
    #[error("a certificate could not be made")]
    Make(#[from] rcgen::Error),
    /// Certificate and key do not fit, or are of a kind that cannot be used.
    #[error("certificate and key cannot be used together")]
    Use(#[from] rustls::Error),
}

impl Tls {
    /// A certificate chain and its key as PEM.
    ///
    /// # Errors
    /// [`TlsError`] when they are none, or do not belong together.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or(TlsError::Certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key)?;
        Self::new(chain, key)
    }

    /// A new certificate that signs itself, for this address and this machine's own names.
    ///
    /// # Errors
    /// [`TlsError`] when the system gives no random numbers.
    pub fn generated(address: &str) -> Result<Self, TlsError> {
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        if !names.iter().any(|name| name == address) {
            names.push(address.to_owned());
        }
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(names)?.self_signed(&key)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Self::new(vec![certificate.der().clone()], key.into())
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsError> {
        let first = chain.first().ok_or(TlsError::Certificate)?;
        let digest = Sha256::digest(first);
        let mut fingerprint = String::with_capacity(64);
        for byte in digest {
            // Writing to a text cannot fail.
            write!(fingerprint, "{byte:02x}").ok();
        }
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            fingerprint,
        })
    }

    /// The SHA-256 of the certificate, 64 hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What makes a TLS connection of a TCP connection.
    pub const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}
