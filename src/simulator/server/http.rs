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
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, DATE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Method, Response as HttpResponse, StatusCode};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::Sleep;

use super::authentication::{Door, Entry, Session, Way};
use super::operations::{self, Decision, Desk, MAX_ENVELOPE_BYTES, Subject, Waiting};
use super::wire::Wire;
use crate::base::time::{Clock, Moment};
use crate::simulator::scenario::{FaultKind, Phase};
use crate::simulator::world::{Answer as RunAnswer, AnswerFault};
use crate::wsman::message::xml::Limits;
use crate::wsman::message::{Answer, Fault, Operation, Request, Response};
use crate::wsman::seal::{self, Indent, Protocol};

/// How long a client may take to send its request (`MaxPacketRetrievalTimeSeconds`).
const RECEIVE_TIMEOUT: Duration = Duration::from_mins(2);

/// What the frame of an encrypted message takes beside the message, rather too much.
const FRAME_BYTES: usize = 4 * 1024;

/// How long a slow body waits before each byte.
const SLOW_BYTE: Duration = Duration::from_millis(250);

/// Everything that the connections of a server share.
pub struct Shared {
    /// The service; never locked across a wait.
    pub desk: Mutex<Desk>,
    /// Who may come in, and how.
    pub door: Door,
    /// Whether a request may come unencrypted after a login that could have encrypted it.
    pub takes_plain: bool,
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

/// Answers an HTTP request of a connection.
///
/// Dropping the future abandons the answer; a run that the request began goes on.
///
/// # Errors
/// [`ResetConnection`] when the scenario says so, or when nothing of the connection can be trusted.
pub async fn answer(
    shared: &Shared,
    session: &Mutex<Session>,
    wire: &Wire,
    request: hyper::Request<Incoming>,
) -> Result<HttpAnswer, ResetConnection> {
    if !matches!(request.uri().path(), "/wsman" | "/wsman/") {
        return Ok(plain(StatusCode::NOT_FOUND));
    }
    if request.method() != Method::POST {
        return Ok(plain(StatusCode::METHOD_NOT_ALLOWED));
    }
    let (head, body) = request.into_parts();
    let collected = Limited::new(body, MAX_ENVELOPE_BYTES + FRAME_BYTES).collect();
    let body = match tokio::time::timeout(RECEIVE_TIMEOUT, collected).await {
        Err(_) => return Ok(plain(StatusCode::REQUEST_TIMEOUT)),
        Ok(Err(_)) => return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE)),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = header(AUTHORIZATION.as_str());
    let now = shared.clock.now();
    let entry = session.lock().admit(&shared.door, authorization, now);
    let (way, last_word) = match entry {
        Entry::Known(way, last_word) => (way, last_word),
        // MS-WSMV 3.1.4.1.25: Identify may come without an account if this header says so.
        Entry::Unknown(_) if header("WSMANIDENTIFY") == Some("unauthenticated") => {
            return serve_stranger(shared, session, wire, &body).await;
        }
        Entry::Unknown(challenges) => return Ok(unauthorized(&challenges)),
        Entry::Broken => return Err(ResetConnection),
    };
    let protocol = Protocol::of(header(CONTENT_TYPE.as_str()).unwrap_or_default());
    let mut answer = match (protocol, way) {
        (Some(_), Way::Basic) => plain(StatusCode::BAD_REQUEST),
        (Some(protocol), _) => serve_sealed(shared, session, wire, &body, protocol).await?,
        (None, Way::Login) if body.is_empty() => plain(StatusCode::OK),
        // With AllowUnencrypted=false, Windows says no more than this.
        (None, Way::Login | Way::Earlier) if !shared.takes_plain => {
            plain(StatusCode::INTERNAL_SERVER_ERROR)
        }
        (None, _) => serve_body(shared, session, wire, &body).await?,
    };
    if let Some(value) = last_word.and_then(|word| HeaderValue::try_from(word).ok()) {
        answer.headers_mut().append(WWW_AUTHENTICATE, value);
    }
    Ok(answer)
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

/// Opens a body, serves what is in it, and seals the answer.
async fn serve_sealed(
    shared: &Shared,
    session: &Mutex<Session>,
    wire: &Wire,
    body: &[u8],
    protocol: Protocol,
) -> Result<HttpAnswer, ResetConnection> {
    let opened = seal::unframe(body).ok();
    let opened = opened.and_then(|sealed| session.lock().open(sealed));
    let Some(opened) = opened else {
        session.lock().forget();
        return Ok(closing(plain(StatusCode::BAD_REQUEST)));
    };
    let mut answer = serve_body(shared, session, wire, &opened).await?;
    if answer.status() == StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    let sealed = session.lock().seal(&answer.body().rest);
    let sealed = sealed.ok_or(ResetConnection)?;
    answer.body_mut().rest = seal::frame(protocol, &sealed, Indent::Tab).into();
    if let Ok(value) = HeaderValue::try_from(protocol.content_type()) {
        answer.headers_mut().insert(CONTENT_TYPE, value);
    }
    Ok(answer)
}

/// Serves a document of the user.
async fn serve_body(
    shared: &Shared,
    session: &Mutex<Session>,
    wire: &Wire,
    body: &[u8],
) -> Result<HttpAnswer, ResetConnection> {
    if body.len() > MAX_ENVELOPE_BYTES {
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE));
    }
    match Request::parse(body, &limits()) {
        Ok(request) => serve(shared, session, wire, &request).await,
        Err(rejected) => {
            let fault = Answer::Fault(rejected.fault);
            Ok(soap(&respond(rejected.message_id, fault)))
        }
    }
}

