//! HTTP around the messages: paths, authentication, sizes, time-outs, and the faults of the
//! connection that a scenario orders.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Method, Response as HttpResponse, StatusCode};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::Sleep;

use super::account::Account;
use super::operations::{self, Decision, Desk, MAX_ENVELOPE_BYTES, Subject, Waiting};
use crate::base::time::{Clock, Moment};
use crate::simulator::scenario::{FaultKind, Phase};
use crate::simulator::world::{Answer as RunAnswer, AnswerFault};
use crate::wsman::message::xml::Limits;
use crate::wsman::message::{Answer, Fault, Operation, Request, Response};

/// How long a client may take to send its request (`MaxPacketRetrievalTimeSeconds`).
const RECEIVE_TIMEOUT: Duration = Duration::from_mins(2);

/// How long a slow body waits before each byte.
const SLOW_BYTE: Duration = Duration::from_millis(250);

/// Everything that the connections of a server share.
pub struct Shared {
    /// The service; never locked across a wait.
    pub desk: Mutex<Desk>,
    /// The one user.
    pub account: Account,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The longest that a request may take (`MaxTimeoutms`).
    pub max_timeout: Duration,
    /// How many requests of the user are open.
    pub open_requests: AtomicU32,
    /// How many may be.
    pub max_open_requests: u32,
    /// When the last request of the user ended.
    pub last_request: Mutex<Moment>,
    /// Tells everybody who waits that an order was given.
    pub changed: watch::Sender<()>,
}

/// The connection is to be reset without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the scenario resets this connection")]
pub struct ResetConnection;

/// What goes back over HTTP.
pub type HttpAnswer = HttpResponse<AnswerBody>;

/// Answers an HTTP request.
///
/// Dropping the future abandons the answer; a run that the request began goes on.
///
/// # Errors
/// [`ResetConnection`] when the scenario says so.
pub async fn answer(
    shared: &Shared,
    request: hyper::Request<Incoming>,
) -> Result<HttpAnswer, ResetConnection> {
    if !matches!(request.uri().path(), "/wsman" | "/wsman/") {
        return Ok(plain(StatusCode::NOT_FOUND));
    }
    if request.method() != Method::POST {
        return Ok(plain(StatusCode::METHOD_NOT_ALLOWED));
    }
    let header = |name: &str| {
        let value = request.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let authorization = header(AUTHORIZATION.as_str()).unwrap_or_default();
    let is_known = shared.account.is_proved_by(&authorization);
    // MS-WSMV 3.1.4.1.25: Identify may come without an account if this header says so.
    let is_anonymous = header("WSMANIDENTIFY").as_deref() == Some("unauthenticated");
    if !is_known && !is_anonymous {
        return Ok(unauthorized());
    }
    let collected = Limited::new(request.into_body(), MAX_ENVELOPE_BYTES).collect();
    let body = match tokio::time::timeout(RECEIVE_TIMEOUT, collected).await {
        Err(_) => return Ok(plain(StatusCode::REQUEST_TIMEOUT)),
        Ok(Err(_)) => return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE)),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let limits = Limits {
        bytes: MAX_ENVELOPE_BYTES,
        ..Limits::default()
    };
    let request = match Request::parse(&body, &limits) {
        Ok(request) => request,
        Err(rejected) if is_known => {
            return Ok(soap(&respond(
                rejected.message_id,
                Answer::Fault(rejected.fault),
            )));
        }
        Err(_) => return Ok(unauthorized()),
    };
    if !is_known && request.operation != Operation::Identify {
        return Ok(unauthorized());
    }
    serve(shared, &request).await
}

/// Puts the time on an answer where the scenario's clock is wrong; else hyper puts the right one.
pub fn show_clock(shared: &Shared, answer: &mut HttpAnswer) {
    let ahead = shared.desk.lock().world.clock_ahead();
    if ahead.is_zero() {
        return;
    }
    let time = shared.clock.wall().checked_add(ahead).ok();
    let text = time.and_then(|time| {
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer.timestamp_to_rfc9110_string(&time).ok()
    });
    if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
        answer.headers_mut().insert(DATE, value);
    }
}

async fn serve(shared: &Shared, request: &Request) -> Result<HttpAnswer, ResetConnection> {
    let message_id = Some(request.header.message_id.clone()).filter(|id| !id.is_empty());
    let Some(_open) = OpenRequest::begin(shared) else {
        return Ok(soap(&respond(
            message_id,
            Answer::Fault(operations::too_many()),
        )));
    };
    let fault = strike(shared, request);
    if let Some(kind) = fault.filter(|f| f.phase == Phase::Before).map(|f| f.kind)
        && kind != FaultKind::SlowBody
    {
        return broken(kind, message_id).await;
    }
    let decision = {
        let now = shared.clock.now();
        let account = shared.account.as_security_id();
        operations::decide(&mut shared.desk.lock(), request, &account, now)
    };
    // Somebody may wait for the run that this request stopped, or watch for one that it began.
    shared.changed.send_replace(());
    if let Some(kind) = fault.map(|fault| fault.kind)
        && kind != FaultKind::SlowBody
    {
        return broken(kind, message_id).await;
    }
    let answer = match decision {
        Decision::Answer(answer) => answer,
        Decision::Wait(waiting) => wait(shared, waiting).await,
    };
    let mut response = respond(message_id.clone(), answer);
    if response.to_xml().len() > operations::envelope_limit(&request.header) {
        response = respond(message_id, Answer::Fault(operations::too_large()));
    }
    let mut answer = soap(&response);
    if fault.is_some() {
        answer.body_mut().slow_down();
    }
    Ok(answer)
}

