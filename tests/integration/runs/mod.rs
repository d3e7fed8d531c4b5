//! Whole runs in this process: engine, client and simulated server over a real socket, and what the
//! server counted.

mod connection;
mod foreign;
mod long;
mod overlap;
mod rig;
mod trouble;
