//! A secret text that shows itself to nobody by accident.
//!
//! Must not implement `Display`, `Serialize`, `Clone` into plain text or comparison.

use std::fmt;

use zeroize::Zeroizing;

/// A password or token: its `Debug` is a row of stars and its memory is wiped when dropped.
///
/// A clone is a secret of its own, wiped like the first.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text over; the caller should not keep a copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Takes bytes over; what is no text is wiped.
    pub fn of_bytes(bytes: Vec<u8>) -> Option<Self> {
        match String::from_utf8(bytes) {
            Ok(text) => Some(Self::new(text)),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                None
            }
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Shows the text to the one place that must send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A text in the form that Windows takes, in 16-bit units; wiped when dropped.
pub struct Wide(Zeroizing<Vec<u16>>);

impl Wide {
    /// Copies a text.
    pub fn of(text: &str) -> Self {
        // Grown once: a vector that moves leaves a copy behind.
        let mut units = Vec::with_capacity(text.len());
        units.extend(text.encode_utf16());
        Self(Zeroizing::new(units))
    }

    /// The units, without an end mark.
    pub fn units(&self) -> &[u16] {
        &self.0
    }
}

impl fmt::Debug for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(secret.reveal(), "hunter2");
        let wide = Wide::of("h€");
        assert_eq!(format!("{wide:?}"), "***");
        assert_eq!(wide.units(), [0x68, 0x20AC]);
    }

    #[test]
    fn bytes_that_are_no_text_are_no_secret() {
        let secret = Secret::of_bytes(b"hunter2".to_vec()).unwrap();
        assert_eq!(secret.reveal(), "hunter2");
        assert!(Secret::of_bytes(vec![0xFF, b'x']).is_none());
    }

    /// Looks at our own memory as a core dump would show it, after it was given back.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    mod memory {
        use std::fs::File;
        use std::io::{Read as _, Seek as _, SeekFrom};

        use super::*;

        /// The allocator keeps its own notes at the beginning of what it got back.
        const NOTES: usize = 64;
        const LENGTH: usize = 512;

        fn canary() -> String {
            "k9".repeat(LENGTH / 2)
        }

        /// What stands where a text of ours stood, after `drop` has taken it away.
        fn left_after<T>(holder: T, address: usize) -> usize {
            // Before: what is opened later must not be given the same place.
            let mut memory = File::open("/proc/self/mem").unwrap();
            let mut buffer = vec![0; LENGTH];
            drop(holder);
            memory.seek(SeekFrom::Start(address as u64)).unwrap();
            memory.read_exact(&mut buffer).unwrap();
            buffer[NOTES..]
                .iter()
                .filter(|byte| b"k9".contains(byte))
                .count()
        }

        fn address(text: &str) -> usize {
            text.as_ptr().addr()
        }

        #[test]
        fn a_dropped_secret_leaves_nothing_in_memory() {
            let plain = canary();
            let at = address(&plain);
            assert!(
                left_after(plain, at) > LENGTH / 2,
                "the look sees what is left"
            );
            let secret = Secret::new(canary());
            let at = address(secret.reveal());
            assert_eq!(left_after(secret, at), 0);
            let secret = Secret::new(canary());
            let clone = secret.clone();
            let at = address(clone.reveal());
            assert_ne!(at, address(secret.reveal()), "a clone is a copy");
            assert_eq!(left_after(clone, at), 0, "neither does a clone");
            let mut refused = canary().into_bytes();
            refused.push(0xFF);
            let at = refused.as_ptr().addr();
            assert_eq!(
                left_after(Refused(Some(refused)), at),
                0,
                "nor what was no text"
            );
        }

        /// Becomes no secret when it is dropped.
        struct Refused(Option<Vec<u8>>);

        impl Drop for Refused {
            fn drop(&mut self) {
                assert!(self.0.take().and_then(Secret::of_bytes).is_none());
            }
        }
    }
}
