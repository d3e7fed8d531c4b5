//! The product from outside: the real program, against the simulator and against software that was
//! not written here.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

mod apache;
mod authentication;
mod bad_input;
mod check;
mod cli;
mod control;
mod credentials;
mod doctor;
mod events;
mod interop;
mod intruders;
mod kerberos;
mod packaging;
mod paths;
mod processing;
mod rehearsal;
mod resource_uris;
mod runs;
mod scenarios;
mod secrets;
mod simulate;
#[cfg(feature = "gssapi")]
mod single_sign_on;
mod support;
