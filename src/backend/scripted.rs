//! A scripted stand-in for the world, for tests of the engine and for rehearsals.
//!
//! Follows its script on tokio's clock, so that a paused clock makes it exact, and refuses what the
//! real service refuses: a second run on an agent, a second synchronization. Must not touch a
//! network or a process.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::base::time::{Clock as _, Moment, SystemClock};
use crate::engine::{
    Backend, CommandCall, CommandReport, Grant, Observation, ObserveError, ProfileCall, ProfileEnd,
    Reporter, StopCause, StopSignal,
};
use crate::mim::{AgentName, ProfileName, Refusal, RunResult};
use crate::run::{CommandEnd, ProfileStatistics};

use super::script::{CommandScript, ProfileScript, ScriptedEnd};

/// Something that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `agent · profile`, or the program.
    pub what: String,
    /// The agent, if a profile ran.
    pub agent: Option<AgentName>,
    /// Whether it synchronized.
    pub synchronizes: bool,
    /// When it began.
    pub started: Moment,
    /// When it ended; `None` while it runs.
    pub ended: Option<Moment>,
    /// How it ended; empty while it runs.
    pub end: String,
}

impl Entry {
    /// Whether both ran at one moment; touching ends do not count.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |one: &Self, two: &Self| one.ended.is_some_and(|ended| ended <= two.started);
        !before(self, other) && !before(other, self)
    }
}

/// The stand-in.
pub struct Scripted {
    clock: SystemClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    profiles: HashMap<(AgentName, ProfileName), VecDeque<ProfileScript>>,
    commands: HashMap<String, VecDeque<CommandScript>>,
    foreign: Vec<Foreign>,
    vanished: Vec<(Moment, Moment)>,
    numbers: HashMap<AgentName, u64>,
    log: Vec<Entry>,
    commands_seen: Vec<CommandCall>,
    busy_refusals: usize,
    second_synchronizations: usize,
}

/// A run of somebody else.
struct Foreign {
    agent: AgentName,
    profile: ProfileName,
    from: Moment,
    until: Moment,
}

impl Default for Scripted {
    fn default() -> Self {
        Self::new()
    }
}

impl Scripted {
    /// A world in which everything succeeds at once.
    pub fn new() -> Self {
        Self {
            clock: SystemClock::start(),
            state: Mutex::default(),
        }
    }

    /// Adds a script for the next call of this profile; the last one is used for ever after.
    pub fn profile(&self, agent: &AgentName, profile: &ProfileName, script: ProfileScript) {
        let key = (agent.clone(), profile.clone());
        let mut state = self.state.lock();
        state.profiles.entry(key).or_default().push_back(script);
    }

    /// Adds a script for the next run of this program; the last one is used for ever after.
    pub fn command(&self, program: &str, script: CommandScript) {
        let mut state = self.state.lock();
        let scripts = state.commands.entry(program.to_owned()).or_default();
        scripts.push_back(script);
    }

    /// Lets somebody else run a profile between two moments.
    pub fn foreign(&self, agent: &AgentName, profile: &ProfileName, from: Moment, until: Moment) {
        self.state.lock().foreign.push(Foreign {
            agent: agent.clone(),
            profile: profile.clone(),
            from,
            until,
        });
    }

    /// Lets the service be out of reach between two moments: nothing can be observed or started.
    pub fn vanish(&self, from: Moment, until: Moment) {
        self.state.lock().vanished.push((from, until));
    }

    /// Now, on the clock of the log.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// What ran and runs, in the order of starts.
    pub fn log(&self) -> Vec<Entry> {
        self.state.lock().log.clone()
    }

    /// The names of what ran and runs, in the order of starts.
    pub fn order(&self) -> Vec<String> {
        let state = self.state.lock();
        state.log.iter().map(|entry| entry.what.clone()).collect()
    }

    /// The command calls as they came, in order.
    pub fn commands_seen(&self) -> Vec<CommandCall> {
        self.state.lock().commands_seen.clone()
    }

    /// Pairs of profile runs that overlapped.
    pub fn overlaps(&self) -> Vec<(String, String)> {
        let state = self.state.lock();
        let runs: Vec<&Entry> = state.log.iter().filter(|e| e.agent.is_some()).collect();
        let mut pairs = Vec::new();
        for (index, one) in runs.iter().enumerate() {
            for other in runs.iter().skip(index + 1).filter(|e| e.overlaps(one)) {
                pairs.push((one.what.clone(), other.what.clone()));
            }
        }
        pairs
    }

