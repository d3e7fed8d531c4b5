//! A thread's way: start delay, pre-processing, rounds of steps, post-processing.

use std::mem;

use jiff::Timestamp;

use crate::base::time::{Countdown, Moment};
use crate::model::OnFailure;
use crate::run::{RunEventKind, RunPart, Severity, SkipReason, StepOutcome, StopMode, WaitReason};

use super::super::gate::Block;
use super::super::program::{Action, Footprint, ProgramStep, ProgramThread};
use super::chain::Chain;
use super::step::StepRun;
use super::{Owner, State};

/// A thread during a run.
#[derive(Debug)]
pub(super) struct ThreadRun {
    phase: ThreadPhase,
    /// Which round of its steps, from 1.
    round: u32,
    /// The index of the step that comes next.
    next: usize,
    began: Moment,
    /// The step that is under way.
    pub(super) step: Option<StepRun>,
    /// Its worst outcome so far.
    pub(super) worst: StepOutcome,
    /// The last reason of waiting that was told.
    pub(super) told: Option<Told>,
    /// Whether a stop kept something of it from running.
    pub(super) was_cut_short: bool,
    /// Why its remaining steps are skipped, if they are.
    skip_rest: Option<SkipReason>,
}

/// A reason of waiting, in the form in which it is compared with the next one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// What the gate said; cheaper to compare than the words made of it.
    Block(Block),
    /// A reason that has nothing to do with the gate.
    Reason(WaitReason),
}

#[derive(Debug)]
enum ThreadPhase {
    Disabled,
    Pending,
    Delaying(Countdown),
    Pre(Chain),
    Steps,
    Post(Chain),
    Over,
}

impl ThreadRun {
    pub(super) const fn new(thread: &ProgramThread) -> Self {
        Self {
            phase: if thread.enabled {
                ThreadPhase::Pending
            } else {
                ThreadPhase::Disabled
            },
            round: 1,
            next: 0,
            began: Moment::ZERO,
            step: None,
            worst: StepOutcome::Skipped,
            told: None,
            was_cut_short: false,
            skip_rest: None,
        }
    }

    pub(super) const fn is_over(&self) -> bool {
        matches!(self.phase, ThreadPhase::Over | ThreadPhase::Disabled)
    }

    /// Its worst outcome so far; what a stop kept from running counts as stopped.
    pub(super) fn worst_so_far(&self) -> StepOutcome {
        if self.was_cut_short {
            self.worst.max(StepOutcome::Stopped)
        } else {
            self.worst
        }
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        match &self.phase {
            ThreadPhase::Delaying(countdown) => countdown.deadline(),
            ThreadPhase::Steps => self.step.as_ref().and_then(StepRun::deadline),
            ThreadPhase::Disabled
            | ThreadPhase::Pending
            | ThreadPhase::Pre(_)
            | ThreadPhase::Post(_)
            | ThreadPhase::Over => None,
        }
    }

    pub(super) fn pause(&mut self, now: Moment) {
        if let ThreadPhase::Delaying(countdown) = &mut self.phase {
            countdown.pause(now);
        }
        if let Some(step) = &mut self.step {
            step.pause(now);
        }
    }

    pub(super) fn resume(&mut self, now: Moment) {
        if let ThreadPhase::Delaying(countdown) = &mut self.phase {
            countdown.resume(now);
        }
        if let Some(step) = &mut self.step {
            step.resume(now);
        }
        self.told = None;
    }

    /// Whether it would start something, were it not paused.
    pub(super) fn waits_to_start(&self) -> bool {
        match &self.phase {
            ThreadPhase::Pending | ThreadPhase::Delaying(_) => true,
            ThreadPhase::Pre(chain) => !chain.is_running(),
            ThreadPhase::Steps => self.step.as_ref().is_none_or(StepRun::waits_to_start),
            ThreadPhase::Disabled | ThreadPhase::Post(_) | ThreadPhase::Over => false,
        }
    }

    /// A reason of waiting that has nothing to do with other threads.
    pub(super) fn own_reason(&self, wall: impl Fn(Moment) -> Timestamp) -> Option<WaitReason> {
        match &self.phase {
            ThreadPhase::Delaying(countdown) => countdown
                .deadline()
                .map(|until| WaitReason::StartDelay { until: wall(until) }),
            _ => self.step.as_ref().and_then(StepRun::own_reason).cloned(),
        }
    }

    pub(super) const fn chain_mut(&mut self) -> Option<&mut Chain> {
        match &mut self.phase {
            ThreadPhase::Pre(chain) | ThreadPhase::Post(chain) => Some(chain),
            ThreadPhase::Disabled
            | ThreadPhase::Pending
            | ThreadPhase::Delaying(_)
            | ThreadPhase::Steps
            | ThreadPhase::Over => None,
        }
    }
}

impl State {
    pub(super) fn program_step(&self, thread: usize) -> Option<&ProgramStep> {
        let index = self.threads.get(thread)?.step.as_ref()?.index;
        self.program.threads.get(thread)?.steps.get(index)
    }

