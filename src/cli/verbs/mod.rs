//! What each verb does: finds its inputs, calls `launch` or `control`, shows the answer.
//!
//! A verb returns its exit code or a [`Failure`](super::failure::Failure); it never ends the
//! process itself.

mod agents;
mod check;
mod control;
mod credential;
mod doctor;
mod run;
mod simulate;

pub use agents::agents;
pub use check::check;
pub use control::{attach, send, status};
pub use credential::credential;
pub use doctor::doctor;
pub use run::{RunOrder, check_password_use, run};
pub use simulate::simulate;

fn to_json(value: &impl serde::Serialize) -> Result<String, super::failure::Failure> {
    use super::{ExitCode, failure::Failure};
    serde_json::to_string(value)
        .map_err(|error| Failure::new(ExitCode::Failed, format!("could not write JSON: {error}")))
}
