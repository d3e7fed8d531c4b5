//! Paths that were chosen with a dialog of the system, or typed in where none can open.

use std::path::{Path, PathBuf};

use crate::model::{Place, Processing, Step, StepKind};
use crate::run::Slot;

use super::super::super::words::dialogs as words;
use super::super::super::{
    ConnectMsg, Dialog, Edit, Effect, Field, PathPurpose, ProgramOf, SequenceHead, State,
    ThreadHead, ToastKind, recipe,
};
use super::super::toasts::toast;
use super::super::{browse, canvas, connecting, files, inventory};

/// The text with which typing begins.
pub(super) fn begin(state: &State, purpose: &PathPurpose, folder: Option<PathBuf>) -> String {
    let name = match purpose {
        PathPurpose::SaveAs { .. } => {
            let name = state.document.file_name();
            name.unwrap_or_else(|| {
                super::super::super::words::files::file_name(&state.document.sequence.name)
            })
        }
        PathPurpose::Open
        | PathPurpose::Export { .. }
        | PathPurpose::LogFile
        | PathPurpose::CaFile
        | PathPurpose::ConnectCaFile
        | PathPurpose::Program(_)
        | PathPurpose::Directory(_)
        | PathPurpose::CopyFrom(_)
        | PathPurpose::CopyTo(_) => String::new(),
    };
    match folder {
        Some(folder) => folder.join(name).display().to_string(),
        None => name,
    }
}

/// A path was typed in.
pub(super) fn typed(state: &mut State, purpose: PathPurpose, text: &str) -> Vec<Effect> {
    let text = text.trim();
    // A path that was copied from a file manager often has quotes around it.
    let text = text.trim_matches('"');
    let folder = state.document.file.as_deref().and_then(Path::parent);
    let folder = folder.map(Path::to_path_buf);
    let problem = if text.is_empty() {
        Some(words::PATH_EMPTY)
    } else if text.contains('\0') {
        Some(words::PATH_BAD)
    } else if needs_absolute(&purpose) && !Path::new(text).is_absolute() && folder.is_none() {
        Some(words::PATH_RELATIVE)
    } else if text.ends_with(['/', '\\']) && needs_file(&purpose) {
        Some(words::PATH_FOLDER)
    } else {
        None
    };
    if let Some(problem) = problem {
        state.dialog = Some(Dialog::Path {
            purpose,
            text: text.to_owned(),
            problem: Some(problem.to_owned()),
        });
        return Vec::new();
    }
    state.dialog = None;
    let mut path = PathBuf::from(text);
    if let Some(folder) = folder.filter(|_| needs_absolute(&purpose) && path.is_relative()) {
        let title = words::counted_from(&folder.display().to_string());
        toast(state, ToastKind::Info, title, "", None);
        path = folder.join(path);
    }
    chosen(state, purpose, path, true)
}

/// A program has no current folder that a person could know; only the folder of the open file is
/// known to both.
const fn needs_absolute(purpose: &PathPurpose) -> bool {
    matches!(
        purpose,
        PathPurpose::Open | PathPurpose::SaveAs { .. } | PathPurpose::Export { .. }
    )
}

const fn needs_file(purpose: &PathPurpose) -> bool {
    !matches!(
        purpose,
        PathPurpose::Directory(_) | PathPurpose::Export { .. }
    )
}

