//! Makes the connection to the server of a run, and starts the simulator when it is the server.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::file::{FileProblem, read_up_to};
use crate::base::secret::Secret;
use crate::model::ResourceUris;
use crate::service::{
    ServiceError, ServiceSettings, SyncService, WinrmService, WmiService, WmiSettings,
};
use crate::simulator::{
    self, Scenario, ScenarioError, Simulator, SimulatorError, SimulatorOptions,
};
use crate::wsman::message::Family;
use crate::wsman::{ProtocolLog, Scheme};

use super::Target;
use super::target::scheme;

/// The largest scenario file that is read.
const MAX_SCENARIO_BYTES: u64 = 4 << 20;

/// How much faster than life the demo is: the longest sample ends within some seconds.
pub(super) const DEMO_SPEED: f64 = 20.0;

/// The account of the demo; its password is made for each start and known to this process alone.
pub(super) const DEMO_USER: &str = "demo";

/// A connection, with the simulator behind it if it was started for it.
pub struct Connection {
    service: Arc<dyn SyncService>,
    simulator: Option<Simulator>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The settings cannot work.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The scenario file cannot be read.
    #[error("could not read the scenario file `{file}`")]
    ScenarioFile {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: FileProblem,
    },
    /// The scenario file holds something else.
    #[error("`{file}` is not a usable scenario file")]
    Scenario {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: ScenarioError,
    },
    /// The simulator does not start.
    #[error("could not start the simulator")]
    Simulator(#[source] SimulatorError),
}

impl Connection {
    /// Connects to a target; must be called within a tokio runtime. Nothing is asked of the server yet.
    ///
    /// # Errors
    /// [`ConnectError`] when settings, scenario or simulator cannot work.
    pub async fn open(
        target: &Target,
        password: Option<Secret>,
        protocol_log: Option<ProtocolLog>,
    ) -> Result<Self, ConnectError> {
        Ok(match Way::to(target, password, protocol_log).await? {
            Way::Winrm(settings, simulator) => Self {
                service: Arc::new(WinrmService::new(*settings)?),
                simulator,
            },
            Way::Wmi(settings) => Self {
                service: Arc::new(WmiService::new(settings)?),
                simulator: None,
            },
        })
    }

    /// The service.
    pub fn service(&self) -> Arc<dyn SyncService> {
        Arc::clone(&self.service)
    }

    /// Ends the simulator, if one was started.
    pub async fn close(self) {
        if let Some(simulator) = self.simulator {
            simulator.stop().await;
        }
    }
}

/// What a connection to a target needs.
pub(super) enum Way {
    /// Over WS-Management, with the simulator behind it if the target is the demo.
    Winrm(Box<ServiceSettings>, Option<Simulator>),
    /// By WMI.
    Wmi(WmiSettings),
}

impl Way {
    /// Joins what is known; starts the simulator if the target is the demo.
    ///
    /// # Errors
    /// [`ConnectError`] when scenario or simulator cannot work.
    pub(super) async fn to(
        target: &Target,
        password: Option<Secret>,
        protocol_log: Option<ProtocolLog>,
    ) -> Result<Self, ConnectError> {
        Ok(match target {
            Target::Wmi(target) => Self::Wmi(WmiSettings {
                host: target.host.clone(),
                user: target.user.clone(),
                password,
            }),
            Target::Winrm(target) => {
                let settings = ServiceSettings {
                    host: target.host.clone(),
                    tls: target.is_tls,
                    port: target.port,
                    user: target.user.clone(),
                    password,
                    scheme: scheme(target.authentication),
                    ca_file: target.ca_file.clone(),
                    pin: target.pin.clone(),
                    allow_unencrypted: target.allow_unencrypted,
                    family: family(target.resource_uris),
                    protocol_log,
                };
                Self::Winrm(Box::new(settings), None)
            }
            Target::Demo { scenario } => {
                let secret = Secret::new(uuid::Uuid::new_v4().to_string());
                let simulator = start_demo(scenario.as_deref(), secret.clone()).await?;
                let settings = ServiceSettings {
                    host: simulator.url(),
                    tls: false,
                    port: None,
                    user: Some(DEMO_USER.to_owned()),
                    password: Some(secret),
                    scheme: Scheme::Basic,
                    ca_file: None,
                    pin: None,
                    // Loopback only.
                    allow_unencrypted: false,
                    family: None,
                    protocol_log,
                };
                Self::Winrm(Box::new(settings), Some(simulator))
            }
        })
    }
}

const fn family(resource_uris: ResourceUris) -> Option<Family> {
    match resource_uris {
        ResourceUris::Auto => None,
        ResourceUris::Wmi => Some(Family::Wmi),
        ResourceUris::Dmtf => Some(Family::Cim),
    }
}

async fn start_demo(scenario: Option<&Path>, password: Secret) -> Result<Simulator, ConnectError> {
    let options = SimulatorOptions {
        scenario: read_scenario(scenario)?,
        speed: DEMO_SPEED,
        ..SimulatorOptions::small_company(DEMO_USER, password)
    };
    simulator::start(options)
        .await
        .map_err(ConnectError::Simulator)
}

/// Reads a scenario file; without one it is the small company.
///
/// # Errors
/// [`ConnectError::ScenarioFile`] and [`ConnectError::Scenario`] name the file.
pub fn read_scenario(file: Option<&Path>) -> Result<Scenario, ConnectError> {
    let Some(file) = file else {
        return Ok(Scenario::small_company());
    };
    let unreadable = |error: io::Error| ConnectError::ScenarioFile {
        file: file.to_path_buf(),
        source: error.into(),
    };
    let bytes = read_up_to(file, MAX_SCENARIO_BYTES).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|_not_text| unreadable(io::Error::other("it is not UTF-8; save it as UTF-8")))?;
    Scenario::read(&text).map_err(|source| ConnectError::Scenario {
        file: file.to_path_buf(),
        source,
    })
}
