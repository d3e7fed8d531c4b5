//! Why a call failed.

use super::auth::Refusal;
use super::fault::FaultKind;
use super::message::Fault;
use super::transport::TransportError;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The settings cannot work; one sentence.
    #[error("{0}")]
    Settings(String),
    /// The password would travel in the clear.
    #[error("the password would travel without encryption")]
    Unencrypted,
    /// The document or the answer could not be carried.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// User name or password are refused, or the way to authenticate is.
    #[error("{0}")]
    Unauthorized(Refusal),
    /// The connection failed before the account was proved; no document was sent.
    #[error("signing on failed")]
    SignOn(#[source] TransportError),
    /// The answer is not encrypted although the request was.
    #[error("the server answers an encrypted request without encryption")]
    Unsealed,
    /// The server cannot read what is encrypted, and so has done nothing.
    #[error("the server takes no encrypted requests")]
    SealRefused,
    /// The encryption of the answer is not intact; why, as a clause.
    #[error("the encryption of the answer is not intact, {0}")]
    Seal(String),
    /// An answer of HTTP without a document of the protocol.
    #[error("the server answers with HTTP status {0}")]
    Status(u16),
    /// The answer is not one to our request.
    #[error("{0}")]
    Protocol(String),
    /// The server's own refusal.
    #[error("{}", .0.words())]
    Fault(Box<Fault>),
}

impl ClientError {
    /// Whether it is certain that the server did nothing of what was asked.
    pub fn nothing_was_done(&self) -> bool {
        match self {
            Self::Settings(_)
            | Self::Unencrypted
            | Self::Unauthorized(_)
            | Self::SignOn(_)
            | Self::SealRefused => true,
            Self::Transport(error) => error.nothing_was_sent(),
            // A server that refuses on the level of HTTP has not looked at the document.
            Self::Status(status) => (400..500).contains(status),
            Self::Protocol(_) | Self::Unsealed | Self::Seal(_) => false,
            Self::Fault(fault) => FaultKind::of(fault).nothing_was_done(),
        }
    }

    /// The kind of the fault, if it is one.
    pub fn fault_kind(&self) -> Option<FaultKind> {
        match self {
            Self::Fault(fault) => Some(FaultKind::of(fault)),
            _ => None,
        }
    }
}
