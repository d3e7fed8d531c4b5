//! A small company behind a real socket, the real client before it, and a run in between.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use masequencer::backend::{BackendOptions, ServiceBackend};
use masequencer::base::secret::Secret;
use masequencer::base::time::{Clock, ManualClock, SystemClock};
use masequencer::engine::{self, Program, RunHandle, RunOptions};
use masequencer::mim::{AgentInfo, parse_run_details};
use masequencer::run::{
    ProfileStatistics, RunControl, RunEvent, RunEventKind, RunId, RunOutcome, StepOutcome, StopMode,
};
use masequencer::service::{ServiceSettings, ServiceTimeouts, SyncService, WinrmService};
use masequencer::simulator::world::Order;
use masequencer::simulator::{Scenario, Simulator, SimulatorOptions, WorldHandle};
use masequencer::wsman::Timeouts;
use masequencer::{format, simulator};
use tokio::sync::mpsc;

use crate::support::{LIMIT, PASSWORD, USER, until};

/// The agents of the small company.
pub const AGENTS: [&str; 4] = ["HR", "SQL", "AD", "MIM Service"];

/// The profiles that each of them has, with their step types.
pub const PROFILES: [(&str, &str); 5] = [
    ("Full Import", "full-import"),
    ("Delta Import", "delta-import"),
    ("Full Sync", "full-sync"),
    ("Delta Sync", "delta-sync"),
    ("Export", "export"),
];

/// The scenario of a small company whose runs all take about the same time at speed 1, with what
/// goes wrong there.
pub fn company(duration: &str, faults: &str) -> String {
    let agents = [
        ("HR", "Delimited text file", "source", 1, 40),
        ("SQL", "SQL Server", "source", 31, 40),
        ("AD", "Active Directory", "target", 900_001, 40),
        ("MIM Service", "FIM", "target", 1, 0),
    ]
    .map(|(name, kind, role, first, people)| {
        let profiles = PROFILES.map(|(profile, step_type)| {
            format!(
                "[[agent.profile]]\nname = \"{profile}\"\nsteps = [\"{step_type}\"]\n\
                 duration = \"{duration}\"\n"
            )
        });
        format!(
            "[[agent]]\nname = \"{name}\"\ntype = \"{kind}\"\nrole = \"{role}\"\n\
             people = {people}\nfirst = {first}\n\
             changes = {{ new = 2, changed = 3, gone = 1 }}\n{}",
            profiles.concat()
        )
    });
    format!(
        "name = \"Small\"\nhistory-days = 1\n{}{faults}",
        agents.concat()
    )
}

/// What goes wrong, as the scenario says it; `keys` are lines such as `agent = "HR"`.
pub fn fault(kind: &str, keys: &str) -> String {
    format!("[[fault]]\nkind = \"{kind}\"\n{keys}\n")
}

/// A run-profile step; `attributes` are further ones.
pub fn step(agent: &str, profile: &str, attributes: &str) -> String {
    let step_type = PROFILES.iter().find(|(name, _)| *name == profile);
    let step_type = step_type.map_or("delta-import", |(_, word)| word);
    format!(
        "<run-profile agent=\"{agent}\" profile=\"{profile}\" type=\"{step_type}\" {attributes}/>"
    )
}

/// A sequence of threads, each with attributes and steps.
pub fn sequence(overlap: &str, threads: &[(&str, String)]) -> String {
    let threads: Vec<String> = threads
        .iter()
        .enumerate()
        .map(|(number, (attributes, steps))| {
            format!("<thread name=\"T{number}\" {attributes}>{steps}</thread>")
        })
        .collect();
    format!(
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" name=\"Test\">\
         <run overlap=\"{overlap}\"/>{}</masequence>",
        threads.concat()
    )
}

/// A sequence of one thread.
pub fn one_thread(steps: &str) -> String {
    sequence("exclusive-sync", &[("", steps.to_owned())])
}

/// A simulated server and its world.
pub struct Rig {
    simulator: Simulator,
    /// What tests ask about the world behind the server.
    pub world: WorldHandle,
}

/// A sequence that is ready to start.
pub struct Prepared {
    program: Program,
    service: Arc<dyn SyncService>,
}

/// A run that is watched.
pub struct Run {
    /// The way to give it orders.
    pub handle: RunHandle,
    stream: mpsc::Receiver<RunEvent>,
    /// What it has said so far.
    pub events: Vec<RunEventKind>,
}

impl Rig {
    /// A server for a scenario whose requests may take as long as Windows allows.
    pub async fn new(scenario: &str, speed: f64) -> Self {
        Self::with_max_timeout(scenario, speed, Duration::from_mins(1)).await
    }

    /// A server whose requests may take this long at most.
    pub async fn with_max_timeout(scenario: &str, speed: f64, max_timeout: Duration) -> Self {
        let clock = Arc::new(SystemClock::start());
        Self::with_clock(scenario, speed, max_timeout, clock).await
    }

    /// A server in whose world no time passes but by [`Rig::pass`].
    pub async fn standing_still(scenario: &str) -> (Self, ManualClock) {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        let shared = Arc::new(clock.clone());
        let rig = Self::with_clock(scenario, 1.0, Duration::from_mins(1), shared).await;
        (rig, clock)
    }

