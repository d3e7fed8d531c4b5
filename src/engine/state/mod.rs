//! The one owner of everything that changes during a run.
//!
//! Synchronous and pure: `handle(now, input) -> effects`. It alone decides and it alone says what
//! happened; it must not wait, start or ask anything itself.
//!
//! `thread` moves a thread from its start delay to its end, `step` a step from the gate to its
//! post-processing, `profile` its run profile, `chain` runs pre- and post-processing, `say` makes events.

mod chain;
mod command_result;
mod profile;
mod say;
mod step;
#[cfg(test)]
mod tests;
mod thread;

use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::time::Moment;
use crate::mim::{AgentName, ProfileName};
use crate::run::{
    RunControl, RunEvent, RunEventKind, RunId, RunOutcome, RunPart, Severity, Slot, StepOutcome,
    StopMode,
};

use super::backend::{
    CommandCall, CommandReport, Grant, Observation, ObserveError, ProfileCall, ProfileEnd,
    ProfileReport, StopCause,
};
use super::gate::Gate;
use super::program::Program;
use chain::Chain;
use command_result::CommandResult;
use thread::ThreadRun;

/// What a run is told besides its program.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Its identifier.
    pub run: RunId,
    /// The file of the sequence, for people.
    pub file: Option<PathBuf>,
    /// The server, for people; never with a password.
    pub server: String,
    /// The folder from which the sequence's relative paths count.
    pub base_folder: PathBuf,
    /// The time zone in which sentences name times.
    pub zone: TimeZone,
    /// The part of the sequence that was asked for, for people: the rest is switched off already.
    pub part: Option<RunPart>,
}

/// Identifies something that was asked to be performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ActId(u64);

/// What the state is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// The run begins; once, first.
    Begin,
    /// A person's order.
    Control(RunControl),
    /// A profile is ready to start and saw this; it waits for [`Effect::Answer`].
    Asked(ActId, Observation),
    /// A running profile told something.
    Reported(ActId, ProfileReport),
    /// An agent was looked at.
    Observed(ActId, Result<Observation, ObserveError>),
    /// A call to run a profile ended.
    ProfileEnded(ActId, ProfileEnd),
    /// A program ended.
    CommandEnded(ActId, CommandReport),
    /// The deadline has come.
    Tick,
}

/// What the loop around the state must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// Tell everybody.
    Emit(RunEvent),
    /// Start something; its end comes back as an input.
    Perform(ActId, Call),
    /// Answer [`Input::Asked`].
    Answer(ActId, Grant),
    /// End something early; its end still comes back as an input.
    Stop(ActId, StopCause),
    /// The run is over; nothing is under way any more.
    Finish,
}

/// Something to perform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    Observe(AgentName),
    Profile(ProfileCall),
    Command(CommandCall),
}

/// Everything that changes during a run.
#[derive(Debug)]
pub(super) struct State {
    program: Program,
    options: RunOptions,
    origin: Timestamp,
    now: Moment,
    seq: u64,
    phase: Phase,
    paused_since: Option<Timestamp>,
    stop: Option<StopMode>,
    gate: Gate,
    threads: Vec<ThreadRun>,
    acts: BTreeMap<ActId, Act>,
    next_act: u64,
    /// Agents whose last import in this run failed, with the profile that failed.
    failed_imports: BTreeMap<AgentName, ProfileName>,
    /// The worst outcome of the sequence's own processing.
    worst: StepOutcome,
    effects: Vec<Effect>,
}

#[derive(Debug)]
enum Phase {
    Waiting,
    Pre(Chain),
    Threads,
    Post(Chain),
    Finished,
}

/// Something that is under way.
#[derive(Debug)]
struct Act {
    owner: Owner,
    /// Which command of its owner it is; `None` for a profile or a look at an agent.
    slot: Option<Slot>,
    deadline: Option<Moment>,
    /// Why it was told to end, if it was.
    stopped: Option<StopCause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Sequence,
    Thread(usize),
    Step(usize),
}

