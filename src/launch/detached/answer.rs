//! What a run host says once it knows whether there is a run.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::run::RunId;

/// The one line of a run host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HostAnswer {
    /// The run has begun.
    Started {
        /// Its name.
        run: RunId,
        /// Its control socket.
        socket: PathBuf,
    },
    /// Nothing was started.
    Refused {
        /// Why, one sentence.
        error: String,
        /// The exit code of the command line for it.
        code: u8,
    },
}

impl HostAnswer {
    /// The answer as a line.
    ///
    /// # Errors
    /// When the socket's path is not Unicode.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is not an answer.
    pub fn of_line(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_survive_the_pipe() {
        let started = HostAnswer::Started {
            run: RunId::parse("r1").unwrap(),
            socket: PathBuf::from("/run/user/1/r1.sock"),
        };
        let refused = HostAnswer::Refused {
            error: "no".to_owned(),
            code: 6,
        };
        for (answer, line) in [
            (started, r#"{"run":"r1","socket":"/run/user/1/r1.sock"}"#),
            (refused, r#"{"error":"no","code":6}"#),
        ] {
            assert_eq!(answer.to_line().unwrap(), line);
            assert_eq!(HostAnswer::of_line(line).unwrap(), answer);
        }
        assert!(HostAnswer::of_line("panicked at").is_err());
    }
}
