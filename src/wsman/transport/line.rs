//! One connection to the server: requests one after the other, each with its answer read whole.
//!
//! The connection ends with its [`Line`]. Must not know what the documents say.

use std::borrow::Cow;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST, HeaderName, HeaderValue,
    WWW_AUTHENTICATE,
};
use hyper::{Method, Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Endpoint, MAX_ANSWER_BYTES, Reply, TransportError, UnderWay, find, trust};
use crate::base::secret::Secret;

/// How long an unused connection is kept; shorter than the two minutes after which the service
/// closes its end, so that a request rarely meets a connection that is just going away.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// The header of a document that needs no account (MS-WSMV 3.1.4.1.25).
const ANONYMOUS: HeaderName = HeaderName::from_static("wsmanidentify");

/// A document to send.
pub(in crate::wsman) struct Post {
    /// Its type.
    pub(in crate::wsman) content_type: Cow<'static, str>,
    /// The value of the header `Authorization`.
    pub(in crate::wsman) authorization: Option<Secret>,
    /// Whether it is for everybody, so that the server asks for no account.
    pub(in crate::wsman) is_anonymous: bool,
    /// The document; empty where only a token is sent.
    pub(in crate::wsman) body: Vec<u8>,
}

/// Why a document brought no answer.
pub(in crate::wsman) enum Failure {
    /// The connection was gone before anything was sent; another one may be tried.
    Gone(TransportError),
    /// Something may have been sent.
    Sent(TransportError),
}

impl From<Failure> for TransportError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Gone(error) | Failure::Sent(error) => error,
        }
    }
}

/// A connection.
pub(in crate::wsman) struct Line {
    sender: SendRequest<Full<Bytes>>,
    driver: AbortHandle,
    host: String,
    target: String,
    under_way: UnderWay,
    certificate: Option<Vec<u8>>,
    last_use: Instant,
}

impl Line {
    /// Speaks HTTP over a stream, and says meanwhile what is under way.
    pub(super) async fn open<S>(
        endpoint: &Endpoint,
        stream: S,
        under_way: UnderWay,
        certificate: Option<Vec<u8>>,
    ) -> Result<Self, TransportError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| TransportError::Broken(Box::new(error)))?;
        // What goes wrong with the connection is told to whoever waits for an answer.
        let driver = tokio::spawn(async move { connection.await.ok() }).abort_handle();
        Ok(Self {
            sender,
            driver,
            host: endpoint.host(),
            target: endpoint.target(),
            under_way,
            certificate,
            last_use: Instant::now(),
        })
    }

    /// The certificate that the server showed, in DER.
    pub(in crate::wsman) fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Whether another request may be sent over it.
    pub(in crate::wsman) fn is_usable(&self) -> bool {
        !self.sender.is_closed() && self.last_use.elapsed() < IDLE_TIMEOUT
    }

    /// Posts a document and reads the answer whole, both within `deadline`.
    ///
    /// After an error, and when the future is dropped, the connection must not be used again.
    ///
    /// # Errors
    /// [`Failure`].
    pub(in crate::wsman) async fn post(
        &mut self,
        post: Post,
        deadline: Duration,
    ) -> Result<Reply, Failure> {
        let request = self.request(post).map_err(Failure::Gone)?;
        self.under_way.begin();
        let exchange = async {
            if let Err(error) = self.sender.ready().await {
                return Err(Failure::Gone(classify(error)));
            }
            let response = self.sender.try_send_request(request).await;
            let response = response.map_err(|mut error| {
                let was_sent = error.take_message().is_none();
                let error = classify(error.into_error());
                if was_sent {
                    Failure::Sent(error)
                } else {
                    Failure::Gone(error)
                }
            })?;
            read(response).await.map_err(Failure::Sent)
        };
        let late = |_elapsed| Err(Failure::Sent(TransportError::TimedOut(deadline)));
        let reply = timeout(deadline, exchange).await.unwrap_or_else(late)?;
        self.under_way.end();
        self.last_use = Instant::now();
        Ok(reply)
    }

    fn request(&self, post: Post) -> Result<Request<Full<Bytes>>, TransportError> {
        let unusable = |what: &str| TransportError::Settings(format!("{what} into a header"));
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&self.target)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, &*post.content_type)
            .header(CONTENT_LENGTH, post.body.len())
            .body(Full::new(Bytes::from(post.body)))
            .map_err(|_error| unusable("the server's address does not fit"))?;
        if post.is_anonymous {
            let value = HeaderValue::from_static("unauthenticated");
            request.headers_mut().insert(ANONYMOUS, value);
        }
        if let Some(value) = post.authorization {
            let mut value = HeaderValue::from_str(value.reveal())
                .map_err(|_unprintable| unusable("the credentials do not fit"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(request)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // An answer that nobody waits for must not keep the connection alive.
        self.driver.abort();
    }
}

/// Reaches the server.
pub(super) async fn reach(
    endpoint: &Endpoint,
    limit: Duration,
) -> Result<TcpStream, TransportError> {
    let place = (endpoint.name(), endpoint.port());
    let late =
        || -> Box<dyn Error + Send + Sync> { Box::new(io::Error::from(io::ErrorKind::TimedOut)) };
    let addresses = match timeout(limit, tokio::net::lookup_host(place)).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(error)) => return Err(TransportError::Name(Box::new(error))),
        Err(_elapsed) => return Err(TransportError::Name(late())),
    };
    let mut failure = None;
    for address in addresses {
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small requests and answers: waiting for more to send only slows them down.
                stream.set_nodelay(true).ok();
                return Ok(stream);
            }
            Ok(Err(error)) => {
                failure = Some(TransportError::Connect {
                    was_refused: error.kind() == io::ErrorKind::ConnectionRefused,
                    source: Box::new(error),
                });
            }
            Err(_elapsed) => {
                failure = Some(TransportError::Connect {
                    was_refused: false,
                    source: late(),
                });
            }
        }
    }
    Err(failure.unwrap_or_else(|| TransportError::Name("it has no address".into())))
}

