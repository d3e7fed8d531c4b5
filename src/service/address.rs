//! From what a person writes as the server to the URL of its WS-Management service.
//!
//! Pure. Must not look a name up.

use super::{ServiceError, ServiceErrorKind};

/// The port of WinRM without encryption.
const HTTP_PORT: u16 = 5985;
/// The port of WinRM with encryption.
const HTTPS_PORT: u16 = 5986;
/// Where WinRM listens.
const PATH: &str = "/wsman";

/// Makes a URL from a host, a host with a port, or a URL.
///
/// # Errors
/// [`ServiceErrorKind::Settings`] when there is no host, or when it contradicts `tls` or `port`.
pub(super) fn url(host: &str, tls: bool, port: Option<u16>) -> Result<String, ServiceError> {
    let host = host.trim().trim_end_matches('/');
    if host.is_empty() {
        return Err(settings("no server was named".to_owned()));
    }
    let lower = host.to_ascii_lowercase();
    let (is_encrypted, rest) = match lower.split_once("://").map(|(scheme, _)| scheme) {
        Some("https") => (true, &host["https://".len()..]),
        Some("http") if tls => {
            let problem = format!("`{host}` is without encryption, but encryption is demanded");
            return Err(settings(problem));
        }
        Some("http") => (false, &host["http://".len()..]),
        Some(other) => {
            let problem = format!("`{other}` is no protocol of a server; write https or http");
            return Err(settings(problem));
        }
        None => (tls, host),
    };
    let (authority, path) = match rest.split_once('/') {
        Some((authority, path)) => (authority, format!("/{path}")),
        None => (rest, PATH.to_owned()),
    };
    let (name, written_port) = split_port(authority)?;
    if name.is_empty() {
        return Err(settings("no server was named".to_owned()));
    }
    let has_foreign_character =
        |c: char| c.is_whitespace() || c.is_control() || "@?#\\".contains(c);
    if authority.chars().any(has_foreign_character) {
        // The text may hold a password (`user:password@host`), so it is not repeated.
        return Err(settings(
            "the server's name holds a character that a name cannot have; write a host, \
             host:port or a URL without a user"
                .to_owned(),
        ));
    }
    let port = match (written_port, port) {
        (Some(written), Some(given)) if written != given => {
            let problem = format!("`{authority}` names port {written}, but port {given} is given");
            return Err(settings(problem));
        }
        (Some(port), _) | (None, Some(port)) => port,
        (None, None) if is_encrypted => HTTPS_PORT,
        (None, None) => HTTP_PORT,
    };
    let scheme = if is_encrypted { "https" } else { "http" };
    Ok(format!("{scheme}://{name}:{port}{path}"))
}

/// Splits `host:port`, `[::1]:port` or a bare address of IPv6.
fn split_port(authority: &str) -> Result<(String, Option<u16>), ServiceError> {
    if authority.matches(':').count() > 1 && !authority.starts_with('[') && !authority.contains('@')
    {
        return Ok((format!("[{authority}]"), None));
    }
    let Some((name, port)) = authority.rsplit_once(':').filter(|(_, p)| !p.contains(']')) else {
        return Ok((authority.to_owned(), None));
    };
    match port.parse::<u16>() {
        Ok(port) if port > 0 => Ok((name.to_owned(), Some(port))),
        _ if authority.contains('@') => Ok((name.to_owned(), None)),
        _ => Err(settings(format!(
            "`{port}` is not a port; write 1 to 65535"
        ))),
    }
}

fn settings(context: String) -> ServiceError {
    ServiceError {
        context,
        kind: ServiceErrorKind::Settings,
        source: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_servers_in_many_ways() {
        for (host, tls, port, expected) in [
            ("mim01", false, None, "http://mim01:5985/wsman"),
            ("mim01", true, None, "https://mim01:5986/wsman"),
            (
                " mim01.corp.example ",
                true,
                Some(443),
                "https://mim01.corp.example:443/wsman",
            ),
            ("mim01:8080", false, None, "http://mim01:8080/wsman"),
            (
                "10.0.0.7:8080",
                true,
                Some(8080),
                "https://10.0.0.7:8080/wsman",
            ),
            ("::1", false, None, "http://[::1]:5985/wsman"),
            ("[::1]:99", false, None, "http://[::1]:99/wsman"),
            ("https://mim01", false, None, "https://mim01:5986/wsman"),
            (
                "HTTP://mim01:80/other/",
                false,
                None,
                "http://mim01:80/other",
            ),
            (
                "http://127.0.0.1:1234/wsman",
                false,
                None,
                "http://127.0.0.1:1234/wsman",
            ),
        ] {
            assert_eq!(url(host, tls, port).unwrap(), expected, "{host}");
        }
    }

    #[test]
    fn servers_that_cannot_be_meant_are_refused() {
        for (host, tls, port) in [
            ("", false, None),
            ("  / ", false, None),
            ("http://", false, None),
            ("http://mim01", true, None),
            ("ftp://mim01", false, None),
            ("mim01:0", false, None),
            ("mim01:http", false, None),
            ("mim01:5985", false, Some(5986)),
            ("mim 01", false, None),
            ("user:hunter2@mim01", false, None),
            ("http://user:hunter2@mim01:99", false, None),
        ] {
            let error = url(host, tls, port).unwrap_err();
            assert_eq!(error.kind, ServiceErrorKind::Settings, "{host}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
