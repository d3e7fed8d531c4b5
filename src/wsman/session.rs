//! Exchanges over connections on which the account is proved.
//!
//! A refused password is tried once and never again, also not by calls side by side: until the
//! account was proved for the first time, one call goes after the other. A request is sent again
//! only when it is certain that the server did nothing of it. Must not know what the documents say.

mod seat;
mod sign_on;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{MutexGuard, Semaphore};

use self::seat::{Answer, Seat};
use super::auth::choice::{Way, first, next, takes};
use super::auth::{Account, Refusal, Scheme, SignedOn, basic, challenge};
use super::client::ProtocolLog;
use super::error::ClientError;
use super::seal::Indent;
use super::transport::{Endpoint, Failure, Reply, Transport};

/// How many connections are signed on at once; servers limit them per user (MS-WSMV 2.2.4.10).
const MAX_SIGNED_ON: usize = 4;
/// How often one document may meet a connection that is gone, or a server that no longer knows us.
const MAX_TRIES: usize = 3;

/// Connections to one server, for one account.
pub(super) struct Session {
    transport: Transport,
    account: Account,
    /// What the settings say.
    scheme: Scheme,
    way: Way,
    /// What is used now: never `Auto`.
    chosen: Mutex<Scheme>,
    /// Why Negotiate uses NTLM.
    instead_of_kerberos: Mutex<Option<String>>,
    idle: Mutex<Vec<Seat>>,
    /// Held until the account is proved.
    gate: tokio::sync::Mutex<()>,
    /// Held while an account signs on.
    signing_on: tokio::sync::Mutex<()>,
    permits: Semaphore,
    signed_on: Mutex<Option<SignedOn>>,
    /// The first refusal of the account; final for all calls.
    refused: OnceLock<Refusal>,
    /// Whether sealed lines begin with a tab.
    is_indented: AtomicBool,
    /// Whether the server wants no sealed documents, and the settings allow that.
    is_plain: AtomicBool,
    /// Whether a sealed answer came once.
    has_sealed_answer: AtomicBool,
    log: Option<ProtocolLog>,
}

impl Session {
    /// Prepares a session; connects to nothing yet.
    ///
    /// # Errors
    /// [`ClientError::Unencrypted`] and [`ClientError::Settings`] when it cannot work.
    pub(super) fn new(
        transport: Transport,
        account: Account,
        scheme: Scheme,
        allow_unencrypted: bool,
        log: Option<ProtocolLog>,
    ) -> Result<Self, ClientError> {
        let way = Way {
            is_encrypted: transport.endpoint().is_encrypted(),
            is_loopback: transport.endpoint().is_loopback(),
            allow_unencrypted,
        };
        // The logged-on user has no password that could be sent.
        let scheme = match (&account, scheme) {
            (Account::LoggedOn, Scheme::Auto) => Scheme::Negotiate,
            (_, scheme) => scheme,
        };
        let chosen = first(scheme, way).ok_or(ClientError::Unencrypted)?;
        account
            .check(chosen)
            .map_err(|error| ClientError::Settings(error.to_string()))?;
        Ok(Self {
            transport,
            account,
            scheme,
            way,
            chosen: Mutex::new(chosen),
            instead_of_kerberos: Mutex::new(None),
            idle: Mutex::new(Vec::new()),
            gate: tokio::sync::Mutex::new(()),
            signing_on: tokio::sync::Mutex::new(()),
            permits: Semaphore::new(MAX_SIGNED_ON),
            signed_on: Mutex::new(None),
            refused: OnceLock::new(),
            is_indented: AtomicBool::new(true),
            is_plain: AtomicBool::new(false),
            has_sealed_answer: AtomicBool::new(false),
            log,
        })
    }

    /// Where the server is.
    pub(super) const fn endpoint(&self) -> &Endpoint {
        self.transport.endpoint()
    }

    /// Who is signed on, once that is known.
    pub(super) fn signed_on(&self) -> Option<SignedOn> {
        self.signed_on.lock().clone()
    }

    /// Whether sealed lines begin with a tab.
    pub(super) fn set_indent(&self, indent: Indent) {
        let is_indented = indent == Indent::Tab;
        self.is_indented.store(is_indented, Ordering::Relaxed);
    }

