//! Encrypted documents over plain HTTP (MS-WSMV 2.2.9.1): the frame around them, and the look at a
//! sealed one before it reaches the cryptography.
//!
//! Sans-I/O, shared with the simulator. Knows no key and must not decide whether to encrypt.

use std::fmt;

/// The line between the parts of a frame, as Windows writes it.
const BOUNDARY: &[u8] = b"--Encrypted Boundary";
/// What the sealed part is.
const OCTETS: &str = "application/octet-stream";
/// The header of a Kerberos wrap token (RFC 4121, 4.2.6.2).
const WRAP_HEADER: usize = 16;
/// What such a token holds besides its header and the data: a confounder and a copy of the header
/// within the encryption, and a checksum of 12 bytes (RFC 3962).
const WRAP_REST: usize = 16 + 16 + CHECKSUM;
/// The checksum.
const CHECKSUM: usize = 12;
/// How far a token is rotated that Windows and the crate `sspi` expect.
const ROTATION: u16 = 28;
/// The length of a signature of NTLM (MS-NLMP 2.2.2.9).
const NTLM_SIGNATURE: usize = 16;

/// What a document is sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// NTLM or SPNEGO, under the scheme `Negotiate`.
    Spnego,
    /// Kerberos, under the scheme `Kerberos`.
    Kerberos,
}

/// Whether the lines of a part begin with a tab, as those of Windows do. One server (OMI) cannot
/// read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Indent {
    /// They do.
    #[default]
    Tab,
    /// They do not.
    None,
}

/// A sealed document.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// How long the document was, in bytes.
    pub plain_length: usize,
    /// The signature, or the part of the token before the data.
    pub signature: Vec<u8>,
    /// The encrypted document.
    pub data: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("plain_length", &self.plain_length)
            .field("signature", &self.signature.len())
            .field("data", &self.data.len())
            .finish()
    }
}

/// Why a frame or what it holds cannot be what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The frame has no such part.
    #[error("the encrypted answer has no {0}")]
    Missing(&'static str),
    /// The signature is longer than what is there.
    #[error("the encrypted answer ends within its signature")]
    Short,
    /// It is neither a token of Kerberos nor a signature of NTLM.
    #[error("the signature of the encrypted answer has an unknown form")]
    Form,
}

impl Protocol {
    /// The protocol's own content type.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Spnego => "application/HTTP-SPNEGO-session-encrypted",
            Self::Kerberos => "application/HTTP-Kerberos-session-encrypted",
        }
    }

    /// The value of the header `Content-Type` of an encrypted message.
    pub fn content_type(self) -> String {
        format!(
            "multipart/encrypted;protocol=\"{}\";boundary=\"Encrypted Boundary\"",
            self.word()
        )
    }

    /// What a message with this `Content-Type` is sealed with; `None` when it is not encrypted, or
    /// in a way that is not known.
    pub fn of(content_type: &str) -> Option<Self> {
        let lower = content_type.to_ascii_lowercase();
        if !lower.trim_start().starts_with("multipart/encrypted") {
            return None;
        }
        [Self::Spnego, Self::Kerberos]
            .into_iter()
            .find(|protocol| lower.contains(&protocol.word().to_ascii_lowercase()))
    }
}

/// Writes a frame.
pub fn frame(protocol: Protocol, sealed: &Sealed, indent: Indent) -> Vec<u8> {
    let tab = match indent {
        Indent::Tab => "\t",
        Indent::None => "",
    };
    let word = protocol.word();
    let length = sealed.plain_length;
    let head = format!(
        "--Encrypted Boundary\r\n\
         {tab}Content-Type: {word}\r\n\
         {tab}OriginalContent: type=application/soap+xml;charset=UTF-8;Length={length}\r\n\
         --Encrypted Boundary\r\n\
         {tab}Content-Type: {OCTETS}\r\n"
    );
    let signature = u32::try_from(sealed.signature.len()).unwrap_or(u32::MAX);
    let room = head.len() + 4 + sealed.signature.len() + sealed.data.len() + BOUNDARY.len() + 4;
    let mut bytes = Vec::with_capacity(room);
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(&signature.to_le_bytes());
    bytes.extend_from_slice(&sealed.signature);
    bytes.extend_from_slice(&sealed.data);
    bytes.extend_from_slice(BOUNDARY);
    bytes.extend_from_slice(b"--\r\n");
    bytes
}

