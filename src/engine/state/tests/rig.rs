//! A manual clock and a scripted world around the state, and a trace that people can read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::time::Moment;
use crate::engine::backend::{
    CommandReport, Grant, Observation, ObserveError, ProfileEnd, StopCause,
};
use crate::engine::program::compile;
use crate::engine::state::{ActId, Call, Effect, Input, RunOptions, State};
use crate::mim::{AgentName, ProfileName, Refusal, RunResult, StepType};
use crate::model::{
    Command, OnFailure, OverlapRule, PostCommand, RunProfileStep, Sequence, Step, StepKind, Thread,
    When,
};
use crate::run::{
    At, CommandEnd, ProfileStatistics, RunControl, RunEvent, RunEventKind, RunId, RunSummary,
    StopMode,
};

/// `HR di 10` as a step: agent, type's initials, duration in seconds.
pub(super) fn profile(agent: &str, kind: StepType) -> Step {
    Step::new(StepKind::RunProfile(RunProfileStep {
        agent: AgentName::new(agent).unwrap(),
        profile: ProfileName::new(kind.as_str()).unwrap(),
        step_type: Some(kind),
    }))
}

pub(super) fn delay(secs: u64) -> Step {
    Step::new(StepKind::Delay {
        duration: Duration::from_secs(secs),
    })
}

/// A command whose program is `ok`, `fail` or `hang` and takes the seconds after the colon.
pub(super) fn command(script: &str) -> Step {
    Step::new(StepKind::Command(Command::new(script)))
}

pub(super) fn post(when: When, script: &str) -> PostCommand {
    PostCommand {
        when,
        command: Command::new(script),
    }
}

pub(super) trait StepExt {
    fn pre(self, script: &str) -> Self;
    fn post(self, when: When, script: &str) -> Self;
    fn on_failure(self, rule: OnFailure) -> Self;
    fn timeout(self, secs: u64) -> Self;
    fn disabled(self) -> Self;
}

impl StepExt for Step {
    fn pre(mut self, script: &str) -> Self {
        self.processing.pre.push(Command::new(script));
        self
    }

    fn post(mut self, when: When, script: &str) -> Self {
        self.processing.post.push(post(when, script));
        self
    }

    fn on_failure(mut self, rule: OnFailure) -> Self {
        self.on_failure = rule;
        self
    }

    fn timeout(mut self, secs: u64) -> Self {
        self.timeout = Some(Duration::from_secs(secs));
        self
    }

    fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }
}

pub(super) fn thread(name: &str, steps: Vec<Step>) -> Thread {
    Thread {
        steps,
        ..Thread::new(name)
    }
}

pub(super) fn sequence(threads: Vec<Thread>) -> Sequence {
    Sequence {
        threads,
        ..Sequence::default()
    }
}

