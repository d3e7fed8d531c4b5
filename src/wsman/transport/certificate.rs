//! What a person wants to know of a certificate before trusting it: whose it is, how long it is
//! valid, its fingerprint.
//!
//! Reads only these from the DER (X.690, RFC 5280), and never fails: what cannot be read is left
//! out. Must not decide whether anything is trusted.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::pin::Pin;
use crate::base::text::{elide_middle, printable};

/// A certificate as a server shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownCertificate {
    /// Whose it is, such as `CN=mim01.contoso.local, O=Contoso`; may be empty.
    pub subject: String,
    /// Who signed it; may be empty.
    pub issuer: String,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// Since when it is valid.
    pub not_before: Option<Timestamp>,
    /// Until when.
    pub not_after: Option<Timestamp>,
    /// The SHA-256 fingerprint, 64 hexadecimal digits.
    pub sha256: String,
}

/// The longest name that is shown.
const MAX_NAME: usize = 200;
/// How many host names are shown.
const MAX_NAMES: usize = 8;

mod tag {
    pub(super) const BIT_OR_OCTETS: u8 = 0x04;
    pub(super) const OBJECT: u8 = 0x06;
    pub(super) const UTC_TIME: u8 = 0x17;
    pub(super) const GENERAL_TIME: u8 = 0x18;
    pub(super) const BMP_STRING: u8 = 0x1e;
    pub(super) const SEQUENCE: u8 = 0x30;
    pub(super) const VERSION: u8 = 0xa0;
    pub(super) const EXTENSIONS: u8 = 0xa3;
    pub(super) const DNS_NAME: u8 = 0x82;
    pub(super) const ADDRESS: u8 = 0x87;
}

/// The parts of names that are shown, by their object identifier.
const PARTS: [(&[u8], &str); 5] = [
    (&[0x55, 0x04, 0x03], "CN"),
    (&[0x55, 0x04, 0x0a], "O"),
    (&[0x55, 0x04, 0x0b], "OU"),
    (&[0x55, 0x04, 0x06], "C"),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19],
        "DC",
    ),
];
/// The extension with the host names (`subjectAltName`).
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

impl ShownCertificate {
    /// Reads a certificate in DER.
    pub(super) fn read(der: &[u8]) -> Self {
        let mut shown = Self {
            sha256: Pin::of(der).hex(),
            ..Self::default()
        };
        // What was read before something strange stays.
        shown.read_fields(der);
        shown
    }

    fn read_fields(&mut self, der: &[u8]) -> Option<()> {
        let mut certificate = Der(Der(der).tagged(tag::SEQUENCE)?);
        let mut fields = Der(certificate.tagged(tag::SEQUENCE)?);
        // The serial number and the algorithm say nothing to anybody.
        if fields.next()?.0 == tag::VERSION {
            fields.next()?;
        }
        fields.next()?;
        self.issuer = name(fields.tagged(tag::SEQUENCE)?);
        let mut validity = Der(fields.tagged(tag::SEQUENCE)?);
        self.not_before = validity.next().and_then(time);
        self.not_after = validity.next().and_then(time);
        self.subject = name(fields.tagged(tag::SEQUENCE)?);
        let extensions = fields.find(|(tag, _)| *tag == tag::EXTENSIONS)?.1;
        let list = Der(extensions).tagged(tag::SEQUENCE)?;
        self.names = Der(list)
            .filter_map(|(_, extension)| alternative_names(extension))
            .flatten()
            .take(MAX_NAMES)
            .collect();
        Some(())
    }
}

/// Values of DER one after the other: the tag and the content of each.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next value, if it has this tag.
    fn tagged(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next()
            .filter(|(found, _)| *found == tag)
            .map(|(_, content)| content)
    }
}