impl State {
    /// A run that has not begun; its clock's zero is at `origin`.
    pub(super) fn new(program: Program, options: RunOptions, origin: Timestamp) -> Self {
        let gate = Gate::new(program.overlap, program.max_parallel);
        let threads = program.threads.iter().map(ThreadRun::new).collect();
        Self {
            program,
            options,
            origin,
            now: Moment::ZERO,
            seq: 0,
            phase: Phase::Waiting,
            paused_since: None,
            stop: None,
            gate,
            threads,
            acts: BTreeMap::new(),
            next_act: 0,
            failed_imports: BTreeMap::new(),
            worst: StepOutcome::Skipped,
            effects: Vec::new(),
        }
    }

    /// Takes an input in and returns what is to be done. An input about something that is no longer
    /// under way changes nothing.
    pub(super) fn handle(&mut self, now: Moment, input: Input) -> Vec<Effect> {
        self.now = now.max(self.now);
        match input {
            Input::Begin => self.begin(),
            Input::Control(control) => self.control(control),
            Input::Asked(act, seen) => self.asked(act, seen),
            Input::Reported(act, report) => self.reported(act, report),
            Input::Observed(act, result) => self.observed(act, result),
            Input::ProfileEnded(act, end) => self.profile_ended(act, end),
            Input::CommandEnded(act, report) => self.command_ended(act, report),
            Input::Tick => {}
        }
        self.expire();
        self.advance();
        mem::take(&mut self.effects)
    }

