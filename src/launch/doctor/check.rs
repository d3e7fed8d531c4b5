//! The lines of a diagnosis.

/// What is looked at, in the order in which it is told. A line depends on those before it, except
/// for the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The server's name leads to an address.
    NameResolves,
    /// Something listens on the port.
    PortOpen,
    /// The certificate is trusted and encryption comes about; only with HTTPS.
    Tls,
    /// WS-Management answers there, or WMI.
    Identify,
    /// The account is accepted.
    Authentication,
    /// Nothing travels in the clear that should not.
    Encryption,
    /// The service's WMI namespace is there.
    NamespaceThere,
    /// Its class of management agents is there.
    ClassThere,
    /// The account may read the agents.
    EnumerateAllowed,
    /// The synchronization service itself runs and answers.
    ServiceRunning,
    /// The account may order runs.
    ExecuteAllowed,
    /// Both clocks agree well enough for Kerberos.
    Clock,
    /// Which version the synchronization service has.
    Version,
    /// In which group of the service the account is.
    GroupMembership,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be; what was seen.
    Pass(String),
    /// Not as it should be.
    Fail {
        /// What is wrong.
        sentence: String,
        /// What to do about it.
        remedy: String,
    },
    /// Nobody can say; why not.
    Unknown(String),
    /// It does not apply, or has to be asked for; why.
    NotAsked(String),
}

/// A line of the diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub check: Check,
    /// What came out.
    pub verdict: Verdict,
}

/// A whole diagnosis in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Summary {
    /// All that a run needs is there.
    Well,
    /// Nothing that a run needs failed, but not everything was seen, or the clocks differ.
    Doubtful,
    /// A line failed without which no run gets through.
    Ill,
}

impl Check {
    /// All lines, in order.
    pub const ALL: [Self; 14] = [
        Self::NameResolves,
        Self::PortOpen,
        Self::Tls,
        Self::Identify,
        Self::Authentication,
        Self::Encryption,
        Self::NamespaceThere,
        Self::ClassThere,
        Self::EnumerateAllowed,
        Self::ServiceRunning,
        Self::ExecuteAllowed,
        Self::Clock,
        Self::Version,
        Self::GroupMembership,
    ];

    /// Its name for programs.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NameResolves => "name-resolves",
            Self::PortOpen => "port-open",
            Self::Tls => "tls",
            Self::Identify => "identify",
            Self::Authentication => "authentication",
            Self::Encryption => "encryption",
            Self::NamespaceThere => "namespace-there",
            Self::ClassThere => "class-there",
            Self::EnumerateAllowed => "enumerate-allowed",
            Self::ServiceRunning => "service-running",
            Self::ExecuteAllowed => "execute-allowed",
            Self::Clock => "clock",
            Self::Version => "version",
            Self::GroupMembership => "group-membership",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NameResolves => "Name resolves",
            Self::PortOpen => "Port open",
            Self::Tls => "TLS",
            Self::Identify => "Who answers",
            Self::Authentication => "Authentication",
            Self::Encryption => "Encryption",
            Self::NamespaceThere => "WMI namespace",
            Self::ClassThere => "WMI class",
            Self::EnumerateAllowed => "Right to read",
            Self::ServiceRunning => "Service running",
            Self::ExecuteAllowed => "Right to run",
            Self::Clock => "Clock",
            Self::Version => "Version",
            Self::GroupMembership => "Group",
        }
    }

    /// Whether a run needs it. The clocks matter to Kerberos only, whose log-on has a line of its own.
    const fn is_needed(self) -> bool {
        !matches!(self, Self::Clock | Self::Version)
    }

    /// Whether it is rarely known, so that not knowing it is no news.
    const fn is_rarely_known(self) -> bool {
        matches!(self, Self::Version | Self::GroupMembership)
    }
}

impl Verdict {
    /// Its name for programs.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Fail { .. } => "fail",
            Self::Unknown(_) => "unknown",
            Self::NotAsked(_) => "not-asked",
        }
    }

    /// What was seen, or what is wrong, or why nobody can say.
    pub fn text(&self) -> &str {
        match self {
            Self::Pass(text) | Self::Unknown(text) | Self::NotAsked(text) => text,
            Self::Fail { sentence, .. } => sentence,
        }
    }

    /// What to do, if something is wrong.
    pub fn remedy(&self) -> Option<&str> {
        match self {
            Self::Fail { remedy, .. } => Some(remedy),
            Self::Pass(_) | Self::Unknown(_) | Self::NotAsked(_) => None,
        }
    }
}

impl Summary {
    /// The word for these lines.
    pub fn of(lines: &[Line]) -> Self {
        let words = lines.iter().map(|line| match &line.verdict {
            Verdict::Fail { .. } if line.check.is_needed() => Self::Ill,
            Verdict::Fail { .. } => Self::Doubtful,
            Verdict::Unknown(_) if !line.check.is_rarely_known() => Self::Doubtful,
            Verdict::Pass(_) | Verdict::NotAsked(_) | Verdict::Unknown(_) => Self::Well,
        });
        words.max().unwrap_or(Self::Well)
    }
}
