//! What a person or a program at the terminal reads.
//!
//! `output` is the only way to the standard streams; `words` and `table` are pure; `view` watches a
//! run. Must not decide anything about a run.

mod output;
mod paint;
mod table;
mod view;
mod words;

pub use output::{Colour, Output};
pub use paint::{Tone, word};
pub use table::{Cell, render};
pub use view::{Form, RunView, state_of};
