//! What the methods of an agent answer, read; the same over WS-Management and over WMI.
//!
//! Pure. Must not ask a server.

use super::{ServiceError, ServiceErrorKind};
use crate::base::text::printable;
use crate::mim::{AgentName, RunDetails, parse_run_details};

/// Reads an answer of `RunNumber`: empty before the first run.
///
/// # Errors
/// [`ServiceErrorKind::Protocol`] when it is no number.
pub(super) fn run_number(agent: &AgentName, answer: &str) -> Result<u64, ServiceError> {
    match answer.trim() {
        "" => Ok(0),
        digits => digits.parse().map_err(|error| ServiceError {
            context: format!(
                "the server says that `{}` is the number of a run of `{agent}`",
                printable(digits)
            ),
            kind: ServiceErrorKind::Protocol,
            source: Some(Box::new(error)),
        }),
    }
}

/// Reads an answer of `RunDetails`.
///
/// # Errors
/// [`ServiceErrorKind::Protocol`] names the server and the object.
pub(super) fn run_details(
    server: &str,
    answer: &str,
    object: &str,
) -> Result<Vec<RunDetails>, ServiceError> {
    parse_run_details(answer).map_err(|error| ServiceError {
        context: format!("{server} sent run details of `{object}` that cannot be read"),
        kind: ServiceErrorKind::Protocol,
        source: Some(Box::new(error)),
    })
}

/// The newest of some runs.
pub(super) fn newest(runs: Vec<RunDetails>) -> Option<RunDetails> {
    runs.into_iter().max_by_key(|run| run.run_number)
}

/// The account as the run history names it; `None` where only its user is known.
pub(super) fn account(user: &str) -> Option<String> {
    Some(user.to_owned()).filter(|user| user.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_others_are_told() {
        let hr = AgentName::new("HR").unwrap();
        assert_eq!(run_number(&hr, " ").unwrap(), 0);
        assert_eq!(run_number(&hr, "12 ").unwrap(), 12);
        let error = run_number(&hr, "many").unwrap_err();
        assert_eq!(error.kind, ServiceErrorKind::Protocol);
        assert!(error.context.contains("`many`"), "{error}");
    }

    #[test]
    fn an_account_has_a_domain() {
        assert_eq!(account("CORP\\svc").as_deref(), Some("CORP\\svc"));
        assert_eq!(account("svc"), None);
    }
}
