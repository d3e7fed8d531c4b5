//! What the codes of COM and WMI mean, and whether anything was done.
//!
//! Pure. Must not say what to do about it: that depends on who is asked.

use std::fmt;

/// When a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before the call was made: nothing was done.
    Connect,
    /// During the call: only [`Meaning::refuses_before_work`] says that nothing was done.
    Call,
}

/// What a code means, as far as anybody acts differently on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This system has no WMI.
    NotHere,
    /// The namespace is not there: the provider is not installed.
    NoNamespace,
    /// The class is not there.
    NoClass,
    /// The object is not there.
    NoObject,
    /// The namespace's rights do not let the account in.
    NamespaceDenied,
    /// COM on the machine does not let the account in.
    ComDenied,
    /// User name or password are wrong.
    Logon,
    /// The password has expired or must be changed.
    PasswordExpired,
    /// The account is locked.
    Locked,
    /// The account is disabled.
    Disabled,
    /// Nobody answers there.
    NoServer,
    /// The way to the server broke.
    Broken,
    /// The service of WMI does not start or is shutting down.
    NotRunning,
    /// The provider could not be loaded or failed.
    Provider,
    /// A quota is used up, or the server is too busy.
    Busy,
    /// An account was given for this machine.
    LocalAccount,
    /// The query or the call is not understood.
    Request,
    /// No answer in time.
    TimedOut,
    /// The caller gave up before the call began.
    Abandoned,
    /// More was sent than is taken.
    TooLarge,
    /// Anything else.
    Other,
}

/// A code, its name, and what it means.
struct Known {
    code: u32,
    name: &'static str,
    meaning: Meaning,
}

const fn known(code: u32, name: &'static str, meaning: Meaning) -> Known {
    Known {
        code,
        name,
        meaning,
    }
}

/// Values from wbemcli.h and winerror.h; those of errors of Windows carry 0x8007.
const KNOWN: [Known; 36] = [
    known(0x8001_0108, "RPC_E_DISCONNECTED", Meaning::Broken),
    known(0x8004_0154, "REGDB_E_CLASSNOTREG", Meaning::NotRunning),
    known(0x8004_1001, "WBEM_E_FAILED", Meaning::Other),
    known(0x8004_1002, "WBEM_E_NOT_FOUND", Meaning::NoObject),
    known(
        0x8004_1003,
        "WBEM_E_ACCESS_DENIED",
        Meaning::NamespaceDenied,
    ),
    known(0x8004_1004, "WBEM_E_PROVIDER_FAILURE", Meaning::Provider),
    known(
        0x8004_100E,
        "WBEM_E_INVALID_NAMESPACE",
        Meaning::NoNamespace,
    ),
    known(0x8004_1010, "WBEM_E_INVALID_CLASS", Meaning::NoClass),
    known(0x8004_1011, "WBEM_E_PROVIDER_NOT_FOUND", Meaning::Provider),
    known(
        0x8004_1013,
        "WBEM_E_PROVIDER_LOAD_FAILURE",
        Meaning::Provider,
    ),
    known(
        0x8004_1014,
        "WBEM_E_INITIALIZATION_FAILURE",
        Meaning::Provider,
    ),
    known(0x8004_1015, "WBEM_E_TRANSPORT_FAILURE", Meaning::Broken),
    known(0x8004_1017, "WBEM_E_INVALID_QUERY", Meaning::Request),
    known(0x8004_1018, "WBEM_E_INVALID_QUERY_TYPE", Meaning::Request),
    known(0x8004_102E, "WBEM_E_INVALID_METHOD", Meaning::Request),
    known(
        0x8004_102F,
        "WBEM_E_INVALID_METHOD_PARAMETERS",
        Meaning::Request,
    ),
    known(0x8004_1033, "WBEM_E_SHUTTING_DOWN", Meaning::NotRunning),
    known(0x8004_103A, "WBEM_E_INVALID_OBJECT_PATH", Meaning::Request),
    known(0x8004_1045, "WBEM_E_SERVER_TOO_BUSY", Meaning::Busy),
    known(
        0x8004_1062,
        "WBEM_E_PRIVILEGE_NOT_HELD",
        Meaning::NamespaceDenied,
    ),
    known(
        0x8004_1064,
        "WBEM_E_LOCAL_CREDENTIALS",
        Meaning::LocalAccount,
    ),
    known(0x8004_1069, "WBEM_E_TIMED_OUT", Meaning::TimedOut),
    known(0x8004_106C, "WBEM_E_QUOTA_VIOLATION", Meaning::Busy),
    known(0x8007_0005, "E_ACCESSDENIED", Meaning::ComDenied),
    known(0x8007_0422, "ERROR_SERVICE_DISABLED", Meaning::NotRunning),
    known(0x8007_052E, "ERROR_LOGON_FAILURE", Meaning::Logon),
    known(
        0x8007_0532,
        "ERROR_PASSWORD_EXPIRED",
        Meaning::PasswordExpired,
    ),
    known(0x8007_0533, "ERROR_ACCOUNT_DISABLED", Meaning::Disabled),
    known(0x8007_06BA, "RPC_S_SERVER_UNAVAILABLE", Meaning::NoServer),
    known(0x8007_06BB, "RPC_S_SERVER_TOO_BUSY", Meaning::Busy),
    known(0x8007_06BE, "RPC_S_CALL_FAILED", Meaning::Broken),
    known(0x8007_06BF, "RPC_S_CALL_FAILED_DNE", Meaning::NoServer),
    known(
        0x8007_0773,
        "ERROR_PASSWORD_MUST_CHANGE",
        Meaning::PasswordExpired,
    ),
    known(0x8007_0775, "ERROR_ACCOUNT_LOCKED_OUT", Meaning::Locked),
    known(0x8008_0004, "CO_E_BAD_PATH", Meaning::NotRunning),
    known(0x8008_0005, "CO_E_SERVER_EXEC_FAILURE", Meaning::NotRunning),
];

