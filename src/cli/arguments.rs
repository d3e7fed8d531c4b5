//! The new command line: verbs with long options.
//!
//! Only the shape of the arguments; what a verb does lives in `verbs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::launch::ServerOverrides;
use crate::model::{Authentication, LogLevel, ResourceUris, Transport};
use crate::simulator::Offer;

use super::ExitCode;

/// The arguments of `masequencer` in the new manner.
#[derive(Debug, Parser)]
#[command(
    name = "masequencer",
    version,
    about = "Runs sequences of run profiles on Microsoft's identity synchronization service",
    after_help = "The original's command line works too: see masequencer /?",
    after_long_help = after_long_help(),
    disable_help_subcommand = false
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run a sequence file to its end
    Run(RunArguments),
    /// Look for mistakes in a sequence file without running it
    Check(CheckArguments),
    /// List the management agents of a server with their states and run profiles
    Agents(AgentsArguments),
    /// Store, list and delete passwords in the system's own store of passwords
    Credential(CredentialArguments),
    /// Find out, step by step, why a server cannot be used, and what to do about it
    #[command(after_help = DOCTOR_CODES)]
    Doctor(DoctorArguments),
    /// Be a synchronization service for practice and tests
    Simulate(SimulateArguments),
    /// Show what the runs on this machine do now
    Status(WatchArguments),
    /// Watch a run until it ends
    Attach(WatchArguments),
    /// Let running profiles finish and start nothing more until resumed
    Pause(RunName),
    /// Let a paused run go on
    Resume(RunName),
    /// End a run: what runs is finished, nothing more starts
    Stop(StopArguments),
    /// Print what each exit code means
    #[command(after_help = exit_codes())]
    ExitCodes,
}

/// Which server, and how to log on.
#[derive(Debug, Default, Args)]
pub struct ServerArguments {
    /// The server: a host name, an address or a URL such as `https://mim01:5986/wsman`
    #[arg(long, value_name = "HOST|URL")]
    pub server: Option<String>,
    /// How the server is spoken to: auto, winrm (WS-Management), or wmi (COM, on Windows only)
    /// [default: what the sequence file says, else auto]
    #[arg(long, value_name = "WAY", value_parser = transport)]
    pub transport: Option<Transport>,
    /// The account, [DOMAIN\]USER
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    #[command(flatten)]
    /// Where the password is.
    pub password: PasswordArguments,
    /// Take the password that masequencer credential set stored under this name [default: the one
    /// of USER@HOST, if nothing else gives a password]
    #[arg(long, value_name = "NAME", conflicts_with = "PasswordArguments")]
    pub credential: Option<String>,
    /// How the account is proved: auto, basic, ntlm, negotiate or kerberos [default: what the
    /// sequence file says, else auto]
    #[arg(long, value_name = "SCHEME", value_parser = authentication)]
    pub auth: Option<Authentication>,
    /// Use HTTPS (a URL says it by itself)
    #[arg(long)]
    pub tls: bool,
    /// The TCP port [default: 5985 for HTTP, 5986 for HTTPS]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Trust the authorities of this PEM file besides the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Trust only the certificate with this SHA-256, 64 hexadecimal digits; needs HTTPS
    #[arg(long, value_name = "SHA256")]
    pub pin: Option<String>,
    /// Go on where nothing is encrypted: the password of Basic, and what the server is told
    /// (always allowed to this machine itself)
    #[arg(long)]
    pub allow_unencrypted: bool,
    /// How classes are written as URIs: auto, wmi (Windows' own) or dmtf (the standard's) [default:
    /// what the sequence file says, else auto]
    #[arg(long, value_name = "FAMILY", value_parser = resource_uris)]
    pub resource_uris: Option<ResourceUris>,
    /// Start the bundled simulator and use it as the server
    #[arg(long, conflicts_with_all = ["server", "transport", "user", "PasswordArguments", "credential", "auth", "tls", "port", "ca_file", "pin", "allow_unencrypted", "resource_uris"])]
    pub demo: bool,
    /// The scenario file of the bundled simulator [default: a small company]
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
}