    /// How many profiles ran at once at most.
    pub fn most_at_once(&self) -> usize {
        let state = self.state.lock();
        let runs = || state.log.iter().filter(|entry| entry.agent.is_some());
        runs()
            .map(|one| {
                let covers = |other: &&Entry| {
                    other.started <= one.started
                        && other.ended.is_none_or(|ended| ended > one.started)
                };
                runs().filter(covers).count()
            })
            .max()
            .unwrap_or(0)
    }

    /// How often a profile was started on a busy agent; the real service would have refused.
    pub fn busy_refusals(&self) -> usize {
        self.state.lock().busy_refusals
    }

    /// How often a synchronization was started beside another; the real service would have refused.
    pub fn second_synchronizations(&self) -> usize {
        self.state.lock().second_synchronizations
    }

    fn seen(&self, agent: &AgentName) -> Result<Observation, String> {
        let now = self.now();
        let state = self.state.lock();
        if state.is_vanished(now) {
            return Err("the server does not answer".to_owned());
        }
        Ok(state.foreign_at(agent, now).map_or(Observation::Idle, |f| {
            Observation::Busy(Some(f.profile.clone()))
        }))
    }

    /// What a call does, decided at its start, together with its place in the log if it runs.
    fn begin(&self, call: &ProfileCall) -> Result<(ProfileScript, usize), ProfileEnd> {
        let now = self.now();
        let mut state = self.state.lock();
        if state.is_vanished(now) {
            return Err(ProfileEnd::NotStarted {
                message: "the server does not answer".to_owned(),
                is_passing: true,
            });
        }
        let script = state.next_profile(call);
        if state.is_running(&call.agent) {
            state.busy_refusals += 1;
        }
        if state.is_running(&call.agent) || state.foreign_at(&call.agent, now).is_some() {
            return Err(refused("no-start-ma-already-running", Refusal::AgentBusy));
        }
        match &script.end {
            ScriptedEnd::Refused(word) => return Err(refusal_or_end(word)),
            ScriptedEnd::NotStarted(message, is_passing) => {
                return Err(ProfileEnd::NotStarted {
                    message: message.clone(),
                    is_passing: *is_passing,
                });
            }
            ScriptedEnd::Result(_) | ScriptedEnd::Unknown(_) => {}
        }
        let is_second = |entry: &Entry| entry.synchronizes && entry.ended.is_none();
        if script.synchronizes && state.log.iter().any(is_second) {
            state.second_synchronizations += 1;
            return Err(refused(
                "call-failure:0x8023063D",
                Refusal::SecondSynchronization,
            ));
        }
        *state.numbers.entry(call.agent.clone()).or_default() += 1;
        state.log.push(Entry {
            what: format!("{} · {}", call.agent, call.profile),
            agent: Some(call.agent.clone()),
            synchronizes: script.synchronizes,
            started: now,
            ended: None,
            end: String::new(),
        });
        let index = state.log.len() - 1;
        Ok((script, index))
    }

    fn finish(&self, index: usize, end: &str) {
        let now = self.now();
        if let Some(entry) = self.state.lock().log.get_mut(index) {
            entry.ended = Some(now);
            end.clone_into(&mut entry.end);
        }
    }

    fn number(&self, agent: &AgentName) -> Option<u64> {
        self.state.lock().numbers.get(agent).copied()
    }
}

impl State {
    fn is_vanished(&self, now: Moment) -> bool {
        let covers = |(from, until): &(Moment, Moment)| *from <= now && now < *until;
        self.vanished.iter().any(covers)
    }

    fn foreign_at(&self, agent: &AgentName, now: Moment) -> Option<&Foreign> {
        let mut foreign = self.foreign.iter();
        foreign.find(|f| f.agent == *agent && f.from <= now && now < f.until)
    }

    fn is_running(&self, agent: &AgentName) -> bool {
        let is_it = |e: &Entry| e.ended.is_none() && e.agent.as_ref() == Some(agent);
        self.log.iter().any(is_it)
    }

    fn next_profile(&mut self, call: &ProfileCall) -> ProfileScript {
        let key = (call.agent.clone(), call.profile.clone());
        next(self.profiles.get_mut(&key))
            .unwrap_or_else(|| ProfileScript::new(Duration::ZERO, "success"))
    }
}

/// The next script of a row; its last one stays.
fn next<T: Clone>(scripts: Option<&mut VecDeque<T>>) -> Option<T> {
    let scripts = scripts?;
    if scripts.len() > 1 {
        scripts.pop_front()
    } else {
        scripts.front().cloned()
    }
}

fn refused(word: &str, refusal: Refusal) -> ProfileEnd {
    ProfileEnd::Refused {
        refusal,
        result: RunResult::new(word),
    }
}

