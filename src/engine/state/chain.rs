//! Runs the pre- or post-processing of the sequence, a thread or a step: commands one by one.

use crate::model::{Command, Processing, When};
use crate::run::{RunEventKind, Slot, StepOutcome};

use super::super::backend::CommandCall;
use super::thread::ThreadRun;
use super::{Act, ActId, Call, CommandResult, Owner, Phase, State};

/// The text in a command that becomes the result of what went before.
const RESULT_PLACEHOLDER: &str = "*MA_RUN_RESULT*";

/// Where a pre- or post-processing is.
#[derive(Debug, Default)]
pub(super) struct Chain {
    kind: ChainKind,
    next: usize,
    running: Option<ActId>,
    outcome: Option<StepOutcome>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum ChainKind {
    #[default]
    Pre,
    Post,
}

impl Chain {
    pub(super) fn pre() -> Self {
        Self::default()
    }

    pub(super) fn post() -> Self {
        Self {
            kind: ChainKind::Post,
            ..Self::default()
        }
    }

    /// Whether a command of it is under way.
    pub(super) const fn is_running(&self) -> bool {
        self.running.is_some()
    }
}

impl State {
    /// Moves a chain on. Returns its outcome once it is over: for pre-processing `Success`,
    /// `Failed` or `Stopped`; for post-processing `Skipped` when all went well, else `Warning`,
    /// since what it comes after has already taken place.
    pub(super) fn advance_chain(&mut self, chain: &mut Chain, owner: Owner) -> Option<StepOutcome> {
        if chain.is_running() {
            return None;
        }
        let outcome = chain.outcome.unwrap_or(match chain.kind {
            ChainKind::Pre => StepOutcome::Success,
            ChainKind::Post => StepOutcome::Skipped,
        });
        if chain.kind == ChainKind::Pre {
            if outcome >= StepOutcome::Stopped {
                return Some(outcome);
            }
            if self.is_stopping() {
                return Some(StepOutcome::Stopped);
            }
            if self.paused_since.is_some() {
                return None;
            }
        }
        if self.stops_now() {
            return Some(outcome);
        }
        let Some((slot, command)) = self.next_command(chain, owner) else {
            return Some(outcome);
        };
        let act = self.start_command(owner, slot, command);
        chain.running = Some(act);
        None
    }

    fn next_command(&self, chain: &mut Chain, owner: Owner) -> Option<(Slot, Command)> {
        let processing = self.processing(owner)?;
        match chain.kind {
            ChainKind::Pre => {
                let index = chain.next;
                chain.next += 1;
                let command = processing.pre.get(index)?.clone();
                Some((Slot::PreProcessing(index), command))
            }
            ChainKind::Post => {
                let before = self.outcome_before_post(owner);
                loop {
                    let index = chain.next;
                    chain.next += 1;
                    let post = processing.post.get(index)?;
                    if is_wanted(post.when, before) {
                        return Some((Slot::PostProcessing(index), post.command.clone()));
                    }
                }
            }
        }
    }

    fn processing(&self, owner: Owner) -> Option<&Processing> {
        match owner {
            Owner::Sequence => Some(&self.program.processing),
            Owner::Thread(thread) => Some(&self.program.threads.get(thread)?.processing),
            Owner::Step(thread) => Some(&self.program_step(thread)?.processing),
        }
    }

    fn outcome_before_post(&self, owner: Owner) -> StepOutcome {
        let thread = |index: usize| self.threads.get(index);
        match owner {
            Owner::Sequence if self.was_cut_short() => {
                self.worst_so_far().max(StepOutcome::Stopped)
            }
            Owner::Sequence => self.worst_so_far(),
            Owner::Thread(index) => {
                thread(index).map_or(StepOutcome::Skipped, ThreadRun::worst_so_far)
            }
            Owner::Step(index) => thread(index)
                .and_then(|run| run.step.as_ref())
                .map_or(StepOutcome::Skipped, |step| step.outcome),
        }
    }