/// Where a password is; at most one place.
#[derive(Debug, Default, Clone, Args)]
#[group(multiple = false)]
#[expect(
    clippy::struct_field_names,
    reason = "they are named as the options are"
)]
pub struct PasswordArguments {
    /// Read the password from this environment variable [default: `MASEQUENCER_PASSWORD`]
    #[arg(long, value_name = "VAR")]
    pub password_env: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Read the password from the first line of this file, which nobody but its owner may read
    /// (chmod 600)
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// The arguments of `credential`.
#[derive(Debug, Args)]
pub struct CredentialArguments {
    /// What to do with it.
    #[command(subcommand)]
    pub verb: CredentialVerb,
}

/// What to do with stored passwords.
#[derive(Debug, Subcommand)]
pub enum CredentialVerb {
    /// Store a password, or replace one; it is asked for unless an option gives it
    Set(CredentialSetArguments),
    /// List the names of the stored passwords, never the passwords
    List(CredentialListArguments),
    /// Remove a stored password
    Delete(CredentialName),
}

/// The name of a stored password.
#[derive(Debug, Args)]
pub struct CredentialName {
    /// USER@HOST, so that it is found for that account and server by itself, or any other name, for
    /// --credential
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// The arguments of `credential set`.
#[derive(Debug, Args)]
pub struct CredentialSetArguments {
    #[command(flatten)]
    /// Its name.
    pub name: CredentialName,
    #[command(flatten)]
    /// Where the password is.
    pub password: PasswordArguments,
}

/// The arguments of `credential list`.
#[derive(Debug, Args)]
pub struct CredentialListArguments {
    /// Print the names, one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// The new options that an old command line takes.
#[derive(Debug, Parser)]
#[command(disable_help_flag = true)]
struct BesideOldOnes {
    #[command(flatten)]
    server: ServerArguments,
}

/// The arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The sequence file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    /// Which server, and how to log on.
    pub server: ServerArguments,
    /// The log file; a relative name counts from the current directory
    /// [default: what the sequence file says, else MASequencer.log beside it]
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// How much is logged: 0 or error, warning, 1 or information, 2 or detail, 3 or protocol
    /// (messages to the server, without secrets). The numbers are the original's as far as known;
    /// what each one covers is ours [default: what the sequence file says, else 1]
    #[arg(long, value_name = "N|NAME", value_parser = level)]
    pub level: Option<LogLevel>,
    /// Print the events of the run, one JSON object a line, and everything else to standard error
    #[arg(long)]
    pub json: bool,
    /// Exit with 0 although steps ended with warnings
    #[arg(long)]
    pub warnings_ok: bool,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The sequence file
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    /// A server to compare with.
    pub server: ServerArguments,
    /// Also compare with the exported configuration of a server: a folder, or the file of an agent
    #[arg(long, value_name = "PATH")]
    pub exported: Option<PathBuf>,
    /// Ask nobody, and compare with what the server told the designer when it was last connected
    #[arg(long)]
    pub offline: bool,
    /// Explain a problem's code, such as MS003 or all of it, and do nothing else
    #[arg(
        long,
        value_name = "CODE",
        conflicts_with_all = ["file", "server", "demo", "exported", "offline"]
    )]
    pub explain: Option<String>,
    /// Print the problems, one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Exit with 0 although there are warnings
    #[arg(long)]
    pub warnings_ok: bool,
}

/// The arguments of `agents`.
#[derive(Debug, Args)]
pub struct AgentsArguments {
    #[command(flatten)]
    /// Which server, and how to log on.
    pub server: ServerArguments,
    /// Add the run profiles of an exported configuration: a folder, or the file of an agent; without
    /// a server, list what is exported
    #[arg(long, value_name = "PATH")]
    pub exported: Option<PathBuf>,
    /// Print the agents, one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    /// Which server, and how to log on.
    pub server: ServerArguments,
    /// Also find out whether the account may run profiles, by ordering one on this management agent
    /// that does not exist
    #[arg(long, value_name = "AGENT")]
    pub probe_execute: Option<String>,
    /// Print the lines, one JSON object each
    #[arg(long)]
    pub json: bool,
}

const DOCTOR_CODES: &str = "Exit codes: 0 all is well; 3 a run may get through, but something is \
                            unknown or the clocks differ; 6 a run would not get through";

/// The arguments of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// The scenario file [default: a small company]
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// How many times faster than life, 0.01 to 100,000
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// The longest operation time-out that is granted, in milliseconds
    #[arg(long, value_name = "N", default_value_t = 60_000, value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub max_timeout_ms: u64,
    /// The account that may log on
    #[arg(long, value_name = "USER")]
    pub user: String,
    #[command(flatten)]
    /// Where its password is.
    pub password: PasswordArguments,
    /// The schemes that are offered: basic, ntlm, negotiate, kerberos, separated by commas
    #[arg(long, value_name = "SCHEMES", default_value = "basic")]
    pub auth: Offer,
    /// The keys of the service for Kerberos, as kadmin or ktutil write them
    #[arg(long, value_name = "FILE")]
    pub keytab: Option<PathBuf>,
    /// Speak HTTPS with a certificate made for the occasion; its SHA-256 is printed
    #[arg(long)]
    pub tls: bool,
    /// Speak HTTPS with the certificate of this PEM file
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Take unencrypted requests over HTTP also after NTLM or Kerberos (Windows does not)
    #[arg(long)]
    pub allow_unencrypted: bool,
}

