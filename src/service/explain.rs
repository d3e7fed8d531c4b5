//! Sentences about failed calls: which server, what failed, what to do.
//!
//! Pure. Must not decide whether a call is tried again.

mod sign_on;

use super::{ServiceError, ServiceErrorKind};
use crate::base::error_chain;
use crate::base::text;
use crate::wsman::{ClientError, Endpoint, FaultKind, TransportError};

/// Explains why a call failed; `what` completes "…, so that … failed", as `reading the agents`.
pub(super) fn explain(
    endpoint: &Endpoint,
    user: &str,
    what: &str,
    error: ClientError,
) -> ServiceError {
    let host = endpoint.host();
    let (kind, sentence) = match &error {
        ClientError::Transport(error) | ClientError::SignOn(error) => transport(endpoint, error),
        ClientError::Settings(problem) => (ServiceErrorKind::Settings, problem.clone()),
        ClientError::Unencrypted => (ServiceErrorKind::Settings, unencrypted(&host)),
        ClientError::Unauthorized(refusal) => sign_on::sentence(&host, user, refusal),
        ClientError::Unsealed => (
            ServiceErrorKind::Untrusted,
            format!(
                "{host} answers an encrypted request without encryption, so anybody on the way can \
                 read and change it; use https, or allow it with --allow-unencrypted"
            ),
        ),
        ClientError::SealRefused => (
            ServiceErrorKind::Untrusted,
            format!(
                "{host} takes no encrypted requests, so anybody on the way could read and change \
                 them; use https, or allow it with --allow-unencrypted"
            ),
        ),
        ClientError::Seal(problem) => (
            ServiceErrorKind::Untrusted,
            format!(
                "an answer of {host} was changed on the way or is damaged ({}); look for proxies \
                 and scanners between, or use https",
                text::printable(problem)
            ),
        ),
        ClientError::Status(status) => http_status(&host, user, *status),
        ClientError::Protocol(problem) => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} answers, but not with WS-Management ({}); check the server, its port and \
                 its path",
                text::printable(problem)
            ),
        ),
        ClientError::Fault(fault) => {
            let words = text::elide_middle(&text::printable(&fault.words()), 400);
            fault_sentence(&host, user, FaultKind::of(fault), &words)
        }
    };
    ServiceError {
        context: format!("{what} failed: {sentence}"),
        kind,
        source: Some(Box::new(error)),
    }
}

/// Why a password is not sent.
pub(super) fn unencrypted(host: &str) -> String {
    format!(
        "the password would travel to {host} without encryption; use https, or allow it with \
         --allow-unencrypted"
    )
}

/// What a word means with which a method of the provider says that it could not ask the service
/// (ms699322, common return strings); `None` for an answer.
pub(super) fn word_of_failure(
    host: &str,
    user: &str,
    word: &str,
) -> Option<(ServiceErrorKind, String)> {
    match word {
        "connection-failure" => Some((
            ServiceErrorKind::Unreachable,
            format!(
                "the synchronization service on {host} does not answer (connection-failure); \
                 check that it is started and that `{user}` is a member of its operators"
            ),
        )),
        "access-denied" => Some((
            ServiceErrorKind::Forbidden,
            format!(
                "the synchronization service on {host} does not let `{user}` do this \
                 (access-denied); make the account a member of its operators"
            ),
        )),
        _ => None,
    }
}

fn transport(endpoint: &Endpoint, error: &TransportError) -> (ServiceErrorKind, String) {
    let host = endpoint.host();
    match error {
        TransportError::Settings(problem) => (ServiceErrorKind::Settings, problem.clone()),
        TransportError::Name(_) => (
            ServiceErrorKind::Unreachable,
            format!("the server name in {host} does not resolve; check its spelling and the DNS"),
        ),
        TransportError::Connect {
            was_refused: true, ..
        } => (
            ServiceErrorKind::Unreachable,
            format!(
                "{host} refuses the connection; check the port, and that WinRM runs there \
                 (winrm quickconfig)"
            ),
        ),
        TransportError::Connect { .. } => (
            ServiceErrorKind::Unreachable,
            format!(
                "no connection to {host} comes about; check the network, firewalls and port{}",
                if endpoint.is_encrypted() {
                    ", and that this port speaks https"
                } else {
                    ""
                }
            ),
        ),
        TransportError::Certificate { reason, .. } => (
            ServiceErrorKind::Untrusted,
            format!(
                "the certificate of {host} is not trusted: {}; name the certificate file of its \
                 authority (--ca-file), or its fingerprint (--pin)",
                text::printable(reason)
            ),
        ),
        TransportError::Tls(cause) => (
            ServiceErrorKind::Untrusted,
            format!(
                "no encryption with {host} comes about ({}); check that this port speaks https",
                innermost(cause.as_ref())
            ),
        ),
        TransportError::TimedOut(_)
        | TransportError::Broken(_)
        | TransportError::NotHttp(_)
        | TransportError::TooLarge(_) => no_answer(endpoint, error),
    }
}

