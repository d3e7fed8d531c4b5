//! Quick fixes: the edit that mends a problem, where there is one that nobody has to think about.

#[cfg(test)]
mod tests;

use crate::base::spelling::nearest;
use crate::check::{Code, Problem};
use crate::mim::{AgentInfo, AgentName, ProfileName, StepType};
use crate::model::{
    Authentication, Command, OverlapRule, Place, RunProfileStep, Sequence, Step, StepKind, Thread,
};
use crate::run::Slot;

use super::edit::{SequenceHead, ThreadHead, free_name};
use super::profiles::{step_for, type_of_name};
use super::recipe::copied;
use super::words::fix as words;
use super::{DropPoint, Edit, Field, PathPurpose, ProgramOf, State, known};

/// A fix that is offered beside a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as `Add delta import after 3.4`.
    pub label: String,
    /// What mends it.
    pub cure: Cure,
}

/// What mends a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cure {
    /// A change.
    Edit(Edit),
    /// A path that only a person knows: it is asked for.
    Ask(PathPurpose),
}

/// A change with its label.
struct Mend {
    label: String,
    edit: Edit,
}

/// The fix of a problem of the current document, if it has one.
pub fn fix(state: &State, problem: &Problem) -> Option<Fix> {
    if problem.code == Code::NoPath {
        return path(&state.document.sequence, problem.place);
    }
    mend(state, problem).map(|Mend { label, edit }| Fix {
        label,
        cure: Cure::Edit(edit),
    })
}

/// Asks for the first path that a copy of this place lacks.
fn path(sequence: &Sequence, place: Place) -> Option<Fix> {
    let (slot, is_target) = commands(sequence, place).find_map(|(slot, command)| {
        let (from, to) = copied(command)?;
        let is_target = !from.trim().is_empty();
        (!is_target || to.trim().is_empty()).then_some((slot, is_target))
    })?;
    let of = ProgramOf { place, slot };
    let (label, purpose) = if is_target {
        (words::CHOOSE_TARGET, PathPurpose::CopyTo(of))
    } else {
        (words::CHOOSE_SOURCE, PathPurpose::CopyFrom(of))
    };
    Some(Fix {
        label: label.to_owned(),
        cure: Cure::Ask(purpose),
    })
}

/// The commands of a place, each with its slot.
fn commands(sequence: &Sequence, place: Place) -> impl Iterator<Item = (Slot, &Command)> {
    let main = sequence.step(place).and_then(|step| match &step.kind {
        StepKind::Command(command) => Some((Slot::Main, command)),
        StepKind::RunProfile(_) | StepKind::Delay { .. } => None,
    });
    let processing = sequence.processing(place);
    let pre = processing.into_iter().flat_map(|it| it.pre.iter());
    let post = processing.into_iter().flat_map(|it| it.post.iter());
    let pre = pre
        .enumerate()
        .map(|(index, command)| (Slot::PreProcessing(index), command));
    let post = post
        .enumerate()
        .map(|(index, post)| (Slot::PostProcessing(index), &post.command));
    main.into_iter().chain(pre).chain(post)
}

