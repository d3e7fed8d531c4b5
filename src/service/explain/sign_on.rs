//! Sentences about accounts that could not be proved: what is wrong, and who mends it how.

use super::super::ServiceErrorKind;
use crate::base::text;
use crate::wsman::Refusal;

/// Why an account could not be proved, and what to do.
pub(super) fn sentence(host: &str, account: &str, refusal: &Refusal) -> (ServiceErrorKind, String) {
    let kind = match refusal {
        // Another program may renew a ticket while a run goes on, and asking locks nobody.
        Refusal::NoKdc(_) | Refusal::NoTicket | Refusal::TicketExpired | Refusal::Forgotten => {
            ServiceErrorKind::Unreachable
        }
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
    (kind, words(host, account, refusal))
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

fn words(host: &str, account: &str, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Credentials => format!(
            "{host} refuses the user name or the password of {account}; check both, and that the \
             account is neither locked nor expired (it is not tried again, so that the account is \
             not locked)"
        ),
        Refusal::Scheme(offered) => scheme(host, offered),
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
        Refusal::NoKey => format!(
            "the account {account} has no AES-256 key, so Kerberos cannot prove it (its password was \
             not tried); set its password anew, allow it AES-256 (the attribute \
             msDS-SupportedEncryptionTypes), or use --auth ntlm"
        ),
        Refusal::NoProof => format!(
            "Kerberos asks for no proof of {account}, so anybody can guess at its password; clear `Do \
             not require Kerberos preauthentication` at the account, or use --auth ntlm"
        ),
        Refusal::ServiceKey(name) => format!(
            "the account that the service {name} belongs to has no AES key, so Kerberos gives no \
             ticket for it; allow it AES-256 and set its password anew (setspn -Q {name} tells which \
             one it is), or use --auth ntlm"
        ),
        Refusal::ClockSkew => format!(
            "the clocks of this machine, {host} and the domain controller differ by more than \
             Kerberos allows (usually 5 minutes); set them, for instance with NTP"
        ),
        Refusal::UnknownUser => format!(
            "Kerberos does not know {account}; check the name, write it with the full name of its \
             domain (user@corp.example or CORP.EXAMPLE\\user), or use --auth ntlm for an account of \
             the server itself"
        ),
        Refusal::UnknownRealm => format!(
            "Kerberos does not know the domain of {account}; write its full name, such as \
             user@corp.example"
        ),
        Refusal::ServiceName(name) => format!(
            "Kerberos does not know the service {name}; name the server as the domain knows it, \
             or register the name (setspn -S {name} COMPUTER), or use --auth ntlm"
        ),
        Refusal::NoKdc(why) => format!(
            "no Kerberos server can be asked about {account}: {}; name the domain controller in \
             krb5.conf or in the variable SSPI_KDC_URL, check port 88, or use --auth ntlm",
            text::printable(why)
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

/// The server does not take what was tried.
fn scheme(host: &str, offered: &[String]) -> String {
    let has = |name: &str| offered.iter().any(|one| one.eq_ignore_ascii_case(name));
    let remedy = if has("negotiate") {
        "use --auth negotiate"
    } else if has("kerberos") {
        "use --auth kerberos"
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
    use super::*;

    #[test]
    fn each_refusal_has_a_sentence_of_its_own_with_a_remedy() {
        let all = [
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
            Refusal::NoTicket,
            Refusal::TicketExpired,
            Refusal::NoSingleSignOn,
            Refusal::Ticket,
            Refusal::Forgotten,
            Refusal::Token("a token is malformed".to_owned()),
        ];
        let mut sentences: Vec<String> = all
            .iter()
            .map(|refusal| sentence("mim01:5985", "`CORP\\svc`", refusal).1)
            .collect();
        for sentence in &sentences {
            assert!(
                sentence.contains(';') || sentence.contains(": "),
                "{sentence}"
            );
        }
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), all.len());
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again() {
        for (refusal, is_passing) in [
            (Refusal::Credentials, false),
            (Refusal::Locked, false),
            (Refusal::NoKdc(String::new()), true),
            (Refusal::TicketExpired, true),
        ] {
            assert_eq!(sentence("h", "u", &refusal).0.is_passing(), is_passing);
        }
    }
}
