//! The calls by which a doctor finds out where the way to the service ends.
//!
//! One question a call, each answered with what was found or with the kind of trouble. Must not
//! conclude anything: `launch::doctor` does that. A refused password is not sent again.

use std::time::Duration;

use crate::mim::{AgentName, ProfileName};
use crate::wsman::message::{Family, Instance};
use crate::wsman::{
    Client, ClientError, ClientSettings, Doorbell, Endpoint, FaultKind, Heard, SignedOn, Timeouts,
    TlsSettings, TransportError,
};

use super::explain::{Person, explain};
use super::provider::{Call, Provider};
use super::winrm::{account, unusable};
use super::{EXECUTE_TIMEOUT, QuotaPatience, ServiceError, ServiceSettings, address};

/// How long a server is waited for that has too much to do: a person waits for the lines.
const PATIENCE: QuotaPatience = QuotaPatience {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(2),
    limit: Duration::from_secs(6),
};
/// The class of the management agents.
pub(super) const AGENT_CLASS: &str = "MIIS_ManagementAgent";
/// The system class that every WMI namespace has.
const SYSTEM_CLASS: &str = "__NAMESPACE";
/// `ERROR_WSMAN_WMI_SVC_ACCESS_DENIED` and `…_WMI_CANNOT_CONNECT_ACCESS_DENIED`.
const NAMESPACE_RIGHT: [u32; 2] = [2_150_859_012, 2_150_859_014];
/// `ERROR_WSMAN_WMI_PROVIDER_ACCESS_DENIED`.
const PROVIDER_RIGHT: u32 = 2_150_859_013;
/// `ERROR_WSMAN_PROVIDER_FAILURE`.
const PROVIDER_FAILURE: u32 = 2_150_858_755;

/// Asks one server single questions.
pub struct Examiner {
    doorbell: Doorbell,
    settings: ClientSettings,
    /// The account in a sentence.
    person: Person,
    /// The account in a list.
    user: String,
    family: Option<Family>,
    /// Made at the first question that needs the account.
    provider: Option<Provider>,
}

/// What stands in the way, as far as it makes a difference to a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// No connection, or it broke, or no answer in time.
    Unreachable,
    /// The certificate is not trusted, or no encryption comes about.
    Tls,
    /// The answer is not the protocol, though the way to it works.
    Protocol,
    /// The account is not accepted, or cannot be proved.
    Account,
    /// What is sent would not be encrypted, or one side does not take it so.
    Encryption,
    /// WinRM does not let the account do it.
    WinrmRight,
    /// The WMI namespace does not let the account in.
    NamespaceRight,
    /// The service's own provider does not let the account do it.
    ProviderRight,
    /// There is no such class, namespace or instance.
    NotFound,
    /// The provider is there and cannot do its work.
    ProviderFailed,
    /// Another fault of the server.
    Fault,
    /// The settings cannot work.
    Settings,
}

/// What a log-on brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOn {
    /// Who answered.
    pub vendor: String,
    /// Which version it claims.
    pub version: String,
    /// Who is signed on, and how.
    pub signed_on: Option<SignedOn>,
}

/// Why a question got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Which kind it is.
    pub kind: TroubleKind,
    /// What is wrong, one clause without secrets.
    pub sentence: String,
    /// What to do about it, where that is known.
    pub remedy: Option<String>,
    /// Whether the server did not take the password, so that it must not be tried again.
    pub is_of_password: bool,
}

impl Examiner {
    /// Prepares the questions; connects to nothing yet.
    ///
    /// # Errors
    /// [`ServiceError`] when server, certificate file or pin cannot be used.
    pub fn new(settings: ServiceSettings) -> Result<Self, ServiceError> {
        let url = address::url(&settings.host, settings.tls, settings.port)?;
        let account = account(settings.user, settings.password)?;
        let timeouts = Timeouts::default();
        let tls = TlsSettings {
            ca_file: settings.ca_file,
            pin: settings.pin,
        };
        let doorbell =
            Doorbell::new(&url, &tls, timeouts).map_err(|error| unusable(&url, &error))?;
        Ok(Self {
            doorbell,
            person: Person::of(&account),
            user: account
                .user()
                .map_or_else(|| account.person(), str::to_owned),
            settings: ClientSettings {
                account,
                scheme: settings.scheme,
                tls,
                allow_unencrypted: settings.allow_unencrypted,
                timeouts,
                protocol_log: settings.protocol_log,
                ..ClientSettings::new(&url)
            },
            family: settings.family,
            provider: None,
        })
    }

    /// Where the server is.
    pub const fn endpoint(&self) -> &Endpoint {
        self.doorbell.endpoint()
    }

