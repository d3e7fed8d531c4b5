//! The lines that host and client exchange: one JSON object a line.
//!
//! The host speaks first with a [`Hello`]; then every [`Request`] has one [`Answer`], except
//! `attach`, after which the host sends a summary and then events until the run has ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::run::{RunControl, RunEvent, RunId, RunSummary, StopMode};

/// The version of the protocol; any change that an older reader cannot pass over raises it.
pub const VERSION: u32 = 1;

/// The first line of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The protocol's version.
    pub version: u32,
    /// The run.
    pub run: RunId,
    /// The sequence's name.
    pub sequence: String,
    /// The file it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The host's process.
    pub pid: u32,
    /// When the run began.
    pub started: Timestamp,
}

/// A line of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The protocol's version.
    pub version: u32,
    /// What is wanted.
    #[serde(flatten)]
    pub kind: RequestKind,
}

/// What a client wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub enum RequestKind {
    /// The summary of now.
    Status,
    /// The summary of now, and from then on every event.
    Attach,
    /// See [`RunControl::Pause`].
    Pause,
    /// See [`RunControl::Resume`].
    Resume,
    /// See [`RunControl::Stop`].
    Stop {
        /// How.
        mode: StopMode,
    },
}

/// A line of a host after its hello.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// The request was passed on to the run.
    Ok,
    /// It was not.
    Error {
        /// One sentence.
        message: String,
    },
    /// The state of the run; while attached also sent when the client was too slow for the events.
    Summary {
        /// The state.
        summary: Box<RunSummary>,
    },
    /// Something happened.
    Event {
        /// What.
        event: Box<RunEvent>,
    },
}

impl From<RunControl> for RequestKind {
    fn from(control: RunControl) -> Self {
        match control {
            RunControl::Pause => Self::Pause,
            RunControl::Resume => Self::Resume,
            RunControl::Stop { mode } => Self::Stop { mode },
        }
    }
}

/// A value as one line.
///
/// # Errors
/// Only if the value cannot be written as JSON.
pub(super) fn to_line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_read_as_documented() {
        for (line, kind) in [
            (r#"{"version":1,"request":"status"}"#, RequestKind::Status),
            (r#"{"version":1,"request":"attach"}"#, RequestKind::Attach),
            (r#"{"version":1,"request":"pause"}"#, RequestKind::Pause),
            (r#"{"version":1,"request":"resume"}"#, RequestKind::Resume),
            (
                r#"{"version":1,"request":"stop","mode":"now"}"#,
                RequestKind::Stop {
                    mode: StopMode::Now,
                },
            ),
        ] {
            let request: Request = serde_json::from_str(line).unwrap();
            assert_eq!(request, Request { version: 1, kind });
            assert_eq!(serde_json::to_string(&request).unwrap(), line);
        }
    }

    #[test]
    fn answers_are_lines_without_line_breaks_in_them() {
        let answer = Answer::Error {
            message: "two\nlines".to_owned(),
        };
        let line = to_line(&answer).unwrap();
        assert_eq!(
            line.iter().position(|byte| *byte == b'\n'),
            Some(line.len() - 1)
        );
        assert_eq!(serde_json::from_slice::<Answer>(&line).unwrap(), answer);
    }
}
