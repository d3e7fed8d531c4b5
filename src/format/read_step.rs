//! Reads the steps of a thread.

use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{OnFailure, Processing, RunProfileStep, Step, StepKind};

use super::cursor::{Fault, Tag};
use super::element::{Attributes, span};
use super::reader::Reader;
use super::words::{self, Grammar};

impl Reader<'_> {
    /// A step of any kind.
    pub(super) fn step(&mut self, tag: &Tag<'_>) -> Result<Step, Fault> {
        match tag.name {
            words::RUN_PROFILE => self.run_profile(tag),
            words::DELAY => self.delay(tag),
            _ => self.command_step(tag),
        }
    }

    fn run_profile(&mut self, tag: &Tag<'_>) -> Result<Step, Fault> {
        const GRAMMAR: &Grammar = &words::RUN_PROFILE_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let kind = StepKind::RunProfile(RunProfileStep {
            agent: attributes.required_value(words::AGENT, "agent=\"HR\"", |name| {
                AgentName::new(name).map_err(|error| error.to_string())
            })?,
            profile: attributes.required_value(
                words::PROFILE,
                "profile=\"Delta Import\"",
                |name| ProfileName::new(name).map_err(|error| error.to_string()),
            )?,
            step_type: attributes.word(words::TYPE, &StepType::ALL, StepType::as_str)?,
        });
        let mut step = common(&attributes, kind)?;
        step.processing = self.processing(GRAMMAR)?;
        Ok(step)
    }

    fn delay(&mut self, tag: &Tag<'_>) -> Result<Step, Fault> {
        const GRAMMAR: &Grammar = &words::DELAY_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let duration = attributes.required_value(words::DURATION, "duration=\"30s\"", span)?;
        let mut step = common(&attributes, StepKind::Delay { duration })?;
        step.processing = self.processing(GRAMMAR)?;
        Ok(step)
    }

    fn command_step(&mut self, tag: &Tag<'_>) -> Result<Step, Fault> {
        const GRAMMAR: &Grammar = &words::COMMAND_ELEMENT;
        let attributes = self.cursor.attributes(tag, GRAMMAR)?;
        let mut command = Self::command(&attributes)?;
        let mut processing = Processing::default();
        while let Some(tag) = self.cursor.child(GRAMMAR)? {
            match tag.name {
                words::PRE_PROCESSING => processing.pre.push(self.pre_command(&tag)?),
                words::POST_PROCESSING => processing.post.push(self.post_command(&tag)?),
                _ => self.command_part(&tag, &mut command)?,
            }
        }
        // The limit of a command step is the step's; a second one could only contradict it.
        command.timeout = None;
        let mut step = common(&attributes, StepKind::Command(command))?;
        step.processing = processing;
        Ok(step)
    }

    fn processing(&mut self, grammar: &'static Grammar) -> Result<Processing, Fault> {
        let mut processing = Processing::default();
        while let Some(tag) = self.cursor.child(grammar)? {
            if tag.name == words::PRE_PROCESSING {
                processing.pre.push(self.pre_command(&tag)?);
            } else {
                processing.post.push(self.post_command(&tag)?);
            }
        }
        Ok(processing)
    }
}

fn common(attributes: &Attributes, kind: StepKind) -> Result<Step, Fault> {
    let mut step = Step::new(kind);
    step.name = attributes.text(words::NAME);
    step.enabled = attributes.switch(words::ENABLED, true)?;
    step.timeout = attributes.duration(words::TIMEOUT)?;
    step.on_failure = attributes
        .word(words::ON_FAILURE, &OnFailure::ALL, OnFailure::as_str)?
        .unwrap_or_default();
    Ok(step)
}
