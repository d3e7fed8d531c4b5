//! Sentences about accounts that could not be proved: what is wrong, and who mends it how.

use super::super::ServiceErrorKind;
use super::Person;
use crate::base::text;
use crate::wsman::{Refusal, Scheme, SingleSignOn};

/// Why an account could not be proved, and what to do.
pub(super) fn sentence(
    host: &str,
    person: &Person,
    refusal: &Refusal,
) -> (ServiceErrorKind, String) {
    let kind = match refusal {
        // Another program may renew a ticket while a run goes on, and asking locks nobody.
        Refusal::NoKdc(_)
        | Refusal::Silence(_)
        | Refusal::NoTicket
        | Refusal::TicketExpired
        | Refusal::Forgotten => ServiceErrorKind::Unreachable,
        Refusal::Token(_) => ServiceErrorKind::Protocol,
        Refusal::UnknownRealm
        | Refusal::ServiceName(_)
        | Refusal::ServiceKey(_)
        | Refusal::NoSingleSignOn => ServiceErrorKind::Settings,
        Refusal::Credentials
        | Refusal::Scheme(_)
        | Refusal::Expired
        | Refusal::Locked
        | Refusal::AccountExpired
        | Refusal::NoKey
        | Refusal::NoProof
        | Refusal::ClockSkew
        | Refusal::UnknownUser
        | Refusal::Ticket => ServiceErrorKind::Unauthorized,
    };
    let own = if person.is_named() {
        None
    } else {
        of_logged_on(host, refusal)
    };
    let sentence = own.unwrap_or_else(|| words(host, person, refusal));
    (kind, sentence)
}

/// How the logged-on user gets a ticket.
const FIRST_TICKET: &str = if cfg!(windows) {
    "log on with an account of the domain"
} else {
    "get one (kinit, or a keytab in KRB5_CLIENT_KTNAME)"
};
/// How an old ticket is renewed.
const NEXT_TICKET: &str = if cfg!(windows) {
    "lock and unlock this session"
} else {
    "get a new one (kinit)"
};

/// The way without Kerberos.
const NTLM: &str = "use --auth ntlm";
/// The same where it takes a password.
const NAMED_NTLM: &str = "name a user (--user) and use --auth ntlm";

/// What is wrong in another way, or is mended in another way, where nobody is named: there is no
/// password here, and whose proof it is stands in a ticket or a keytab.
fn of_logged_on(host: &str, refusal: &Refusal) -> Option<String> {
    let mend_kdc = if cfg!(windows) {
        "check that this machine reaches a domain controller (nltest /dsgetdc:DOMAIN), and its port 88"
    } else {
        "name the domain controller in krb5.conf ([realms], kdc), check port 88"
    };
    Some(match refusal {
        Refusal::Credentials if cfg!(windows) => format!(
            "{host} does not let the logged-on user sign on; name a user that it knows (--user)"
        ),
        Refusal::Credentials => "Kerberos refuses the key of the logged-on user, so the keytab is \
             older than the password; write the keytab anew (KRB5_CLIENT_KTNAME names it), get a \
             ticket (kinit), or name a user (--user)"
            .to_owned(),
        Refusal::NoKdc(why) => format!(
            "no Kerberos server can be asked for a ticket of the logged-on user: {}; {mend_kdc}, or \
             name a user (--user)",
            text::printable(why)
        ),
        Refusal::Silence(time) => format!(
            "no ticket of the logged-on user comes within {} s; {mend_kdc}, or name a user (--user)",
            time.as_secs_f32()
        ),
        Refusal::UnknownUser => "Kerberos does not know the logged-on user; see whose ticket or \
             keytab it is (klist), or name a user (--user)"
            .to_owned(),
        Refusal::UnknownRealm => {
            "Kerberos does not know the domain of the logged-on user; name it \
             in krb5.conf, or name a user (--user)"
                .to_owned()
        }
        _ => return None,
    })
}