/// There is a connection, but no answer over it.
fn no_answer(endpoint: &Endpoint, error: &TransportError) -> (ServiceErrorKind, String) {
    let host = endpoint.host();
    match error {
        TransportError::TimedOut(span) => (
            ServiceErrorKind::Unreachable,
            format!(
                "{host} accepts the connection but gives no whole answer within {}; check that \
                 it is WinRM that listens there",
                text::short_duration(*span)
            ),
        ),
        TransportError::Broken(cause) => (
            ServiceErrorKind::Unreachable,
            format!(
                "the connection to {host} broke before there was an answer ({}); \
                 check that it is WinRM that listens there",
                innermost(cause.as_ref())
            ),
        ),
        TransportError::NotHttp(_) => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} answers, but not with HTTP; check the port{}",
                if endpoint.is_encrypted() {
                    ""
                } else {
                    ", and whether the server wants https"
                }
            ),
        ),
        TransportError::TooLarge(max_bytes) => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} sends an answer without end (more than {} MiB); check that it is WinRM \
                 that listens there",
                max_bytes / (1024 * 1024)
            ),
        ),
        TransportError::Settings(_)
        | TransportError::Name(_)
        | TransportError::Connect { .. }
        | TransportError::Certificate { .. }
        | TransportError::Tls(_) => (ServiceErrorKind::Unreachable, error.to_string()),
    }
}

/// The cause nearest to the truth, on one line.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let whole = error_chain::one_line(error);
    let last = whole.rsplit(": ").next().unwrap_or(&whole);
    text::printable(last)
}

fn http_status(host: &str, user: &str, status: u16) -> (ServiceErrorKind, String) {
    match status {
        403 => (
            ServiceErrorKind::Forbidden,
            format!("{host} does not let `{user}` use WinRM; give the account the right to"),
        ),
        404 => (
            ServiceErrorKind::Protocol,
            format!("{host} has no WS-Management at this path; it is usually /wsman"),
        ),
        502..=504 => (
            ServiceErrorKind::Unreachable,
            format!("{host} is not ready (HTTP status {status}); try again later"),
        ),
        413 => (
            ServiceErrorKind::Fault,
            format!("{host} finds the request too large (MaxEnvelopeSizekb)"),
        ),
        _ => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} answers with HTTP status {status} and without WS-Management; check the \
                 server, its port and its path"
            ),
        ),
    }
}

fn fault_sentence(
    host: &str,
    user: &str,
    kind: FaultKind,
    words: &str,
) -> (ServiceErrorKind, String) {
    match kind {
        FaultKind::AccessDenied => (
            ServiceErrorKind::Forbidden,
            format!(
                "{host} does not let `{user}` do this ({words}); the account needs the right to \
                 execute in WinRM, to the WMI namespace, and membership of the service's operators"
            ),
        ),
        FaultKind::NotFound => (
            ServiceErrorKind::NotFound,
            format!(
                "{host} does not find it ({words}); check the agent's name, and that the \
                 synchronization service and its WMI provider are installed there"
            ),
        ),
        FaultKind::TimedOut => (
            ServiceErrorKind::Unreachable,
            format!("{host} did not manage it in time ({words}); try again later"),
        ),
        FaultKind::AnswerTooLarge => (
            ServiceErrorKind::Fault,
            format!(
                "the answer does not fit into what {host} may send ({words}); raise \
                 MaxEnvelopeSizekb there"
            ),
        ),
        FaultKind::Filter | FaultKind::Request | FaultKind::Server => (
            ServiceErrorKind::Fault,
            format!("{host} refuses it: {words}"),
        ),
    }
}