    /// When the next [`Input::Tick`] is due, if nothing else happens.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let acts = self
            .acts
            .values()
            .filter(|act| act.stopped.is_none())
            .filter_map(|act| act.deadline);
        let threads = self.threads.iter().filter_map(ThreadRun::deadline);
        acts.chain(threads).min()
    }

    /// Whether the run is over.
    pub(super) const fn is_finished(&self) -> bool {
        matches!(self.phase, Phase::Finished)
    }

    fn begin(&mut self) {
        if !matches!(self.phase, Phase::Waiting) {
            return;
        }
        self.say_run_started();
        self.phase = Phase::Pre(Chain::pre());
    }

    fn control(&mut self, control: RunControl) {
        if self.is_finished() {
            return;
        }
        match control {
            RunControl::Pause if self.paused_since.is_none() && self.stop.is_none() => {
                self.paused_since = Some(self.wall());
                for thread in &mut self.threads {
                    thread.pause(self.now);
                }
                self.say(RunEventKind::Paused);
            }
            RunControl::Resume if self.paused_since.take().is_some() => {
                for thread in &mut self.threads {
                    thread.resume(self.now);
                }
                self.say(RunEventKind::Resumed);
            }
            RunControl::Pause | RunControl::Resume => {}
            RunControl::Stop { mode } => self.stop_run(mode),
        }
    }

    /// Ends the run; a second order can only make it more urgent.
    fn stop_run(&mut self, mode: StopMode) {
        if self.stop >= Some(mode) {
            return;
        }
        self.stop = Some(mode);
        self.paused_since = None;
        self.say(RunEventKind::StopRequested { mode });
        if mode == StopMode::Now {
            let running: Vec<ActId> = self.acts.keys().copied().collect();
            for act in running {
                self.stop_act(act, StopCause::Person);
            }
        }
    }

    const fn is_stopping(&self) -> bool {
        self.stop.is_some()
    }

    fn stops_now(&self) -> bool {
        self.stop == Some(StopMode::Now)
    }

    /// Moves everything as far as it goes without further input.
    fn advance(&mut self) {
        loop {
            match &self.phase {
                Phase::Waiting | Phase::Finished => return,
                Phase::Pre(_) => {
                    if !self.advance_sequence_pre() {
                        return;
                    }
                }
                Phase::Threads => {
                    self.advance_threads();
                    if !self.threads.iter().all(ThreadRun::is_over) {
                        return;
                    }
                    self.phase = Phase::Post(Chain::post());
                }
                Phase::Post(_) => {
                    if !self.advance_sequence_post() {
                        return;
                    }
                }
            }
        }
    }

    fn advance_sequence_pre(&mut self) -> bool {
        let Phase::Pre(chain) = &mut self.phase else {
            return false;
        };
        let mut chain = mem::take(chain);
        let end = self.advance_chain(&mut chain, Owner::Sequence);
        self.phase = Phase::Pre(chain);
        let Some(end) = end else {
            return false;
        };
        self.worst = self.worst.max(end);
        if end >= StepOutcome::Stopped {
            for thread in 0..self.threads.len() {
                self.skip_thread(thread);
            }
        }
        self.phase = Phase::Threads;
        true
    }

    fn advance_sequence_post(&mut self) -> bool {
        let Phase::Post(chain) = &mut self.phase else {
            return false;
        };
        let mut chain = mem::take(chain);
        let end = self.advance_chain(&mut chain, Owner::Sequence);
        self.phase = Phase::Post(chain);
        let Some(end) = end else {
            return false;
        };
        self.worst = self.worst.max(end);
        let outcome = self.outcome();
        self.say(RunEventKind::RunFinished {
            outcome,
            elapsed_ms: self.elapsed_ms(Moment::ZERO),
        });
        self.phase = Phase::Finished;
        self.effects.push(Effect::Finish);
        true
    }

    fn advance_threads(&mut self) {
        loop {
            let mut moved = false;
            for thread in 0..self.threads.len() {
                moved |= self.advance_thread(thread);
            }
            if self.paused_since.is_none() && !self.is_stopping() {
                for thread in self.gate.admit(self.now) {
                    self.admitted(thread);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        self.say_waits();
    }

    fn worst_so_far(&self) -> StepOutcome {
        self.threads
            .iter()
            .map(|thread| thread.worst)
            .fold(self.worst, StepOutcome::max)
    }

    fn outcome(&self) -> RunOutcome {
        match (self.worst_so_far(), self.stop) {
            // A run that a person ended says so, unless something failed.
            (worst, Some(_)) if worst < StepOutcome::Failed && self.was_cut_short() => {
                RunOutcome::Stopped
            }
            (worst, _) => RunOutcome::from_worst(worst),
        }
    }

    fn was_cut_short(&self) -> bool {
        self.worst >= StepOutcome::Stopped || self.threads.iter().any(|thread| thread.was_cut_short)
    }

    /// Starts something and returns its identifier.
    fn perform(&mut self, call: Call, act: Act) -> ActId {
        self.next_act += 1;
        let id = ActId(self.next_act);
        self.acts.insert(id, act);
        self.effects.push(Effect::Perform(id, call));
        id
    }

    fn stop_act(&mut self, id: ActId, cause: StopCause) {
        if let Some(act) = self.acts.get_mut(&id)
            && act.stopped.is_none()
        {
            act.stopped = Some(cause);
            self.effects.push(Effect::Stop(id, cause));
        }
    }

    /// Ends what has taken longer than allowed.
    fn expire(&mut self) {
        let late: Vec<ActId> = self
            .acts
            .iter()
            .filter(|(_, act)| act.deadline.is_some_and(|deadline| deadline <= self.now))
            .map(|(id, _)| *id)
            .collect();
        for id in late {
            self.stop_act(id, StopCause::Timeout);
        }
    }

    fn reported(&mut self, id: ActId, report: ProfileReport) {
        let Some(at) = self.acts.get(&id).map(|act| self.at(act.owner)) else {
            return;
        };
        self.say(match report {
            ProfileReport::Status(status) => RunEventKind::ProfileProgress { at, status },
            ProfileReport::Notice(severity, message) => RunEventKind::Notice {
                at,
                severity,
                message,
            },
        });
    }

    fn command_ended(&mut self, id: ActId, report: CommandReport) {
        let Some(act) = self.acts.remove(&id) else {
            return;
        };
        let Some(slot) = act.slot else {
            return;
        };
        let at = self.at(act.owner);
        let elapsed_ms = u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX);
        let CommandReport { end, output, .. } = report;
        let result = CommandResult::of(&end, &output);
        self.say(RunEventKind::CommandFinished {
            at,
            slot,
            end,
            output,
            elapsed_ms,
        });
        match (slot, act.owner) {
            (Slot::Main, Owner::Step(thread)) => self.command_step_ended(thread, &result),
            (_, owner) => {
                let sentence = self.chain_command_ended(owner, slot, &result);
                if let Some(message) = sentence {
                    let at = self.at(owner);
                    let severity = match slot {
                        Slot::PostProcessing(_) => Severity::Warning,
                        Slot::Main | Slot::PreProcessing(_) => Severity::Error,
                    };
                    self.say(RunEventKind::Notice {
                        at,
                        severity,
                        message,
                    });
                }
            }
        }
    }
}
