//! What the Connect dialog says.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::designer::{ConnectField, ConnectForm, ConnectMethod};
use crate::model::Authentication;
use crate::settings::LastServer;

pub use super::inspector::{
    authentication, authentication_hint, resource_uris, resource_uris_hint,
};

/// The heading.
pub const TITLE: &str = "Connect to a server";
/// Ends an attempt that is under way.
pub const GIVE_UP: &str = "Stop connecting";
/// The field for the host.
pub const SERVER: &str = "Server";
/// What to type there.
pub const SERVER_HINT: &str = "Name, address or URL";
/// What an empty host means over WMI.
pub const THIS_MACHINE: &str = "This computer";
/// The choice of the method.
pub const METHOD: &str = "Method";
/// Whether HTTPS is used.
pub const TLS: &str = "Use HTTPS";
/// The field for the port.
pub const PORT: &str = "Port";
/// How the account is proved.
pub const AUTHENTICATION: &str = "Authentication";
/// The file of authorities.
pub const CA_FILE: &str = "CA file";
/// What an empty one means.
pub const CA_FILE_HINT: &str = "Authorities of the system";
/// Chooses it with the system's dialog.
pub const BROWSE_CA_FILE: &str = "Choose the CA file";
/// How classes are written as URIs.
pub const RESOURCE_URIS: &str = "Resource URIs";
/// Takes the password out of the store.
pub const FORGET_PASSWORD: &str = "Forget the kept password";
/// Whether it goes on where nothing is encrypted.
pub const ALLOW_UNENCRYPTED: &str = "Go on where nothing is encrypted";
/// The account and its password.
pub const ACCOUNT: &str = "Account";
/// The field for the account.
pub const USER: &str = "User";
/// What to type there.
pub const USER_HINT: &str = "DOMAIN\\user";
/// What an empty account means over WMI.
pub const SIGNED_IN: &str = "The account that is logged on here";
/// The field for the password.
pub const PASSWORD: &str = "Password";
/// A password that the server bar has already.
pub const PASSWORD_TYPED: &str = "As typed in the server bar";
/// Keeps the password.
pub const REMEMBER: &str = "Keep the password in this computer’s store";
/// Why WMI cannot be chosen.
pub const WMI_ONLY_ON_WINDOWS: &str = "WMI works only where this program runs on Windows";
/// The certificate that is trusted.
pub const PINNED: &str = "Trusts only the certificate";
/// Trusts the usual ones again.
pub const UNPIN: &str = "Forget";
/// The list of servers.
pub const RECENT: &str = "Recent servers";
/// There is none yet.
pub const NO_RECENT: &str = "Servers that you connect to are listed here.";
/// What the dialog is good for, where there is nothing else to say.
pub const HELP: &str = "An empty password means the one that is kept. A refused one is tried only \
                        once, so that the account is not locked.";
/// Something goes on.
pub const STEPS: &str = "Finds the server, proves the account and reads the agents.";
/// The certificate that was shown.
pub const CERTIFICATE: &str = "Certificate of the server";
/// Whose it is.
pub const SUBJECT: &str = "Subject";
/// Who signed it.
pub const ISSUER: &str = "Signed by";
/// What it is for.
pub const NAMES: &str = "For";
/// How long.
pub const VALID: &str = "Valid";
/// Its fingerprint.
pub const FINGERPRINT: &str = "SHA-256";
/// What to do before trusting it.
pub const COMPARE: &str =
    "Compare the SHA-256 with the one that the server itself shows, before you send it a password.";
/// Trusts it until the window closes.
pub const TRUST_ONCE: &str = "Trust until I close";
/// Trusts it for good.
pub const TRUST_ALWAYS: &str = "Trust this certificate";
/// What that means.
pub const TRUST_ALWAYS_HELP: &str =
    "Pins it: in the list of recent servers, and in the sequence if that names this server";
/// What could not be read.
pub const UNKNOWN: &str = "not known";

/// A method.
pub const fn method(method: ConnectMethod) -> &'static str {
    match method {
        ConnectMethod::Winrm => "Windows Remote Management",
        ConnectMethod::Wmi => "WMI",
        ConnectMethod::Demo => "Demo server",
    }
}

/// What it means.
pub fn method_hint(form: &ConnectForm, method: ConnectMethod) -> String {
    match method {
        ConnectMethod::Winrm => {
            let port = form.port.trim();
            let (usual, how) = if form.is_encrypted() {
                ("5986", "encrypted by HTTPS")
            } else {
                ("5985", "encrypted by NTLM or Kerberos")
            };
            let is_url = form.host.contains("://");
            match (is_url, port.is_empty()) {
                (true, true) => format!("As the URL says, {how}"),
                (false, true) => format!("Port {usual}, {how}"),
                (_, false) => format!("Port {port}, {how}"),
            }
        }
        ConnectMethod::Wmi => "Port 135 and dynamic ports, on Windows only".to_owned(),
        ConnectMethod::Demo => "On this computer, changes nothing".to_owned(),
    }
}

