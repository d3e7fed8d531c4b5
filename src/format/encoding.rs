//! From the bytes of a file to its text.
//!
//! UTF-8 with or without a byte order mark, and UTF-16 with one, as Windows editors write it.

use std::borrow::Cow;

use crate::base::text::is_xml_char;

use super::error::{FormatError, Problem};

/// The text of a file and the encoding that its bytes had.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub(super) text: Cow<'a, str>,
    /// How it was encoded.
    pub(super) encoding: Encoding,
}

/// The encodings that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16 of either byte order.
    Utf16,
}

impl Encoding {
    /// Whether an XML declaration may name this encoding so.
    pub(super) fn is_called(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Utf8 => &["utf-8", "utf8", "us-ascii", "ascii"],
            Self::Utf16 => &["utf-16", "utf-16le", "utf-16be"],
        };
        names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Decodes a file and makes sure that XML allows each of its characters.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, FormatError> {
    let decoded = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [b'<', 0, ..] | [0, b'<', ..] => {
            return Err(at(
                "",
                Problem::OtherEncoding("UTF-16 without byte order mark".to_owned()),
            ));
        }
        _ => utf8(bytes)?,
    };
    let bad = decoded.text.char_indices().find(|(_, c)| !is_xml_char(*c));
    if let Some((offset, c)) = bad {
        // A binary file is better told as such than by its first odd character.
        return Err(if decoded.text.trim_start().starts_with('<') {
            at(
                decoded.text.get(..offset).unwrap_or_default(),
                Problem::IllegalCharacter(c),
            )
        } else {
            at("", Problem::NotXml)
        });
    }
    Ok(decoded)
}

fn utf8(bytes: &[u8]) -> Result<Decoded<'_>, FormatError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded {
            text: Cow::Borrowed(text),
            encoding: Encoding::Utf8,
        }),
        Err(error) => {
            let (good, _) = bytes.split_at(error.valid_up_to());
            let good = std::str::from_utf8(good).unwrap_or_default();
            let trimmed = good.trim_start();
            Err(if trimmed.is_empty() || trimmed.starts_with('<') {
                at(good, Problem::BadEncoding("UTF-8"))
            } else {
                at("", Problem::NotXml)
            })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Decoded<'_>, FormatError> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let (pairs, rest) = bytes.as_chunks::<2>();
    for c in char::decode_utf16(pairs.iter().copied().map(unit)) {
        match c {
            Ok(c) => text.push(c),
            // The error holds no more than the lone surrogate that the sentence is about.
            Err(_) => return Err(at(&text, Problem::BadEncoding("UTF-16"))),
        }
    }
    if !rest.is_empty() {
        return Err(at(&text, Problem::BadEncoding("UTF-16")));
    }
    Ok(Decoded {
        text: Cow::Owned(text),
        encoding: Encoding::Utf16,
    })
}

/// An error right behind this much of the text.
pub(super) fn at(before: &str, problem: Problem) -> FormatError {
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let this_line = before.get(line_start..).unwrap_or_default();
    FormatError {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: this_line.chars().count() + 1,
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn reads_the_encodings_of_common_editors() {
        let text = "<a>Ärzte 😀</a>";
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [vec![0xFF, 0xFE], utf16_bytes(text, u16::to_le_bytes)].concat(),
            [vec![0xFE, 0xFF], utf16_bytes(text, u16::to_be_bytes)].concat(),
        ] {
            assert_eq!(decode(&bytes).unwrap().text, text);
        }
    }

    #[test]
    fn says_where_the_text_goes_wrong() {
        for (bytes, line, column, problem) in [
            (
                &b"<a>\nx\xC3\xA4y\xE4</a>"[..],
                2,
                4,
                Problem::BadEncoding("UTF-8"),
            ),
            (b"<a>\n\x01", 2, 1, Problem::IllegalCharacter('\u{1}')),
            (b"\xFF\xFE<\0a", 1, 2, Problem::BadEncoding("UTF-16")),
            (b"\xFF\xFE\x00\xD8<\0", 1, 1, Problem::BadEncoding("UTF-16")),
            (b"MZ\x90\0\x03", 1, 1, Problem::NotXml),
            (b"PK\x03\x04", 1, 1, Problem::NotXml),
            (
                b"<\0a\0",
                1,
                1,
                Problem::OtherEncoding("UTF-16 without byte order mark".to_owned()),
            ),
        ] {
            let error = decode(bytes).unwrap_err();
            assert_eq!((error.line, error.column), (line, column), "{error}");
            assert_eq!(error.problem, problem);
        }
    }
}
