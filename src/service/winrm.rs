//! The synchronization service over WS-Management, through its WMI provider.
//!
//! Names of classes, properties and methods: Microsoft's WMI provider reference (ms697764,
//! ms697834). Must not decide when something may run, and must never order a run twice.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::answers;
use super::explain::{Person, explain, unencrypted, word_of_failure};
use super::history_row::{self, HistoryRow, newest_by_profile};
use super::provider::{Call, Provider, QuotaPatience};
use super::{
    ExecuteReply, HistoryEntry, Identity, ServiceError, ServiceErrorKind, SyncService, address,
};
use crate::base::secret::Secret;
use crate::base::text;
use crate::mim::{
    AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, ResultClass, RunDetails, RunResult,
    StepType,
};
use crate::wsman::message::{Family, Outputs};
use crate::wsman::{
    Account, Client, ClientError, ClientSettings, Endpoint, FaultKind, ProtocolLog, Scheme,
    Timeouts, TlsSettings,
};

const AGENT_CLASS: &str = "MIIS_ManagementAgent";
const HISTORY_CLASS: &str = "MIIS_RunHistory";
/// How many requests an inventory has under way; servers limit them per user (MS-WSMV 2.2.4.10).
const MAX_PARALLEL: usize = 4;

/// How long `Execute` is waited for: long enough for a refusal, which comes at once.
pub const EXECUTE_TIMEOUT: Duration = Duration::from_secs(5);

/// What a connection needs.
#[derive(Clone, Default)]
pub struct ServiceSettings {
    /// A host, `host:port` or a URL.
    pub host: String,
    /// Whether the way is encrypted, where `host` is no URL; with an `http` URL, an error.
    pub tls: bool,
    /// The port, where `host` names none; by default 5986 with encryption and 5985 without.
    pub port: Option<u16>,
    /// The user; `None` is whoever is logged on.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<Secret>,
    /// How the user is proved.
    pub scheme: Scheme,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The SHA-256 fingerprint of the only certificate that is trusted.
    pub pin: Option<String>,
    /// Whether the password may travel without encryption; to this machine it always may.
    pub allow_unencrypted: bool,
    /// How classes are written as URIs; `None` tries Windows' own way first, then that of the DMTF,
    /// and keeps to what the server took.
    pub family: Option<Family>,
    /// Sees the conversation, without secrets.
    pub protocol_log: Option<ProtocolLog>,
}

impl fmt::Debug for ServiceSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceSettings")
            .field("host", &self.host)
            .field("tls", &self.tls)
            .field("port", &self.port)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// How long calls to the service may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceTimeouts {
    /// For every call but `Execute`.
    pub calls: Timeouts,
    /// How long the server may take to answer `Execute`.
    pub execute: Duration,
    /// How long a server that refuses a question since it has too much to do is asked again.
    pub quota: QuotaPatience,
}

impl Default for ServiceTimeouts {
    fn default() -> Self {
        Self {
            calls: Timeouts::default(),
            execute: EXECUTE_TIMEOUT,
            quota: QuotaPatience::default(),
        }
    }
}

/// The synchronization service of one server over WinRM. Cloning shares the connection.
#[derive(Clone)]
pub struct WinrmService {
    shared: Arc<Shared>,
}

struct Shared {
    provider: Provider,
    /// The user that was given.
    user: Option<String>,
    /// The account for people.
    person: Person,
    execute_timeout: Duration,
    /// What the newest complete run of each profile told.
    known_steps: Mutex<BTreeMap<(AgentName, ProfileName), KnownSteps>>,
}

/// What the details of a run told about its profile.
#[derive(Debug, Clone)]
struct KnownSteps {
    run_key: String,
    step_types: Vec<StepType>,
}

impl WinrmService {
    /// Prepares a connection with the default time limits; connects to nothing yet.
    ///
    /// # Errors
    /// [`ServiceErrorKind::Settings`] when the settings cannot work.
    pub fn new(settings: ServiceSettings) -> Result<Self, ServiceError> {
        Self::with_timeouts(settings, ServiceTimeouts::default())
    }

