//! Windows Management Instrumentation: queries and method calls, on this machine or over DCOM.
//!
//! COM itself is one file, on Windows only; threads, deadlines and errors are the same everywhere
//! and are tested everywhere. Must not know the classes of any provider.

#[cfg(windows)]
mod com;
mod error;
mod pool;
#[cfg(test)]
mod pool_tests;
mod session;

use crate::base::secret::Secret;

pub use error::{Meaning, Stage, WmiError};
pub use pool::{Caller, Limits};
pub use session::{MethodCall, Opener, Permit, Row, Session, Value, object_path};

/// Where a namespace lies, and who asks.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Another machine, by name or address; `None` is this one.
    pub host: Option<String>,
    /// The namespace, as `root\cimv2`.
    pub namespace: String,
    /// The account; `None` is the logged-on user. Only another machine can be given one.
    pub account: Option<Account>,
}

/// An account other than the logged-on one.
#[derive(Debug, Clone)]
pub struct Account {
    /// `DOMAIN\user`, `user@domain` or a bare name.
    pub user: String,
    /// Its password.
    pub password: Secret,
}

/// The WMI of this system.
///
/// # Errors
/// [`Meaning::NotHere`] where there is none.
#[cfg(windows)]
pub fn system(place: Place) -> Result<Box<dyn Opener>, WmiError> {
    Ok(Box::new(com::ComOpener::new(place)))
}

/// The WMI of this system.
///
/// # Errors
/// [`Meaning::NotHere`] where there is none.
#[cfg(not(windows))]
pub fn system(_place: Place) -> Result<Box<dyn Opener>, WmiError> {
    Err(WmiError::of(Stage::Connect, Meaning::NotHere))
}
