//! What the status codes of Windows' security packages mean for a sign-on.
//!
//! Pure. Must not decide whether another way is tried.

use crate::wsman::auth::Refusal;
use crate::wsman::auth::context::Mechanism;

/// Why the logged-on user could not be proved to this service; `code` is an `HRESULT` (winerror.h).
pub(super) fn refusal(code: u32, mechanism: Mechanism, service: &str) -> Refusal {
    let absent = |why: &str| {
        if mechanism.is_kerberos() {
            Refusal::NoKdc(format!("{why} (0x{code:08X})"))
        } else {
            Refusal::Token(format!("{why} (0x{code:08X})"))
        }
    };
    match code {
        // SEC_E_TARGET_UNKNOWN
        0x8009_0303 => Refusal::ServiceName(service.to_owned()),
        // SEC_E_SECPKG_NOT_FOUND, SEC_E_UNSUPPORTED_FUNCTION
        0x8009_0302 | 0x8009_0305 => {
            absent(&format!("this system has no {}", mechanism.scheme().name()))
        }
        // SEC_E_LOGON_DENIED
        0x8009_030C => Refusal::Credentials,
        // SEC_E_UNKNOWN_CREDENTIALS
        0x8009_030D => Refusal::UnknownUser,
        // SEC_E_NO_CREDENTIALS
        0x8009_030E if mechanism.is_kerberos() => Refusal::NoTicket,
        0x8009_030E => Refusal::Token(format!(
            "the logged-on user has nothing to prove himself with (0x{code:08X})"
        )),
        // SEC_E_NO_AUTHENTICATING_AUTHORITY
        0x8009_0311 => absent("no domain controller can be reached"),
        // SEC_E_WRONG_PRINCIPAL
        0x8009_0322 => Refusal::Ticket,
        // SEC_E_TIME_SKEW
        0x8009_0324 => Refusal::ClockSkew,
        // SEC_E_KDC_UNKNOWN_ETYPE
        0x8009_0342 => absent("the domain controller and the server share no encryption"),
        // ERROR_PASSWORD_EXPIRED, ERROR_PASSWORD_MUST_CHANGE
        0x8007_0532 | 0x8007_0773 => Refusal::Expired,
        // ERROR_ACCOUNT_DISABLED, ERROR_ACCOUNT_LOCKED_OUT
        0x8007_0533 | 0x8007_0775 => Refusal::Locked,
        // A downgrade that was noticed (SEC_E_DOWNGRADE_DETECTED) is among the others on purpose:
        // it must never lead to a weaker way.
        _ => Refusal::Token(words(code)),
    }
}

/// A code for people, where nothing better is known.
pub(super) fn words(code: u32) -> String {
    match code {
        0x8009_030F => "its signature does not match".to_owned(),
        0x8009_0310 => "it is out of order".to_owned(),
        0x8009_0317 => "the sign-on has expired".to_owned(),
        _ => format!("the security package of Windows answers 0x{code:08X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kerberos_lacks_lets_fall_back_and_nothing_else_does() {
        for (code, falls_back) in [
            (0x8009_0303, true),
            (0x8009_0305, true),
            (0x8009_030C, false),
            (0x8009_030D, true),
            (0x8009_030E, true),
            (0x8009_0311, true),
            (0x8009_0322, true),
            (0x8009_0324, true),
            (0x8009_0342, true),
            (0x8009_0350, false),
            (0x8007_0532, false),
            (0x8007_0775, false),
            (0x8009_0304, false),
        ] {
            let refusal = refusal(code, Mechanism::SpnegoKerberos, "HTTP/mim01");
            assert_eq!(refusal.lets_fall_back(), falls_back, "{code:08X} {refusal}");
        }
    }

    #[test]
    fn ntlm_never_speaks_of_kerberos() {
        for code in [0x8009_0302, 0x8009_0305, 0x8009_030E, 0x8009_0311] {
            let refusal = refusal(code, Mechanism::Ntlm, "HTTP/mim01");
            assert!(!refusal.to_string().contains("Kerberos"), "{refusal}");
            assert!(refusal.to_string().contains(&format!("0x{code:08X}")));
        }
    }
}
