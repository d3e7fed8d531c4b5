//! What the end of a command means for its step, and in which words.
//!
//! Must not know of processes: the backend reports how one ended and what it wrote.

use crate::base::text::printable;
use crate::run::{CommandEnd, StepOutcome};

/// How much of a program's last line is told; the log has the rest.
const MAX_REASON_CHARS: usize = 200;

/// What the end of a command means.
#[derive(Debug, Clone)]
pub(super) struct CommandResult {
    pub(super) outcome: StepOutcome,
    /// What went wrong; empty when nothing did.
    pub(super) sentence: String,
}

impl CommandResult {
    pub(super) fn of(end: &CommandEnd, output: &str) -> Self {
        let (outcome, sentence) = match end {
            CommandEnd::Exited { allowed: true, .. } | CommandEnd::Detached => {
                (StepOutcome::Success, String::new())
            }
            CommandEnd::Exited { code, .. } => (
                StepOutcome::Failed,
                because(
                    format!("it ended with exit code {code}, which is not allowed"),
                    output,
                ),
            ),
            CommandEnd::Signalled { signal } => (
                StepOutcome::Failed,
                because(format!("signal {signal} ended it"), output),
            ),
            CommandEnd::TimedOut => (
                StepOutcome::Failed,
                "it took longer than its limit and was ended".to_owned(),
            ),
            CommandEnd::Stopped => (
                StepOutcome::Stopped,
                "it was ended because the run was stopped".to_owned(),
            ),
            CommandEnd::NotStarted { message } => (
                StepOutcome::Failed,
                format!("it could not be started: {message}"),
            ),
        };
        Self { outcome, sentence }
    }
}

/// Adds what the program said last: that is where programs tell why they gave up.
fn because(mut sentence: String, output: &str) -> String {
    let mut lines = output.lines().rev().map(printable);
    let Some(line) = lines.find(|line| !line.trim().is_empty()) else {
        return sentence;
    };
    let line = line.trim();
    sentence.push_str(": ");
    sentence.extend(line.chars().take(MAX_REASON_CHARS));
    if line.chars().nth(MAX_REASON_CHARS).is_some() {
        sentence.push('…');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_says_why() {
        let exited = |code, allowed| CommandEnd::Exited { code, allowed };
        let long = "ä".repeat(201);
        let cut = format!(
            "it ended with exit code 1, which is not allowed: {}…",
            "ä".repeat(200)
        );
        for (end, output, sentence) in [
            (
                exited(1, false),
                "copying\ncp: cannot stat 'a'\n\n \r\n",
                "it ended with exit code 1, which is not allowed: cp: cannot stat 'a'",
            ),
            (
                exited(1, false),
                "a\u{1b}[2Jb",
                "it ended with exit code 1, which is not allowed: a [2Jb",
            ),
            (exited(1, false), long.as_str(), cut.as_str()),
            (
                exited(3, false),
                " \n",
                "it ended with exit code 3, which is not allowed",
            ),
            (
                CommandEnd::Signalled { signal: 11 },
                "bad address",
                "signal 11 ended it: bad address",
            ),
            (exited(0, true), "warning: old", ""),
        ] {
            assert_eq!(CommandResult::of(&end, output).sentence, sentence);
        }
    }
}
