//! Messages of WS-Management as values: requests, answers and faults, read and written.
//!
//! Sans-I/O and shared by the client (which builds requests and reads answers) and the simulator
//! (which reads requests and builds answers). Must not know a socket, a clock, a password or a class
//! of the synchronization service. Sources: DMTF DSP0226, MS-WSMV, and the recorded messages in
//! `tests/fixtures/wsman`.

pub mod duration;
pub mod fault;
#[cfg(test)]
mod fixtures;
pub mod header;
pub mod names;
pub mod reference;
pub mod request;
pub mod resource;
pub mod response;
pub mod xml;
mod xml_write;

pub use fault::{Fault, FaultCode};
pub use header::RequestHeader;
pub use reference::Reference;
pub use request::{EnumerationMode, Filter, Operation, RejectedRequest, Request};
pub use resource::{Family, Resource};
pub use response::{Answer, Batch, Instance, MessageError, Outputs, Response};
