//! The connection to the server: opening it, reading the agents now and then, and the demo's server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::base::error_chain;
use crate::base::secret::Secret;
use crate::base::time::{Clock as _, Moment, SystemClock};
use crate::designer::words::effects as words;
use crate::designer::{Answer, Certificate, ConnectedServer, ServerChoice, Token};
use crate::launch::demo::{DemoError, DemoServer};
use crate::launch::detached::Program;
use crate::launch::{ConnectError, Connection, ServerOverrides, Target};
use crate::mim::AgentInfo;
use crate::service::{ServiceError, SyncService};
use crate::wsman::ShownCertificate;

use super::outbox::Outbox;

/// What a person asks to connect to.
pub(super) struct Wanted {
    pub(super) token: Token,
    pub(super) choice: ServerChoice,
    pub(super) password: Option<Secret>,
    pub(super) folder: Option<PathBuf>,
}

/// The connection, and what is under way for it.
pub(super) struct Servers {
    current: Current,
    program: Program,
    connecting: Option<AbortHandle>,
    reading: Option<AbortHandle>,
    outbox: Outbox,
}

/// What is connected; shared with whoever starts a run on it.
#[derive(Clone, Default)]
pub(super) struct Current(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    demo: Option<Arc<DemoServer>>,
}

/// Why there is no connection, for a person.
struct Refusal {
    sentence: String,
    is_password: bool,
    certificate: Option<Box<Certificate>>,
}

struct Opened {
    server: ConnectedServer,
    agents: Vec<AgentInfo>,
}

impl Servers {
    pub(super) fn new(program: Program, outbox: Outbox) -> Self {
        Self {
            current: Current::default(),
            program,
            connecting: None,
            reading: None,
            outbox,
        }
    }

    /// What whoever starts a run must know.
    pub(super) fn current(&self) -> Current {
        self.current.clone()
    }

    /// Connects; an older attempt and an older connection end.
    pub(super) fn connect(&mut self, wanted: Wanted, runtime: &Handle) {
        self.end_tasks();
        let (current, program) = (self.current.clone(), self.program.clone());
        let outbox = self.outbox.clone();
        let task = runtime.spawn(async move {
            let token = wanted.token;
            let clock = SystemClock::start();
            let answer = match current.connect(wanted, &program, clock).await {
                Ok(opened) => Answer::Connected {
                    token,
                    server: opened.server,
                    agents: opened.agents.into(),
                    at: clock.wall(),
                },
                Err(refusal) => Answer::NotConnected {
                    token,
                    sentence: words::sentence(&refusal.sentence),
                    is_password: refusal.is_password,
                    certificate: refusal.certificate,
                },
            };
            outbox.send(answer);
        });
        self.connecting = Some(task.abort_handle());
    }

    /// Ends the connection, or the attempt at one. The demo's server lives on for its runs.
    pub(super) fn disconnect(&mut self) {
        self.end_tasks();
        *self.current.0.lock() = State::default();
    }

    /// Reads the agents now, and then every so many seconds.
    pub(super) fn read_agents(&mut self, token: Token, every_seconds: u32, runtime: &Handle) {
        if let Some(task) = self.reading.take() {
            task.abort();
        }
        let Some(service) = self.current.service() else {
            return;
        };
        let every = Duration::from_secs(every_seconds.into());
        let reading = Reading {
            service,
            token,
            outbox: self.outbox.clone(),
            clock: SystemClock::start(),
        };
        self.reading = Some(runtime.spawn(reading.read(every)).abort_handle());
    }

    fn end_tasks(&mut self) {
        let tasks = [self.connecting.take(), self.reading.take()];
        for task in tasks.into_iter().flatten() {
            task.abort();
        }
    }
}

/// How often it is told that a quiet server still says the same: what is kept of it must not look older than
/// it is. Longer than what the designer takes for fresh, else it would drop every second one.
const STAMP: Duration = Duration::from_mins(6);

/// Reads the agents of one connection.
struct Reading {
    service: Arc<dyn SyncService>,
    token: Token,
    outbox: Outbox,
    clock: SystemClock,
}

