//! Asking for a path of the sequence: where its dialog begins, and whether its place is still there.

use std::sync::Arc;

use crate::model::{Place, Sequence};

use super::super::{Dialog, Effect, PathPurpose, State};

/// Asks for a path, beginning in the folder of the open file, from which relative paths count.
pub(super) fn ask(state: &mut State, purpose: PathPurpose) -> Vec<Effect> {
    let folder = state.document.file.as_ref().and_then(|file| file.parent());
    let folder = folder.map(std::path::Path::to_path_buf);
    let now = Arc::clone(&state.document.sequence);
    let browsing = &mut state.pending.browsing;
    // While a dialog is open, a second question is not asked.
    if !browsing.iter().any(|(asked, _)| *asked == purpose) {
        browsing.push((purpose.clone(), now));
    }
    vec![Effect::ChoosePath {
        folder,
        purpose,
        name: None,
    }]
}

/// Whether what the path was asked for is still in its place: the system's dialog does not keep
/// anybody from undo, and the file may have been read again meanwhile.
pub(super) fn is_still_meant(state: &mut State, purpose: &PathPurpose) -> bool {
    let asked = std::mem::take(&mut state.pending.browsing);
    let Some((_, then)) = asked.into_iter().find(|(asked, _)| asked == purpose) else {
        return false;
    };
    match purpose {
        PathPurpose::Open
        | PathPurpose::Export { .. }
        | PathPurpose::SaveAs { .. }
        | PathPurpose::LogFile
        | PathPurpose::CaFile => true,
        PathPurpose::ConnectCaFile => matches!(state.dialog, Some(Dialog::Connect(_))),
        PathPurpose::Program(of)
        | PathPurpose::Directory(of)
        | PathPurpose::CopyFrom(of)
        | PathPurpose::CopyTo(of) => is_same(&then, &state.document.sequence, of.place),
    }
}

fn is_same(then: &Sequence, now: &Sequence, place: Place) -> bool {
    match place {
        Place::Step { .. } => now.step(place).is_some() && then.step(place) == now.step(place),
        Place::Sequence | Place::Thread(_) => {
            now.processing(place).is_some() && then.processing(place) == now.processing(place)
        }
    }
}
