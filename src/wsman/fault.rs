//! What a fault means for the caller.

use super::message::{Fault, FaultCode};

/// Kinds of fault, as far as anybody acts differently on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The operation took longer than the server allows; it may still go on there.
    TimedOut,
    /// The account may not do this.
    AccessDenied,
    /// There is no such instance, class or namespace.
    NotFound,
    /// The answer does not fit into the envelope that client and server agreed on.
    AnswerTooLarge,
    /// The query is refused.
    Filter,
    /// The server refuses to take more upon itself just now, for this account or for all.
    Quota,
    /// Another fault that the server blames on the request, so that nothing was done.
    Request,
    /// Another fault of the server.
    Server,
}

/// `ERROR_WSMAN_OPERATION_TIMEDOUT` and its kin, as the constants of the Windows API name them.
const TIMED_OUT: [u32; 1] = [2_150_858_793];
/// `RESOURCE_NOT_FOUND`, `INVALID_RESOURCE_URI`, and the three about selectors.
const NOT_FOUND: [u32; 5] = [
    RESOURCE_NOT_FOUND,
    INVALID_RESOURCE_URI,
    2_150_858_813,
    2_150_858_842,
    2_150_858_848,
];
const RESOURCE_NOT_FOUND: u32 = 2_150_858_752;
const INVALID_RESOURCE_URI: u32 = 2_150_858_811;
/// The three of WMI, and the plain code of Windows.
const ACCESS_DENIED: [u32; 4] = [2_150_859_012, 2_150_859_013, 2_150_859_014, 5];
/// `ENVELOPE_TOO_LARGE`, `ENCODING_LIMIT`, `MAX_ENVELOPE_SIZE`, `MAX_ENVELOPE_SIZE_EXCEEDED` and
/// `SERVER_ENVELOPE_LIMIT`.
const TOO_LARGE: [u32; 5] = [
    2_150_858_790,
    2_150_858_805,
    2_150_858_823,
    2_150_858_824,
    2_150_858_825,
];
/// `QUOTA_LIMIT`, the four of one user's or all shells and operations, `QUOTA_MAX_SHELLUSERS`, and
/// the seven of a plug-in, such as `QUOTA_MAX_OPERATIONS_USER_PPQ`: 15 for that of WMI
/// (MS-WSMV 3.1.4.1.34.3.1).
const QUOTA: [u32; 13] = [
    2_150_858_815,
    2_150_859_173,
    2_150_859_174,
    2_150_859_175,
    2_150_859_176,
    2_150_859_179,
    2_150_859_236,
    2_150_859_237,
    2_150_859_238,
    2_150_859_239,
    2_150_859_240,
    2_150_859_241,
    2_150_859_242,
];

impl FaultKind {
    /// The kind of a fault, by Microsoft's code where there is one, else by its subcode.
    pub fn of(fault: &Fault) -> Self {
        if let Some(code) = fault.wsman_code {
            for (codes, kind) in [
                (&TIMED_OUT[..], Self::TimedOut),
                (&NOT_FOUND[..], Self::NotFound),
                (&ACCESS_DENIED[..], Self::AccessDenied),
                (&TOO_LARGE[..], Self::AnswerTooLarge),
                (&QUOTA[..], Self::Quota),
            ] {
                if codes.contains(&code) {
                    return kind;
                }
            }
        }
        match (fault.subcode.as_str(), fault.code) {
            ("TimedOut", _) => Self::TimedOut,
            ("AccessDenied", _) => Self::AccessDenied,
            ("DestinationUnreachable" | "InvalidSelectors", _) => Self::NotFound,
            ("EncodingLimit", _) => Self::AnswerTooLarge,
            ("QuotaLimit", _) => Self::Quota,
            (
                "CannotProcessFilter"
                | "FilteringNotSupported"
                | "FilterDialectRequestedUnavailable",
                _,
            ) => Self::Filter,
            (_, FaultCode::Sender | FaultCode::MustUnderstand) => Self::Request,
            (_, FaultCode::Receiver) => Self::Server,
        }
    }

    /// Whether it is certain that the server did nothing of what was asked.
    pub const fn nothing_was_done(self) -> bool {
        match self {
            // A quota is looked at before the request is (MS-WSMV 3.1.4.1.19).
            Self::AccessDenied | Self::NotFound | Self::Filter | Self::Quota | Self::Request => {
                true
            }
            Self::TimedOut | Self::AnswerTooLarge | Self::Server => false,
        }
    }

    /// Whether the server knows no such class under the URI of the request. Another family of URIs
    /// may be known there; an instance that is missing is told with the same subcode by some.
    pub fn is_unknown_resource(fault: &Fault) -> bool {
        match fault.wsman_code {
            Some(code) if NOT_FOUND.contains(&code) => {
                matches!(code, RESOURCE_NOT_FOUND | INVALID_RESOURCE_URI)
            }
            _ => fault.subcode == "DestinationUnreachable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_class_can_be_of_another_family() {
        for (fault, expected) in [
            (Fault::sender("DestinationUnreachable", ""), true),
            (
                Fault::sender("DestinationUnreachable", "").with_wsman(2_150_858_752, ""),
                true,
            ),
            (
                Fault::receiver("InternalError", "").with_wsman(2_150_858_811, ""),
                true,
            ),
            (
                Fault::sender("InvalidSelectors", "").with_wsman(2_150_858_813, ""),
                false,
            ),
            (Fault::sender("AccessDenied", ""), false),
            (Fault::receiver("TimedOut", ""), false),
        ] {
            assert_eq!(
                FaultKind::is_unknown_resource(&fault),
                expected,
                "{fault:?}"
            );
        }
    }

    #[test]
    fn faults_are_told_apart() {
        for (fault, kind) in [
            (Fault::receiver("TimedOut", ""), FaultKind::TimedOut),
            (
                Fault::receiver("InternalError", "").with_wsman(2_150_858_793, ""),
                FaultKind::TimedOut,
            ),
            (Fault::sender("AccessDenied", ""), FaultKind::AccessDenied),
            (
                Fault::receiver("InternalError", "").with_wsman(5, ""),
                FaultKind::AccessDenied,
            ),
            (
                Fault::sender("DestinationUnreachable", ""),
                FaultKind::NotFound,
            ),
            (
                Fault::receiver("EncodingLimit", ""),
                FaultKind::AnswerTooLarge,
            ),
            (
                Fault::receiver("InternalError", "").with_wsman(2_150_858_824, ""),
                FaultKind::AnswerTooLarge,
            ),
            (Fault::receiver("QuotaLimit", ""), FaultKind::Quota),
            (
                Fault::receiver("InternalError", "").with_wsman(2_150_859_240, ""),
                FaultKind::Quota,
            ),
            (Fault::sender("CannotProcessFilter", ""), FaultKind::Filter),
            (
                Fault::sender("SchemaValidationError", ""),
                FaultKind::Request,
            ),
            (
                Fault::receiver("InternalError", "").with_wsman(1, ""),
                FaultKind::Server,
            ),
        ] {
            assert_eq!(FaultKind::of(&fault), kind, "{fault:?}");
        }
    }
}
