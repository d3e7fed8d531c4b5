//! Settings of the whole sequence: server, log, and how its threads share the server.

use std::num::NonZeroU32;

/// The server on which a sequence runs; never holds a password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerSettings {
    /// A host name, an address or a URL such as `https://mim01:5986/wsman`; `None` is this machine.
    pub host: Option<String>,
    /// How the server is spoken to.
    pub transport: Transport,
    /// Whether HTTPS is used; a URL in `host` says it by itself.
    pub tls: bool,
    /// The TCP port, if not 5985 (HTTP) or 5986 (HTTPS).
    pub port: Option<u16>,
    /// How the account is proved.
    pub authentication: Authentication,
    /// The account, `[DOMAIN\]user`.
    pub user: Option<String>,
    /// A PEM file with the authorities to trust besides the system's; relative to the sequence file.
    pub ca_file: Option<String>,
    /// The SHA-256 of the only certificate to trust, 64 hexadecimal digits.
    pub pin: Option<String>,
    /// Whether a password may go over unencrypted HTTP; always allowed to this machine itself.
    pub allow_unencrypted: bool,
    /// How the service's classes are written as resource URIs.
    pub resource_uris: ResourceUris,
}

/// Under this name the demo's server is kept; no host is called so.
const DEMO: &str = ":demo";
/// This machine, or nobody yet.
const HERE: &str = ":here";

impl ServerSettings {
    /// The name under which what is known about the server is kept.
    pub fn kept_as(&self) -> String {
        let host = self.host.as_deref().unwrap_or_default().trim();
        if self.transport == Transport::Demo {
            return DEMO.to_owned();
        }
        if host.is_empty() {
            return HERE.to_owned();
        }
        let host = host.to_lowercase();
        match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    /// `winrm` when a host is named; without one, `wmi` on Windows.
    #[default]
    Auto,
    /// WS-Management over HTTP or HTTPS.
    Winrm,
    /// COM on Windows.
    Wmi,
    /// The bundled simulator, started for this run.
    Demo,
}

/// How an account is proved to a server over WinRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authentication {
    /// What the server and the way to it allow, the safest first.
    #[default]
    Auto,
    /// Name and password as they are; over HTTPS, or to this machine.
    Basic,
    /// NTLM.
    Ntlm,
    /// Kerberos, and NTLM where Kerberos cannot be had.
    Negotiate,
    /// Kerberos alone.
    Kerberos,
}

/// How the service's classes are written as URIs in what is asked over WinRM. Every Windows takes its
/// own; other servers may know only the standard's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResourceUris {
    /// Windows' own, and the standard's where a server does not know those.
    #[default]
    Auto,
    /// Windows' own: the namespace is part of the URI.
    Wmi,
    /// The standard's of the DMTF: the namespace is a selector.
    Dmtf,
}

/// Where and how much is logged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogSettings {
    /// The log file, relative to the sequence file's folder; `None` is `MASequencer.log` there.
    pub file: Option<String>,
    /// How much is written.
    pub level: LogLevel,
}

/// How much is logged; each level has all of the ones before it.
///
/// The original's numbers are lost except that 1 is its default; this mapping is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// What failed (`0`).
    Error,
    /// Also what ended with warnings or was done differently.
    Warning,
    /// Also what started and ended (`1`).
    #[default]
    Information,
    /// Also every wait, command output and counter (`2`).
    Detail,
    /// Also every message to the server, without secrets (`3`).
    Protocol,
}

/// How the threads of a sequence share the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunSettings {
    /// What may run beside a synchronization.
    pub overlap: OverlapRule,
    /// How many run profiles may run at once; `None` is as many as the overlap rule allows.
    pub max_parallel: Option<NonZeroU32>,
}

/// What may run beside a synchronization (design section 5, rule 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverlapRule {
    /// Nothing: the way that Microsoft supports.
    #[default]
    ExclusiveSync,
    /// Imports and exports of other agents, but no second synchronization.
    SingleSync,
    /// Anything on another agent.
    Unrestricted,
}

impl OverlapRule {
    /// All rules, the safest first.
    pub const ALL: [Self; 3] = [Self::ExclusiveSync, Self::SingleSync, Self::Unrestricted];

    /// The word in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExclusiveSync => "exclusive-sync",
            Self::SingleSync => "single-sync",
            Self::Unrestricted => "unrestricted",
        }
    }
}

impl LogLevel {
    /// All levels, the quietest first.
    pub const ALL: [Self; 5] = [
        Self::Error,
        Self::Warning,
        Self::Information,
        Self::Detail,
        Self::Protocol,
    ];

    /// The word in files and on command lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
            Self::Detail => "detail",
            Self::Protocol => "protocol",
        }
    }

    /// Reads a level by its word or by the old tool's number.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "0" => Some(Self::Error),
            "1" => Some(Self::Information),
            "2" => Some(Self::Detail),
            "3" => Some(Self::Protocol),
            _ => Self::ALL.into_iter().find(|level| level.as_str() == word),
        }
    }
}

impl Authentication {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Auto,
        Self::Basic,
        Self::Ntlm,
        Self::Negotiate,
        Self::Kerberos,
    ];

    /// The word in files and on command lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Basic => "basic",
            Self::Ntlm => "ntlm",
            Self::Negotiate => "negotiate",
            Self::Kerberos => "kerberos",
        }
    }
}

impl ResourceUris {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Wmi, Self::Dmtf];

    /// The word in files and on command lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Wmi => "wmi",
            Self::Dmtf => "dmtf",
        }
    }

    /// Reads the word of a file or a command line.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Transport {
    /// All transports.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Winrm, Self::Wmi, Self::Demo];

    /// The word in files and on command lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Winrm => "winrm",
            Self::Wmi => "wmi",
            Self::Demo => "demo",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_words_and_the_old_numbers() {
        for level in LogLevel::ALL {
            assert_eq!(LogLevel::from_word(level.as_str()), Some(level));
        }
        assert_eq!(LogLevel::from_word("1"), Some(LogLevel::default()));
        assert_eq!(LogLevel::from_word("4"), None);
    }
}
