//! Sentences about failed calls: which server, what failed, what to do.
//!
//! Pure. Must not decide whether a call is tried again.

mod sign_on;

use super::{ServiceError, ServiceErrorKind};
use crate::base::error_chain;
use crate::base::text;
use crate::wsman::{Account, ClientError, Endpoint, FaultKind, TransportError};

/// Whom a sentence is about.
#[derive(Debug, Clone)]
pub(super) struct Person {
    words: String,
    is_named: bool,
}

impl Person {
    /// Whoever signs on with this account.
    pub(super) fn of(account: &Account) -> Self {
        Self {
            words: account.person(),
            is_named: account.user().is_some(),
        }
    }

    /// For people.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// Whether it is a user with a password, rather than whoever is logged on here.
    const fn is_named(&self) -> bool {
        self.is_named
    }
}

/// Explains why a call failed; `what` completes "…, so that … failed", as `reading the agents`.
pub(super) fn explain(
    endpoint: &Endpoint,
    person: &Person,
    what: &str,
    error: ClientError,
) -> ServiceError {
    let (host, account) = (endpoint.host(), person.words());
    let (kind, sentence) = match &error {
        ClientError::Transport(error) | ClientError::SignOn(error) => transport(endpoint, error),
        ClientError::Settings(problem) => (ServiceErrorKind::Settings, problem.clone()),
        ClientError::Unencrypted => (ServiceErrorKind::Settings, unencrypted(&host)),
        ClientError::Unauthorized(refusal) => sign_on::sentence(&host, person, refusal),
        ClientError::Unsealed => (
            ServiceErrorKind::Untrusted,
            format!(
                "{host} answers an encrypted request without encryption, so anybody on the way can \
                 read and change it; use https, or allow it with --allow-unencrypted"
            ),
        ),
        ClientError::SealRefused => (
            ServiceErrorKind::Untrusted,
            format!(
                "{host} takes no encrypted requests, so anybody on the way could read and change \
                 them; use https, or allow it with --allow-unencrypted"
            ),
        ),
        ClientError::Seal(problem) => (
            ServiceErrorKind::Untrusted,
            format!(
                "an answer of {host} was changed on the way or is damaged ({}); look for proxies \
                 and scanners between, or use https",
                text::printable(problem)
            ),
        ),
        ClientError::Status(status) => http_status(&host, account, *status),
        ClientError::Protocol(problem) => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} answers, but not with WS-Management ({}); check the server, its port and \
                 its path",
                text::printable(problem)
            ),
        ),
        ClientError::Fault(fault) => {
            let words = text::elide_middle(&text::printable(&fault.words()), 400);
            let kind = FaultKind::of(fault);
            if kind == FaultKind::AccessDenied {
                let sentence = denied(&host, account, fault.wsman_code, &words);
                (ServiceErrorKind::Forbidden, sentence)
            } else {
                fault_sentence(&host, kind, &words)
            }
        }
    };
    ServiceError {
        context: format!("{what} failed: {sentence}"),
        kind,
        source: Some(Box::new(error)),
    }
}

/// Why a password is not sent.
pub(super) fn unencrypted(host: &str) -> String {
    format!(
        "the password would travel to {host} without encryption; use https, or allow it with \
         --allow-unencrypted"
    )
}

/// What a word means with which a method of the provider says that it could not ask the service
/// (ms699322, common return strings); `None` for an answer.
pub(super) fn word_of_failure(
    host: &str,
    account: &str,
    word: &str,
) -> Option<(ServiceErrorKind, String)> {
    match word {
        "connection-failure" => Some((
            ServiceErrorKind::Unreachable,
            format!(
                "the synchronization service on {host} does not answer (connection-failure); \
                 check that it is started, and that {account} is a member of its group \
                 {OPERATORS} (a new member has to log on again)"
            ),
        )),
        "access-denied" => Some((
            ServiceErrorKind::Forbidden,
            format!(
                "WinRM and WMI let {account} pass, but the synchronization service on {host} does \
                 not let the account do this (access-denied); make it a member of the service's \
                 group {OPERATORS} (a new member has to log on again)"
            ),
        )),
        _ => None,
    }
}

/// The service's group whose members may run profiles; the installer lets people choose another name.
const OPERATORS: &str = "FIMSyncOperators";

/// The codes of Windows for faults of WMI: `WMI_SVC_ACCESS_DENIED`, `WMI_CANNOT_CONNECT_ACCESS_DENIED`.
const WMI_DENIES: [u32; 2] = [2_150_859_012, 2_150_859_014];
/// The code of Windows for `WMI_PROVIDER_ACCESS_DENIED`.
const PROVIDER_DENIES: u32 = 2_150_859_013;