/// The usual port.
pub const fn usual_port(is_encrypted: bool) -> &'static str {
    if is_encrypted { "5986" } else { "5985" }
}

/// What is wrong with a field.
pub const fn missing(field: ConnectField) -> &'static str {
    match field {
        ConnectField::Host => "Type the name of the synchronization server",
        ConnectField::Port => "Type a number from 1 to 65535, or nothing",
        ConnectField::User => "Type the account, such as DOMAIN\\user",
        ConnectField::Password => "Type the password",
    }
}

/// A server of the list: its account and how it is spoken to.
pub fn recent(known: &LastServer) -> String {
    let mut parts = vec![known.user.clone()];
    let mut all = Authentication::ALL.into_iter();
    let how = all.find(|one| one.as_str() == known.auth);
    if let Some(how) = how.filter(|how| *how != Authentication::Auto) {
        parts.push(authentication(how).to_owned());
    }
    if known.tls {
        parts.push("HTTPS".to_owned());
    }
    parts.extend(known.port.map(|port| format!("port {port}")));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// What a click on a server of the list does, for a screen reader.
pub fn use_recent(known: &LastServer) -> String {
    if known.user.is_empty() {
        return format!("Use {}", known.host);
    }
    format!("Use {} as {}", known.host, known.user)
}

/// Takes a server out of the list.
pub fn forget_recent(known: &LastServer) -> String {
    format!("Remove {} as {} from the list", known.host, known.user)
}

/// From when until when a certificate is valid.
pub fn valid(
    not_before: Option<Timestamp>,
    not_after: Option<Timestamp>,
    now: Timestamp,
    zone: &TimeZone,
) -> String {
    let day = |time: Timestamp| {
        let local = time.to_zoned(zone.clone());
        local.strftime("%Y-%m-%d").to_string()
    };
    match (not_before, not_after) {
        (_, Some(end)) if end < now => format!("expired on {}", day(end)),
        (Some(begin), _) if begin > now => format!("not before {}", day(begin)),
        (Some(begin), Some(end)) => format!("{} to {}", day(begin), day(end)),
        (None, Some(end)) => format!("until {}", day(end)),
        (_, None) => UNKNOWN.to_owned(),
    }
}

/// A fingerprint in groups that can be compared by eye.
pub fn fingerprint(sha256: &str) -> String {
    let digits: Vec<char> = sha256.chars().collect();
    let groups: Vec<String> = digits
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

/// The beginning of a fingerprint.
pub fn fingerprint_start(sha256: &str) -> String {
    let start: String = sha256.chars().take(16).collect();
    format!("{}…", fingerprint(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_says_how_long_it_is_valid() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let now = at("2026-11-22T00:00:00Z").unwrap();
        let (old, next) = (at("2025-01-31T00:00:00Z"), at("2027-01-31T00:00:00Z"));
        for (begin, end, expected) in [
            (old, next, "2025-01-31 to 2027-01-31"),
            (None, old, "expired on 2025-01-31"),
            (next, next, "not before 2027-01-31"),
            (None, next, "until 2027-01-31"),
            (None, None, UNKNOWN),
        ] {
            assert_eq!(valid(begin, end, now, &TimeZone::UTC), expected);
        }
    }

    #[test]
    fn a_server_of_the_list_says_how_it_is_spoken_to() {
        let known = LastServer {
            user: "CORP\\svc".to_owned(),
            auth: "ntlm".to_owned(),
            tls: true,
            port: Some(99),
            ..LastServer::default()
        };
        assert_eq!(recent(&known), "CORP\\svc, NTLM, HTTPS, port 99");
        assert_eq!(recent(&LastServer::default()), "");
    }

    #[test]
    fn the_method_says_its_port() {
        for (host, port, tls, expected) in [
            (
                "mim01",
                "",
                false,
                "Port 5985, encrypted by NTLM or Kerberos",
            ),
            ("mim01", "", true, "Port 5986, encrypted by HTTPS"),
            (
                "https://mim01",
                "",
                false,
                "As the URL says, encrypted by HTTPS",
            ),
            ("mim01", "99", true, "Port 99, encrypted by HTTPS"),
        ] {
            let form = ConnectForm {
                host: host.to_owned(),
                port: port.to_owned(),
                tls,
                ..ConnectForm::default()
            };
            assert_eq!(method_hint(&form, ConnectMethod::Winrm), expected);
        }
    }
}
