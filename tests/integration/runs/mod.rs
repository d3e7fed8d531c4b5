//! Whole runs in this process: engine, client and simulated server over a real socket, and what the
//! server counted.

mod connection;
mod cuts;
mod foreign;
mod limits;
mod long;
mod outside;
mod overlap;
mod rig;
mod trouble;

pub use rig::{company, fault};
