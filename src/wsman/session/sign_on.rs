//! The sign-on of one connection, and the order in which Negotiate tries its mechanisms.
//!
//! Every request here has an empty body, so that nothing of a document is sent before the account
//! and the server are proved.

use std::time::Duration;

use super::Session;
use super::seat::{Seat, in_time, step_apart};
use crate::base::secret::Secret;
use crate::wsman::auth::context::{Context, Mechanism};
use crate::wsman::auth::{Account, Refusal, Scheme, SingleSignOn, challenge};
use crate::wsman::error::ClientError;
use crate::wsman::transport::{Line, Post, Reply, SOAP, TransportError};

/// How many tokens are sent at most; NTLM needs two, Kerberos one.
const MAX_ROUNDS: usize = 6;

impl Session {
    /// Makes a connection and proves the account on it.
    ///
    /// # Errors
    /// [`ClientError`]; the server has seen no document.
    pub(super) async fn sign_on(
        &self,
        scheme: Scheme,
        deadline: Duration,
    ) -> Result<Seat, ClientError> {
        match scheme {
            Scheme::Ntlm => self.sign_on_by(Mechanism::Ntlm, deadline).await,
            Scheme::Kerberos => self.sign_on_by(Mechanism::Kerberos, deadline).await,
            Scheme::Auto | Scheme::Basic | Scheme::Negotiate => self.negotiate(deadline).await,
        }
    }

    /// Kerberos, and NTLM where Kerberos cannot be had. A refused password ends it.
    async fn negotiate(&self, deadline: Duration) -> Result<Seat, ClientError> {
        let known = self.instead_of_kerberos.lock().clone();
        if known.is_none() {
            let has_ntlm = match self.account {
                Account::Given { .. } => true,
                Account::LoggedOn => SingleSignOn::HERE.has_ntlm(),
            };
            let reason = if self.endpoint().is_address() && has_ntlm {
                "Kerberos needs the name of the server, not its address".to_owned()
            } else {
                match self.sign_on_by(Mechanism::SpnegoKerberos, deadline).await {
                    Err(ClientError::Unauthorized(refusal))
                        if has_ntlm && refusal.lets_fall_back() =>
                    {
                        refusal.to_string()
                    }
                    other => return other,
                }
            };
            self.note(&format!("NTLM instead of Kerberos: {reason}"));
            *self.instead_of_kerberos.lock() = Some(reason);
        }
        self.sign_on_by(Mechanism::SpnegoNtlm, deadline).await
    }

    async fn sign_on_by(
        &self,
        mechanism: Mechanism,
        deadline: Duration,
    ) -> Result<Seat, ClientError> {
        let mut line = self.transport.connect().await?;
        let (account, host) = (self.account.clone(), self.endpoint().name().to_owned());
        let certificate = line.certificate().map(<[u8]>::to_vec);
        // It may look for a Kerberos server, which blocks.
        let context = in_time(deadline, "the account is malformed", move || {
            Context::new(mechanism, &account, &host, certificate.as_deref())
        });
        let context = context.await.map_err(ClientError::Unauthorized)?;
        let context = exchange_tokens(mechanism, context, &mut line, deadline).await?;
        self.set_signed_on(context.user(), context.scheme());
        Ok(Seat::signed_on(line, mechanism, context))
    }
}

