//! What the service tells: states, figures, run details, run history.
//!
//! Changes nothing but the time.

use std::time::Duration;

use super::agent::{Agent, COMPLETING, WorldCounts};
use super::details::{AgentLabel, NO_RUN, document, time_text};
use super::directory::Directory;
use super::engine::World;
use super::history::HistoryRow;
use super::run::{Run, RunKey};
use super::tally::SpaceTally;
use crate::base::time::Moment;
use crate::simulator::scenario::{FaultKind, Rights, same};

/// What an agent does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    /// It never ran, or its history is cleared.
    Never,
    /// It runs; the service's word, such as `in-progress`.
    Running(String),
    /// It ran; the last run's result.
    Idle(String),
}

/// What can be said about a run that somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// This is the answer to Execute.
    Word(String),
    /// Not yet; nothing changes before this moment unless somebody gives an order. `None` is never.
    NotBefore(Option<Moment>),
}

/// The figures and words that the methods of an agent return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentNumbers {
    /// The number of the current or last run, `None` if it never ran.
    pub run_number: Option<u64>,
    /// The profile of the current or last run.
    pub profile: Option<String>,
    /// When the last run began; `None` while one runs (ms697824).
    pub started: Option<String>,
    /// When the last run ended; `None` while one runs.
    pub ended: Option<String>,
    /// The connector space.
    pub space: SpaceTally,
}

impl World {
    /// Name, identifier and type of an agent.
    pub fn label(&self, agent: usize) -> Option<[&str; 3]> {
        self.agents
            .get(agent)
            .map(|agent| [agent.name.as_str(), &agent.guid, &agent.kind])
    }

    /// Whether the caller may look; if not, every method says `connection-failure`.
    pub fn may_browse(&self) -> bool {
        self.rights != Rights::None && !self.is_service_down
    }

    /// Whether the service is stopped now.
    pub const fn is_service_down(&self) -> bool {
        self.is_service_down
    }

    /// Whether a fault of this kind lasts now.
    pub fn has_fault(&self, kind: FaultKind) -> bool {
        self.faults.lasts(kind, self.elapsed())
    }

    /// By how much the clock that clients see is ahead.
    pub fn clock_ahead(&self) -> Duration {
        const USUAL: Duration = Duration::from_mins(10);
        if !self.has_fault(FaultKind::ClockAhead) {
            return Duration::ZERO;
        }
        let length = self.faults.length(FaultKind::ClockAhead, self.elapsed());
        length.unwrap_or(USUAL)
    }

    /// The object counts of the metaverse.
    pub fn people(&self) -> usize {
        self.directory.people()
    }

    /// The objects, for tests.
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What Execute answers for this run at `now`, or when to ask again.
    pub fn answer(&mut self, key: RunKey, now: Moment) -> Answer {
        self.advance(now);
        let run = self.run(key);
        if let Some(result) = run.and_then(|run| run.result.clone()) {
            return Answer::Word(result);
        }
        let agent = self.agents.get(key.agent);
        let Some(active) = agent.and_then(|agent| agent.active.as_ref()) else {
            // The run is no longer in the history: it was cleared after its end.
            return Answer::Word("success".to_owned());
        };
        if active.is_early_reply {
            match active.completing_from() {
                Some(from) if from <= self.now => return Answer::Word(COMPLETING.to_owned()),
                Some(from) => return Answer::NotBefore(Some(from)),
                None => {}
            }
        }
        Answer::NotBefore(self.next_event())
    }

    /// What an agent does.
    pub fn activity(&mut self, agent: usize, now: Moment) -> Activity {
        self.advance(now);
        let Some(agent) = self.agents.get(agent) else {
            return Activity::Never;
        };
        match (&agent.active, agent.runs.last()) {
            (Some(active), _) => Activity::Running(active.phase(self.now).to_owned()),
            (None, Some(run)) => Activity::Idle(run.result.clone().unwrap_or_default()),
            (None, None) => Activity::Never,
        }
    }

    /// The figures of an agent.
    pub fn numbers(&mut self, agent: usize, now: Moment) -> Option<AgentNumbers> {
        self.advance(now);
        let space = self.directory.space(agent)?.tally();
        let agent = self.agents.get(agent)?;
        let last = agent.runs.last();
        let idle = last.filter(|_| agent.active.is_none());
        Some(AgentNumbers {
            run_number: last.map(|run| run.number),
            profile: last.map(|run| run.profile.clone()),
            started: idle.map(|run| time_text(run.started)),
            ended: idle.and_then(|run| run.ended).map(time_text),
            space,
        })
    }

    /// The run details of the current or last run.
    pub fn details(&mut self, agent: usize, now: Moment) -> String {
        self.advance(now);
        let last = self.agents.get(agent).and_then(|agent| agent.runs.last());
        last.map_or_else(
            || NO_RUN.to_owned(),
            |run| {
                self.details_of(RunKey {
                    agent,
                    number: run.number,
                })
            },
        )
    }

    /// The run details of a run of the history.
    pub fn details_of(&self, key: RunKey) -> String {
        let (Some(agent), Some(run)) = (self.agents.get(key.agent), self.run(key)) else {
            return NO_RUN.to_owned();
        };
        let labels: Vec<AgentLabel<'_>> = self.agents.iter().map(Agent::label).collect();
        let phase = agent
            .active
            .as_ref()
            .map_or("", |active| active.phase(self.now));
        document(&agent.label(), &labels, run, phase)
    }

    /// A run of the history.
    pub fn run(&self, key: RunKey) -> Option<&Run> {
        let agent = self.agents.get(key.agent)?;
        agent.runs.iter().rev().find(|run| run.number == key.number)
    }

    /// The run history, oldest runs of each agent first.
    pub fn history(&mut self, now: Moment) -> Vec<HistoryRow> {
        self.advance(now);
        let rows = self.agents.iter().flat_map(|agent| {
            agent.runs.iter().map(|run| HistoryRow {
                key: format!("{}-{}", agent.guid, run.number),
                agent_guid: agent.guid.clone(),
                agent: agent.name.clone(),
                run_number: run.number,
                profile: run.profile.clone(),
                started: time_text(run.started),
                ended: run.ended.map(time_text).unwrap_or_default(),
                status: run
                    .result
                    .clone()
                    .unwrap_or_else(|| "in-progress".to_owned()),
            })
        });
        rows.collect()
    }

    /// The run that a key of the history names.
    pub fn run_of_key(&self, key: &str) -> Option<RunKey> {
        let (guid, number) = key.rsplit_once('-')?;
        let number = number.parse().ok()?;
        let agent = self
            .agents
            .iter()
            .position(|agent| same(&agent.guid, guid))?;
        let key = RunKey { agent, number };
        self.run(key).map(|_| key)
    }

    /// What was counted for an agent.
    pub fn counts(&self, agent: usize) -> WorldCounts {
        let agent = self.agents.get(agent);
        agent.map_or_else(WorldCounts::default, |agent| agent.counts)
    }
}
