//! How an account is proved: which scheme to use, and the steps of each.
//!
//! Opens no connection to the server; the session carries the tokens. Must never try a refused
//! password again.
//!
//! The crate `sspi` (0.23.1) is guarded against here and in `wsman::seal`: it panics on malformed
//! tokens, takes replayed messages of Kerberos, writes channel bindings that Kerberos refuses, and
//! falls back to NTLM without a word. So every message goes through `seal::settled` first, every
//! answer must relate to our own random number, Kerberos never gets a binding, and a context has one
//! mechanism only.

pub(super) mod basic;
mod binding;
pub(super) mod challenge;
pub(super) mod choice;
pub(super) mod context;
mod failure;
mod kdc;
mod key_types;
mod srv;
pub(super) mod system;

use std::fmt;
use std::time::Duration;

pub use system::SingleSignOn;

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

impl Scheme {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "automatic",
            Self::Basic => "Basic",
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
            Self::Kerberos => "Kerberos",
        }
    }
}

/// Who is signed on, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOn {
    /// The user, as it was given, or as the system calls it.
    pub user: String,
    /// What the user was proved with: never `Auto` or `Negotiate`.
    pub scheme: Scheme,
    /// Whether what travels is encrypted, by TLS or message by message.
    pub is_encrypted: bool,
    /// Why it is not Kerberos, when that was wanted first.
    pub instead_of_kerberos: Option<String>,
}

impl SignedOn {
    /// One line that also says why it is not Kerberos, where that was wanted first.
    pub fn in_full(&self) -> String {
        match &self.instead_of_kerberos {
            Some(why) => format!("{self}, not by Kerberos until the end: {why}"),
            None => self.to_string(),
        }
    }
}

impl fmt::Display for SignedOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encryption = if self.is_encrypted {
            "encrypted"
        } else {
            "not encrypted"
        };
        write!(f, "{} by {}, {encryption}", self.user, self.scheme.name())
    }
}

/// Why an account could not be proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It takes this scheme, but neither this user nor this password.
    Credentials,
    /// It does not take this scheme; these are the ones that it offers.
    Scheme(Vec<String>),
    /// The password has expired.
    Expired,
    /// The account is locked or disabled.
    Locked,
    /// The account was valid until a day that has passed.
    AccountExpired,
    /// The account has no key of AES-256, without which Kerberos cannot be had here. Its password
    /// was not used.
    NoKey,
    /// The Kerberos server asks for no proof of the account before it answers, which is not supported.
    NoProof,
    /// The clocks are too far apart for Kerberos.
    ClockSkew,
    /// Kerberos does not know the user.
    UnknownUser,
    /// Kerberos does not know the realm of the user.
    UnknownRealm,
    /// Kerberos does not know this service.
    ServiceName(String),
    /// This service has no key of AES.
    ServiceKey(String),
    /// No Kerberos server answers; why, as a clause.
    NoKdc(String),
    /// The logged-on user has nothing that could be proved: no ticket.
    NoTicket,
    /// The logged-on user's ticket has expired.
    TicketExpired,
    /// Whoever is asked about the account does not answer in this time.
    Silence(Duration),
    /// Nobody is named, and this build cannot ask the system who is logged on.
    NoSingleSignOn,
    /// The server did not take the ticket of Kerberos.
    Ticket,
    /// The server signed the account on and then forgot it.
    Forgotten,
    /// A token cannot be what it should be; why, as a clause.
    Token(String),
}

