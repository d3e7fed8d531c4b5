//! What the rounds can be sent to find out, and what they bring back.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;

use crate::mim::{AgentName, ProfileName};
use crate::service::{LoggedOn, Trouble};
use crate::wsman::Heard;

/// What to find out next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// Look the name up.
    Resolve,
    /// Open and close a connection.
    Connect(Vec<IpAddr>),
    /// Ask who is there, without an account.
    Ring,
    /// Ask the same with the account.
    LogOn,
    /// Read the agents.
    ListAgents,
    /// Look for the namespace alone.
    LookIntoNamespace,
    /// Ask an agent for its state.
    AskAgent(AgentName),
    /// Order a profile that does not exist.
    Execute(AgentName, ProfileName),
}

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Where the name leads; empty is nowhere.
    Resolved(Result<Vec<IpAddr>, Gone>),
    /// Who took the connection.
    Connected(Result<SocketAddr, Gone>),
    /// Who answered, and what our clock said then.
    Rang(Result<Heard, Trouble>, Timestamp),
    /// Who answered to the account.
    LoggedOn(Result<LoggedOn, Trouble>),
    /// The agents.
    Agents(Result<Vec<AgentName>, Trouble>),
    /// Whether the namespace is there.
    Namespace(Result<(), Trouble>),
    /// The agent's state in the service's word.
    Status(Result<String, Trouble>),
    /// The answer to the order, in the service's word.
    Executed(Result<String, Trouble>),
}

impl Fact {
    /// Whether the server did not take the password.
    pub const fn refuses_password(&self) -> bool {
        match self {
            Self::Rang(Err(trouble), _)
            | Self::LoggedOn(Err(trouble))
            | Self::Agents(Err(trouble))
            | Self::Namespace(Err(trouble))
            | Self::Status(Err(trouble))
            | Self::Executed(Err(trouble)) => trouble.is_of_password,
            Self::Resolved(_)
            | Self::Connected(_)
            | Self::Rang(Ok(_), _)
            | Self::LoggedOn(Ok(_))
            | Self::Agents(Ok(_))
            | Self::Namespace(Ok(()))
            | Self::Status(Ok(_))
            | Self::Executed(Ok(_)) => false,
        }
    }
}

/// Why there is not even a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gone {
    /// Somebody said no.
    Refused,
    /// Nobody said anything for so long.
    Silent(Duration),
    /// The system's own words.
    Other(String),
}