    pub(super) fn footprint(&self, thread: usize) -> Option<&Footprint> {
        match &self.program_step(thread)?.action {
            Action::Profile(footprint) => Some(footprint),
            Action::Delay(_) | Action::Command(_) => None,
        }
    }

    /// Moves a thread as far as it goes; whether it moved.
    pub(super) fn advance_thread(&mut self, thread: usize) -> bool {
        let mut moved = false;
        while self.thread_moves(thread) {
            moved = true;
        }
        moved
    }

    fn thread_moves(&mut self, thread: usize) -> bool {
        let Some(run) = self.threads.get_mut(thread) else {
            return false;
        };
        // The phase is taken out while it is worked on; every arm says what comes next.
        let phase = mem::replace(&mut run.phase, ThreadPhase::Over);
        let (next, moved) = match phase {
            ThreadPhase::Pending => self.thread_begins(thread),
            ThreadPhase::Delaying(countdown) => self.thread_delays(thread, countdown),
            ThreadPhase::Pre(mut chain) => {
                match self.advance_chain(&mut chain, Owner::Thread(thread)) {
                    None => (ThreadPhase::Pre(chain), false),
                    Some(end) => {
                        self.thread_prepared(thread, end);
                        (ThreadPhase::Steps, true)
                    }
                }
            }
            ThreadPhase::Steps => {
                // The step's own functions look at the thread, so it must be in its phase.
                self.set_phase(thread, ThreadPhase::Steps);
                self.thread_steps(thread)
            }
            ThreadPhase::Post(mut chain) => {
                match self.advance_chain(&mut chain, Owner::Thread(thread)) {
                    None => (ThreadPhase::Post(chain), false),
                    Some(end) => {
                        self.thread_ends(thread, end);
                        (ThreadPhase::Over, true)
                    }
                }
            }
            over @ (ThreadPhase::Over | ThreadPhase::Disabled) => (over, false),
        };
        self.set_phase(thread, next);
        moved
    }

    fn set_phase(&mut self, thread: usize, phase: ThreadPhase) {
        if let Some(run) = self.threads.get_mut(thread) {
            run.phase = phase;
        }
    }

    fn thread_begins(&self, thread: usize) -> (ThreadPhase, bool) {
        let Some(program) = self.program.threads.get(thread) else {
            return (ThreadPhase::Over, false);
        };
        let mut countdown = Countdown::running(program.start_delay, self.now);
        if self.paused_since.is_some() {
            countdown.pause(self.now);
        }
        (ThreadPhase::Delaying(countdown), true)
    }

    fn thread_delays(&mut self, thread: usize, countdown: Countdown) -> (ThreadPhase, bool) {
        if self.is_stopping() {
            // It has not begun, so it must look so to be skipped.
            self.set_phase(thread, ThreadPhase::Pending);
            self.skip_thread(thread);
            return (ThreadPhase::Over, true);
        }
        if !countdown.is_over(self.now) {
            return (ThreadPhase::Delaying(countdown), false);
        }
        let now = self.now;
        if let Some(run) = self.threads.get_mut(thread) {
            run.began = now;
            run.told = None;
        }
        let at = self.at_thread(thread);
        self.say(RunEventKind::ThreadStarted { at });
        (ThreadPhase::Pre(Chain::pre()), true)
    }

    fn thread_prepared(&mut self, thread: usize, end: StepOutcome) {
        if end < StepOutcome::Stopped {
            return;
        }
        let Some(run) = self.threads.get_mut(thread) else {
            return;
        };
        run.worst = run.worst.max(end);
        run.skip_rest = Some(if end == StepOutcome::Stopped {
            SkipReason::Stopped
        } else {
            SkipReason::PreProcessing
        });
    }

    fn thread_steps(&mut self, thread: usize) -> (ThreadPhase, bool) {
        let has_step = self
            .threads
            .get(thread)
            .is_some_and(|run| run.step.is_some());
        if has_step {
            let moved = self.advance_step(thread);
            return (ThreadPhase::Steps, moved);
        }
        let index = self.threads.get(thread).map_or(usize::MAX, |run| run.next);
        let program = self.program.threads.get(thread);
        let Some(step) = program.and_then(|program| program.steps.get(index)) else {
            return self.round_ends(thread);
        };
        let reason = self.reason_to_skip(thread, step);
        let Some(run) = self.threads.get_mut(thread) else {
            return (ThreadPhase::Over, false);
        };
        run.next += 1;
        match reason {
            Some(reason) => self.skip_step(thread, index, reason),
            None => run.step = Some(StepRun::new(index)),
        }
        (ThreadPhase::Steps, true)
    }