impl Refusal {
    /// Whether it is about the account or what the server takes, so that another try would be
    /// refused as well and could lock the account.
    pub const fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Credentials
                | Self::Scheme(_)
                | Self::Expired
                | Self::Locked
                | Self::AccountExpired
        )
    }

    /// Whether the password itself was looked at and not taken, or is not to be tried any more: it
    /// takes another one, or somebody who unlocks the account.
    pub const fn is_of_password(&self) -> bool {
        matches!(self, Self::Credentials | Self::Expired | Self::Locked)
    }

    /// Whether Kerberos cannot be had while the password may still be right. A refused password
    /// never leads to another scheme.
    pub const fn lets_fall_back(&self) -> bool {
        match self {
            Self::ClockSkew
            | Self::NoKey
            | Self::NoProof
            | Self::UnknownUser
            | Self::UnknownRealm
            | Self::ServiceName(_)
            | Self::ServiceKey(_)
            | Self::NoKdc(_)
            | Self::Silence(_)
            | Self::NoTicket
            | Self::TicketExpired
            | Self::Ticket => true,
            Self::Credentials
            | Self::Scheme(_)
            | Self::Expired
            | Self::Locked
            | Self::AccountExpired
            | Self::NoSingleSignOn
            | Self::Forgotten
            | Self::Token(_) => false,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credentials => f.write_str("the server refuses the user name or the password"),
            Self::Scheme(offered) => write!(
                f,
                "the server does not take this way to sign on, only {}",
                offered.join(", ")
            ),
            Self::Expired => f.write_str("the password has expired"),
            Self::Locked => f.write_str("the account is locked or disabled"),
            Self::AccountExpired => f.write_str("the account has expired"),
            Self::NoKey => f.write_str("the account has no AES-256 key for Kerberos"),
            Self::NoProof => f.write_str("Kerberos asks for no proof of the account"),
            Self::ClockSkew => f.write_str("the clocks differ too much for Kerberos"),
            Self::UnknownUser => f.write_str("Kerberos does not know the user"),
            Self::UnknownRealm => f.write_str("Kerberos does not know the realm of the user"),
            Self::ServiceName(name) => write!(f, "Kerberos does not know the service {name}"),
            Self::ServiceKey(name) => {
                write!(f, "the service {name} has no AES key for Kerberos")
            }
            Self::NoKdc(why) => write!(f, "no Kerberos server answers, {why}"),
            Self::Silence(time) => {
                write!(
                    f,
                    "nothing proves the account within {} s",
                    time.as_secs_f32()
                )
            }
            Self::NoTicket => f.write_str("Kerberos has no ticket of the logged-on user"),
            Self::TicketExpired => f.write_str("the Kerberos ticket has expired"),
            Self::NoSingleSignOn => f.write_str(NO_SINGLE_SIGN_ON),
            Self::Ticket => f.write_str("the server does not take the ticket of Kerberos"),
            Self::Forgotten => f.write_str("the server signs the account on and forgets it"),
            Self::Token(why) => write!(f, "signing on went wrong, {why}"),
        }
    }
}

/// Why a user name or password cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// There is neither a user, nor a system that could be asked for one.
    #[error("no user name was given, and {NO_SINGLE_SIGN_ON}; name one")]
    NoUser,
    /// The system cannot prove its user by this scheme.
    #[error("no user name was given, and {} needs one here; name one", .0.name())]
    NoUserFor(Scheme),
    /// A user is named without a password.
    #[error("no password was given for the user `{0}`")]
    NoPassword(String),
    /// A password is given and nobody whose it could be.
    #[error("a password was given without a user name; name one, or leave the password out")]
    PasswordOfNobody,
    /// Basic separates both with a colon.
    #[error("a user name must not contain a colon")]
    ColonInUser,
    /// A header cannot carry it.
    #[error("a user name must not contain a control character")]
    ControlInUser,
    /// It is neither a name, nor `DOMAIN\user`, nor `user@domain`.
    #[error("a user name is user, DOMAIN\\user or user@domain")]
    UserForm,
}

/// What a build says that cannot ask the system.
const NO_SINGLE_SIGN_ON: &str = "this program cannot sign on as whoever is logged on";

/// Whose account is proved.
#[derive(Debug, Clone, Default)]
pub enum Account {
    /// A user with a password.
    Given {
        /// The user: a name, `DOMAIN\user` or `user@domain`.
        user: String,
        /// The password.
        password: Secret,
    },
    /// Whoever is logged on here, as the system proves it.
    #[default]
    LoggedOn,
}