impl<'a> Iterator for Der<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&[tag, length], rest) = self.0.split_first_chunk::<2>()?;
        let (length, rest) = if length < 0x80 {
            (usize::from(length), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let add = |sum: usize, digit: &u8| {
                let sum = sum.checked_mul(256)?;
                sum.checked_add(usize::from(*digit))
            };
            (digits.iter().try_fold(0, add)?, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }
}

/// A distinguished name for people.
fn name(sets: &[u8]) -> String {
    let parts = Der(sets).flat_map(|(_, set)| Der(set)).filter_map(part);
    let parts: Vec<String> = parts.collect();
    elide_middle(&printable(&parts.join(", ")), MAX_NAME)
}

fn part((_, pair): (u8, &[u8])) -> Option<String> {
    let mut pair = Der(pair);
    let object = pair.tagged(tag::OBJECT)?;
    let (_, word) = PARTS.iter().find(|(known, _)| *known == object)?;
    let (tag, value) = pair.next()?;
    let text = if tag == tag::BMP_STRING {
        let (units, _) = value.as_chunks::<2>();
        let units: Vec<u16> = units.iter().map(|two| u16::from_be_bytes(*two)).collect();
        String::from_utf16_lossy(&units)
    } else {
        String::from_utf8_lossy(value).into_owned()
    };
    Some(format!("{word}={text}"))
}

fn alternative_names(extension: &[u8]) -> Option<Vec<String>> {
    let mut fields = Der(extension);
    if fields.tagged(tag::OBJECT)? != ALTERNATIVE_NAMES {
        return None;
    }
    let value = fields.find(|(tag, _)| *tag == tag::BIT_OR_OCTETS)?.1;
    let names = Der(Der(value).tagged(tag::SEQUENCE)?);
    let readable = names.filter_map(|(tag, value)| match tag {
        tag::DNS_NAME => {
            let text = String::from_utf8_lossy(value);
            Some(elide_middle(&printable(&text), MAX_NAME))
        }
        tag::ADDRESS => address(value),
        _ => None,
    });
    Some(readable.collect())
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(four).to_string());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(Ipv6Addr::from(sixteen).to_string())
}

/// A time in UTC, as RFC 5280 has them: `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
fn time((tag, value): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        tag::UTC_TIME => {
            let year: i16 = text.get(..2)?.parse().ok()?;
            let century = if year < 50 { 2000 } else { 1900 };
            (century + year, text.get(2..)?)
        }
        tag::GENERAL_TIME => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        _ => return None,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let time = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, 0).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    use super::*;

    fn certificate() -> Vec<u8> {
        let names = ["mim01.contoso.local", "10.20.4.17", "::1"];
        let mut params = CertificateParams::new(names.map(str::to_owned)).unwrap();
        params.not_before = date_time_ymd(2026, 1, 31);
        params.not_after = date_time_ymd(2051, 12, 1);
        let mut whose = rcgen::DistinguishedName::new();
        whose.push(DnType::CommonName, "mim01 Ä");
        whose.push(DnType::OrganizationName, "Contoso");
        params.distinguished_name = whose;
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn what_a_person_asks_for_is_read() {
        let der = certificate();
        let shown = ShownCertificate::read(&der);
        assert_eq!(shown.subject, "CN=mim01 Ä, O=Contoso");
        assert_eq!(shown.issuer, shown.subject);
        assert_eq!(shown.names, ["mim01.contoso.local", "10.20.4.17", "::1"]);
        let day = |time: Option<Timestamp>| time.unwrap().to_string();
        assert_eq!(day(shown.not_before), "2026-01-31T00:00:00Z");
        assert_eq!(day(shown.not_after), "2051-12-01T00:00:00Z");
        assert_eq!(shown.sha256, Pin::of(&der).hex());
    }

    #[test]
    fn what_was_read_before_something_strange_stays() {
        let mut der = certificate();
        der.truncate(der.len() - 1);
        let shown = ShownCertificate::read(&der);
        assert!(shown.subject.is_empty() && shown.sha256.len() == 64);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(at in 0_usize..400, byte: u8, cut in 0_usize..400) {
            let mut der = certificate();
            if let Some(place) = der.get_mut(at) {
                *place = byte;
            }
            der.drain(..cut.min(der.len()).saturating_sub(200));
            prop_assert_eq!(ShownCertificate::read(&der).sha256.len(), 64);
        }
    }
}
