//! The logged-on user of Unix, by the tickets of its Kerberos (MIT's library, or another GSSAPI).
//!
//! Which cache, which keytab and which realm, the library finds out as for every other program:
//! `KRB5CCNAME`, `KRB5_CLIENT_KTNAME`, `krb5.conf`. Blocks while it asks a Kerberos server. Its
//! channel bindings are sound, and it takes neither replayed nor reordered messages, so nothing of
//! what the crate `sspi` needs is guarded here.

use libgssapi::context::{ClientCtx, CtxFlags, SecurityContext as _};
use libgssapi::credential::{Cred, CredUsage};
use libgssapi::error::{Error, MajorFlags};
use libgssapi::name::Name;
use libgssapi::oid::{GSS_MECH_KRB5, GSS_MECH_SPNEGO, GSS_NT_HOSTBASED_SERVICE, Oid, OidSet};
use libgssapi::util::{GssIov, GssIovType};

use super::SystemContext;
use crate::base::text;
use crate::wsman::auth::context::{Mechanism, Step};
use crate::wsman::auth::{Refusal, Scheme, binding};
use crate::wsman::seal::Sealed;

/// The flag of a token that says that the message in it is encrypted (RFC 4121, 4.2.2).
const SEALED: u8 = 2;
/// Kerberos, as a token of the older form names it, and that it wraps a message (RFC 1964, 1.2.2).
const OLD_WRAP: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x02\x01";

/// A context of the library.
struct Ticket {
    context: ClientCtx,
    tickets: Cred,
    mechanism: Mechanism,
    /// The name of the service, such as `HTTP/mim01`.
    service: String,
    /// What the TLS connection is bound to.
    binding: Option<Vec<u8>>,
    /// Whose ticket it is, once the context is complete.
    user: String,
}

/// Begins a context with the tickets that are there, or can be had with the client's keytab.
///
/// # Errors
/// [`Refusal`] when there is none.
pub(super) fn begin(
    mechanism: Mechanism,
    host: &str,
    certificate: Option<&[u8]>,
) -> Result<Box<dyn SystemContext>, Refusal> {
    let service = format!("HTTP/{}", host.to_ascii_lowercase());
    let kind = match mechanism {
        Mechanism::Kerberos => GSS_MECH_KRB5,
        Mechanism::SpnegoKerberos => GSS_MECH_SPNEGO,
        Mechanism::Ntlm | Mechanism::SpnegoNtlm => return Err(Refusal::NoSingleSignOn),
    };
    let refused = |error: Error| refusal(error, &service);
    // With Kerberos alone in it, SPNEGO can agree on nothing else.
    let kerberos = OidSet::singleton(GSS_MECH_KRB5).map_err(refused)?;
    let tickets =
        Cred::acquire(None, None, CredUsage::Initiate, Some(&kerberos)).map_err(refused)?;
    let context = context(&tickets, &service, kind).map_err(refused)?;
    Ok(Box::new(Ticket {
        context,
        tickets,
        mechanism,
        service,
        binding: certificate.map(binding::application_data),
        user: String::new(),
    }))
}

fn context(tickets: &Cred, service: &str, kind: Oid<'static>) -> Result<ClientCtx, Error> {
    let name = service.replacen('/', "@", 1);
    let name = Name::new(name.as_bytes(), Some(GSS_NT_HOSTBASED_SERVICE))?;
    let tickets = Some(tickets.clone());
    Ok(ClientCtx::new(tickets, name, wanted(), Some(kind)))
}

/// What a context must be able to do.
fn wanted() -> CtxFlags {
    CtxFlags::GSS_C_MUTUAL_FLAG
        | CtxFlags::GSS_C_CONF_FLAG
        | CtxFlags::GSS_C_INTEG_FLAG
        | CtxFlags::GSS_C_SEQUENCE_FLAG
        | CtxFlags::GSS_C_REPLAY_FLAG
}

impl Ticket {
    /// Why there is no first token. SPNEGO gives the codes of Kerberos numbers of its own, so
    /// Kerberos is asked once more without it.
    fn cause(&self, error: Error) -> Refusal {
        let bare = match self.mechanism {
            Mechanism::SpnegoKerberos => context(&self.tickets, &self.service, GSS_MECH_KRB5)
                .and_then(|mut context| context.step(None, None))
                .err(),
            Mechanism::Ntlm | Mechanism::SpnegoNtlm | Mechanism::Kerberos => None,
        };
        refusal(bare.unwrap_or(error), &self.service)
    }
}