fn words(host: &str, person: &Person, refusal: &Refusal) -> String {
    let account = person.words();
    let has_ntlm = person.is_named() || SingleSignOn::HERE.proves(Scheme::Ntlm);
    let ntlm = if has_ntlm { NTLM } else { NAMED_NTLM };
    match refusal {
        Refusal::Credentials => format!(
            "{host} refuses the user name or the password of {account}; check both, and that the \
             account is neither locked nor expired (it is not tried again, so that the account is \
             not locked)"
        ),
        Refusal::Scheme(offered) => scheme(host, person, offered),
        Refusal::Expired => format!(
            "the password of {account} has expired; set a new one, for instance by signing on to \
             Windows with it"
        ),
        Refusal::Locked => format!(
            "the account {account} is locked, disabled or expired; let an administrator of the \
             domain unlock it, and do not try again before"
        ),
        Refusal::AccountExpired => format!(
            "the account {account} has expired; let an administrator of the domain extend it"
        ),
        Refusal::NoKey | Refusal::NoProof | Refusal::ServiceKey(_) => keys(account, ntlm, refusal),
        Refusal::ClockSkew => format!(
            "the clocks of this machine, {host} and the domain controller differ by more than \
             Kerberos allows (usually 5 minutes); set them, for instance with NTP"
        ),
        Refusal::UnknownUser => format!(
            "Kerberos does not know {account}; check the name, write it with the full name of its \
             domain (user@corp.example or CORP.EXAMPLE\\user), or {ntlm} for an account of \
             the server itself"
        ),
        Refusal::UnknownRealm => format!(
            "Kerberos does not know the domain of {account}; write its full name, such as \
             user@corp.example"
        ),
        Refusal::ServiceName(name) => format!(
            "Kerberos does not know the service {name}; name the server as the domain knows it, \
             or register the name (setspn -S {name} COMPUTER), or {ntlm}"
        ),
        Refusal::NoKdc(why) => format!(
            "no Kerberos server can be asked about {account}: {}; name the domain controller in \
             krb5.conf or in the variable SSPI_KDC_URL, check port 88, or {ntlm}",
            text::printable(why)
        ),
        Refusal::Silence(time) => format!(
            "nobody says within {} s whether it is {account}; name the domain controller in krb5.conf \
             or in the variable SSPI_KDC_URL, check port 88, or {ntlm}",
            time.as_secs_f32()
        ),
        Refusal::NoTicket => format!(
            "Kerberos has no ticket of {account} for {host}; {FIRST_TICKET}, or name a user"
        ),
        Refusal::TicketExpired => {
            format!("the Kerberos ticket of {account} has expired; {NEXT_TICKET}, or name a user")
        }
        Refusal::NoSingleSignOn => "nobody is named, and this program cannot sign on as whoever \
             is logged on; name a user"
            .to_owned(),
        Refusal::Ticket => format!(
            "{host} does not take the Kerberos ticket of {account}; check that the name HTTP/{} \
             belongs to that server alone (setspn -Q), and its clock",
            host.split(':').next().unwrap_or(host)
        ),
        Refusal::Forgotten => format!(
            "{host} signs {account} on and asks again with the next request; something between, \
             such as a proxy or a load balancer, uses several connections: go around it"
        ),
        Refusal::Token(why) => format!(
            "signing on to {host} goes wrong: {}; check that it is WinRM that listens there, or \
             choose another way (--auth)",
            text::printable(why)
        ),
    }
}

/// Kerberos cannot prove the account, or not safely, for want of a key or a demand.
fn keys(account: &str, ntlm: &str, refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoKey => format!(
            "the account {account} has no AES-256 key, so Kerberos cannot prove it (its password was \
             not tried); set its password anew, allow it AES-256 (the attribute \
             msDS-SupportedEncryptionTypes), or {ntlm}"
        ),
        Refusal::NoProof => format!(
            "Kerberos asks for no proof of {account}, so anybody can guess at its password; clear `Do \
             not require Kerberos preauthentication` at the account, or {ntlm}"
        ),
        Refusal::ServiceKey(name) => format!(
            "the account that the service {name} belongs to has no AES key, so Kerberos gives no \
             ticket for it; allow it AES-256 and set its password anew (setspn -Q {name} tells which \
             one it is), or {ntlm}"
        ),
        other => other.to_string(),
    }
}

