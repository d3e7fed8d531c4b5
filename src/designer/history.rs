//! Undo and redo: labelled snapshots of the sequence.

/// What can be undone and redone.
#[derive(Debug, Clone, Default)]
pub struct History {}

impl History {
    /// What undo would take back, such as `Move 3 steps`.
    pub fn undo_label(&self) -> Option<&str> {
        None
    }

    /// What redo would do again.
    pub fn redo_label(&self) -> Option<&str> {
        None
    }
}
