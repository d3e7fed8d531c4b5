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
    /// Another fault that the server blames on the request, so that nothing was done.
    Request,
    /// Another fault of the server.
    Server,
}

/// `ERROR_WSMAN_OPERATION_TIMEDOUT` and its kin, as the constants of the Windows API name them.
const TIMED_OUT: [u32; 1] = [2_150_858_793];
const NOT_FOUND: [u32; 4] = [2_150_858_752, 2_150_858_813, 2_150_858_842, 2_150_858_848];
/// The two of WMI, and the plain code of Windows.
const ACCESS_DENIED: [u32; 3] = [2_150_859_012, 2_150_859_013, 5];

impl FaultKind {
    /// The kind of a fault, by Microsoft's code where there is one, else by its subcode.
    pub fn of(fault: &Fault) -> Self {
        if let Some(code) = fault.wsman_code {
            for (codes, kind) in [
                (&TIMED_OUT[..], Self::TimedOut),
                (&NOT_FOUND[..], Self::NotFound),
                (&ACCESS_DENIED[..], Self::AccessDenied),
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
            Self::AccessDenied | Self::NotFound | Self::Filter | Self::Request => true,
            Self::TimedOut | Self::AnswerTooLarge | Self::Server => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
