//! The inspector: names of properties, what they mean, what to type.

use crate::base::text::plural;
use crate::mim::StepType;
use crate::model::{
    Authentication, LogLevel, OnFailure, OverlapRule, Place, ResourceUris, StepKind, Transport,
    When,
};

use super::cards;
pub use super::toolbar::{OVERLAP, overlap, overlap_hint};

/// The heading when nothing is chosen.
pub const SEQUENCE: &str = "Sequence";
/// The heading's second line when nothing is chosen.
pub const SEQUENCE_HINT: &str = "Nothing selected: settings of the whole file";
/// A thread.
pub const THREAD: &str = "Thread";
/// A delay step.
pub const DELAY: &str = "Delay";
/// A command step.
pub const COMMAND: &str = "Command";
/// What stands where a name is empty.
pub const NO_NAME: &str = "No name";
/// What stands where a program is empty.
pub const NO_PROGRAM: &str = "No program yet";

/// The name of anything.
pub const NAME: &str = "Name";
/// Whether it takes part in a run.
pub const ENABLED: &str = "Takes part in a run";
/// The section of the server.
pub const SERVER: &str = "Server";
/// Its host.
pub const HOST: &str = "Host";
/// What an empty host means.
pub const HOST_HINT: &str = "this machine";
/// How it is spoken to.
pub const TRANSPORT: &str = "Transport";
/// Whether HTTPS is used.
pub const TLS: &str = "Use HTTPS";
/// How the account is proved.
pub const AUTHENTICATION: &str = "Log on with";
/// Its port.
pub const PORT: &str = "Port";
/// The account.
pub const USER: &str = "User";
/// What to type as an account.
pub const USER_HINT: &str = "DOMAIN\\user";
/// The file of authorities.
pub const CA_FILE: &str = "CA file";
/// What an empty file of authorities means.
pub const CA_FILE_HINT: &str = "authorities of the system";
/// The pinned certificate.
pub const PIN: &str = "Certificate";
/// What an empty pin means.
pub const PIN_HINT: &str = "any trusted one, or a SHA-256";
/// Whether a password may go unencrypted.
pub const ALLOW_UNENCRYPTED: &str = "Allow no encryption";
/// How classes are written as URIs.
pub const RESOURCE_URIS: &str = "Resource URIs";
/// The section of the log.
pub const LOG: &str = "Log";
/// The log file.
pub const LOG_FILE: &str = "File";
/// The default log file.
pub const LOG_FILE_HINT: &str = "MASequencer.log";
/// The log level.
pub const LOG_LEVEL: &str = "Level";
/// The section of the run.
pub const RUN: &str = "Run";
/// The most run profiles at once.
pub const MAX_PARALLEL: &str = "At most";
/// What an empty limit means.
pub const NO_LIMIT: &str = "no limit";
/// What is counted by it.
pub const AT_ONCE: &str = "profiles at once";
/// The delay before a thread.
pub const START_DELAY: &str = "Start delay";
/// How often a thread runs.
pub const REPEAT: &str = "Repeat";
/// The unit of it.
pub const ROUNDS: &str = "×";
/// No delay.
pub const NO_DELAY: &str = "0 s";
/// The agent.
pub const AGENT: &str = "Agent";
/// The run profile.
pub const PROFILE: &str = "Run profile";
/// What the profile does.
pub const STEP_TYPE: &str = "Type";
/// How long a step may take.
pub const TIMEOUT: &str = "Timeout";
/// What happens when a step fails.
pub const ON_FAILURE: &str = "If it fails";
/// How long a delay waits.
pub const DURATION: &str = "Wait";
/// The program.
pub const PROGRAM: &str = "Program";
/// What to type as a program.
pub const PROGRAM_HINT: &str = "a file or a command name";
/// The arguments.
pub const ARGUMENTS: &str = "Arguments";
/// One argument on each line.
pub const ARGUMENTS_HINT: &str = "one on each line";
/// The directory.
pub const DIRECTORY: &str = "Directory";
/// The default directory.
pub const DIRECTORY_HINT: &str = "folder of this file";
/// The environment.
pub const ENVIRONMENT: &str = "Environment";
/// The name of a variable.
pub const VARIABLE: &str = "Variable";
/// The value of a variable.
pub const VALUE: &str = "Value";
/// Adds a variable.
pub const ADD_VARIABLE: &str = "Add variable";
/// Removes a variable.
pub const REMOVE_VARIABLE: &str = "Remove this variable";
/// Whether a command is waited for.
pub const WAIT: &str = "Wait for its end";
/// What not waiting means.
pub const WAIT_OFF: &str = "Only a failure to start counts";
/// The exit codes of success.
pub const EXIT_CODES: &str = "Exit codes";
/// What they are for.
pub const EXIT_CODES_HINT: &str = "0";
/// A family of resource URIs.
pub const fn resource_uris(choice: ResourceUris) -> &'static str {
    match choice {
        ResourceUris::Auto => "Automatic",
        ResourceUris::Wmi => "WMI",
        ResourceUris::Dmtf => "DMTF",
    }
}