impl SystemContext for Ticket {
    fn step(&mut self, token: &[u8]) -> Result<Step, Refusal> {
        let token = (!token.is_empty()).then_some(token);
        let answer = match self.context.step(token, self.binding.as_deref()) {
            Ok(answer) => answer,
            Err(error) if token.is_none() => return Err(self.cause(error)),
            Err(error) => return Err(refusal(error, &self.service)),
        };
        let refused = |error: Error| refusal(error, &self.service);
        let is_complete = self.context.is_complete();
        if is_complete {
            if !self.context.flags().map_err(refused)?.contains(wanted()) {
                let why = "the server wants no encryption or does not prove who it is";
                return Err(Refusal::Token(why.to_owned()));
            }
            let name = self.context.source_name().map_err(refused)?;
            let name = name.display_name().map_err(refused)?;
            self.user = text::printable(&String::from_utf8_lossy(&name));
        }
        Ok(Step {
            token: answer.map(|answer| answer.to_vec()).unwrap_or_default(),
            is_complete,
        })
    }

    fn seal(&mut self, document: &[u8]) -> Result<Sealed, String> {
        let mut data = document.to_vec();
        let mut parts = [
            GssIov::new_alloc(GssIovType::Header),
            GssIov::new(GssIovType::Data, &mut data),
            GssIov::new_alloc(GssIovType::Padding),
        ];
        self.context.wrap_iov(true, &mut parts).map_err(clause)?;
        let [header, _, padding] = &parts;
        let (signature, padding) = (header.to_vec(), padding.to_vec());
        drop(parts);
        data.extend_from_slice(&padding);
        Ok(Sealed {
            plain_length: document.len(),
            signature,
            data,
        })
    }

    fn open(&mut self, sealed: Sealed) -> Result<Vec<u8>, String> {
        let token = [sealed.signature, sealed.data].concat();
        if !is_encrypted(&token) {
            return Err("it is not encrypted".to_owned());
        }
        match self.context.unwrap(&token) {
            Ok(document) => Ok(document.to_vec()),
            Err(error) if is(error, MajorFlags::GSS_S_BAD_SIG) => {
                Err("its signature does not match".to_owned())
            }
            Err(error) => Err(clause(error)),
        }
    }

    fn user(&self) -> String {
        self.user.clone()
    }

    fn scheme(&self) -> Scheme {
        Scheme::Kerberos
    }
}