    async fn with_clock(
        scenario: &str,
        speed: f64,
        max_timeout: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let simulator = simulator::start(SimulatorOptions {
            scenario: Scenario::read(scenario).expect("the scenario is one"),
            speed,
            max_timeout,
            clock,
            ..SimulatorOptions::small_company(USER, Secret::new(PASSWORD.to_owned()))
        })
        .await
        .expect("a port of this machine is free");
        let world = simulator.world();
        Self { simulator, world }
    }

    /// Where its server listens.
    pub fn url(&self) -> String {
        self.simulator.url()
    }

    /// A client of its own.
    pub fn client(&self) -> WinrmService {
        let timeouts = ServiceTimeouts {
            calls: Timeouts {
                connect: Duration::from_secs(1),
                operation: Duration::from_secs(2),
                network: Duration::from_millis(500),
            },
            execute: Duration::from_secs(2),
            ..ServiceTimeouts::default()
        };
        client_through(&self.url(), timeouts)
    }

    /// Lets time pass in a world that stands still.
    pub fn pass(&self, clock: &ManualClock, span: Duration) {
        clock.advance(span);
        self.world.with(|world, now| world.advance(now));
    }

    /// Starts a sequence against the server.
    pub async fn start(&self, sequence: &str) -> Run {
        self.prepare(sequence).await.start()
    }

    /// Asks the server for its agents and compiles a sequence.
    pub async fn prepare(&self, sequence: &str) -> Prepared {
        let agents = self.client().agents().await.expect("the agents are told");
        Prepared::new(sequence, &agents, Arc::new(self.client()))
    }

    /// Runs a sequence to its end.
    pub async fn run(&self, sequence: &str) -> (RunOutcome, Run) {
        let mut run = self.start(sequence).await;
        let outcome = run.finish().await;
        (outcome, run)
    }

    /// Somebody else's order to run a profile, which the server takes.
    #[track_caller]
    pub fn foreign(&self, agent: &str, profile: &str) {
        let order = self.world.with(|world, now| {
            let place = world.agent(agent).expect("the agent is there");
            world.execute(place, profile, "CORP\\somebody", now)
        });
        assert!(matches!(order, Order::Started(_)), "{order:?}");
    }

    /// The result of the agent's last run, `in-progress` while it runs, and the account that
    /// ordered it.
    pub fn last_run(&self, agent: &str) -> (String, String) {
        self.world.with(|world, now| {
            world.advance(now);
            let place = world.agent(agent).expect("the agent is there");
            let number = world.numbers(place, now).and_then(|n| n.run_number);
            let key = simulator::world::RunKey {
                agent: place,
                number: number.expect("it has run"),
            };
            let run = world.run(key).expect("it is in the history");
            let result = run.result.clone();
            let result = result.unwrap_or_else(|| "in-progress".to_owned());
            (result, run.account.clone())
        })
    }

    /// The number of the agent's last run.
    pub fn run_number(&self, agent: &str) -> u64 {
        let number = self.world.with(|world, now| {
            let place = world.agent(agent).expect("the agent is there");
            world.numbers(place, now).and_then(|n| n.run_number)
        });
        number.expect("it has run")
    }

    /// Waits until the server has taken so many orders for an agent.
    pub async fn executed(&self, agent: &str, count: u64) {
        let world = self.world.clone();
        let agent = agent.to_owned();
        let waiting = tokio::task::spawn_blocking(move || {
            until(
                &format!("{count} runs of {agent}"),
                LIMIT,
                || (world.executions(&agent) >= count).then_some(()),
                String::new,
            );
        });
        waiting.await.expect("it comes true");
    }

    /// What the server itself says that the agent's last run did.
    pub fn statistics(&self, agent: &str) -> ProfileStatistics {
        self.statistics_of(agent, self.run_number(agent))
    }

    /// What the server itself says that one run of the agent did.
    pub fn statistics_of(&self, agent: &str, number: u64) -> ProfileStatistics {
        let details = self.world.with(|world, now| {
            world.advance(now);
            let agent = world.agent(agent).expect("the agent is there");
            world.details_of(simulator::world::RunKey { agent, number })
        });
        let runs = parse_run_details(&details).expect("the details can be read");
        runs.first().expect("it has run").into()
    }
}

/// A client of the server at this URL, perhaps by another way.
pub fn client_through(url: &str, timeouts: ServiceTimeouts) -> WinrmService {
    let settings = ServiceSettings {
        host: url.to_owned(),
        user: Some(USER.to_owned()),
        password: Some(Secret::new(PASSWORD.to_owned())),
        ..ServiceSettings::default()
    };
    WinrmService::with_timeouts(settings, timeouts).expect("the settings work")
}

impl Prepared {
    /// A sequence over a server that has these agents, by this client.
    pub fn new(sequence: &str, agents: &[AgentInfo], service: Arc<dyn SyncService>) -> Self {
        let sequence = format::read(sequence.as_bytes()).expect("the sequence is one");
        let program = engine::compile(&sequence, agents).expect("the sequence is complete");
        Self { program, service }
    }

