//! Brings what is typed into the form that a file can hold: what is drawn is what is saved.

use std::time::Duration;

use crate::base::duration::LONGEST;
use crate::base::text::is_xml_char;
use crate::mim::{AgentName, ProfileName};
use crate::model::{Command, Processing, Sequence, ServerSettings, Step, StepKind, Thread};

use super::{SequenceHead, ThreadHead};

/// The most arguments, and the most variables, that a file holds for one command.
const MAX_PARTS: usize = 10_000;

/// Settings of a sequence.
pub(super) fn sequence_head(mut head: SequenceHead, before: &ServerSettings) -> SequenceHead {
    text(&mut head.name);
    let server = &mut head.server;
    for part in [&mut server.host, &mut server.user, &mut server.ca_file] {
        optional(part);
    }
    optional(&mut head.log.file);
    server.port = server.port.filter(|port| *port > 0);
    if server.pin.as_deref().is_some_and(str::is_empty) {
        server.pin = None;
    }
    // A pin that is half typed would make the file unreadable.
    if !server.pin.as_deref().is_none_or(is_pin) {
        server.pin = before.pin.clone().filter(|pin| is_pin(pin));
    }
    processing(&mut head.processing);
    head
}

/// Settings of a thread.
pub(super) fn thread_head(mut head: ThreadHead) -> ThreadHead {
    text(&mut head.name);
    span(&mut head.start_delay);
    processing(&mut head.processing);
    head
}

/// A step; `None` when nothing of a name of it is left.
pub(super) fn step(mut step: Step) -> Option<Step> {
    optional(&mut step.name);
    if let Some(timeout) = &mut step.timeout {
        span(timeout);
    }
    processing(&mut step.processing);
    match &mut step.kind {
        StepKind::RunProfile(run) => {
            if let Some(clean) = cleaned(run.agent.as_str()) {
                run.agent = AgentName::new(&clean).ok()?;
            }
            if let Some(clean) = cleaned(run.profile.as_str()) {
                run.profile = ProfileName::new(&clean).ok()?;
            }
        }
        StepKind::Delay { duration } => span(duration),
        StepKind::Command(command) => {
            self::command(command);
            // A file has one limit for a command step, and it is the step's.
            step.timeout = match (step.timeout, command.timeout.take()) {
                (Some(own), Some(other)) => Some(own.min(other)),
                (own, other) => own.or(other),
            };
        }
    }
    Some(step)
}

/// Steps; `None` when one of them cannot be kept.
pub(super) fn steps(steps: &[Step]) -> Option<Vec<Step>> {
    steps.iter().cloned().map(step).collect()
}

/// A thread with its steps.
pub(super) fn thread(thread: &Thread) -> Option<Thread> {
    let mut whole = Thread::new(String::new());
    thread_head(ThreadHead::of(thread)).put_on(&mut whole);
    whole.steps = steps(&thread.steps)?;
    Some(whole)
}

/// A whole sequence.
pub(super) fn sequence(sequence: &Sequence) -> Option<Sequence> {
    let mut whole = Sequence::default();
    sequence_head(SequenceHead::of(sequence), &sequence.server).put_on(&mut whole);
    whole.threads = sequence.threads.iter().map(thread).collect::<Option<_>>()?;
    Some(whole)
}

fn processing(processing: &mut Processing) {
    processing.pre.iter_mut().for_each(command);
    for post in &mut processing.post {
        command(&mut post.command);
    }
}

fn command(command: &mut Command) {
    text(&mut command.program);
    optional(&mut command.directory);
    if let Some(timeout) = &mut command.timeout {
        span(timeout);
    }
    command.arguments.truncate(MAX_PARTS);
    command.environment.truncate(MAX_PARTS);
    command.arguments.iter_mut().for_each(text);
    for (name, value) in &mut command.environment {
        text(name);
        text(value);
    }
}

fn is_pin(pin: &str) -> bool {
    pin.len() == 64 && pin.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn span(span: &mut Duration) {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    *span = Duration::from_millis(millis).min(LONGEST);
}

fn optional(value: &mut Option<String>) {
    if let Some(inner) = value {
        text(inner);
    }
    if value.as_deref().is_some_and(str::is_empty) {
        *value = None;
    }
}

fn text(value: &mut String) {
    if let Some(clean) = cleaned(value) {
        *value = clean;
    }
}

/// The text without what XML cannot hold; `None` when it is clean already.
fn cleaned(text: &str) -> Option<String> {
    let is_clean = text.chars().all(is_xml_char);
    (!is_clean).then(|| text.chars().filter(|c| is_xml_char(*c)).collect())
}
