//! The synchronization service as the rest of the program sees it.
//!
//! A trait and its implementations; must not know what a sequence or a run of one is, and must not
//! decide when something may run.

mod address;
mod answers;
mod examiner;
mod explain;
mod history_row;
mod provider;
#[cfg(test)]
mod provider_tests;
mod winrm;
#[cfg(test)]
mod winrm_tests;
mod wmi;
mod wmi_examiner;
mod wmi_explain;
#[cfg(test)]
mod wmi_tests;
mod wql;

use std::fmt;

use async_trait::async_trait;

use crate::mim::{AgentInfo, AgentName, ProfileName, RunDetails, RunResult};
use crate::wmi::WmiError;
use crate::wsman::{ClientError, ShownCertificate};

pub use examiner::{Examiner, LoggedOn, Trouble, TroubleKind};
pub use provider::QuotaPatience;
pub use winrm::{EXECUTE_TIMEOUT, ServiceSettings, ServiceTimeouts, WinrmService};
pub use wmi::{WmiService, WmiSettings, WmiTimeouts};
pub use wmi_examiner::WmiExaminer;

/// A connection to one synchronization service. Calls may be made in parallel.
///
/// Every call has a deadline of its own. Dropping a call's future abandons the request; whether the
/// server saw it is then unknown.
#[async_trait]
pub trait SyncService: Send + Sync {
    /// The server for people, such as `https://mim01:5986/wsman`; never with a password.
    fn server(&self) -> String;

    /// Asks whether somebody is there and speaks the protocol.
    async fn identify(&self) -> Result<Identity, ServiceError>;

    /// Makes the first contact and reads the agents: a server that is not there, says nothing or is
    /// none of this kind is told within seconds.
    ///
    /// A server that answers but does not say who it is may still be one, so it is asked on.
    async fn first_contact(&self) -> Result<Vec<AgentInfo>, ServiceError> {
        match self.identify().await {
            Err(error) if !error.kind.is_refusal() => return Err(error),
            _ => {}
        }
        self.agents().await
    }

    /// All agents with type, state and the run profiles known from the run history.
    async fn agents(&self) -> Result<Vec<AgentInfo>, ServiceError>;

    /// The agent's last result, `in-progress` while it runs, empty if it never ran (`RunStatus`).
    async fn run_status(&self, agent: &AgentName) -> Result<RunResult, ServiceError>;

    /// The number of the agent's current or last run, 0 if it never ran (`RunNumber`).
    async fn run_number(&self, agent: &AgentName) -> Result<u64, ServiceError>;

    /// The profile of the agent's current or last run, if it ever ran (`RunProfile`).
    async fn run_profile(&self, agent: &AgentName) -> Result<Option<ProfileName>, ServiceError>;

    /// Asks the service to run a profile, and waits for the answer only a short time.
    ///
    /// `Ok(ExecuteReply::Ended)` is the service's word at the end of the run (or its refusal);
    /// `Ok(ExecuteReply::ProbablyRunning)` when the request was sent and no answer came in time,
    /// the server's own limit was met, or the connection broke: the run may go on or may never have
    /// begun, and only `run_number` can tell.
    ///
    /// # Errors
    /// Only when it is certain that the service did not start the run.
    async fn execute(
        &self,
        agent: &AgentName,
        profile: &ProfileName,
    ) -> Result<ExecuteReply, ServiceError>;

    /// Asks the service to stop what the agent runs (`Stop`); its word, such as `success`.
    async fn stop(&self, agent: &AgentName) -> Result<RunResult, ServiceError>;

    /// The details of the agent's current or last run, if it ever ran (`RunDetails`).
    async fn last_run(&self, agent: &AgentName) -> Result<Option<RunDetails>, ServiceError>;

    /// The details of one run of an agent by its number, as long as the history knows it.
    async fn details_of(
        &self,
        agent: &AgentName,
        number: u64,
    ) -> Result<Option<RunDetails>, ServiceError> {
        let last = self.last_run(agent).await?;
        Ok(last.filter(|run| run.run_number == number))
    }

    /// The account by which the service's history names whoever asks here, if it can be known:
    /// `DOMAIN\user`.
    fn account(&self) -> Option<String> {
        None
    }

    /// Who is signed on and how, once that is known, and why not in the way that was wanted first:
    /// one line for a log.
    fn signed_on(&self) -> Option<String> {
        None
    }

    /// Runs of an agent whose number is greater than `after`, oldest first, from the run history.
    async fn history(
        &self,
        agent: &AgentName,
        after: u64,
    ) -> Result<Vec<HistoryEntry>, ServiceError>;
}

