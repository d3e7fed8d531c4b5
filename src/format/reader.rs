//! Reads a sequence file from its root: settings and threads.

use std::num::NonZeroU16;

use crate::model::{
    Authentication, LogLevel, LogSettings, OverlapRule, ResourceUris, RunSettings, Sequence,
    ServerSettings, Thread, Transport,
};

use super::cursor::{Cursor, Fault, Tag};
use super::element::{one_of, unsigned};
use super::encoding::{at, decode};
use super::error::{FormatError, Problem};
use super::words::{self, Grammar};

/// The largest file that is read: 16 MiB. Callers read at most one byte more from a disk.
pub const MAX_FILE_BYTES: usize = 16 << 20;
/// The most threads of a sequence.
pub const MAX_THREADS: usize = 1_000;
/// The most steps of a sequence, over all threads.
pub const MAX_STEPS: usize = 100_000;
/// The most pre- and post-processing commands of a sequence, over all places.
pub const MAX_COMMANDS: usize = 100_000;

/// Reads a sequence file.
///
/// # Errors
/// [`FormatError`] with line, column and what to do, for the first thing that is wrong.
pub fn read(bytes: &[u8]) -> Result<Sequence, FormatError> {
    if bytes.len() > MAX_FILE_BYTES {
        let problem = Problem::TooLarge {
            max_bytes: MAX_FILE_BYTES,
        };
        return Err(at("", problem));
    }
    let decoded = decode(bytes)?;
    let text = decoded.text.as_ref();
    match text.trim_start().chars().next() {
        None => return Err(at("", Problem::Empty)),
        Some('<') => {}
        Some(_) => return Err(at("", Problem::NotXml)),
    }
    let mut reader = Reader {
        cursor: Cursor::new(text, decoded.encoding),
        steps: 0,
        commands: 0,
    };
    reader.sequence().map_err(|fault| {
        let before = text.get(..fault.offset).unwrap_or(text);
        at(before, fault.problem)
    })
}

/// The cursor and how much has been read of what is capped.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) cursor: Cursor<'a>,
    steps: usize,
    commands: usize,
}

