//! What a Kerberos server tells about the keys of an account before the password is used, and about
//! those of a service.
//!
//! Pure. The crate `sspi` (0.23.1) proves an account with a key of AES-256 only, and a server says of
//! an account without one that the password is wrong, or locks it after some tries. So the answer
//! that asks for the proof is looked into first: it names the types of the account's keys
//! (RFC 4120, 5.2.7.5). Must leave everything else in an answer to the crate.

/// Who has no key that can be used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyless {
    /// The account that is to be proved.
    Account,
    /// The service that the ticket is for.
    Service,
}

/// AES-256 with SHA-1 (RFC 3962).
const AES256: u32 = 18;
/// An error of Kerberos (RFC 4120, 5.9.1).
const KRB_ERROR: u8 = 0x7e;
/// A question for the first ticket, and one for the ticket of a service (RFC 4120, 5.4.1).
const AS_REQ: u8 = 0x6a;
const TGS_REQ: u8 = 0x6c;
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const INTEGER: u8 = 0x02;
/// The server has no key of any type that was offered.
const ETYPE_NOSUPP: u32 = 14;
/// The server wants the proof first.
const PREAUTH_REQUIRED: u32 = 25;
/// A proof by an encrypted time stamp.
const ENC_TIMESTAMP: u32 = 2;
/// The types of the account's keys.
const ETYPE_INFO2: u32 = 19;

/// Who has no key that can be used here, as this answer to this question says. Both have their length
/// before them, as over TCP.
pub(super) fn keyless(question: &[u8], answer: &[u8]) -> Option<Keyless> {
    let answer = answer.get(4..)?;
    match *question.get(4)? {
        AS_REQ if lacks_usable_key(answer)? => Some(Keyless::Account),
        TGS_REQ if error_of(answer)?.0 == ETYPE_NOSUPP => Some(Keyless::Service),
        _ => None,
    }
}

/// The number of an error, and its fields.
fn error_of(answer: &[u8]) -> Option<(u32, &[u8])> {
    let (error, _) = value(answer, KRB_ERROR)?;
    let (fields, _) = value(error, SEQUENCE)?;
    Some((number(field(fields, 6)?)?, fields))
}

fn lacks_usable_key(answer: &[u8]) -> Option<bool> {
    let (code, fields) = error_of(answer)?;
    match code {
        ETYPE_NOSUPP => Some(true),
        PREAUTH_REQUIRED => {
            let (hints, _) = value(field(fields, 12)?, OCTETS)?;
            let (hints, _) = value(hints, SEQUENCE)?;
            Some(lacks(hints))
        }
        _ => None,
    }
}

/// Whether none of the ways to prove an account can be gone.
fn lacks(hints: &[u8]) -> bool {
    let mut takes_time_stamps = false;
    for hint in items(hints) {
        match field(hint, 1).and_then(number) {
            Some(ENC_TIMESTAMP) => takes_time_stamps = true,
            Some(ETYPE_INFO2) => {
                let types = field(hint, 2)
                    .and_then(|hint| value(hint, OCTETS))
                    .and_then(|(octets, _)| value(octets, SEQUENCE));
                if let Some((types, _)) = types {
                    return !items(types)
                        .any(|entry| field(entry, 0).and_then(number) == Some(AES256));
                }
            }
            _ => {}
        }
    }
    // Without a key that both know, a server offers no such proof at all.
    !takes_time_stamps
}

/// The sequences one after the other.
fn items(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (inner, after) = value(rest, SEQUENCE)?;
        rest = after;
        Some(inner)
    })
}

/// The field of a sequence with this number.
fn field(mut rest: &[u8], number: u8) -> Option<&[u8]> {
    loop {
        let (&tag, _) = rest.split_first()?;
        let (inner, after) = value(rest, tag)?;
        if tag == 0xa0 | number {
            return Some(inner);
        }
        rest = after;
    }
}

/// A number that is not negative.
fn number(bytes: &[u8]) -> Option<u32> {
    let (bytes, _) = value(bytes, INTEGER)?;
    if bytes.len() > 4 {
        return None;
    }
    Some(
        bytes
            .iter()
            .fold(0, |all, byte| all << 8 | u32::from(*byte)),
    )
}

/// What the tag holds that stands first, and what comes after it (X.690, 8.1).
fn value(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(&[tag])?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let add = |all, digit: &u8| all << 8 | usize::from(*digit);
            (digits.iter().fold(0, add), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tagged(tag: u8, inner: &[u8]) -> Vec<u8> {
        let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], inner].concat()
    }

    fn integer(value: u8) -> Vec<u8> {
        vec![INTEGER, 1, value]
    }

    /// A hint of this type about keys of these types.
    fn hint(kind: u8, types: &[u8]) -> Vec<u8> {
        let entries: Vec<u8> = types
            .iter()
            .flat_map(|kind| tagged(SEQUENCE, &tagged(0xa0, &integer(*kind))))
            .collect();
        let octets = tagged(OCTETS, &tagged(SEQUENCE, &entries));
        let fields = [tagged(0xa1, &integer(kind)), tagged(0xa2, &octets)].concat();
        tagged(SEQUENCE, &fields)
    }

    fn error(code: u8, hints: &[Vec<u8>]) -> Vec<u8> {
        let octets = tagged(OCTETS, &tagged(SEQUENCE, &hints.concat()));
        let fields = [
            tagged(0xa0, &integer(5)),
            tagged(0xa6, &integer(code)),
            tagged(0xac, &octets),
        ]
        .concat();
        let error = tagged(KRB_ERROR, &tagged(SEQUENCE, &fields));
        [vec![0; 4], error].concat()
    }

    const FIRST: &[u8] = &[0, 0, 0, 9, AS_REQ];

    const SECOND: &[u8] = &[0, 0, 0, 9, TGS_REQ];

    #[test]
    fn only_an_account_without_a_key_of_aes_256_lacks_one() {
        let stamp = || hint(2, &[]);
        for (code, hints, expected) in [
            (25, vec![stamp(), hint(19, &[18, 17])], false),
            (25, vec![hint(19, &[17, 18])], false),
            (25, vec![stamp(), hint(19, &[17])], true),
            (25, vec![hint(19, &[23]), stamp()], true),
            // Too little is said: the crate finds out.
            (25, vec![stamp()], false),
            // MIT's server offers nothing that needs a key.
            (25, vec![hint(136, &[])], true),
            (14, vec![], true),
            (24, vec![hint(19, &[17])], false),
            (6, vec![], false),
        ] {
            let answer = error(code, &hints);
            let found = keyless(FIRST, &answer);
            assert_eq!(
                found == Some(Keyless::Account),
                expected,
                "{code} {hints:?}"
            );
            // About a service nothing else says so.
            let expected = (code == 14).then_some(Keyless::Service);
            assert_eq!(keyless(SECOND, &answer), expected, "{code}");
        }
    }

    proptest! {
        #[test]
        fn garbage_says_nothing(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(keyless(FIRST, &bytes), None);
        }

        #[test]
        fn a_broken_answer_never_panics(
            cut in 0_usize..90,
            at in 0_usize..90,
            byte in any::<u8>(),
        ) {
            let mut answer = error(25, &[hint(2, &[]), hint(19, &[18])]);
            let last = answer.len() - 1;
            answer[at.min(last)] = byte;
            answer.truncate(last + 1 - cut);
            keyless(FIRST, &answer);
        }
    }
}
