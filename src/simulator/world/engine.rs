//! The service itself: which run may start, how long it takes, what it does and how it ends.
//!
//! Time only passes in [`World::advance`]; every other call does that first with the moment it is
//! given. The work of a step happens at its end, as a whole.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::agent::{
    ActiveRun, Agent, COMPLETING, WorldCounts, new_run, new_step, next_step_runs, run_result,
    steps_of,
};
use super::details::{AgentLabel, NO_RUN, document, time_text};
use super::directory::Directory;
use super::fault::{AnswerFault, FaultBook};
use super::history::{HistoryRow, PastRun, past_runs, read_ending_before};
use super::run::{Run, RunKey, StepRecord, StepWork};
use super::space::Space;
use super::tally::SpaceTally;
use super::work::{Bench, first_rows};
use crate::base::time::Moment;
use crate::mim::StepType;
use crate::simulator::scenario::{
    Changes, Fault, FaultKind, Rights, Scenario, ScenarioProfile, same,
};

/// The word of a run that was stopped by a person.
const STOPPED: &str = "stopped-user-termination-from-wmi-or-ui";
/// A simulated synchronization service.
pub struct World {
    directory: Directory,
    agents: Vec<Agent>,
    faults: FaultBook,
    rng: fastrand::Rng,
    rights: Rights,
    speed: f64,
    start: Moment,
    wall: Timestamp,
    now: Moment,
    is_service_down: bool,
}

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
    /// The world of a scenario after its past; `now` is the moment that `wall` tells.
    ///
    /// `speed` divides every span of the scenario; it is taken as 1 unless it is above zero.
    pub fn new(scenario: &Scenario, speed: f64, now: Moment, wall: Timestamp) -> Self {
        let mut rng = fastrand::Rng::with_seed(scenario.seed);
        let mut spaces = Vec::new();
        let mut agents = Vec::new();
        for described in &scenario.agents {
            spaces.push(Space::new(described.role, first_rows(described, &mut rng)));
            agents.push(Agent::new(described, &mut rng));
        }
        let mut world = Self {
            directory: Directory::new(spaces),
            agents,
            faults: FaultBook::new(&[]),
            rng,
            rights: scenario.rights,
            speed: if speed.is_finite() && speed > 0.0 {
                speed
            } else {
                1.0
            },
            start: now,
            wall,
            now,
            is_service_down: false,
        };
        world.live_through(scenario);
        world.faults = FaultBook::new(&scenario.faults);
        world
    }

    /// Lets the past happen, one run after the other, each day from three o'clock before now on.
    fn live_through(&mut self, scenario: &Scenario) {
        let runs = past_runs(scenario);
        let mut day = 0;
        let mut at = self.wall;
        for PastRun {
            days_ago,
            agent,
            profile,
        } in runs
        {
            if days_ago != day {
                day = days_ago;
                let back = SignedDuration::from_hours(i64::from(days_ago) * 24);
                at = self.wall.saturating_sub(back).unwrap_or(Timestamp::MIN);
            }
            let described = scenario.agents.get(agent);
            let described = described.and_then(|described| described.profiles.get(profile));
            if let Some(described) = described {
                at = self.live_run(agent, described, &scenario.account, at);
            }
        }
    }

    /// A run of the past that begins at `at`; tells when it ended.
    fn live_run(
        &mut self,
        agent: usize,
        profile: &ScenarioProfile,
        account: &str,
        at: Timestamp,
    ) -> Timestamp {
        let span = self.spread(profile) / steps_of(profile);
        let mut record = new_run(profile, account, at);
        let mut time = at;
        for step_type in &profile.steps {
            let (work, result) = self.perform(agent, *step_type, None);
            let ended = time.saturating_add(span).unwrap_or(Timestamp::MAX);
            let goes_on = next_step_runs(&result);
            record.steps.push(StepRecord {
                step_type: *step_type,
                started: time,
                ended: Some(ended),
                result: Some(result),
                work,
            });
            time = ended;
            if !goes_on {
                break;
            }
        }
        record.result = Some(run_result(&record));
        record.ended = Some(time);
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.add_run(record);
        }
        time
    }

    /// Lets the time pass until `now`: steps end, the next ones begin.
    pub fn advance(&mut self, now: Moment) {
        while let Some(due) = self.next_event().filter(|due| *due <= now) {
            self.now = due.max(self.now);
            self.watch_service();
            for agent in 0..self.agents.len() {
                self.end_step_if_due(agent);
            }
        }
        self.now = now.max(self.now);
        self.watch_service();
    }

    /// The next moment at which something happens by itself.
    pub fn next_event(&self) -> Option<Moment> {
        let steps = self.agents.iter().filter_map(|agent| {
            let active = agent.active.as_ref()?;
            active.step_ends
        });
        let elapsed = self.elapsed();
        let turn = self.faults.next_turn(FaultKind::ServiceStopped, elapsed);
        let turn = turn.map(|turn| self.start + self.scaled(turn));
        // Rounding must not make the turn lie in the past for ever.
        let turn = turn.map(|turn| turn.max(self.now + Duration::from_millis(1)));
        steps.chain(turn).min()
    }

    /// The place of an agent, whatever the case of its name.
    pub fn agent(&self, name: &str) -> Option<usize> {
        self.agents.iter().position(|agent| same(&agent.name, name))
    }

    /// How many agents there are; their places count from 0.
    pub fn agent_count(&self) -> usize {
        self.agents.len()
    }

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

    /// The object counts of the metaverse.
    pub fn people(&self) -> usize {
        self.directory.people()
    }

    /// The objects, for tests.
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

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

    fn end_step_if_due(&mut self, place: usize) {
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
    fn perform(
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

    /// The fault that strikes a request's connection or answer.
    pub fn strike_request(
        &mut self,
        request: &str,
        agent: Option<&str>,
        profile: Option<&str>,
        now: Moment,
    ) -> Option<AnswerFault> {
        self.advance(now);
        let elapsed = self.elapsed();
        self.faults.strike_request(request, agent, profile, elapsed)
    }

    /// Whether nobody listens now, and if a change of that is known, when it comes.
    pub fn refuses_connections(&mut self, now: Moment) -> (bool, Option<Moment>) {
        self.advance(now);
        let elapsed = self.elapsed();
        let kind = FaultKind::ConnectionRefused;
        let turn = self.faults.next_turn(kind, elapsed);
        let turn = turn.map(|turn| self.start + self.scaled(turn) + Duration::from_millis(1));
        (self.faults.lasts(kind, elapsed), turn)
    }

    /// What was counted for an agent.
    pub fn counts(&self, agent: usize) -> WorldCounts {
        let agent = self.agents.get(agent);
        agent.map_or_else(WorldCounts::default, |agent| agent.counts)
    }

    /// Ends what runs when the service goes down.
    fn watch_service(&mut self) {
        let elapsed = self.elapsed();
        let is_down = self.faults.lasts(FaultKind::ServiceStopped, elapsed);
        if is_down && !self.is_service_down {
            let wall = self.wall_now();
            for agent in &mut self.agents {
                if agent.active.is_some() {
                    agent.close_step(wall, "stopped-server", StepWork::default());
                    agent.end_run(wall, Some("stopped-server"));
                }
            }
        }
        self.is_service_down = is_down;
    }

    /// The time of the scenario since the start.
    fn elapsed(&self) -> Duration {
        let real = self.now.since(self.start);
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed).unwrap_or(Duration::MAX)
    }

    fn scaled(&self, span: Duration) -> Duration {
        Duration::try_from_secs_f64(span.as_secs_f64() / self.speed).unwrap_or(Duration::MAX)
    }

    fn wall_now(&self) -> Timestamp {
        let passed = self.now.since(self.start);
        self.wall.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    fn spread(&mut self, profile: &ScenarioProfile) -> Duration {
        let factor = 1.0 + profile.spread * (self.rng.f64() * 2.0 - 1.0);
        Duration::try_from_secs_f64(profile.duration.as_secs_f64() * factor)
            .unwrap_or(profile.duration)
    }
}