/// Which of the three gates is closed, and how it is opened: the right to use WinRM, the right to the
/// WMI namespace, the service's own group.
fn denied(host: &str, account: &str, code: Option<u32>, words: &str) -> String {
    match code {
        Some(code) if WMI_DENIES.contains(&code) => format!(
            "WinRM lets {account} pass, but WMI on {host} does not ({words}); open WMI Control \
             (wmimgmt.msc) there, Properties, Security, {NAMESPACE}, and allow the account Enable \
             Account, Execute Methods and Remote Enable"
        ),
        Some(PROVIDER_DENIES) => format!(
            "WinRM and WMI let {account} pass, but the synchronization service's WMI provider on \
             {host} does not ({words}); make the account a member of the service's group \
             {OPERATORS} (a new member has to log on again), and allow it Execute Methods on \
             {NAMESPACE} in WMI Control (wmimgmt.msc)"
        ),
        _ => format!(
            "WinRM on {host} does not let {account} do this ({words}); allow the account Read and \
             Execute there (winrm configSDDL default), or make it a member of the group Remote \
             Management Users"
        ),
    }
}

/// The WMI namespace of the service, as Windows shows it to people.
const NAMESPACE: &str = "root\\MicrosoftIdentityIntegrationServer";

fn transport(endpoint: &Endpoint, error: &TransportError) -> (ServiceErrorKind, String) {
    let host = endpoint.host();
    match error {
        TransportError::Settings(problem) => (ServiceErrorKind::Settings, problem.clone()),
        TransportError::Name(_) => (
            ServiceErrorKind::Unreachable,
            format!("the server name in {host} does not resolve; check its spelling and the DNS"),
        ),
        TransportError::Connect {
            was_refused: true, ..
        } => (
            ServiceErrorKind::Unreachable,
            format!(
                "{host} refuses the connection; check the port, and that WinRM runs there \
                 (winrm quickconfig)"
            ),
        ),
        TransportError::Connect { .. } => (
            ServiceErrorKind::Unreachable,
            format!(
                "no connection to {host} comes about; check the network, firewalls and port{}",
                if endpoint.is_encrypted() {
                    ", and that this port speaks https"
                } else {
                    ""
                }
            ),
        ),
        TransportError::Certificate { reason, .. } => (
            ServiceErrorKind::Untrusted,
            format!(
                "the certificate of {host} is not trusted: {}; name the certificate file of its \
                 authority (--ca-file), or its fingerprint (--pin)",
                text::printable(reason)
            ),
        ),
        TransportError::Tls(cause) => (
            ServiceErrorKind::Untrusted,
            format!(
                "no encryption with {host} comes about ({}); check that this port speaks https",
                innermost(cause.as_ref())
            ),
        ),
        TransportError::TimedOut(_)
        | TransportError::Broken(_)
        | TransportError::NotHttp(_)
        | TransportError::TooLarge(_) => no_answer(endpoint, error),
    }
}

/// There is a connection, but no answer over it.
fn no_answer(endpoint: &Endpoint, error: &TransportError) -> (ServiceErrorKind, String) {
    let host = endpoint.host();
    match error {
        TransportError::TimedOut(span) => (
            ServiceErrorKind::Unreachable,
            format!(
                "{host} accepts the connection but gives no whole answer within {}; check that \
                 it is WinRM that listens there",
                text::short_duration(*span)
            ),
        ),
        TransportError::Broken(cause) => (
            ServiceErrorKind::Unreachable,
            format!(
                "the connection to {host} broke before there was an answer ({}); \
                 check that it is WinRM that listens there",
                innermost(cause.as_ref())
            ),
        ),
        TransportError::NotHttp(_) => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} answers, but not with HTTP; check the port{}",
                if endpoint.is_encrypted() {
                    ""
                } else {
                    ", and whether the server wants https"
                }
            ),
        ),
        TransportError::TooLarge(max_bytes) => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} sends an answer without end (more than {} MiB); check that it is WinRM \
                 that listens there",
                max_bytes / (1024 * 1024)
            ),
        ),
        TransportError::Settings(_)
        | TransportError::Name(_)
        | TransportError::Connect { .. }
        | TransportError::Certificate { .. }
        | TransportError::Tls(_) => (ServiceErrorKind::Unreachable, error.to_string()),
    }
}

/// The cause nearest to the truth, on one line.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let whole = error_chain::one_line(error);
    let last = whole.rsplit(": ").next().unwrap_or(&whole);
    text::printable(last)
}