    fn reason_to_skip(&self, thread: usize, step: &ProgramStep) -> Option<SkipReason> {
        if !step.enabled {
            return Some(SkipReason::Disabled);
        }
        if self.is_stopping() {
            return Some(SkipReason::Stopped);
        }
        if let Some(reason) = self
            .threads
            .get(thread)
            .and_then(|run| run.skip_rest.clone())
        {
            return Some(reason);
        }
        match &step.action {
            Action::Profile(footprint) => self.old_data(footprint),
            Action::Delay(_) | Action::Command(_) => None,
        }
    }

    /// Why a profile would synchronize data that its agent failed to import, if it would.
    pub(super) fn old_data(&self, footprint: &Footprint) -> Option<SkipReason> {
        let is_old =
            footprint.only_synchronizes() && self.failed_imports.contains_key(&footprint.agent);
        is_old.then(|| SkipReason::ImportFailed {
            agent: footprint.agent.as_str().to_owned(),
        })
    }

    pub(super) fn skip_step(&mut self, thread: usize, index: usize, because: SkipReason) {
        if because == SkipReason::Stopped
            && let Some(run) = self.threads.get_mut(thread)
        {
            run.was_cut_short = true;
        }
        let is_left_out = |part: RunPart| part.leaves_out(thread, Some(index));
        let sentence =
            if because == SkipReason::Disabled && self.options.part.is_some_and(is_left_out) {
                "skipped because it is not in this run".to_owned()
            } else {
                because.sentence()
            };
        let at = self.at_step(thread, index);
        self.say(RunEventKind::StepSkipped {
            at,
            because,
            sentence,
        });
    }

    fn round_ends(&mut self, thread: usize) -> (ThreadPhase, bool) {
        let repeat = self
            .program
            .threads
            .get(thread)
            .map_or(1, |program| program.repeat);
        let is_stopping = self.is_stopping();
        let Some(run) = self.threads.get_mut(thread) else {
            return (ThreadPhase::Over, false);
        };
        if run.skip_rest.is_none() && run.round < repeat {
            if is_stopping {
                run.was_cut_short = true;
            } else {
                run.round += 1;
                run.next = 0;
                let round = run.round;
                let at = self.at_thread(thread);
                self.say(RunEventKind::RoundStarted { at, round });
                return (ThreadPhase::Steps, true);
            }
        }
        (ThreadPhase::Post(Chain::post()), true)
    }

    fn thread_ends(&mut self, thread: usize, post: StepOutcome) {
        let Some(run) = self.threads.get_mut(thread) else {
            return;
        };
        run.worst = run.worst.max(post);
        let outcome = run.worst_so_far();
        let began = run.began;
        let at = self.at_thread(thread);
        let elapsed_ms = self.elapsed_ms(began);
        self.say(RunEventKind::ThreadFinished {
            at,
            outcome,
            elapsed_ms,
        });
    }

    /// Ends a thread that has not begun: because of a stop, or a failed pre-processing of the
    /// sequence.
    pub(super) fn skip_thread(&mut self, thread: usize) {
        if self.threads.get(thread).is_none_or(ThreadRun::is_over) {
            return;
        }
        let reason = if self.is_stopping() {
            SkipReason::Stopped
        } else {
            SkipReason::PreProcessing
        };
        let steps = self
            .program
            .threads
            .get(thread)
            .map_or(0, |program| program.steps.len());
        for index in 0..steps {
            self.skip_step(thread, index, reason.clone());
        }
        let is_stopping = self.is_stopping();
        if let Some(run) = self.threads.get_mut(thread) {
            run.phase = ThreadPhase::Over;
            run.was_cut_short = is_stopping;
        }
        let outcome = if is_stopping {
            StepOutcome::Stopped
        } else {
            StepOutcome::Skipped
        };
        let at = self.at_thread(thread);
        self.say(RunEventKind::ThreadFinished {
            at,
            outcome,
            elapsed_ms: 0,
        });
    }

    /// Takes in the outcome of a step and decides what it means for its thread and the run.
    pub(super) fn step_over(&mut self, thread: usize, outcome: StepOutcome) {
        let (label, on_failure) = self
            .program_step(thread)
            .map(|step| (step.label.clone(), step.on_failure))
            .unwrap_or_default();
        let Some(run) = self.threads.get_mut(thread) else {
            return;
        };
        run.step = None;
        run.told = None;
        run.worst = run.worst.max(outcome);
        run.was_cut_short |= outcome == StepOutcome::Stopped;
        if outcome != StepOutcome::Failed {
            return;
        }
        match on_failure {
            OnFailure::Continue => {}
            OnFailure::StopThread => {
                run.skip_rest = Some(SkipReason::EarlierFailure { step: label });
            }
            OnFailure::StopAll => {
                let message = format!("`{label}` failed, and its failure ends the whole run");
                run.skip_rest = Some(SkipReason::EarlierFailure { step: label });
                let at = self.at_thread(thread);
                self.say(RunEventKind::Notice {
                    at,
                    severity: Severity::Error,
                    message,
                });
                self.stop_run(StopMode::Graceful);
            }
        }
    }
}