/// A word that is no refusal to wait for ends the call for good, as with the real service.
fn refusal_or_end(word: &str) -> ProfileEnd {
    let result = RunResult::new(word);
    match result.refusal() {
        Some(refusal) => ProfileEnd::Refused { refusal, result },
        None => ProfileEnd::Ended {
            result,
            run_number: None,
            statistics: ProfileStatistics::default(),
        },
    }
}

/// Waits until a scripted run has ended; whether a stop did it.
async fn play(script: &ProfileScript, stop: &mut StopSignal) -> bool {
    let run = tokio::time::sleep(script.duration);
    tokio::pin!(run);
    let stop_takes = tokio::select! {
        biased;
        () = &mut run => return false,
        _ = stop.fired() => script.stop_takes,
    };
    let Some(span) = stop_takes else {
        run.await;
        return false;
    };
    // The run may end by itself before the stop is through.
    tokio::time::timeout(span, run).await.is_err()
}

#[async_trait]
impl Backend for Scripted {
    async fn observe(&self, agent: &AgentName) -> Result<Observation, ObserveError> {
        self.seen(agent).map_err(|message| ObserveError {
            message,
            is_passing: true,
        })
    }

    async fn run_profile(
        &self,
        call: ProfileCall,
        reporter: Reporter,
        mut stop: StopSignal,
    ) -> ProfileEnd {
        let seen = match self.seen(&call.agent) {
            Ok(seen) => seen,
            Err(message) => {
                return ProfileEnd::NotStarted {
                    message,
                    is_passing: true,
                };
            }
        };
        let grant = reporter.may_start(seen).await;
        if grant == Grant::Withdraw || stop.cause().is_some() {
            return ProfileEnd::Withdrawn;
        }
        let (script, index) = match self.begin(&call) {
            Ok(begun) => begun,
            Err(end) => return end,
        };
        let was_stopped = play(&script, &mut stop).await;
        let word = match &script.end {
            _ if was_stopped => "stopped-user-termination-from-wmi-or-ui",
            ScriptedEnd::Unknown(message) => {
                self.finish(index, "unknown");
                return ProfileEnd::Unknown {
                    message: message.clone(),
                };
            }
            ScriptedEnd::Result(word) | ScriptedEnd::Refused(word) => word,
            ScriptedEnd::NotStarted(message, _) => message,
        };
        self.finish(index, word);
        ProfileEnd::Ended {
            result: RunResult::new(word),
            run_number: self.number(&call.agent),
            statistics: script.statistics,
        }
    }

    async fn run_command(&self, call: CommandCall, mut stop: StopSignal) -> CommandReport {
        let started = self.now();
        let (script, index) = {
            let mut state = self.state.lock();
            let script = next(state.commands.get_mut(&call.command.program))
                .unwrap_or_else(|| CommandScript::new(Duration::ZERO, 0));
            state.log.push(Entry {
                what: call.command.program.clone(),
                agent: None,
                synchronizes: false,
                started,
                ended: None,
                end: String::new(),
            });
            state.commands_seen.push(call.clone());
            (script, state.log.len() - 1)
        };
        let end = end_of(&script, &call, &mut stop).await;
        self.finish(index, &format!("{end:?}"));
        CommandReport {
            end,
            output: script.output,
            elapsed: self.now().since(started),
        }
    }
}

