//! The doctor's questions over WMI, one a call, as [`Examiner`](super::Examiner) has them for WinRM.
//!
//! Must not conclude anything: `launch::doctor` does that. A refused account is not tried again.

use std::sync::Arc;
use std::time::Duration;

use super::examiner::{AGENT_CLASS, LoggedOn, Trouble, TroubleKind};
use super::wmi::{LOGGED_ON_USER, method, place, server_name, system_opener};
use super::wmi_explain::sentence;
use super::{EXECUTE_TIMEOUT, ServiceError, WmiSettings};
use crate::mim::{AgentName, ProfileName};
use crate::wmi::{Caller, Limits, Meaning, MethodCall, Opener, Place, Row, Stage, Value, WmiError};

/// How long a question may take; DCOM itself gives up after two minutes.
const PATIENCE: Duration = Duration::from_mins(1);
/// Where Windows tells what went wrong within WMI.
const EVENT_LOG: &str = "look into the event log Microsoft-Windows-WMI-Activity there";

/// Asks one server single questions over WMI.
pub struct WmiExaminer {
    caller: Caller,
    /// Another machine; `None` is this one.
    host: Option<String>,
    user: String,
}

impl WmiExaminer {
    /// Prepares the questions; connects to nothing yet.
    ///
    /// # Errors
    /// [`ServiceError`] when the settings cannot work, as on a system without WMI.
    pub fn new(settings: WmiSettings) -> Result<Self, ServiceError> {
        let place = place(settings)?;
        let opener = system_opener(place.clone())?;
        Ok(Self::over(opener, place))
    }

    /// The questions over any WMI.
    pub(super) fn over(opener: Arc<dyn Opener>, place: Place) -> Self {
        let user = place.account.map(|account| account.user);
        Self {
            caller: Caller::new(opener, Limits::default()),
            host: place.host,
            user: user.unwrap_or_else(|| LOGGED_ON_USER.to_owned()),
        }
    }

    /// The machine, unless it is this one.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The account, for people.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Connects to the namespace, which proves the account.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn log_on(&self) -> Result<LoggedOn, Trouble> {
        self.namespace().await?;
        Ok(LoggedOn {
            vendor: "WMI".to_owned(),
            version: String::new(),
            signed_on: None,
        })
    }

    /// Reads the names of the management agents.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn agents(&self) -> Result<Vec<AgentName>, Trouble> {
        let query = format!("select * from {AGENT_CLASS}");
        let rows = self.query(&query).await?;
        if rows.is_empty() {
            // Some answer nothing where there is no such class.
            let query = format!("select * from meta_class where __class = \"{AGENT_CLASS}\"");
            if self.query(&query).await?.is_empty() {
                return Err(self.trouble(&WmiError::of(Stage::Call, Meaning::NoClass)));
            }
        }
        let names = rows.iter().filter_map(|row| row.value("Name"));
        let mut names: Vec<AgentName> = names.filter_map(|n| AgentName::new(n).ok()).collect();
        names.sort();
        Ok(names)
    }

    /// Connects to the namespace, and looks at nothing in it.
    ///
    /// # Errors
    /// [`Trouble`]; [`TroubleKind::NotFound`] when it is not there.
    pub async fn namespace(&self) -> Result<(), Trouble> {
        let opened = self.caller.open(PATIENCE).await;
        opened.map_err(|error| self.trouble(&error))
    }

    /// Asks an agent for its state; the service's own word.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn status(&self, agent: &AgentName) -> Result<String, Trouble> {
        let call = method(AGENT_CLASS, "Name", agent.as_str(), "RunStatus");
        self.call(call, PATIENCE).await
    }

    /// Orders a run profile that must not exist; the service's own word.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn execute(
        &self,
        agent: &AgentName,
        profile: &ProfileName,
    ) -> Result<String, Trouble> {
        let argument = Value::Text(profile.as_str().to_owned());
        let call = MethodCall {
            arguments: vec![("RunProfileName".to_owned(), argument)],
            ..method(AGENT_CLASS, "Name", agent.as_str(), "Execute")
        };
        self.call(call, EXECUTE_TIMEOUT).await
    }

    async fn query(&self, wql: &str) -> Result<Vec<Row>, Trouble> {
        let found = self.caller.query(wql, PATIENCE).await;
        found.map_err(|error| self.trouble(&error))
    }

    async fn call(&self, call: MethodCall, patience: Duration) -> Result<String, Trouble> {
        let outputs = self.caller.call(call, patience).await;
        let outputs = outputs.map_err(|error| self.trouble(&error))?;
        let word = outputs.value("ReturnValue").unwrap_or_default();
        Ok(word.trim().to_owned())
    }

    fn trouble(&self, error: &WmiError) -> Trouble {
        let server = server_name(self.host());
        let (_, told) = sentence(&server, &self.user, error);
        // The sentences have one form: what is wrong, a semicolon, what to do.
        let (wrong, remedy) = match told.split_once("; ") {
            Some((wrong, remedy)) => (wrong, remedy),
            None => (told.as_str(), EVENT_LOG),
        };
        Trouble {
            kind: kind_of(error.meaning),
            sentence: format!("{wrong} ({error})"),
            remedy: Some(remedy.to_owned()),
            is_of_password: error.meaning.is_of_password(),
        }
    }
}

