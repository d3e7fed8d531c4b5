//! WS-Management: messages, and a client that sends them.
//!
//! Knows the protocol, not the synchronization service: no class, method or result of it is named
//! here. Must not decide what a failed call means for a run.

pub mod message;
