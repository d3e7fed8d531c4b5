//! Carries a document to a server and its answer back over HTTP or HTTPS.
//!
//! Nothing is ever sent twice: no redirect, no proxy, no retry. Every call has a deadline and every
//! answer a largest size. Must not know what the documents say.

mod pin;
mod trust;

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, WWW_AUTHENTICATE};
use reqwest::{Client, RequestBuilder, Response, Url};

pub use self::trust::TlsSettings;
use self::trust::Trust;
use crate::base::secret::Secret;

/// The largest answer that is read.
pub const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;
/// How long an unused connection is kept; shorter than the two minutes after which the service
/// closes its end, so that a request rarely meets a connection that is just going away.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

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

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// Whether the way there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is this machine, so that nothing leaves it.
    pub fn is_loopback(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost")
            || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }
}

/// A way to one server. Calls may be made in parallel; each has a connection for itself, and
/// connections are kept for later calls.
pub struct Transport {
    endpoint: Endpoint,
    trust: Trust,
    connect_timeout: Duration,
    /// Built at the first call, since that costs some milliseconds.
    client: OnceLock<Result<Client, String>>,
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
            client: OnceLock::new(),
        })
    }

    /// Where the server is.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Posts a document and reads the answer whole, both within `deadline`.
    ///
    /// Dropping the future closes the connection; whether the server saw the document is then
    /// unknown.
    ///
    /// # Errors
    /// [`TransportError`]; ask [`TransportError::nothing_was_sent`] before doing it again.
    pub async fn post(
        &self,
        document: String,
        authorization: Option<&Secret>,
        deadline: Duration,
    ) -> Result<Reply, TransportError> {
        let mut request = self.request(document)?;
        if let Some(value) = authorization {
            let mut value = HeaderValue::from_str(value.reveal()).map_err(|_unprintable| {
                TransportError::Settings("the credentials do not fit into a header".to_owned())
            })?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        exchange(request, deadline).await
    }

    /// Posts a document that needs no account (MS-WSMV 3.1.4.1.25): Identify.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn post_anonymously(
        &self,
        document: String,
        deadline: Duration,
    ) -> Result<Reply, TransportError> {
        let request = self.request(document)?;
        exchange(request.header("WSMANIDENTIFY", "unauthenticated"), deadline).await
    }

    fn request(&self, document: String) -> Result<RequestBuilder, TransportError> {
        let client = self
            .client
            .get_or_init(|| self.build())
            .as_ref()
            .map_err(|problem| TransportError::Settings(problem.clone()))?;
        Ok(client
            .post(self.endpoint.url.clone())
            .header(CONTENT_TYPE, "application/soap+xml;charset=UTF-8")
            .body(document))
    }

    fn build(&self) -> Result<Client, String> {
        let builder = Client::builder()
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .connect_timeout(self.connect_timeout);
        self.trust
            .apply(builder, self.endpoint.is_encrypted())?
            .build()
            .map_err(|error| {
                let text = crate::base::error_chain::one_line(&error);
                format!("encryption cannot be set up: {text}")
            })
    }
}

async fn exchange(request: RequestBuilder, deadline: Duration) -> Result<Reply, TransportError> {
    let exchange = async {
        let response = request.send().await.map_err(classify)?;
        read(response).await
    };
    tokio::time::timeout(deadline, exchange)
        .await
        .unwrap_or(Err(TransportError::TimedOut(deadline)))
}

async fn read(mut response: Response) -> Result<Reply, TransportError> {
    let status = response.status().as_u16();
    let challenges = response
        .headers()
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .map(str::to_owned)
        .collect();
    let date = response.headers().get(DATE).and_then(clock);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(classify)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(TransportError::TooLarge(MAX_ANSWER_BYTES));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status,
        challenges,
        date,
        body,
    })
}

/// The time in a header (RFC 9110 section 5.6.7).
fn clock(value: &HeaderValue) -> Option<Timestamp> {
    let time = jiff::fmt::rfc2822::parse(value.to_str().ok()?).ok()?;
    Some(time.timestamp())
}

/// Sorts an error of the HTTP library by what the server can have seen.
fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if error.is_dns() {
        return TransportError::Name(Box::new(error));
    }
    if error.is_connect() {
        if let Some(tls) = find::<rustls::Error>(&error) {
            return match trust::reason(tls) {
                Some(reason) => TransportError::Certificate {
                    reason,
                    source: Box::new(error),
                },
                None => TransportError::Tls(Box::new(error)),
            };
        }
        let was_refused = find::<io::Error>(&error)
            .is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused);
        return TransportError::Connect {
            was_refused,
            source: Box::new(error),
        };
    }
    if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
        return TransportError::NotHttp(Box::new(error));
    }
    TransportError::Broken(Box::new(error))
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
