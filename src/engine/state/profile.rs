//! The act of a run-profile step: may it start, why not yet, how did it end.

use std::time::Duration;

use crate::base::time::Countdown;
use crate::mim::{ProfileName, Refusal, ResultClass, RunResult};
use crate::run::{ProfileStatistics, RunEventKind, Severity, StepOutcome, StopMode, WaitReason};

use super::super::backend::{Grant, Observation, ProfileEnd, StopCause};
use super::super::program::Footprint;
use super::step::{NoStart, StepPhase, StepRun};
use super::{ActId, Effect, Owner, State};

/// How long a step whose server does not answer is tried again before it has failed.
const SERVICE_PATIENCE: Duration = Duration::from_mins(30);

/// How long a step waits before it looks again whether it may run: first, and at most.
const FIRST_BACKOFF: Duration = Duration::from_secs(2);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

impl State {
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
            run.told = None;
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
                self.may_still_synchronize(thread);
            }
        }
    }

    /// A run whose end is unknown may still go on: if it synchronizes, nothing more may start
    /// beside it.
    fn may_still_synchronize(&mut self, thread: usize) {
        let Some(footprint) = self.footprint(thread).filter(|f| f.synchronizes()) else {
            return;
        };
        let message = format!(
            "`{}` of agent `{}` may still synchronize on the server, so nothing more is started; \
             look at the agent before the next run",
            footprint.profile, footprint.agent
        );
        let at = self.at(Owner::Step(thread));
        self.say(RunEventKind::Notice {
            at,
            severity: Severity::Error,
            message,
        });
        self.stop_run(StopMode::Graceful);
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

    pub(super) fn wait_for_foreign_run(&mut self, thread: usize, profile: Option<ProfileName>) {
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
        let since = self.step_mut(thread).map_or(now, |step| {
            // The server told us so: its silence, if there was one, is over.
            step.unavailable_since = None;
            *step.foreign_since.get_or_insert(now)
        });
        self.wall_at(since)
    }

    pub(super) fn not_started(&mut self, thread: usize, message: String, is_passing: bool) {
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
    pub(super) fn import_ended(&mut self, thread: usize, outcome: StepOutcome) {
        let Some(footprint) = self.footprint(thread) else {
            return;
        };
        if !footprint.may_import() {
            return;
        }
        let Footprint { agent, profile, .. } = footprint.clone();
        if outcome >= StepOutcome::Stopped {
            self.failed_imports.insert(agent, profile);
        } else if footprint.surely_imports() || self.failed_imports.get(&agent) == Some(&profile) {
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
    let advice = result
        .advice()
        .map(|words| format!(" ({words})"))
        .unwrap_or_default();
    match result.class() {
        ResultClass::Unknown => format!(
            "the service says `{result}`, which nobody knows; it counts as failed{errors}{first}"
        ),
        _ => format!("the service says `{result}`{advice}{errors}{first}{connection}"),
    }
}
