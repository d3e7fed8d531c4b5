//! What a sequence *is*: threads, steps, commands, settings.
//!
//! Pure: no serde, no file, no network. Must not know how a file spells it or how a run goes.
//! A sequence that is being drawn may be incomplete (an empty program, no thread); `check` says
//! what is missing and the engine refuses to run it.

mod command;
mod place;
mod sequence;
mod settings;
mod step;

pub use command::{Command, ExitCodes, PostCommand, Processing, When};
pub use place::Place;
pub use sequence::{Sequence, Thread};
pub use settings::{
    Authentication, LogLevel, LogSettings, OverlapRule, ResourceUris, RunSettings, ServerSettings,
    Transport,
};
pub use step::{OnFailure, RunProfileStep, Step, StepKind};
