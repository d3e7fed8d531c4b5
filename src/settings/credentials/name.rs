//! What a stored password is called.

use std::fmt;

/// What no store takes, or what nobody could type again.
const MAX_CHARS: usize = 200;

/// The name of a stored password: `user@server`, or any other word.
///
/// Windows tells neither accounts nor hosts apart by case, so names do not either; of a server only
/// the host counts, so that a password is found by whatever way its server is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialName(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing is left of it.
    #[error("a credential needs a name, such as CORP\\svc-mim@mim01")]
    Empty,
    /// It is longer than stores take.
    #[error("the name of a credential has at most {MAX_CHARS} characters")]
    TooLong,
    /// It would not fit into a line.
    #[error("the name of a credential has no control characters")]
    Control,
}

impl CredentialName {
    /// The name that a person wrote.
    ///
    /// # Errors
    /// [`NameProblem`] when nobody could write it again.
    pub fn new(text: &str) -> Result<Self, NameProblem> {
        // An account such as svc@corp.example has an @ of its own; a host has none.
        match text.rsplit_once('@') {
            Some((user, server)) if !user.trim().is_empty() => Self::of_account(user, server),
            _ => Self::whole(text),
        }
    }

    /// The name under which an account's password for a server is looked for.
    ///
    /// # Errors
    /// [`NameProblem`] when nobody could write it.
    pub fn of_account(user: &str, server: &str) -> Result<Self, NameProblem> {
        let host = host_of(server);
        if host.is_empty() {
            return Err(NameProblem::Empty);
        }
        Self::whole(&format!("{}@{host}", user.trim()))
    }

    /// The name as a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn whole(text: &str) -> Result<Self, NameProblem> {
        let name = text.trim().to_lowercase();
        if name.is_empty() {
            Err(NameProblem::Empty)
        } else if name.chars().count() > MAX_CHARS {
            Err(NameProblem::TooLong)
        } else if name.chars().any(char::is_control) {
            Err(NameProblem::Control)
        } else {
            Ok(Self(name))
        }
    }
}

impl fmt::Display for CredentialName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host of a name, an address or a URL.
fn host_of(server: &str) -> &str {
    let server = server.trim();
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if let Some(inner) = authority.strip_prefix('[') {
        // An address of version 6 has colons of its own.
        return inner.split(']').next().unwrap_or(inner);
    }
    match authority.split_once(':') {
        Some((host, port)) if !port.contains(':') => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_one_name_however_it_is_written() {
        for (user, server) in [
            ("CORP\\svc", "mim01"),
            (" corp\\SVC ", " MIM01 "),
            ("CORP\\svc", "https://mim01:5986/wsman"),
            ("CORP\\svc", "mim01:5985"),
        ] {
            let name = CredentialName::of_account(user, server).unwrap();
            assert_eq!(name.as_str(), "corp\\svc@mim01");
            let written = CredentialName::new(&format!("{user}@{server}")).unwrap();
            assert_eq!(written, name, "{user} {server}");
        }
        for (server, host) in [
            ("http://[::1]:5985/wsman", "::1"),
            ("[fe80::1]", "fe80::1"),
            ("fe80::1", "fe80::1"),
            ("127.0.0.1:5985", "127.0.0.1"),
        ] {
            assert_eq!(host_of(server), host);
        }
    }

    #[test]
    fn any_word_is_a_name_and_an_account_may_have_an_at() {
        for (text, name) in [
            ("Nightly run", "nightly run"),
            ("svc@Corp.example@mim01", "svc@corp.example@mim01"),
            ("@x", "@x"),
        ] {
            assert_eq!(CredentialName::new(text).unwrap().as_str(), name);
        }
        for (text, problem) in [
            (" ", NameProblem::Empty),
            ("user@ ", NameProblem::Empty),
            ("a\nb", NameProblem::Control),
            (&"x".repeat(MAX_CHARS + 1), NameProblem::TooLong),
        ] {
            assert_eq!(CredentialName::new(text), Err(problem), "{text:?}");
        }
    }
}
