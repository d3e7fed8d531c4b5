//! Orders: which run may start, how its steps follow each other, how it is stopped, what is deleted.
//!
//! The service's own rules are kept here and nowhere else.

use super::agent::{ActiveRun, new_run, new_step, next_step_runs, steps_of};
use super::engine::{World, divided};
use super::history::read_ending_before;
use super::run::{RunKey, StepWork};
use super::work::Bench;
use crate::base::time::Moment;
use crate::mim::StepType;
use crate::simulator::scenario::{Changes, Fault, FaultKind, Rights};

/// The word of a run that was stopped by a person.
const STOPPED: &str = "stopped-user-termination-from-wmi-or-ui";

/// The answer to an order to run a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// It runs.
    Started(Started),
    /// It does not; the service's word.
    Refused(String),
}

/// A run that an order started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// Names the run.
    pub run: RunKey,
}

impl World {
    /// The order to run a profile.
    pub fn execute(&mut self, agent: usize, profile: &str, account: &str, now: Moment) -> Order {
        self.advance(now);
        match self.refusal(agent, profile) {
            Some(word) => Order::Refused(word),
            None => match self.begin(agent, profile, account) {
                Some(run) => Order::Started(Started { run }),
                None => Order::Refused("no-start-unknown-profile-name".to_owned()),
            },
        }
    }

    /// Why the service does not start a profile now.
    fn refusal(&mut self, place: usize, profile: &str) -> Option<String> {
        let word = |text: &str| Some(text.to_owned());
        if !self.may_browse() {
            return word("connection-failure");
        }
        if self.rights != Rights::Operator {
            return word("access-denied");
        }
        let elapsed = self.elapsed();
        let is_sync_elsewhere = self.synchronizing_agent().is_some();
        let agent = self.agents.get_mut(place)?;
        let refusals = [
            (FaultKind::AccessDenied, "access-denied"),
            (FaultKind::CallFailure, "call-failure:0x80230709"),
            (
                FaultKind::UpdateInProgress,
                "no-start-ma-update-in-progress",
            ),
        ];
        for (kind, text) in refusals {
            let struck = self.faults.strike(&[kind], &agent.name, profile, elapsed);
            if struck.is_some() {
                return word(text);
            }
        }
        if agent.active.is_some() {
            agent.counts.refused_busy += 1;
            return word("no-start-ma-already-running");
        }
        let Some(found) = agent.profile(profile) else {
            return word("no-start-unknown-profile-name");
        };
        let synchronizes = found.steps.iter().any(|step| step.synchronizes());
        if synchronizes && is_sync_elsewhere {
            agent.counts.refused_synchronizations += 1;
            return word("call-failure:0x8023063D");
        }
        None
    }

    /// The agent whose running profile synchronizes in any of its steps.
    fn synchronizing_agent(&self) -> Option<usize> {
        self.agents.iter().position(|agent| {
            let active = agent.active.as_ref();
            active.is_some_and(|active| active.steps.iter().any(|step| step.synchronizes()))
        })
    }

    fn begin(&mut self, place: usize, profile: &str, account: &str) -> Option<RunKey> {
        let elapsed = self.elapsed();
        let wall = self.wall_now();
        let now = self.now;
        let speed = self.speed;
        let profile = self.agents.get(place)?.profile(profile)?.clone();
        let span = self.spread(&profile);
        let step_span = self.scaled(span) / steps_of(&profile);
        let agent = self.agents.get_mut(place)?;
        let run_faults = [
            FaultKind::Hang,
            FaultKind::Deadlock,
            FaultKind::DiscoveryErrors,
            FaultKind::MassDelete,
            FaultKind::ExportErrors,
            FaultKind::Result,
        ];
        let fault = self
            .faults
            .strike(&run_faults, &agent.name, &profile.name, elapsed);
        let hang = fault.as_ref().and_then(|fault| fault.length);
        let hang_span = hang.map(|hang| divided(hang, speed));
        let early = [FaultKind::EarlyReply];
        let early = self
            .faults
            .strike(&early, &agent.name, &profile.name, elapsed);
        let mut record = new_run(&profile, account, wall);
        let first = *profile.steps.first()?;
        record.steps.push(new_step(first, wall));
        let number = agent.add_run(record);
        agent.counts.executions += 1;
        let mut active = ActiveRun {
            steps: profile.steps,
            next_step: 1,
            step_started: now,
            step_ends: None,
            step_span,
            hang_span,
            fault,
            is_early_reply: early.is_some(),
        };
        active.schedule(now);
        agent.active = Some(active);
        Some(RunKey {
            agent: place,
            number,
        })
    }

