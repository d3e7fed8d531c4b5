//! Rules about the settings of the whole sequence.

use std::net::IpAddr;

use crate::model::{Authentication, Place, Sequence, ServerSettings, Transport};

use super::{Code, Problem, Severity};

/// Applies the rules of this group.
pub(super) fn check(sequence: &Sequence, problems: &mut Vec<Problem>) {
    let mut report = |code, severity, message: String| {
        problems.push(Problem::new(code, severity, Place::Sequence, message));
    };
    if let Some(file) = &sequence.log.file {
        if looks_like_folder(file) {
            report(
                Code::LogIsFolder,
                Severity::Error,
                format!("the log file `{file}` is a folder; add the name of a file"),
            );
        } else if file.to_ascii_lowercase().ends_with(".xml") {
            report(
                Code::LogIsSequence,
                Severity::Error,
                format!(
                    "the log file `{file}` ends in .xml like a sequence file, which it would spoil; \
                     call it .log"
                ),
            );
        }
    }
    let server = &sequence.server;
    if server.user.is_some()
        && server.host.is_none()
        && matches!(server.transport, Transport::Auto | Transport::Wmi)
    {
        report(
            Code::UserWithoutServer,
            Severity::Warning,
            "a user is named but no server, so the account that runs the sequence is used; name \
             the server or remove the user"
                .to_owned(),
        );
    }
    if let Some(message) = contradiction(server) {
        report(Code::AddressContradiction, Severity::Error, message);
        return;
    }
    authentication(server, &mut report);
}

/// Rules about ways to log on that cannot work or show more than they should.
fn authentication(server: &ServerSettings, report: &mut impl FnMut(Code, Severity, String)) {
    let Some(host) = server.host.as_deref().filter(|_| speaks_winrm(server)) else {
        return;
    };
    let is_remote = is_remote_http(server);
    let how = server.authentication;
    if is_remote && server.allow_unencrypted {
        let message = match how {
            Authentication::Auto | Authentication::Basic => {
                "the password crosses the network unencrypted, since allow-unencrypted is set; use \
                 tls"
            }
            Authentication::Ntlm | Authentication::Negotiate | Authentication::Kerberos => {
                "what the server is told may cross the network unencrypted, since \
                 allow-unencrypted is set; remove it, or use tls"
            }
        };
        report(
            Code::UnencryptedPassword,
            Severity::Warning,
            message.to_owned(),
        );
    } else if is_remote && how == Authentication::Basic {
        report(
            Code::BasicUnencrypted,
            Severity::Error,
            format!(
                "basic would send the password to `{host}` unencrypted, which is refused; use tls, \
                 or leave auth out"
            ),
        );
    }
    if how == Authentication::Kerberos && address(host).is_some() {
        report(
            Code::KerberosToAddress,
            Severity::Warning,
            format!(
                "kerberos knows servers by name, and `{host}` is an address; write the full host \
                 name"
            ),
        );
    }
    if server.pin.is_some() && !is_encrypted(server) {
        report(
            Code::PinWithoutTls,
            Severity::Error,
            format!("a certificate is pinned, but `{host}` shows none over plain HTTP; use tls"),
        );
    }
}

fn looks_like_folder(path: &str) -> bool {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    matches!(last, "" | "." | "..") || last.ends_with(':')
}

fn contradiction(server: &ServerSettings) -> Option<String> {
    let host = server.host.as_deref()?;
    if host.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\".contains(c)) {
        return Some(format!(
            "the server's address `{host}` has a sign that no address has; write a host name"
        ));
    }
    let scheme = scheme(host)?;
    match (scheme, server.tls) {
        (Scheme::Http, true) => Some(format!(
            "tls is set, but the server's address `{host}` says http; write https or leave tls out"
        )),
        (Scheme::Other, _) => Some(format!(
            "the server's address `{host}` is neither http nor https; write a host name or such an \
             address"
        )),
        (Scheme::Http | Scheme::Https, _) => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
    Other,
}

/// The scheme of a URL; `None` for a plain host name.
fn scheme(host: &str) -> Option<Scheme> {
    let (scheme, _) = host.split_once("://")?;
    Some(match scheme.to_ascii_lowercase().as_str() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        _ => Scheme::Other,
    })
}

fn speaks_winrm(server: &ServerSettings) -> bool {
    matches!(server.transport, Transport::Auto | Transport::Winrm)
}