fn http_status(host: &str, account: &str, status: u16) -> (ServiceErrorKind, String) {
    match status {
        403 => (
            ServiceErrorKind::Forbidden,
            format!("{host} does not let {account} use WinRM; give the account the right to"),
        ),
        404 => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} has no WS-Management at this path; check the path, it is usually /wsman"
            ),
        ),
        502..=504 => (
            ServiceErrorKind::Unreachable,
            format!("{host} is not ready (HTTP status {status}); try again later"),
        ),
        413 => (
            ServiceErrorKind::Fault,
            format!("{host} finds the request too large (MaxEnvelopeSizekb)"),
        ),
        _ => (
            ServiceErrorKind::Protocol,
            format!(
                "{host} answers with HTTP status {status} and without WS-Management; check the \
                 server, its port and its path"
            ),
        ),
    }
}

fn fault_sentence(host: &str, kind: FaultKind, words: &str) -> (ServiceErrorKind, String) {
    match kind {
        FaultKind::NotFound => (
            ServiceErrorKind::NotFound,
            format!(
                "{host} does not find it ({words}); check the agent's name, and that the \
                 synchronization service and its WMI provider are installed there"
            ),
        ),
        FaultKind::TimedOut => (
            ServiceErrorKind::Unreachable,
            format!("{host} did not manage it in time ({words}); try again later"),
        ),
        FaultKind::AnswerTooLarge => (
            ServiceErrorKind::Fault,
            format!(
                "the answer does not fit into what {host} may send, its MaxEnvelopeSizekb \
                 ({words}); raise that limit there: winrm set winrm/config \
                 @{{MaxEnvelopeSizekb=\"8192\"}}"
            ),
        ),
        FaultKind::Quota => (
            ServiceErrorKind::Busy,
            format!(
                "{host} has too many requests open for this account or for all ({words}); try \
                 again later, or raise its limits (winrm get winrm/config/service)"
            ),
        ),
        FaultKind::AccessDenied | FaultKind::Filter | FaultKind::Request | FaultKind::Server => (
            ServiceErrorKind::Fault,
            format!("{host} refuses it: {words}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wsman::message::Fault;

    fn told(fault: Fault) -> ServiceError {
        let endpoint = Endpoint::parse("https://mim01:5986/wsman").unwrap();
        let error = ClientError::Fault(Box::new(fault));
        let person = Person {
            words: "`CORP\\op`".to_owned(),
            is_named: true,
        };
        explain(&endpoint, &person, "starting `Export` on `HR`", error)
    }

    #[test]
    fn the_three_gates_have_each_their_own_remedy() {
        let denied = || Fault::sender("AccessDenied", "Access is denied.");
        let cases = [
            (
                denied(),
                "WinRM on mim01:5986 does not let",
                "Remote Management Users",
            ),
            (
                denied().with_wsman(5, "Access is denied."),
                "WinRM on mim01:5986 does not let",
                "winrm configSDDL default",
            ),
            (
                denied().with_wsman(2_150_859_012, "WMI says no."),
                "WMI on mim01:5986 does not",
                "Remote Enable",
            ),
            (
                denied().with_wsman(2_150_859_014, "WMI says no."),
                "WMI on mim01:5986 does not",
                "wmimgmt.msc",
            ),
            (
                Fault::receiver("InternalError", "").with_wsman(2_150_859_013, "No."),
                "WMI provider on mim01:5986 does not",
                "FIMSyncOperators",
            ),
        ];
        for (fault, gate, remedy) in cases {
            let error = told(fault);
            assert_eq!(error.kind, ServiceErrorKind::Forbidden, "{error}");
            let text = error.to_string();
            assert!(text.contains(gate) && text.contains(remedy), "{text}");
            assert!(text.contains("`CORP\\op`"), "{text}");
        }
        let (kind, text) = word_of_failure("mim01:5986", "`CORP\\op`", "access-denied").unwrap();
        assert_eq!(kind, ServiceErrorKind::Forbidden);
        assert!(text.contains("WinRM and WMI let `CORP\\op` pass"), "{text}");
        assert!(text.contains("FIMSyncOperators"), "{text}");
    }

    #[test]
    fn limits_are_named_with_the_command_that_raises_them() {
        for (fault, kind, remedy) in [
            (
                Fault::sender("EncodingLimit", ""),
                ServiceErrorKind::Fault,
                "winrm set winrm/config @{MaxEnvelopeSizekb=\"8192\"}",
            ),
            (
                Fault::receiver("QuotaLimit", "").with_wsman(2_150_859_240, "15 operations"),
                ServiceErrorKind::Busy,
                "15 operations",
            ),
        ] {
            let error = told(fault);
            assert_eq!(error.kind, kind);
            assert!(error.to_string().contains(remedy), "{error}");
        }
    }
}