    /// The order to stop what an agent runs.
    pub fn stop(&mut self, agent: usize, now: Moment) -> String {
        self.advance(now);
        if !self.may_browse() {
            return "connection-failure".to_owned();
        }
        if self.rights != Rights::Operator {
            return "access-denied".to_owned();
        }
        let wall = self.wall_now();
        match self.agents.get_mut(agent) {
            Some(agent) if agent.active.is_some() => {
                agent.close_step(wall, STOPPED, StepWork::default());
                agent.end_run(wall, Some(STOPPED));
                "success".to_owned()
            }
            _ => "ma-not-running".to_owned(),
        }
    }

    pub(super) fn end_step_if_due(&mut self, place: usize) {
        let now = self.now;
        let wall = self.wall_now();
        let Some(active) = self
            .agents
            .get(place)
            .and_then(|agent| agent.active.as_ref())
        else {
            return;
        };
        if active.step_ends.is_none_or(|ends| ends > now) {
            return;
        }
        let fault = active.fault.clone();
        let Some(step_type) = active.steps.get(active.next_step - 1).copied() else {
            return;
        };
        let (work, result) = self.perform(place, step_type, fault.as_ref());
        let Some(agent) = self.agents.get_mut(place) else {
            return;
        };
        let goes_on = next_step_runs(&result);
        agent.close_step(wall, &result, work);
        let next = agent
            .active
            .as_ref()
            .and_then(|active| active.steps.get(active.next_step).copied())
            .filter(|_| goes_on);
        match (next, agent.active.as_mut(), agent.runs.last_mut()) {
            (Some(step_type), Some(active), Some(run)) => {
                run.steps.push(new_step(step_type, wall));
                active.next_step += 1;
                active.schedule(now);
            }
            _ => agent.end_run(wall, None),
        }
    }

    /// Does a step's work at its end.
    pub(super) fn perform(
        &mut self,
        place: usize,
        step_type: StepType,
        fault: Option<&Fault>,
    ) -> (StepWork, String) {
        let changes = self.agents.get_mut(place);
        let changes = changes.map_or_else(Changes::default, |agent| agent.changes_by(step_type));
        let mut bench = Bench {
            changes,
            directory: &mut self.directory,
            rng: &mut self.rng,
        };
        bench.perform(place, step_type, fault)
    }

    /// Deletes the runs that ended by a time (ms698220); the service's word.
    pub fn clear_runs(&mut self, ending_before: &str, now: Moment) -> String {
        self.advance(now);
        if !self.may_browse() {
            return "connection-failure".to_owned();
        }
        if self.rights != Rights::Operator {
            return "access-denied".to_owned();
        }
        let Some(limit) = read_ending_before(ending_before) else {
            return "invalid-date-parameter".to_owned();
        };
        let mut deleted = 0;
        for agent in &mut self.agents {
            let before = agent.runs.len();
            agent
                .runs
                .retain(|run| run.ended.is_none_or(|ended| ended > limit));
            deleted += before - agent.runs.len();
        }
        if deleted == 0 {
            return "invalid-date-parameter".to_owned();
        }
        "success".to_owned()
    }
}