/// Reads a frame: with and without tabs, and whatever line ends follow it.
///
/// # Errors
/// [`SealError`] when a part is missing or cut.
pub fn unframe(body: &[u8]) -> Result<Sealed, SealError> {
    let (first, rest) = part(body).ok_or(SealError::Missing("first part"))?;
    let plain_length = plain_length(first).ok_or(SealError::Missing("length"))?;
    let rest = after_line(rest).ok_or(SealError::Missing("second part"))?;
    let payload = payload(rest).ok_or(SealError::Missing("second part"))?;
    let end = last_boundary(payload).ok_or(SealError::Missing("end"))?;
    let sealed = payload.get(..end).unwrap_or_default();
    let (length, sealed) = sealed.split_first_chunk::<4>().ok_or(SealError::Short)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (signature, data) = sealed.split_at_checked(length).ok_or(SealError::Short)?;
    Ok(Sealed {
        plain_length,
        signature: signature.to_vec(),
        data: data.to_vec(),
    })
}

/// The lines of the first part, and what follows from the next boundary on.
fn part(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = find(body, BOUNDARY)?;
    let inner = body.get(start + BOUNDARY.len()..)?;
    let end = find(inner, BOUNDARY)?;
    inner.split_at_checked(end)
}

fn plain_length(lines: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(lines).ok()?.to_ascii_lowercase();
    let (_, value) = text.split_once("length=")?;
    let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn after_line(bytes: &[u8]) -> Option<&[u8]> {
    let end = find(bytes, b"\n")?;
    bytes.get(end + 1..)
}

/// What follows the header lines of the second part. The sealed bytes may hold anything, so the
/// lines are told by their names; an empty line may end them.
fn payload(mut bytes: &[u8]) -> Option<&[u8]> {
    let mut is_octets = false;
    loop {
        let end = find(bytes, b"\n")?;
        let line = bytes.get(..end)?.trim_ascii();
        let is_header = line
            .get(..8)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"content-"));
        if is_octets && !is_header {
            // Windows writes no empty line; a signature cannot begin with one, since its length
            // would then be beyond all measure.
            return match bytes.strip_prefix(b"\r\n") {
                Some(rest) if line.is_empty() => Some(rest),
                _ => Some(bytes),
            };
        }
        if !is_header {
            return None;
        }
        is_octets |= find(&line.to_ascii_lowercase(), OCTETS.as_bytes()).is_some();
        bytes = bytes.get(end + 1..)?;
        if is_octets && find(bytes, b"\n").is_none() {
            return Some(bytes);
        }
    }
}

