//! Authentication of a connection as Windows does it (MS-WSMV 2.2.9.1, RFC 4559): the schemes that
//! are offered, the state of each connection, sealed bodies.
//!
//! The cryptography is the crate `sspi`; what is known to be wrong in it is guarded here. Must not
//! know HTTP beyond the values of its headers.

mod context;
mod keytab;
mod offer;
mod quiet;
mod replays;
mod session;
#[cfg(test)]
mod tests;
mod token;

pub use keytab::{Keytab, KeytabError};
pub use offer::{Offer, OfferError};
pub use replays::Replays;
pub use session::{Door, Entry, Session, Way};
