//! Quick fixes: the edit that mends a problem, where there is one that nobody has to think about.

#[cfg(test)]
mod tests;

use crate::base::spelling::nearest;
use crate::check::{Code, Problem};
use crate::mim::{AgentName, ProfileName, StepType};
use crate::model::{OverlapRule, Place, RunProfileStep, Sequence, Step, StepKind, Thread};

use super::edit::{SequenceHead, ThreadHead, free_name};
use super::profiles::{step_for, type_of_name};
use super::words::fix as words;
use super::{DropPoint, Edit, Field, State, known};

/// A fix that is offered beside a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as `Add delta import after 3.4`.
    pub label: String,
    /// The change.
    pub edit: Edit,
}

/// The fix of a problem of the current document, if it has one.
pub fn fix(state: &State, problem: &Problem) -> Option<Fix> {
    let sequence = &*state.document.sequence;
    let place = problem.place;
    match problem.code {
        Code::NoThread => Some(Fix {
            label: words::ADD_THREAD.to_owned(),
            edit: Edit::AddThreads {
                at: 0,
                threads: vec![Thread::new(String::new())],
            },
        }),
        Code::EmptyThread => empty_thread(sequence, place),
        Code::DuplicateThread | Code::UnnamedThread => rename(sequence, place),
        Code::UnwritableCharacter => Some(Fix {
            label: words::REMOVE_CHARACTER.to_owned(),
            edit: Edit::Replace {
                sequence: Box::new(sequence.clone()),
                label: words::REMOVE_CHARACTER.to_owned(),
            },
        }),
        Code::UnknownAgent => unknown_agent(state, place),
        Code::UnknownProfile => unknown_profile(state, place),
        Code::UnknownStepType => {
            let run = sequence.step(place)?.run_profile()?;
            let guessed = type_of_name(run.profile.as_str())?;
            with_type(sequence, place, Some(guessed))
        }
        Code::StepTypeDiffers => {
            let run = sequence.step(place)?.run_profile()?;
            let agent = known::agent(state, &run.agent)?;
            with_type(sequence, place, known::only_type(agent, &run.profile))
        }
        Code::SynchronizationsOverlap | Code::MimImportBesideSync => {
            let mut head = SequenceHead::of(sequence);
            head.run.overlap = OverlapRule::ExclusiveSync;
            Some(with_head(head, Field::Overlap, words::EXCLUSIVE.to_owned()))
        }
        Code::UnconfirmedExport => add_import(state, place, true),
        Code::SyncBeforeImport => add_import(state, place, false),
        Code::ZeroDelay => remove(place),
        Code::LogIsSequence => log_file(sequence),
        Code::UserWithoutServer => {
            let mut head = SequenceHead::of(sequence);
            head.server.user = None;
            Some(with_head(head, Field::User, words::REMOVE_USER.to_owned()))
        }
        // What is right here only a person knows.
        Code::NothingEnabled
        | Code::SynchronizationsWait
        | Code::CombinedProfile
        | Code::NoProgram
        | Code::NoResultHere
        | Code::LogIsFolder
        | Code::UnencryptedPassword
        | Code::AddressContradiction => None,
    }
}

fn with_head(head: SequenceHead, field: Field, label: String) -> Fix {
    Fix {
        label,
        edit: Edit::Sequence {
            head: Box::new(head),
            field,
        },
    }
}

/// A thread without steps goes; one whose steps are all switched off is switched off, for it may be
/// wanted later.
fn empty_thread(sequence: &Sequence, place: Place) -> Option<Fix> {
    let Place::Thread(thread) = place else {
        return None;
    };
    if sequence.thread(thread)?.steps.is_empty() {
        return remove(place);
    }
    Some(Fix {
        label: words::disable_thread(thread),
        edit: Edit::EnableThreads {
            threads: vec![thread],
            enabled: false,
        },
    })
}

fn remove(place: Place) -> Option<Fix> {
    Some(Fix {
        label: words::remove(place)?,
        edit: Edit::Remove {
            places: vec![place],
        },
    })
}

fn rename(sequence: &Sequence, place: Place) -> Option<Fix> {
    let Place::Thread(thread) = place else {
        return None;
    };
    let content = sequence.thread(thread)?;
    let mut wanted = content.name.trim();
    if wanted.is_empty() {
        let run = content.steps.iter().find_map(Step::run_profile);
        wanted = run.map(|run| run.agent.as_str()).unwrap_or_default();
    }
    let name = free_name(sequence, wanted);
    Some(Fix {
        label: words::rename(&name),
        edit: Edit::Thread {
            thread,
            head: Box::new(ThreadHead {
                name,
                ..ThreadHead::of(content)
            }),
            field: Field::Name,
        },
    })
}

fn with_run(
    sequence: &Sequence,
    place: Place,
    field: Field,
    label: String,
    change: impl FnOnce(&mut RunProfileStep),
) -> Option<Fix> {
    let mut step = sequence.step(place)?.clone();
    match &mut step.kind {
        StepKind::RunProfile(run) => change(run),
        StepKind::Delay { .. } | StepKind::Command(_) => return None,
    }
    Some(Fix {
        label,
        edit: Edit::Step {
            place,
            step: Box::new(step),
            field,
        },
    })
}

fn unknown_agent(state: &State, place: Place) -> Option<Fix> {
    let sequence = &state.document.sequence;
    let run = sequence.step(place)?.run_profile()?;
    let agents = &state.connection.agents()?.list;
    let names = agents.iter().map(|agent| agent.name.as_str());
    let meant = AgentName::new(nearest(run.agent.as_str(), names)?).ok()?;
    let label = words::change_to(meant.as_str());
    with_run(sequence, place, Field::Agent, label, |run| {
        run.agent = meant;
    })
}

fn unknown_profile(state: &State, place: Place) -> Option<Fix> {
    let sequence = &state.document.sequence;
    let run = sequence.step(place)?.run_profile()?;
    let agent = known::agent(state, &run.agent)?;
    let names = agent.profiles.iter().map(|profile| profile.name.as_str());
    let meant = ProfileName::new(nearest(run.profile.as_str(), names)?).ok()?;
    let label = words::change_to(meant.as_str());
    with_run(sequence, place, Field::Profile, label, |run| {
        run.profile = meant;
    })
}

fn with_type(sequence: &Sequence, place: Place, step_type: Option<StepType>) -> Option<Fix> {
    let label = words::set_type(step_type);
    with_run(sequence, place, Field::StepType, label, |run| {
        run.step_type = step_type;
    })
}

fn add_import(state: &State, place: Place, is_after: bool) -> Option<Fix> {
    let sequence = &*state.document.sequence;
    let Place::Step { thread, step } = place else {
        return None;
    };
    let run = sequence.step(place)?.run_profile()?;
    let wanted = [StepType::DeltaImport, StepType::FullImport];
    let info = known::agent(state, &run.agent);
    let new = step_for(&run.agent, info, sequence, &wanted)?;
    let step_type = new.run_profile()?.step_type?;
    Some(Fix {
        label: words::add_import(step_type, is_after, thread, step),
        edit: Edit::AddSteps {
            at: DropPoint::In {
                thread,
                step: step + usize::from(is_after),
            },
            steps: vec![new],
        },
    })
}

fn log_file(sequence: &Sequence) -> Option<Fix> {
    let file = sequence.log.file.as_deref()?;
    let stem = file.get(..file.len().checked_sub(".xml".len())?)?;
    let name = format!("{stem}.log");
    let mut head = SequenceHead::of(sequence);
    let label = words::change_to(&name);
    head.log.file = Some(name);
    Some(with_head(head, Field::LogFile, label))
}