/// The server does not take what was tried.
fn scheme(host: &str, person: &Person, offered: &[String]) -> String {
    let has = |name: &str| offered.iter().any(|one| one.eq_ignore_ascii_case(name));
    let remedy = if has("negotiate") {
        "use --auth negotiate"
    } else if has("kerberos") {
        "use --auth kerberos"
    } else if has("basic") && !person.is_named() {
        "name a user (--user) and use --auth basic with https, or enable Negotiate there (winrm set \
         winrm/config/service/auth @{Negotiate=\"true\"})"
    } else if has("basic") {
        "use --auth basic with https, or enable Negotiate there (winrm set \
         winrm/config/service/auth @{Negotiate=\"true\"})"
    } else {
        "enable Negotiate there (winrm set winrm/config/service/auth @{Negotiate=\"true\"})"
    };
    let offered = text::printable(&offered.join(", "));
    format!("{host} does not take this way to sign on, only {offered}; {remedy}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn person(is_named: bool) -> Person {
        let words = if is_named {
            "`CORP\\svc`"
        } else {
            "the logged-on user"
        };
        Person {
            words: words.to_owned(),
            is_named,
        }
    }

    fn all() -> Vec<Refusal> {
        vec![
            Refusal::Credentials,
            Refusal::Scheme(vec!["Basic".to_owned()]),
            Refusal::Scheme(vec!["Negotiate".to_owned()]),
            Refusal::Expired,
            Refusal::Locked,
            Refusal::AccountExpired,
            Refusal::NoKey,
            Refusal::NoProof,
            Refusal::ServiceKey("HTTP/mim01".to_owned()),
            Refusal::ClockSkew,
            Refusal::UnknownUser,
            Refusal::UnknownRealm,
            Refusal::ServiceName("HTTP/mim01".to_owned()),
            Refusal::NoKdc("dc1:88 does not answer".to_owned()),
            Refusal::Silence(Duration::from_secs(35)),
            Refusal::NoTicket,
            Refusal::TicketExpired,
            Refusal::NoSingleSignOn,
            Refusal::Ticket,
            Refusal::Forgotten,
            Refusal::Token("a token is malformed".to_owned()),
        ]
    }

    #[test]
    fn each_refusal_has_a_sentence_of_its_own_with_a_remedy() {
        for is_named in [true, false] {
            let mut sentences: Vec<String> = all()
                .iter()
                .map(|refusal| sentence("mim01:5985", &person(is_named), refusal).1)
                .collect();
            for sentence in &sentences {
                assert!(
                    sentence.contains(';') || sentence.contains(": "),
                    "{sentence}"
                );
            }
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), all().len());
        }
    }

    #[test]
    fn whoever_is_logged_on_is_told_of_no_password_and_no_way_that_needs_one() {
        for refusal in all() {
            let (_, sentence) = sentence("mim01:5985", &person(false), &refusal);
            // Only our own Kerberos reads the variable, not that of the system.
            for wrong in ["SSPI_KDC_URL", "or the password", "user@corp.example"] {
                assert!(!sentence.contains(wrong), "{wrong}: {sentence}");
            }
            for way in ["use --auth ntlm", "use --auth basic"] {
                let is_told = sentence.contains(way);
                let has_user = sentence.contains(&format!("name a user (--user) and {way}"));
                let is_enough = way.ends_with("ntlm") && SingleSignOn::HERE.proves(Scheme::Ntlm);
                assert!(!is_told || has_user || is_enough, "{sentence}");
            }
        }
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again() {
        for (refusal, is_passing) in [
            (Refusal::Credentials, false),
            (Refusal::Locked, false),
            (Refusal::NoKdc(String::new()), true),
            (Refusal::Silence(Duration::from_secs(1)), true),
            (Refusal::TicketExpired, true),
        ] {
            assert_eq!(
                sentence("h", &person(true), &refusal).0.is_passing(),
                is_passing
            );
        }
    }
}
