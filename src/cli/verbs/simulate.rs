//! `simulate`: the bundled simulator in the foreground, until Ctrl-C.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use crate::base::error_chain;
use crate::base::text::printable;
use crate::launch::read_scenario;
use crate::simulator::{self, Keytab, SimulatorOptions, Tls};

use super::super::arguments::SimulateArguments;
use super::super::console::Output;
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::password::{self, Account, PasswordSources, ThisProcess};
use super::super::runtime;
use super::super::signals::Signals;

/// How much of a file is read.
const MAX_FILE_BYTES: u64 = 1 << 20;

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
    let tls = tls(arguments)?;
    let fingerprint = tls.as_ref().map(|tls| tls.fingerprint().to_owned());
    let options = SimulatorOptions {
        listen: arguments.listen,
        scenario,
        speed: arguments.speed,
        max_timeout: Duration::from_millis(arguments.max_timeout_ms),
        offer: arguments.auth,
        keytab: keytab(arguments)?,
        tls,
        allow_unencrypted: arguments.allow_unencrypted,
        ..SimulatorOptions::small_company(&arguments.user, password)
    };
    runtime::block_on(async {
        let mut signals = Signals::listen().map_err(runtime::failed)?;
        let simulator = simulator::start(options).await?;
        // The address comes last: whoever waits for it has seen the rest.
        if let Some(fingerprint) = fingerprint {
            output.line(&format!("certificate {fingerprint}"));
        }
        output.line(&format!("listening on {}", simulator.url()));
        signals.next().await;
        simulator.stop().await;
        Ok(ExitCode::Success)
    })
}

/// The keys for Kerberos, where it can be offered.
fn keytab(arguments: &SimulateArguments) -> Result<Option<Keytab>, Failure> {
    let Some(path) = &arguments.keytab else {
        if arguments.auth.kerberos {
            let sentence = "Kerberos needs the keys of the service: give them with --keytab";
            return Err(Failure::new(ExitCode::Usage, sentence));
        }
        return Ok(None);
    };
    let keytab = Keytab::read(&content(path)?);
    keytab.map(Some).map_err(|error| unusable(path, &error))
}

fn tls(arguments: &SimulateArguments) -> Result<Option<Tls>, Failure> {
    if let (Some(certificate), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) {
        let tls = Tls::from_pem(&content(certificate)?, &content(key)?);
        return tls.map(Some).map_err(|error| unusable(certificate, &error));
    }
    if !arguments.tls {
        return Ok(None);
    }
    let tls = Tls::generated(&arguments.listen.ip().to_string());
    tls.map(Some)
        .map_err(|error| Failure::new(ExitCode::CouldNotStart, error_chain::one_line(&error)))
}

/// The content of a small file.
fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = || {
        let mut content = Vec::new();
        let file = File::open(path)?;
        file.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
        Ok(content)
    };
    read().map_err(|error: io::Error| unusable(path, &error))
}

fn unusable(path: &Path, error: &(dyn Error + 'static)) -> Failure {
    let reason = error_chain::one_line(error);
    let sentence = format!("{} cannot be used: {reason}", path.display());
    Failure::new(ExitCode::CouldNotStart, printable(&sentence))
}
