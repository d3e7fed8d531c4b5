//! Programs that a sequence starts: as a step, or before and after one.

use std::collections::BTreeSet;
use std::time::Duration;

/// A program with its arguments; no shell is involved unless it is the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program. With a separator in it, a relative path counts from the sequence file's
    /// folder; without one it is first looked for there and then on the search path.
    pub program: String,
    /// Its arguments, each passed as it is. `*MA_RUN_RESULT*` becomes the step's result.
    pub arguments: Vec<String>,
    /// The folder in which it runs; `None` and relative ones count from the sequence file's folder.
    pub directory: Option<String>,
    /// Variables added to its environment, in order; a later one of the same name wins.
    pub environment: Vec<(String, String)>,
    /// How long it may take; then its whole tree of processes is ended and it has failed.
    pub timeout: Option<Duration>,
    /// Whether the run waits for its end. If not, only a failure to start counts.
    pub wait: bool,
    /// The exit codes that mean success.
    pub allowed_exit_codes: ExitCodes,
}

/// A set of exit codes, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExitCodes(BTreeSet<i32>);

/// Commands before and after a step, a thread or the whole sequence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Processing {
    /// Run in order before; the first that fails stops what it was meant to prepare.
    pub pre: Vec<Command>,
    /// Run in order after, also when what went before has failed.
    pub post: Vec<PostCommand>,
}

/// A command after something, and when it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostCommand {
    /// After which outcomes it runs.
    pub when: When,
    /// The command.
    pub command: Command,
}

/// After which outcomes a post-processing command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    /// Only when all is well.
    Success,
    /// Only when it ended, but not everything worked.
    Warning,
    /// Only when it failed or was stopped.
    Failure,
    /// Whatever happened, as long as it was not skipped.
    #[default]
    Always,
}

impl When {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Success, Self::Warning, Self::Failure, Self::Always];

    /// The word in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Failure => "failure",
            Self::Always => "always",
        }
    }
}

impl Command {
    /// A command that is waited for, without arguments or limit, whose success is exit code 0.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            directory: None,
            environment: Vec::new(),
            timeout: None,
            wait: true,
            allowed_exit_codes: ExitCodes::default(),
        }
    }

    /// The command as one would type it, for people; never for a shell.
    pub fn display_line(&self) -> String {
        let mut line = quoted(&self.program);
        for argument in &self.arguments {
            line.push(' ');
            line.push_str(&quoted(argument));
        }
        line
    }
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(|c: char| c.is_whitespace() || c == '"') {
        format!("\"{}\"", word.replace('"', "\\\""))
    } else {
        word.to_owned()
    }
}

impl ExitCodes {
    /// A set of codes; `None` when there is none in it.
    pub fn new(codes: impl IntoIterator<Item = i32>) -> Option<Self> {
        let codes: BTreeSet<i32> = codes.into_iter().collect();
        (!codes.is_empty()).then_some(Self(codes))
    }

    /// Whether this code means success.
    pub fn allows(&self, code: i32) -> bool {
        self.0.contains(&code)
    }

    /// The codes, smallest first.
    pub fn iter(&self) -> impl Iterator<Item = i32> + '_ {
        self.0.iter().copied()
    }
}

impl Default for ExitCodes {
    fn default() -> Self {
        Self(BTreeSet::from([0]))
    }
}

impl Processing {
    /// Whether there is no command at all.
    pub fn is_empty(&self) -> bool {
        self.pre.is_empty() && self.post.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_readable() {
        let mut command = Command::new("/opt/copy feed.sh");
        command.arguments = vec!["a".into(), "b c".into(), String::new()];
        assert_eq!(
            command.display_line(),
            "\"/opt/copy feed.sh\" a \"b c\" \"\""
        );
    }

    #[test]
    fn a_set_of_exit_codes_is_never_empty() {
        assert_eq!(ExitCodes::new([]), None);
        assert!(ExitCodes::default().allows(0));
        assert!(!ExitCodes::new([3]).unwrap().allows(0));
    }
}
