//! The service itself: which run may start, how long it takes, what it does and how it ends.
//!
//! Time only passes in [`World::advance`]; every other call does that first with the moment it is
//! given. The work of a step happens at its end, as a whole.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::details::{AgentLabel, NO_RUN, document, time_text};
use super::directory::{Directory, SyncOutcome};
use super::fault::{AnswerFault, FaultBook};
use super::history::{HistoryRow, PastRun, past_runs, read_ending_before};
use super::run::{ObjectFailure, Run, RunKey, StepRecord, StepWork};
use super::space::{Anchor, Role, Space, Stamp};
use super::tally::SpaceTally;
use crate::base::time::Moment;
use crate::mim::StepType;
use crate::simulator::scenario::{
    Changes, Fault, FaultKind, Rights, Scenario, ScenarioAgent, ScenarioProfile, same,
};

/// The word of a run that was stopped by a person.
const STOPPED: &str = "stopped-user-termination-from-wmi-or-ui";
/// The word of the last phase of a synchronization.
const COMPLETING: &str = "completing-referential-updates";
/// The most runs that one agent's history keeps.
const MAX_RUNS: usize = 10_000;
/// The share of a synchronization after which it is in its last phase.
const COMPLETING_FROM: f64 = 0.8;

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

/// An agent with its profiles and runs.
struct Agent {
    name: String,
    guid: String,
    agent_type: String,
    changes: Changes,
    profiles: Vec<ScenarioProfile>,
    runs: Vec<Run>,
    last_number: u64,
    active: Option<ActiveRun>,
    counts: WorldCounts,
}

/// A run that goes on; its record is the last of the agent's runs.
struct ActiveRun {
    steps: Vec<StepType>,
    next_step: usize,
    step_started: Moment,
    /// When the current step ends; `None` if it never does by itself.
    step_ends: Option<Moment>,
    /// How long each step takes, already scaled.
    step_span: Duration,
    fault: Option<Fault>,
    is_early_reply: bool,
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
            .map(|agent| [agent.name.as_str(), &agent.guid, &agent.agent_type])
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
        let mut work = StepWork::default();
        match fault.map(|fault| (fault.kind, fault)) {
            Some((FaultKind::Deadlock, _)) => return (work, "stopped-deadlocked".to_owned()),
            Some((FaultKind::Result, fault)) => {
                let word = fault.result.clone().unwrap_or_default();
                if word.starts_with("stopped-server") || word.contains("credentials") {
                    work.connection = Some("failed-connection".to_owned());
                }
                return (work, word);
            }
            _ => {}
        }
        let mut result = "success".to_owned();
        if step_type.imports() {
            result = self.import(place, step_type, fault, &mut work);
        }
        if step_type.synchronizes() && next_step_runs(&result) {
            let everything = matches!(step_type, StepType::FullSync | StepType::FullImportFullSync);
            let SyncOutcome { inbound, outbound } = if everything {
                self.directory.synchronize_all(place)
            } else {
                self.directory.synchronize_changes(place)
            };
            work.inbound = Some(inbound);
            work.outbound = outbound.into_iter().collect();
        }
        if step_type.exports()
            && let Some(space) = self.directory.space_mut(place)
        {
            let refused = fault.filter(|fault| fault.kind == FaultKind::ExportErrors);
            let refused = refused.map_or(0, |fault| u64::from(fault.objects));
            let tally = space.export(refused, &mut work.failures);
            work.export = Some(tally);
            if tally.failure > 0 {
                result = "completed-export-errors".to_owned();
            }
        }
        (work, result)
    }

    fn import(
        &mut self,
        place: usize,
        step_type: StepType,
        fault: Option<&Fault>,
        work: &mut StepWork,
    ) -> String {
        let changes = self
            .agents
            .get(place)
            .map_or_else(Changes::default, |agent| agent.changes);
        let Some(space) = self.directory.space_mut(place) else {
            return "stopped-server".to_owned();
        };
        happen(space, changes, &mut self.rng);
        let kind = fault.map(|fault| (fault.kind, fault));
        if let Some((FaultKind::MassDelete, fault)) = kind {
            let share = (fault.percent / 100.0).clamp(0.0, 1.0);
            let count = (space.rows.len() as f64 * share).round() as usize;
            remove_some(space, count, &mut self.rng);
        }
        if let Some((FaultKind::DiscoveryErrors, fault)) = kind {
            let unreadable: Vec<Anchor> = space
                .rows
                .keys()
                .copied()
                .take(fault.objects as usize)
                .collect();
            work.staging = Some(space.import_readable(&unreadable, &mut work.failures));
            let failed = unreadable.into_iter().map(ObjectFailure::discovery);
            work.failures.extend(failed);
            return "completed-discovery-errors".to_owned();
        }
        let tally = if step_type.imports_delta() {
            space.import_changes(&mut work.failures)
        } else {
            space.import_all(&mut work.failures)
        };
        work.staging = Some(tally);
        if !work.failures.is_empty() {
            "completed-warnings".to_owned()
        } else if tally.total() == 0 {
            "completed-no-objects".to_owned()
        } else {
            "success".to_owned()
        }
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

impl Agent {
    fn new(described: &ScenarioAgent, rng: &mut fastrand::Rng) -> Self {
        Self {
            name: described.name.trim().to_owned(),
            guid: new_guid(rng),
            agent_type: described.agent_type.clone(),
            changes: described.changes,
            profiles: described.profiles.clone(),
            runs: Vec::new(),
            last_number: 0,
            active: None,
            counts: WorldCounts::default(),
        }
    }

    fn label(&self) -> AgentLabel<'_> {
        AgentLabel {
            name: &self.name,
            guid: &self.guid,
        }
    }

    fn profile(&self, name: &str) -> Option<&ScenarioProfile> {
        self.profiles
            .iter()
            .find(|profile| same(&profile.name, name))
    }

    /// Adds a run with the next number.
    fn add_run(&mut self, mut run: Run) -> u64 {
        self.last_number += 1;
        run.number = self.last_number;
        if self.runs.len() >= MAX_RUNS {
            self.runs.remove(0);
        }
        self.runs.push(run);
        self.last_number
    }

    /// Ends the running step.
    fn close_step(&mut self, wall: Timestamp, result: &str, work: StepWork) {
        let step = self.runs.last_mut().and_then(|run| run.steps.last_mut());
        if let Some(step) = step.filter(|step| step.ended.is_none()) {
            step.ended = Some(wall);
            step.result = Some(result.to_owned());
            step.work = work;
        }
    }

    /// Ends the running run, with the worst result of its steps unless one is given.
    fn end_run(&mut self, wall: Timestamp, result: Option<&str>) {
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
    fn schedule(&mut self, now: Moment) {
        self.step_started = now;
        self.step_ends = match self.fault.as_ref().map(|fault| fault.kind) {
            Some(FaultKind::Hang) => None,
            Some(FaultKind::Deadlock) => Some(now + self.step_span / 2),
            _ => Some(now + self.step_span),
        };
    }

    /// When the last phase of the last step begins, if it synchronizes.
    fn completing_from(&self) -> Option<Moment> {
        let step = self.steps.get(self.next_step - 1)?;
        self.step_ends?;
        let phase = self.step_span.mul_f64(COMPLETING_FROM);
        step.synchronizes().then_some(self.step_started + phase)
    }

    fn phase(&self, now: Moment) -> &'static str {
        match self.completing_from() {
            Some(from) if from <= now => COMPLETING,
            _ => "in-progress",
        }
    }
}

