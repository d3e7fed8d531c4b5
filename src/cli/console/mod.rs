//! What a person or a program at the terminal reads.
//!
//! `output` is the only way to the standard streams; `view` watches a run; all others are
//! pure. Must not decide anything about a run.

mod closing;
mod layout;
mod output;
mod paint;
mod patience;
mod table;
mod view;
mod words;

pub use layout::{width, wrap};
pub use output::{Colour, Output};
pub use paint::{Tone, word};
pub use table::{Cell, render};
pub use view::{Form, RunView, state_of};
pub use words::headline;
