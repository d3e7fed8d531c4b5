//! What single findings mean, each by itself.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;

use super::check::Verdict;
use super::examination::{Question, Way};
use super::facts::Gone;
use super::remedies;
use crate::base::text::{printable, short_duration};
use crate::wsman::SignedOn;

/// The most that clocks may differ for Kerberos, as domains have it by default (RFC 4120, 7.5.9 and
/// the policy "Maximum tolerance for computer clock synchronization").
const LONGEST_DIFFERENCE: Duration = Duration::from_mins(5);

/// Whether a name leads anywhere.
pub fn name(name: &str, found: &Result<Vec<IpAddr>, Gone>) -> Verdict {
    let sentence = match found {
        Ok(addresses) if addresses.is_empty() => format!("the name {name} leads to no address"),
        Ok(_) if name.parse::<IpAddr>().is_ok() => {
            return Verdict::Pass(format!("{name} is an address"));
        }
        Ok(addresses) => {
            let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            return Verdict::Pass(format!("{name} is {}", all.join(", ")));
        }
        Err(gone) => {
            let why = match gone {
                Gone::Refused => "the resolver refuses to say".to_owned(),
                Gone::Silent(span) => {
                    format!("the resolver says nothing within {}", short_duration(*span))
                }
                Gone::Other(words) => printable(words),
            };
            format!("the name {name} does not resolve ({why})")
        }
    };
    Verdict::Fail {
        sentence,
        remedy: "check its spelling and the DNS".to_owned(),
    }
}

/// Whether a port takes connections.
pub fn port(question: &Question, found: Result<SocketAddr, Gone>) -> Verdict {
    let port = question.port;
    let quick = match question.way {
        Way::Http | Way::Https => "start WinRM there (winrm quickconfig)",
        Way::Wmi => {
            "allow the group Windows Management Instrumentation (WMI) through the firewall there"
        }
    };
    let (sentence, remedy) = match found {
        Ok(address) => return Verdict::Pass(format!("{address} takes connections")),
        Err(Gone::Refused) => (
            format!("nobody listens on port {port}"),
            format!("check the port, and {quick}"),
        ),
        Err(Gone::Silent(span)) => (
            format!(
                "port {port} says nothing within {}, as behind a firewall",
                short_duration(span)
            ),
            format!("let the firewalls pass port {port}; on the server, {quick}"),
        ),
        Err(Gone::Other(words)) => (
            format!(
                "no connection to port {port} comes about ({})",
                printable(&words)
            ),
            "check the network between here and the server".to_owned(),
        ),
    };
    Verdict::Fail { sentence, remedy }
}

/// Whether the clocks agree well enough.
pub fn clock(there: Option<Timestamp>, here: Timestamp) -> Verdict {
    let Some(there) = there else {
        return Verdict::Unknown("the server does not tell the time".to_owned());
    };
    let difference = there.duration_since(here);
    let span = difference.unsigned_abs();
    // The date of HTTP has whole seconds.
    let seen = if span < Duration::from_secs(2) {
        "the server's clock agrees with ours".to_owned()
    } else {
        let way = if difference.is_negative() {
            "behind"
        } else {
            "ahead of"
        };
        let whole = Duration::from_secs(span.as_secs());
        format!("the server's clock is {} {way} ours", short_duration(whole))
    };
    if span < LONGEST_DIFFERENCE {
        Verdict::Pass(seen)
    } else {
        Verdict::Fail {
            sentence: format!("{seen}; Kerberos tolerates five minutes"),
            remedy: remedies::CLOCK.to_owned(),
        }
    }
}

/// What a server says about itself.
pub fn host(vendor: &str, version: &str) -> String {
    let words = [vendor.trim(), version.trim()].map(printable);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["", ""] => "it answers without a name".to_owned(),
        [known, ""] | ["", known] => (*known).to_owned(),
        words => words.join(", "),
    }
}

/// Who is accepted, and how.
pub fn account(user: &str, signed_on: Option<&SignedOn>) -> String {
    let Some(signed_on) = signed_on else {
        return format!("{user} is accepted");
    };
    let mut seen = format!("{} by {}", signed_on.user, signed_on.scheme.name());
    if let Some(why) = &signed_on.instead_of_kerberos {
        // Writing to a string cannot fail.
        write!(seen, ", not by Kerberos: {}", printable(why)).ok();
    }
    seen
}

/// What keeps others from reading along, once the account is accepted.
pub const fn encryption(question: &Question, is_sealed: bool) -> &'static str {
    match question.way {
        Way::Https => "HTTPS encrypts everything",
        Way::Http if is_sealed => "each message is encrypted",
        Way::Http | Way::Wmi if question.is_loopback => "nothing leaves this machine",
        Way::Http => "messages that are not encrypted were allowed",
        Way::Wmi => "each packet is encrypted (packet privacy)",
    }
}