    /// Prepares a connection; connects to nothing yet.
    ///
    /// # Errors
    /// [`ServiceErrorKind::Settings`] when the settings cannot work.
    pub fn with_timeouts(
        settings: ServiceSettings,
        timeouts: ServiceTimeouts,
    ) -> Result<Self, ServiceError> {
        let url = address::url(&settings.host, settings.tls, settings.port)?;
        let account = account(settings.user, settings.password)?;
        let (user, person) = (account.user().map(str::to_owned), Person::of(&account));
        let client = Client::new(ClientSettings {
            account,
            scheme: settings.scheme,
            tls: TlsSettings {
                ca_file: settings.ca_file,
                pin: settings.pin,
            },
            allow_unencrypted: settings.allow_unencrypted,
            timeouts: timeouts.calls,
            protocol_log: settings.protocol_log,
            ..ClientSettings::new(&url)
        })
        .map_err(|error| unusable(&url, &error))?;
        Ok(Self {
            shared: Arc::new(Shared {
                provider: Provider::new(client, settings.family, timeouts.quota),
                user,
                person,
                execute_timeout: timeouts.execute,
                known_steps: Mutex::new(BTreeMap::new()),
            }),
        })
    }
}

/// The account that the settings mean.
///
/// # Errors
/// [`ServiceErrorKind::Settings`] when a user is named without a password.
pub(super) fn account(
    user: Option<String>,
    password: Option<Secret>,
) -> Result<Account, ServiceError> {
    Account::of(user, password).map_err(|error| ServiceError {
        context: error.to_string(),
        kind: ServiceErrorKind::Settings,
        source: None,
    })
}

/// Why no connection can even be tried.
pub(super) fn unusable(url: &str, error: &ClientError) -> ServiceError {
    let context = match error {
        ClientError::Unencrypted => unencrypted(url),
        other => other.to_string(),
    };
    ServiceError {
        context,
        kind: ServiceErrorKind::Settings,
        source: None,
    }
}

impl Shared {
    const fn endpoint(&self) -> &Endpoint {
        self.provider.client().endpoint()
    }

    fn explain(&self, what: &str, error: ClientError) -> ServiceError {
        explain(self.endpoint(), &self.person, what, error)
    }

    /// Asks an agent something. The words with which every method says that it could not ask the
    /// service (ms699322) are failures here, not answers.
    async fn ask(&self, agent: &AgentName, method: &str) -> Result<String, ServiceError> {
        let call = agent_call(agent, method);
        let outputs = self.provider.ask(&call).await;
        let answer = self.returned(&call, outputs)?;
        let host = self.endpoint().host();
        match word_of_failure(&host, self.person.words(), answer.trim()) {
            None => Ok(answer),
            Some((kind, sentence)) => Err(ServiceError {
                context: format!("{method} of `{agent}` failed: {sentence}"),
                kind,
                source: None,
            }),
        }
    }

    /// The text that a method returned; null counts as empty.
    fn returned(
        &self,
        call: &Call<'_>,
        outputs: Result<Outputs, ClientError>,
    ) -> Result<String, ServiceError> {
        let outputs = outputs.map_err(|error| {
            let what = format!("{} of `{}`", call.method, call.key.1);
            self.explain(&what, error)
        })?;
        Ok(outputs.return_value().unwrap_or_default().to_owned())
    }

    /// The details of a run by the key of its row in the history.
    async fn details_by_key(&self, key: &str) -> Result<Vec<RunDetails>, ServiceError> {
        let call = Call {
            class: HISTORY_CLASS,
            key: ("Key", key),
            method: "RunDetails",
        };
        let text = self.returned(&call, self.provider.ask(&call).await)?;
        self.details(&text, key)
    }

    fn details(&self, text: &str, object: &str) -> Result<Vec<RunDetails>, ServiceError> {
        answers::run_details(&self.endpoint().host(), text, object)
    }

    /// What the agent does now, and the profile if it runs.
    async fn state(&self, agent: &AgentName) -> Result<AgentState, ServiceError> {
        let status = self.ask(agent, "RunStatus").await?;
        if RunResult::new(&status).class() == ResultClass::Running {
            let profile = self.ask(agent, "RunProfile").await?;
            return Ok(AgentState::Running {
                profile: ProfileName::new(&profile).ok(),
            });
        }
        let status = Some(RunResult::new(&status)).filter(|status| !status.as_str().is_empty());
        Ok(AgentState::Idle {
            last_result: status,
        })
    }

    /// A profile with the types of its steps, from the details of a complete run, which are asked
    /// for only once.
    async fn profile(&self, row: HistoryRow) -> Result<(AgentName, ProfileInfo), ServiceError> {
        let step_types = if row.is_complete() {
            self.step_types(&row).await?
        } else {
            Vec::new()
        };
        let profile = ProfileInfo {
            name: row.profile,
            step_types,
        };
        Ok((row.agent, profile))
    }

