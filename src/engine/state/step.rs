//! A step's way: the gate, a look at its agent, pre-processing, its act, post-processing.

use std::mem;
use std::time::Duration;

use crate::base::time::{Countdown, Moment};
use crate::mim::ProfileName;
use crate::run::{RunEventKind, SkipReason, Slot, StepOutcome, WaitReason};

use super::super::backend::{Observation, ObserveError, ProfileCall};
use super::super::program::Action;
use super::chain::Chain;
use super::{Act, ActId, Call, CommandResult, Owner, State};

/// A step during a run.
#[derive(Debug)]
pub(super) struct StepRun {
    pub(super) index: usize,
    pub(super) phase: StepPhase,
    /// How it ended so far; valid from post-processing on.
    pub(super) outcome: StepOutcome,
    /// What went wrong; empty when nothing did.
    pub(super) sentence: String,
    /// The service's result, for placeholders.
    pub(super) result: String,
    began: Option<Moment>,
    pub(super) waiting_since: Option<Moment>,
    waited: Duration,
    ticket: Option<u64>,
    is_prepared: bool,
    /// Why the last question whether it may start was answered with no.
    pub(super) refused: Option<NoStart>,
    pub(super) unavailable_since: Option<Moment>,
    pub(super) foreign_since: Option<Moment>,
    pub(super) backoffs: u32,
}

#[derive(Debug)]
pub(super) enum StepPhase {
    New,
    Queued,
    Admitted,
    Observing,
    Pre(Chain),
    Acting(Option<Moment>),
    Delaying(Countdown),
    Backoff(Countdown, Option<WaitReason>),
    Post(Chain),
    Over,
}

/// Why a profile may not start although it is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoStart {
    Paused,
    Stopped,
    Foreign(Option<ProfileName>),
}

impl StepRun {
    pub(super) const fn new(index: usize) -> Self {
        Self {
            index,
            phase: StepPhase::New,
            outcome: StepOutcome::Skipped,
            sentence: String::new(),
            result: String::new(),
            began: None,
            waiting_since: None,
            waited: Duration::ZERO,
            ticket: None,
            is_prepared: false,
            refused: None,
            unavailable_since: None,
            foreign_since: None,
            backoffs: 0,
        }
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        match &self.phase {
            StepPhase::Delaying(countdown) | StepPhase::Backoff(countdown, _) => {
                countdown.deadline()
            }
            StepPhase::New
            | StepPhase::Queued
            | StepPhase::Admitted
            | StepPhase::Observing
            | StepPhase::Pre(_)
            | StepPhase::Acting(_)
            | StepPhase::Post(_)
            | StepPhase::Over => None,
        }
    }

    pub(super) fn pause(&mut self, now: Moment) {
        if let StepPhase::Delaying(countdown) | StepPhase::Backoff(countdown, _) = &mut self.phase {
            countdown.pause(now);
        }
    }

    pub(super) fn resume(&mut self, now: Moment) {
        if let StepPhase::Delaying(countdown) | StepPhase::Backoff(countdown, _) = &mut self.phase {
            countdown.resume(now);
        }
    }

    pub(super) const fn waits_to_start(&self) -> bool {
        match &self.phase {
            StepPhase::New
            | StepPhase::Queued
            | StepPhase::Admitted
            | StepPhase::Delaying(_)
            | StepPhase::Backoff(..) => true,
            StepPhase::Pre(chain) => !chain.is_running(),
            StepPhase::Observing | StepPhase::Acting(_) | StepPhase::Post(_) | StepPhase::Over => {
                false
            }
        }
    }

    pub(super) const fn own_reason(&self) -> Option<&WaitReason> {
        match &self.phase {
            StepPhase::Backoff(_, reason) => reason.as_ref(),
            _ => None,
        }
    }

    pub(super) const fn chain_mut(&mut self) -> Option<&mut Chain> {
        match &mut self.phase {
            StepPhase::Pre(chain) | StepPhase::Post(chain) => Some(chain),
            _ => None,
        }
    }

    fn stops_waiting(&mut self, now: Moment) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += now.since(since);
        }
    }
}

impl State {
    pub(super) fn step_mut(&mut self, thread: usize) -> Option<&mut StepRun> {
        self.threads.get_mut(thread)?.step.as_mut()
    }

    pub(super) fn set_step_phase(&mut self, thread: usize, phase: StepPhase) {
        if let Some(step) = self.step_mut(thread) {
            step.phase = phase;
        }
    }

