//! Reads commands: their attributes, arguments and variables, as a step and before and after one.

use crate::model::{Command, ExitCodes, PostCommand, When};

use super::cursor::{Fault, Tag};
use super::element::Attributes;
use super::reader::{Reader, capped};
use super::words::{self, Grammar};

/// The most arguments, and the most variables, of one command.
const MAX_ARGUMENTS: usize = 10_000;

impl Reader<'_> {
    /// A pre-processing command.
    pub(super) fn pre_command(&mut self, tag: &Tag<'_>) -> Result<Command, Fault> {
        const GRAMMAR: &Grammar = &words::PRE_PROCESSING_ELEMENT;
        self.count_command(tag)?;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        self.whole_command(&attributes, GRAMMAR)
    }

    /// A post-processing command.
    pub(super) fn post_command(&mut self, tag: &Tag<'_>) -> Result<PostCommand, Fault> {
        const GRAMMAR: &Grammar = &words::POST_PROCESSING_ELEMENT;
        self.count_command(tag)?;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        Ok(PostCommand {
            when: attributes
                .word(words::WHEN, &When::ALL, When::as_str)?
                .unwrap_or_default(),
            command: self.whole_command(&attributes, GRAMMAR)?,
        })
    }

    /// What the attributes say about a command.
    pub(super) fn command(attributes: &Attributes) -> Result<Command, Fault> {
        let mut command = Command::new(attributes.required(words::PROGRAM, "program=\"cp\"")?);
        command.directory = attributes.text(words::DIRECTORY);
        command.timeout = attributes.duration(words::TIMEOUT)?;
        command.wait = attributes.switch(words::WAIT, true)?;
        if let Some(codes) = attributes.parsed(words::ALLOWED_EXIT_CODES, exit_codes)? {
            command.allowed_exit_codes = codes;
        }
        Ok(command)
    }

    /// An argument or a variable.
    pub(super) fn command_part(
        &mut self,
        tag: &Tag<'_>,
        command: &mut Command,
    ) -> Result<(), Fault> {
        if tag.name == words::ARGUMENT {
            const GRAMMAR: &Grammar = &words::ARGUMENT_ELEMENT;
            let what = "arguments of one command";
            capped(command.arguments.len(), MAX_ARGUMENTS, what, tag.offset)?;
            self.cursor.attributes(tag, GRAMMAR)?;
            command.arguments.push(self.cursor.text(GRAMMAR)?);
        } else {
            const GRAMMAR: &Grammar = &words::VARIABLE_ELEMENT;
            let what = "variables of one command";
            capped(command.environment.len(), MAX_ARGUMENTS, what, tag.offset)?;
            let attributes = self.cursor.attributes(tag, GRAMMAR)?;
            let name = attributes.required(words::NAME, "name=\"FEED\"")?;
            let value = attributes.required(words::VALUE, "value=\"hr.csv\"")?;
            command
                .environment
                .push((name.to_owned(), value.to_owned()));
            self.cursor.empty(GRAMMAR)?;
        }
        Ok(())
    }

    fn whole_command(
        &mut self,
        attributes: &Attributes,
        grammar: &'static Grammar,
    ) -> Result<Command, Fault> {
        let mut command = Self::command(attributes)?;
        while let Some(tag) = self.cursor.child(grammar)? {
            self.command_part(&tag, &mut command)?;
        }
        Ok(command)
    }
}

/// Exit codes, separated by blanks.
fn exit_codes(value: &str) -> Result<ExitCodes, String> {
    let expected = || "expected whole numbers separated by blanks, such as `0 1 3010`".to_owned();
    let codes: Result<Vec<i32>, _> = value.split_ascii_whitespace().map(str::parse).collect();
    codes.ok().and_then(ExitCodes::new).ok_or_else(expected)
}
