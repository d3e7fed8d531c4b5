//! The exit codes of `masequencer`: one table for schedulers, help and documentation.
//!
//! The numbers are stable: a number is never given another meaning. Must not decide when a code
//! applies; the verbs do that.

use std::fmt::Write as _;

use crate::run::RunOutcome;

macro_rules! exit_codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $meaning:literal;)+) => {
        /// How a call of `masequencer` ended, as its parent process sees it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ExitCode { $($(#[$doc])* $name),+ }

        impl ExitCode {
            /// All codes, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number that the parent process sees.
            pub const fn number(self) -> u8 {
                match self { $(Self::$name => $number),+ }
            }

            /// What the number means, one line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),+ }
            }
        }
    };
}

exit_codes! {
    /// All is well.
    Success = 0, "success: every step succeeded or was skipped on purpose";
    /// A step failed. The number that schedulers take for a failure.
    Failed = 1, "failed: at least one step failed, or something unforeseen happened";
    /// The arguments cannot be understood. The number that argument parsers use.
    Usage = 2, "usage: the arguments cannot be understood";
    /// Nothing failed, but not everything worked.
    Warnings = 3, "warnings: not everything worked, nothing failed (0 with --warnings-ok)";
    /// A person ended the run early.
    Stopped = 4, "stopped: a person ended the run early, and nothing failed";
    /// Kept for runs that wait for a person's release.
    Held = 5, "held: a limit holds a thread until a person releases it (reserved)";
    /// Nothing was started: the server could not be used.
    CouldNotStart = 6, "could not start: password, connection, log-on or certificate; nothing ran";
    /// Nothing was started: the same sequence runs already.
    Busy = 7, "busy: the same sequence file runs already on this machine; nothing ran";
    /// Nothing was started: the file is not usable.
    BadFile = 8, "bad file: it cannot be read, or its check finds errors; nothing ran";
    /// The log could not be written, before the run (then nothing ran) or during it; or standard
    /// output could not, for another reason than that its reader went away.
    Log = 9, "log: it or the output cannot be written, and nothing that ran failed";
    /// No run has the given name, or none runs at all.
    NoSuchRun = 10, "no such run: no run, or no single one, answers to that name";
}

impl ExitCode {
    /// The code of a run that ended by itself.
    ///
    /// A lost log makes a good run worse, never a bad one better.
    pub fn of_run(outcome: RunOutcome, warnings: WarningsAre, log: LogIs) -> Self {
        let code = match outcome {
            RunOutcome::Success => Self::Success,
            RunOutcome::Warning => Self::warnings(warnings),
            RunOutcome::Stopped => Self::Stopped,
            RunOutcome::Failed => Self::Failed,
        };
        match log {
            LogIs::Complete => code,
            LogIs::Incomplete => code.without_output(),
        }
    }

    /// The code when standard output could not be written: it makes a good end worse, never a bad
    /// one better.
    pub const fn without_output(self) -> Self {
        match self {
            Self::Success | Self::Warnings => Self::Log,
            other => other,
        }
    }

    /// The code for warnings.
    pub const fn warnings(warnings: WarningsAre) -> Self {
        match warnings {
            WarningsAre::Told => Self::Warnings,
            WarningsAre::Fine => Self::Success,
        }
    }

    /// The whole table, one line a code.
    pub fn table() -> String {
        Self::ALL.iter().fold(String::new(), |mut text, code| {
            // Writing to a string cannot fail.
            writeln!(text, "  {:>2}  {}", code.number(), code.meaning()).ok();
            text
        })
    }
}

/// Whether warnings have an exit code of their own (`--warnings-ok`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningsAre {
    /// They have.
    Told,
    /// They count as success.
    Fine,
}

impl WarningsAre {
    /// What the switch `--warnings-ok` means.
    pub const fn from_switch(is_given: bool) -> Self {
        if is_given { Self::Fine } else { Self::Told }
    }
}

/// Whether every line of the log was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogIs {
    /// It was.
    Complete,
    /// At least one line was lost.
    Incomplete,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_in_order() {
        let numbers: Vec<u8> = ExitCode::ALL.iter().map(|code| code.number()).collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(numbers, sorted);
    }

    #[test]
    fn a_run_ends_with_the_code_of_its_worst_part() {
        use LogIs::{Complete, Incomplete};
        use WarningsAre::{Fine, Told};
        for (outcome, warnings, log, code) in [
            (RunOutcome::Success, Told, Complete, ExitCode::Success),
            (RunOutcome::Warning, Told, Complete, ExitCode::Warnings),
            (RunOutcome::Warning, Fine, Complete, ExitCode::Success),
            (RunOutcome::Stopped, Fine, Complete, ExitCode::Stopped),
            (RunOutcome::Failed, Fine, Complete, ExitCode::Failed),
            (RunOutcome::Success, Told, Incomplete, ExitCode::Log),
            (RunOutcome::Warning, Told, Incomplete, ExitCode::Log),
            (RunOutcome::Failed, Told, Incomplete, ExitCode::Failed),
            (RunOutcome::Stopped, Told, Incomplete, ExitCode::Stopped),
        ] {
            assert_eq!(
                ExitCode::of_run(outcome, warnings, log),
                code,
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn the_table_names_every_code() {
        let table = ExitCode::table();
        assert_eq!(table.lines().count(), ExitCode::ALL.len());
        assert!(table.contains("\n   8  bad file: "), "{table}");
        // A wrapped line would no longer look like a table.
        assert!(table.lines().all(|line| line.len() <= 80), "{table}");
    }
}