fn strike(shared: &Shared, request: &Request) -> Option<AnswerFault> {
    let Subject {
        request,
        agent,
        profile,
    } = Subject::of(request);
    let now = shared.clock.now();
    let world = &mut shared.desk.lock().world;
    world.strike_request(request, agent, profile, now)
}

/// Waits until a run has ended, or as long as the request may take.
async fn wait(shared: &Shared, waiting: Waiting) -> Answer {
    let patience = waiting.patience.unwrap_or(shared.max_timeout);
    let deadline = shared.clock.now() + patience.min(shared.max_timeout);
    let mut changed = shared.changed.subscribe();
    loop {
        let now = shared.clock.now();
        let answer = shared.desk.lock().world.answer(waiting.run, now);
        let next = match answer {
            RunAnswer::Word(word) => return waiting.answer(word),
            RunAnswer::NotBefore(next) => next.map_or(deadline, |next| next.min(deadline)),
        };
        if now >= deadline {
            return Answer::Fault(operations::timed_out());
        }
        // Timers have millisecond ticks: a little later is surely not too early.
        let pause = next.since(now) + Duration::from_millis(1);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // The sender lives as long as the server.
            _ = changed.changed() => {}
        }
    }
}

/// The answer that a fault of the connection makes of a request.
async fn broken(
    kind: FaultKind,
    message_id: Option<String>,
) -> Result<HttpAnswer, ResetConnection> {
    match kind {
        FaultKind::ConnectionReset => Err(ResetConnection),
        FaultKind::Silence => {
            // Until the client gives up: the server then drops this future.
            std::future::pending::<()>().await;
            Err(ResetConnection)
        }
        FaultKind::Unauthorized => Ok(unauthorized()),
        FaultKind::TimedOut => Ok(soap(&respond(
            message_id,
            Answer::Fault(operations::timed_out()),
        ))),
        FaultKind::WinrmDenied => Ok(soap(&respond(
            message_id,
            Answer::Fault(operations::winrm_denied()),
        ))),
        FaultKind::WmiDenied => Ok(soap(&respond(
            message_id,
            Answer::Fault(operations::wmi_denied()),
        ))),
        _ => Ok(with_body(
            StatusCode::OK,
            "\u{0}\u{1}<s:Envelope><garbage & more".to_owned(),
        )),
    }
}

fn respond(relates_to: Option<String>, answer: Answer) -> Response {
    Response {
        message_id: format!("uuid:{}", uuid::Uuid::new_v4().as_hyphenated()).to_uppercase(),
        relates_to,
        answer,
    }
}

/// An answer as SOAP; a fault has the status 500 (SOAP 1.2 part 2, section 7.5.2.2).
fn soap(response: &Response) -> HttpAnswer {
    let status = match &response.answer {
        Answer::Fault(Fault { .. }) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::OK,
    };
    with_body(status, response.to_xml())
}

fn with_body(status: StatusCode, text: String) -> HttpAnswer {
    let mut answer = HttpResponse::new(AnswerBody::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/soap+xml;charset=UTF-8"),
    );
    answer
}

fn plain(status: StatusCode) -> HttpAnswer {
    let mut answer = HttpResponse::new(AnswerBody::new(Bytes::new()));
    *answer.status_mut() = status;
    answer
}

fn unauthorized() -> HttpAnswer {
    let mut answer = plain(StatusCode::UNAUTHORIZED);
    answer.headers_mut().insert(
        WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"WSMAN\""),
    );
    answer
}

/// A body that is sent at once, or byte by byte.
pub struct AnswerBody {
    rest: Bytes,
    pause: Option<Pin<Box<Sleep>>>,
}

impl AnswerBody {
    const fn new(rest: Bytes) -> Self {
        Self { rest, pause: None }
    }

    fn slow_down(&mut self) {
        self.pause = Some(Box::pin(tokio::time::sleep(SLOW_BYTE)));
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            return Poll::Ready(None);
        }
        let part = match &mut this.pause {
            None => std::mem::take(&mut this.rest),
            Some(pause) => {
                std::task::ready!(pause.as_mut().poll(context));
                pause
                    .as_mut()
                    .reset(tokio::time::Instant::now() + SLOW_BYTE);
                this.rest.split_to(1)
            }
        };
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

/// Counts a request as open until it is dropped.
struct OpenRequest<'a>(&'a Shared);

impl<'a> OpenRequest<'a> {
    /// `None` when the user has as many open as allowed.
    fn begin(shared: &'a Shared) -> Option<Self> {
        let before = shared.open_requests.fetch_add(1, Ordering::AcqRel);
        // From here on dropping counts down again, also when there are too many.
        let open = Self(shared);
        (before < shared.max_open_requests).then_some(open)
    }
}

impl Drop for OpenRequest<'_> {
    fn drop(&mut self) {
        *self.0.last_request.lock() = self.0.clock.now();
        self.0.open_requests.fetch_sub(1, Ordering::AcqRel);
    }
}
