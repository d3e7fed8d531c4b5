//! The service itself: what it consists of, how its time passes, what breaks its connections.
//!
//! Time only passes in [`World::advance`]; every other call does that first with the moment it is
//! given. The work of a step happens at its end, as a whole.

use std::time::Duration;

use jiff::Timestamp;

use super::agent::Agent;
use super::directory::Directory;
use super::fault::{AnswerFault, FaultBook};
use super::run::StepWork;
use super::space::Space;
use super::work::first_rows;
use crate::base::time::Moment;
use crate::simulator::scenario::{
    FaultKind, ResourceUris, Rights, Scenario, ScenarioProfile, same,
};

/// A simulated synchronization service.
pub struct World {
    pub(super) directory: Directory,
    pub(super) agents: Vec<Agent>,
    pub(super) faults: FaultBook,
    pub(super) rng: fastrand::Rng,
    pub(super) rights: Rights,
    pub(super) max_envelope_kb: u32,
    pub(super) resource_uris: ResourceUris,
    pub(super) speed: f64,
    pub(super) start: Moment,
    pub(super) wall: Timestamp,
    pub(super) now: Moment,
    pub(super) is_service_down: bool,
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
            max_envelope_kb: scenario.max_envelope_kb,
            resource_uris: scenario.resource_uris,
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

    /// The largest envelope in bytes.
    pub fn max_envelope_bytes(&self) -> usize {
        usize::try_from(self.max_envelope_kb).map_or(usize::MAX, |kb| kb.saturating_mul(1024))
    }

    /// Which ways to write a class as a URI are understood.
    pub const fn resource_uris(&self) -> ResourceUris {
        self.resource_uris
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

    /// After how many bytes of the request that begins to arrive its connection is cut.
    pub fn strike_incoming(&mut self, now: Moment) -> Option<u64> {
        self.advance(now);
        let elapsed = self.elapsed();
        self.faults.strike_incoming(elapsed)
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
    pub(super) fn elapsed(&self) -> Duration {
        let real = self.now.since(self.start);
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed).unwrap_or(Duration::MAX)
    }

    pub(super) fn scaled(&self, span: Duration) -> Duration {
        divided(span, self.speed)
    }

    pub(super) fn wall_now(&self) -> Timestamp {
        let passed = self.now.since(self.start);
        self.wall.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    pub(super) fn spread(&mut self, profile: &ScenarioProfile) -> Duration {
        let factor = 1.0 + profile.spread * (self.rng.f64() * 2.0 - 1.0);
        Duration::try_from_secs_f64(profile.duration.as_secs_f64() * factor)
            .unwrap_or(profile.duration)
    }
}

/// A span of the scenario in the time that really passes.
pub(super) fn divided(span: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(span.as_secs_f64() / speed).unwrap_or(Duration::MAX)
}
