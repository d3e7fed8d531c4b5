//! Authentication as a state machine: what to send first, and what to do about a 401.
//!
//! Sans-I/O. Only Basic (RFC 7617); a scheme of several steps joins as a further state. Must not
//! send anything itself and must never try a refused password again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::secret::Secret;

/// How a client proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Basic where the server is this machine or the way is HTTPS and it offers nothing else;
    /// otherwise Negotiate.
    #[default]
    Auto,
    /// Name and password (RFC 7617).
    Basic,
    /// NTLM (MS-NLMP), within `Negotiate` (RFC 4559).
    Ntlm,
    /// Kerberos, and NTLM where Kerberos cannot be had; the change is announced.
    Negotiate,
    /// Kerberos alone (MS-KILE).
    Kerberos,
}

/// Authenticates one request.
#[derive(Debug, Clone)]
pub struct Authentication {
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// The value of the header `Authorization` is ready.
    Basic(Secret),
    /// It was sent; another 401 is final.
    BasicSent,
}

/// What to do next.
#[derive(Debug, Clone)]
pub enum Next {
    /// Send the request with this value of the header `Authorization`.
    Send(Secret),
    /// Give up.
    GiveUp(Refusal),
}

/// Why the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It takes this scheme, but neither this user nor this password.
    Credentials,
    /// It does not take this scheme; these are the ones that it offers.
    Scheme(Vec<String>),
}

/// Why a user name or password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Basic separates both with a colon.
    #[error("a user name must not contain a colon")]
    ColonInUser,
    /// A header cannot carry it.
    #[error("a user name must not contain a control character")]
    ControlInUser,
}

impl Authentication {
    /// Basic authentication.
    ///
    /// # Errors
    /// [`AuthError`] when the user name cannot be sent.
    pub fn basic(user: &str, password: &Secret) -> Result<Self, AuthError> {
        if user.contains(':') {
            return Err(AuthError::ColonInUser);
        }
        if user.chars().any(char::is_control) {
            return Err(AuthError::ControlInUser);
        }
        let plain = Secret::new(format!("{user}:{}", password.reveal()));
        let value = Secret::new(format!("Basic {}", STANDARD.encode(plain.reveal())));
        Ok(Self {
            state: State::Basic(value),
        })
    }

    /// What to send with the first request. At least one server never answers a request without
    /// the header, so it goes out before it is asked for.
    pub fn first(&mut self) -> Next {
        match std::mem::replace(&mut self.state, State::BasicSent) {
            State::Basic(value) => Next::Send(value),
            State::BasicSent => Next::GiveUp(Refusal::Credentials),
        }
    }

    /// What to do after a 401 with these values of `WWW-Authenticate`. A refused password is final:
    /// trying again could lock the account.
    pub fn on_unauthorized(&mut self, challenges: &[String]) -> Next {
        if let State::Basic(_) = self.state {
            return self.first();
        }
        let schemes: Vec<String> = challenges
            .iter()
            .filter_map(|challenge| challenge.split_whitespace().next())
            .map(|scheme| scheme.trim_end_matches(',').to_owned())
            .collect();
        let takes_basic = schemes.iter().any(|s| s.eq_ignore_ascii_case("basic"));
        Next::GiveUp(if takes_basic || schemes.is_empty() {
            Refusal::Credentials
        } else {
            Refusal::Scheme(schemes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(user: &str) -> Result<Authentication, AuthError> {
        Authentication::basic(user, &Secret::new("pässword".to_owned()))
    }

    #[test]
    fn the_header_is_sent_once() {
        let mut auth = basic("CORP\\svc").unwrap();
        let Next::Send(value) = auth.first() else {
            panic!("nothing to send");
        };
        assert_eq!(value.reveal(), "Basic Q09SUFxzdmM6cMOkc3N3b3Jk");
        assert!(matches!(auth.first(), Next::GiveUp(Refusal::Credentials)));
        assert!(!format!("{auth:?} {value:?}").contains("Q09S"));
    }

    #[test]
    fn a_refusal_is_final_and_says_why() {
        let mut auth = basic("svc").unwrap();
        auth.first();
        for (challenges, expected) in [
            (vec![], Refusal::Credentials),
            (vec!["Basic realm=\"WSMAN\""], Refusal::Credentials),
            (
                vec!["Negotiate", "Kerberos"],
                Refusal::Scheme(vec!["Negotiate".to_owned(), "Kerberos".to_owned()]),
            ),
        ] {
            let challenges: Vec<String> = challenges.into_iter().map(str::to_owned).collect();
            let Next::GiveUp(refusal) = auth.on_unauthorized(&challenges) else {
                panic!("sent again");
            };
            assert_eq!(refusal, expected);
        }
    }

    #[test]
    fn users_that_cannot_be_sent_are_refused() {
        assert_eq!(basic("a:b").unwrap_err(), AuthError::ColonInUser);
        assert_eq!(basic("a\nb").unwrap_err(), AuthError::ControlInUser);
    }
}
