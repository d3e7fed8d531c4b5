//! A connection that is reset when it is given up in the middle of an exchange.
//!
//! A system goes on delivering what a closed connection still had to send, for minutes if the network
//! is down. Nobody waits for that request any more, and it may be an order; a reset makes the system
//! throw it away. Must not know what is sent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Whether an exchange goes on; clones speak of the same connection.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<AtomicBool>);

impl UnderWay {
    /// From now on the connection is reset when it ends.
    pub(super) fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// From now on the connection is closed in peace.
    pub(super) fn end(&self) {
        self.0.store(false, Ordering::Release);
    }

    fn goes_on(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A connection that ends as [`UnderWay`] says.
#[derive(Debug)]
pub(super) struct GivingUp {
    stream: TcpStream,
    under_way: UnderWay,
}

impl GivingUp {
    pub(super) const fn new(stream: TcpStream, under_way: UnderWay) -> Self {
        Self { stream, under_way }
    }

    fn inner(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }
}

impl Drop for GivingUp {
    fn drop(&mut self) {
        if self.under_way.goes_on() {
            // Where that fails, the connection is gone already.
            self.stream.set_zero_linger().ok();
        }
    }
}

impl AsyncRead for GivingUp {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.inner().poll_read(context, buffer)
    }
}

impl AsyncWrite for GivingUp {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.inner().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.inner().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpSocket};

    use crate::wsman::transport::{Endpoint, TlsSettings, Transport, TransportError};

    /// Longer than what the buffers of both systems hold.
    const LONG: usize = 16 * 1024 * 1024;

    fn listener(buffer: u32) -> (TcpListener, Transport) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(buffer).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(8).unwrap();
        let url = format!("http://{}/wsman", listener.local_addr().unwrap());
        let endpoint = Endpoint::parse(&url).unwrap();
        let limit = Duration::from_secs(10);
        let transport = Transport::new(endpoint, &TlsSettings::default(), limit).unwrap();
        (listener, transport)
    }

    #[tokio::test]
    async fn what_is_held_back_is_not_delivered_after_the_request_was_given_up() {
        let (listener, transport) = listener(4_096);
        let post = transport.post_anonymously("x".repeat(LONG), Duration::from_millis(300));
        let (posted, accepted) = tokio::join!(post, listener.accept());
        assert!(
            matches!(posted, Err(TransportError::TimedOut(_))),
            "{posted:?}"
        );
        let (mut server, _) = accepted.unwrap();
        let mut late = Vec::new();
        let end = server.read_to_end(&mut late).await;
        let reset = end.map_err(|error| error.kind());
        assert_eq!(reset, Err(std::io::ErrorKind::ConnectionReset));
        assert!(late.len() < LONG, "{}", late.len());
    }

    #[tokio::test]
    async fn a_connection_whose_answer_came_is_closed_in_peace() {
        let (listener, transport) = listener(65_536);
        let post = transport.post_anonymously("x".to_owned(), Duration::from_secs(10));
        let serve = async {
            let (mut server, _) = listener.accept().await.unwrap();
            let mut seen = Vec::new();
            while !seen.ends_with(b"\r\n\r\nx") {
                server.read_buf(&mut seen).await.unwrap();
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            server.write_all(answer).await.unwrap();
            server
        };
        let (posted, mut server) = tokio::join!(post, serve);
        assert_eq!(posted.unwrap().body, b"ok");
        assert_eq!(server.read(&mut [0]).await.unwrap(), 0);
    }
}