impl Reader<'_> {
    fn sequence(&mut self) -> Result<Sequence, Fault> {
        const GRAMMAR: &Grammar = &words::SEQUENCE;
        let root = self.cursor.root()?;
        let attributes = self.cursor.attributes(&root, GRAMMAR)?;
        let version = attributes.required(words::VERSION_ATTRIBUTE, "version=\"1\"")?;
        check_version(version.trim_ascii(), root.offset)?;
        let mut sequence = Sequence {
            name: attributes.text(words::NAME).unwrap_or_default(),
            ..Sequence::default()
        };
        let mut seen: Vec<&str> = Vec::new();
        while let Some(tag) = self.cursor.child(GRAMMAR)? {
            match tag.name {
                words::THREAD => {
                    capped(sequence.threads.len(), MAX_THREADS, "threads", tag.offset)?;
                    sequence.threads.push(self.thread(&tag)?);
                }
                words::PRE_PROCESSING => sequence.processing.pre.push(self.pre_command(&tag)?),
                words::POST_PROCESSING => sequence.processing.post.push(self.post_command(&tag)?),
                once => {
                    if seen.contains(&once) {
                        return Err(Fault::new(tag.offset, Problem::SecondElement(once)));
                    }
                    seen.push(once);
                    match once {
                        words::SERVER => sequence.server = self.server(&tag)?,
                        words::LOG => sequence.log = self.log(&tag)?,
                        _ => sequence.run = self.run(&tag)?,
                    }
                }
            }
        }
        self.cursor.finish()?;
        Ok(sequence)
    }

    fn server(&mut self, tag: &Tag<'_>) -> Result<ServerSettings, Fault> {
        const GRAMMAR: &Grammar = &words::SERVER_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let server = ServerSettings {
            host: attributes.text(words::HOST),
            transport: attributes
                .word(words::TRANSPORT, &Transport::ALL, Transport::as_str)?
                .unwrap_or_default(),
            tls: attributes.switch(words::TLS, false)?,
            port: attributes.parsed(words::PORT, |value| {
                let port = unsigned::<NonZeroU16>(value).map(NonZeroU16::get);
                port.ok_or_else(|| "expected a whole number from 1 to 65535".to_owned())
            })?,
            authentication: attributes
                .word(words::AUTH, &Authentication::ALL, Authentication::as_str)?
                .unwrap_or_default(),
            user: attributes.text(words::USER),
            ca_file: attributes.text(words::CA_FILE),
            pin: attributes.parsed(words::PIN, pin)?,
            allow_unencrypted: attributes.switch(words::ALLOW_UNENCRYPTED, false)?,
            resource_uris: attributes
                .word(
                    words::RESOURCE_URIS,
                    &ResourceUris::ALL,
                    ResourceUris::as_str,
                )?
                .unwrap_or_default(),
        };
        self.cursor.empty(GRAMMAR)?;
        Ok(server)
    }

    fn log(&mut self, tag: &Tag<'_>) -> Result<LogSettings, Fault> {
        const GRAMMAR: &Grammar = &words::LOG_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let level = attributes.parsed(words::LEVEL, |value| {
            LogLevel::from_word(value).ok_or_else(|| {
                let names = LogLevel::ALL.iter().map(|level| level.as_str());
                one_of(value, names.chain(["0", "1", "2", "3"]))
            })
        })?;
        let log = LogSettings {
            file: attributes.text(words::FILE),
            level: level.unwrap_or_default(),
        };
        self.cursor.empty(GRAMMAR)?;
        Ok(log)
    }

    fn run(&mut self, tag: &Tag<'_>) -> Result<RunSettings, Fault> {
        const GRAMMAR: &Grammar = &words::RUN_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let run = RunSettings {
            overlap: attributes
                .word(words::OVERLAP, &OverlapRule::ALL, OverlapRule::as_str)?
                .unwrap_or_default(),
            max_parallel: attributes.count(words::MAX_PARALLEL)?,
        };
        self.cursor.empty(GRAMMAR)?;
        Ok(run)
    }

    fn thread(&mut self, tag: &Tag<'_>) -> Result<Thread, Fault> {
        const GRAMMAR: &Grammar = &words::THREAD_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let mut thread = Thread::new(attributes.required(words::NAME, "name=\"Import\"")?);
        thread.enabled = attributes.switch(words::ENABLED, true)?;
        thread.start_delay = attributes.duration(words::START_DELAY)?.unwrap_or_default();
        thread.repeat = attributes.count(words::REPEAT)?.unwrap_or(thread.repeat);
        while let Some(tag) = self.cursor.child(GRAMMAR)? {
            match tag.name {
                words::PRE_PROCESSING => thread.processing.pre.push(self.pre_command(&tag)?),
                words::POST_PROCESSING => thread.processing.post.push(self.post_command(&tag)?),
                _ => {
                    capped(self.steps, MAX_STEPS, "steps", tag.offset)?;
                    self.steps += 1;
                    thread.steps.push(self.step(&tag)?);
                }
            }
        }
        Ok(thread)
    }

    /// Counts one more pre- or post-processing command.
    pub(super) fn count_command(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        let what = "pre- and post-processing commands";
        capped(self.commands, MAX_COMMANDS, what, tag.offset)?;
        self.commands += 1;
        Ok(())
    }
}

/// An error if there are already as many as there may be.
pub(super) fn capped(
    count: usize,
    max: usize,
    what: &'static str,
    offset: usize,
) -> Result<(), Fault> {
    if count < max {
        return Ok(());
    }
    Err(Fault::new(offset, Problem::TooMany { what, max }))
}

fn check_version(version: &str, offset: usize) -> Result<(), Fault> {
    if version == words::VERSION {
        return Ok(());
    }
    let problem = if version.parse().is_ok_and(|number: u32| number > 1) {
        Problem::NewerVersion(version.to_owned())
    } else {
        Problem::WrongValue {
            element: words::MASEQUENCE,
            attribute: words::VERSION_ATTRIBUTE,
            value: version.to_owned(),
            expected: "expected `1`".to_owned(),
        }
    };
    Err(Fault::new(offset, problem))
}

/// The SHA-256 of a certificate.
fn pin(value: &str) -> Result<String, String> {
    if value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(value.to_owned())
    } else {
        Err(
            "expected the certificate's SHA-256 as 64 hexadecimal digits without colons or blanks"
                .to_owned(),
        )
    }
}
