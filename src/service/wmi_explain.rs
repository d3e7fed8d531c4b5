//! Sentences about failed calls of WMI: which server, what failed, what to do.
//!
//! Pure. Must not decide whether a call is tried again.

use super::{ServiceError, ServiceErrorKind};
use crate::wmi::{Meaning, WmiError};

/// Explains why a call failed; `what` completes "… failed", as `reading the agents`.
pub(super) fn explain(server: &str, user: &str, what: &str, error: WmiError) -> ServiceError {
    let (kind, sentence) = sentence(server, user, &error);
    ServiceError {
        context: format!("{what} failed: {sentence} ({error})"),
        kind,
        source: Some(Box::new(error)),
    }
}

/// What is wrong and, after a semicolon, what to do about it.
pub(super) fn sentence(server: &str, user: &str, error: &WmiError) -> (ServiceErrorKind, String) {
    match error.meaning {
        Meaning::ComDenied
        | Meaning::NamespaceDenied
        | Meaning::Logon
        | Meaning::PasswordExpired
        | Meaning::Locked
        | Meaning::Disabled
        | Meaning::LocalAccount => account(server, user, error.meaning),
        Meaning::NoNamespace => (
            ServiceErrorKind::NotFound,
            format!(
                "{server} has no namespace of the synchronization service; check that the service \
                 is installed there, and register its provider if it is \
                 (mofcomp mmswmi.mof in its Bin folder)"
            ),
        ),
        Meaning::NoClass | Meaning::NoObject => (
            ServiceErrorKind::NotFound,
            format!(
                "{server} does not find it; check the agent's name, and that the synchronization \
                 service and its WMI provider are installed there"
            ),
        ),
        Meaning::NoServer => (
            ServiceErrorKind::Unreachable,
            format!(
                "no connection to {server} comes about; check its name, that it runs, and that \
                 firewalls let DCOM through (port 135 and the group Windows Management \
                 Instrumentation)"
            ),
        ),
        Meaning::Broken => (
            ServiceErrorKind::Unreachable,
            format!("the connection to {server} broke; try again later"),
        ),
        Meaning::NotRunning => (
            ServiceErrorKind::Unreachable,
            format!("WMI does not run on {server}; start the service Winmgmt there"),
        ),
        Meaning::Provider => (
            ServiceErrorKind::Unreachable,
            format!(
                "the WMI provider of the synchronization service on {server} does not work; check \
                 that the synchronization service is started there"
            ),
        ),
        Meaning::Busy => (
            ServiceErrorKind::Busy,
            format!("{server} has too much to do for WMI now; try again later"),
        ),
        Meaning::TimedOut | Meaning::Abandoned => (
            ServiceErrorKind::Unreachable,
            format!("{server} gave no answer in time; try again later"),
        ),
        Meaning::NotHere => (
            ServiceErrorKind::Settings,
            "WMI is part of Windows only; use the transport `winrm` and name the server".to_owned(),
        ),
        Meaning::TooLarge => (
            ServiceErrorKind::Protocol,
            format!("{server} sends more than is taken; clear old runs from its history"),
        ),
        Meaning::Request | Meaning::Other => {
            (ServiceErrorKind::Fault, format!("{server} refuses it"))
        }
    }
}

/// Whom the server does not let in, and which of the three doors is closed.
fn account(server: &str, user: &str, meaning: Meaning) -> (ServiceErrorKind, String) {
    let not_again = "it is not tried again, so that the account is not locked";
    match meaning {
        Meaning::ComDenied => (
            ServiceErrorKind::Unauthorized,
            format!(
                "{server} does not let {user} use COM; make the account a member of Distributed COM \
                 Users there, and check its password ({not_again})"
            ),
        ),
        Meaning::NamespaceDenied => (
            ServiceErrorKind::Forbidden,
            format!(
                r"{server} does not let {user} into the WMI namespace; allow Execute Methods, Enable Account and Remote Enable on root\MicrosoftIdentityIntegrationServer (wmimgmt.msc)"
            ),
        ),
        Meaning::PasswordExpired => (
            ServiceErrorKind::Unauthorized,
            format!("the password of {user} has expired; change it"),
        ),
        Meaning::Locked => (
            ServiceErrorKind::Unauthorized,
            format!("the account {user} is locked; unlock it ({not_again})"),
        ),
        Meaning::Disabled => (
            ServiceErrorKind::Unauthorized,
            format!("the account {user} is disabled; enable it, or use another"),
        ),
        Meaning::LocalAccount => (
            ServiceErrorKind::Settings,
            "WMI on this machine serves the logged-on user alone; name no user".to_owned(),
        ),
        _ => (
            ServiceErrorKind::Unauthorized,
            format!(
                "{server} refuses the user name or the password of {user}; check both ({not_again})"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wmi::Stage;

    #[test]
    fn each_door_has_its_remedy() {
        for (code, kind, part) in [
            (
                0x8007_0005,
                ServiceErrorKind::Unauthorized,
                "Distributed COM Users",
            ),
            (0x8004_1003, ServiceErrorKind::Forbidden, "wmimgmt.msc"),
            (
                0x8004_100E,
                ServiceErrorKind::NotFound,
                "mofcomp mmswmi.mof",
            ),
            (0x8007_06BA, ServiceErrorKind::Unreachable, "port 135"),
            (
                0x8007_052E,
                ServiceErrorKind::Unauthorized,
                "not tried again",
            ),
            (0x8007_0775, ServiceErrorKind::Unauthorized, "unlock it"),
            (0x8007_0532, ServiceErrorKind::Unauthorized, "has expired"),
            (0x8004_1064, ServiceErrorKind::Settings, "name no user"),
            (0x8004_1002, ServiceErrorKind::NotFound, "the agent's name"),
            (0x8004_1033, ServiceErrorKind::Unreachable, "Winmgmt"),
            (0x8004_1013, ServiceErrorKind::Unreachable, "WMI provider"),
            (0x8004_106C, ServiceErrorKind::Busy, "try again later"),
            (0x8004_1017, ServiceErrorKind::Fault, "WBEM_E_INVALID_QUERY"),
            (0x8004_1FFF, ServiceErrorKind::Fault, "0x80041FFF"),
        ] {
            let error = WmiError::from_code(Stage::Connect, code);
            let error = explain(r"\\mim01", r"CORP\op", "the first contact", error);
            assert_eq!(error.kind, kind, "{error}");
            let text = error.to_string();
            assert!(text.contains(part), "{text}");
            assert!(text.contains(&format!("0x{code:08X}")), "{text}");
        }
    }
}
