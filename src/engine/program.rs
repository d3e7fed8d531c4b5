//! The compiled sequence: what a run needs, with every unknown resolved or named.
//!
//! Pure. Refuses what cannot run; must not judge what is merely unwise (that is `check`).

use std::time::Duration;

use crate::mim::{self, AgentInfo, AgentName, ProfileName, StepType};
use crate::model::{
    Command, OnFailure, OverlapRule, Place, Processing, RunProfileStep, Sequence, Step, StepKind,
    Thread,
};
use crate::run::{StepOutline, StepOutlineKind, ThreadOutline};

/// A sequence that can run.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) name: String,
    pub(super) overlap: OverlapRule,
    pub(super) max_parallel: usize,
    pub(super) processing: Processing,
    pub(super) threads: Vec<ProgramThread>,
}

/// A thread that can run.
#[derive(Debug, Clone)]
pub(super) struct ProgramThread {
    pub(super) name: String,
    pub(super) enabled: bool,
    pub(super) start_delay: Duration,
    pub(super) repeat: u32,
    pub(super) processing: Processing,
    pub(super) steps: Vec<ProgramStep>,
}

/// A step that can run.
#[derive(Debug, Clone)]
pub(super) struct ProgramStep {
    pub(super) label: String,
    pub(super) enabled: bool,
    pub(super) timeout: Option<Duration>,
    pub(super) on_failure: OnFailure,
    pub(super) processing: Processing,
    pub(super) action: Action,
}

/// What a step does.
#[derive(Debug, Clone)]
pub(super) enum Action {
    /// Runs a run profile.
    Profile(Footprint),
    /// Waits.
    Delay(Duration),
    /// Starts a program.
    Command(Command),
}

/// A run profile and what it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Footprint {
    pub(super) agent: AgentName,
    pub(super) profile: ProfileName,
    /// What its steps do; empty when nobody knows.
    pub(super) step_types: Vec<StepType>,
    /// Whether the agent is the MIM Service's.
    pub(super) is_mim_service: bool,
}

impl Footprint {
    /// Whether it synchronizes; a profile of unknown type counts as a synchronization.
    pub(super) fn synchronizes(&self) -> bool {
        self.step_types.is_empty() || self.step_types.iter().any(|kind| kind.synchronizes())
    }

    /// Whether it may bring data from the connected system.
    pub(super) fn may_import(&self) -> bool {
        self.step_types.is_empty() || self.step_types.iter().any(|kind| kind.imports())
    }

    /// Whether it is known to bring data from the connected system.
    pub(super) fn surely_imports(&self) -> bool {
        self.step_types.iter().any(|kind| kind.imports())
    }

    /// Whether it is known to do nothing but synchronize.
    pub(super) fn only_synchronizes(&self) -> bool {
        !self.step_types.is_empty()
            && self
                .step_types
                .iter()
                .all(|kind| kind.synchronizes() && !kind.imports())
    }

    /// Whether it is a delta import of the MIM Service agent, which another agent's synchronization
    /// must not overlap.
    pub(super) fn is_mim_delta_import(&self) -> bool {
        self.is_mim_service
            && (self.step_types.is_empty()
                || self.step_types.iter().any(|kind| kind.imports_delta()))
    }
}

/// Why a sequence cannot run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct CompileError {
    /// Where.
    pub place: Place,
    /// What is wrong, one sentence.
    pub problem: String,
}

/// Makes a sequence ready to run. The type of a run profile comes from the file, else from what the
/// server told (`known`); without either it counts as a synchronization.
///
/// # Errors
/// [`CompileError`] when there is nothing to run or a command names no program.
pub fn compile(sequence: &Sequence, known: &[AgentInfo]) -> Result<Program, CompileError> {
    if !sequence.threads.iter().any(|thread| thread.enabled) {
        return Err(CompileError {
            place: Place::Sequence,
            problem: "the sequence has no enabled thread, so there is nothing to run".to_owned(),
        });
    }
    checked_processing(&sequence.processing, Place::Sequence)?;
    let mut threads = Vec::with_capacity(sequence.threads.len());
    for (index, thread) in sequence.threads.iter().enumerate() {
        threads.push(compile_thread(thread, index, known)?);
    }
    Ok(Program {
        name: sequence.name.clone(),
        overlap: sequence.run.overlap,
        max_parallel: sequence.run.max_parallel.map_or(usize::MAX, |limit| {
            usize::try_from(limit.get()).unwrap_or(usize::MAX)
        }),
        processing: sequence.processing.clone(),
        threads,
    })
}

fn compile_thread(
    thread: &Thread,
    index: usize,
    known: &[AgentInfo],
) -> Result<ProgramThread, CompileError> {
    checked_processing(&thread.processing, Place::Thread(index))?;
    let mut steps = Vec::with_capacity(thread.steps.len());
    for (number, step) in thread.steps.iter().enumerate() {
        steps.push(compile_step(
            step,
            Place::Step {
                thread: index,
                step: number,
            },
            known,
        )?);
    }
    Ok(ProgramThread {
        name: thread.name.clone(),
        enabled: thread.enabled,
        start_delay: thread.start_delay,
        repeat: thread.repeat.get(),
        processing: thread.processing.clone(),
        steps,
    })
}

