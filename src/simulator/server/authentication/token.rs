//! A look at what a client sends before the cryptography sees it: the crate `sspi` (0.23.1) panics
//! on a token of another kind than the one it waits for, and lets in whoever leaves out the
//! message integrity code of NTLM.

/// What every token of NTLM begins with.
const NTLM: &[u8] = b"NTLMSSP\0";
/// The object identifier of SPNEGO (RFC 4178), with its tag.
const SPNEGO: &[u8] = &[6, 6, 0x2b, 6, 1, 5, 5, 2];
/// The object identifier of Kerberos (RFC 4121), with its tag.
const KERBEROS: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];
/// The same as an early Windows wrote it (MS-SPNG 3.1.5.2).
const WINDOWS_KERBEROS: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2];
/// What stands between that and the request of a client (RFC 4121, 4.1).
const AP_REQ: &[u8] = &[1, 0];

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first message of NTLM by itself.
    NtlmFirst,
    /// The last message of NTLM by itself.
    NtlmLast,
    /// A request of Kerberos by itself.
    Kerberos,
    /// The first message of SPNEGO.
    SpnegoFirst,
    /// A further message of SPNEGO.
    SpnegoNext,
}

/// The part of a request of Kerberos that decides who may use which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket<'a> {
    /// The encryption type of the ticket.
    pub encryption: u16,
    /// The encrypted authenticator, which nobody else can make anew.
    pub authenticator: &'a [u8],
}

/// What kind of token this is; `None` when it is none of them.
pub fn kind(token: &[u8]) -> Option<Kind> {
    if let Some(rest) = token.strip_prefix(NTLM) {
        return match rest.first_chunk::<4>()? {
            [1, 0, 0, 0] => Some(Kind::NtlmFirst),
            [3, 0, 0, 0] => Some(Kind::NtlmLast),
            _ => None,
        };
    }
    let (tag, content, []) = element(token)? else {
        return None;
    };
    match tag {
        0x60 if content.starts_with(KERBEROS) => Some(Kind::Kerberos),
        0x60 if content.starts_with(SPNEGO) => Some(Kind::SpnegoFirst),
        0xa1 => Some(Kind::SpnegoNext),
        _ => None,
    }
}

/// The ticket in a token; `None` when there is none, or more than one could be meant.
pub fn ticket(token: &[u8]) -> Option<Ticket<'_>> {
    let starts = [KERBEROS, WINDOWS_KERBEROS].map(|name| [name, AP_REQ].concat());
    let mut found = token
        .windows(KERBEROS.len() + AP_REQ.len())
        .enumerate()
        .filter(|(_, window)| starts.iter().any(|start| start == window))
        .filter_map(|(at, window)| ticket_of(token.get(at + window.len()..)?));
    let ticket = found.next()?;
    found.next().is_none().then_some(ticket)
}

/// The ticket of an AP-REQ (RFC 4120, 5.5.1).
fn ticket_of(bytes: &[u8]) -> Option<Ticket<'_>> {
    let request = inner(within(bytes, 0x6e)?, 0x30)?;
    let ticket = inner(within(field(request, 0xa3)?, 0x61)?, 0x30)?;
    let sealed = inner(field(ticket, 0xa3)?, 0x30)?;
    let encryption = inner(field(sealed, 0xa0)?, 2)?;
    let encryption = match encryption {
        [low] if *low < 0x80 => u16::from(*low),
        [high, low] if *high < 0x80 => u16::from_be_bytes([*high, *low]),
        _ => return None,
    };
    let sealed = inner(field(request, 0xa4)?, 0x30)?;
    Some(Ticket {
        encryption,
        authenticator: inner(field(sealed, 0xa2)?, 4)?,
    })
}

/// The first element: its tag, its content, and what follows. Only the one way of writing a length
/// that DER allows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let is_shortest = digits.first().is_some_and(|digit| *digit > 0) && digits.len() <= 3;
        let length = digits
            .iter()
            .fold(0, |length, digit| length << 8 | usize::from(*digit));
        if !is_shortest || length < 0x80 {
            return None;
        }
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// The content of the first element if it has this tag.
fn within(bytes: &[u8], wanted: u8) -> Option<&[u8]> {
    let (tag, content, _) = element(bytes)?;
    (tag == wanted).then_some(content)
}

/// The content of the only element if it has this tag.
fn inner(bytes: &[u8], wanted: u8) -> Option<&[u8]> {
    let (tag, content, rest) = element(bytes)?;
    (tag == wanted && rest.is_empty()).then_some(content)
}

/// The content of the first element with this tag.
fn field(mut bytes: &[u8], wanted: u8) -> Option<&[u8]> {
    loop {
        let (tag, content, rest) = element(bytes)?;
        if tag == wanted {
            return Some(content);
        }
        bytes = rest;
    }
}

/// Whether the last message of NTLM promises a message integrity code (MS-NLMP 2.2.2.1, the flag
/// 0x2 of `MsvAvFlags`). Only that code proves the password to the crate.
pub fn has_integrity_code(token: &[u8]) -> bool {
    const TARGET_INFO: u32 = 0x0080_0000;
    let flags = number(token, 60);
    flags.is_some_and(|flags| flags & TARGET_INFO != 0)
        && response(token).is_some_and(promises_code)
}

