//! A server for tests that answers as a test tells it to, rightly or not.

pub(crate) mod certificates;

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::message::xml::Limits;
use super::message::{Answer, Operation, Request, Response};

/// What the server does about a request.
pub(crate) enum Act {
    /// Answers in the protocol.
    Answer(Answer),
    /// Answers with a status of HTTP other than 200.
    AnswerWith(u16, Answer),
    /// Answers in the protocol, but to another request.
    AnswerToAnother(Answer),
    /// Answers and closes the connection without having said that it would.
    AnswerAndClose(Answer),
    /// Sends these bytes and closes the connection.
    Raw(Vec<u8>),
    /// Sends a body without end.
    Endless,
    /// Says nothing and keeps the connection.
    Hang,
}

/// A request as it came.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) request: Request,
}

impl Seen {
    /// The method that it calls; empty when it calls none.
    pub(crate) fn method(&self) -> &str {
        match &self.request.operation {
            Operation::Invoke { method, .. } => method,
            _ => "",
        }
    }
}

type Handler = dyn Fn(usize, &Seen) -> Act + Send + Sync;

/// A running server; it ends when dropped.
pub(crate) struct FakeServer {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connection_count: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl FakeServer {
    /// Starts a server; `act` gets the number of the request, from 0, and the request.
    pub(crate) async fn start(act: impl Fn(usize, &Seen) -> Act + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(act)).await
    }

    /// Starts a server with encryption.
    pub(crate) async fn start_tls(
        acceptor: TlsAcceptor,
        act: impl Fn(usize, &Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Some(acceptor), Arc::new(act)).await
    }

    async fn listen(acceptor: Option<TlsAcceptor>, act: Arc<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connection_count = Arc::new(Mutex::new(0));
        let (seen_inside, count_inside) = (Arc::clone(&seen), Arc::clone(&connection_count));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *count_inside.lock() += 1;
                let (seen, act) = (Arc::clone(&seen_inside), Arc::clone(&act));
                let Some(acceptor) = acceptor.clone() else {
                    tokio::spawn(async move { serve(stream, &seen, &*act).await });
                    continue;
                };
                tokio::spawn(async move {
                    // A client that does not trust us ends the handshake, as it should.
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, &seen, &*act).await;
                    }
                });
            }
        });
        Self {
            address,
            seen,
            connection_count,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/wsman", self.address)
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    /// The connections so far.
    pub(crate) fn connection_count(&self) -> usize {
        *self.connection_count.lock()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<S>(mut stream: S, seen: &Mutex<Vec<Seen>>, act: &Handler)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    while let Some(one) = read_request(&mut stream).await {
        let number = {
            let mut seen = seen.lock();
            seen.push(one.clone());
            seen.len() - 1
        };
        let id = one.request.header.message_id.clone();
        let written = match act(number, &one) {
            Act::Answer(answer) => stream.write_all(&http(200, &id, answer)).await,
            Act::AnswerWith(status, answer) => stream.write_all(&http(status, &id, answer)).await,
            Act::AnswerToAnother(answer) => {
                stream.write_all(&http(200, "uuid:other", answer)).await
            }
            Act::AnswerAndClose(answer) => {
                stream.write_all(&http(200, &id, answer)).await.unwrap();
                break;
            }
            Act::Raw(bytes) => {
                stream.write_all(&bytes).await.ok();
                break;
            }
            Act::Endless => endless(&mut stream).await,
            Act::Hang => std::future::pending().await,
        };
        if written.is_err() {
            return;
        }
    }
    stream.shutdown().await.ok();
}

async fn endless<S: AsyncWrite + Unpin>(stream: &mut S) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
    loop {
        stream.write_all(chunk.as_bytes()).await?;
    }
}

fn http(status: u16, relates_to: &str, answer: Answer) -> Vec<u8> {
    let body = Response {
        message_id: "uuid:answer".to_owned(),
        relates_to: Some(relates_to.to_owned()),
        answer,
    }
    .to_xml();
    let length = body.len();
    format!(
        "HTTP/1.1 {status} x\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Reads a request; `None` at the end of the connection.
async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        bytes.push(stream.read_u8().await.ok()?);
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")
                .map(str::to_owned)
        })
        .expect("a client of ours names the length")
        .parse()
        .unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let request = Request::parse(&body, &Limits::default()).unwrap();
    Some(Seen { head, request })
}