impl Meaning {
    /// Whether WMI answers so only before the provider's method began.
    pub const fn refuses_before_work(self) -> bool {
        matches!(
            self,
            Self::NotHere
                | Self::NoNamespace
                | Self::NoClass
                | Self::NoObject
                | Self::NamespaceDenied
                | Self::ComDenied
                | Self::Logon
                | Self::PasswordExpired
                | Self::Locked
                | Self::Disabled
                | Self::NoServer
                | Self::Busy
                | Self::LocalAccount
                | Self::Request
                | Self::Abandoned
        )
    }

    /// Whether the account itself was refused, so that trying again could lock it. Over DCOM a wrong
    /// password often looks like a lack of rights.
    pub(super) const fn refuses_the_account(self) -> bool {
        matches!(
            self,
            Self::ComDenied
                | Self::Logon
                | Self::PasswordExpired
                | Self::Locked
                | Self::Disabled
                | Self::LocalAccount
        )
    }

    /// Whether the password may be what was refused. Over DCOM a wrong one often looks like a lack of
    /// rights.
    pub const fn is_of_password(self) -> bool {
        matches!(
            self,
            Self::ComDenied | Self::Logon | Self::PasswordExpired | Self::Locked
        )
    }

    /// Whether a session that failed so must not be used again.
    pub(super) const fn ends_the_session(self) -> bool {
        matches!(
            self,
            Self::NoServer | Self::Broken | Self::NotRunning | Self::TimedOut | Self::Other
        )
    }
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WmiError {
    /// When.
    pub stage: Stage,
    /// What the code means.
    pub meaning: Meaning,
    /// The code, where one came.
    pub code: Option<u32>,
}

impl WmiError {
    /// A failure without a code of the system.
    pub const fn of(stage: Stage, meaning: Meaning) -> Self {
        Self {
            stage,
            meaning,
            code: None,
        }
    }

    /// A failure that the system reported with an `HRESULT`.
    pub fn from_code(stage: Stage, code: u32) -> Self {
        let meaning = find(code).map_or(Meaning::Other, |known| known.meaning);
        Self {
            stage,
            meaning,
            code: Some(code),
        }
    }

    /// Whether it is certain that the call had no effect.
    pub const fn nothing_was_done(&self) -> bool {
        matches!(self.stage, Stage::Connect) || self.meaning.refuses_before_work()
    }
}

fn find(code: u32) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.code == code)
}

impl fmt::Display for WmiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => match find(code) {
                Some(known) => write!(f, "{} 0x{code:08X}", known.name),
                None => write!(f, "error 0x{code:08X}"),
            },
            None => f.write_str(match self.meaning {
                Meaning::NotHere => "this system has no WMI",
                Meaning::TimedOut => "no answer in time",
                Meaning::Abandoned => "given up before the call began",
                Meaning::TooLarge => "an answer without end",
                Meaning::Busy => "too many calls are under way",
                _ => "the call ended without an answer",
            }),
        }
    }
}

impl std::error::Error for WmiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_named_and_told_apart() {
        for (code, words, meaning, is_certain) in [
            (
                0x8004_100E,
                "WBEM_E_INVALID_NAMESPACE 0x8004100E",
                Meaning::NoNamespace,
                true,
            ),
            (
                0x8004_1003,
                "WBEM_E_ACCESS_DENIED 0x80041003",
                Meaning::NamespaceDenied,
                true,
            ),
            (
                0x8007_0005,
                "E_ACCESSDENIED 0x80070005",
                Meaning::ComDenied,
                true,
            ),
            (
                0x8007_06BA,
                "RPC_S_SERVER_UNAVAILABLE 0x800706BA",
                Meaning::NoServer,
                true,
            ),
            (
                0x8007_06BE,
                "RPC_S_CALL_FAILED 0x800706BE",
                Meaning::Broken,
                false,
            ),
            (
                0x8004_1004,
                "WBEM_E_PROVIDER_FAILURE 0x80041004",
                Meaning::Provider,
                false,
            ),
            (0x8004_1FFF, "error 0x80041FFF", Meaning::Other, false),
        ] {
            let error = WmiError::from_code(Stage::Call, code);
            assert_eq!(error.to_string(), words);
            assert_eq!(error.meaning, meaning, "{words}");
            assert_eq!(error.nothing_was_done(), is_certain, "{words}");
            assert!(WmiError::from_code(Stage::Connect, code).nothing_was_done());
        }
    }

    #[test]
    fn every_code_stands_once() {
        assert!(KNOWN.is_sorted_by(|a, b| a.code < b.code));
    }
}