fn compile_step(
    step: &Step,
    place: Place,
    known: &[AgentInfo],
) -> Result<ProgramStep, CompileError> {
    checked_processing(&step.processing, place)?;
    let action = match &step.kind {
        StepKind::RunProfile(profile) => Action::Profile(footprint(profile, known)),
        StepKind::Delay { duration } => Action::Delay(*duration),
        StepKind::Command(command) => Action::Command(checked_command(command, place)?.clone()),
    };
    Ok(ProgramStep {
        label: step.label(),
        enabled: step.enabled,
        timeout: step.timeout,
        on_failure: step.on_failure,
        processing: step.processing.clone(),
        action,
    })
}

fn footprint(step: &RunProfileStep, known: &[AgentInfo]) -> Footprint {
    let agent = known.iter().find(|agent| agent.name == step.agent);
    let told = || {
        agent
            .and_then(|agent| {
                agent
                    .profiles
                    .iter()
                    .find(|profile| profile.name == step.profile)
            })
            .map(|profile| profile.step_types.clone())
            .unwrap_or_default()
    };
    // Both count: a file that calls a synchronization an import must not switch a guard off.
    let mut step_types = told();
    if let Some(declared) = step.step_type
        && !step_types.contains(&declared)
    {
        step_types.push(declared);
    }
    Footprint {
        agent: step.agent.clone(),
        profile: step.profile.clone(),
        step_types,
        is_mim_service: agent.is_some_and(|agent| mim::is_mim_service(&agent.agent_type)),
    }
}

fn checked_processing(processing: &Processing, place: Place) -> Result<(), CompileError> {
    let post = processing.post.iter().map(|post| &post.command);
    for command in processing.pre.iter().chain(post) {
        checked_command(command, place)?;
    }
    Ok(())
}

fn checked_command(command: &Command, place: Place) -> Result<&Command, CompileError> {
    if command.program.trim().is_empty() {
        return Err(CompileError {
            place,
            problem: "a command names no program; give the program or remove the command"
                .to_owned(),
        });
    }
    Ok(command)
}

impl Program {
    pub(super) fn thread_outlines(&self) -> Vec<ThreadOutline> {
        self.threads
            .iter()
            .map(|thread| ThreadOutline {
                name: thread.name.clone(),
                enabled: thread.enabled,
                repeat: thread.repeat,
                steps: thread.steps.iter().map(step_outline).collect(),
            })
            .collect()
    }
}

fn step_outline(step: &ProgramStep) -> StepOutline {
    let does = match &step.action {
        Action::Profile(footprint) => StepOutlineKind::RunProfile {
            agent: footprint.agent.as_str().to_owned(),
            profile: footprint.profile.as_str().to_owned(),
            step_types: footprint
                .step_types
                .iter()
                .map(|t| t.as_str().to_owned())
                .collect(),
        },
        Action::Delay(duration) => StepOutlineKind::Delay {
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        },
        Action::Command(command) => StepOutlineKind::Command {
            line: command.display_line(),
        },
    };
    StepOutline {
        name: step.label.clone(),
        enabled: step.enabled,
        does,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mim::{AgentState, ProfileInfo};

    fn known(step_types: &[StepType]) -> Vec<AgentInfo> {
        vec![AgentInfo {
            name: AgentName::new("hr").unwrap(),
            guid: String::new(),
            agent_type: "FIM".to_owned(),
            state: AgentState::Idle { last_result: None },
            profiles: vec![ProfileInfo {
                name: ProfileName::new("go").unwrap(),
                step_types: step_types.to_vec(),
            }],
        }]
    }

    fn of(declared: Option<StepType>, known: &[AgentInfo]) -> Footprint {
        footprint(
            &RunProfileStep {
                agent: AgentName::new("HR").unwrap(),
                profile: ProfileName::new("Go").unwrap(),
                step_type: declared,
            },
            known,
        )
    }

    #[test]
    fn the_type_comes_from_the_file_and_from_the_server() {
        assert!(
            of(None, &[]).synchronizes(),
            "an unknown type counts as a synchronization"
        );
        assert!(!of(Some(StepType::Export), &[]).synchronizes());
        assert!(!of(None, &known(&[StepType::DeltaImport])).synchronizes());
        assert!(of(None, &known(&[StepType::DeltaImport])).is_mim_delta_import());
        let contradiction = of(Some(StepType::Export), &known(&[StepType::DeltaSync]));
        assert!(
            contradiction.synchronizes(),
            "the server's word is not overruled"
        );
        assert!(!contradiction.only_synchronizes());
    }

    #[test]
    fn what_cannot_run_is_refused() {
        let mut sequence = Sequence::default();
        assert_eq!(compile(&sequence, &[]).unwrap_err().place, Place::Sequence);
        let mut thread = Thread::new("a");
        thread
            .steps
            .push(Step::new(StepKind::Command(Command::new(" "))));
        sequence.threads.push(thread);
        let error = compile(&sequence, &[]).unwrap_err();
        assert_eq!(error.place, Place::Step { thread: 0, step: 0 });
        assert!(error.to_string().contains("names no program"));
    }
}
