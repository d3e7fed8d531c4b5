//! Which scheme is tried, and which one after a server has said what it takes.
//!
//! Pure. A password is never sent where it could be read, unless the settings allow it.

use super::Scheme;
use super::challenge::has;

/// The way to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wsman) struct Way {
    /// HTTPS.
    pub(in crate::wsman) is_encrypted: bool,
    /// The server is this machine.
    pub(in crate::wsman) is_loopback: bool,
    /// Whether the settings allow what is not encrypted.
    pub(in crate::wsman) allow_unencrypted: bool,
}

impl Way {
    /// Whether a password may travel as it is.
    const fn takes_passwords(self) -> bool {
        self.is_encrypted || self.is_loopback || self.allow_unencrypted
    }
}

/// The first scheme; never `Auto`. `None` when the password would travel unencrypted.
pub(in crate::wsman) const fn first(scheme: Scheme, way: Way) -> Option<Scheme> {
    match scheme {
        Scheme::Basic if way.takes_passwords() => Some(Scheme::Basic),
        Scheme::Basic => None,
        Scheme::Auto if way.is_loopback && !way.is_encrypted => Some(Scheme::Basic),
        Scheme::Auto => Some(Scheme::Negotiate),
        other => Some(other),
    }
}

/// The next scheme when the server does not take the one that was tried; `None` when there is none.
/// Where it does take it, what it refused was the account, and nothing else may be tried.
pub(in crate::wsman) fn next(
    scheme: Scheme,
    way: Way,
    tried: Scheme,
    offered: &[String],
) -> Option<Scheme> {
    if scheme != Scheme::Auto || takes(tried, offered) {
        return None;
    }
    if tried == Scheme::Basic {
        return [Scheme::Negotiate, Scheme::Kerberos]
            .into_iter()
            .find(|&other| takes(other, offered));
    }
    let may = takes(Scheme::Basic, offered) && way.takes_passwords();
    may.then_some(Scheme::Basic)
}

/// Whether a server that offers these schemes takes this one.
pub(in crate::wsman) fn takes(scheme: Scheme, offered: &[String]) -> bool {
    has(offered, word(scheme))
}

/// How a scheme is called in the headers of HTTP.
pub(in crate::wsman) const fn word(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Basic => "Basic",
        Scheme::Kerberos => "Kerberos",
        Scheme::Auto | Scheme::Ntlm | Scheme::Negotiate => "Negotiate",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTPS: Way = Way {
        is_encrypted: true,
        is_loopback: false,
        allow_unencrypted: false,
    };
    const HTTP: Way = Way {
        is_encrypted: false,
        ..HTTPS
    };
    const OPEN: Way = Way {
        allow_unencrypted: true,
        ..HTTP
    };
    const HERE: Way = Way {
        is_loopback: true,
        ..HTTP
    };

    #[test]
    fn the_first_scheme_depends_on_the_way() {
        for (scheme, way, expected) in [
            (Scheme::Auto, HTTPS, Some(Scheme::Negotiate)),
            (Scheme::Auto, HTTP, Some(Scheme::Negotiate)),
            (Scheme::Auto, OPEN, Some(Scheme::Negotiate)),
            (Scheme::Auto, HERE, Some(Scheme::Basic)),
            (Scheme::Basic, HTTPS, Some(Scheme::Basic)),
            (Scheme::Basic, HTTP, None),
            (Scheme::Basic, OPEN, Some(Scheme::Basic)),
            (Scheme::Basic, HERE, Some(Scheme::Basic)),
            (Scheme::Ntlm, HTTP, Some(Scheme::Ntlm)),
            (Scheme::Negotiate, HERE, Some(Scheme::Negotiate)),
            (Scheme::Kerberos, HTTPS, Some(Scheme::Kerberos)),
        ] {
            assert_eq!(first(scheme, way), expected, "{scheme:?} {way:?}");
        }
    }

    #[test]
    fn only_what_is_not_taken_leads_on_and_only_when_nobody_chose() {
        use Scheme::{Auto, Basic, Kerberos, Negotiate};
        for (scheme, way, tried, offered, expected) in [
            (Auto, HTTPS, Negotiate, vec!["Basic"], Some(Basic)),
            (Auto, HTTPS, Negotiate, vec!["Negotiate", "Basic"], None),
            (Auto, HTTPS, Negotiate, vec![], None),
            (Auto, HTTP, Negotiate, vec!["Basic"], None),
            (Auto, OPEN, Negotiate, vec!["Basic"], Some(Basic)),
            (Auto, HERE, Basic, vec!["Negotiate"], Some(Negotiate)),
            (Auto, HERE, Basic, vec!["kerberos"], Some(Kerberos)),
            (Auto, HERE, Basic, vec!["Negotiate", "Basic"], None),
            (Auto, HERE, Basic, vec!["Digest"], None),
            (Negotiate, HTTPS, Negotiate, vec!["Basic"], None),
            (Basic, HTTPS, Basic, vec!["Negotiate"], None),
        ] {
            let owned: Vec<String> = offered.iter().map(|&o| o.to_owned()).collect();
            let found = next(scheme, way, tried, &owned);
            assert_eq!(found, expected, "{scheme:?} {way:?} {tried:?} {offered:?}");
        }
    }
}
