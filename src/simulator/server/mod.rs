//! The WS-Management server in front of a [`super::world::World`]: HTTP, TLS, authentication,
//! the three classes of the service's WMI provider.
//!
//! What a request means is decided by plain functions (`classes`, `methods`, `enumerations`,
//! `operations`); `http` and `listen` carry it out. Must not decide anything about runs or objects.

mod account;
#[cfg(test)]
mod any_request_tests;
mod authentication;
mod classes;
mod enumerations;
#[cfg(test)]
mod fault_tests;
mod http;
mod listen;
mod methods;
mod operations;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use authentication::{Keytab, KeytabError, Offer, OfferError};
pub use listen::{Simulator, SimulatorError, SimulatorOptions, WorldHandle, start};
pub use tls::{Tls, TlsError};