const fn kind_of(meaning: Meaning) -> TroubleKind {
    match meaning {
        Meaning::NoServer
        | Meaning::Broken
        | Meaning::NotRunning
        | Meaning::TimedOut
        | Meaning::Abandoned => TroubleKind::Unreachable,
        Meaning::ComDenied
        | Meaning::Logon
        | Meaning::PasswordExpired
        | Meaning::Locked
        | Meaning::Disabled => TroubleKind::Account,
        Meaning::NamespaceDenied => TroubleKind::NamespaceRight,
        Meaning::NoNamespace | Meaning::NoClass | Meaning::NoObject => TroubleKind::NotFound,
        Meaning::Provider => TroubleKind::ProviderFailed,
        Meaning::Busy | Meaning::Request | Meaning::Other => TroubleKind::Fault,
        Meaning::TooLarge => TroubleKind::Protocol,
        Meaning::LocalAccount | Meaning::NotHere => TroubleKind::Settings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wmi::{Permit, Session};

    /// A server that refuses with a code, or has what the query finds.
    struct Fake {
        refusal: Option<u32>,
        finds: fn(&str) -> Vec<Row>,
    }

    impl Opener for Fake {
        fn open(&self) -> Result<Box<dyn Session>, WmiError> {
            match self.refusal {
                Some(code) => Err(WmiError::from_code(Stage::Connect, code)),
                None => Ok(Box::new(Self {
                    refusal: None,
                    finds: self.finds,
                })),
            }
        }
    }

    impl Session for Fake {
        fn query(&self, wql: &str) -> Result<Vec<Row>, WmiError> {
            Ok((self.finds)(wql))
        }

        fn call(&self, call: &MethodCall, _permit: &Permit) -> Result<Row, WmiError> {
            let arguments: Vec<String> = call
                .arguments
                .iter()
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            let told = format!(" {} {} ", call.method, arguments.join(","));
            Ok(row("ReturnValue", &told))
        }
    }

    fn row(name: &str, value: &str) -> Row {
        Row {
            properties: vec![(name.to_owned(), Some(value.to_owned()))],
        }
    }

    fn examiner(refusal: Option<u32>, finds: fn(&str) -> Vec<Row>) -> WmiExaminer {
        let place = Place {
            host: Some("mim01".to_owned()),
            ..Place::default()
        };
        WmiExaminer::over(Arc::new(Fake { refusal, finds }), place)
    }

    #[tokio::test]
    async fn each_refusal_has_its_kind_and_its_remedy() {
        for (code, kind, remedy) in [
            (0x8004_100E, TroubleKind::NotFound, "mofcomp"),
            (0x8004_1003, TroubleKind::NamespaceRight, "wmimgmt.msc"),
            (0x8007_0005, TroubleKind::Account, "Distributed COM Users"),
            (0x8007_052E, TroubleKind::Account, "not tried again"),
            (0x8007_06BA, TroubleKind::Unreachable, "port 135"),
            (0x8004_1033, TroubleKind::Unreachable, "Winmgmt"),
            (0x8004_1013, TroubleKind::ProviderFailed, "is started"),
            (0x8004_1FFF, TroubleKind::Fault, "WMI-Activity"),
        ] {
            let examiner = examiner(Some(code), |_| Vec::new());
            let trouble = examiner.log_on().await.unwrap_err();
            assert_eq!(trouble.kind, kind, "{trouble:?}");
            assert!(trouble.sentence.contains(&format!("0x{code:08X}")));
            assert!(!trouble.sentence.contains(';'), "{trouble:?}");
            assert!(trouble.remedy.unwrap().contains(remedy), "{code:08X}");
        }
    }

    #[tokio::test]
    async fn no_agents_and_no_class_are_told_apart() {
        let names = |found: Result<Vec<AgentName>, Trouble>| {
            let names = found.map_err(|trouble| trouble.kind)?;
            Ok(names.iter().map(|name| name.to_string()).collect())
        };
        for (finds, expected) in [
            (
                (|_: &str| vec![row("Name", "SQL"), row("Name", "HR")]) as fn(&str) -> Vec<Row>,
                Ok(vec!["HR".to_owned(), "SQL".to_owned()]),
            ),
            (
                |wql: &str| {
                    let is_class = wql.contains("meta_class");
                    is_class.then(|| row("A", "")).into_iter().collect()
                },
                Ok(Vec::new()),
            ),
            (|_: &str| Vec::new(), Err(TroubleKind::NotFound)),
        ] {
            let found = names(examiner(None, finds).agents().await);
            assert_eq!(found, expected);
        }
    }

    #[tokio::test]
    async fn the_word_of_the_service_is_handed_on() {
        let examiner = examiner(None, |_| Vec::new());
        let agent = AgentName::new("HR").unwrap();
        assert_eq!(examiner.status(&agent).await.unwrap(), "RunStatus");
        let profile = ProfileName::new("none").unwrap();
        let word = examiner.execute(&agent, &profile).await.unwrap();
        assert_eq!(word, r#"Execute RunProfileName=Text("none")"#);
        assert_eq!(examiner.user(), "the logged-on user");
    }
}
