//! Who may talk to the server: one user, Basic authentication (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::secret::Secret;
use crate::simulator::scenario::same;

/// The one user of a simulated server.
pub struct Account {
    user: String,
    password: Secret,
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

    /// The account as the run history names it, `DOMAIN\user`.
    pub fn as_security_id(&self) -> String {
        if self.user.contains('\\') || self.user.contains('@') {
            self.user.clone()
        } else {
            format!("DEMO\\{}", self.user)
        }
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