    /// Starts it.
    pub fn start(self) -> Run {
        self.start_with(BackendOptions {
            first_interval: Duration::from_millis(20),
            last_interval: Duration::from_millis(200),
            patience: Duration::from_secs(20),
            grace: Duration::from_secs(1),
            ..BackendOptions::default()
        })
    }

    /// Starts it with this patience.
    pub fn start_with(self, patience: BackendOptions) -> Run {
        let options = RunOptions {
            part: None,
            run: RunId::new(Timestamp::UNIX_EPOCH, fastrand::u32(..)),
            file: None,
            server: self.service.server(),
            base_folder: PathBuf::from("."),
            zone: TimeZone::UTC,
        };
        let backend = Arc::new(ServiceBackend::new(self.service, patience));
        let (handle, stream) = engine::start(self.program, options, backend);
        Run {
            handle,
            stream,
            events: Vec::new(),
        }
    }
}

impl Run {
    /// The next event that `pick` takes.
    pub async fn wait_for<T>(
        &mut self,
        what: &str,
        pick: impl Fn(&RunEventKind) -> Option<T>,
    ) -> T {
        loop {
            let next = tokio::time::timeout(LIMIT, self.stream.recv()).await;
            let Ok(Some(event)) = next else {
                panic!("{what}: did not come ({next:?})\n{}", self.dump());
            };
            let picked = pick(&event.event);
            self.events.push(event.event);
            if let Some(picked) = picked {
                return picked;
            }
        }
    }

    /// Waits for its end.
    pub async fn finish(&mut self) -> RunOutcome {
        self.wait_for("the end of the run", |event| match event {
            RunEventKind::RunFinished { outcome, .. } => Some(*outcome),
            _ => None,
        })
        .await
    }

    /// Waits until a profile of this agent was granted.
    pub async fn profile_started(&mut self, wanted: &str) {
        self.wait_for("a profile starts", |event| match event {
            RunEventKind::ProfileStarted { agent, .. } if agent == wanted => Some(()),
            _ => None,
        })
        .await;
    }

    /// Waits for a sentence of a step that waits with this in it.
    pub async fn waits(&mut self, part: &str) -> String {
        self.wait_for(part, |event| match event {
            RunEventKind::Waiting { sentence, .. } if sentence.contains(part) => {
                Some(sentence.clone())
            }
            _ => None,
        })
        .await
    }

    /// Waits for a notice with this in it.
    pub async fn notice(&mut self, part: &str) {
        self.wait_for(part, |event| match event {
            RunEventKind::Notice { message, .. } if message.contains(part) => Some(()),
            _ => None,
        })
        .await;
    }

    /// Orders it to stop now.
    pub async fn stop_now(&self) {
        let mode = StopMode::Now;
        self.handle.control(RunControl::Stop { mode }).await;
    }

    /// Results of profiles in the order of their ends.
    pub fn results(&self) -> Vec<&str> {
        let results = self.events.iter().filter_map(|event| match event {
            RunEventKind::ProfileFinished { result, .. } => Some(result.as_str()),
            _ => None,
        });
        results.collect()
    }

    /// The result of the last profile of an agent that ended.
    pub fn result_of(&self, wanted: &str) -> &str {
        let result = self.events.iter().rev().find_map(|event| match event {
            RunEventKind::ProfileFinished { agent, result, .. } if agent == wanted => Some(result),
            _ => None,
        });
        result.map_or("", String::as_str)
    }

    /// What the last profile that ended did.
    pub fn last_statistics(&self) -> ProfileStatistics {
        let all = self.events.iter().rev().find_map(|event| match event {
            RunEventKind::ProfileFinished { statistics, .. } => Some(statistics.clone()),
            _ => None,
        });
        all.unwrap_or_default()
    }

    /// How steps ended, and with which sentence, in the order of their ends.
    pub fn steps(&self) -> Vec<(StepOutcome, &str)> {
        let steps = self.events.iter().filter_map(|event| match event {
            RunEventKind::StepFinished {
                outcome, sentence, ..
            } => Some((*outcome, sentence.as_str())),
            RunEventKind::StepSkipped { sentence, .. } => {
                Some((StepOutcome::Skipped, sentence.as_str()))
            }
            _ => None,
        });
        steps.collect()
    }

    /// The sentences of its notices.
    pub fn notices(&self) -> Vec<&str> {
        let notices = self.events.iter().filter_map(|event| match event {
            RunEventKind::Notice { message, .. } => Some(message.as_str()),
            _ => None,
        });
        notices.collect()
    }

    /// How many events are of a kind.
    pub fn count(&self, is: impl Fn(&RunEventKind) -> bool) -> usize {
        self.events.iter().filter(|event| is(event)).count()
    }

    /// Everything it has said, for a person who looks for a failure.
    pub fn dump(&self) -> String {
        let lines: Vec<String> = self
            .events
            .iter()
            .map(|event| format!("{event:?}"))
            .collect();
        lines.join("\n")
    }
}
