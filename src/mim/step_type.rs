//! What a step of a run profile does.

use std::fmt;

/// The type of a run-profile step.
///
/// The service encodes it as `step-type/@type` with a subtype (lithnet miis-client, `RunStep.cs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepType {
    /// Reads everything from the connected system into the connector space.
    FullImport,
    /// Reads what changed since the last import into the connector space.
    DeltaImport,
    /// Applies all rules to every object of the connector space.
    FullSync,
    /// Applies the rules to the objects whose import is pending.
    DeltaSync,
    /// Writes the pending exports to the connected system.
    Export,
    /// Full import, then delta synchronization, in one step (deprecated).
    FullImportDeltaSync,
    /// Delta import, then delta synchronization, in one step (deprecated).
    DeltaImportDeltaSync,
    /// Full import, then full synchronization, in one step (deprecated).
    FullImportFullSync,
}

impl StepType {
    /// All types: imports, synchronizations, export, then the deprecated combined ones.
    pub const ALL: [Self; 8] = [
        Self::FullImport,
        Self::DeltaImport,
        Self::FullSync,
        Self::DeltaSync,
        Self::Export,
        Self::FullImportDeltaSync,
        Self::DeltaImportDeltaSync,
        Self::FullImportFullSync,
    ];

    /// The word in files and on command lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FullImport => "full-import",
            Self::DeltaImport => "delta-import",
            Self::FullSync => "full-sync",
            Self::DeltaSync => "delta-sync",
            Self::Export => "export",
            Self::FullImportDeltaSync => "full-import-delta-sync",
            Self::DeltaImportDeltaSync => "delta-import-delta-sync",
            Self::FullImportFullSync => "full-import-full-sync",
        }
    }

    /// The type that [`StepType::as_str`] writes so, if there is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The type's name as the service's own window shows it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FullImport => "Full import",
            Self::DeltaImport => "Delta import",
            Self::FullSync => "Full synchronization",
            Self::DeltaSync => "Delta synchronization",
            Self::Export => "Export",
            Self::FullImportDeltaSync => "Full import and delta synchronization",
            Self::DeltaImportDeltaSync => "Delta import and delta synchronization",
            Self::FullImportFullSync => "Full import and full synchronization",
        }
    }

    /// Whether it applies rules to the metaverse; at most one such step may run on a server.
    pub const fn synchronizes(self) -> bool {
        match self {
            Self::FullImport | Self::DeltaImport | Self::Export => false,
            Self::FullSync
            | Self::DeltaSync
            | Self::FullImportDeltaSync
            | Self::DeltaImportDeltaSync
            | Self::FullImportFullSync => true,
        }
    }

    /// Whether it reads from the connected system.
    pub const fn imports(self) -> bool {
        !matches!(self, Self::FullSync | Self::DeltaSync | Self::Export)
    }

    /// Whether it reads only changes from the connected system.
    pub const fn imports_delta(self) -> bool {
        matches!(self, Self::DeltaImport | Self::DeltaImportDeltaSync)
    }

    /// Whether it writes to the connected system.
    pub const fn exports(self) -> bool {
        matches!(self, Self::Export)
    }

    /// Whether it imports and synchronizes in one step, which is deprecated.
    pub const fn is_combined(self) -> bool {
        self.imports() && self.synchronizes()
    }
}

impl fmt::Display for StepType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_word() {
        for kind in StepType::ALL {
            assert_eq!(StepType::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(StepType::from_word("Full-Import"), None);
    }

    #[test]
    fn combined_types_synchronize() {
        let combined: Vec<_> = StepType::ALL
            .into_iter()
            .filter(|t| t.is_combined())
            .collect();
        assert_eq!(combined.len(), 3);
        assert!(combined.iter().all(|t| t.synchronizes() && t.imports()));
    }
}