    /// Starts a command of an owner, its placeholders replaced.
    pub(super) fn start_command(&mut self, owner: Owner, slot: Slot, command: Command) -> ActId {
        let result = match slot {
            Slot::PreProcessing(_) => String::new(),
            Slot::Main | Slot::PostProcessing(_) => self.result_word(owner),
        };
        let command = with_result(command, &result);
        let deadline = if command.wait {
            command.timeout.map(|span| self.now + span)
        } else {
            None
        };
        let at = self.at(owner);
        self.say(RunEventKind::CommandStarted {
            at,
            slot,
            line: command.display_line(),
        });
        let environment = vec![
            (
                "MASEQUENCER_RUN".to_owned(),
                self.options.run.as_str().to_owned(),
            ),
            ("MASEQUENCER_RESULT".to_owned(), result),
        ];
        let call = Call::Command(CommandCall {
            command,
            base_folder: self.options.base_folder.clone(),
            environment,
        });
        self.perform(
            call,
            Act {
                owner,
                slot: Some(slot),
                deadline,
                stopped: None,
            },
        )
    }

    fn result_word(&self, owner: Owner) -> String {
        if let Owner::Step(thread) = owner
            && let Some(step) = self.threads.get(thread).and_then(|run| run.step.as_ref())
            && !step.result.is_empty()
        {
            return step.result.clone();
        }
        self.outcome_before_post(owner).word().to_owned()
    }

    /// Takes in the end of a command of a chain; returns what went wrong, for a notice.
    pub(super) fn chain_command_ended(
        &mut self,
        owner: Owner,
        slot: Slot,
        result: &CommandResult,
    ) -> Option<String> {
        let chain = self.chain_mut(owner)?;
        chain.running = None;
        if result.outcome == StepOutcome::Success {
            return None;
        }
        match chain.kind {
            ChainKind::Pre => {
                chain.outcome = Some(result.outcome);
                let sentence = format!("the pre-processing failed: {}", result.sentence);
                self.remember_failure(owner, &sentence);
                Some(sentence)
            }
            ChainKind::Post => {
                chain.outcome = Some(StepOutcome::Warning);
                let number = match slot {
                    Slot::PostProcessing(index) => index + 1,
                    Slot::Main | Slot::PreProcessing(_) => 0,
                };
                let sentence = format!("post-processing {number} failed: {}", result.sentence);
                self.remember_failure(owner, &sentence);
                Some(sentence)
            }
        }
    }

    fn remember_failure(&mut self, owner: Owner, sentence: &str) {
        if let Owner::Step(thread) = owner
            && let Some(step) = self
                .threads
                .get_mut(thread)
                .and_then(|run| run.step.as_mut())
            && step.sentence.is_empty()
        {
            sentence.clone_into(&mut step.sentence);
        }
    }

    fn chain_mut(&mut self, owner: Owner) -> Option<&mut Chain> {
        match owner {
            Owner::Sequence => match &mut self.phase {
                Phase::Pre(chain) | Phase::Post(chain) => Some(chain),
                Phase::Waiting | Phase::Threads | Phase::Finished => None,
            },
            Owner::Thread(thread) => self.threads.get_mut(thread)?.chain_mut(),
            Owner::Step(thread) => self.threads.get_mut(thread)?.step.as_mut()?.chain_mut(),
        }
    }
}

const fn is_wanted(when: When, before: StepOutcome) -> bool {
    match (when, before) {
        (When::Always, _)
        | (When::Success, StepOutcome::Success | StepOutcome::Skipped)
        | (When::Warning, StepOutcome::Warning)
        | (When::Failure, StepOutcome::Failed | StepOutcome::Stopped) => true,
        (When::Success | When::Warning | When::Failure, _) => false,
    }
}

fn with_result(mut command: Command, result: &str) -> Command {
    command.program = command.program.replace(RESULT_PLACEHOLDER, result);
    for argument in &mut command.arguments {
        *argument = argument.replace(RESULT_PLACEHOLDER, result);
    }
    command
}
