//! A step's way: the gate, a look at its agent, pre-processing, its act, post-processing.

use std::mem;
use std::time::Duration;

use crate::base::time::{Countdown, Moment};
use crate::mim::{ProfileName, Refusal, ResultClass, RunResult};
use crate::run::{ProfileStatistics, RunEventKind, SkipReason, Slot, StepOutcome, WaitReason};

use super::super::backend::{Grant, Observation, ObserveError, ProfileCall, ProfileEnd, StopCause};
use super::super::program::Action;
use super::chain::Chain;
use super::{Act, ActId, Call, CommandResult, Effect, Owner, State};

/// How long a step whose server does not answer is tried again before it has failed.
const SERVICE_PATIENCE: Duration = Duration::from_mins(30);

/// How long a step waits before it looks again whether it may run: first, and at most.
const FIRST_BACKOFF: Duration = Duration::from_secs(2);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// A step during a run.
#[derive(Debug)]
pub(super) struct StepRun {
    pub(super) index: usize,
    phase: StepPhase,
    /// How it ended so far; valid from post-processing on.
    pub(super) outcome: StepOutcome,
    /// What went wrong; empty when nothing did.
    pub(super) sentence: String,
    /// The service's result, for placeholders.
    pub(super) result: String,
    began: Option<Moment>,
    waiting_since: Option<Moment>,
    waited: Duration,
    ticket: Option<u64>,
    is_prepared: bool,
    /// Why the last question whether it may start was answered with no.
    refused: Option<NoStart>,
    unavailable_since: Option<Moment>,
    foreign_since: Option<Moment>,
    backoffs: u32,
}

#[derive(Debug)]
enum StepPhase {
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
enum NoStart {
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
    fn step_mut(&mut self, thread: usize) -> Option<&mut StepRun> {
        self.threads.get_mut(thread)?.step.as_mut()
    }