fn is_encrypted(server: &ServerSettings) -> bool {
    server.tls || server.host.as_deref().and_then(scheme) == Some(Scheme::Https)
}

fn is_remote_http(server: &ServerSettings) -> bool {
    let host = server.host.as_deref();
    let is_elsewhere = host.is_some_and(|host| !is_loopback(host));
    is_elsewhere && speaks_winrm(server) && !is_encrypted(server)
}

/// The name of a host, a host with a port, or a URL.
fn name(host: &str) -> &str {
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default().trim();
    match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        // A bare address of IPv6 has more colons than the one before a port.
        None if host.matches(':').count() > 1 => host,
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn address(host: &str) -> Option<IpAddr> {
    name(host).parse().ok()
}

fn is_loopback(host: &str) -> bool {
    name(host).eq_ignore_ascii_case("localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_from_files() {
        for (path, folder) in [
            ("logs/", true),
            ("logs\\", true),
            (".", true),
            ("a/..", true),
            ("C:", true),
            ("a.log", false),
            ("C:\\logs\\a.log", false),
            ("logs", false),
        ] {
            assert_eq!(looks_like_folder(path), folder, "{path}");
        }
    }

    #[test]
    fn an_address_that_none_can_be_is_told() {
        for (host, is_one) in [
            ("mim01", true),
            ("mim01.contoso.com:5985", true),
            ("https://mim01/wsman", true),
            ("[::1]:8080", true),
            ("bücher.example", true),
            ("a b", false),
            ("\\\\mim01", false),
            ("<mim01>", false),
            ("ftp://mim01", false),
        ] {
            let server = ServerSettings {
                host: Some(host.to_owned()),
                ..ServerSettings::default()
            };
            assert_eq!(contradiction(&server).is_none(), is_one, "{host}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table of all ways")]
    fn ways_to_log_on_that_cannot_work_are_told() {
        use Authentication as A;
        let pin = Some("ab".repeat(32));
        for (host, tls, how, pin, allowed, expected) in [
            ("mim01", false, A::Auto, None, false, &[][..]),
            (
                "mim01",
                false,
                A::Basic,
                None,
                false,
                &[Code::BasicUnencrypted],
            ),
            ("https://mim01", false, A::Basic, None, false, &[]),
            ("mim01", true, A::Basic, None, false, &[]),
            ("localhost", false, A::Basic, None, false, &[]),
            (
                "mim01",
                false,
                A::Basic,
                None,
                true,
                &[Code::UnencryptedPassword],
            ),
            (
                "mim01",
                false,
                A::Ntlm,
                None,
                true,
                &[Code::UnencryptedPassword],
            ),
            ("mim01", false, A::Kerberos, None, false, &[]),
            (
                "10.0.0.7:5985",
                false,
                A::Kerberos,
                None,
                false,
                &[Code::KerberosToAddress],
            ),
            (
                "https://[fe80::1]/wsman",
                false,
                A::Kerberos,
                None,
                false,
                &[Code::KerberosToAddress],
            ),
            ("10.0.0.7", false, A::Negotiate, None, false, &[]),
            (
                "mim01",
                false,
                A::Auto,
                pin.clone(),
                false,
                &[Code::PinWithoutTls],
            ),
            (
                "127.0.0.1",
                false,
                A::Auto,
                pin.clone(),
                false,
                &[Code::PinWithoutTls],
            ),
            ("mim01", true, A::Auto, pin, false, &[]),
        ] {
            let server = ServerSettings {
                host: Some(host.to_owned()),
                tls,
                authentication: how,
                pin,
                allow_unencrypted: allowed,
                ..ServerSettings::default()
            };
            let sequence = Sequence {
                server: server.clone(),
                ..Sequence::default()
            };
            let mut problems = Vec::new();
            check(&sequence, &mut problems);
            let codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, expected, "{server:?}");
            let demo = Sequence {
                server: ServerSettings {
                    transport: Transport::Demo,
                    ..server
                },
                ..Sequence::default()
            };
            let mut problems = Vec::new();
            check(&demo, &mut problems);
            assert!(problems.is_empty(), "{problems:?}");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for (host, loopback) in [
            ("localhost", true),
            ("LOCALHOST:5985", true),
            ("http://127.0.0.1:8080/wsman", true),
            ("http://[::1]:8080/wsman", true),
            ("::1", true),
            ("fe80::1", false),
            ("mim01", false),
            ("http://localhost.example/", false),
        ] {
            assert_eq!(is_loopback(host), loopback, "{host}");
        }
    }
}