/// What it means.
pub const fn resource_uris_hint(choice: ResourceUris) -> &'static str {
    match choice {
        ResourceUris::Auto => "Those that the server knows",
        ResourceUris::Wmi => "Windows’ own",
        ResourceUris::Dmtf => "The standard’s, for other servers",
    }
}

/// How an account is proved.
pub const fn authentication(choice: Authentication) -> &'static str {
    match choice {
        Authentication::Auto => "Automatic",
        Authentication::Basic => "Basic",
        Authentication::Ntlm => "NTLM",
        Authentication::Negotiate => "Negotiate",
        Authentication::Kerberos => "Kerberos",
    }
}

/// What it means.
pub const fn authentication_hint(choice: Authentication) -> &'static str {
    match choice {
        Authentication::Auto => "The safest that the server offers",
        Authentication::Basic => "Over HTTPS, or to this machine",
        Authentication::Ntlm => "Encrypts over HTTP, too",
        Authentication::Negotiate => "Kerberos, else NTLM",
        Authentication::Kerberos => "Needs the server's full name",
    }
}

/// When a post-processing runs.
pub const WHEN: &str = "When";
/// Commands before.
pub const PRE_PROCESSING: &str = "Pre-processing";
/// Commands after.
pub const POST_PROCESSING: &str = "Post-processing";
/// Adds a command.
pub const ADD_COMMAND: &str = "Add command";
/// Adds a copy of a file.
pub const ADD_COPY: &str = "Copy a file…";
/// What it does.
pub const ADD_COPY_TIP: &str =
    "Adds a command that copies a file, for example a feed before an import";
/// Moves a command up.
pub const MOVE_UP: &str = "Move up";
/// Moves a command down.
pub const MOVE_DOWN: &str = "Move down";
/// It is the first already.
pub const IS_FIRST: &str = "It is the first one";
/// It is the last already.
pub const IS_LAST: &str = "It is the last one";
/// Removes a command.
pub const REMOVE: &str = "Remove this command";
/// The file that is copied.
pub const COPY_FROM: &str = "Copy from";
/// Where it is copied to.
pub const COPY_TO: &str = "Copy to";
/// What the placeholder is for.
pub const RESULT_TIP: &str = "*MA_RUN_RESULT* stands for the result of the step";
/// Asks the system for a path.
pub const BROWSE: &str = "Browse…";
/// Lists what is known.
pub const SHOW_KNOWN: &str = "Show the known ones";
/// Nothing is known.
pub const NOTHING_KNOWN: &str = "Connect to a server to choose from its list";
/// Takes a value back.
pub const RESET: &str = "Reset to default";
/// Mends a problem.
pub const EXPLAIN: &str = "Explain";
/// The head of more settings.
pub const MORE: &str = "More settings";
/// Starts only this thread.
pub const START_THREAD: &str = "Start only this thread";

/// Several are chosen: switches them on.
pub const ENABLE: &str = "Enable";
/// Several are chosen: switches them off.
pub const DISABLE: &str = "Disable";
/// Adds a copy.
pub const DUPLICATE: &str = "Duplicate";
/// Removes.
pub const DELETE: &str = "Delete";
/// Several are chosen, and they differ.
pub const MIXED: &str = "different ones";
/// Several are chosen.
pub const SEVERAL_HINT: &str = "A change here changes all of them";

