//! Writes a sequence as its canonical file: same sequence, same bytes.
//!
//! Attributes in the order of the grammar, defaults left out, two blanks of indentation, line
//! feeds. Two things of a sequence have no text of their own: an empty optional text is written
//! like none, and the limit of a command step is written once, on the step (the shorter of the
//! step's and the command's).

use std::fmt::Write as _;
use std::time::Duration;

use crate::base::duration::exact;
use crate::base::text::is_xml_char;
use crate::model::{
    Authentication, Command, ExitCodes, LogLevel, LogSettings, OnFailure, OverlapRule, PostCommand,
    Processing, ResourceUris, RunSettings, Sequence, ServerSettings, Step, StepKind, Thread,
    Transport, When,
};

use super::words;

/// Writes the canonical file of a sequence, in UTF-8 without byte order mark.
///
/// A character that XML cannot hold (`check` calls it an error) becomes U+FFFD, so that what is
/// written can always be read.
pub fn write(sequence: &Sequence) -> String {
    let mut writer = Writer {
        out: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned(),
        depth: 0,
    };
    writer.sequence(sequence);
    writer.out
}

struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn sequence(&mut self, sequence: &Sequence) {
        self.start(words::MASEQUENCE);
        self.attribute("xmlns", words::NAMESPACE);
        self.attribute(words::VERSION_ATTRIBUTE, words::VERSION);
        self.attribute_unless_empty(words::NAME, &sequence.name);
        let before = self.content();
        self.server(&sequence.server);
        self.log(&sequence.log);
        self.run(&sequence.run);
        self.pre_commands(&sequence.processing);
        for thread in &sequence.threads {
            self.thread(thread);
        }
        self.post_commands(&sequence.processing);
        self.end(words::MASEQUENCE, before);
    }

    fn server(&mut self, server: &ServerSettings) {
        let ServerSettings {
            host,
            transport,
            tls,
            port,
            authentication,
            user,
            ca_file,
            pin,
            allow_unencrypted,
            resource_uris,
        } = server;
        let before = self.optional_start(words::SERVER);
        self.optional_attribute(words::HOST, host.as_deref());
        if *transport != Transport::default() {
            self.attribute(words::TRANSPORT, transport.as_str());
        }
        self.switched_on(words::TLS, *tls);
        if let Some(port) = port {
            self.attribute(words::PORT, &port.to_string());
        }
        if *authentication != Authentication::default() {
            self.attribute(words::AUTH, authentication.as_str());
        }
        self.optional_attribute(words::USER, user.as_deref());
        self.optional_attribute(words::CA_FILE, ca_file.as_deref());
        self.optional_attribute(words::PIN, pin.as_deref());
        self.switched_on(words::ALLOW_UNENCRYPTED, *allow_unencrypted);
        if *resource_uris != ResourceUris::default() {
            self.attribute(words::RESOURCE_URIS, resource_uris.as_str());
        }
        self.optional_end(before);
    }

    fn log(&mut self, log: &LogSettings) {
        let LogSettings { file, level } = log;
        let before = self.optional_start(words::LOG);
        self.optional_attribute(words::FILE, file.as_deref());
        if *level != LogLevel::default() {
            self.attribute(words::LEVEL, level.as_str());
        }
        self.optional_end(before);
    }

    fn run(&mut self, run: &RunSettings) {
        let RunSettings {
            overlap,
            max_parallel,
        } = run;
        let before = self.optional_start(words::RUN);
        if *overlap != OverlapRule::default() {
            self.attribute(words::OVERLAP, overlap.as_str());
        }
        if let Some(max_parallel) = max_parallel {
            self.attribute(words::MAX_PARALLEL, &max_parallel.to_string());
        }
        self.optional_end(before);
    }

    fn thread(&mut self, thread: &Thread) {
        let Thread {
            name,
            enabled,
            start_delay,
            repeat,
            processing,
            steps,
        } = thread;
        self.start(words::THREAD);
        self.attribute(words::NAME, name);
        self.switched_off(words::ENABLED, *enabled);
        if !start_delay.is_zero() {
            self.duration(words::START_DELAY, *start_delay);
        }
        if repeat.get() > 1 {
            self.attribute(words::REPEAT, &repeat.to_string());
        }
        let before = self.content();
        self.pre_commands(processing);
        for step in steps {
            self.step(step);
        }
        self.post_commands(processing);
        self.end(words::THREAD, before);
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::RunProfile(run) => {
                self.start(words::RUN_PROFILE);
                self.attribute(words::AGENT, run.agent.as_str());
                self.attribute(words::PROFILE, run.profile.as_str());
                if let Some(step_type) = run.step_type {
                    self.attribute(words::TYPE, step_type.as_str());
                }
                self.step_attributes(step, step.timeout);
                let before = self.content();
                self.pre_commands(&step.processing);
                self.post_commands(&step.processing);
                self.end(words::RUN_PROFILE, before);
            }
            StepKind::Delay { duration } => {
                self.start(words::DELAY);
                self.duration(words::DURATION, *duration);
                self.step_attributes(step, step.timeout);
                let before = self.content();
                self.pre_commands(&step.processing);
                self.post_commands(&step.processing);
                self.end(words::DELAY, before);
            }
            StepKind::Command(command) => {
                self.start(words::COMMAND);
                self.attribute(words::PROGRAM, &command.program);
                self.optional_attribute(words::DIRECTORY, command.directory.as_deref());
                self.ending(command);
                let limits = [step.timeout, command.timeout];
                self.step_attributes(step, limits.into_iter().flatten().min());
                let before = self.content();
                self.pre_commands(&step.processing);
                self.parts(command);
                self.post_commands(&step.processing);
                self.end(words::COMMAND, before);
            }
        }
    }

    fn step_attributes(&mut self, step: &Step, timeout: Option<Duration>) {
        self.optional_attribute(words::NAME, step.name.as_deref());
        self.switched_off(words::ENABLED, step.enabled);
        if let Some(timeout) = timeout {
            self.duration(words::TIMEOUT, timeout);
        }
        if step.on_failure != OnFailure::default() {
            self.attribute(words::ON_FAILURE, step.on_failure.as_str());
        }
    }

    fn pre_commands(&mut self, processing: &Processing) {
        for command in &processing.pre {
            self.start(words::PRE_PROCESSING);
            self.attribute(words::PROGRAM, &command.program);
            self.command_attributes(command);
            let before = self.content();
            self.parts(command);
            self.end(words::PRE_PROCESSING, before);
        }
    }

    fn post_commands(&mut self, processing: &Processing) {
        for PostCommand { when, command } in &processing.post {
            self.start(words::POST_PROCESSING);
            self.attribute(words::PROGRAM, &command.program);
            if *when != When::default() {
                self.attribute(words::WHEN, when.as_str());
            }
            self.command_attributes(command);
            let before = self.content();
            self.parts(command);
            self.end(words::POST_PROCESSING, before);
        }
    }

    fn command_attributes(&mut self, command: &Command) {
        self.optional_attribute(words::DIRECTORY, command.directory.as_deref());
        if let Some(timeout) = command.timeout {
            self.duration(words::TIMEOUT, timeout);
        }
        self.ending(command);
    }

    /// How a command's end is judged.
    fn ending(&mut self, command: &Command) {
        self.switched_off(words::WAIT, command.wait);
        if command.allowed_exit_codes != ExitCodes::default() {
            let codes: Vec<String> = command
                .allowed_exit_codes
                .iter()
                .map(|code| code.to_string())
                .collect();
            self.attribute(words::ALLOWED_EXIT_CODES, &codes.join(" "));
        }
    }

    fn parts(&mut self, command: &Command) {
        for argument in &command.arguments {
            self.start(words::ARGUMENT);
            if argument.is_empty() {
                self.out.push_str("/>\n");
            } else {
                self.out.push('>');
                push_text(&mut self.out, argument);
                self.close(words::ARGUMENT);
            }
        }
        for (name, value) in &command.environment {
            self.start(words::VARIABLE);
            self.attribute(words::NAME, name);
            self.attribute(words::VALUE, value);
            self.out.push_str("/>\n");
        }
    }

    /// Begins an element that is left out if nothing is said about it; returns where it began.
    fn optional_start(&mut self, name: &'static str) -> (usize, usize) {
        let beginning = self.out.len();
        self.start(name);
        (beginning, self.out.len())
    }

    fn optional_end(&mut self, (beginning, unchanged): (usize, usize)) {
        if self.out.len() == unchanged {
            self.out.truncate(beginning);
        } else {
            self.out.push_str("/>\n");
        }
    }

    fn start(&mut self, name: &'static str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push('<');
        self.out.push_str(name);
    }

    /// Goes from the attributes to the content; returns where the content begins.
    fn content(&mut self) -> usize {
        self.out.push_str(">\n");
        self.depth += 1;
        self.out.len()
    }

    /// Ends an element whose content began there; one without content closes itself.
    fn end(&mut self, name: &'static str, content: usize) {
        self.depth -= 1;
        if self.out.len() == content {
            self.out.truncate(content - ">\n".len());
            self.out.push_str("/>\n");
        } else {
            for _ in 0..self.depth {
                self.out.push_str("  ");
            }
            self.close(name);
        }
    }

    fn close(&mut self, name: &'static str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        push_attribute(&mut self.out, value);
        self.out.push('"');
    }

    fn attribute_unless_empty(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() {
            self.attribute(name, value);
        }
    }

    fn optional_attribute(&mut self, name: &'static str, value: Option<&str>) {
        self.attribute_unless_empty(name, value.unwrap_or_default());
    }

    /// A switch that is off unless something is said.
    fn switched_on(&mut self, name: &'static str, is_on: bool) {
        if is_on {
            self.attribute(name, "true");
        }
    }

    /// A switch that is on unless something is said.
    fn switched_off(&mut self, name: &'static str, is_on: bool) {
        if !is_on {
            self.attribute(name, "false");
        }
    }

    fn duration(&mut self, name: &'static str, value: Duration) {
        self.attribute(name, &exact(value).to_string());
    }
}

/// Blanks other than a space become references: a parser makes spaces of plain ones (XML 3.3.3).
fn push_attribute(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '\t' | '\n' | '\r' => push_reference(out, c),
            '"' => out.push_str("&quot;"),
            _ => push_char(out, c),
        }
    }
}

/// Blanks at both ends become references, so that an editor that re-indents the file leaves the
/// text alone; a carriage return always does, since a parser makes a line feed of it (XML 2.11).
fn push_text(out: &mut String, text: &str) {
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let inner = text.trim_start_matches(is_blank);
    let leading = text.len() - inner.len();
    let trailing = leading + inner.trim_end_matches(is_blank).len();
    for (offset, c) in text.char_indices() {
        if c == '\r' || offset < leading || offset >= trailing {
            push_reference(out, c);
        } else {
            push_char(out, c);
        }
    }
}

fn push_char(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        // Needed after `]]`, and simpler to do always.
        '>' => out.push_str("&gt;"),
        _ if is_xml_char(c) => out.push(c),
        _ => out.push(char::REPLACEMENT_CHARACTER),
    }
}

fn push_reference(out: &mut String, c: char) {
    // Writing to a string cannot fail.
    write!(out, "&#{};", u32::from(c)).ok();
}