fn new_run(profile: &ScenarioProfile, account: &str, started: Timestamp) -> Run {
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

fn new_step(step_type: StepType, started: Timestamp) -> StepRecord {
    StepRecord {
        step_type,
        started,
        ended: None,
        result: None,
        work: StepWork::default(),
    }
}

fn steps_of(profile: &ScenarioProfile) -> u32 {
    u32::try_from(profile.steps.len()).unwrap_or(1).max(1)
}

/// Whether the run goes on after a step with this result (the service's own rule: domain notes,
/// "Return strings").
fn next_step_runs(result: &str) -> bool {
    result == "success"
        || (result.starts_with("completed-") && result != "completed-discovery-errors")
}

/// A run's result: its first step that was not a plain success, or else its last.
fn run_result(run: &Run) -> String {
    let results = || run.steps.iter().filter_map(|step| step.result.as_deref());
    let stopped = results().find(|result| !next_step_runs(result));
    let troubled =
        || results().find(|result| !matches!(*result, "success" | "completed-no-objects"));
    stopped
        .or_else(troubled)
        .or_else(|| results().last())
        .unwrap_or("success")
        .to_owned()
}

fn first_rows(
    described: &ScenarioAgent,
    rng: &mut fastrand::Rng,
) -> std::collections::BTreeMap<Anchor, Stamp> {
    (0..described.people)
        .map(|offset| (described.first.saturating_add(offset), rng.u64(..)))
        .collect()
}

/// What happens in a connected system between two imports.
fn happen(space: &mut Space, changes: Changes, rng: &mut fastrand::Rng) {
    let about = |rng: &mut fastrand::Rng, count: u32| rng.u32(count / 2..=count + count / 2);
    let gone = about(rng, changes.gone);
    remove_some(space, gone as usize, rng);
    for _ in 0..about(rng, changes.changed) {
        if let Some(anchor) = pick(space, rng) {
            space.write_row(anchor, rng.u64(..));
        }
    }
    for _ in 0..about(rng, changes.new) {
        let last = space.rows.keys().next_back().copied();
        let fresh = last.map_or(1, |anchor| anchor.saturating_add(1));
        // A target is written by exports; what appears there by itself belongs to nobody.
        let fresh = match space.role {
            Role::Target => fresh.max(u32::MAX / 2),
            Role::Source | Role::Contributor => fresh,
        };
        space.write_row(fresh, rng.u64(..));
    }
}

fn remove_some(space: &mut Space, count: usize, rng: &mut fastrand::Rng) {
    let anchors: Vec<Anchor> = space.rows.keys().copied().collect();
    for anchor in rng.choose_multiple(anchors, count) {
        space.remove_row(anchor);
    }
}

/// Any row, by a random starting point: fast, and fair enough for a story.
fn pick(space: &Space, rng: &mut fastrand::Rng) -> Option<Anchor> {
    let first = *space.rows.keys().next()?;
    let last = *space.rows.keys().next_back()?;
    let from = rng.u32(first..=last);
    space.rows.range(from..).next().map(|(anchor, _)| *anchor)
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
