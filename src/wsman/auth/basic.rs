//! Name and password in one header (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::AuthError;
use crate::base::secret::Secret;

/// Whether the header can carry the name.
///
/// # Errors
/// [`AuthError::ColonInUser`].
pub(super) fn check(user: &str) -> Result<(), AuthError> {
    if user.contains(':') {
        return Err(AuthError::ColonInUser);
    }
    Ok(())
}

/// The value of the header `Authorization`.
pub(in crate::wsman) fn header(user: &str, password: &Secret) -> Secret {
    let plain = Secret::new(format!("{user}:{}", password.reveal()));
    let encoded = Secret::new(STANDARD.encode(plain.reveal()));
    Secret::new(format!("Basic {}", encoded.reveal()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_as_the_rfc_says_and_shows_itself_to_nobody() {
        let value = header("CORP\\svc", &Secret::new("pässword".to_owned()));
        assert_eq!(value.reveal(), "Basic Q09SUFxzdmM6cMOkc3N3b3Jk");
        assert!(!format!("{value:?}").contains("Q09S"));
    }
}