/// Encrypts a connection; also brings the certificate that the server showed.
pub(super) async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
    endpoint: &Endpoint,
    stream: S,
    config: &Arc<ClientConfig>,
    limit: Duration,
) -> Result<(TlsStream<S>, Option<Vec<u8>>), TransportError> {
    let name = ServerName::try_from(endpoint.name().to_owned())
        .map_err(|error| TransportError::Name(Box::new(error)))?;
    let handshake = TlsConnector::from(Arc::clone(config)).connect(name, stream);
    let stream = match timeout(limit, handshake).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(no_encryption(error)),
        Err(_elapsed) => return Err(no_encryption(io::ErrorKind::TimedOut.into())),
    };
    let (_, session) = stream.get_ref();
    let certificate = session
        .peer_certificates()
        .and_then(|chain| chain.first())
        .map(|certificate| certificate.to_vec());
    Ok((stream, certificate))
}

fn no_encryption(error: io::Error) -> TransportError {
    let Some(tls) = find::<rustls::Error>(&error) else {
        return TransportError::Connect {
            was_refused: false,
            source: Box::new(error),
        };
    };
    match trust::reason(tls) {
        Some(reason) => TransportError::Certificate {
            reason,
            source: Box::new(error),
        },
        None => TransportError::Tls(Box::new(error)),
    }
}

async fn read(response: Response<Incoming>) -> Result<Reply, TransportError> {
    let status = response.status().as_u16();
    let headers = response.headers();
    let challenges = headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .map(str::to_owned)
        .collect();
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let date = headers.get(DATE).and_then(clock);
    let mut incoming = response.into_body();
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(chunk) = frame.map_err(classify)?.into_data() else {
            continue;
        };
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(TransportError::TooLarge(MAX_ANSWER_BYTES));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status,
        challenges,
        date,
        content_type,
        body,
    })
}

/// The time in a header (RFC 9110 section 5.6.7).
fn clock(value: &HeaderValue) -> Option<Timestamp> {
    let time = jiff::fmt::rfc2822::parse(value.to_str().ok()?).ok()?;
    Some(time.timestamp())
}

/// Sorts an error of the HTTP library.
fn classify(error: hyper::Error) -> TransportError {
    if error.is_parse() {
        TransportError::NotHttp(Box::new(error))
    } else {
        TransportError::Broken(Box::new(error))
    }
}
