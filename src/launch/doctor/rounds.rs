//! Gathers the facts of a diagnosis, one after the other.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::check::Line;
use super::examination::{Examination, Question, Way};
use super::facts::{Fact, Gone, Probe};
use crate::base::secret::Secret;
use crate::base::time::{Clock as _, SystemClock};
use crate::launch::connect;
use crate::launch::{ConnectError, Target};
use crate::mim::{AgentName, ProfileName};
use crate::service::{Examiner, WmiExaminer};
use crate::wsman::ProtocolLog;

/// How long a resolver may take; it asks several servers in turn.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Where DCOM begins.
const DCOM_PORT: u16 = 135;
/// How many addresses of a name are tried.
const MAX_ADDRESSES: usize = 4;

/// What is to be diagnosed.
pub struct DoctorOrder {
    /// The server.
    pub target: Target,
    /// The account's password.
    pub password: Option<Secret>,
    /// Whether an order is tried, and on which agent.
    pub order_probe: OrderProbe,
    /// Sees the conversation, without secrets.
    pub protocol_log: Option<ProtocolLog>,
}

/// Whether an order is tried, of a profile that no agent has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OrderProbe {
    /// None is.
    #[default]
    No,
    /// On the first agent that there is.
    OnFirst,
    /// On this one.
    On(AgentName),
}

/// What came out in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// All lines, in order.
    pub lines: Vec<Line>,
    /// Whether the server did not take the password, so that it must not be tried again.
    pub is_password_refused: bool,
}

/// Makes a diagnosis and tells each line as soon as it is known, in the order of
/// [`Check::ALL`](super::Check::ALL). Must be called within a tokio runtime; dropping the future ends it.
///
/// # Errors
/// [`ConnectError`] when the settings cannot work, so that there is nothing to diagnose.
pub async fn examine(
    order: DoctorOrder,
    mut tell: impl FnMut(&Line) + Send,
) -> Result<Outcome, ConnectError> {
    let way = connect::Way::to(&order.target, order.password, order.protocol_log).await?;
    let (mut server, simulator) = match way {
        connect::Way::Winrm(settings, simulator) => {
            let examiner = Box::new(Examiner::new(*settings)?);
            (Server::Winrm(examiner), simulator)
        }
        connect::Way::Wmi(settings) => (Server::Wmi(WmiExaminer::new(settings)?), None),
    };
    let execute = match order.order_probe {
        OrderProbe::No => None,
        OrderProbe::OnFirst => unheard_of().map(|profile| (None, profile)),
        OrderProbe::On(agent) => unheard_of().map(|profile| (Some(agent), profile)),
    };
    let mut examination = Examination::new(server.question(execute));
    let mut lines = Vec::new();
    while let Some(probe) = examination.next().cloned() {
        examination.learn(server.find_out(probe).await);
        for line in examination.fresh_lines() {
            tell(&line);
            lines.push(line);
        }
    }
    if let Some(simulator) = simulator {
        simulator.stop().await;
    }
    Ok(Outcome {
        lines,
        is_password_refused: examination.is_password_refused(),
    })
}

/// A profile name that no agent has.
fn unheard_of() -> Option<ProfileName> {
    let name = format!("masequencer-doctor-{}", uuid::Uuid::new_v4());
    ProfileName::new(&name).ok()
}

/// Whoever answers the questions.
enum Server {
    Winrm(Box<Examiner>),
    Wmi(WmiExaminer),
}

impl Server {
    fn question(&self, execute: Option<(Option<AgentName>, ProfileName)>) -> Question {
        match self {
            Self::Winrm(examiner) => {
                let endpoint = examiner.endpoint();
                Question {
                    name: endpoint.name().to_owned(),
                    port: endpoint.port(),
                    way: if endpoint.is_encrypted() {
                        Way::Https
                    } else {
                        Way::Http
                    },
                    is_loopback: endpoint.is_loopback(),
                    user: examiner.user().to_owned(),
                    execute,
                }
            }
            Self::Wmi(examiner) => Question {
                name: examiner.host().unwrap_or_default().to_owned(),
                port: DCOM_PORT,
                way: Way::Wmi,
                is_loopback: examiner.host().is_none(),
                user: examiner.user().to_owned(),
                execute,
            },
        }
    }

    async fn find_out(&mut self, probe: Probe) -> Fact {
        match self {
            Self::Winrm(examiner) => ask_winrm(examiner, probe).await,
            Self::Wmi(examiner) => ask_wmi(examiner, probe).await,
        }
    }
}

async fn ask_winrm(examiner: &mut Examiner, probe: Probe) -> Fact {
    match probe {
        Probe::Resolve => {
            let endpoint = examiner.endpoint();
            Fact::Resolved(resolve(endpoint.name(), endpoint.port()).await)
        }
        Probe::Connect(addresses) => {
            Fact::Connected(connect(&addresses, examiner.endpoint().port()).await)
        }
        Probe::Ring => {
            let found = examiner.ring().await;
            Fact::Rang(found, SystemClock::start().wall())
        }
        Probe::LogOn => Fact::LoggedOn(examiner.log_on().await),
        Probe::ListAgents => Fact::Agents(examiner.agents().await),
        Probe::LookIntoNamespace => Fact::Namespace(examiner.namespace().await),
        Probe::AskAgent(agent) => Fact::Status(examiner.status(&agent).await),
        Probe::Execute(agent, profile) => Fact::Executed(examiner.execute(&agent, &profile).await),
    }
}

async fn ask_wmi(examiner: &WmiExaminer, probe: Probe) -> Fact {
    match probe {
        Probe::Resolve => {
            Fact::Resolved(resolve(examiner.host().unwrap_or_default(), DCOM_PORT).await)
        }
        Probe::Connect(addresses) => Fact::Connected(connect(&addresses, DCOM_PORT).await),
        // WMI answers nobody without an account, so both are one.
        Probe::Ring | Probe::LogOn => Fact::LoggedOn(examiner.log_on().await),
        Probe::ListAgents => Fact::Agents(examiner.agents().await),
        Probe::LookIntoNamespace => Fact::Namespace(examiner.namespace().await),
        Probe::AskAgent(agent) => Fact::Status(examiner.status(&agent).await),
        Probe::Execute(agent, profile) => Fact::Executed(examiner.execute(&agent, &profile).await),
    }
}

async fn resolve(name: &str, port: u16) -> Result<Vec<IpAddr>, Gone> {
    let found = timeout(RESOLVE_TIMEOUT, lookup_host((name, port)))
        .await
        .map_err(|_elapsed| Gone::Silent(RESOLVE_TIMEOUT))?
        .map_err(|error| gone(&error))?;
    let mut addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
    addresses.dedup();
    Ok(addresses)
}

/// Tries the addresses in turn, as every client does; the last one's answer counts.
async fn connect(addresses: &[IpAddr], port: u16) -> Result<SocketAddr, Gone> {
    let mut last = Gone::Other("there is no address".to_owned());
    for address in addresses.iter().take(MAX_ADDRESSES) {
        let address = SocketAddr::new(*address, port);
        last = match timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
            Ok(Ok(_stream)) => return Ok(address),
            Ok(Err(error)) => gone(&error),
            Err(_) => Gone::Silent(CONNECT_TIMEOUT),
        };
    }
    Err(last)
}

fn gone(error: &io::Error) -> Gone {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Gone::Refused,
        _ => Gone::Other(error.to_string()),
    }
}
