//! What an agent is connected to, as far as the service's word for its type tells.

use crate::mim::is_mim_service;

/// What an agent is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentKind {
    /// The MIM Service and its portal.
    MimService,
    /// A service of the cloud or the web.
    Cloud,
    /// Active Directory.
    ActiveDirectory,
    /// A database.
    Database,
    /// Another directory.
    Directory,
    /// A file, as a personnel system writes it.
    File,
    /// Anything else.
    Other,
}

/// Parts of the service's words; the first kind that has one of them counts.
const KINDS: [(AgentKind, &[&str]); 5] = [
    (
        AgentKind::Cloud,
        &["azure", "cloud", "graph", "webservice", "web service"],
    ),
    (
        AgentKind::ActiveDirectory,
        &["active directory", "ad_ma", "adma", "adlds", "ad lds"],
    ),
    (AgentKind::Database, &["sql", "oracle", "db2", "database"]),
    (
        AgentKind::Directory,
        &["ldap", "directory", "gal", "notes", "exchange"],
    ),
    (
        AgentKind::File,
        &[
            "text",
            "file",
            "ldif",
            "dsml",
            "avp",
            "csv",
            "delimited",
            "fixed",
        ],
    ),
];

impl AgentKind {
    /// The kind of an agent, by the service's word for its type, which is an open set.
    pub fn of(agent_type: &str) -> Self {
        if is_mim_service(agent_type) {
            return Self::MimService;
        }
        let word = agent_type.to_lowercase();
        let mut kinds = KINDS.iter();
        kinds
            .find(|(_, parts)| parts.iter().any(|part| word.contains(part)))
            .map_or(Self::Other, |(kind, _)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_told_apart_by_the_words_of_the_service() {
        for (agent_type, kind) in [
            ("FIM", AgentKind::MimService),
            ("Active Directory", AgentKind::ActiveDirectory),
            ("Windows Azure Active Directory", AgentKind::Cloud),
            ("SQL Server", AgentKind::Database),
            ("Generic LDAP", AgentKind::Directory),
            ("Delimited text file", AgentKind::File),
            ("Extensible Connectivity 2.0", AgentKind::Other),
            ("", AgentKind::Other),
        ] {
            assert_eq!(AgentKind::of(agent_type), kind, "{agent_type}");
        }
    }
}
