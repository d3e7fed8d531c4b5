//! The logged-on user of Unix, by the tickets of its Kerberos.

use super::SystemContext;
use crate::wsman::auth::Refusal;
use crate::wsman::auth::context::Mechanism;

/// Begins a context for the logged-on user.
pub(super) fn begin(
    _mechanism: Mechanism,
    _host: &str,
    _certificate: Option<&[u8]>,
) -> Result<Box<dyn SystemContext>, Refusal> {
    Err(Refusal::NoSingleSignOn)
}
