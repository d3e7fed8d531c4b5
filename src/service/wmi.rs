//! The synchronization service through WMI itself: on the server as the logged-on user, as the old
//! tool did, or over DCOM.
//!
//! The same classes as over WS-Management. Must not decide when something may run, and must never
//! order a run twice.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::task::JoinSet;

use super::answers;
use super::explain::word_of_failure;
use super::history_row::{self, HistoryRow, newest_by_profile};
use super::wmi_explain::explain;
use super::{
    EXECUTE_TIMEOUT, ExecuteReply, HistoryEntry, Identity, ServiceError, ServiceErrorKind,
    SyncService,
};
use crate::base::secret::Secret;
use crate::mim::{
    AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, ResultClass, RunDetails, RunResult,
    StepType,
};
use crate::wmi::{
    Account, Caller, Limits, Meaning, MethodCall, Opener, Place, Row, Value, WmiError, object_path,
    system,
};

/// The WMI namespace of the service.
const NAMESPACE: &str = r"root\MicrosoftIdentityIntegrationServer";
/// Whoever is signed on where no account is named.
pub(super) const LOGGED_ON_USER: &str = "the logged-on user";
const AGENT_CLASS: &str = "MIIS_ManagementAgent";
const HISTORY_CLASS: &str = "MIIS_RunHistory";

/// What a connection needs.
#[derive(Clone, Default)]
pub struct WmiSettings {
    /// Another machine; `None`, a dot or `localhost` is this one.
    pub host: Option<String>,
    /// An account other than the logged-on one; only for another machine.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<Secret>,
}

impl fmt::Debug for WmiSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WmiSettings")
            .field("host", &self.host)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// How long calls may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WmiTimeouts {
    /// To connect; DCOM itself gives up after two minutes.
    pub connect: Duration,
    /// For every call but `Execute`; long run details take their time.
    pub call: Duration,
    /// How long `Execute` is waited for; the call itself lasts as long as the run.
    pub execute: Duration,
}

impl Default for WmiTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            call: Duration::from_mins(1),
            execute: EXECUTE_TIMEOUT,
        }
    }
}

/// The synchronization service over WMI. Cloning shares the connection.
#[derive(Clone)]
pub struct WmiService {
    shared: Arc<Shared>,
}

struct Shared {
    caller: Caller,
    /// The server for people.
    server: String,
    /// The account for people.
    user: String,
    timeouts: WmiTimeouts,
    /// What the newest complete run of each profile told.
    known_steps: Mutex<BTreeMap<(AgentName, ProfileName), KnownSteps>>,
}

/// What the details of a run told about its profile.
#[derive(Clone)]
struct KnownSteps {
    run_key: String,
    step_types: Vec<StepType>,
}

impl WmiService {
    /// Prepares a connection; connects to nothing yet.
    ///
    /// # Errors
    /// [`ServiceErrorKind::Settings`] when the settings cannot work, as on a system without WMI.
    pub fn new(settings: WmiSettings) -> Result<Self, ServiceError> {
        let place = place(settings)?;
        let server = server_name(place.host.as_deref());
        let user = place
            .account
            .as_ref()
            .map_or_else(|| LOGGED_ON_USER.to_owned(), |a| a.user.clone());
        let opener = system_opener(place)?;
        let timeouts = WmiTimeouts::default();
        Ok(Self::over(opener, server, user, timeouts))
    }

    /// A service over any WMI; `server` and `user` are for people.
    pub fn over(
        opener: Arc<dyn Opener>,
        server: String,
        user: String,
        timeouts: WmiTimeouts,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                caller: Caller::new(opener, Limits::default()),
                server,
                user,
                timeouts,
                known_steps: Mutex::new(BTreeMap::new()),
            }),
        }
    }
}

/// The WMI of this system.
///
/// # Errors
/// [`ServiceErrorKind::Settings`] where there is none.
pub(super) fn system_opener(place: Place) -> Result<Arc<dyn Opener>, ServiceError> {
    let opener = system(place).map_err(|error| ServiceError {
        context: "WMI is part of Windows only; use the transport `winrm` and name the server"
            .to_owned(),
        kind: ServiceErrorKind::Settings,
        source: Some(Box::new(error)),
    })?;
    Ok(Arc::from(opener))
}

pub(super) fn server_name(host: Option<&str>) -> String {
    host.map_or_else(|| "this machine".to_owned(), |host| format!(r"\\{host}"))
}

pub(super) fn place(settings: WmiSettings) -> Result<Place, ServiceError> {
    let problem = |context: String| ServiceError {
        context,
        kind: ServiceErrorKind::Settings,
        source: None,
    };
    let host = settings
        .host
        .map(|host| host.trim().trim_start_matches('\\').to_owned())
        .filter(|host| {
            !matches!(
                host.to_ascii_lowercase().as_str(),
                "" | "." | "localhost" | "127.0.0.1" | "::1"
            )
        });
    if let Some(host) = &host
        && host.contains(['/', '\\', '@', '?', '#'])
    {
        return Err(problem(
            "WMI takes the name or the address of a server, not a URL".to_owned(),
        ));
    }
    // On this machine WMI serves the logged-on user alone.
    let user = settings.user.filter(|_| host.is_some());
    let account = match (user, settings.password) {
        (None, _) => None,
        (Some(user), Some(password)) => Some(Account { user, password }),
        (Some(user), None) => {
            return Err(problem(format!(
                "the password of `{user}` is missing; WMI can also be used as the logged-on user, \
                 if no user is named"
            )));
        }
    };
    Ok(Place {
        host,
        namespace: NAMESPACE.to_owned(),
        account,
    })
}