    /// Whether documents are sealed, and the server has not yet shown that it can read them.
    pub(super) fn is_seal_unproved(&self) -> bool {
        self.seals() && !self.has_sealed_answer.load(Ordering::Relaxed)
    }

    /// Sends a document once, and brings its answer as it was before anybody sealed it.
    ///
    /// # Errors
    /// [`ClientError`]; a refusal of the account is final.
    pub(super) async fn exchange(
        &self,
        document: &str,
        deadline: Duration,
    ) -> Result<Reply, ClientError> {
        let _first = self.first_turn().await;
        let _permit = if *self.chosen.lock() == Scheme::Basic {
            None
        } else {
            // The semaphore is never closed, so a permit always comes.
            self.permits.acquire().await.ok()
        };
        let mut last = None;
        for _ in 0..MAX_TRIES {
            self.check_refusal()?;
            let chosen = *self.chosen.lock();
            let outcome = match self.seat(chosen, deadline).await {
                Ok(seat) => self.ask(seat, document, deadline).await,
                Err(error) => Outcome::Final(Err(error)),
            };
            match outcome {
                Outcome::Final(Err(ClientError::Unauthorized(refusal))) => {
                    if !self.may_go_on(chosen, &refusal)? {
                        return Err(ClientError::Unauthorized(refusal));
                    }
                    last = Some(ClientError::Unauthorized(refusal));
                }
                Outcome::Final(result) => return result,
                Outcome::Again(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or(ClientError::Unauthorized(Refusal::Forgotten)))
    }

    /// Waits for the first call, until one has proved the account.
    async fn first_turn(&self) -> Option<MutexGuard<'_, ()>> {
        if self.signed_on.lock().is_some() {
            return None;
        }
        let turn = self.gate.lock().await;
        self.signed_on.lock().is_none().then_some(turn)
    }

    fn check_refusal(&self) -> Result<(), ClientError> {
        match self.refused.get() {
            Some(refusal) => Err(ClientError::Unauthorized(refusal.clone())),
            None => Ok(()),
        }
    }

    /// After a refusal: whether another scheme is tried. A final refusal is kept for all calls.
    fn may_go_on(&self, tried: Scheme, refusal: &Refusal) -> Result<bool, ClientError> {
        if let Refusal::Scheme(offered) = refusal
            && let Some(other) = next(self.scheme, self.way, tried, offered)
        {
            self.account
                .check(other)
                .map_err(|error| ClientError::Settings(error.to_string()))?;
            self.note(&format!(
                "the server does not take {}, so {} is tried",
                tried.name(),
                other.name()
            ));
            *self.chosen.lock() = other;
            return Ok(true);
        }
        if refusal.is_final() {
            self.refused.get_or_init(|| refusal.clone());
        }
        Ok(false)
    }

    /// A connection on which the account is proved.
    async fn seat(&self, scheme: Scheme, deadline: Duration) -> Result<Seat, ClientError> {
        if let Some(seat) = self.idle_seat() {
            return Ok(seat);
        }
        if scheme == Scheme::Basic
            && let Account::Given { user, password } = &self.account
        {
            let header = basic::header(user, password);
            return Ok(Seat::basic(self.transport.connect().await?, header));
        }
        // One after the other: a password that was changed meanwhile is refused only once.
        let _turn = self.signing_on.lock().await;
        self.check_refusal()?;
        self.sign_on(scheme, deadline).await.inspect_err(|error| {
            if let ClientError::Unauthorized(refusal @ Refusal::Credentials) = error {
                self.refused.get_or_init(|| refusal.clone());
            }
        })
    }

    fn idle_seat(&self) -> Option<Seat> {
        let mut idle = self.idle.lock();
        idle.retain(Seat::is_usable);
        idle.pop()
    }

    /// Asks over one connection, and keeps it when it is still good.
    async fn ask(&self, mut seat: Seat, document: &str, deadline: Duration) -> Outcome {
        let seals = self.seals();
        let indent = if self.is_indented.load(Ordering::Relaxed) {
            Indent::Tab
        } else {
            Indent::None
        };
        let answer = match seat
            .exchange(document, seals.then_some(indent), deadline)
            .await
        {
            Ok(answer) => answer,
            Err(Failure::Gone(error)) if seat.was_used() => {
                // What closed this one has likely closed the others as well.
                self.idle.lock().clear();
                return Outcome::Again(error.into());
            }
            Err(failure) => return Outcome::Final(Err(ClientError::Transport(failure.into()))),
        };
        match answer {
            Answer::Plain(reply) if reply.status == 401 => self.refuse(&seat, &reply),
            Answer::Plain(reply) if seat.is_sealed(seals) => self.take_unsealed(seat, reply),
            Answer::Plain(reply) => {
                self.keep(seat, &reply);
                Outcome::Final(Ok(reply))
            }
            Answer::Opened(reply) => {
                self.has_sealed_answer.store(true, Ordering::Relaxed);
                self.keep(seat, &reply);
                Outcome::Final(Ok(reply))
            }
            Answer::Broken(why) => Outcome::Final(Err(ClientError::Seal(why))),
        }
    }

    /// What a 401 means: with a password in each request it is the account that is refused. On a
    /// connection that is signed on, the server no longer knows us, and has done nothing.
    fn refuse(&self, seat: &Seat, reply: &Reply) -> Outcome {
        if !seat.is_basic() {
            self.note("the server has forgotten the sign-on");
            self.idle.lock().clear();
            return Outcome::Again(ClientError::Unauthorized(Refusal::Forgotten));
        }
        let offered = challenge::offered(&reply.challenges);
        let refusal = if offered.is_empty() || takes(Scheme::Basic, &offered) {
            Refusal::Credentials
        } else {
            Refusal::Scheme(offered)
        };
        Outcome::Final(Err(ClientError::Unauthorized(refusal)))
    }

    /// An answer without encryption to a sealed document.
    fn take_unsealed(&self, seat: Seat, mut reply: Reply) -> Outcome {
        if matches!(reply.status, 400 | 415) && self.is_seal_unproved() {
            if !self.way.allow_unencrypted {
                return Outcome::Final(Err(ClientError::SealRefused));
            }
            self.note("the server wants no encrypted documents, which the settings allow");
            self.is_plain.store(true, Ordering::Relaxed);
            if let Some(known) = self.signed_on() {
                self.set_signed_on(known.user, known.scheme);
            }
            self.keep(seat, &reply);
            return Outcome::Again(ClientError::SealRefused);
        }
        if self.way.allow_unencrypted {
            self.keep(seat, &reply);
            return Outcome::Final(Ok(reply));
        }
        if (200..300).contains(&reply.status) {
            return Outcome::Final(Err(ClientError::Unsealed));
        }
        // Anybody on the way may have written it, so only its status counts.
        reply.body.clear();
        Outcome::Final(Ok(reply))
    }

    /// Whether documents are sealed: TLS does the same already, and Basic has no keys.
    fn seals(&self) -> bool {
        !self.way.is_encrypted
            && *self.chosen.lock() != Scheme::Basic
            && !self.is_plain.load(Ordering::Relaxed)
    }

    fn keep(&self, seat: Seat, reply: &Reply) {
        let is_success = (200..300).contains(&reply.status);
        if seat.is_basic() && (is_success || !reply.body.is_empty()) {
            let user = self.account.user().unwrap_or_default().to_owned();
            self.set_signed_on(user, Scheme::Basic);
        }
        self.idle.lock().push(seat);
    }

    fn set_signed_on(&self, user: String, scheme: Scheme) {
        let signed_on = SignedOn {
            user,
            scheme,
            is_encrypted: self.way.is_encrypted || self.seals(),
            instead_of_kerberos: self.instead_of_kerberos.lock().clone(),
        };
        let mut known = self.signed_on.lock();
        if known.as_ref() != Some(&signed_on) {
            self.note(&format!("signed on as {signed_on}"));
            *known = Some(signed_on);
        }
    }

    fn note(&self, line: &str) {
        if let Some(log) = &self.log {
            log(&format!("{}: {line}", self.endpoint().host()));
        }
    }
}

/// What came of one try.
enum Outcome {
    /// This is the answer.
    Final(Result<Reply, ClientError>),
    /// The server did nothing; the error counts when there is no other try.
    Again(ClientError),
}