/// The change that mends a problem, if there is one.
fn mend(state: &State, problem: &Problem) -> Option<Mend> {
    let sequence = &*state.document.sequence;
    let place = problem.place;
    match problem.code {
        Code::NoThread => Some(Mend {
            label: words::ADD_THREAD.to_owned(),
            edit: Edit::AddThreads {
                at: 0,
                threads: vec![Thread::new(String::new())],
            },
        }),
        Code::EmptyThread => empty_thread(sequence, place),
        Code::DuplicateThread | Code::UnnamedThread => rename(sequence, place),
        Code::UnwritableCharacter => Some(Mend {
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
        Code::BasicUnencrypted => {
            let mut head = SequenceHead::of(sequence);
            head.server.authentication = Authentication::Auto;
            let label = words::AUTHENTICATION_AUTO.to_owned();
            Some(with_head(head, Field::Authentication, label))
        }
        Code::PinWithoutTls => {
            let mut head = SequenceHead::of(sequence);
            // An address that says http would then contradict it.
            let is_url = head.server.host.as_deref()?.contains("://");
            head.server.tls = true;
            let mend = with_head(head, Field::Tls, words::USE_TLS.to_owned());
            (!is_url).then_some(mend)
        }
        // What is right here only a person knows.
        Code::NothingEnabled
        | Code::SynchronizationsWait
        | Code::CombinedProfile
        | Code::NoProgram
        | Code::NoResultHere
        | Code::NoPath
        | Code::LogIsFolder
        | Code::UnencryptedPassword
        | Code::AddressContradiction
        | Code::KerberosToAddress => None,
    }
}

fn with_head(head: SequenceHead, field: Field, label: String) -> Mend {
    Mend {
        label,
        edit: Edit::Sequence {
            head: Box::new(head),
            field,
        },
    }
}

/// A thread without steps goes; one whose steps are all switched off is switched off, for it may be
/// wanted later.
fn empty_thread(sequence: &Sequence, place: Place) -> Option<Mend> {
    let Place::Thread(thread) = place else {
        return None;
    };
    if sequence.thread(thread)?.steps.is_empty() {
        return remove(place);
    }
    Some(Mend {
        label: words::disable_thread(thread),
        edit: Edit::EnableThreads {
            threads: vec![thread],
            enabled: false,
        },
    })
}

fn remove(place: Place) -> Option<Mend> {
    Some(Mend {
        label: words::remove(place)?,
        edit: Edit::Remove {
            places: vec![place],
        },
    })
}

fn rename(sequence: &Sequence, place: Place) -> Option<Mend> {
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
    Some(Mend {
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
) -> Option<Mend> {
    let mut step = sequence.step(place)?.clone();
    match &mut step.kind {
        StepKind::RunProfile(run) => change(run),
        StepKind::Delay { .. } | StepKind::Command(_) => return None,
    }
    Some(Mend {
        label,
        edit: Edit::Step {
            place,
            step: Box::new(step),
            field,
        },
    })
}

fn unknown_agent(state: &State, place: Place) -> Option<Mend> {
    let sequence = &state.document.sequence;
    let run = sequence.step(place)?.run_profile()?;
    let knowledge = state.joined();
    if let Some(name) = knowledge.and_then(|knowledge| knowledge.new_name(&run.agent)) {
        return Some(renamed(sequence, &run.agent, name));
    }
    let names = state.agents()?.iter().map(|agent| agent.name.as_str());
    let meant = AgentName::new(nearest(run.agent.as_str(), names)?).ok()?;
    let label = words::change_to(meant.as_str());
    with_run(sequence, place, Field::Agent, label, |run| {
        run.agent = meant;
    })
}

fn unknown_profile(state: &State, place: Place) -> Option<Mend> {
    let sequence = &state.document.sequence;
    let run = sequence.step(place)?.run_profile()?;
    let agent = known::agent(state, &run.agent)?;
    let names = agent.profiles.iter().map(|profile| profile.name.as_str());
    let meant = match nearest(run.profile.as_str(), names) {
        Some(name) => ProfileName::new(name).ok()?,
        None => doing(agent, run.step_type?)?.clone(),
    };
    let label = words::change_to(meant.as_str());
    with_run(sequence, place, Field::Profile, label, |run| {
        run.profile = meant;
    })
}

/// An agent that was renamed, as its identifier tells, has its new name in all of its steps.
fn renamed(sequence: &Sequence, from: &AgentName, to: &AgentName) -> Mend {
    let mut sequence = sequence.clone();
    let mut count = 0;
    for step in sequence.threads.iter_mut().flat_map(|it| &mut it.steps) {
        if let StepKind::RunProfile(run) = &mut step.kind
            && run.agent == *from
        {
            run.agent = to.clone();
            count += 1;
        }
    }
    let label = words::rename_agent(to.as_str(), count);
    Mend {
        edit: Edit::Replace {
            sequence: Box::new(sequence),
            label: label.clone(),
        },
        label,
    }
}

/// The only run profile of an agent that does this: what a renamed one is probably called now.
fn doing(agent: &AgentInfo, step_type: StepType) -> Option<&ProfileName> {
    let mut like = agent
        .profiles
        .iter()
        .filter(|profile| profile.step_types == [step_type]);
    let first = like.next()?;
    like.next().is_none().then_some(&first.name)
}

fn with_type(sequence: &Sequence, place: Place, step_type: Option<StepType>) -> Option<Mend> {
    let label = words::set_type(step_type);
    with_run(sequence, place, Field::StepType, label, |run| {
        run.step_type = step_type;
    })
}

fn add_import(state: &State, place: Place, is_after: bool) -> Option<Mend> {
    let sequence = &*state.document.sequence;
    let Place::Step { thread, step } = place else {
        return None;
    };
    let run = sequence.step(place)?.run_profile()?;
    let wanted = [StepType::DeltaImport, StepType::FullImport];
    let info = known::agent(state, &run.agent);
    let new = step_for(&run.agent, info, sequence, &wanted)?;
    let step_type = new.run_profile()?.step_type?;
    Some(Mend {
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

fn log_file(sequence: &Sequence) -> Option<Mend> {
    let file = sequence.log.file.as_deref()?;
    let stem = file.get(..file.len().checked_sub(".xml".len())?)?;
    let name = format!("{stem}.log");
    let mut head = SequenceHead::of(sequence);
    let label = words::change_to(&name);
    head.log.file = Some(name);
    Some(with_head(head, Field::LogFile, label))
}
