//! Who may talk to the server: one user, Basic authentication (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::secret::Secret;
use crate::simulator::scenario::same;

/// The domain that the run history shows for a local account.
const LOCAL: &str = "DEMO";

/// The one user of a simulated server.
pub struct Account {
    user: String,
    password: Secret,
}

/// Where a domain stands in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain<'a> {
    /// `DOMAIN\user`
    Before(&'a str),
    /// `user@domain`
    After(&'a str),
}

impl Account {
    /// A user with a password; the case of the user's name does not count, as on Windows.
    pub const fn new(user: String, password: Secret) -> Self {
        Self { user, password }
    }

    /// Whether the value of an `Authorization` header is this user's.
    pub fn is_proved_by(&self, authorization: &str) -> bool {
        let Some((scheme, token)) = authorization.trim().split_once(' ') else {
            return false;
        };
        if !scheme.eq_ignore_ascii_case("Basic") {
            return false;
        }
        let Ok(decoded) = STANDARD.decode(token.trim()) else {
            return false;
        };
        let Ok(text) = String::from_utf8(decoded) else {
            return false;
        };
        let Some((user, password)) = text.split_once(':') else {
            return false;
        };
        // Both are compared in any case, so that the time does not tell which one is wrong.
        let is_user = same(user, &self.user);
        let is_password = is_equal_slowly(password.as_bytes(), self.password.reveal().as_bytes());
        is_user & is_password
    }

    /// Its password, for schemes that prove it without sending it.
    pub const fn password(&self) -> &Secret {
        &self.password
    }

    /// Whether these are the user's name and domain; both in any case, as on Windows. A name such
    /// as `user@domain` may come in one piece. A local account, which has no domain, may be named
    /// with none, with `.` or with the one that the run history shows.
    pub fn is_named(&self, user: &str, domain: Option<&str>) -> bool {
        let (user, domain) = match domain.filter(|domain| !domain.is_empty()) {
            Some(domain) => (user, Some(domain)),
            None => parts(user),
        };
        let (own_user, own_domain) = parts(&self.user);
        let is_domain = match (own_domain, domain) {
            (Some(own), Some(domain)) => same(own, domain),
            (Some(_), None) => false,
            (None, None) => true,
            (None, Some(domain)) => same(domain, ".") || same(domain, LOCAL),
        };
        same(user, own_user) && is_domain
    }

    /// Every form in which the user may be named outside Kerberos.
    pub fn names(&self) -> Vec<(&str, Option<Domain<'_>>)> {
        let (user, domain) = parts(&self.user);
        let domains = match domain {
            Some(domain) => [Some(Domain::Before(domain)), Some(Domain::After(domain))],
            None => [None, Some(Domain::Before(LOCAL))],
        };
        domains.into_iter().map(|domain| (user, domain)).collect()
    }

    /// Whether this is the user's name in a realm of Kerberos. A domain may be written as the
    /// first part of its realm, as Windows usually names both; a local account counts in the home
    /// realm of the server.
    pub fn is_named_in_realm(&self, user: &str, realm: &str, is_home: bool) -> bool {
        let (own_user, own_domain) = parts(&self.user);
        let first = realm.split('.').next().unwrap_or_default();
        let is_realm = own_domain.map_or(is_home, |own| same(own, realm) || same(own, first));
        same(user, own_user) && is_realm
    }

    /// The account as the run history names it, `DOMAIN\user`.
    pub fn as_security_id(&self) -> String {
        if self.user.contains('\\') || self.user.contains('@') {
            self.user.clone()
        } else {
            format!("{LOCAL}\\{}", self.user)
        }
    }
}

/// A name and its domain, of `DOMAIN\user`, `user@domain` or `user`.
fn parts(name: &str) -> (&str, Option<&str>) {
    if let Some((domain, user)) = name.split_once('\\') {
        (user, Some(domain))
    } else if let Some((user, domain)) = name.rsplit_once('@') {
        (user, Some(domain))
    } else {
        (name, None)
    }
}

/// Compares without stopping at the first difference.
fn is_equal_slowly(left: &[u8], right: &[u8]) -> bool {
    let difference = left
        .iter()
        .zip(right)
        .fold(0, |difference, (left, right)| difference | (left ^ right));
    difference == 0 && left.len() == right.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_in_all_their_forms_and_no_other() {
        for (own, user, domain, expected) in [
            ("CORP\\svc", "SVC", Some("corp"), true),
            ("CORP\\svc", "svc@corp", Some(""), true),
            ("svc@corp", "svc", Some("CORP"), true),
            ("CORP\\svc", "svc", Some("OTHER"), false),
            ("CORP\\svc", "bob", Some("CORP"), false),
            ("CORP\\svc", "svc", None, false),
            ("svc", "Svc", None, true),
            ("svc", "svc", Some(""), true),
            ("svc", "svc", Some("."), true),
            ("svc", "svc", Some("demo"), true),
            ("svc", "svc", Some("CORP"), false),
        ] {
            let account = Account::new(own.to_owned(), Secret::default());
            assert_eq!(
                account.is_named(user, domain),
                expected,
                "{own}: {user} {domain:?}"
            );
        }
        for (own, realm, is_home, expected) in [
            ("svc", "corp.example", true, true),
            ("svc", "corp.example", false, false),
            ("CORP\\svc", "corp.example", false, true),
            ("svc@CORP.EXAMPLE", "corp.example", false, true),
            ("CORP\\svc", "other.example", true, false),
        ] {
            let account = Account::new(own.to_owned(), Secret::default());
            let is_named = account.is_named_in_realm("SVC", realm, is_home);
            assert_eq!(is_named, expected, "{own}: {realm}");
            assert!(!account.is_named_in_realm("bob", realm, is_home));
        }
    }

    #[test]
    fn only_the_right_words_open_the_door() {
        let account = Account::new("Operator".to_owned(), Secret::new("pä:ss".to_owned()));
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for (authorization, expected) in [
            (basic("Operator:pä:ss"), true),
            (basic("OPERATOR:pä:ss").replace("Basic", "basic"), true),
            (basic("Operator:pä:sS"), false),
            (basic("Operator:"), false),
            (basic("Operator:pä:ss2"), false),
            (basic("other:pä:ss"), false),
            (basic("Operator"), false),
            ("Negotiate abc".to_owned(), false),
            ("Basic ???".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(
                account.is_proved_by(&authorization),
                expected,
                "{authorization}"
            );
        }
    }
}
