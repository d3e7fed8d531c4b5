//! Asking for a path of the sequence: where its dialog begins.

use super::super::{Effect, PathPurpose, State};

/// Asks for a path, beginning in the folder of the open file, from which relative paths count.
pub(super) fn ask(state: &State, purpose: PathPurpose) -> Vec<Effect> {
    let folder = state.document.file.as_ref().and_then(|file| file.parent());
    vec![Effect::ChoosePath {
        folder: folder.map(std::path::Path::to_path_buf),
        purpose,
        name: None,
    }]
}
