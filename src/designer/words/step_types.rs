//! What the kinds of steps do, and when they are safe: one sentence each, for tooltips.

use crate::mim::StepType;

/// A step that starts a program.
pub const COMMAND_TIP: &str = "Starts a program on the machine that runs the sequence, such as a script that fetches a file; \
     an exit code other than 0 counts as failed unless allowed";
/// A step that waits.
pub const DELAY_TIP: &str = "Waits before the next step of its thread, such as for a directory to replicate an export; other \
     threads go on";

/// What a run profile of this type does, and when it is safe.
pub const fn step_type_tip(step_type: StepType) -> &'static str {
    match step_type {
        StepType::FullImport => {
            "Reads every object of the connected system and notices what was deleted; slow, needed \
             first and now and then, and may run beside imports of other agents"
        }
        StepType::DeltaImport => {
            "Reads only what changed since the last import; quick, also confirms an export, and may \
             run beside imports of other agents"
        }
        StepType::FullSync => {
            "Applies all rules to every object of the agent; slow, needed after rules have changed, \
             and never runs beside another synchronization"
        }
        StepType::DeltaSync => {
            "Applies the rules to objects with a pending import; run it after the import, one agent \
             after the other and never beside another synchronization"
        }
        StepType::Export => {
            "Writes the pending changes to the connected system; run it after the synchronizations, \
             with an import of the same agent after it to confirm what was written"
        }
        StepType::FullImportDeltaSync => {
            "Full import and delta synchronization in one step, which is deprecated; use two steps, \
             so that other imports need not wait"
        }
        StepType::DeltaImportDeltaSync => {
            "Delta import and delta synchronization in one step, which is deprecated; use two steps, \
             so that other imports need not wait"
        }
        StepType::FullImportFullSync => {
            "Full import and full synchronization in one step, which is deprecated; use two steps, \
             so that other imports need not wait"
        }
    }
}
