//! A secret text that shows itself to nobody by accident.
//!
//! Must not implement `Display`, `Serialize`, `Clone` into plain text or comparison.

use std::fmt;

use zeroize::Zeroizing;

/// A password or token: its `Debug` is a row of stars and its memory is wiped when dropped.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text over; the caller should not keep a copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
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
}