/// The response to the challenge (MS-NLMP 2.2.1.3).
fn response(token: &[u8]) -> Option<&[u8]> {
    let length = token.get(20..22)?.try_into().ok().map(u16::from_le_bytes)?;
    let start = usize::try_from(number(token, 24)?).ok()?;
    token.get(start..start.checked_add(usize::from(length))?)
}

/// Whether the pairs of the response have the flag (MS-NLMP 2.2.2.7). The first pair counts, as it
/// does for the crate.
fn promises_code(response: &[u8]) -> bool {
    const PAIRS: usize = 16 + 28;
    const FLAGS: u16 = 6;
    let mut pairs = response.get(PAIRS..).unwrap_or_default();
    while let Some(([kind_low, kind_high, low, high], rest)) = pairs.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let Some((value, rest)) = rest.split_at_checked(length) else {
            return false;
        };
        match u16::from_le_bytes([*kind_low, *kind_high]) {
            0 => return false,
            FLAGS => return number(value, 0).is_some_and(|flags| flags & 2 != 0),
            _ => pairs = rest,
        }
    }
    false
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(tag: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        let mut bytes = vec![tag];
        match u8::try_from(content.len()) {
            Ok(length) if length < 0x80 => bytes.push(length),
            Ok(length) => bytes.extend([0x81, length]),
            Err(_) => {
                bytes.push(0x82);
                bytes.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
            }
        }
        bytes.extend(content);
        bytes
    }

    fn sealed(encryption: u8, cipher: &[u8]) -> Vec<u8> {
        let kind = wrapped(0xa0, &[&[2, 1, encryption]]);
        let cipher = wrapped(0xa2, &[&wrapped(4, &[cipher])]);
        wrapped(0x30, &[&kind, &cipher])
    }

    fn request(cipher: &[u8]) -> Vec<u8> {
        let ticket = wrapped(0x30, &[&wrapped(0xa3, &[&sealed(17, b"ticket")])]);
        let ticket = wrapped(0xa3, &[&wrapped(0x61, &[&ticket])]);
        let version = wrapped(0xa0, &[&[2, 1, 5]]);
        let proof = wrapped(0xa4, &[&sealed(18, cipher)]);
        let request = wrapped(0x6e, &[&wrapped(0x30, &[&version, &ticket, &proof])]);
        wrapped(0x60, &[KERBEROS, AP_REQ, &request])
    }

    #[test]
    fn tokens_are_told_by_their_first_bytes() {
        let kerberos = request(b"x");
        let spnego = wrapped(0x60, &[SPNEGO, &kerberos]);
        let longer = [kerberos.as_slice(), b"x"].concat();
        for (token, expected) in [
            (b"NTLMSSP\0\x01\0\0\0".as_slice(), Some(Kind::NtlmFirst)),
            (b"NTLMSSP\0\x03\0\0\0more", Some(Kind::NtlmLast)),
            (b"NTLMSSP\0\x02\0\0\0", None),
            (b"NTLMSSP\0\x01", None),
            (&kerberos, Some(Kind::Kerberos)),
            (&spnego, Some(Kind::SpnegoFirst)),
            (&[0xa1, 0], Some(Kind::SpnegoNext)),
            (&longer, None),
            (&kerberos[..20], None),
            (&[0x60, 0x81, 2, 6, 6], None),
            (b"", None),
            (b"garbage", None),
        ] {
            assert_eq!(kind(token), expected, "{token:x?}");
        }
    }

    #[test]
    fn a_ticket_is_found_wherever_it_is_and_only_one() {
        let long = [7; 300];
        for cipher in [b"proof".as_slice(), &long] {
            let expected = Some(Ticket {
                encryption: 17,
                authenticator: cipher,
            });
            let bare = request(cipher);
            assert_eq!(ticket(&bare), expected);
            let spnego = wrapped(0x60, &[SPNEGO, &wrapped(0xa0, &[&bare])]);
            assert_eq!(ticket(&spnego), expected);
            let two = wrapped(0x60, &[&bare, &request(b"decoy")]);
            assert_eq!(ticket(&two), None);
            for length in 0..bare.len() {
                assert_eq!(ticket(&bare[..length]), None);
            }
        }
    }

    #[test]
    fn only_a_promised_code_counts() {
        let token = |flags: u32, pairs: &[u8]| {
            let mut response = vec![0; 44];
            response.extend_from_slice(pairs);
            let mut token = b"NTLMSSP\0\x03\0\0\0".to_vec();
            token.resize(64, 0);
            token[20] = u8::try_from(response.len()).unwrap();
            token[24] = 64;
            token[60..64].copy_from_slice(&flags.to_le_bytes());
            token.extend(response);
            token
        };
        let flags = |value: u8| [6, 0, 4, 0, value, 0, 0, 0];
        let time = [7, 0, 2, 0, 9, 9];
        let info = 0x0080_0000;
        for (token, expected) in [
            (token(info, &flags(2)), true),
            (token(info, &[&time[..], &flags(2)].concat()), true),
            (token(0, &flags(2)), false),
            (token(info, &flags(0)), false),
            (token(info, &[&flags(0)[..], &flags(2)].concat()), false),
            (token(info, &[&[0; 4][..], &flags(2)].concat()), false),
            (token(info, &[]), false),
            (token(info, &flags(2)[..6]), false),
            (b"NTLMSSP\0\x03\0\0\0".to_vec(), false),
        ] {
            assert_eq!(has_integrity_code(&token), expected, "{token:x?}");
        }
    }
}
