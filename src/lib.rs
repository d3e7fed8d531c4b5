//! `masequencer`: draws, checks and runs sequences of run profiles on Microsoft's identity
//! synchronization service (MIIS 2003, ILM 2007, FIM 2010, MIM 2016).
//!
//! The library is the product; both programs are thin. Modules stand in layers, and each may import
//! only what the table in `ARCHITECTURE.md` allows (checked by `tests/tidy.rs`).

pub mod backend;
pub mod base;
pub mod check;
pub mod cli;
pub mod control;
pub mod designer;
pub mod engine;
pub mod format;
pub mod launch;
pub mod mim;
pub mod model;
pub mod run;
pub mod service;
pub mod settings;
pub mod simulator;
#[cfg(feature = "gui")]
pub mod ui;
pub mod wmi;
pub mod wsman;