    async fn step_types(&self, row: &HistoryRow) -> Result<Vec<StepType>, ServiceError> {
        let key = (row.agent.clone(), row.profile.clone());
        let known = self.known_steps.lock().get(&key).cloned();
        if let Some(known) = known.filter(|known| known.run_key == row.key) {
            return Ok(known.step_types);
        }
        let runs = match self.details_by_key(&row.key).await {
            // The run may have been cleared from the history since it was listed, and its details
            // may be too large to be sent: then the profile is known by name only.
            Err(error)
                if matches!(
                    error.kind,
                    ServiceErrorKind::NotFound | ServiceErrorKind::Fault
                ) =>
            {
                return Ok(Vec::new());
            }
            other => other?,
        };
        let step_types: Option<Vec<StepType>> = runs
            .first()
            .and_then(|run| run.steps.iter().map(|step| step.step_type).collect());
        let known = KnownSteps {
            run_key: row.key.clone(),
            step_types: step_types.unwrap_or_default(),
        };
        let step_types = known.step_types.clone();
        self.known_steps.lock().insert(key, known);
        Ok(step_types)
    }

    async fn history_rows(&self, query: &str) -> Result<Vec<HistoryRow>, ClientError> {
        let items = self.provider.enumerate("*", Some(query)).await?;
        Ok(items.iter().filter_map(HistoryRow::read).collect())
    }

    /// Orders a run; the outcome as the trait defines it.
    async fn execute(
        &self,
        agent: &AgentName,
        profile: &ProfileName,
    ) -> Result<ExecuteReply, ServiceError> {
        let call = agent_call(agent, "Execute");
        let arguments = vec![(
            "RunProfileName".to_owned(),
            Some(profile.as_str().to_owned()),
        )];
        let host = self.endpoint().host();
        let timeout = Some(self.execute_timeout);
        match self.provider.order(&call, arguments, timeout).await {
            Ok(outputs) => Ok(match outputs.return_value().map(RunResult::new) {
                Some(result) if !result.as_str().is_empty() => ExecuteReply::Ended(result),
                _ => ExecuteReply::ProbablyRunning(format!("{host} answered without a result")),
            }),
            Err(error) if error.nothing_was_done() => {
                let what = format!("starting `{profile}` on `{agent}`");
                Err(self.explain(&what, error))
            }
            Err(error) if error.fault_kind() == Some(FaultKind::TimedOut) => {
                let reason = format!("{host} did not wait for the end of the run");
                Ok(ExecuteReply::ProbablyRunning(reason))
            }
            Err(error) => {
                let error = text::printable(&error.to_string());
                let reason = format!("{host} gave no final answer: {error}");
                Ok(ExecuteReply::ProbablyRunning(reason))
            }
        }
    }

    async fn agents(self: Arc<Self>) -> Result<Vec<AgentInfo>, ServiceError> {
        let instances = self
            .provider
            .enumerate(AGENT_CLASS, None)
            .await
            .map_err(|error| self.explain("reading the management agents", error))?;
        let rows = self
            .history_rows(&format!("select * from {HISTORY_CLASS}"))
            .await
            .map_err(|error| self.explain("reading the run history", error))?;
        let mut agents: Vec<AgentInfo> = instances.iter().filter_map(history_row::agent).collect();
        let states = in_parallel(agents.iter().map(|agent| {
            let (shared, agent) = (Arc::clone(&self), agent.name.clone());
            async move {
                let state = shared.state(&agent).await?;
                Ok((agent, state))
            }
        }));
        // The history also names agents that were deleted since.
        let rows = rows
            .into_iter()
            .filter(|row| agents.iter().any(|agent| agent.name == row.agent))
            .collect();
        let profiles = in_parallel(newest_by_profile(rows).into_iter().map(|row| {
            let shared = Arc::clone(&self);
            async move { shared.profile(row).await }
        }));
        for (name, state) in states.await? {
            if let Some(agent) = agents.iter_mut().find(|agent| agent.name == name) {
                agent.state = state;
            }
        }
        for (name, profile) in profiles.await? {
            if let Some(agent) = agents.iter_mut().find(|agent| agent.name == name) {
                agent.profiles.push(profile);
            }
        }
        for agent in &mut agents {
            agent.profiles.sort_by(|a, b| a.name.cmp(&b.name));
        }
        agents.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(agents)
    }
}

fn agent_call<'a>(agent: &'a AgentName, method: &'a str) -> Call<'a> {
    Call {
        class: AGENT_CLASS,
        key: ("Name", agent.as_str()),
        method,
    }
}