impl Reading {
    /// Answers the first time, and then only when something is different or the last answer is old: a
    /// window at rest draws nothing.
    async fn read(self, every: Duration) {
        let mut last: Option<(Read, Moment)> = None;
        loop {
            let begin = self.clock.now();
            let read = match self.service.agents().await {
                Ok(agents) => Ok(Arc::from(agents)),
                Err(error) => Err(words::sentence(&error.to_string())),
            };
            let now = self.clock.now();
            let before = last.as_ref();
            if before.is_none_or(|(said, at)| is_news(said, &read, now.since(*at))) {
                self.outbox.send(match read.clone() {
                    Ok(agents) => Answer::AgentsRead {
                        token: self.token,
                        agents,
                        at: self.clock.wall(),
                        reply_ms: millis(now.since(begin)),
                    },
                    Err(sentence) => Answer::AgentsNotRead {
                        token: self.token,
                        sentence,
                    },
                });
                last = Some((read, now));
            }
            if every.is_zero() {
                return;
            }
            tokio::time::sleep(every).await;
        }
    }
}

/// What was read, or why it was not.
type Read = Result<Arc<[AgentInfo]>, String>;

/// Whether an answer is worth a word, this long after the last one that was.
fn is_news(said: &Read, read: &Read, since: Duration) -> bool {
    said != read || (read.is_ok() && since >= STAMP)
}

impl Current {
    fn service(&self) -> Option<Arc<dyn SyncService>> {
        let state = self.0.lock();
        state.connection.as_ref().map(Connection::service)
    }

    /// How a server is reached, and with which password. The demo is the server that is connected;
    /// when it is no longer, a run has a simulator of its own.
    pub(super) fn target(
        &self,
        choice: &ServerChoice,
        password: Option<Secret>,
        folder: &Path,
    ) -> Result<(Target, Option<Secret>), ServiceError> {
        let target = decide(choice, folder)?;
        let demo = self.0.lock().demo.clone();
        Ok(match (target, demo) {
            (Target::Demo { .. }, Some(demo)) => {
                (Target::Winrm(demo.target()), Some(demo.password.clone()))
            }
            (target, _) => (target, password),
        })
    }

    async fn connect(
        &self,
        wanted: Wanted,
        program: &Program,
        clock: SystemClock,
    ) -> Result<Opened, Refusal> {
        self.0.lock().connection = None;
        let folder = wanted.folder.unwrap_or_default();
        let target = decide(&wanted.choice, &folder)?;
        match target {
            Target::Winrm(_) | Target::Wmi(_) => {
                self.0.lock().demo = None;
                self.open(&target, wanted.password, None, clock).await
            }
            Target::Demo { scenario } => {
                let known = self.0.lock().demo.clone();
                if let Some(demo) = known
                    && let Ok(opened) = self.open_demo(&demo, clock).await
                {
                    return Ok(opened);
                }
                let demo = Arc::new(DemoServer::start(program, scenario).await?);
                self.0.lock().demo = Some(Arc::clone(&demo));
                self.open_demo(&demo, clock).await
            }
        }
    }

    async fn open_demo(&self, demo: &DemoServer, clock: SystemClock) -> Result<Opened, Refusal> {
        let target = Target::Winrm(demo.target());
        let password = Some(demo.password.clone());
        self.open(&target, password, Some(words::DEMO_SERVER), clock)
            .await
    }

    async fn open(
        &self,
        target: &Target,
        password: Option<Secret>,
        name: Option<&str>,
        clock: SystemClock,
    ) -> Result<Opened, Refusal> {
        let connection = Connection::open(target, password, None).await?;
        let service = connection.service();
        let begin: Moment = clock.now();
        let (product, signed_on, user) = match service.identify().await {
            Ok(identity) => (
                words::product(&identity.vendor, &identity.version),
                identity.signed_on.unwrap_or_default(),
                identity.user.unwrap_or_default(),
            ),
            // A server that answers but does not say who it is may still be one.
            Err(error) if error.kind.is_refusal() => <(String, String, String)>::default(),
            Err(error) => return Err(error.into()),
        };
        let reply_ms = millis(clock.now().since(begin));
        let agents = service.agents().await?;
        let address = service.server();
        let server = ConnectedServer {
            name: name.map_or_else(|| host_of(&address), str::to_owned),
            account: target.account().map_or(user, str::to_owned),
            signed_on,
            address,
            product,
            reply_ms,
        };
        self.0.lock().connection = Some(connection);
        Ok(Opened { server, agents })
    }
}