/// Takes a path to where it was asked for.
pub(in super::super) fn chosen(
    state: &mut State,
    purpose: PathPurpose,
    path: PathBuf,
    is_typed: bool,
) -> Vec<Effect> {
    let is_meant = match purpose {
        PathPurpose::Open | PathPurpose::Export { .. } => true,
        PathPurpose::SaveAs { .. } => {
            let asked = state.pending.naming.take();
            asked.is_none_or(|document| document == state.document.opened)
        }
        _ => browse::is_still_meant(state, &purpose),
    };
    if !is_meant {
        let kind = ToastKind::Warning;
        toast(
            state,
            kind,
            words::PATH_NOT_USED,
            words::PATH_NOT_USED_HELP,
            None,
        );
        return Vec::new();
    }
    match purpose {
        PathPurpose::Open => files::open(state, path),
        PathPurpose::Export { .. } => inventory::read_export(state, path),
        PathPurpose::SaveAs { then } => files::path_chosen(state, &path, then, is_typed),
        PathPurpose::LogFile => {
            let name = in_document(state, &path);
            let mut head = SequenceHead::of(&state.document.sequence);
            head.log.file = Some(name);
            sequence_edit(state, head, Field::LogFile)
        }
        PathPurpose::CaFile => {
            let name = in_document(state, &path);
            let mut head = SequenceHead::of(&state.document.sequence);
            head.server.ca_file = Some(name);
            sequence_edit(state, head, Field::CaFile)
        }
        PathPurpose::ConnectCaFile => {
            let file = path.display().to_string();
            connecting::told(state, ConnectMsg::CaFile(file))
        }
        PathPurpose::Program(of) => {
            let name = in_document(state, &path);
            change_command(state, of, Field::Program, |command| command.program = name)
        }
        PathPurpose::Directory(of) => {
            let name = in_document(state, &path);
            change_command(state, of, Field::Directory, |command| {
                command.directory = Some(name);
            })
        }
        PathPurpose::CopyFrom(of) => {
            let name = in_document(state, &path);
            change_command(state, of, Field::Arguments, |command| {
                let to = recipe::copied(command).map(|(_, to)| to.to_owned());
                if let Some(to) = to {
                    command.arguments = recipe::copy_file(&name, &to).arguments;
                }
            })
        }
        PathPurpose::CopyTo(of) => {
            let name = in_document(state, &path);
            change_command(state, of, Field::Arguments, |command| {
                let from = recipe::copied(command).map(|(from, _)| from.to_owned());
                if let Some(from) = from {
                    command.arguments = recipe::copy_file(&from, &name).arguments;
                }
            })
        }
    }
}

/// A path as the document names it: what lies in the file's own folder, without that folder, so that
/// both can be moved together.
fn in_document(state: &State, path: &Path) -> String {
    let folder = files::own_folder(state);
    let inner = folder.and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_path_buf));
    let inner = inner.filter(|inner| !inner.as_os_str().is_empty());
    inner.as_deref().unwrap_or(path).display().to_string()
}

fn sequence_edit(state: &mut State, head: SequenceHead, field: Field) -> Vec<Effect> {
    canvas::edit(
        state,
        Edit::Sequence {
            head: Box::new(head),
            field,
        },
    )
}

/// Changes one command of a place, if it is still there.
fn change_command(
    state: &mut State,
    of: ProgramOf,
    main_field: Field,
    change: impl FnOnce(&mut crate::model::Command),
) -> Vec<Effect> {
    let field = match of.slot {
        Slot::Main => main_field,
        Slot::PreProcessing(index) => Field::PreProcessing(index),
        Slot::PostProcessing(index) => Field::PostProcessing(index),
    };
    let edit = match of.place {
        Place::Sequence => {
            let mut head = SequenceHead::of(&state.document.sequence);
            let Some(command) = of_processing(&mut head.processing, of.slot) else {
                return Vec::new();
            };
            change(command);
            return sequence_edit(state, head, field);
        }
        Place::Thread(thread) => {
            let Some(known) = state.document.sequence.thread(thread) else {
                return Vec::new();
            };
            let mut head = ThreadHead::of(known);
            let Some(command) = of_processing(&mut head.processing, of.slot) else {
                return Vec::new();
            };
            change(command);
            Edit::Thread {
                thread,
                head: Box::new(head),
                field,
            }
        }
        Place::Step { .. } => {
            let Some(mut step) = state.document.sequence.step(of.place).cloned() else {
                return Vec::new();
            };
            let Some(command) = of_step(&mut step, of.slot) else {
                return Vec::new();
            };
            change(command);
            Edit::Step {
                place: of.place,
                step: Box::new(step),
                field,
            }
        }
    };
    canvas::edit(state, edit)
}

fn of_step(step: &mut Step, slot: Slot) -> Option<&mut crate::model::Command> {
    match (slot, &mut step.kind) {
        (Slot::Main, StepKind::Command(command)) => Some(command),
        (Slot::Main, StepKind::RunProfile(_) | StepKind::Delay { .. }) => None,
        _ => of_processing(&mut step.processing, slot),
    }
}

fn of_processing(processing: &mut Processing, slot: Slot) -> Option<&mut crate::model::Command> {
    match slot {
        Slot::Main => None,
        Slot::PreProcessing(index) => processing.pre.get_mut(index),
        Slot::PostProcessing(index) => Some(&mut processing.post.get_mut(index)?.command),
    }
}