/// Serves a document of whoever it is: Identify and nothing else.
async fn serve_stranger(
    shared: &Shared,
    session: &Mutex<Session>,
    wire: &Wire,
    body: &[u8],
) -> Result<HttpAnswer, ResetConnection> {
    match Request::parse(body, &limits()) {
        Ok(request) if request.operation == Operation::Identify => {
            serve(shared, session, wire, &request).await
        }
        _ => Ok(unauthorized(&shared.door.offer.challenges())),
    }
}

fn limits() -> Limits {
    Limits {
        bytes: MAX_ENVELOPE_BYTES,
        ..Limits::default()
    }
}

async fn serve(
    shared: &Shared,
    session: &Mutex<Session>,
    wire: &Wire,
    request: &Request,
) -> Result<HttpAnswer, ResetConnection> {
    let message_id = Some(request.header.message_id.clone()).filter(|id| !id.is_empty());
    let Some(_open) = OpenRequest::begin(shared) else {
        return Ok(soap(&respond(
            message_id,
            Answer::Fault(operations::too_many()),
        )));
    };
    let fault = strike(shared, request);
    let breaks = |phase: Phase| {
        let fault = fault.filter(|fault| fault.phase == phase)?;
        let is_of_body = matches!(fault.kind, FaultKind::SlowBody | FaultKind::Cut);
        (!is_of_body).then_some(fault.kind)
    };
    if let Some(kind) = breaks(Phase::Before) {
        return broken(shared, session, kind, message_id).await;
    }
    let decision = {
        let now = shared.clock.now();
        let account = shared.door.account.as_security_id();
        operations::decide(&mut shared.desk.lock(), request, &account, now)
    };
    // Somebody may wait for the run that this request stopped, or watch for one that it began.
    shared.changed.send_replace(());
    if let Some(kind) = breaks(Phase::After) {
        return broken(shared, session, kind, message_id).await;
    }
    let answer = match decision {
        Decision::Answer(answer) => answer,
        Decision::Wait(waiting) => wait(shared, waiting).await,
    };
    let mut response = respond(message_id.clone(), answer);
    let limit = operations::envelope_limit(&shared.desk.lock().world, &request.header);
    if response.to_xml().len() > limit {
        response = respond(message_id, Answer::Fault(operations::too_large()));
    }
    let mut answer = soap(&response);
    match fault.map(|fault| (fault.kind, fault.after_bytes)) {
        Some((FaultKind::SlowBody, _)) => answer.body_mut().slow_down(),
        Some((FaultKind::Cut, after_bytes)) => wire.cut_answer(after_bytes),
        _ => {}
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
    shared: &Shared,
    session: &Mutex<Session>,
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
        FaultKind::Unauthorized => {
            session.lock().forget();
            Ok(unauthorized(&shared.door.offer.challenges()))
        }
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

fn unauthorized(challenges: &[String]) -> HttpAnswer {
    let mut answer = plain(StatusCode::UNAUTHORIZED);
    for challenge in challenges {
        if let Ok(value) = HeaderValue::try_from(challenge.as_str()) {
            answer.headers_mut().append(WWW_AUTHENTICATE, value);
        }
    }
    answer
}

/// An answer after which the connection ends.
fn closing(mut answer: HttpAnswer) -> HttpAnswer {
    let value = HeaderValue::from_static("close");
    answer.headers_mut().insert(CONNECTION, value);
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
