//! Results: the strings that `Execute` and `RunStatus` return, and what they mean.
//!
//! The vocabulary is open (no complete list is public), so a result is classed by its prefix.

use std::fmt;

/// The string with which the service ends a run, such as `success` or `stopped-server-down`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunResult(String);

/// What a result means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultClass {
    /// All is well: `success`, or there was nothing to do.
    Success,
    /// It ended, but not everything worked: `completed-*-errors`, `completed-warnings`, and others.
    Warning,
    /// It did not start, was stopped or broke off.
    Error,
    /// It has not ended: `in-progress`, `completing-*`.
    Running,
    /// A string that nobody told us about.
    Unknown,
}

/// Why the service did not even start a run profile, as far as waiting can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// `no-start-ma-already-running`: this agent runs a profile now.
    AgentBusy,
    /// Error `0x8023063D`: another synchronization runs now.
    SecondSynchronization,
    /// `no-start-ma-update-in-progress`: an agent is being created, changed or deleted.
    AgentUpdate,
}

impl RunResult {
    /// Takes a result as the service wrote it; blanks around it are dropped.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The service's own word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The class of this result, by its prefix.
    pub fn class(&self) -> ResultClass {
        let text = self.0.as_str();
        match text {
            "success" | "completed-no-objects" | "completed-skipped-already-completed" => {
                ResultClass::Success
            }
            "in-progress" => ResultClass::Running,
            "access-denied" | "connection-failure" | "sql-deadlock" | "embedded-null"
            | "ma-not-running" => ResultClass::Error,
            _ if text.starts_with("completing-") => ResultClass::Running,
            _ if text.starts_with("completed-") => ResultClass::Warning,
            _ if ["stopped-", "no-start-", "call-failure"]
                .iter()
                .any(|prefix| text.starts_with(prefix)) =>
            {
                ResultClass::Error
            }
            _ => ResultClass::Unknown,
        }
    }

    /// What this result means and what to do about it, where that is known; a fragment.
    ///
    /// Sources: common return strings of the WMI provider (ms697765), run step results (ms698763).
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self.0.as_str() {
            "access-denied" => "make the account a member of the service's operators",
            "no-start-unknown-profile-name" => {
                "the agent has no run profile of this name; check its spelling"
            }
            "no-start-file-not-found" => "the agent's file is missing; check who puts it there",
            "no-start-file-access-denied" => {
                "the service's account may not read the agent's file; change its permissions"
            }
            "no-start-file-sharing-violation" => {
                "another program holds the agent's file open; end it, or run later"
            }
            "stopped-disk-full" => "the disk is full; make room on the server",
            _ => return None,
        })
    }

    /// Why the service did not start the profile, if this result says that it waits for something.
    pub fn refusal(&self) -> Option<Refusal> {
        let text = self.0.to_ascii_lowercase();
        match text.as_str() {
            "no-start-ma-already-running" => Some(Refusal::AgentBusy),
            "no-start-ma-update-in-progress" => Some(Refusal::AgentUpdate),
            _ if text.starts_with("call-failure") && text.contains("8023063d") => {
                Some(Refusal::SecondSynchronization)
            }
            _ => None,
        }
    }
}

impl fmt::Display for RunResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ResultClass {
    /// The class as one word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Running => "running",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_given_for_errors_that_are_understood() {
        for (text, words) in [
            (
                "no-start-unknown-profile-name",
                "no run profile of this name",
            ),
            ("no-start-file-not-found", "file is missing"),
            ("access-denied", "operators"),
        ] {
            let advice = RunResult::new(text).advice().unwrap();
            assert!(advice.contains(words), "{text}: {advice}");
        }
        for text in ["success", "stopped-server", "no-start-something-new"] {
            assert_eq!(RunResult::new(text).advice(), None, "{text}");
        }
    }

    #[test]
    fn results_are_classed_by_prefix() {
        for (text, class) in [
            ("success", ResultClass::Success),
            ("completed-no-objects", ResultClass::Success),
            ("completed-export-errors", ResultClass::Warning),
            ("completed-transient-objects", ResultClass::Warning),
            ("completing-referential-updates", ResultClass::Running),
            ("in-progress", ResultClass::Running),
            ("stopped-server-down", ResultClass::Error),
            ("no-start-unknown-profile-name", ResultClass::Error),
            ("call-failure:0x80230709", ResultClass::Error),
            ("a-word-of-the-future", ResultClass::Unknown),
            ("", ResultClass::Unknown),
        ] {
            assert_eq!(RunResult::new(text).class(), class, "{text}");
        }
    }

    #[test]
    fn refusals_are_told_from_failures() {
        assert_eq!(
            RunResult::new("call-failure:0x8023063D").refusal(),
            Some(Refusal::SecondSynchronization)
        );
        assert_eq!(
            RunResult::new("no-start-ma-already-running").refusal(),
            Some(Refusal::AgentBusy)
        );
        assert_eq!(
            RunResult::new("no-start-unknown-profile-name").refusal(),
            None
        );
    }
}
