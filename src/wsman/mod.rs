//! WS-Management: messages, and a client that sends them.
//!
//! Knows the protocol, not the synchronization service: no class, method or result of it is named
//! here. Must not decide what a failed call means for a run.

pub mod auth;
pub mod client;
#[cfg(test)]
mod client_tests;
pub mod doorbell;
pub mod error;
#[cfg(test)]
pub(crate) mod fake_server;
pub mod fault;
pub mod message;
pub mod seal;
mod session;
pub mod transport;

pub use auth::{Account, Refusal, Scheme, SignedOn, SingleSignOn};
pub use client::{Client, ClientSettings, MethodCall, ProtocolLog, Timeouts};
pub use doorbell::{Doorbell, Heard, Host};
pub use error::ClientError;
pub use fault::FaultKind;
pub use transport::{Endpoint, ShownCertificate, TlsSettings, TransportError};
