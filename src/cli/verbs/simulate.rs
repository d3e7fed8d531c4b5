//! `simulate`: the bundled simulator in the foreground, until Ctrl-C.

use std::time::Duration;

use crate::launch::read_scenario;
use crate::simulator::{self, SimulatorOptions};

use super::super::arguments::SimulateArguments;
use super::super::console::Output;
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::password::{self, Account, PasswordSources, ThisProcess};
use super::super::runtime;
use super::super::signals::Signals;

/// Listens until somebody ends it.
///
/// # Errors
/// [`Failure`] when the address or the scenario cannot be used.
pub fn simulate(arguments: &SimulateArguments, output: &Output) -> Result<ExitCode, Failure> {
    let scenario = read_scenario(arguments.scenario.as_deref())?;
    let sources = PasswordSources::named(&arguments.password, None);
    let account = Account {
        user: &arguments.user,
        server: None,
    };
    let password = password::find(sources, account, &ThisProcess)?;
    let options = SimulatorOptions {
        listen: arguments.listen,
        scenario,
        speed: arguments.speed,
        max_timeout: Duration::from_millis(arguments.max_timeout_ms),
        ..SimulatorOptions::small_company(&arguments.user, password)
    };
    runtime::block_on(async {
        let mut signals = Signals::listen().map_err(runtime::failed)?;
        let simulator = simulator::start(options).await?;
        output.line(&format!("listening on {}", simulator.url()));
        signals.next().await;
        simulator.stop().await;
        Ok(ExitCode::Success)
    })
}
