//! A simulated synchronization service: the world behind it, and a WS-Management server in front.
//!
//! For demonstrations, rehearsals and tests. It keeps the real service's rules and words where they
//! are public; it must not be used by anything that runs a sequence against a real server, and must
//! not share the reader of run details, so that no mistake is symmetrical.

pub mod scenario;
pub mod server;
pub mod world;
pub mod wql;

pub use scenario::{Scenario, ScenarioError};
pub use server::{
    Keytab, KeytabError, Offer, OfferError, Simulator, SimulatorError, SimulatorOptions, Tls,
    TlsError, WorldHandle, start,
};