/// Which run.
#[derive(Debug, Args)]
pub struct RunName {
    /// The run, or the beginning of its name; may be left out when exactly one runs
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
}

/// The arguments of `status` and `attach`.
#[derive(Debug, Args)]
pub struct WatchArguments {
    #[command(flatten)]
    /// Which run.
    pub run: RunName,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `stop`.
#[derive(Debug, Args)]
pub struct StopArguments {
    #[command(flatten)]
    /// Which run.
    pub run: RunName,
    /// Also ask the service to stop the agents that this run started, and end its commands
    #[arg(long)]
    pub now: bool,
}

impl ServerArguments {
    /// The options of a new command line among the arguments of an old one, in their order: how the
    /// server is spoken to, and where the password is.
    ///
    /// # Errors
    /// One sentence.
    pub fn beside_old_ones(words: &[String]) -> Result<Self, String> {
        let program = std::iter::once("masequencer");
        let all = program.chain(words.iter().map(String::as_str));
        BesideOldOnes::try_parse_from(all)
            .map(|parsed| parsed.server)
            .map_err(|error| {
                let text = error.render().to_string();
                let first = text.lines().next().unwrap_or_default();
                first.trim_start_matches("error: ").to_owned()
            })
    }

    /// Whether a long option may stand beside old ones, and then whether the next word is its value.
    pub fn is_beside_old_ones(option: &str) -> Option<bool> {
        // These have letters of their own there.
        const LETTERED: [&str; 4] = ["server", "user", "demo", "scenario"];
        let name = option.strip_prefix("--")?;
        let command = BesideOldOnes::command();
        let mut all = command.get_arguments();
        let known = all.find(|known| known.get_long() == Some(name))?;
        (!LETTERED.contains(&name)).then(|| known.get_action().takes_values())
    }