    fn set_step_phase(&mut self, thread: usize, phase: StepPhase) {
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
        let Some(Owner::Step(thread)) = self.acts.remove(&id).map(|act| act.owner) else {
            return;
        };
        match seen {
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
    fn step_acted(&mut self, thread: usize, outcome: StepOutcome, sentence: Option<&str>) {
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

    pub(super) fn asked(&mut self, id: ActId, seen: Observation) {
        let Some(act) = self.acts.get(&id) else {
            self.effects.push(Effect::Answer(id, Grant::Withdraw));
            return;
        };
        let Owner::Step(thread) = act.owner else {
            return;
        };
        let refused = match seen {
            _ if act.stopped.is_some() || self.is_stopping() => Some(NoStart::Stopped),
            Observation::Busy(profile) => Some(NoStart::Foreign(profile)),
            Observation::Idle if self.paused_since.is_some() => Some(NoStart::Paused),
            Observation::Idle => None,
        };
        let is_granted = refused.is_none();
        if let Some(step) = self.step_mut(thread) {
            step.refused = refused;
        }
        if !is_granted {
            self.effects.push(Effect::Answer(id, Grant::Withdraw));
            return;
        }
        self.effects.push(Effect::Answer(id, Grant::Start));
        if let Some(run) = self.threads.get_mut(thread) {
            run.told_reason = None;
        }
        self.set_step_phase(thread, StepPhase::Acting(Some(self.now)));
        let timeout = self.program_step(thread).and_then(|step| step.timeout);
        let now = self.now;
        if let Some(act) = self.acts.get_mut(&id) {
            act.deadline = timeout.map(|span| now + span);
        }
        if let Some(footprint) = self.footprint(thread) {
            let agent = footprint.agent.as_str().to_owned();
            let profile = footprint.profile.as_str().to_owned();
            let at = self.at(Owner::Step(thread));
            self.say(RunEventKind::ProfileStarted { at, agent, profile });
        }
    }

    pub(super) fn profile_ended(&mut self, id: ActId, end: ProfileEnd) {
        let Some(act) = self.acts.remove(&id) else {
            return;
        };
        let Owner::Step(thread) = act.owner else {
            return;
        };
        match end {
            ProfileEnd::Withdrawn => self.withdrawn(thread),
            ProfileEnd::Refused { refusal, result } => self.refused(thread, refusal, &result),
            ProfileEnd::Ended {
                result,
                run_number,
                statistics,
            } => {
                self.say_profile_finished(thread, &result, run_number, &statistics);
                self.profile_result(thread, &result, &statistics, act.stopped);
            }
            ProfileEnd::NotStarted {
                message,
                is_passing,
            } => {
                self.not_started(thread, message, is_passing);
            }
            ProfileEnd::Unknown { message } => {
                self.import_ended(thread, StepOutcome::Failed);
                self.step_acted(thread, StepOutcome::Failed, Some(&message));
            }
        }
    }

    fn withdrawn(&mut self, thread: usize) {
        let refused = self.step_mut(thread).and_then(|step| step.refused.take());
        match refused {
            Some(NoStart::Foreign(profile)) => self.wait_for_foreign_run(thread, profile),
            Some(NoStart::Paused) if !self.is_stopping() => {
                self.back_off(thread, None, Duration::ZERO);
            }
            Some(NoStart::Paused | NoStart::Stopped) | None => {
                self.step_acted(thread, StepOutcome::Stopped, Some("the run was stopped"));
            }
        }
    }

    fn refused(&mut self, thread: usize, refusal: Refusal, result: &RunResult) {
        let at = self.at(Owner::Step(thread));
        self.say(RunEventKind::ProfileRefused {
            at,
            result: result.as_str().to_owned(),
        });
        let since = self.foreign_since(thread);
        match refusal {
            Refusal::AgentBusy => self.wait_for_foreign_run(thread, None),
            Refusal::SecondSynchronization => {
                self.back_off_again(thread, WaitReason::ForeignSynchronization { since });
            }
            Refusal::AgentUpdate => self.back_off_again(thread, WaitReason::AgentUpdate { since }),
        }
    }

    fn wait_for_foreign_run(&mut self, thread: usize, profile: Option<ProfileName>) {
        let since = self.foreign_since(thread);
        let agent = self
            .footprint(thread)
            .map(|f| f.agent.as_str().to_owned())
            .unwrap_or_default();
        let profile = profile.map(|profile| profile.as_str().to_owned());
        self.back_off_again(
            thread,
            WaitReason::ForeignRun {
                agent,
                profile,
                since,
            },
        );
    }

    fn foreign_since(&mut self, thread: usize) -> jiff::Timestamp {
        let now = self.now;
        let since = self
            .step_mut(thread)
            .map_or(now, |step| *step.foreign_since.get_or_insert(now));
        self.wall_at(since)
    }

    fn not_started(&mut self, thread: usize, message: String, is_passing: bool) {
        let now = self.now;
        let Some(step) = self.step_mut(thread) else {
            return;
        };
        let since = *step.unavailable_since.get_or_insert(now);
        if !is_passing || now.since(since) >= SERVICE_PATIENCE {
            self.import_ended(thread, StepOutcome::Failed);
            self.step_acted(thread, StepOutcome::Failed, Some(&message));
            return;
        }
        let since = self.wall_at(since);
        self.back_off_again(thread, WaitReason::ServiceUnavailable { message, since });
    }

    fn back_off_again(&mut self, thread: usize, reason: WaitReason) {
        let backoffs = self.step_mut(thread).map_or(0, |step| {
            step.backoffs += 1;
            step.backoffs - 1
        });
        let span = FIRST_BACKOFF
            .saturating_mul(1 << backoffs.min(8))
            .min(LONGEST_BACKOFF);
        self.back_off(thread, Some(reason), span);
    }

    /// Leaves the gate for a while, so that others can go on, and comes back with the old ticket.
    fn back_off(&mut self, thread: usize, reason: Option<WaitReason>, span: Duration) {
        self.gate.leave(thread);
        if self.is_stopping() {
            self.step_acted(thread, StepOutcome::Stopped, Some("the run was stopped"));
            return;
        }
        let now = self.now;
        let is_paused = self.paused_since.is_some();
        if let Some(step) = self.step_mut(thread) {
            step.waiting_since.get_or_insert(now);
            let mut countdown = Countdown::running(span, now);
            if is_paused {
                countdown.pause(now);
            }
            step.phase = StepPhase::Backoff(countdown, reason);
        }
    }

    fn profile_result(
        &mut self,
        thread: usize,
        result: &RunResult,
        statistics: &ProfileStatistics,
        stopped: Option<StopCause>,
    ) {
        let class = result.class();
        let (outcome, sentence) = match (stopped, class) {
            (_, ResultClass::Success) => (StepOutcome::Success, String::new()),
            (Some(StopCause::Person), ResultClass::Error) => (
                StepOutcome::Stopped,
                format!("it was stopped with the run; the service says `{result}`"),
            ),
            (Some(StopCause::Timeout), _) => (
                StepOutcome::Failed,
                format!(
                    "it took longer than its limit and was stopped; the service says `{result}`"
                ),
            ),
            (_, _) => (
                StepOutcome::from_class(class),
                sentence_of(result, statistics),
            ),
        };
        if let Some(step) = self.step_mut(thread) {
            result.as_str().clone_into(&mut step.result);
        }
        self.import_ended(thread, outcome);
        self.step_acted(thread, outcome, Some(&sentence));
    }

    /// Remembers whether an agent's data are fresh enough for its synchronization.
    fn import_ended(&mut self, thread: usize, outcome: StepOutcome) {
        let Some(footprint) = self.footprint(thread) else {
            return;
        };
        if !footprint.may_import() {
            return;
        }
        let agent = footprint.agent.clone();
        if outcome >= StepOutcome::Stopped {
            self.failed_imports.insert(agent);
        } else {
            self.failed_imports.remove(&agent);
        }
    }

    fn say_profile_finished(
        &mut self,
        thread: usize,
        result: &RunResult,
        run_number: Option<u64>,
        statistics: &ProfileStatistics,
    ) {
        let Some(footprint) = self.footprint(thread) else {
            return;
        };
        let agent = footprint.agent.as_str().to_owned();
        let profile = footprint.profile.as_str().to_owned();
        let began = match self.threads.get(thread).and_then(|run| run.step.as_ref()) {
            Some(StepRun {
                phase: StepPhase::Acting(Some(began)),
                ..
            }) => *began,
            _ => self.now,
        };
        self.say(RunEventKind::ProfileFinished {
            at: self.at(Owner::Step(thread)),
            agent,
            profile,
            run_number,
            result: result.as_str().to_owned(),
            class: result.class().word().to_owned(),
            statistics: statistics.clone(),
            elapsed_ms: self.elapsed_ms(began),
        });
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

fn sentence_of(result: &RunResult, statistics: &ProfileStatistics) -> String {
    let errors = match statistics.error_count() {
        0 => String::new(),
        count => format!(
            ", {} with errors",
            crate::base::text::plural(count, "object")
        ),
    };
    let first = statistics.steps.iter().flat_map(|step| &step.errors).next();
    let first = first
        .map(|error| format!("; the first: {error}"))
        .unwrap_or_default();
    let connection = statistics
        .steps
        .iter()
        .find_map(|step| step.connection.as_ref());
    let connection = connection
        .map(|words| format!("; the connection: {words}"))
        .unwrap_or_default();
    match result.class() {
        ResultClass::Unknown => format!(
            "the service says `{result}`, which nobody knows; it counts as failed{errors}{first}"
        ),
        _ => format!("the service says `{result}`{errors}{first}{connection}"),
    }
}