pub(super) fn method(class: &str, key: &str, value: &str, method: &str) -> MethodCall {
    MethodCall {
        class: class.to_owned(),
        object: object_path(class, key, value),
        method: method.to_owned(),
        arguments: Vec::new(),
    }
}

impl Shared {
    fn explain(&self, what: &str, error: WmiError) -> ServiceError {
        explain(&self.server, &self.user, what, error)
    }

    async fn query(&self, wql: &str, what: &str) -> Result<Vec<Row>, ServiceError> {
        self.caller
            .query(wql, self.timeouts.connect + self.timeouts.call)
            .await
            .map_err(|error| self.explain(what, error))
    }

    /// Calls a method without arguments; null counts as empty.
    async fn invoke(&self, call: MethodCall, object: &str) -> Result<String, ServiceError> {
        let what = format!("{} of `{object}`", call.method);
        let outputs = self
            .caller
            .call(call, self.timeouts.connect + self.timeouts.call)
            .await
            .map_err(|error| self.explain(&what, error))?;
        Ok(outputs.value("ReturnValue").unwrap_or_default().to_owned())
    }

    async fn call(&self, agent: &AgentName, name: &str) -> Result<String, ServiceError> {
        let call = method(AGENT_CLASS, "Name", agent.as_str(), name);
        self.invoke(call, agent.as_str()).await
    }

    /// Asks an agent something; words of failure are failures here, not answers.
    async fn ask(&self, agent: &AgentName, name: &str) -> Result<String, ServiceError> {
        let answer = self.call(agent, name).await?;
        match word_of_failure(&self.server, &self.user, answer.trim()) {
            None => Ok(answer),
            Some((kind, sentence)) => Err(ServiceError {
                context: format!("{name} of `{agent}` failed: {sentence}"),
                kind,
                source: None,
            }),
        }
    }

    fn details(&self, text: &str, object: &str) -> Result<Vec<RunDetails>, ServiceError> {
        answers::run_details(&self.server, text, object)
    }

    async fn state(&self, agent: &AgentName) -> Result<AgentState, ServiceError> {
        let status = RunResult::new(&self.ask(agent, "RunStatus").await?);
        if status.class() == ResultClass::Running {
            let profile = self.ask(agent, "RunProfile").await?;
            return Ok(AgentState::Running {
                profile: ProfileName::new(&profile).ok(),
            });
        }
        Ok(AgentState::Idle {
            last_result: Some(status).filter(|status| !status.as_str().is_empty()),
        })
    }

    /// The details of a run by the key of its row in the history.
    async fn details_by_key(&self, key: &str) -> Result<Vec<RunDetails>, ServiceError> {
        let call = method(HISTORY_CLASS, "Key", key, "RunDetails");
        let text = self.invoke(call, key).await?;
        self.details(&text, key)
    }

    async fn step_types(&self, row: &HistoryRow) -> Result<Vec<StepType>, ServiceError> {
        if !row.is_complete() {
            return Ok(Vec::new());
        }
        let key = (row.agent.clone(), row.profile.clone());
        let known = self.known_steps.lock().get(&key).cloned();
        if let Some(known) = known.filter(|known| known.run_key == row.key) {
            return Ok(known.step_types);
        }
        let runs = match self.details_by_key(&row.key).await {
            // Cleared from the history since it was listed: the profile is known by name only.
            Err(error) if error.kind.is_refusal() => return Ok(Vec::new()),
            other => other?,
        };
        let step_types: Option<Vec<StepType>> = runs
            .first()
            .and_then(|run| run.steps.iter().map(|step| step.step_type).collect());
        let step_types = step_types.unwrap_or_default();
        let known = KnownSteps {
            run_key: row.key.clone(),
            step_types: step_types.clone(),
        };
        self.known_steps.lock().insert(key, known);
        Ok(step_types)
    }

    async fn history_rows(&self, wql: &str, what: &str) -> Result<Vec<HistoryRow>, ServiceError> {
        let rows = self.query(wql, what).await?;
        Ok(rows.iter().filter_map(HistoryRow::read).collect())
    }