impl Account {
    /// A user with a password; the logged-on user where neither is named.
    ///
    /// # Errors
    /// [`AuthError::NoPassword`] when a user is named without one, [`AuthError::PasswordOfNobody`] when
    /// there is a password alone: it was meant for somebody else than whoever is logged on.
    pub fn of(user: Option<String>, password: Option<Secret>) -> Result<Self, AuthError> {
        match (user, password) {
            (None, None) => Ok(Self::LoggedOn),
            (None, Some(password)) if password.reveal().is_empty() => Ok(Self::LoggedOn),
            (None, Some(_)) => Err(AuthError::PasswordOfNobody),
            (Some(user), Some(password)) => Ok(Self::Given { user, password }),
            (Some(user), None) => Err(AuthError::NoPassword(user)),
        }
    }

    /// The user that was given.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Given { user, .. } => Some(user),
            Self::LoggedOn => None,
        }
    }

    /// Whom it is about, in a sentence.
    pub fn person(&self) -> String {
        match self {
            Self::Given { user, .. } => format!("`{user}`"),
            Self::LoggedOn => "the logged-on user".to_owned(),
        }
    }

    /// Makes sure that the scheme can prove the account, and carry its name.
    ///
    /// # Errors
    /// [`AuthError`] when it cannot.
    pub(super) fn check(&self, scheme: Scheme) -> Result<(), AuthError> {
        let user = match self {
            Self::Given { user, .. } => user,
            Self::LoggedOn if SingleSignOn::HERE.proves(scheme) => return Ok(()),
            Self::LoggedOn => {
                let knows_nobody = SingleSignOn::HERE == SingleSignOn::Nothing;
                return Err(if knows_nobody && scheme != Scheme::Basic {
                    AuthError::NoUser
                } else {
                    AuthError::NoUserFor(scheme)
                });
            }
        };
        if user.chars().any(char::is_control) {
            return Err(AuthError::ControlInUser);
        }
        if scheme == Scheme::Basic {
            return basic::check(user);
        }
        context::check(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_that_cannot_be_sent_are_refused() {
        for (user, scheme, expected) in [
            ("a:b", Scheme::Basic, Err(AuthError::ColonInUser)),
            ("a\nb", Scheme::Basic, Err(AuthError::ControlInUser)),
            ("a\nb", Scheme::Ntlm, Err(AuthError::ControlInUser)),
            ("A\\b\\c", Scheme::Negotiate, Err(AuthError::UserForm)),
            ("CORP\\svc", Scheme::Negotiate, Ok(())),
            ("svc@corp.example", Scheme::Kerberos, Ok(())),
            ("svc", Scheme::Ntlm, Ok(())),
        ] {
            let account = Account::Given {
                user: user.to_owned(),
                password: Secret::default(),
            };
            assert_eq!(account.check(scheme), expected, "{user:?}");
        }
    }

    #[test]
    fn a_password_of_nobody_is_no_password_of_whoever_is_logged_on() {
        let password = |text: &str| Some(Secret::new(text.to_owned()));
        let of_nobody = Account::of(None, password("secret"));
        assert_eq!(of_nobody.err(), Some(AuthError::PasswordOfNobody));
        for nothing in [None, password("")] {
            let account = Account::of(None, nothing);
            assert!(matches!(account, Ok(Account::LoggedOn)));
        }
    }

    #[test]
    fn a_refused_password_never_leads_to_another_scheme() {
        for refusal in [
            Refusal::Credentials,
            Refusal::Scheme(vec!["Basic".to_owned()]),
            Refusal::Expired,
            Refusal::Locked,
            Refusal::AccountExpired,
        ] {
            assert!(refusal.is_final() && !refusal.lets_fall_back());
        }
        for refusal in [
            Refusal::NoKdc(String::new()),
            Refusal::UnknownUser,
            Refusal::NoKey,
        ] {
            assert!(!refusal.is_final() && refusal.lets_fall_back());
        }
    }

    #[test]
    fn who_is_signed_on_is_one_line() {
        let signed_on = SignedOn {
            user: "CORP\\svc".to_owned(),
            scheme: Scheme::Ntlm,
            is_encrypted: true,
            instead_of_kerberos: None,
        };
        assert_eq!(signed_on.to_string(), "CORP\\svc by NTLM, encrypted");
        assert_eq!(signed_on.in_full(), signed_on.to_string());
        let fallen = SignedOn {
            instead_of_kerberos: Some("no ticket".to_owned()),
            ..signed_on
        };
        assert!(fallen.in_full().ends_with(": no ticket"));
    }
}
