//! What a run *says*: events, outcomes, controls, and the one fold from events to a summary.
//!
//! The neutral vocabulary between the engine and everybody who watches: console, log, control
//! socket, designer. Plain data; must not know how a run is performed.

mod control;
mod event;
mod log_line;
mod outcome;
mod statistics;
mod summary;
mod wait;

pub use control::{RunControl, StopMode};
pub use event::{
    At, CommandEnd, Outline, RunEvent, RunEventKind, RunId, RunPart, Severity, Slot, StepOutline,
    StepOutlineKind, ThreadOutline,
};
pub use log_line::{LogLines, LogWords, log_words};
pub use outcome::{RunOutcome, StepOutcome};
pub use statistics::{ProfileStatistics, StepStatistics};
pub use summary::{
    EarlierRound, RunPhase, RunSummary, StepStatus, StepSummary, ThreadStatus, ThreadSummary,
};
pub use wait::{Holder, SkipReason, WaitReason};