    async fn agents(self: Arc<Self>) -> Result<Vec<AgentInfo>, ServiceError> {
        let rows = self
            .query(
                &format!("select * from {AGENT_CLASS}"),
                "reading the management agents",
            )
            .await?;
        let mut agents: Vec<AgentInfo> = rows.iter().filter_map(history_row::agent).collect();
        let history = self
            .history_rows(
                &format!("select * from {HISTORY_CLASS}"),
                "reading the run history",
            )
            .await?;
        // The history also names agents that were deleted since.
        let history = history
            .into_iter()
            .filter(|row| agents.iter().any(|agent| agent.name == row.agent))
            .collect();
        let names: Vec<AgentName> = agents.iter().map(|agent| agent.name.clone()).collect();
        let states = in_parallel(names.into_iter().map(|name| {
            let shared = Arc::clone(&self);
            async move { Ok((name.clone(), shared.state(&name).await?)) }
        }));
        let profiles = in_parallel(newest_by_profile(history).into_iter().map(|row| {
            let shared = Arc::clone(&self);
            async move {
                let step_types = shared.step_types(&row).await?;
                let name = row.profile;
                Ok((row.agent, ProfileInfo { name, step_types }))
            }
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

    /// Orders a run; the outcome as the trait defines it. The thread that calls stays with the call
    /// until the run ends, also when nobody waits for it here.
    async fn execute(
        &self,
        agent: &AgentName,
        profile: &ProfileName,
    ) -> Result<ExecuteReply, ServiceError> {
        let what = format!("starting `{profile}` on `{agent}`");
        // The time to connect is not the time to wait for the run.
        self.caller
            .open(self.timeouts.connect)
            .await
            .map_err(|error| self.explain(&what, error))?;
        let call = MethodCall {
            arguments: vec![(
                "RunProfileName".to_owned(),
                Value::Text(profile.as_str().to_owned()),
            )],
            ..method(AGENT_CLASS, "Name", agent.as_str(), "Execute")
        };
        let server = &self.server;
        match self.caller.call(call, self.timeouts.execute).await {
            Ok(outputs) => Ok(match outputs.value("ReturnValue").map(RunResult::new) {
                Some(result) if !result.as_str().is_empty() => ExecuteReply::Ended(result),
                _ => ExecuteReply::ProbablyRunning(format!("{server} answered without a result")),
            }),
            Err(error) if error.nothing_was_done() => Err(self.explain(&what, error)),
            Err(error) if error.meaning == Meaning::TimedOut => Ok(ExecuteReply::ProbablyRunning(
                format!("{server} is at work on it"),
            )),
            Err(error) => {
                let reason = format!("{server} gave no final answer: {error}");
                Ok(ExecuteReply::ProbablyRunning(reason))
            }
        }
    }
}

/// Runs all calls side by side; the first failure ends the others. The threads of WMI bound them.
async fn in_parallel<T, F>(calls: impl Iterator<Item = F>) -> Result<Vec<T>, ServiceError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ServiceError>> + Send + 'static,
{
    let mut waiting = calls;
    let mut tasks = JoinSet::new();
    for call in waiting.by_ref().take(Limits::default().idle) {
        tasks.spawn(call);
    }
    let mut results = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        let result = joined.map_err(|error| ServiceError {
            context: "a request was abandoned".to_owned(),
            kind: ServiceErrorKind::Protocol,
            source: Some(Box::new(error)),
        })?;
        results.push(result?);
        if let Some(call) = waiting.next() {
            tasks.spawn(call);
        }
    }
    Ok(results)
}

#[async_trait]
impl SyncService for WmiService {
    fn server(&self) -> String {
        self.shared.server.clone()
    }

    async fn identify(&self) -> Result<Identity, ServiceError> {
        let shared = &self.shared;
        shared
            .caller
            .open(shared.timeouts.connect)
            .await
            .map_err(|error| shared.explain("the first contact", error))?;
        Ok(Identity {
            vendor: "WMI".to_owned(),
            version: String::new(),
            signed_on: Some(format!("{} by WMI, encrypted", shared.user)),
            user: Some(shared.user.clone()),
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
        let word = self.shared.call(agent, "Stop").await?;
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
        let what = format!("reading the run history of `{agent}`");
        let query = history_row::query_for(agent, number);
        let rows = self.shared.history_rows(&query, &what).await?;
        let is_it = |row: &&HistoryRow| row.number == number && row.agent == *agent;
        let Some(row) = rows.iter().find(is_it) else {
            return Ok(None);
        };
        let runs = self.shared.details_by_key(&row.key).await?;
        Ok(runs.into_iter().find(|run| run.run_number == number))
    }

    fn signed_on(&self) -> Option<String> {
        Some(format!("{} by WMI, encrypted", self.shared.user))
    }

    fn account(&self) -> Option<String> {
        answers::account(&self.shared.user)
    }

    async fn history(
        &self,
        agent: &AgentName,
        after: u64,
    ) -> Result<Vec<HistoryEntry>, ServiceError> {
        let what = format!("reading the run history of `{agent}`");
        let query = history_row::query_after(agent, after);
        let rows = match self.shared.history_rows(&query.near, &what).await {
            Ok(rows) if history_row::near_suffices(rows.len()) => rows,
            Err(error) if error.kind != ServiceErrorKind::Fault => return Err(error),
            // None, too many, or a query that the provider cannot take.
            Ok(_) | Err(_) => self.shared.history_rows(&query.all, &what).await?,
        };
        Ok(history_row::entries(rows, agent, after))
    }
}
