//! Rules about the settings of the whole sequence.

use crate::model::{Place, Sequence, ServerSettings, Transport};

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
    } else if server.allow_unencrypted && is_remote_http(server) {
        report(
            Code::UnencryptedPassword,
            Severity::Warning,
            "the password crosses the network unencrypted, since allow-unencrypted is set; use tls"
                .to_owned(),
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

fn is_remote_http(server: &ServerSettings) -> bool {
    let Some(host) = server.host.as_deref() else {
        return false;
    };
    let encrypted = server.tls || scheme(host) == Some(Scheme::Https);
    let speaks_http = matches!(server.transport, Transport::Auto | Transport::Winrm);
    speaks_http && !encrypted && !is_loopback(host)
}

fn is_loopback(host: &str) -> bool {
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        // A bare address of IPv6 has more colons than the one before a port.
        None if host.matches(':').count() > 1 => host,
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
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
