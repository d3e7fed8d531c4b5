//! Layer 0: what every module may use: time, secrets, errors and text for people, whole files.
//!
//! Must not know any word of the domain (no agent, no sequence) and must not import another
//! module of this crate.

pub mod desktop;
pub mod duration;
pub mod error_chain;
pub mod file;
pub mod memory;
pub mod secret;
pub mod spelling;
pub mod text;
pub mod time;
