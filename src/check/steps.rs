//! Rules about single steps and commands.

use crate::base::text::is_xml_char;
use crate::model::{Command, Place, Sequence, ServerSettings, StepKind};

use super::view::{View, enabled_steps};
use super::{Code, Problem, Severity};

/// The placeholder for the result of a run profile.
const RESULT: &str = "*MA_RUN_RESULT*";

/// Applies the rules of this group.
pub(super) fn check(view: &View<'_>, problems: &mut Vec<Problem>) {
    processing(view.sequence, Place::Sequence, problems);
    for (thread, content) in view.threads() {
        processing(view.sequence, Place::Thread(thread), problems);
        for (index, step) in enabled_steps(content) {
            let place = Place::Step {
                thread,
                step: index,
            };
            processing(view.sequence, place, problems);
            match &step.kind {
                StepKind::Delay { duration } if duration.is_zero() => problems.push(Problem::new(
                    Code::ZeroDelay,
                    Severity::Warning,
                    place,
                    "a delay of zero does not wait; write how long, such as `30s`, or remove the step"
                        .to_owned(),
                )),
                StepKind::Command(command) => {
                    self::command(command, "the command", HasResult::No, place, problems);
                }
                StepKind::Delay { .. } | StepKind::RunProfile(_) => {}
            }
        }
    }
    unwritable(view.sequence, problems);
}

/// Whether there is a result of a run profile when a command starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HasResult {
    Yes,
    No,
}

fn processing(sequence: &Sequence, place: Place, problems: &mut Vec<Problem>) {
    let Some(processing) = sequence.processing(place) else {
        return;
    };
    for (index, command) in processing.pre.iter().enumerate() {
        let what = format!("pre-processing command {}", index + 1);
        self::command(command, &what, HasResult::No, place, problems);
    }
    let is_run = sequence
        .step(place)
        .is_some_and(|step| step.run_profile().is_some());
    let has_result = if is_run {
        HasResult::Yes
    } else {
        HasResult::No
    };
    for (index, post) in processing.post.iter().enumerate() {
        let what = format!("post-processing command {}", index + 1);
        self::command(&post.command, &what, has_result, place, problems);
    }
}

fn command(
    command: &Command,
    what: &str,
    has_result: HasResult,
    place: Place,
    problems: &mut Vec<Problem>,
) {
    if command.program.trim().is_empty() {
        problems.push(Problem::new(
            Code::NoProgram,
            Severity::Error,
            place,
            format!("{what} names no program; name one or remove the command"),
        ));
    }
    if let Some(missing) = missing_path(command) {
        problems.push(Problem::new(
            Code::NoPath,
            Severity::Error,
            place,
            format!("{what} copies a file, but does not say {missing}; choose the path"),
        ));
    }
    let asks = std::iter::once(&command.program)
        .chain(&command.arguments)
        .any(|text| text.contains(RESULT));
    if asks && has_result == HasResult::No {
        problems.push(Problem::new(
            Code::NoResultHere,
            Severity::Warning,
            place,
            format!(
                "{what} asks for {RESULT}, but only the post-processing of a run profile has a \
                 result; move it there"
            ),
        ));
    }
}

/// Which path a command that copies lacks; nothing if it has all of them or does something else.
fn missing_path(command: &Command) -> Option<&'static str> {
    let name = command.program.rsplit(['/', '\\']).next()?;
    let name = name.to_ascii_lowercase();
    let copies = |word: &str| ["cp", "copy", "xcopy", "mv", "move"].contains(&word);
    let is_shell = name.trim_end_matches(".exe") == "cmd"
        && command
            .arguments
            .iter()
            .any(|argument| copies(&argument.to_ascii_lowercase()));
    if !is_shell && !copies(name.trim_end_matches(".exe")) {
        return None;
    }
    let arguments = &command.arguments;
    let empty = arguments.iter().position(|path| path.trim().is_empty())?;
    Some(if empty + 1 == arguments.len() {
        "where to"
    } else {
        "which one"
    })
}

/// The file keeps also what is switched off, so this rule looks at everything.
fn unwritable(sequence: &Sequence, problems: &mut Vec<Problem>) {
    let mut report = |place, what: &str, text: &str| {
        if let Some(bad) = text.chars().find(|c| !is_xml_char(*c)) {
            problems.push(Problem::new(
                Code::UnwritableCharacter,
                Severity::Error,
                place,
                format!(
                    "{what} has the character U+{:04X}, which a file cannot hold; remove it",
                    u32::from(bad)
                ),
            ));
        }
    };
    report(Place::Sequence, "the name of the sequence", &sequence.name);
    for (what, text) in server_texts(&sequence.server) {
        report(Place::Sequence, what, text.unwrap_or_default());
    }
    report(
        Place::Sequence,
        "the name of the log file",
        sequence.log.file.as_deref().unwrap_or_default(),
    );
    let threads = sequence.threads.iter().enumerate();
    for (index, thread) in threads {
        report(Place::Thread(index), "the name of the thread", &thread.name);
    }
    let places = std::iter::once(Place::Sequence)
        .chain((0..sequence.threads.len()).map(Place::Thread))
        .chain(sequence.step_places());
    for place in places {
        if let Some(step) = sequence.step(place) {
            let name = step.name.as_deref().unwrap_or_default();
            report(place, "the name of the step", name);
            match &step.kind {
                StepKind::RunProfile(run) => {
                    report(place, "the name of the agent", run.agent.as_str());
                    report(place, "the name of the run profile", run.profile.as_str());
                }
                StepKind::Command(command) => command_texts(command, place, &mut report),
                StepKind::Delay { .. } => {}
            }
        }
        if let Some(processing) = sequence.processing(place) {
            for command in &processing.pre {
                command_texts(command, place, &mut report);
            }
            for post in &processing.post {
                command_texts(&post.command, place, &mut report);
            }
        }
    }
}

fn server_texts(server: &ServerSettings) -> [(&'static str, Option<&str>); 3] {
    [
        ("the server's name", server.host.as_deref()),
        ("the name of the user", server.user.as_deref()),
        ("the file of authorities", server.ca_file.as_deref()),
    ]
}

fn command_texts(command: &Command, place: Place, report: &mut impl FnMut(Place, &str, &str)) {
    report(place, "a program", &command.program);
    report(
        place,
        "a command's folder",
        command.directory.as_deref().unwrap_or_default(),
    );
    for argument in &command.arguments {
        report(place, "an argument", argument);
    }
    for (name, value) in &command.environment {
        report(place, "a variable's name", name);
        report(place, "a variable's value", value);
    }
}
