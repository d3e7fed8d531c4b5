//! The server: what the person typed, whether it is connected, what it told about its agents.

use std::sync::Arc;

use jiff::Timestamp;

use crate::base::secret::Secret;
use crate::mim::AgentInfo;
use crate::model::ServerSettings;

use super::effect::Token;

/// What the server bar shows as long as no server is connected.
#[derive(Debug, Clone, Default)]
pub struct ServerFields {
    /// Host name, address or URL.
    pub host: String,
    /// The account.
    pub user: String,
    /// The password; forgotten when the program ends, never written anywhere.
    pub password: TypedPassword,
}

/// A password as it was typed. It knows for whom, and nobody else is given it.
#[derive(Debug, Clone, Default)]
pub struct TypedPassword {
    secret: Secret,
    host: String,
    user: String,
}

impl TypedPassword {
    /// A password that was typed for this account of this server.
    pub(super) fn new(secret: Secret, host: &str, user: &str) -> Self {
        Self {
            secret,
            host: host.trim().to_owned(),
            user: user.trim().to_owned(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.secret.is_empty()
    }

    /// Whether it was typed for this account of this server.
    pub(super) fn is_of(&self, host: &str, user: &str) -> bool {
        self.host.eq_ignore_ascii_case(host.trim()) && self.user == user.trim()
    }

    /// The password, for whom it was typed alone.
    pub(super) fn of(&self, settings: &ServerSettings) -> Option<Secret> {
        let host = settings.host.as_deref().unwrap_or_default();
        let user = settings.user.as_deref().unwrap_or_default();
        let is_theirs = !self.is_empty() && self.is_of(host, user);
        is_theirs.then(|| self.secret.clone())
    }

    /// What was typed.
    #[cfg(test)]
    pub(crate) fn reveal(&self) -> &str {
        self.secret.reveal()
    }
}

/// Which server is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerChoice {
    /// The bundled simulator.
    Demo,
    /// A server over WS-Management, as in a sequence's settings.
    Winrm(ServerSettings),
}

/// Whether a server is connected.
#[derive(Debug, Clone, Default)]
pub enum Connection {
    /// None.
    #[default]
    None,
    /// It is being connected.
    Connecting {
        /// Answers to older attempts are not for us.
        token: Token,
        /// Which.
        choice: ServerChoice,
    },
    /// The last attempt failed.
    Failed {
        /// Which.
        choice: ServerChoice,
        /// Why, one sentence.
        sentence: String,
        /// The certificate that the server showed, when it is not trusted.
        certificate: Option<Box<Certificate>>,
    },
    /// It is connected.
    Connected {
        /// Answers to older connections are not for us.
        token: Token,
        /// Which.
        choice: ServerChoice,
        /// What it says about itself.
        server: super::msg::ConnectedServer,
        /// Its agents.
        agents: Agents,
    },
}

/// A certificate that a server showed and that is not trusted, for a person to judge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    /// Whose it is; may be empty.
    pub subject: String,
    /// Who signed it; may be empty.
    pub issuer: String,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// Since when it is valid.
    pub not_before: Option<Timestamp>,
    /// Until when.
    pub not_after: Option<Timestamp>,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

/// What is known about a server's agents.
#[derive(Debug, Clone, Default)]
pub struct Agents {
    /// The agents by name, with their run profiles; empty before the first answer.
    pub list: Arc<[AgentInfo]>,
    /// When they were last read.
    pub read_at: Option<Timestamp>,
    /// Whether they are being read.
    pub is_reading: bool,
    /// Why the last reading failed, one sentence.
    pub problem: Option<String>,
}

impl Connection {
    /// The agents of the connected server.
    pub fn agents(&self) -> Option<&Agents> {
        match self {
            Self::Connected { agents, .. } => Some(agents),
            Self::None | Self::Connecting { .. } | Self::Failed { .. } => None,
        }
    }

    /// Whether a server is connected.
    pub const fn is_connected(&self) -> bool {
        matches!(self, Self::Connected { .. })
    }
}
