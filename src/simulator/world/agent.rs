//! One agent: its profiles, its runs, and the run that goes on.
//!
//! Keeps the books; [`super::World`] decides what happens when.

use std::time::Duration;

use jiff::Timestamp;

use super::details::AgentLabel;
use super::run::{Run, StepRecord, StepWork};
use crate::base::time::Moment;
use crate::mim::StepType;
use crate::simulator::scenario::{Changes, Fault, FaultKind, ScenarioAgent, ScenarioProfile, same};

/// The word of the last phase of a synchronization.
pub(super) const COMPLETING: &str = "completing-referential-updates";
/// The most runs that one agent's history keeps.
const MAX_RUNS: usize = 10_000;
/// The share of a synchronization after which it is in its last phase.
const COMPLETING_FROM: f64 = 0.8;

/// An agent with its profiles and runs.
pub(super) struct Agent {
    pub(super) name: String,
    pub(super) guid: String,
    pub(super) kind: String,
    pub(super) changes: Changes,
    pub(super) profiles: Vec<ScenarioProfile>,
    pub(super) runs: Vec<Run>,
    pub(super) last_number: u64,
    pub(super) active: Option<ActiveRun>,
    pub(super) counts: WorldCounts,
    /// Whether the next import comes so soon after an export that nothing else has happened.
    pub(super) is_confirming: bool,
}

/// A run that goes on; its record is the last of the agent's runs.
pub(super) struct ActiveRun {
    pub(super) steps: Vec<StepType>,
    pub(super) next_step: usize,
    pub(super) step_started: Moment,
    /// When the current step ends; `None` if it never does by itself.
    pub(super) step_ends: Option<Moment>,
    /// How long each step takes, already scaled.
    pub(super) step_span: Duration,
    pub(super) fault: Option<Fault>,
    /// How much longer a hanging step takes, already scaled; `None` is for ever.
    pub(super) hang_span: Option<Duration>,
    pub(super) is_early_reply: bool,
}

/// What tests ask about an agent, or all agents together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorldCounts {
    /// Runs that were started by an order.
    pub executions: u64,
    /// Orders refused since another synchronization ran.
    pub refused_synchronizations: u64,
    /// Orders refused since the agent itself ran.
    pub refused_busy: u64,
}

impl Agent {
    pub(super) fn new(described: &ScenarioAgent, rng: &mut fastrand::Rng) -> Self {
        Self {
            name: described.name.trim().to_owned(),
            guid: new_guid(rng),
            kind: described.agent_type.clone(),
            changes: described.changes,
            profiles: described.profiles.clone(),
            runs: Vec::new(),
            last_number: 0,
            active: None,
            counts: WorldCounts::default(),
            is_confirming: false,
        }
    }

    pub(super) fn label(&self) -> AgentLabel<'_> {
        AgentLabel {
            name: &self.name,
            guid: &self.guid,
        }
    }

    pub(super) fn profile(&self, name: &str) -> Option<&ScenarioProfile> {
        self.profiles
            .iter()
            .find(|profile| same(&profile.name, name))
    }

    /// Adds a run with the next number.
    pub(super) fn add_run(&mut self, mut run: Run) -> u64 {
        self.last_number += 1;
        run.number = self.last_number;
        if self.runs.len() >= MAX_RUNS {
            self.runs.remove(0);
        }
        self.runs.push(run);
        self.last_number
    }

    /// What has happened in the connected system when a step reads it.
    ///
    /// A first import after an export confirms it a few minutes later; it sees nothing else.
    pub(super) const fn changes_by(&mut self, step_type: StepType) -> Changes {
        let is_quiet = self.is_confirming;
        if step_type.exports() {
            self.is_confirming = true;
        } else if step_type.imports() {
            self.is_confirming = false;
        }
        if is_quiet {
            Changes {
                new: 0,
                changed: 0,
                gone: 0,
            }
        } else {
            self.changes
        }
    }

    /// Ends the running step.
    pub(super) fn close_step(&mut self, wall: Timestamp, result: &str, work: StepWork) {
        let step = self.runs.last_mut().and_then(|run| run.steps.last_mut());
        if let Some(step) = step.filter(|step| step.ended.is_none()) {
            step.ended = Some(wall);
            step.result = Some(result.to_owned());
            step.work = work;
        }
    }

    /// Ends the running run, with the worst result of its steps unless one is given.
    pub(super) fn end_run(&mut self, wall: Timestamp, result: Option<&str>) {
        self.active = None;
        if let Some(run) = self.runs.last_mut() {
            let result = result.map_or_else(|| run_result(run), str::to_owned);
            run.result = Some(result);
            run.ended = Some(wall);
        }
    }
}

impl ActiveRun {
    /// Sets when the step that begins now ends.
    pub(super) fn schedule(&mut self, now: Moment) {
        self.step_started = now;
        self.step_ends = match self.fault.as_ref().map(|fault| fault.kind) {
            Some(FaultKind::Hang) => self.hang_span.map(|hang| now + self.step_span + hang),
            Some(FaultKind::Deadlock) => Some(now + self.step_span / 2),
            _ => Some(now + self.step_span),
        };
    }

    /// When the last phase of the last step begins, if it synchronizes.
    pub(super) fn completing_from(&self) -> Option<Moment> {
        let step = self.steps.get(self.next_step - 1)?;
        self.step_ends?;
        let phase = self.step_span.mul_f64(COMPLETING_FROM);
        step.synchronizes().then_some(self.step_started + phase)
    }

    pub(super) fn phase(&self, now: Moment) -> &'static str {
        match self.completing_from() {
            Some(from) if from <= now => COMPLETING,
            _ => "in-progress",
        }
    }
}

pub(super) fn new_run(profile: &ScenarioProfile, account: &str, started: Timestamp) -> Run {
    Run {
        number: 0,
        profile: profile.name.clone(),
        account: account.to_owned(),
        started,
        ended: None,
        result: None,
        steps: Vec::new(),
    }
}

pub(super) fn new_step(step_type: StepType, started: Timestamp) -> StepRecord {
    StepRecord {
        step_type,
        started,
        ended: None,
        result: None,
        work: StepWork::default(),
    }
}

pub(super) fn steps_of(profile: &ScenarioProfile) -> u32 {
    u32::try_from(profile.steps.len()).unwrap_or(1).max(1)
}

/// Whether the run goes on after a step with this result (the service's own rule: domain notes,
/// "Return strings").
pub(super) fn next_step_runs(result: &str) -> bool {
    result == "success"
        || (result.starts_with("completed-") && result != "completed-discovery-errors")
}

/// A run's result: its first step that was not a plain success, or else its last.
pub(super) fn run_result(run: &Run) -> String {
    let results = || run.steps.iter().filter_map(|step| step.result.as_deref());
    let stopped = results().find(|result| !next_step_runs(result));
    let troubled =
        || results().find(|result| !matches!(*result, "success" | "completed-no-objects"));
    stopped
        .or_else(troubled)
        .or_else(|| results().next_back())
        .unwrap_or("success")
        .to_owned()
}

fn new_guid(rng: &mut fastrand::Rng) -> String {
    let (high, low) = (rng.u64(..), rng.u64(..));
    format!(
        "{{{:08X}-{:04X}-4{:03X}-{:04X}-{:012X}}}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFF,
        0x8000 | (low >> 50),
        low & 0xFFFF_FFFF_FFFF
    )
}
