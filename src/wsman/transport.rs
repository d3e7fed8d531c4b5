//! Carries a document to a server and its answer back over HTTP or HTTPS.
//!
//! Nothing is ever sent twice: no redirect, no proxy, no retry. A connection belongs to whoever has
//! it, since an account is proved for one connection only. Every call has a deadline and every
//! answer a largest size. Must not know what the documents say.

mod certificate;
mod giving_up;
mod line;
mod pin;
mod trust;
mod untrusted;

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use rustls::ClientConfig;

pub use self::certificate::ShownCertificate;
use self::giving_up::{GivingUp, UnderWay};
pub(super) use self::line::{Failure, Line, Post};
pub use self::trust::TlsSettings;
use self::trust::Trust;

/// The type of a document that is not sealed.
pub(super) const SOAP: &str = "application/soap+xml;charset=UTF-8";
/// The largest answer that is read.
pub const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The values of `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// The server's clock (`Date`), if it tells a time that can be read.
    pub date: Option<Timestamp>,
    /// The value of `Content-Type`; empty when there is none.
    pub content_type: String,
    /// The document.
    pub body: Vec<u8>,
}

/// Why a document could not be carried.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The settings cannot work; one sentence.
    #[error("{0}")]
    Settings(String),
    /// The server's name does not resolve.
    #[error("the name does not resolve")]
    Name(#[source] Box<dyn Error + Send + Sync>),
    /// No connection came about.
    #[error("no connection")]
    Connect {
        /// Whether the other side said no, rather than nothing.
        was_refused: bool,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The server shows a certificate that is not trusted.
    #[error("the certificate is not trusted: {reason}")]
    Certificate {
        /// Why, as a clause that begins with `it`.
        reason: String,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// There is a connection, but no encryption comes about.
    #[error("no encryption comes about")]
    Tls(#[source] Box<dyn Error + Send + Sync>),
    /// No whole answer came in time.
    #[error("no answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
    /// The answer is not HTTP.
    #[error("the answer is not HTTP")]
    NotHttp(#[source] Box<dyn Error + Send + Sync>),
    /// The answer is longer than [`MAX_ANSWER_BYTES`].
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
}

impl TransportError {
    /// Whether it is certain that the server saw nothing of the document.
    pub const fn nothing_was_sent(&self) -> bool {
        match self {
            Self::Settings(_)
            | Self::Name(_)
            | Self::Connect { .. }
            | Self::Certificate { .. }
            | Self::Tls(_) => true,
            Self::TimedOut(_) | Self::Broken(_) | Self::NotHttp(_) | Self::TooLarge(_) => false,
        }
    }
}

impl Endpoint {
    /// Reads a URL such as `https://mim01:5986/wsman`.
    ///
    /// # Errors
    /// One sentence when it is no such URL, or holds a user name or password.
    pub fn parse(url: &str) -> Result<Self, String> {
        let parsed = Url::parse(url).map_err(|error| {
            format!("`{url}` is not a URL ({error}); write https://host:5986/wsman")
        })?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("a server's URL must not hold a user name or a password".to_owned());
        }
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
            return Err(format!("`{url}` begins with neither http:// nor https://"));
        }
        Ok(Self { url: parsed })
    }

    /// The URL for people.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The host with its port.
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The name or address alone, as a resolver takes it.
    pub fn name(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Whether the host is given as an address, for which there is no ticket of Kerberos.
    pub fn is_address(&self) -> bool {
        self.name().parse::<IpAddr>().is_ok()
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// What a request asks for: the path with its query.
    fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// Whether the way there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is this machine, so that nothing leaves it.
    pub fn is_loopback(&self) -> bool {
        let host = self.name();
        host.eq_ignore_ascii_case("localhost")
            || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }
}

/// A way to one server: makes connections and nothing else.
pub struct Transport {
    endpoint: Endpoint,
    trust: Trust,
    connect_timeout: Duration,
    /// Made for the first connection, since reading the system's certificates takes a while.
    tls: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Transport {
    /// Prepares the way; connects to nothing yet. Reads the file of certificates.
    ///
    /// # Errors
    /// [`TransportError::Settings`] when the file or the pin cannot be used.
    pub fn new(
        endpoint: Endpoint,
        tls: &TlsSettings,
        connect_timeout: Duration,
    ) -> Result<Self, TransportError> {
        let trust = Trust::read(tls).map_err(TransportError::Settings)?;
        Ok(Self {
            endpoint,
            trust,
            connect_timeout,
            tls: OnceLock::new(),
        })
    }

    /// Where the server is.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Makes a connection, encrypted where the endpoint says so.
    ///
    /// # Errors
    /// [`TransportError`]; nothing of any document was sent.
    pub(super) async fn connect(&self) -> Result<Line, TransportError> {
        let stream = line::reach(&self.endpoint, self.connect_timeout).await?;
        let under_way = UnderWay::default();
        let stream = GivingUp::new(stream, under_way.clone());
        if !self.endpoint.is_encrypted() {
            return Line::open(&self.endpoint, stream, under_way, None).await;
        }
        let tls = self
            .tls
            .get_or_init(|| self.trust.client_config().map(Arc::new))
            .as_ref()
            .map_err(|problem| TransportError::Settings(problem.clone()))?;
        let (stream, certificate) =
            line::encrypt(&self.endpoint, stream, tls, self.connect_timeout).await?;
        Line::open(&self.endpoint, stream, under_way, certificate).await
    }

    /// Posts a document that needs no account (MS-WSMV 3.1.4.1.25), Identify, over a connection of
    /// its own.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn post_anonymously(
        &self,
        document: String,
        deadline: Duration,
    ) -> Result<Reply, TransportError> {
        let post = Post {
            content_type: SOAP.into(),
            authorization: None,
            is_anonymous: true,
            body: document.into_bytes(),
        };
        let mut line = self.connect().await?;
        Ok(line.post(post, deadline).await?)
    }
}

/// The first cause of this type. The cause of an I/O error hides in it, so it is looked into.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut current = Some(error);
    while let Some(cause) = current {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn Error + 'static));
        current = inner.or_else(|| cause.source());
    }
    None
}

/// The fingerprint of a certificate in DER, as a test needs it.
#[cfg(test)]
pub(crate) fn fingerprint(certificate: &[u8]) -> String {
    pin::Pin::of(certificate).hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_know_whether_secrets_may_travel() {
        for (url, is_encrypted, is_loopback) in [
            ("https://mim01:5986/wsman", true, false),
            ("http://mim01/wsman", false, false),
            ("http://127.0.0.1:5985/wsman", false, true),
            ("http://LOCALHOST:5985/wsman", false, true),
            ("http://[::1]:5985/wsman", false, true),
            ("http://127.0.0.1.example/wsman", false, false),
        ] {
            let endpoint = Endpoint::parse(url).unwrap();
            assert_eq!(endpoint.is_encrypted(), is_encrypted, "{url}");
            assert_eq!(endpoint.is_loopback(), is_loopback, "{url}");
        }
        for url in ["", "mim01", "ftp://mim01/", "http://u:p@mim01/"] {
            let problem = Endpoint::parse(url).unwrap_err();
            assert!(!problem.contains("u:p"), "{problem}");
        }
    }
}