fn last_boundary(bytes: &[u8]) -> Option<usize> {
    let end = bytes
        .windows(BOUNDARY.len())
        .rposition(|window| window == BOUNDARY)?;
    let rest = bytes.get(end + BOUNDARY.len()..)?;
    rest.starts_with(b"--").then_some(end)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// Looks at a sealed document before it is opened, and brings a token of Kerberos into the one form
/// that the crate `sspi` can open: it panics on malformed ones and knows one rotation only (0.23.1).
///
/// # Errors
/// [`SealError`] when it is neither a whole token of Kerberos nor a signature of NTLM.
pub fn settled(sealed: Sealed) -> Result<Sealed, SealError> {
    if !sealed.signature.starts_with(&[5, 4]) {
        return if sealed.signature.len() == NTLM_SIGNATURE {
            Ok(sealed)
        } else {
            Err(SealError::Form)
        };
    }
    let mut token = sealed.signature;
    token.extend_from_slice(&sealed.data);
    let (header, body) = token
        .split_first_chunk_mut::<WRAP_HEADER>()
        .ok_or(SealError::Short)?;
    let [_, _, flags, _, ec_high, ec_low, rrc_high, rrc_low, ..] = header;
    let extra = usize::from(u16::from_be_bytes([*ec_high, *ec_low]));
    let rotation = u16::from_be_bytes([*rrc_high, *rrc_low]);
    const SEALED: u8 = 2;
    if !matches!(extra, 0 | 16) || *flags & SEALED == 0 {
        return Err(SealError::Form);
    }
    if body.len() < WRAP_REST + extra {
        return Err(SealError::Short);
    }
    if rotation != ROTATION {
        let length = body.len();
        body.rotate_left(usize::from(rotation) % length);
        body.rotate_right(usize::from(ROTATION) + extra);
        [*rrc_high, *rrc_low] = ROTATION.to_be_bytes();
    }
    let data = token.split_off(WRAP_HEADER + WRAP_REST + extra);
    Ok(Sealed {
        plain_length: sealed.plain_length,
        signature: token,
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(signature: Vec<u8>, data: &[u8]) -> Sealed {
        Sealed {
            plain_length: data.len(),
            signature,
            data: data.to_vec(),
        }
    }

    #[test]
    fn a_frame_reads_back_as_it_was_written() {
        let nasty: [&[u8]; 4] = [
            b"",
            b"plain",
            b"\r\n--Encrypted Boundary\r\n",
            b"--Encrypted Boundary--\r\n",
        ];
        for protocol in [Protocol::Spnego, Protocol::Kerberos] {
            for indent in [Indent::Tab, Indent::None] {
                for data in nasty {
                    let whole = sealed(vec![1; 16], data);
                    let mut bytes = frame(protocol, &whole, indent);
                    assert_eq!(unframe(&bytes), Ok(whole.clone()));
                    bytes.extend_from_slice(b"\r\n");
                    assert_eq!(unframe(&bytes), Ok(whole));
                }
            }
            assert_eq!(Protocol::of(&protocol.content_type()), Some(protocol));
        }
        assert_eq!(Protocol::of("application/soap+xml;charset=UTF-8"), None);
    }

    #[test]
    fn a_frame_looks_as_the_specification_shows_it() {
        let bytes = frame(Protocol::Kerberos, &sealed(vec![9; 2], b"ab"), Indent::Tab);
        let expected = "--Encrypted Boundary\r\n\
            \tContent-Type: application/HTTP-Kerberos-session-encrypted\r\n\
            \tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=2\r\n\
            --Encrypted Boundary\r\n\
            \tContent-Type: application/octet-stream\r\n\
            \u{2}\0\0\0\u{9}\u{9}ab--Encrypted Boundary--\r\n";
        assert_eq!(bytes, expected.as_bytes());
    }

    #[test]
    fn a_cut_frame_is_told_from_a_whole_one() {
        let whole = frame(Protocol::Spnego, &sealed(vec![7; 16], b"data"), Indent::Tab);
        for length in 0..whole.len() - 2 {
            assert!(unframe(&whole[..length]).is_err(), "{length} bytes");
        }
        let mut longer = whole;
        let at = find(&longer, b"stream\r\n").unwrap() + 8;
        longer[at] = 200;
        assert_eq!(unframe(&longer), Err(SealError::Short));
    }

    /// A token whose bytes tell where they belong: the header, then the checksum's part, then data.
    fn token(rotation: u16, extra: u8, data: usize) -> Sealed {
        let mut header = vec![5, 4, 7, 0xff, 0, extra, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        header[6..8].copy_from_slice(&rotation.to_be_bytes());
        let length = 16 + data + usize::from(extra) + 28;
        let mut body: Vec<u8> = (0..length).map(|index| index as u8).collect();
        body.rotate_right(usize::from(rotation) % length);
        header.extend_from_slice(&body);
        let data = header.split_off(60);
        Sealed {
            plain_length: data.len(),
            signature: header,
            data,
        }
    }

    #[test]
    fn every_rotation_becomes_the_known_one() {
        let wanted = settled(token(28, 0, 40)).unwrap();
        for rotation in [0, 1, 12, 60, 200] {
            assert_eq!(settled(token(rotation, 0, 40)), Ok(wanted.clone()));
        }
        assert_eq!(wanted.signature.len(), 60);
        assert_eq!(settled(token(0, 16, 40)).unwrap().signature.len(), 76);
    }

    #[test]
    fn what_the_cryptography_would_stumble_over_is_refused() {
        let whole = token(0, 0, 1);
        let mut all = whole.signature.clone();
        all.extend_from_slice(&whole.data);
        for length in 0..59 {
            let cut = sealed(all[..length].to_vec(), b"");
            assert!(settled(cut).is_err(), "{length} bytes");
        }
        for extra in 1_u8..16 {
            assert_eq!(settled(token(0, extra, 40)), Err(SealError::Form));
        }
        let mut unsealed = token(0, 0, 40);
        unsealed.signature[2] = 5;
        assert_eq!(settled(unsealed), Err(SealError::Form));
        for length in [0, 15, 17, 60] {
            let other = sealed(vec![1; length], b"data");
            assert_eq!(settled(other), Err(SealError::Form));
        }
        assert!(settled(sealed(vec![1; 16], b"data")).is_ok());
    }
}
