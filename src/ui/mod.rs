//! The designer's window: drawing with egui, and nothing else.
//!
//! Draws state and answers with what the person asked for. Must not decide anything about
//! sequences, wait for anything or touch files and network. Colours, sizes and fonts are named in
//! `theme` and nowhere else.

mod app;
mod gallery;
mod icons;
mod theme;
mod welcome;
mod widgets;

pub use app::{TITLE, WindowError, run};