/// A span was expected.
pub const SPAN_EXPECTED: &str = "Type a number with a unit, such as 30 s, 5 min or 1 h 30 min";
/// A span is too long.
pub const SPAN_TOO_LONG: &str = "That is longer than a year";
/// A delay needs a span.
pub const SPAN_MISSING: &str = "Type how long it waits, such as 30 s";
/// Exit codes were expected.
pub const EXIT_CODES_EXPECTED: &str = "Type whole numbers, such as 0 1 3010";
/// A port was expected.
pub const PORT_EXPECTED: &str = "Type a number from 1 to 65535";
/// A count was expected.
pub const COUNT_EXPECTED: &str = "Type a whole number from 1";
/// An agent's name is missing.
pub const AGENT_EXPECTED: &str = "Type the agent's name";
/// A run profile's name is missing.
pub const PROFILE_EXPECTED: &str = "Type the run profile's name";

/// The place of a step, a thread or the sequence, as the window counts them.
pub fn place(place: Place) -> String {
    match place {
        Place::Sequence => SEQUENCE.to_owned(),
        Place::Thread(thread) => format!("Thread {}", thread + 1),
        Place::Step { thread, step } => {
            format!("Thread {}, step {}.{}", thread + 1, thread + 1, step + 1)
        }
    }
}

/// A thread by its number.
pub fn thread_number(thread: usize) -> String {
    format!("Thread {}", thread + 1)
}

/// A step by its number.
pub fn step_number(thread: usize, step: usize) -> String {
    format!("Step {}.{}", thread + 1, step + 1)
}

/// How many steps a thread has.
pub fn steps(count: usize) -> String {
    plural(count as u64, "step")
}

/// How many threads and steps a sequence has.
pub fn threads_and_steps(threads: usize, count: usize) -> String {
    format!("{}, {}", plural(threads as u64, "thread"), steps(count))
}

/// What people call a step as long as it has no name of its own.
pub fn unnamed(kind: &StepKind) -> String {
    match kind {
        StepKind::RunProfile(run) => {
            cards::agent_and_profile(run.agent.as_str(), run.profile.as_str())
        }
        StepKind::Delay { duration } => format!("{DELAY} {}", cards::set_time(*duration)),
        StepKind::Command(command) => format!("{} {}", cards::COMMAND, command.program),
    }
}

/// How many steps are chosen.
pub fn steps_chosen(count: usize) -> String {
    format!("{count} steps selected")
}

/// How many threads are chosen.
pub fn threads_chosen(count: usize) -> String {
    format!("{count} threads selected")
}

/// A pin has the wrong length.
pub fn pin_expected(count: usize) -> String {
    format!("A SHA-256 has 64 hexadecimal digits; these are {count} signs")
}

/// What the server says about a profile.
pub fn as_server_says(kind: Option<StepType>) -> String {
    match kind {
        Some(kind) => format!("As the server says: {kind}"),
        None => "As the server says".to_owned(),
    }
}

/// What that means.
pub const AS_SERVER_SAYS_HINT: &str = "Read from the run history when the run begins";
/// Nobody knows what a profile does.
pub const TYPE_UNKNOWN: &str =
    "Nobody knows yet what this profile does; until then it counts as a synchronization";

/// What follows when a step fails.
pub const fn on_failure(choice: OnFailure) -> &'static str {
    match choice {
        OnFailure::Continue => "Continue",
        OnFailure::StopThread => "Stop the thread",
        OnFailure::StopAll => "Stop everything",
    }
}

/// What that means.
pub const fn on_failure_hint(choice: OnFailure) -> &'static str {
    match choice {
        OnFailure::Continue => "The next step runs all the same",
        OnFailure::StopThread => "Later steps of this thread are skipped",
        OnFailure::StopAll => "What runs is finished, nothing more starts",
    }
}

/// The same in a few words, for a list.
pub const fn overlap_short(rule: OverlapRule) -> &'static str {
    match rule {
        OverlapRule::ExclusiveSync => "Nothing runs beside them",
        OverlapRule::SingleSync => "Imports and exports may overlap it",
        OverlapRule::Unrestricted => "Synchronizations may collide",
    }
}