/// How the scripted service answers one run of a profile.
#[derive(Debug, Clone)]
pub(super) enum Script {
    /// Runs so long and ends so.
    Runs(u64, &'static str),
    /// Somebody else runs a profile on the agent when it is asked.
    Foreign,
    /// Does not start it now.
    Refuses(Refusal, &'static str),
    /// Does not answer.
    Away,
    /// Refuses the login.
    NoLogin,
    /// The end cannot be found out.
    Lost(u64),
}

/// The state, a clock, and a world that answers as scripted.
pub(super) struct Rig {
    state: State,
    now: Moment,
    due: Vec<(Moment, u64, ActId, Input)>,
    order: u64,
    scripts: BTreeMap<String, Vec<Script>>,
    profiles: BTreeMap<ActId, (String, Script)>,
    commands: BTreeMap<ActId, String>,
    /// Everything that happened.
    pub(super) events: Vec<RunEvent>,
    /// How often the service was asked to execute.
    pub(super) executions: Vec<String>,
    /// How often a profile was to be run, whether or not it came to an execution.
    pub(super) calls: usize,
    finished: bool,
}

impl Rig {
    /// A rig in whose world every profile takes ten seconds and succeeds.
    pub(super) fn new(sequence: &Sequence) -> Self {
        Self::scripted(sequence, &[])
    }

    /// A rig whose agents answer as scripted, one script a call, and then as in [`Rig::new`].
    pub(super) fn scripted(sequence: &Sequence, scripts: &[(&str, &[Script])]) -> Self {
        let options = RunOptions {
            part: None,
            run: RunId::parse("test").unwrap(),
            file: None,
            server: "test".to_owned(),
            base_folder: PathBuf::from("."),
            zone: TimeZone::UTC,
        };
        let program = compile(sequence, &[]).unwrap();
        let mut rig = Self {
            state: State::new(program, options, Timestamp::UNIX_EPOCH),
            now: Moment::ZERO,
            due: Vec::new(),
            order: 0,
            scripts: scripts
                .iter()
                .map(|(key, script)| ((*key).to_owned(), script.to_vec()))
                .collect(),
            profiles: BTreeMap::new(),
            commands: BTreeMap::new(),
            events: Vec::new(),
            executions: Vec::new(),
            calls: 0,
            finished: false,
        };
        rig.put(Input::Begin);
        rig
    }

    pub(super) fn control(&mut self, control: RunControl) -> &mut Self {
        self.put(Input::Control(control));
        self
    }

    pub(super) fn stop(&mut self, mode: StopMode) -> &mut Self {
        self.control(RunControl::Stop { mode })
    }

    /// Lets the world go on until so many seconds after the begin.
    pub(super) fn until(&mut self, secs: u64) -> &mut Self {
        let end = Moment::after_zero(Duration::from_secs(secs));
        while let Some(next) = self.next_moment().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            let ready = self
                .due
                .iter()
                .enumerate()
                .filter(|(_, due)| due.0 <= self.now);
            let first = ready
                .min_by_key(|(_, due)| (due.0, due.1))
                .map(|(index, _)| index);
            match first {
                Some(index) => {
                    let (_, _, _, input) = self.due.remove(index);
                    self.put(input);
                }
                None => self.put(Input::Tick),
            }
        }
        self.now = self.now.max(end);
        self
    }

    /// Lets the world go on to the end of the run, at most a day.
    pub(super) fn finish(&mut self) -> &mut Self {
        self.until(86_400);
        assert!(self.finished, "the run has not ended:\n{}", self.trace());
        self
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    fn next_moment(&self) -> Option<Moment> {
        if self.finished {
            return None;
        }
        self.due
            .iter()
            .map(|due| due.0)
            .chain(self.state.deadline())
            .min()
    }

    fn put(&mut self, input: Input) {
        for effect in self.state.handle(self.now, input) {
            self.perform(effect);
        }
    }

    fn later(&mut self, secs: u64, act: ActId, input: Input) {
        self.order += 1;
        let at = self.now + Duration::from_secs(secs);
        self.due.push((at, self.order, act, input));
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Emit(event) => self.events.push(event),
            Effect::Perform(act, call) => self.begin(act, call),
            Effect::Answer(act, grant) => self.answered(act, grant),
            Effect::Stop(act, cause) => self.stopped(act, cause),
            Effect::Finish => self.finished = true,
        }
    }

    fn begin(&mut self, act: ActId, call: Call) {
        match call {
            Call::Observe(agent) => {
                let seen = match self.scripts.get(agent.as_str()).and_then(|s| s.first()) {
                    Some(Script::Foreign) => {
                        self.scripts.get_mut(agent.as_str()).unwrap().remove(0);
                        Ok(Observation::Busy(None))
                    }
                    Some(Script::NoLogin) => Err(ObserveError {
                        message: "the password is wrong".to_owned(),
                        is_passing: false,
                    }),
                    _ => Ok(Observation::Idle),
                };
                self.later(0, act, Input::Observed(act, seen));
            }
            Call::Profile(call) => {
                let agent = call.agent.as_str().to_owned();
                let scripts = self.scripts.entry(agent.clone()).or_default();
                let script = if scripts.is_empty() {
                    Script::Runs(10, "success")
                } else {
                    scripts.remove(0)
                };
                let seen = match script {
                    Script::Foreign => Observation::Busy(ProfileName::new("Theirs").ok()),
                    _ => Observation::Idle,
                };
                self.calls += 1;
                if let Some(end) = not_started(&script) {
                    return self.later(0, act, Input::ProfileEnded(act, end));
                }
                self.profiles
                    .insert(act, (format!("{agent} {}", call.profile), script));
                self.later(0, act, Input::Asked(act, seen));
            }
            Call::Command(call) => {
                let script = call.command.program;
                let (end, secs) = script.split_once(':').unwrap_or((&script, "0"));
                self.commands.insert(act, script.clone());
                let code = match end {
                    "hang" => return,
                    "fail" => 1,
                    _ => 0,
                };
                let end = CommandEnd::Exited {
                    code,
                    allowed: code == 0,
                };
                self.later(secs.parse().unwrap(), act, command_ended(act, end));
            }
        }
    }

    fn answered(&mut self, act: ActId, grant: Grant) {
        let (name, script) = self.profiles.get(&act).cloned().unwrap();
        if grant == Grant::Withdraw {
            return self.later(0, act, Input::ProfileEnded(act, ProfileEnd::Withdrawn));
        }
        self.executions.push(name);
        let (secs, end) = match script {
            Script::Runs(secs, result) => (secs, ended(result)),
            Script::Foreign | Script::Away | Script::NoLogin => {
                unreachable!("{script:?} must not be started")
            }
            Script::Refuses(refusal, result) => (
                0,
                ProfileEnd::Refused {
                    refusal,
                    result: RunResult::new(result),
                },
            ),
            Script::Lost(secs) => (
                secs,
                ProfileEnd::Unknown {
                    message: "the server has gone".to_owned(),
                },
            ),
        };
        self.later(secs, act, Input::ProfileEnded(act, end));
    }

    fn stopped(&mut self, act: ActId, cause: StopCause) {
        self.due.retain(|due| due.2 != act);
        if self.commands.contains_key(&act) {
            let end = match cause {
                StopCause::Person => CommandEnd::Stopped,
                StopCause::Timeout => CommandEnd::TimedOut,
            };
            self.later(0, act, command_ended(act, end));
        } else {
            // The service takes a second to stop a run.
            let end = ended("stopped-user-termination-from-wmi-or-ui");
            self.later(1, act, Input::ProfileEnded(act, end));
        }
    }

    /// The run as text: one line an event that matters, with the second at which it happened.
    pub(super) fn trace(&self) -> String {
        let mut text = String::new();
        for event in &self.events {
            if let Some(line) = line(&event.event) {
                writeln!(text, "{:>3} {line}", event.elapsed_ms / 1_000).unwrap();
            }
        }
        text
    }

    /// The sentences of all waits, skips and ends, for tests of what people read.
    pub(super) fn sentences(&self) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match &event.event {
                RunEventKind::Waiting { sentence, .. }
                | RunEventKind::StepSkipped { sentence, .. }
                | RunEventKind::StepFinished { sentence, .. } => Some(sentence.clone()),
                _ => None,
            })
            .filter(|sentence| !sentence.is_empty())
            .collect()
    }

    /// The fold of everything that happened.
    pub(super) fn summary(&self) -> RunSummary {
        let mut summary = RunSummary::default();
        for event in &self.events {
            summary.apply(event);
        }
        summary
    }
}