/// Runs calls with at most [`MAX_PARALLEL`] under way; the first failure ends the others.
async fn in_parallel<T, F>(calls: impl Iterator<Item = F>) -> Result<Vec<T>, ServiceError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ServiceError>> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(MAX_PARALLEL));
    let mut tasks = JoinSet::new();
    for call in calls {
        let permits = Arc::clone(&permits);
        tasks.spawn(async move {
            // The semaphore is never closed, so a permit always comes.
            let _permit = permits.acquire().await.ok();
            call.await
        });
    }
    let mut results = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        let result = joined.map_err(|error| ServiceError {
            context: "a request was abandoned".to_owned(),
            kind: ServiceErrorKind::Protocol,
            source: Some(Box::new(error)),
        })?;
        results.push(result?);
    }
    Ok(results)
}

#[async_trait]
impl SyncService for WinrmService {
    fn server(&self) -> String {
        self.shared.endpoint().as_str().to_owned()
    }

    async fn identify(&self) -> Result<Identity, ServiceError> {
        let (vendor, version) = self
            .shared
            .provider
            .client()
            .identify()
            .await
            .map_err(|error| self.shared.explain("the first contact", error))?;
        let signed_on = self.shared.provider.client().signed_on();
        Ok(Identity {
            vendor,
            version,
            signed_on: signed_on.as_ref().map(ToString::to_string),
            user: signed_on.map(|signed_on| signed_on.user),
        })
    }

    async fn agents(&self) -> Result<Vec<AgentInfo>, ServiceError> {
        Arc::clone(&self.shared).agents().await
    }

    async fn run_status(&self, agent: &AgentName) -> Result<RunResult, ServiceError> {
        let status = self.shared.ask(agent, "RunStatus").await?;
        Ok(RunResult::new(&status))
    }

    async fn run_number(&self, agent: &AgentName) -> Result<u64, ServiceError> {
        let number = self.shared.ask(agent, "RunNumber").await?;
        answers::run_number(agent, &number)
    }

    async fn run_profile(&self, agent: &AgentName) -> Result<Option<ProfileName>, ServiceError> {
        let profile = self.shared.ask(agent, "RunProfile").await?;
        Ok(ProfileName::new(&profile).ok())
    }

    async fn execute(
        &self,
        agent: &AgentName,
        profile: &ProfileName,
    ) -> Result<ExecuteReply, ServiceError> {
        self.shared.execute(agent, profile).await
    }

    async fn stop(&self, agent: &AgentName) -> Result<RunResult, ServiceError> {
        let call = agent_call(agent, "Stop");
        let answer = self.shared.provider.order(&call, Vec::new(), None).await;
        let word = self.shared.returned(&call, answer)?;
        Ok(RunResult::new(&word))
    }

    async fn last_run(&self, agent: &AgentName) -> Result<Option<RunDetails>, ServiceError> {
        let text = self.shared.ask(agent, "RunDetails").await?;
        let runs = self.shared.details(&text, agent.as_str())?;
        Ok(answers::newest(runs))
    }

    async fn details_of(
        &self,
        agent: &AgentName,
        number: u64,
    ) -> Result<Option<RunDetails>, ServiceError> {
        let query = history_row::query_for(agent, number);
        let rows = self.shared.history_rows(&query).await.map_err(|error| {
            let what = format!("reading the run history of `{agent}`");
            self.shared.explain(&what, error)
        })?;
        let is_it = |row: &&HistoryRow| row.number == number && row.agent == *agent;
        let Some(row) = rows.iter().find(is_it) else {
            return Ok(None);
        };
        let runs = self.shared.details_by_key(&row.key).await?;
        Ok(runs.into_iter().find(|run| run.run_number == number))
    }

    fn signed_on(&self) -> Option<String> {
        let signed_on = self.shared.provider.client().signed_on()?;
        Some(text::printable(&signed_on.in_full()))
    }

    fn account(&self) -> Option<String> {
        let signed_on = self.shared.provider.client().signed_on();
        let known = signed_on.map(|signed_on| signed_on.user);
        answers::account(&known.or_else(|| self.shared.user.clone())?)
    }

    async fn history(
        &self,
        agent: &AgentName,
        after: u64,
    ) -> Result<Vec<HistoryEntry>, ServiceError> {
        let query = history_row::query_after(agent, after);
        let rows = match self.shared.history_rows(&query.near).await {
            Ok(rows) if history_row::near_suffices(rows.len()) => rows,
            Err(error) if error.fault_kind().is_none() => {
                let what = format!("reading the run history of `{agent}`");
                return Err(self.shared.explain(&what, error));
            }
            // None, too many, or a query that the provider cannot take.
            Ok(_) | Err(_) => self
                .shared
                .history_rows(&query.all)
                .await
                .map_err(|error| {
                    let what = format!("reading the run history of `{agent}`");
                    self.shared.explain(&what, error)
                })?,
        };
        Ok(history_row::entries(rows, agent, after))
    }
}
