//! From the arguments of the process to its exit code.

use std::ffi::OsString;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::base::memory;
use crate::launch::ServerOverrides;
use crate::run::{RunControl, StopMode};

use super::arguments::{Arguments, RunArguments, Verb, WatchArguments};
use super::console::{Form, Output};
use super::exit_code::{ExitCode, WarningsAre};
use super::failure::Failure;
use super::help;
use super::hide;
use super::old_style::{self, OldCommand, OldRun, RealFolders};
use super::password::PasswordSources;
use super::style::{self, Style};
use super::verbs::{self, RunOrder};

/// The whole of `masequencer`: reads the process's arguments, does what they say, and gives the
/// exit code of [`ExitCode`].
pub fn main() -> std::process::ExitCode {
    memory::forbid_reading();
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let output = Output::of_process();
    let code = perform(&arguments, &output).unwrap_or_else(|failure| {
        output.error(&failure.message);
        failure.code
    });
    let code = if output.has_lost() {
        code.without_output()
    } else {
        code
    };
    code.into()
}

fn perform(arguments: &[OsString], output: &Output) -> Result<ExitCode, Failure> {
    match style::of(arguments) {
        Style::Nothing => {
            output.note(help::short().trim_end());
            Ok(ExitCode::Usage)
        }
        Style::Help => Ok(short_help(output)),
        Style::Old => match old_style::parse(arguments, &RealFolders)? {
            OldCommand::Help => Ok(short_help(output)),
            OldCommand::Run(run) => {
                let order = old_order(*run);
                if let Some(password) = &order.password.given {
                    output.warning(hide::WARNING);
                    // Started again, nobody can tell that it was given, and not merely there.
                    verbs::check_password_use(&order)?;
                    hide::start_again(arguments, password);
                }
                verbs::run(order, output)
            }
        },
        Style::New => {
            let program = std::iter::once(OsString::from("masequencer"));
            match Arguments::try_parse_from(program.chain(arguments.iter().cloned())) {
                Ok(arguments) => verb(arguments.verb, output),
                Err(answer) => Ok(tell(&answer, output)),
            }
        }
    }
}

fn short_help(output: &Output) -> ExitCode {
    output.line(help::short().trim_end());
    ExitCode::Success
}

/// Prints clap's answer: help and version are answers, everything else is a wrong usage.
fn tell(answer: &clap::Error, output: &Output) -> ExitCode {
    let text = answer.render();
    let text = match output.colour() {
        super::console::Colour::On => text.ansi().to_string(),
        super::console::Colour::Off => text.to_string(),
    };
    if answer.use_stderr() {
        output.note(text.trim_end());
        if answer.kind() == ErrorKind::InvalidSubcommand {
            output.note("To run a sequence file, write: masequencer run FILE");
        }
        ExitCode::Usage
    } else {
        output.line(text.trim_end());
        ExitCode::Success
    }
}

fn verb(verb: Verb, output: &Output) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Run(arguments) => verbs::run(new_order(arguments), output),
        Verb::Check(arguments) => verbs::check(&arguments, output),
        Verb::Agents(arguments) => verbs::agents(&arguments, output),
        Verb::Credential(arguments) => verbs::credential(arguments, output),
        Verb::Doctor(arguments) => verbs::doctor(&arguments, output),
        Verb::Simulate(arguments) => verbs::simulate(&arguments, output),
        Verb::Status(WatchArguments { run, json }) => {
            verbs::status(run.run.as_deref(), form(json), output)
        }
        Verb::Attach(WatchArguments { run, json }) => {
            verbs::attach(run.run.as_deref(), form(json), output)
        }
        Verb::Pause(run) => verbs::send(run.run.as_deref(), RunControl::Pause, output),
        Verb::Resume(run) => verbs::send(run.run.as_deref(), RunControl::Resume, output),
        Verb::Stop(arguments) => {
            let mode = if arguments.now {
                StopMode::Now
            } else {
                StopMode::Graceful
            };
            verbs::send(
                arguments.run.run.as_deref(),
                RunControl::Stop { mode },
                output,
            )
        }
        Verb::ExitCodes => {
            output.line(ExitCode::table().trim_end());
            Ok(ExitCode::Success)
        }
    }
}

const fn form(is_json: bool) -> Form {
    if is_json { Form::Json } else { Form::Text }
}

fn old_order(run: OldRun) -> RunOrder {
    RunOrder {
        file: run.file,
        server: ServerOverrides {
            host: run.server,
            user: run.user,
            ..run.way.overrides()
        },
        password: PasswordSources {
            given: run.password,
            ..PasswordSources::named(&run.way.password, run.way.credential.as_deref())
        },
        log: None,
        level: run.level,
        form: Form::Text,
        warnings: WarningsAre::Told,
    }
}

fn new_order(run: RunArguments) -> RunOrder {
    RunOrder {
        server: run.server.overrides(),
        password: PasswordSources::named(&run.server.password, run.server.credential.as_deref()),
        file: run.file,
        log: run.log,
        level: run.level,
        form: form(run.json),
        warnings: WarningsAre::from_switch(run.warnings_ok),
    }
}