/// What a server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who made it.
    pub vendor: String,
    /// Which version it claims.
    pub version: String,
    /// Who is signed on and how, for people, such as `CONTOSO\svc-mim by NTLM, encrypted`; `None`
    /// when that is not known.
    pub signed_on: Option<String>,
    /// Only the name of who is signed on.
    pub user: Option<String>,
}

/// The answer to an order to run a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecuteReply {
    /// The service's final word.
    Ended(RunResult),
    /// No final word; the sentence says why.
    ProbablyRunning(String),
}

/// One line of the run history (`MIIS_RunHistory`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The run's number on its agent.
    pub run_number: u64,
    /// The profile that ran.
    pub profile: ProfileName,
    /// Its result, or `in-progress`.
    pub result: RunResult,
}

/// Why a call to the service failed.
#[derive(Debug, thiserror::Error)]
#[error("{context}")]
pub struct ServiceError {
    /// What was tried and what to do about it, one clear sentence without secrets.
    pub context: String,
    /// Which kind of failure it is.
    pub kind: ServiceErrorKind,
    /// The cause, for the log.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ServiceError {
    /// The certificate that the server showed, when the failure is that it is not trusted.
    pub fn shown_certificate(&self) -> Option<ShownCertificate> {
        let source = self.source.as_deref()?;
        match source.downcast_ref::<ClientError>()? {
            ClientError::Transport(error) => error.shown_certificate(),
            _ => None,
        }
    }

    /// Whether the server did not take the password, so that it must not be tried again.
    pub fn is_of_password(&self) -> bool {
        let Some(source) = self.source.as_deref() else {
            return false;
        };
        match (source.downcast_ref(), source.downcast_ref()) {
            (Some(ClientError::Unauthorized(refusal)), _) => refusal.is_of_password(),
            (_, Some(WmiError { meaning, .. })) => meaning.is_of_password(),
            _ => false,
        }
    }
}

/// Kinds of failure, as far as anybody acts differently on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceErrorKind {
    /// Nobody answered: name, port, network, time-out. Trying again later may help.
    Unreachable,
    /// The certificate is not trusted, or encryption is refused.
    Untrusted,
    /// User name or password were refused. Must not be tried again: it could lock the account.
    Unauthorized,
    /// The account may not do this.
    Forbidden,
    /// There is no such agent, class or namespace.
    NotFound,
    /// The server answered with a fault of another kind.
    Fault,
    /// The server has too much to do just now, for this account or for all. Trying again soon helps.
    Busy,
    /// The server answered something that is not the protocol.
    Protocol,
    /// The settings cannot work, for instance a user without a password.
    Settings,
}

impl ServiceErrorKind {
    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy)
    }

    /// Whether a server answered in the protocol that it does not do what was asked.
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::Forbidden | Self::NotFound | Self::Fault | Self::Busy
        )
    }
}

impl fmt::Display for ServiceErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Fault => "fault",
            Self::Busy => "busy",
            Self::Protocol => "protocol error",
            Self::Settings => "settings",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::wmi::{Stage, WmiError};
    use crate::wsman::{ClientError, Refusal};

    use super::*;

    #[test]
    fn a_refused_password_is_told_from_an_account_that_cannot_be_proved() {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| ServiceError {
            context: "no".to_owned(),
            kind: ServiceErrorKind::Unauthorized,
            source: Some(source),
        };
        for (refusal, expected) in [
            (Refusal::Credentials, true),
            (Refusal::Expired, true),
            (Refusal::Locked, true),
            (Refusal::AccountExpired, false),
            (Refusal::ClockSkew, false),
            (Refusal::NoKey, false),
            (Refusal::NoTicket, false),
            (Refusal::UnknownUser, false),
            (Refusal::Ticket, false),
            (Refusal::Scheme(Vec::new()), false),
            (Refusal::NoKdc(String::new()), false),
            (Refusal::Token(String::new()), false),
        ] {
            let text = format!("{refusal:?}");
            let error = error(Box::new(ClientError::Unauthorized(refusal)));
            assert_eq!(error.is_of_password(), expected, "{text}");
        }
        for (code, expected) in [
            (0x8007_0005, true),
            (0x8007_052E, true),
            (0x8007_0532, true),
            (0x8007_0775, true),
            (0x8007_0533, false),
            (0x8007_06BA, false),
        ] {
            let error = error(Box::new(WmiError::from_code(Stage::Connect, code)));
            assert_eq!(error.is_of_password(), expected, "{code:08X}");
        }
    }
}