async fn end_of(script: &CommandScript, call: &CommandCall, stop: &mut StopSignal) -> CommandEnd {
    if let Some(message) = &script.not_started {
        return CommandEnd::NotStarted {
            message: message.clone(),
        };
    }
    if !call.command.wait {
        return CommandEnd::Detached;
    }
    let run = async {
        match script.duration {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = run => CommandEnd::Exited {
            code: script.code,
            allowed: call.command.allowed_exit_codes.allows(script.code),
        },
        cause = stop.fired() => match cause {
            StopCause::Person => CommandEnd::Stopped,
            StopCause::Timeout => CommandEnd::TimedOut,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn call(agent: &str, profile: &str) -> ProfileCall {
        ProfileCall {
            agent: AgentName::new(agent).unwrap(),
            profile: ProfileName::new(profile).unwrap(),
        }
    }

    fn yes() -> Reporter {
        Reporter::new(|_| async { Grant::Start }, |_| async {})
    }

    fn script(world: &Scripted, call: &ProfileCall, script: ProfileScript) {
        world.profile(&call.agent, &call.profile, script);
    }

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[tokio::test(start_paused = true)]
    async fn plays_scripts_in_order_and_keeps_a_log() {
        let world = Scripted::new();
        let import = call("HR", "Import");
        script(&world, &import, ProfileScript::new(secs(3), "success"));
        script(
            &world,
            &import,
            ProfileScript::ending(ScriptedEnd::Refused(
                "no-start-ma-update-in-progress".into(),
            )),
        );
        let (_switch, stop) = StopSignal::new();
        let first = world.run_profile(import.clone(), yes(), stop.clone()).await;
        assert!(
            matches!(first, ProfileEnd::Ended { ref result, run_number: Some(1), .. } if result.as_str() == "success")
        );
        for _ in 0..2 {
            let again = world.run_profile(import.clone(), yes(), stop.clone()).await;
            assert!(matches!(
                again,
                ProfileEnd::Refused {
                    refusal: Refusal::AgentUpdate,
                    ..
                }
            ));
        }
        let log = world.log();
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].ended.unwrap().since(log[0].started), secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn refuses_and_counts_what_the_service_refuses() {
        let world = Arc::new(Scripted::new());
        let one = call("HR", "Sync");
        let two = call("AD", "Sync");
        for sync in [&one, &two] {
            script(
                &world,
                sync,
                ProfileScript::new(secs(5), "success").synchronizing(),
            );
        }
        let (_switch, stop) = StopSignal::new();
        let (first, second, third) = tokio::join!(
            world.run_profile(one.clone(), yes(), stop.clone()),
            world.run_profile(two, yes(), stop.clone()),
            world.run_profile(one, yes(), stop.clone()),
        );
        assert!(matches!(first, ProfileEnd::Ended { .. }));
        assert!(matches!(
            second,
            ProfileEnd::Refused {
                refusal: Refusal::SecondSynchronization,
                ..
            }
        ));
        assert!(matches!(
            third,
            ProfileEnd::Refused {
                refusal: Refusal::AgentBusy,
                ..
            }
        ));
        assert_eq!(
            (world.second_synchronizations(), world.busy_refusals()),
            (1, 1)
        );
        assert_eq!(world.overlaps(), []);
    }

    #[tokio::test(start_paused = true)]
    async fn sees_overlaps_but_not_touching_ends() {
        let world = Scripted::new();
        for (agent, span) in [("HR", 5), ("AD", 2), ("SQL", 1)] {
            script(
                &world,
                &call(agent, "Import"),
                ProfileScript::new(secs(span), "success"),
            );
        }
        let (_switch, stop) = StopSignal::new();
        tokio::join!(
            world.run_profile(call("HR", "Import"), yes(), stop.clone()),
            async {
                world
                    .run_profile(call("AD", "Import"), yes(), stop.clone())
                    .await;
                world
                    .run_profile(call("SQL", "Import"), yes(), stop.clone())
                    .await;
            },
        );
        let pairs = world.overlaps();
        assert_eq!(pairs.len(), 2, "{pairs:?}");
        assert!(pairs.iter().all(|(one, _)| one == "HR · Import"));
        assert_eq!(world.most_at_once(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn foreign_runs_and_outages_are_seen() {
        let world = Scripted::new();
        let import = call("HR", "Import");
        let at = |span| Moment::after_zero(secs(span));
        world.foreign(&import.agent, &import.profile, at(0), at(10));
        world.vanish(at(20), at(30));
        let seen = world.observe(&import.agent).await;
        assert_eq!(seen, Ok(Observation::Busy(Some(import.profile.clone()))));
        tokio::time::sleep(secs(10)).await;
        assert_eq!(world.observe(&import.agent).await, Ok(Observation::Idle));
        tokio::time::sleep(secs(10)).await;
        assert!(world.observe(&import.agent).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn stops_end_profiles_and_commands() {
        let world = Scripted::new();
        let import = call("HR", "Import");
        let long = ProfileScript::new(secs(100), "success").stopping_in(Some(secs(4)));
        script(&world, &import, long);
        world.command("hang", CommandScript::hanging());
        let (switch, stop) = StopSignal::new();
        let command = CommandCall {
            command: crate::model::Command::new("hang"),
            base_folder: "/".into(),
            environment: Vec::new(),
        };
        let (profile, command, ()) = tokio::join!(
            world.run_profile(import, yes(), stop.clone()),
            world.run_command(command, stop.clone()),
            async {
                tokio::time::sleep(secs(1)).await;
                switch.send_replace(Some(StopCause::Person));
            },
        );
        assert!(
            matches!(profile, ProfileEnd::Ended { ref result, .. } if result.as_str().starts_with("stopped-user"))
        );
        assert_eq!(command.end, CommandEnd::Stopped);
        assert_eq!(command.elapsed, secs(1));
        assert_eq!(world.log()[0].ended, Some(Moment::after_zero(secs(5))));
    }
}