    /// The account, for people.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Asks who is there, without an account.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn ring(&self) -> Result<Heard, Trouble> {
        let answer = self.doorbell.ring().await;
        answer.map_err(|error| self.trouble("Identify", error))
    }

    /// Asks who is there with the account, which proves it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn log_on(&mut self) -> Result<LoggedOn, Trouble> {
        let client = Client::new(self.settings.clone())
            .map_err(|error| self.trouble("the log-on", error))?;
        let answer = client.identify().await;
        let signed_on = client.signed_on();
        self.provider = Some(Provider::new(client, self.family, PATIENCE));
        let (vendor, version) = answer.map_err(|error| self.trouble("the log-on", error))?;
        Ok(LoggedOn {
            vendor,
            version,
            signed_on,
        })
    }

    /// Reads the names of the management agents.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn agents(&self) -> Result<Vec<AgentName>, Trouble> {
        let found = self.instances(AGENT_CLASS).await?;
        let names = found.iter().filter_map(|agent| agent.value("Name"));
        let mut names: Vec<AgentName> = names.filter_map(|n| AgentName::new(n).ok()).collect();
        names.sort();
        Ok(names)
    }

    /// Looks for the namespace alone, by the system class that each has.
    ///
    /// # Errors
    /// [`Trouble`]; [`TroubleKind::NotFound`] when it is not there.
    pub async fn namespace(&self) -> Result<(), Trouble> {
        self.instances(SYSTEM_CLASS).await.map(|_children| ())
    }

    /// Asks an agent for its state; the service's own word.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn status(&self, agent: &AgentName) -> Result<String, Trouble> {
        self.call(agent, "RunStatus", Vec::new()).await
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
        let argument = (
            "RunProfileName".to_owned(),
            Some(profile.as_str().to_owned()),
        );
        self.call(agent, "Execute", vec![argument]).await
    }

    async fn instances(&self, class: &str) -> Result<Vec<Instance>, Trouble> {
        let found = self.provider()?.enumerate(class, None).await;
        found.map_err(|error| self.trouble(&format!("reading {class}"), error))
    }

    async fn call(
        &self,
        agent: &AgentName,
        method: &str,
        arguments: Vec<(String, Option<String>)>,
    ) -> Result<String, Trouble> {
        let call = Call {
            class: AGENT_CLASS,
            key: ("Name", agent.as_str()),
            method,
        };
        let provider = self.provider()?;
        let outputs = provider
            .order(&call, arguments, Some(EXECUTE_TIMEOUT))
            .await
            .map_err(|error| self.trouble(method, error))?;
        Ok(outputs.return_value().unwrap_or_default().trim().to_owned())
    }

    fn provider(&self) -> Result<&Provider, Trouble> {
        self.provider.as_ref().ok_or_else(|| Trouble {
            kind: TroubleKind::Account,
            sentence: "nobody has logged on".to_owned(),
            remedy: None,
            is_of_password: false,
        })
    }

    fn trouble(&self, what: &str, error: ClientError) -> Trouble {
        let kind = kind_of(&error);
        let told = explain(self.endpoint(), &self.person, what, error);
        let text = told.context.strip_prefix(&format!("{what} failed: "));
        let text = text.unwrap_or(&told.context);
        // The sentences have one form: what is wrong, a semicolon, what to do.
        let (sentence, remedy) = match text.split_once("; ") {
            Some((sentence, remedy)) => (sentence, Some(remedy.to_owned())),
            None => (text, None),
        };
        Trouble {
            kind,
            sentence: sentence.to_owned(),
            remedy,
            is_of_password: told.is_of_password(),
        }
    }
}

fn kind_of(error: &ClientError) -> TroubleKind {
    match error {
        ClientError::Settings(_) => TroubleKind::Settings,
        ClientError::Unencrypted
        | ClientError::Unsealed
        | ClientError::SealRefused
        | ClientError::Seal(_) => TroubleKind::Encryption,
        ClientError::Transport(error) | ClientError::SignOn(error) => match error {
            TransportError::Certificate { .. } | TransportError::Tls(_) => TroubleKind::Tls,
            TransportError::NotHttp(_) | TransportError::TooLarge(_) => TroubleKind::Protocol,
            TransportError::Settings(_) => TroubleKind::Settings,
            TransportError::Name(_)
            | TransportError::Connect { .. }
            | TransportError::TimedOut(_)
            | TransportError::Broken(_) => TroubleKind::Unreachable,
        },
        ClientError::Unauthorized(_) => TroubleKind::Account,
        ClientError::Status(403) => TroubleKind::WinrmRight,
        ClientError::Status(502..=504) => TroubleKind::Unreachable,
        ClientError::Status(_) | ClientError::Protocol(_) => TroubleKind::Protocol,
        ClientError::Fault(fault) => match (FaultKind::of(fault), fault.wsman_code) {
            (_, Some(code)) if NAMESPACE_RIGHT.contains(&code) => TroubleKind::NamespaceRight,
            (_, Some(PROVIDER_RIGHT)) => TroubleKind::ProviderRight,
            (FaultKind::AccessDenied, _) => TroubleKind::WinrmRight,
            (FaultKind::NotFound, _) => TroubleKind::NotFound,
            (FaultKind::TimedOut, _) => TroubleKind::Unreachable,
            (_, Some(PROVIDER_FAILURE)) => TroubleKind::ProviderFailed,
            (
                FaultKind::AnswerTooLarge
                | FaultKind::Filter
                | FaultKind::Quota
                | FaultKind::Request
                | FaultKind::Server,
                _,
            ) => TroubleKind::Fault,
        },
    }
}
