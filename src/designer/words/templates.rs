//! The templates of the welcome screen, and what their threads are called.

/// One import.
pub const IMPORT: &str = "Import only";
/// What it is for.
pub const IMPORT_TEXT: &str = "One thread with one full import";
/// The steady cycle.
pub const DELTA: &str = "Delta cycle";
/// What it is for.
pub const DELTA_TEXT: &str = "Delta imports side by side, then synchronize, export, confirm";
/// The cycle that looks at everything.
pub const FULL: &str = "Full cycle";
/// What it is for.
pub const FULL_TEXT: &str = "The same with full imports and synchronizations, for changed rules";
/// The first load.
pub const INITIAL: &str = "Initial load";
/// What it is for.
pub const INITIAL_TEXT: &str = "Everything for the first time, one step after the other";
/// The thread of the one import.
pub const IMPORT_THREAD: &str = "Import";
/// The thread with everything whose order matters.
pub const CYCLE_THREAD: &str = "Cycle";
/// The thread of the first load.
pub const LOAD_THREAD: &str = "Load";

/// The thread that imports one agent.
pub fn import_thread(agent: &str) -> String {
    format!("Import {agent}")
}