fn decide(choice: &ServerChoice, folder: &Path) -> Result<Target, ServiceError> {
    match choice {
        ServerChoice::Demo => Ok(Target::Demo { scenario: None }),
        ServerChoice::Winrm(settings) => {
            Target::decide(settings, &ServerOverrides::default(), folder)
        }
    }
}

/// The host of an address such as `https://mim01:5986/wsman`.
fn host_of(address: &str) -> String {
    if let Some(host) = address.strip_prefix(r"\\") {
        return host.to_owned();
    }
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = match authority.rsplit_once(':') {
        // An address in brackets has colons of its own.
        Some((host, port)) if !port.contains(']') => host,
        _ => authority,
    };
    host.to_owned()
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self {
            is_password: error.is_of_password(),
            certificate: error.shown_certificate().map(certificate),
            // It says what is wrong and what to do; its causes are for a log.
            sentence: error.to_string(),
        }
    }
}

impl From<ConnectError> for Refusal {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Service(error) => error.into(),
            other => Self {
                sentence: error_chain::one_line(&other),
                is_password: false,
                certificate: None,
            },
        }
    }
}

impl From<DemoError> for Refusal {
    fn from(error: DemoError) -> Self {
        Self {
            sentence: error_chain::one_line(&error),
            is_password: false,
            certificate: None,
        }
    }
}

fn certificate(shown: ShownCertificate) -> Box<Certificate> {
    Box::new(Certificate {
        subject: shown.subject,
        issuer: shown.issuer,
        names: shown.names,
        not_before: shown.not_before,
        not_after: shown.not_after,
        sha256: shown.sha256,
    })
}

#[cfg(test)]
mod tests {
    use crate::designer::{KEPT_FRESH, signs_on_alone};
    use crate::model::{Authentication, ServerSettings};
    use crate::service::ServiceErrorKind;
    use crate::wsman::{ClientError, Refusal as Why};

    use super::*;

    #[test]
    fn the_window_knows_whether_a_user_must_be_named() {
        for authentication in Authentication::ALL {
            let choice = ServerChoice::Winrm(ServerSettings {
                host: Some("mim01".to_owned()),
                authentication,
                ..ServerSettings::default()
            });
            let target = decide(&choice, Path::new(""));
            assert_eq!(target.is_ok(), signs_on_alone(authentication), "{target:?}");
        }
    }

    #[test]
    fn another_password_is_asked_for_only_when_the_password_was_refused() {
        for (why, is_password) in [(Why::Credentials, true), (Why::ClockSkew, false)] {
            let refusal = Refusal::from(ServiceError {
                context: "no".to_owned(),
                kind: ServiceErrorKind::Unauthorized,
                source: Some(Box::new(ClientError::Unauthorized(why.clone()))),
            });
            assert_eq!(refusal.is_password, is_password, "{why:?}");
        }
    }

    #[test]
    fn a_quiet_server_is_heard_now_and_then() {
        let (none, lost): (Read, Read) = (Ok(Arc::default()), Err("Lost.".to_owned()));
        let soon = STAMP.saturating_sub(Duration::from_secs(1));
        for (said, read, since, expected) in [
            (&none, &none, soon, false),
            (&none, &none, STAMP, true),
            (&none, &lost, soon, true),
            (&lost, &none, soon, true),
            (&lost, &lost, STAMP, false),
        ] {
            assert_eq!(is_news(said, read, since), expected, "{said:?} {read:?}");
        }
        assert!(STAMP.as_secs() > KEPT_FRESH.as_secs().unsigned_abs());
    }

    #[test]
    fn a_server_has_a_short_name() {
        for (address, name) in [
            (
                "https://mim01.corp.example:5986/wsman",
                "mim01.corp.example",
            ),
            ("http://mim01/wsman", "mim01"),
            ("http://[::1]:5985/wsman", "[::1]"),
            ("http://[::1]/wsman", "[::1]"),
            ("mim01", "mim01"),
        ] {
            assert_eq!(host_of(address), name);
        }
    }
}