    /// What these arguments say about the server, over what a sequence file says.
    pub fn overrides(&self) -> ServerOverrides {
        ServerOverrides {
            host: self.server.clone(),
            is_demo: self.demo || (self.scenario.is_some() && self.server.is_none()),
            transport: self.transport,
            user: self.user.clone(),
            authentication: self.auth,
            port: self.port,
            is_tls: self.tls,
            ca_file: self.ca_file.clone(),
            pin: self.pin.clone(),
            allow_unencrypted: self.allow_unencrypted,
            resource_uris: self.resource_uris,
            scenario: self.scenario.clone(),
        }
    }
}

fn level(text: &str) -> Result<LogLevel, String> {
    LogLevel::from_word(&text.to_ascii_lowercase()).ok_or_else(|| {
        "use 0 or error, warning, 1 or information, 2 or detail, 3 or protocol".to_owned()
    })
}

fn authentication(text: &str) -> Result<Authentication, String> {
    let text = text.to_ascii_lowercase();
    let mut all = Authentication::ALL.into_iter();
    all.find(|one| one.as_str() == text)
        .ok_or_else(|| "use auto, basic, ntlm, negotiate or kerberos".to_owned())
}

fn transport(text: &str) -> Result<Transport, String> {
    let text = text.to_ascii_lowercase();
    // The simulator has a switch of its own.
    let mut all = Transport::ALL.into_iter();
    all.find(|one| one.as_str() == text && *one != Transport::Demo)
        .ok_or_else(|| "use auto, winrm or wmi (--demo is the bundled simulator)".to_owned())
}

fn resource_uris(text: &str) -> Result<ResourceUris, String> {
    ResourceUris::from_word(&text.to_ascii_lowercase())
        .ok_or_else(|| "use auto, wmi or dmtf".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|speed| (0.01..=100_000.0).contains(speed))
        .ok_or_else(|| "use a number from 0.01 to 100000".to_owned())
}

fn exit_codes() -> String {
    format!("Exit codes:\n{}", ExitCode::table())
}

fn after_long_help() -> String {
    format!(
        "The original's command line works too: see masequencer /?\n\n{}",
        exit_codes()
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory as _;

    use super::*;

    fn parse(line: &str) -> Result<Verb, clap::Error> {
        let words = std::iter::once("masequencer").chain(line.split_whitespace());
        Arguments::try_parse_from(words).map(|arguments| arguments.verb)
    }

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn run_takes_every_option() {
        let Ok(Verb::Run(run)) = parse(
            "run a.xml --server mim01 --transport WinRM --auth Kerberos --user CORP\\svc --password-env PW --tls --port 5986 \
             --ca-file ca.pem --pin ab --allow-unencrypted --log l.log --level Detail --json --warnings-ok",
        ) else {
            panic!("not understood");
        };
        assert_eq!(run.level, Some(LogLevel::Detail));
        assert!(run.json && run.warnings_ok);
        let overrides = run.server.overrides();
        assert_eq!(overrides.host.as_deref(), Some("mim01"));
        assert_eq!(overrides.port, Some(5986));
        assert_eq!(overrides.transport, Some(Transport::Winrm));
        assert_eq!(overrides.authentication, Some(Authentication::Kerberos));
        assert_eq!(overrides.ca_file.as_deref(), Some(Path::new("ca.pem")));
        assert_eq!(overrides.pin.as_deref(), Some("ab"));
        assert_eq!(overrides.user.as_deref(), Some("CORP\\svc"));
        assert!(overrides.is_tls && overrides.allow_unencrypted && !overrides.is_demo);
    }

    #[test]
    fn every_verb_that_connects_takes_the_whole_way() {
        let way = "--server mim01 --transport wmi --auth negotiate --tls --port 99 --ca-file c.pem \
                   --pin ab --allow-unencrypted --user u --password-env PW --resource-uris DMTF";
        for verb in ["run a.xml", "check a.xml", "agents", "doctor"] {
            let server = match parse(&format!("{verb} {way}")) {
                Ok(Verb::Run(run)) => run.server,
                Ok(Verb::Check(check)) => check.server,
                Ok(Verb::Agents(agents)) => agents.server,
                Ok(Verb::Doctor(doctor)) => doctor.server,
                other => panic!("{verb}: {other:?}"),
            };
            assert_eq!(server.password.password_env.as_deref(), Some("PW"));
            let expected = ServerOverrides {
                host: Some("mim01".to_owned()),
                is_demo: false,
                transport: Some(Transport::Wmi),
                user: Some("u".to_owned()),
                authentication: Some(Authentication::Negotiate),
                port: Some(99),
                is_tls: true,
                ca_file: Some("c.pem".into()),
                pin: Some("ab".to_owned()),
                allow_unencrypted: true,
                resource_uris: Some(ResourceUris::Dmtf),
                scenario: None,
            };
            assert_eq!(server.overrides(), expected, "{verb}");
        }
    }

    #[test]
    fn contradictions_and_nonsense_are_refused() {
        for line in [
            "run",
            "run a.xml --demo --server x",
            "run a.xml --password-env A --password-stdin",
            "run a.xml --demo --transport winrm",
            "run a.xml --demo --auth ntlm",
            "run a.xml --transport demo",
            "run a.xml --auth digest",
            "run a.xml --resource-uris both",
            "run a.xml --demo --resource-uris wmi",
            "agents --transport smoke",
            "check a.xml --auth",
            "run a.xml --password-file f --password-stdin",
            "run a.xml --credential x --password-env A",
            "run a.xml --demo --password-file f",
            "run a.xml --demo --credential x",
            "credential",
            "credential set",
            "credential set x --password-env A --password-file f",
            "credential delete",
            "run a.xml --level 7",
            "run a.xml --port 70000",
            "check",
            "check a.xml --explain MS001",
            "simulate",
            "simulate --user u --speed 0",
            "simulate --user u --speed nan",
            "simulate --user u --listen nowhere",
            "simulate --user u --auth digest",
            "simulate --user u --tls-cert c.pem",
            "simulate --user u --tls-key k.pem",
            "stop a b",
            "dance",
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(
                error.exit_code(),
                i32::from(ExitCode::Usage.number()),
                "{line}"
            );
        }
    }

    #[test]
    fn the_control_verbs_take_a_run_or_none() {
        assert!(matches!(
            parse("pause"),
            Ok(Verb::Pause(RunName { run: None }))
        ));
        assert!(matches!(
            parse("stop r1 --now"),
            Ok(Verb::Stop(StopArguments { now: true, .. }))
        ));
        assert!(matches!(
            parse("status --json"),
            Ok(Verb::Status(WatchArguments { json: true, .. }))
        ));
    }

    #[test]
    fn the_long_help_has_the_exit_codes() {
        // The terminal's width may break a meaning over several lines.
        let help = Arguments::command().render_long_help().to_string();
        let words: Vec<&str> = help.split_whitespace().collect();
        let help = words.join(" ");
        for code in ExitCode::ALL {
            assert!(help.contains(code.meaning()), "{code:?}");
        }
    }
}
