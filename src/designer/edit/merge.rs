//! Which edits are one typing and so one step of undo.

use crate::model::{Place, Processing, Sequence};

use super::{Edit, Field, StepChange};

/// Edits with the same key that follow each other are one step of undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeKey {
    places: Vec<Place>,
    field: Field,
}

impl Field {
    /// Whether it is typed letter by letter; a choice or a switch is an undo step each time.
    const fn is_typed(self) -> bool {
        match self {
            Self::Name
            | Self::Host
            | Self::Port
            | Self::User
            | Self::CaFile
            | Self::Pin
            | Self::LogFile
            | Self::MaxParallel
            | Self::StartDelay
            | Self::Repeat
            | Self::Agent
            | Self::Profile
            | Self::Duration
            | Self::Timeout
            | Self::Program
            | Self::Arguments
            | Self::Directory
            | Self::Environment
            | Self::CommandTimeout
            | Self::ExitCodes
            | Self::PreProcessing(_)
            | Self::PostProcessing(_) => true,
            Self::Enabled
            | Self::Transport
            | Self::Authentication
            | Self::Tls
            | Self::AllowUnencrypted
            | Self::ResourceUris
            | Self::LogLevel
            | Self::Overlap
            | Self::StepType
            | Self::OnFailure
            | Self::Wait => false,
        }
    }
}

impl Edit {
    /// What joins this edit of a sequence with others; `None` stands alone.
    pub fn merge_key(&self, sequence: &Sequence) -> Option<MergeKey> {
        let (places, field, processing) = match self {
            Self::Sequence { head, field } => {
                (vec![Place::Sequence], *field, Some(&head.processing))
            }
            Self::Thread {
                thread,
                head,
                field,
            } => (vec![Place::Thread(*thread)], *field, Some(&head.processing)),
            Self::Step { place, step, field } => (vec![*place], *field, Some(&step.processing)),
            Self::Steps {
                places,
                change: StepChange::Timeout(_),
            } => (places.clone(), Field::Timeout, None),
            Self::Steps { .. }
            | Self::EnableThreads { .. }
            | Self::AddThreads { .. }
            | Self::AddSteps { .. }
            | Self::MoveSteps { .. }
            | Self::MoveThread { .. }
            | Self::Remove { .. }
            | Self::Replace { .. } => return None,
        };
        // Adding or removing a command is no typing, though it changes the same field.
        let count = |processing: &Processing| (processing.pre.len(), processing.post.len());
        let place = places.first().copied()?;
        if let (Some(new), Some(old)) = (processing, sequence.processing(place))
            && count(new) != count(old)
        {
            return None;
        }
        field.is_typed().then_some(MergeKey { places, field })
    }
}