    /// Moves the step of a thread by one stretch; whether it moved.
    pub(super) fn advance_step(&mut self, thread: usize) -> bool {
        let Some(step) = self.step_mut(thread) else {
            return false;
        };
        let phase = mem::replace(&mut step.phase, StepPhase::Over);
        match phase {
            StepPhase::New => self.step_new(thread),
            StepPhase::Queued if self.is_stopping() => self.step_cut_short(thread),
            StepPhase::Admitted => self.step_admitted(thread),
            StepPhase::Pre(chain) => self.step_pre(thread, chain),
            StepPhase::Delaying(countdown) => self.step_delays(thread, countdown),
            StepPhase::Backoff(countdown, reason) => self.step_backs_off(thread, countdown, reason),
            StepPhase::Post(chain) => self.step_post(thread, chain),
            waiting @ (StepPhase::Queued
            | StepPhase::Observing
            | StepPhase::Acting(_)
            | StepPhase::Over) => {
                self.set_step_phase(thread, waiting);
                false
            }
        }
    }

    fn step_new(&mut self, thread: usize) -> bool {
        if self.is_stopping() {
            return self.step_cut_short(thread);
        }
        if let Some(footprint) = self.footprint(thread).cloned() {
            let ticket = self.step_mut(thread).and_then(|step| step.ticket);
            let ticket = self.gate.wait(thread, footprint, ticket, self.now);
            if let Some(step) = self.step_mut(thread) {
                step.ticket = Some(ticket);
                step.phase = StepPhase::Queued;
            }
            return true;
        }
        if self.paused_since.is_some() {
            self.set_step_phase(thread, StepPhase::New);
            return false;
        }
        self.step_begins(thread);
        self.set_step_phase(thread, StepPhase::Pre(Chain::pre()));
        true
    }

    /// The gate has let the step of this thread in.
    pub(super) fn admitted(&mut self, thread: usize) {
        self.set_step_phase(thread, StepPhase::Admitted);
    }

    fn step_begins(&mut self, thread: usize) {
        let now = self.now;
        let Some(step) = self.step_mut(thread) else {
            return;
        };
        step.stops_waiting(now);
        if step.began.is_none() {
            step.began = Some(now);
            let at = self.at(Owner::Step(thread));
            self.say(RunEventKind::StepStarted { at });
        }
    }

    fn step_admitted(&mut self, thread: usize) -> bool {
        // The import may have failed, in another thread, while this one waited for it.
        if let Some(because) = self.footprint(thread).and_then(|f| self.old_data(f)) {
            self.step_is_pointless(thread, because);
            return true;
        }
        self.step_begins(thread);
        let has_pre = self
            .program_step(thread)
            .is_some_and(|step| !step.processing.pre.is_empty());
        let is_prepared = self.step_mut(thread).is_some_and(|step| step.is_prepared);
        if has_pre && !is_prepared {
            // A pre-processing prepares what the agent reads: look first whether somebody else's
            // run is reading it now.
            if let Some(footprint) = self.footprint(thread) {
                let call = Call::Observe(footprint.agent.clone());
                self.perform(call, Act::of(Owner::Step(thread)));
            }
            self.set_step_phase(thread, StepPhase::Observing);
        } else {
            self.step_acts(thread);
        }
        true
    }

    pub(super) fn observed(&mut self, id: ActId, seen: Result<Observation, ObserveError>) {
        let Some(act) = self.acts.remove(&id) else {
            return;
        };
        let Owner::Step(thread) = act.owner else {
            return;
        };
        match seen {
            _ if act.stopped.is_some() => {
                self.step_acted(thread, StepOutcome::Stopped, Some("the run was stopped"));
            }
            Ok(Observation::Idle) => {
                self.set_step_phase(thread, StepPhase::Pre(Chain::pre()));
            }
            Ok(Observation::Busy(profile)) => self.wait_for_foreign_run(thread, profile),
            Err(error) => self.not_started(thread, error.message, error.is_passing),
        }
    }

    fn step_pre(&mut self, thread: usize, mut chain: Chain) -> bool {
        match self.advance_chain(&mut chain, Owner::Step(thread)) {
            None => {
                self.set_step_phase(thread, StepPhase::Pre(chain));
                return false;
            }
            Some(StepOutcome::Failed) => {
                // What was to be imported has not been.
                self.import_ended(thread, StepOutcome::Failed);
                self.step_acted(thread, StepOutcome::Failed, None);
            }
            Some(StepOutcome::Stopped) => self.step_acted(thread, StepOutcome::Stopped, None),
            Some(_) => {
                if let Some(step) = self.step_mut(thread) {
                    step.is_prepared = true;
                }
                self.step_acts(thread);
            }
        }
        true
    }

