//! Which schemes a server offers.

use std::str::FromStr;

/// The schemes that a server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Name and password in each request.
    pub basic: bool,
    /// NTLM, by itself or within SPNEGO.
    pub ntlm: bool,
    /// SPNEGO: NTLM, and Kerberos where there is a keytab.
    pub negotiate: bool,
    /// Kerberos by itself.
    pub kerberos: bool,
}

/// Why a text does not name schemes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scheme; there are basic, ntlm, negotiate and kerberos, separated by commas")]
pub struct OfferError(String);

impl Offer {
    /// Basic alone, for demonstrations.
    pub const BASIC: Self = Self {
        basic: true,
        ntlm: false,
        negotiate: false,
        kerberos: false,
    };

    /// What `WWW-Authenticate` says about them, in the order of Windows.
    pub fn challenges(self) -> Vec<String> {
        let all = [
            (self.takes_negotiate(), "Negotiate"),
            (self.kerberos, "Kerberos"),
            (self.basic, "Basic realm=\"WSMAN\""),
        ];
        let offered = all.into_iter().filter(|(is_offered, _)| *is_offered);
        offered.map(|(_, word)| word.to_owned()).collect()
    }

    /// Whether the header's scheme `Negotiate` is taken: NTLM comes under it too.
    pub const fn takes_negotiate(self) -> bool {
        self.ntlm || self.negotiate
    }
}

impl FromStr for Offer {
    type Err = OfferError;

    fn from_str(text: &str) -> Result<Self, OfferError> {
        let mut offer = Self {
            basic: false,
            ntlm: false,
            negotiate: false,
            kerberos: false,
        };
        for word in text.split(',') {
            let is_offered = match word.trim().to_ascii_lowercase().as_str() {
                "basic" => &mut offer.basic,
                "ntlm" => &mut offer.ntlm,
                "negotiate" => &mut offer.negotiate,
                "kerberos" => &mut offer.kerberos,
                other => return Err(OfferError(other.to_owned())),
            };
            *is_offered = true;
        }
        Ok(offer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_listed_as_windows_lists_them() {
        let basic = "Basic realm=\"WSMAN\"";
        let cases: [(&str, &[&str]); 5] = [
            ("basic", &[basic]),
            ("ntlm", &["Negotiate"]),
            ("kerberos", &["Kerberos"]),
            ("Basic, kerberos", &["Kerberos", basic]),
            (
                "basic,ntlm,negotiate,kerberos",
                &["Negotiate", "Kerberos", basic],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Offer>().unwrap().challenges(), expected);
        }
        for text in ["", "basic,", "digest", "basic;ntlm"] {
            assert!(text.parse::<Offer>().is_err(), "{text}");
        }
    }
}