/// Whether a token says that the message in it is encrypted. The library opens what is only signed as
/// well, and does not tell which it was; so a form that nobody knows is none.
fn is_encrypted(token: &[u8]) -> bool {
    match token {
        // RFC 4121, 4.2.6.2.
        [5, 4, flags, ..] => flags & SEALED != 0,
        // RFC 1964, 1.2.2: a length, of several bytes where it is long, then the mechanism, then how it
        // is signed, and how it is sealed; all ones where it is not.
        [0x60, length, rest @ ..] => {
            let more = usize::from(if length & 0x80 == 0 { 0 } else { length & 0x7f });
            let inner = rest.get(more..).unwrap_or_default();
            match inner.strip_prefix(OLD_WRAP) {
                Some([_, _, sealed @ ..]) => sealed.len() > 2 && !sealed.starts_with(&[0xff, 0xff]),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Where the codes of Kerberos begin, those of the protocol first (RFC 4120, 7.5.9).
const KRB5: i64 = -1_765_328_384;

/// What an error of the library means for a sign-on to this service.
fn refusal(error: Error, service: &str) -> Refusal {
    // Codes are the same in every language, texts are not.
    let code = i64::from(error.minor.cast_signed()) - KRB5;
    match code {
        1 => Refusal::AccountExpired,
        6 => Refusal::UnknownUser,
        7 => Refusal::ServiceName(service.to_owned()),
        18 => Refusal::Locked,
        23 => Refusal::Expired,
        24 => Refusal::Credentials,
        32 => Refusal::TicketExpired,
        37 => Refusal::ClockSkew,
        // No server for the realm, or none that answers.
        154 | 156 => Refusal::NoKdc(clause(error)),
        // Nothing in the cache, no cache, nothing in the keytab, no keytab.
        141 | 181 | 195 => Refusal::NoTicket,
        _ if is(error, MajorFlags::GSS_S_CREDENTIALS_EXPIRED)
            || is(error, MajorFlags::GSS_S_CONTEXT_EXPIRED) =>
        {
            Refusal::TicketExpired
        }
        _ if is(error, MajorFlags::GSS_S_NO_CRED) => Refusal::NoTicket,
        _ => Refusal::Token(clause(error)),
    }
}

/// The part of a status that tells what went wrong in the library (RFC 2744, 3.9.1).
const ROUTINE: u32 = 0xff << 16;

/// Whether it is this error: they are numbers in that part, although the crate calls them flags.
fn is(error: Error, kind: MajorFlags) -> bool {
    error.major.bits() & ROUTINE == kind.bits()
}

/// The words of an error, for people: the cause, which stands in brackets behind the general, where
/// there is one.
fn clause(error: Error) -> String {
    let words = error.to_string();
    let cause = match words.split_once(" (") {
        Some((general, _)) if error.minor == 0 => general,
        Some((_, cause)) => cause.trim_end_matches(')'),
        None => &words,
    };
    text::elide_middle(&text::printable(cause), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_apart() {
        let failure = MajorFlags::GSS_S_FAILURE;
        for (major, code, expected) in [
            (failure, 1, Refusal::AccountExpired),
            (failure, 6, Refusal::UnknownUser),
            (failure, 7, Refusal::ServiceName("HTTP/mim01".to_owned())),
            (failure, 18, Refusal::Locked),
            (failure, 23, Refusal::Expired),
            (failure, 24, Refusal::Credentials),
            (failure, 32, Refusal::TicketExpired),
            (failure, 37, Refusal::ClockSkew),
            (failure, 195, Refusal::NoTicket),
            (MajorFlags::GSS_S_NO_CRED, 0, Refusal::NoTicket),
            (
                MajorFlags::GSS_S_CREDENTIALS_EXPIRED,
                0,
                Refusal::TicketExpired,
            ),
        ] {
            let minor = ((KRB5 + code) as i32).cast_unsigned();
            let error = Error { major, minor };
            assert_eq!(refusal(error, "HTTP/mim01"), expected, "{code}");
        }
        let error = Error {
            major: failure,
            minor: ((KRB5 + 156) as i32).cast_unsigned(),
        };
        assert!(matches!(refusal(error, ""), Refusal::NoKdc(_)));
    }

    #[test]
    fn what_is_only_signed_is_told_from_what_is_encrypted() {
        let old = |length: &[u8], kind: [u8; 2], sealed: [u8; 2]| {
            let oid = b"\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
            let rest = [0xff, 0xff, 1, 2, 3];
            [&[0x60], length, oid, &kind, &[0x11, 0], &sealed, &rest].concat()
        };
        let (none, rc4, des3) = ([0xff, 0xff], [0x10, 0], [2, 0]);
        for (token, expected) in [
            (vec![5, 4, 6, 0xff, 0, 0], true),
            (vec![5, 4, 5, 0xff, 0, 0], false),
            (old(&[30], [2, 1], rc4), true),
            (old(&[0x81, 200], [2, 1], rc4), true),
            (old(&[0x82, 1, 0], [2, 1], des3), true),
            (old(&[30], [2, 1], none), false),
            (old(&[0x82, 1, 0], [2, 1], none), false),
            // A signature alone, another mechanism, and what ends too early.
            (old(&[30], [1, 1], rc4), false),
            (old(&[0xff], [2, 1], rc4), false),
            (b"\x60\x10\x06\x06\x2b\x06\x01\x05\x05\x02".to_vec(), false),
            (vec![5, 4], false),
            (vec![0x60], false),
            (vec![2, 1, 0x11, 0, 0x10, 0], false),
            (Vec::new(), false),
        ] {
            assert_eq!(is_encrypted(&token), expected, "{token:02x?}");
        }
    }

    #[test]
    fn ntlm_needs_a_password_here() {
        for mechanism in [Mechanism::Ntlm, Mechanism::SpnegoNtlm] {
            let begun = begin(mechanism, "mim01", None);
            assert_eq!(begun.err(), Some(Refusal::NoSingleSignOn));
        }
    }
}
