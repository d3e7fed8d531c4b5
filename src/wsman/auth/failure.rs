//! From an error of the crate `sspi` to why an account could not be proved.
//!
//! The crate tells many causes apart only by their text (0.23.1), so this is the one place that
//! reads it.

use sspi::{Error, ErrorKind};

use super::Refusal;
use super::kdc::{NO_SERVICE_KEY, NO_USABLE_KEY};
use crate::base::text;

/// What an error means for a sign-on to this service.
pub(super) fn refusal(error: &Error, service: &str) -> Refusal {
    let words = error.description.as_str();
    let has = |part: &str| words.contains(part);
    match error.error_type {
        ErrorKind::TimeSkew => Refusal::ClockSkew,
        ErrorKind::NoAuthenticatingAuthority if has("wrong Realm") => Refusal::UnknownRealm,
        ErrorKind::NoAuthenticatingAuthority if has("No KDC server found") => Refusal::NoKdc(
            "none is known for the domain of the user (krb5.conf, or SSPI_KDC_URL)".to_owned(),
        ),
        ErrorKind::NoAuthenticatingAuthority => Refusal::NoKdc(clause(words)),
        _ if words == NO_USABLE_KEY => Refusal::NoKey,
        _ if words == NO_SERVICE_KEY => Refusal::ServiceKey(service.to_owned()),
        _ if has("should not process AS_REQ without") => Refusal::NoProof,
        _ if has("have been revoked") => Refusal::Locked,
        _ if has("client's entry in database has expired") => Refusal::AccountExpired,
        _ if has("password has expired") => Refusal::Expired,
        _ if has("pre-authentication information was invalid") => Refusal::Credentials,
        ErrorKind::UnknownCredentials if has("server not found") || has("LOOKING_UP_SERVER") => {
            Refusal::ServiceName(service.to_owned())
        }
        ErrorKind::UnknownCredentials => Refusal::UnknownUser,
        ErrorKind::LogonDenied => Refusal::Credentials,
        _ => Refusal::Token(clause(words)),
    }
}

/// The first words of an error, for people.
fn clause(words: &str) -> String {
    let words = words
        .split(". Additional error data")
        .next()
        .unwrap_or_default();
    text::elide_middle(&text::printable(words), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_apart() {
        use ErrorKind::{
            InvalidParameter, InvalidToken, KdcInvalidRequest, NoAuthenticatingAuthority,
            OperationNotSupported, TimeSkew, UnknownCredentials,
        };
        let no_kdc = |why: &str| Refusal::NoKdc(why.to_owned());
        for (kind, words, expected) in [
            (TimeSkew, "clock skew too great", Refusal::ClockSkew),
            (
                NoAuthenticatingAuthority,
                "wrong Realm",
                Refusal::UnknownRealm,
            ),
            (
                NoAuthenticatingAuthority,
                "dc1:88 does not answer",
                no_kdc("dc1:88 does not answer"),
            ),
            (
                KdcInvalidRequest,
                "pre-authentication information was invalid. Additional error text: PREAUTH_FAILED",
                Refusal::Credentials,
            ),
            (
                UnknownCredentials,
                "client not found in Kerberos database",
                Refusal::UnknownUser,
            ),
            (
                UnknownCredentials,
                "server not found in Kerberos database. Additional error text: LOOKING_UP_SERVER",
                Refusal::ServiceName("HTTP/mim01".to_owned()),
            ),
            (
                UnknownCredentials,
                "clients credentials have been revoked",
                Refusal::Locked,
            ),
            (
                InvalidParameter,
                "password has expired; change password to reset",
                Refusal::Expired,
            ),
            (
                InvalidParameter,
                "client's entry in database has expired",
                Refusal::AccountExpired,
            ),
            (OperationNotSupported, NO_USABLE_KEY, Refusal::NoKey),
            (
                OperationNotSupported,
                NO_SERVICE_KEY,
                Refusal::ServiceKey("HTTP/mim01".to_owned()),
            ),
            (
                InvalidToken,
                "KDC server should not process AS_REQ without the pa-pac data",
                Refusal::NoProof,
            ),
            (
                InvalidToken,
                "ASN1 DER error. Additional error data: [1, 2]",
                Refusal::Token("ASN1 DER error".to_owned()),
            ),
        ] {
            let error = Error::new(kind, words);
            assert_eq!(refusal(&error, "HTTP/mim01"), expected, "{words}");
        }
        let missing = Error::new(NoAuthenticatingAuthority, "No KDC server found");
        assert!(refusal(&missing, "").lets_fall_back());
    }
}
