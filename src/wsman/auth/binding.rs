//! The channel binding of a TLS connection: `tls-server-end-point` (RFC 5929).
//!
//! Pure. With the crate `sspi` for NTLM only: it writes those of Kerberos so that servers refuse
//! them. The systems' own packages know both.

use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The head of the structure `SEC_CHANNEL_BINDINGS`.
const HEAD: usize = 32;

/// Algorithms with SHA-384 as they stand in a certificate: RSA, ECDSA, and the hash itself within
/// the parameters of RSA-PSS.
const SHA384: [&[u8]; 3] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03],
    &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
];
/// The same with SHA-512.
const SHA512: [&[u8]; 3] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04],
    &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
];

/// The structure for a server's certificate in DER, as SSPI takes it.
pub(super) fn of(certificate: &[u8]) -> Vec<u8> {
    let data = application_data(certificate);
    let length = u32::try_from(data.len()).unwrap_or_default();
    let mut bytes = vec![0; HEAD - 8];
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&(HEAD as u32).to_le_bytes());
    bytes.extend_from_slice(&data);
    bytes
}

/// What the connection to a server with this certificate in DER is bound to.
pub(super) fn application_data(certificate: &[u8]) -> Vec<u8> {
    let algorithm = signature_algorithm(certificate).unwrap_or_default();
    let has = |ids: &[&[u8]]| {
        ids.iter()
            .any(|id| algorithm.windows(id.len()).any(|window| window == *id))
    };
    // The hash of the certificate's own signature, but at least SHA-256 (RFC 5929, 4.1).
    let hash = if has(&SHA512) {
        Sha512::digest(certificate).to_vec()
    } else if has(&SHA384) {
        Sha384::digest(certificate).to_vec()
    } else {
        Sha256::digest(certificate).to_vec()
    };
    [b"tls-server-end-point:", hash.as_slice()].concat()
}

/// The `AlgorithmIdentifier` of the signature: the second element of a certificate (RFC 5280, 4.1).
fn signature_algorithm(certificate: &[u8]) -> Option<&[u8]> {
    let (whole, _) = element(certificate)?;
    let (_, rest) = element(whole)?;
    element(rest).map(|(algorithm, _)| algorithm)
}

/// The content of the first element of DER, and what follows it.
fn element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[_tag, first], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits
                .iter()
                .fold(0_usize, |sum, &digit| sum << 8 | usize::from(digit));
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(algorithm: &[u8]) -> Vec<u8> {
        let mut inner = vec![0x30, 3, 1, 2, 3, 0x30, algorithm.len() as u8 + 2, 6];
        inner.push(algorithm.len() as u8);
        inner.extend_from_slice(algorithm);
        let mut all = vec![0x30, 0x81, inner.len() as u8];
        all.extend_from_slice(&inner);
        all
    }

    #[test]
    fn the_hash_follows_the_signature_of_the_certificate() {
        let rsa_sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
        for (algorithm, length) in [
            (rsa_sha256.as_slice(), 32),
            (SHA384[0], 48),
            (SHA384[1], 48),
            (SHA512[2], 64),
        ] {
            let bytes = of(&certificate(algorithm));
            let data = &bytes[HEAD..];
            assert!(data.starts_with(b"tls-server-end-point:"));
            assert_eq!(data.len(), 21 + length);
            assert_eq!(bytes[24], data.len() as u8);
            assert_eq!(bytes[28], 32);
        }
    }

    #[test]
    fn what_is_no_certificate_still_has_a_binding() {
        for bytes in [&b""[..], b"\x30", b"\x30\xff", b"\x30\x84\xff\xff\xff\xff"] {
            assert_eq!(of(bytes).len(), HEAD + 21 + 32);
        }
    }
}