async fn exchange_tokens(
    mechanism: Mechanism,
    context: Context,
    line: &mut Line,
    deadline: Duration,
) -> Result<Box<Context>, ClientError> {
    let mut context = Box::new(context);
    let mut answer = Vec::new();
    for round in 0..MAX_ROUNDS {
        let (next, token, is_complete) = step_apart(context, answer, deadline)
            .await
            .map_err(|refusal| ClientError::Unauthorized(late(mechanism, round, refusal)))?;
        context = next;
        let reply = send(mechanism, line, &token, deadline).await?;
        let token = challenge::token(&reply.challenges, mechanism.word());
        match (reply.status, token) {
            (401, token) => {
                answer =
                    goes_on(mechanism, round, &reply, token).map_err(ClientError::Unauthorized)?;
            }
            // Some servers do not like the empty document, but have signed the account on.
            (200..300 | 400 | 411 | 415, token) => {
                let is_complete = match token {
                    Some(token) => {
                        let (next, _, is_complete) = step_apart(context, token, deadline)
                            .await
                            .map_err(ClientError::Unauthorized)?;
                        context = next;
                        is_complete
                    }
                    None => is_complete,
                };
                if is_complete {
                    return Ok(context);
                }
                let why = "the server has not proved who it is".to_owned();
                return Err(ClientError::Unauthorized(Refusal::Token(why)));
            }
            (status, _) => return Err(ClientError::Status(status)),
        }
    }
    let why = "it does not end".to_owned();
    Err(ClientError::Unauthorized(Refusal::Token(why)))
}

async fn send(
    mechanism: Mechanism,
    line: &mut Line,
    token: &[u8],
    deadline: Duration,
) -> Result<Reply, ClientError> {
    let header = challenge::answer(mechanism.word(), token);
    let post = Post {
        content_type: SOAP.into(),
        authorization: Some(Secret::new(header)),
        is_anonymous: false,
        body: Vec::new(),
    };
    let reply = line.post(post, deadline).await;
    reply.map_err(|failure| ClientError::SignOn(TransportError::from(failure)))
}

/// What a 401 means: the next token, or the end. The answer to the last message of NTLM is about
/// the account, whatever else stands in it.
fn goes_on(
    mechanism: Mechanism,
    round: usize,
    reply: &Reply,
    token: Option<Vec<u8>>,
) -> Result<Vec<u8>, Refusal> {
    let is_ntlm = !mechanism.is_kerberos();
    if is_ntlm && round > 0 {
        return Err(Refusal::Credentials);
    }
    if let Some(token) = token {
        return Ok(token);
    }
    let offered = challenge::offered(&reply.challenges);
    if !challenge::has(&offered, mechanism.word()) {
        return Err(if offered.is_empty() {
            Refusal::Token("the server offers no way to sign on".to_owned())
        } else {
            Refusal::Scheme(offered)
        });
    }
    Err(if is_ntlm {
        Refusal::Token("the server does not take NTLM".to_owned())
    } else {
        Refusal::Ticket
    })
}

/// What goes wrong after the first token of Kerberos is about the ticket.
fn late(mechanism: Mechanism, round: usize, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Token(_) if mechanism.is_kerberos() && round > 0 => Refusal::Ticket,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_was_refused() {
        use Mechanism::{Kerberos, Ntlm, SpnegoKerberos, SpnegoNtlm};
        let scheme = |name: &str| Err(Refusal::Scheme(vec![name.to_owned()]));
        let takes_none = Refusal::Token("the server does not take NTLM".to_owned());
        for (mechanism, round, challenge, expected) in [
            (Ntlm, 0, "Negotiate AQI=", Ok(vec![1, 2])),
            (Ntlm, 0, "Negotiate", Err(takes_none)),
            (Ntlm, 1, "Negotiate", Err(Refusal::Credentials)),
            (SpnegoNtlm, 1, "Negotiate AQI=", Err(Refusal::Credentials)),
            (SpnegoNtlm, 0, "Basic realm=\"x\"", scheme("Basic")),
            (SpnegoKerberos, 0, "Negotiate AQI=", Ok(vec![1, 2])),
            (SpnegoKerberos, 0, "Negotiate", Err(Refusal::Ticket)),
            (Kerberos, 0, "Negotiate", scheme("Negotiate")),
            (Kerberos, 1, "Kerberos", Err(Refusal::Ticket)),
        ] {
            let challenges = vec![challenge.to_owned()];
            let token = challenge::token(&challenges, mechanism.word());
            let reply = Reply {
                status: 401,
                challenges,
                date: None,
                content_type: String::new(),
                body: Vec::new(),
            };
            let got = goes_on(mechanism, round, &reply, token);
            assert_eq!(got, expected, "{mechanism:?} {round} {challenge}");
        }
    }
}
