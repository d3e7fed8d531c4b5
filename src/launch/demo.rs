//! The demo's server in a process of its own: it lives as long as the designer or a run needs it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio::process::ChildStdin;

use crate::base::error_chain;
use crate::base::file::FileProblem;
use crate::base::secret::Secret;
use crate::control::{self, Client};
use crate::model::{Authentication, ResourceUris};
use crate::simulator::{self, Simulator, SimulatorOptions};

use super::connect::{DEMO_SPEED, DEMO_USER};
use super::detached::{Child, Program, Spawned, first_line, spawn};
use super::{ConnectError, WinrmTarget, read_scenario};

/// The hidden verb with which our own program is the demo's server.
pub const DEMO_VERB: &str = "demo-server";

/// How long the server may take to listen.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long after the last request a server goes on that nobody holds any more.
const IDLE: Duration = Duration::from_secs(30);

/// How often such a server looks whether it is still used.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A demo server. Dropping this lets it end once no run uses it any more.
#[derive(Debug)]
pub struct DemoServer {
    /// Where it listens, on this machine only.
    pub url: String,
    /// The account that may log on.
    pub user: String,
    /// The account's password, made for this server.
    pub password: Secret,
    /// Its process.
    pub pid: u32,
    // Held open: its end tells the server that we are gone.
    _lifeline: ChildStdin,
}

/// Why there is no demo server.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The system does not start our own program, or it broke off.
    #[error("could not start the simulator")]
    Spawn(#[source] FileProblem),
    /// It ended, or said something else, or nothing for too long.
    #[error("the simulator did not start")]
    Silent,
    /// It says why.
    #[error("{0}")]
    Refused(String),
}

/// What a demo server is told, in the first line of its standard input.
#[derive(Serialize, Deserialize)]
struct Order {
    scenario: Option<PathBuf>,
    speed: f64,
    user: String,
    password: String,
}

/// What it says, in the first line of its standard output.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Answer {
    Listening { url: String },
    Refused { error: String },
}

impl DemoServer {
    /// Starts a demo server with a scenario, or the small company; must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// [`DemoError`]; then there is no process left.
    pub async fn start(program: &Program, scenario: Option<PathBuf>) -> Result<Self, DemoError> {
        let failed = |error: io::Error| DemoError::Spawn(error.into());
        let password = Secret::new(uuid::Uuid::new_v4().to_string());
        let order = Order {
            scenario,
            speed: DEMO_SPEED,
            user: DEMO_USER.to_owned(),
            password: password.reveal().to_owned(),
        };
        let mut line =
            serde_json::to_string(&order).map_err(|error| failed(io::Error::from(error)))?;
        line.push('\n');
        let line = Secret::new(line);
        let Spawned {
            child,
            mut stdin,
            stdout,
        } = spawn(&program.path().map_err(failed)?, DEMO_VERB).map_err(failed)?;
        let asking = async {
            stdin.write_all(line.reveal().as_bytes()).await?;
            stdin.flush().await?;
            first_line(stdout).await
        };
        let Ok(Ok(Some(answer))) = tokio::time::timeout(DEADLINE, asking).await else {
            return Err(DemoError::Silent);
        };
        match serde_json::from_str(&answer) {
            Ok(Answer::Listening { url }) => Ok(Self {
                url,
                user: DEMO_USER.to_owned(),
                password,
                pid: let_go(child),
                _lifeline: stdin,
            }),
            Ok(Answer::Refused { error }) => Err(DemoError::Refused(error)),
            Err(_not_an_answer) => Err(DemoError::Silent),
        }
    }

    /// How it is reached.
    pub fn target(&self) -> WinrmTarget {
        WinrmTarget {
            host: self.url.clone(),
            user: Some(self.user.clone()),
            authentication: Authentication::Basic,
            is_tls: false,
            port: None,
            ca_file: None,
            pin: None,
            // Loopback only.
            allow_unencrypted: false,
            resource_uris: ResourceUris::Auto,
        }
    }
}

fn let_go(child: Child) -> u32 {
    let pid = child.id();
    child.let_go();
    pid
}

/// A demo server in its own process, as its verb runs it.
pub struct ServedDemo(Simulator);

impl ServedDemo {
    /// Starts what an order asks for; must be called within a tokio runtime.
    ///
    /// # Errors
    /// The line to answer with instead; nothing listens then.
    pub async fn open(order: &Secret) -> Result<Self, String> {
        let opened = async {
            // The parser's words might quote the password.
            let order: Order = serde_json::from_str(order.reveal())
                .map_err(|_quotes| "the order for the simulator is not understood".to_owned())?;
            let options = SimulatorOptions {
                scenario: read_scenario(order.scenario.as_deref())
                    .map_err(|error| error_chain::one_line(&error))?,
                speed: order.speed,
                ..SimulatorOptions::small_company(&order.user, Secret::new(order.password))
            };
            simulator::start(options).await.map_err(|error| {
                let error = ConnectError::Simulator(error);
                error_chain::one_line(&error)
            })
        };
        let simulator: Result<Simulator, String> = opened.await;
        simulator.map(Self).map_err(|error| {
            let answer = Answer::Refused { error };
            serde_json::to_string(&answer).unwrap_or_default()
        })
    }

    /// The line to answer with.
    pub fn line(&self) -> String {
        let url = self.0.url();
        serde_json::to_string(&Answer::Listening { url }).unwrap_or_default()
    }

    /// Serves until `released`, and from then on as long as somebody uses it.
    pub async fn serve(self, released: impl Future<Output = ()>) {
        released.await;
        while self.0.idle_for() < IDLE || self.has_run().await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.0.stop().await;
    }

    /// Whether a run of this user is on this server: it may be in a long delay step.
    async fn has_run(&self) -> bool {
        let url = self.0.url();
        for run in control::all_runs().await.unwrap_or_default() {
            let Ok(mut client) = Client::connect(&run).await else {
                continue;
            };
            let outline = client.status().await.ok().and_then(|state| state.outline);
            if outline.is_some_and(|outline| outline.server == url) {
                return true;
            }
        }
        false
    }
}