    /// Does what the step is for.
    fn step_acts(&mut self, thread: usize) {
        let owner = Owner::Step(thread);
        let Some(step) = self.program_step(thread) else {
            return;
        };
        match step.action.clone() {
            Action::Profile(footprint) => {
                let call = ProfileCall {
                    agent: footprint.agent,
                    profile: footprint.profile,
                };
                self.perform(Call::Profile(call), Act::of(owner));
                self.set_step_phase(thread, StepPhase::Acting(None));
            }
            Action::Delay(span) => {
                let countdown = Countdown::running(span, self.now);
                self.set_step_phase(thread, StepPhase::Delaying(countdown));
            }
            Action::Command(mut command) => {
                // The step's own limit counts as well; the shorter one is the command's.
                let limits = [command.timeout, step.timeout];
                command.timeout = limits.into_iter().flatten().min();
                self.start_command(owner, Slot::Main, command);
                self.set_step_phase(thread, StepPhase::Acting(Some(self.now)));
            }
        }
    }

    fn step_delays(&mut self, thread: usize, countdown: Countdown) -> bool {
        if self.is_stopping() {
            self.step_acted(thread, StepOutcome::Stopped, Some("the run was stopped"));
        } else if countdown.is_over(self.now) {
            self.step_acted(thread, StepOutcome::Success, None);
        } else {
            self.set_step_phase(thread, StepPhase::Delaying(countdown));
            return false;
        }
        true
    }

    fn step_backs_off(
        &mut self,
        thread: usize,
        countdown: Countdown,
        reason: Option<WaitReason>,
    ) -> bool {
        if self.is_stopping() {
            return self.step_cut_short(thread);
        }
        if countdown.is_over(self.now) {
            // Back to the gate, with the place in the queue that it had.
            return self.step_new(thread);
        }
        self.set_step_phase(thread, StepPhase::Backoff(countdown, reason));
        false
    }

    /// What the step was to work on has failed meanwhile: it is skipped, or fails if it has begun.
    fn step_is_pointless(&mut self, thread: usize, because: SkipReason) {
        let Some(step) = self.step_mut(thread) else {
            return;
        };
        let index = step.index;
        if step.began.is_some() {
            self.step_acted(thread, StepOutcome::Failed, Some(&because.sentence()));
            return;
        }
        self.gate.leave(thread);
        self.skip_step(thread, index, because);
        if let Some(run) = self.threads.get_mut(thread) {
            run.step = None;
            run.told = None;
        }
    }

    /// A stop came while the step waited: what has begun is finished, what has not is skipped.
    fn step_cut_short(&mut self, thread: usize) -> bool {
        self.gate.leave(thread);
        let Some(step) = self.step_mut(thread) else {
            return false;
        };
        if step.began.is_some() {
            self.step_acted(thread, StepOutcome::Stopped, Some("the run was stopped"));
            return true;
        }
        let because = SkipReason::Stopped;
        let sentence = because.sentence();
        let at = self.at(Owner::Step(thread));
        self.say(RunEventKind::StepSkipped {
            at,
            because,
            sentence,
        });
        if let Some(run) = self.threads.get_mut(thread) {
            run.step = None;
            run.was_cut_short = true;
        }
        true
    }

    /// The act has ended so; its post-processing comes next.
    pub(super) fn step_acted(
        &mut self,
        thread: usize,
        outcome: StepOutcome,
        sentence: Option<&str>,
    ) {
        let now = self.now;
        let Some(step) = self.step_mut(thread) else {
            return;
        };
        step.stops_waiting(now);
        step.outcome = outcome;
        if let Some(sentence) = sentence {
            sentence.clone_into(&mut step.sentence);
        }
        step.phase = StepPhase::Post(Chain::post());
    }

    fn step_post(&mut self, thread: usize, mut chain: Chain) -> bool {
        let Some(end) = self.advance_chain(&mut chain, Owner::Step(thread)) else {
            self.set_step_phase(thread, StepPhase::Post(chain));
            return false;
        };
        self.gate.leave(thread);
        let now = self.now;
        let Some(step) = self.step_mut(thread) else {
            return false;
        };
        let outcome = step.outcome.max(end);
        let sentence = mem::take(&mut step.sentence);
        let busy = now
            .since(step.began.unwrap_or(now))
            .saturating_sub(step.waited);
        let at = self.at(Owner::Step(thread));
        let elapsed_ms = super::say::millis(busy);
        self.say(RunEventKind::StepFinished {
            at,
            outcome,
            sentence,
            elapsed_ms,
        });
        self.step_over(thread, outcome);
        true
    }

    pub(super) fn command_step_ended(&mut self, thread: usize, result: &CommandResult) {
        let sentence = (!result.sentence.is_empty()).then_some(result.sentence.as_str());
        self.step_acted(thread, result.outcome, sentence);
    }
}

impl Act {
    const fn of(owner: Owner) -> Self {
        Self {
            owner,
            slot: None,
            deadline: None,
            stopped: None,
        }
    }
}
