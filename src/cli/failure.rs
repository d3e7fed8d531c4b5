//! Why a call of `masequencer` did not do its work: one line and an exit code.
//!
//! The one place where errors of the other modules get their exit codes.

use std::error::Error;

use crate::base::error_chain;
use crate::base::text::printable;
use crate::control::ControlError;
use crate::launch::{
    ConnectError, DocumentError, ExportError, HostError, InventoryError, LockError,
};
use crate::service::ServiceError;
use crate::simulator::SimulatorError;

use super::ExitCode;
use super::old_style::OldStyleError;
use super::password::PasswordError;

/// The end of a call that did not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the parent process sees.
    pub code: ExitCode,
    /// What people read, one line.
    pub message: String,
}

impl Failure {
    /// A failure with a sentence of its own.
    pub fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    fn of(code: ExitCode, error: &(dyn Error + 'static)) -> Self {
        Self::new(code, printable(&error_chain::one_line(error)))
    }

    /// A service's sentence says what is wrong and what to do; its causes are for the log.
    fn without_causes(error: &dyn Error) -> Self {
        Self::new(ExitCode::CouldNotStart, printable(&error.to_string()))
    }
}

impl From<OldStyleError> for Failure {
    fn from(error: OldStyleError) -> Self {
        let is_about_file = matches!(
            error,
            OldStyleError::FileNotFound { .. } | OldStyleError::Ambiguous { .. }
        );
        let code = if is_about_file {
            ExitCode::BadFile
        } else {
            ExitCode::Usage
        };
        Self::of(code, &error)
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        let code = match error {
            PasswordError::NoUser(_) => ExitCode::Usage,
            _ => ExitCode::CouldNotStart,
        };
        Self::of(code, &error)
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        Self::of(ExitCode::BadFile, &error)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::of(ExitCode::BadFile, &error)
    }
}

impl From<InventoryError> for Failure {
    fn from(error: InventoryError) -> Self {
        Self::of(ExitCode::CouldNotStart, &error)
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self::without_causes(&error)
    }
}

impl From<SimulatorError> for Failure {
    fn from(error: SimulatorError) -> Self {
        Self::of(ExitCode::CouldNotStart, &error)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Service(error) => Self::without_causes(&error),
            ConnectError::Simulator(_) => Self::of(ExitCode::CouldNotStart, &error),
            ConnectError::ScenarioFile { .. } | ConnectError::Scenario { .. } => {
                Self::of(ExitCode::BadFile, &error)
            }
        }
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        let code = match error {
            HostError::Service(error) => return Self::without_causes(&error),
            HostError::Log(_) => ExitCode::Log,
            HostError::Lock(LockError::Busy { .. }) => ExitCode::Busy,
            HostError::Lock(_) | HostError::Unwatchable(_) => ExitCode::CouldNotStart,
            HostError::Check(_) | HostError::Compile { .. } => ExitCode::BadFile,
        };
        Self::of(code, &error)
    }
}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        let is_gone = matches!(
            error,
            ControlError::Connect { .. } | ControlError::Closed { .. }
        );
        let code = if is_gone {
            ExitCode::NoSuchRun
        } else {
            ExitCode::Failed
        };
        Self::of(code, &error)
    }
}
