//! A connection that is cut after so many bytes, as the scenario orders.
//!
//! Counts the bytes of HTTP; what stands below it, such as TLS, does not count.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// How many bytes of a request may come before the connection is cut; asked once a request.
type Order = dyn Fn() -> Option<u64> + Send + Sync;

/// What is known of the bytes of a connection.
#[derive(Clone)]
pub struct Wire(Arc<Inner>);

struct Inner {
    counts: Mutex<Counts>,
    /// Somebody else closes the connection.
    cut: Notify,
    order: Box<Order>,
}

#[derive(Default)]
struct Counts {
    /// Whether bytes of the request have come since the last answer.
    is_within_request: bool,
    request_left: Option<u64>,
    answer_left: Option<u64>,
}

impl Wire {
    /// A connection about which nothing is ordered yet.
    pub fn new(order: impl Fn() -> Option<u64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            counts: Mutex::default(),
            cut: Notify::new(),
            order: Box::new(order),
        }))
    }

    /// Cuts the connection after so many bytes of the answer that comes next.
    pub fn cut_answer(&self, after_bytes: u64) {
        self.0.counts.lock().answer_left = Some(after_bytes);
    }

    /// Waits until the connection is to be closed.
    pub async fn is_cut(&self) {
        self.0.cut.notified().await;
    }

    /// A stream whose bytes are counted.
    pub const fn counted<S>(self, stream: S) -> Counted<S> {
        Counted { stream, wire: self }
    }

    /// Whether these bytes that came may be seen. The last ones before a cut may not, so that no
    /// whole request is seen.
    fn may_come(&self, bytes: usize) -> bool {
        let counts = &mut *self.0.counts.lock();
        if !counts.is_within_request {
            counts.is_within_request = true;
            counts.answer_left = None;
            counts.request_left = (self.0.order)();
        }
        let Some(left) = &mut counts.request_left else {
            return true;
        };
        *left = left.saturating_sub(bytes as u64);
        *left > 0
    }

    /// How many bytes of the answer may go; `None` when nothing is ordered.
    fn may_go(&self) -> Option<usize> {
        let left = self.0.counts.lock().answer_left?;
        Some(usize::try_from(left).unwrap_or(usize::MAX))
    }

    fn went(&self, bytes: usize) {
        let counts = &mut *self.0.counts.lock();
        counts.is_within_request = false;
        if let Some(left) = &mut counts.answer_left {
            *left = left.saturating_sub(bytes as u64);
        }
    }

    fn cut(&self) {
        self.0.cut.notify_one();
    }
}

/// A stream whose bytes are counted.
pub struct Counted<S> {
    stream: S,
    wire: Wire,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        std::task::ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        let came = buffer.filled().len() - before;
        if came > 0 && !this.wire.may_come(came) {
            this.wire.cut();
            // Whoever reads waits until the connection is closed from outside.
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let bytes = match this.wire.may_go() {
            None => bytes,
            Some(0) => {
                std::task::ready!(Pin::new(this).poll_flush(context))?;
                return Poll::Pending;
            }
            Some(left) => bytes.get(..left).unwrap_or(bytes),
        };
        let went = std::task::ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.wire.went(went);
        Poll::Ready(Ok(went))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        std::task::ready!(Pin::new(&mut this.stream).poll_flush(context))?;
        if this.wire.may_go() == Some(0) {
            this.wire.cut();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
