//! One connection together with what proves the account on it.

use std::time::Duration;

use crate::base::secret::Secret;
use crate::wsman::auth::Refusal;
use crate::wsman::auth::context::{Context, Mechanism};
use crate::wsman::seal::{self, Indent, Protocol};
use crate::wsman::transport::{Failure, Line, Post, Reply, SOAP, TransportError};

/// A connection on which the account is proved.
pub(super) struct Seat {
    line: Line,
    proof: Proof,
    was_used: bool,
}

enum Proof {
    /// A header with each request.
    Basic(Secret),
    /// The connection itself; the context is out while it works.
    Context(Mechanism, Option<Box<Context>>),
}

/// What came back.
pub(super) enum Answer {
    /// As it was sent.
    Plain(Reply),
    /// It was sealed.
    Opened(Reply),
    /// It was sealed, but not by the one whom we signed on to; why, as a clause.
    Broken(String),
}

impl Seat {
    /// With a password in each request.
    pub(super) const fn basic(line: Line, header: Secret) -> Self {
        Self {
            line,
            proof: Proof::Basic(header),
            was_used: false,
        }
    }

    /// After a context has come about.
    pub(super) const fn signed_on(line: Line, mechanism: Mechanism, context: Box<Context>) -> Self {
        Self {
            line,
            proof: Proof::Context(mechanism, Some(context)),
            was_used: false,
        }
    }

    /// Whether each request carries the password.
    pub(super) const fn is_basic(&self) -> bool {
        matches!(self.proof, Proof::Basic(_))
    }

    /// Whether documents are sealed here, where that is wanted.
    pub(super) const fn is_sealed(&self, is_wanted: bool) -> bool {
        is_wanted && !self.is_basic()
    }

    /// Whether a document went over it before the last one, so that it may have grown old.
    pub(super) const fn was_used(&self) -> bool {
        self.was_used
    }

    /// Whether another document may be sent over it.
    pub(super) fn is_usable(&self) -> bool {
        self.line.is_usable() && !matches!(self.proof, Proof::Context(_, None))
    }

    /// Sends a document, sealed when there is an indent and a context, and reads the answer.
    ///
    /// # Errors
    /// [`Failure`]; the connection is then worth nothing.
    pub(super) async fn exchange(
        &mut self,
        document: &str,
        sealed: Option<Indent>,
        deadline: Duration,
    ) -> Result<Answer, Failure> {
        let plain = |authorization| Post {
            content_type: SOAP.into(),
            authorization,
            is_anonymous: false,
            body: document.as_bytes().to_vec(),
        };
        let (post, is_sealed) = match (&mut self.proof, sealed) {
            (Proof::Basic(header), _) => (plain(Some(header.clone())), false),
            (Proof::Context(..), None) => (plain(None), false),
            (Proof::Context(mechanism, context), Some(indent)) => {
                let body = seal(mechanism.protocol(), context, document, indent).await?;
                let post = Post {
                    content_type: mechanism.protocol().content_type().into(),
                    authorization: None,
                    is_anonymous: false,
                    body,
                };
                (post, true)
            }
        };
        let reply = self.line.post(post, deadline).await?;
        self.was_used = true;
        if !is_sealed || Protocol::of(&reply.content_type).is_none() {
            return Ok(Answer::Plain(reply));
        }
        let Proof::Context(_, context) = &mut self.proof else {
            return Ok(Answer::Plain(reply));
        };
        Ok(match open(context, reply.body).await {
            Ok(body) => Answer::Opened(Reply { body, ..reply }),
            Err(why) => Answer::Broken(why),
        })
    }
}

async fn seal(
    protocol: Protocol,
    context: &mut Option<Box<Context>>,
    document: &str,
    indent: Indent,
) -> Result<Vec<u8>, Failure> {
    let document = document.as_bytes().to_vec();
    let sealed = apart(context, move |context| context.seal(&document)).await;
    match sealed.and_then(|inner| inner) {
        Ok(sealed) => Ok(seal::frame(protocol, &sealed, indent)),
        Err(why) => Err(Failure::Gone(TransportError::Settings(format!(
            "the request cannot be encrypted, {why}"
        )))),
    }
}

async fn open(context: &mut Option<Box<Context>>, body: Vec<u8>) -> Result<Vec<u8>, String> {
    let opened = apart(context, move |context| {
        let sealed = seal::unframe(&body).map_err(|error| error.to_string())?;
        context.open(sealed)
    });
    opened.await.and_then(|inner| inner)
}

/// Lets a context work where blocking is allowed. What the crate stumbles over ends there: the
/// context is gone then, and with it the connection.
///
/// # Errors
/// A clause when there is no context any more.
async fn apart<T: Send + 'static>(
    context: &mut Option<Box<Context>>,
    work: impl FnOnce(&mut Context) -> T + Send + 'static,
) -> Result<T, String> {
    let Some(mut out) = context.take() else {
        return Err("its keys are gone".to_owned());
    };
    let task = tokio::task::spawn_blocking(move || {
        let result = work(&mut out);
        (out, result)
    });
    match task.await {
        Ok((back, result)) => {
            *context = Some(back);
            Ok(result)
        }
        Err(_panic) => Err("it is malformed".to_owned()),
    }
}

/// A step of a sign-on, apart as well.
///
/// # Errors
/// [`Refusal`]; [`Refusal::Silence`] after the deadline.
pub(super) async fn step_apart(
    mut context: Box<Context>,
    token: Vec<u8>,
    deadline: Duration,
) -> Result<(Box<Context>, Vec<u8>, bool), Refusal> {
    let step = in_time(deadline, "a token is malformed", move || {
        let step = context.step(token)?;
        Ok((context, step))
    });
    let (context, step) = step.await?;
    Ok((context, step.token, step.is_complete))
}

/// Lets something work where blocking is allowed, and waits for it no longer than this: the system
/// asks Kerberos servers as long as it likes. What comes too late goes nowhere. `panicked` is why
/// there is nothing when the work ends without a result.
///
/// # Errors
/// [`Refusal`]; [`Refusal::Silence`] after the deadline.
pub(super) async fn in_time<T: Send + 'static>(
    deadline: Duration,
    panicked: &str,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let task = tokio::task::spawn_blocking(work);
    match tokio::time::timeout(deadline, task).await {
        Ok(Ok(result)) => result,
        Ok(Err(_panic)) => Err(Refusal::Token(panicked.to_owned())),
        Err(_elapsed) => Err(Refusal::Silence(deadline)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn whoever_hangs_is_not_waited_for() {
        // Hangs until the sender goes, so that the thread ends with the test.
        let (sender, receiver) = mpsc::channel::<()>();
        let deadline = Duration::from_millis(20);
        let hanging = in_time(deadline, "", move || {
            receiver.recv().ok();
            Ok(())
        });
        assert_eq!(hanging.await, Err(Refusal::Silence(deadline)));
        drop(sender);
    }

    #[tokio::test]
    async fn what_comes_in_time_is_the_answer() {
        let deadline = Duration::from_mins(1);
        assert_eq!(in_time(deadline, "", || Ok(7)).await, Ok(7));
        let refused = in_time::<()>(deadline, "", || Err(Refusal::NoTicket));
        assert_eq!(refused.await, Err(Refusal::NoTicket));
        let panicked = in_time::<()>(deadline, "it broke", || panic!("on purpose"));
        let why = Refusal::Token("it broke".to_owned());
        assert_eq!(panicked.await, Err(why));
    }
}