/// A log level, with the old tool's number where it had one.
pub const fn log_level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "Error (0)",
        LogLevel::Warning => "Warning",
        LogLevel::Information => "Information (1)",
        LogLevel::Detail => "Detail (2)",
        LogLevel::Protocol => "Protocol (3)",
    }
}

/// What it means.
pub const fn log_level_hint(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "What failed",
        LogLevel::Warning => "Also what ended with warnings",
        LogLevel::Information => "Also what started and ended",
        LogLevel::Detail => "Also waits, output and counters",
        LogLevel::Protocol => "Also every message to the server",
    }
}

/// A transport.
pub const fn transport(choice: Transport) -> &'static str {
    match choice {
        Transport::Auto => "Automatic",
        Transport::Winrm => "WinRM",
        Transport::Wmi => "WMI",
        Transport::Demo => "Demo server",
    }
}

/// What it means.
pub const fn transport_hint(choice: Transport) -> &'static str {
    match choice {
        Transport::Auto => "WinRM, or WMI on this machine",
        Transport::Winrm => "WS-Management over HTTP or HTTPS",
        Transport::Wmi => "COM, on Windows only",
        Transport::Demo => "The bundled simulator",
    }
}

/// When a post-processing runs.
pub const fn when(choice: When) -> &'static str {
    match choice {
        When::Success => "After success",
        When::Warning => "After a warning",
        When::Failure => "After a failure",
        When::Always => "Always",
    }
}

/// What it means.
pub const fn when_hint(choice: When) -> &'static str {
    match choice {
        When::Success => "Only when all is well",
        When::Warning => "Only when it ended with warnings",
        When::Failure => "Only when it failed or was stopped",
        When::Always => "Whatever happened, unless skipped",
    }
}

/// The usual port.
pub const fn usual_port(tls: bool) -> &'static str {
    if tls { "5986" } else { "5985" }
}

/// Where the relative paths of a command begin, while there is no file yet.
pub const PATHS_UNSAVED: &str =
    "Relative paths count from the folder of the sequence file; save it first";
/// Nothing of the run is chosen.
pub const NO_STEP: &str = "Choose a step to see what it does";
/// The whole run.
pub const RUN_HINT: &str = "What you see is the run; the file is as it was";
/// The error objects.
pub const ERROR_OBJECTS: &str = "Objects with errors";
/// The connection to the connected system.
pub const CONNECTION: &str = "Connection";
/// What the service said last.
pub const RESULT: &str = "Result";
/// When it began.
pub const SINCE: &str = "Since";
/// When the step that has ended began.
pub const STARTED: &str = "Started";
/// How long it took.
pub const TOOK: &str = "Took";
/// An earlier round.
pub const EARLIER: &str = "Earlier round";
/// Which round of its thread.
pub const ROUND: &str = "Round";
/// Opens the log panel.
pub const OPEN_LOG: &str = "Open log";
/// Stops the run.
pub const STOP: &str = "Stop run";
/// Details come later.
pub const NO_COUNTERS: &str = "Counters come when the profile has ended";

/// How many objects with errors are not shown.
pub fn more_errors(count: u64) -> String {
    format!("and {count} more, in the service's run history")
}

/// A count with its thousands apart.
pub fn figure(count: u64) -> String {
    crate::base::text::grouped(count)
}

/// A command that copies a file.
pub fn copies(from: &str, to: &str) -> String {
    if from.is_empty() && to.is_empty() {
        "Copy a file".to_owned()
    } else {
        format!("Copy {from} to {to}")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn counts_and_steps_without_a_name_have_one_form() {
        for (threads, count, said) in [
            (0, 0, "0 threads, 0 steps"),
            (1, 0, "1 thread, 0 steps"),
            (2, 1, "2 threads, 1 step"),
        ] {
            assert_eq!(threads_and_steps(threads, count), said);
        }
        let duration = Duration::from_mins(5);
        assert_eq!(unnamed(&StepKind::Delay { duration }), "Delay 5 min");
        let command = crate::model::Command::new("copy-feed.sh");
        assert_eq!(unnamed(&StepKind::Command(command)), "Command copy-feed.sh");
    }
}