fn not_started(script: &Script) -> Option<ProfileEnd> {
    let (message, is_passing) = match script {
        Script::Away => ("nobody answers", true),
        Script::NoLogin => ("the password is wrong", false),
        Script::Runs(..) | Script::Foreign | Script::Refuses(..) | Script::Lost(_) => return None,
    };
    Some(ProfileEnd::NotStarted {
        message: message.to_owned(),
        is_passing,
    })
}

fn ended(result: &str) -> ProfileEnd {
    ProfileEnd::Ended {
        result: RunResult::new(result),
        run_number: Some(1),
        statistics: ProfileStatistics::default(),
    }
}

fn command_ended(act: ActId, end: CommandEnd) -> Input {
    Input::CommandEnded(
        act,
        CommandReport {
            end,
            output: String::new(),
            elapsed: Duration::ZERO,
        },
    )
}

fn place(at: &At) -> String {
    let thread = at.thread_name.clone().unwrap_or_else(|| "run".to_owned());
    match at.step {
        Some(step) => format!("{thread}/{}", step + 1),
        None => thread,
    }
}

fn line(event: &RunEventKind) -> Option<String> {
    Some(match event {
        RunEventKind::RunStarted { .. } => "run begins".to_owned(),
        RunEventKind::ThreadStarted { at } => format!("{} begins", place(at)),
        RunEventKind::RoundStarted { at, round } => format!("{} round {round}", place(at)),
        RunEventKind::Waiting { at, because, .. } => {
            let reason = format!("{because:?}");
            let word = reason
                .split([' ', '{'])
                .next()
                .unwrap_or_default()
                .to_owned();
            format!("{} waits: {word}", place(at))
        }
        RunEventKind::StepStarted { at } => format!("{} starts", place(at)),
        RunEventKind::CommandStarted { at, line, .. } => format!("{} command {line}", place(at)),
        RunEventKind::StepFinished { at, outcome, .. } => {
            format!("{} {}", place(at), outcome.word())
        }
        RunEventKind::StepSkipped { at, because, .. } => {
            let reason = format!("{because:?}");
            let word = reason
                .split([' ', '{'])
                .next()
                .unwrap_or_default()
                .to_owned();
            format!("{} skipped: {word}", place(at))
        }
        RunEventKind::ThreadFinished { at, outcome, .. } => {
            format!("{} ends: {}", place(at), outcome.word())
        }
        RunEventKind::Paused => "paused".to_owned(),
        RunEventKind::Resumed => "resumed".to_owned(),
        RunEventKind::StopRequested { mode } => format!("stop {mode:?}"),
        RunEventKind::RunFinished { outcome, .. } => format!("run ends: {}", outcome.word()),
        RunEventKind::ProfileRefused { at, .. } => format!("{} refused", place(at)),
        RunEventKind::CommandFinished { .. }
        | RunEventKind::ProfileStarted { .. }
        | RunEventKind::ProfileProgress { .. }
        | RunEventKind::ProfileFinished { .. }
        | RunEventKind::Notice { .. } => return None,
    })
}

/// Asserts a trace, line by line, leading blanks not counting.
#[track_caller]
pub(super) fn assert_trace(rig: &Rig, expected: &str) {
    let clean = |text: &str| {
        text.lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(clean(&rig.trace()), clean(expected));
}

pub(super) fn with_rule(mut sequence: Sequence, rule: OverlapRule) -> Sequence {
    sequence.run.overlap = rule;
    sequence
}
