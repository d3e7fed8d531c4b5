//! The keys of services, as MIT's programs write them (keytab, version 0x502).
//!
//! Pure: bytes in, keys out.

use sspi::Secret;

/// What a file begins with.
const VERSION: [u8; 2] = [5, 2];

/// Keys of services.
#[derive(Debug, Clone)]
pub struct Keytab(Vec<ServiceKey>);

/// One key of one service.
#[derive(Debug, Clone)]
pub struct ServiceKey {
    /// The realm of the service.
    pub realm: String,
    /// Its name in parts, such as `HTTP` and `server.example`.
    pub name: Vec<String>,
    /// The number of the key; a new password makes a new one.
    pub version: u32,
    /// The encryption type (RFC 3961), such as 18 for AES with 256 bits.
    pub encryption: u16,
    /// The key itself.
    pub key: Secret<Vec<u8>>,
}

/// Why bytes are not a keytab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeytabError {
    /// They begin otherwise.
    #[error("it is not a keytab of version 2")]
    Version,
    /// An entry is cut off, or is no entry.
    #[error("its entry {0} cannot be read")]
    Entry(usize),
    /// There is no entry.
    #[error("it holds no key")]
    Empty,
}

impl Keytab {
    /// Reads a file's content.
    ///
    /// # Errors
    /// [`KeytabError`] when it is not a keytab with at least one key.
    pub fn read(bytes: &[u8]) -> Result<Self, KeytabError> {
        let mut rest = bytes.strip_prefix(&VERSION).ok_or(KeytabError::Version)?;
        let mut keys = Vec::new();
        let mut number = 0;
        while let Some((size, after)) = rest.split_first_chunk::<4>() {
            number += 1;
            let size = i32::from_be_bytes(*size);
            if size == 0 {
                break;
            }
            // A deleted entry leaves a hole, whose size is negative.
            let length = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
            let (entry, after) = after
                .split_at_checked(length)
                .ok_or(KeytabError::Entry(number))?;
            if size > 0 {
                keys.push(entry_of(entry).ok_or(KeytabError::Entry(number))?);
            }
            rest = after;
        }
        if keys.is_empty() {
            return Err(KeytabError::Empty);
        }
        Ok(Self(keys))
    }

    /// The newest key of each service for an encryption type.
    pub fn keys(&self, encryption: u16) -> Vec<&ServiceKey> {
        let fitting = |key: &&ServiceKey| key.encryption == encryption;
        let is_newest = |key: &&ServiceKey| {
            let mut others = self.0.iter().filter(fitting);
            !others.any(|other| {
                other.realm == key.realm && other.name == key.name && other.version > key.version
            })
        };
        self.0.iter().filter(fitting).filter(is_newest).collect()
    }

    /// The encryption type of the strongest key.
    pub fn strongest(&self) -> u16 {
        let all = self.0.iter().map(|key| key.encryption);
        // The newer types of RFC 8009 have larger numbers, and the crate cannot use them.
        all.filter(|encryption| *encryption <= 18)
            .max()
            .unwrap_or_default()
    }

    /// Whether a realm is one of a service's.
    pub fn has_realm(&self, realm: &str) -> bool {
        self.0
            .iter()
            .any(|key| key.realm.eq_ignore_ascii_case(realm))
    }
}

fn entry_of(bytes: &[u8]) -> Option<ServiceKey> {
    let mut rest = Rest(bytes);
    let parts = rest.u16()?;
    let realm = rest.text()?;
    let name = (0..parts).map(|_| rest.text()).collect::<Option<_>>()?;
    rest.take(4)?; // the kind of name
    rest.take(4)?; // when it was written
    let short_version = rest.take(1)?.first().copied()?;
    let encryption = rest.u16()?;
    let length = rest.u16()?;
    let key = rest.take(usize::from(length))?.to_vec();
    // The longer number came later, and may be missing or zero.
    let long_version = rest.take(4).and_then(|bytes| bytes.try_into().ok());
    let long_version = long_version
        .map(u32::from_be_bytes)
        .filter(|version| *version > 0);
    Some(ServiceKey {
        realm,
        name,
        version: long_version.unwrap_or_else(|| u32::from(short_version)),
        encryption,
        key: Secret::new(key),
    })
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        let bytes = self.take(2)?;
        bytes.try_into().ok().map(u16::from_be_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.u16()?;
        let bytes = self.take(usize::from(length))?;
        String::from_utf8(bytes.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry as `ktadd` writes it.
    fn entry(name: &[&str], version: u8, long_version: Option<u32>, encryption: u16) -> Vec<u8> {
        let mut entry = u16::try_from(name.len()).unwrap().to_be_bytes().to_vec();
        for text in [&["LAB.TEST"], name].concat() {
            entry.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            entry.extend(text.as_bytes());
        }
        entry.extend([0, 0, 0, 1, 0x65, 0, 0, 0, version]);
        entry.extend(encryption.to_be_bytes());
        entry.extend([0, 4, version, 2, 3, 4]);
        entry.extend(long_version.map(u32::to_be_bytes).unwrap_or_default());
        let mut whole = i32::try_from(entry.len()).unwrap().to_be_bytes().to_vec();
        whole.extend(entry);
        whole
    }

    #[test]
    fn the_newest_key_of_each_service_counts() {
        let mut bytes = VERSION.to_vec();
        bytes.extend(entry(&["HTTP", "a"], 1, Some(1), 18));
        bytes.extend(entry(&["HTTP", "a"], 1, Some(257), 18));
        bytes.extend(entry(&["HTTP", "a"], 3, Some(3), 17));
        // A hole, and then an entry of an older program.
        bytes.extend([0xff, 0xff, 0xff, 0xfe, 1, 2]);
        bytes.extend(entry(&["http", "b"], 2, None, 18));
        let keytab = Keytab::read(&bytes).unwrap();
        let keys = keytab.keys(18);
        let seen: Vec<_> = keys
            .iter()
            .map(|key| (key.name.join("/"), key.version))
            .collect();
        assert_eq!(seen, [("HTTP/a".to_owned(), 257), ("http/b".to_owned(), 2)]);
        assert_eq!(keytab.keys(17).len(), 1);
        assert_eq!(keytab.keys(23).len(), 0);
        assert_eq!(keytab.strongest(), 18);
        assert!(keytab.has_realm("lab.test") && !keytab.has_realm("LAB"));
        assert!(!format!("{keytab:?}").contains("[1, 2, 3, 4]"));
    }

    #[test]
    fn what_is_no_keytab_is_refused() {
        let mut bytes = VERSION.to_vec();
        bytes.extend(entry(&["HTTP", "a"], 1, None, 18));
        assert!(Keytab::read(&bytes).is_ok());
        for length in 7..bytes.len() {
            let cut = Keytab::read(&bytes[..length]);
            assert_eq!(cut.unwrap_err(), KeytabError::Entry(1), "{length} bytes");
        }
        for (bytes, expected) in [
            (b"".as_slice(), KeytabError::Version),
            (b"\x05\x01", KeytabError::Version),
            (b"\x05\x02", KeytabError::Empty),
            (b"\x05\x02\0\0\0\0", KeytabError::Empty),
            (b"\x05\x02\0\0\0\x01x", KeytabError::Entry(1)),
            (b"\x05\x02\x80\0\0\0x", KeytabError::Entry(1)),
        ] {
            assert_eq!(Keytab::read(bytes).unwrap_err(), expected, "{bytes:?}");
        }
    }
}
