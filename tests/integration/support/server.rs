//! Servers that are not what a client hopes for, and one that puts encryption before a good one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{CertificateParams, Issuer, KeyPair};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::folder::Folder;

/// Makes an answer, head and all, of the body of a request.
type Answer = dyn Fn(&str) -> Vec<u8> + Send + Sync;

/// What a server does about every request.
enum Manner {
    /// Accepts connections and reads nothing.
    Silent,
    /// Writes this first, before anything came, and reads nothing.
    Greets(&'static str),
    /// Writes this as the answer to a request, and closes the connection.
    BreaksOff(&'static str),
    /// Writes what this makes of the request, and waits for the next one.
    Answers(Box<Answer>),
    /// Sends a body without end.
    Endless,
}

/// A server that never serves. Dropping it ends it.
pub struct Server {
    address: SocketAddr,
    credentials: Arc<AtomicUsize>,
    // Dropped, it ends the tasks of the server.
    _runtime: Runtime,
}

impl Server {
    /// Accepts connections and says nothing.
    pub fn silent() -> Self {
        Self::start(Manner::Silent)
    }

    /// Speaks first, as a mail server does.
    pub fn that_greets(greeting: &'static str) -> Self {
        Self::start(Manner::Greets(greeting))
    }

    /// Answers with this much and closes the connection.
    pub fn that_breaks_off(answer: &'static str) -> Self {
        Self::start(Manner::BreaksOff(answer))
    }

    /// Answers every request with these bytes.
    pub fn that_says(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::that_answers(move |_| bytes.clone())
    }

    /// Answers every request with what `answer` makes of its body.
    pub fn that_answers(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(Manner::Answers(Box::new(answer)))
    }

    /// Answers with a body without end.
    pub fn endless() -> Self {
        Self::start(Manner::Endless)
    }

    fn start(manner: Manner) -> Self {
        let runtime = runtime();
        let credentials = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&credentials);
        let manner = Arc::new(manner);
        let address = listen(&runtime, move |stream| {
            let (manner, seen) = (Arc::clone(&manner), Arc::clone(&seen));
            async move { serve(stream, &manner, &seen).await }
        });
        Self {
            address,
            credentials,
            _runtime: runtime,
        }
    }

    /// Where it listens, as `host:port`.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// How many requests with a password have come.
    pub fn requests_with_credentials(&self) -> usize {
        self.credentials.load(Ordering::SeqCst)
    }
}

/// A way to another server with encryption in front. Dropping it ends it.
pub struct TlsFront {
    address: SocketAddr,
    /// The certificate of the authority that signed the front's.
    pub authority_pem: String,
    /// The fingerprint of the front's certificate.
    pub pin: String,
    handshakes: Arc<AtomicUsize>,
    // Dropped, it ends the tasks of the front.
    _runtime: Runtime,
}

impl TlsFront {
    /// Takes what comes encrypted and passes it on to the server of this URL, such as
    /// `http://127.0.0.1:1234/wsman`.
    pub fn before(url: &str) -> Self {
        let behind: SocketAddr = url
            .split('/')
            .find_map(|part| part.parse().ok())
            .unwrap_or_else(|| panic!("{url} holds no address"));
        let (config, authority_pem, pin) = certificates();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let runtime = runtime();
        let handshakes = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&handshakes);
        let address = listen(&runtime, move |stream| {
            let (acceptor, count) = (acceptor.clone(), Arc::clone(&count));
            async move {
                // A client that does not trust us ends the handshake, as it should.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                count.fetch_add(1, Ordering::SeqCst);
                if let Ok(mut behind) = TcpStream::connect(behind).await {
                    copy_bidirectional(&mut stream, &mut behind).await.ok();
                }
            }
        });
        Self {
            address,
            authority_pem,
            pin,
            handshakes,
            _runtime: runtime,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("https://{}/wsman", self.address)
    }

    /// How many clients trusted it.
    pub fn handshakes(&self) -> usize {
        self.handshakes.load(Ordering::SeqCst)
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime can be made")
}

/// Listens on a free port and does this with every connection.
fn listen<F>(runtime: &Runtime, act: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(act(stream));
        }
    });
    address
}

async fn serve(mut stream: TcpStream, manner: &Manner, credentials: &AtomicUsize) {
    if let Manner::Greets(greeting) = manner {
        // A client that has gone needs no greeting.
        stream.write_all(greeting.as_bytes()).await.ok();
    }
    if matches!(manner, Manner::Silent | Manner::Greets(_)) {
        // Kept open until the server ends.
        std::future::pending::<()>().await;
    }
    while let Some((head, body)) = read_request(&mut stream).await {
        if head.to_ascii_lowercase().contains("authorization:") {
            credentials.fetch_add(1, Ordering::SeqCst);
        }
        let written = match manner {
            Manner::Silent | Manner::Greets(_) => return,
            Manner::BreaksOff(answer) => {
                // A client that has gone needs no answer.
                stream.write_all(answer.as_bytes()).await.ok();
                return;
            }
            Manner::Answers(answer) => stream.write_all(&answer(&body)).await,
            Manner::Endless => endless(&mut stream).await,
        };
        if written.is_err() {
            return;
        }
    }
}

/// Writes until the client has had enough.
async fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
    loop {
        stream.write_all(chunk.as_bytes()).await?;
    }
}

/// The head and the body of a request; `None` at the end of the connection.
async fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, String::from_utf8_lossy(&body).into_owned()))
}

/// The settings of a server for 127.0.0.1, its authority, and the fingerprint of its certificate.
/// An authority, and a server's certificate and key that it signed.
struct Signed {
    authority_pem: String,
    certificate: rcgen::Certificate,
    key: KeyPair,
}

fn sign(name: &str) -> Signed {
    let authority_key = KeyPair::generate().expect("a key can be made");
    let mut authority = CertificateParams::new(Vec::new()).expect("no names are fine");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_pem = authority
        .self_signed(&authority_key)
        .expect("an authority signs itself")
        .pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key can be made");
    let certificate = CertificateParams::new(vec![name.to_owned()])
        .and_then(|server| server.signed_by(&key, &issuer))
        .expect("an authority signs a certificate");
    Signed {
        authority_pem,
        certificate,
        key,
    }
}

/// The files of a server called `localhost`: its authority, its certificate and its key.
pub fn certificate_files(folder: &Folder) -> (PathBuf, PathBuf, PathBuf) {
    let signed = sign("localhost");
    (
        folder.write("authority.pem", &signed.authority_pem),
        folder.write("server.pem", signed.certificate.pem()),
        folder.write("server-key.pem", signed.key.serialize_pem()),
    )
}

fn certificates() -> (ServerConfig, String, String) {
    let Signed {
        authority_pem,
        certificate,
        key,
    } = sign("127.0.0.1");
    let digest = Sha256::digest(certificate.der());
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("our own key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the versions of the library")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("key and certificate belong together");
    (config, authority_pem, digits.concat())
}
