//! What a server says in `WWW-Authenticate`.
//!
//! Pure. Takes what a server may write; must not decide what to do about it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The schemes that a server offers, in its order.
pub(in crate::wsman) fn offered(challenges: &[String]) -> Vec<String> {
    let mut schemes: Vec<String> = Vec::new();
    for scheme in parts(challenges).filter_map(|part| part.split_whitespace().next()) {
        // A part such as `charset="UTF-8"` belongs to the scheme before it.
        let is_scheme = !scheme.contains(['=', '"']);
        if is_scheme && !schemes.iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
            schemes.push(scheme.to_owned());
        }
    }
    schemes
}

/// Whether a scheme is among the offered ones.
pub(in crate::wsman) fn has(offered: &[String], scheme: &str) -> bool {
    offered.iter().any(|one| one.eq_ignore_ascii_case(scheme))
}

/// The token that a server sends for a scheme; `None` when it sends none that can be read.
pub(in crate::wsman) fn token(challenges: &[String], scheme: &str) -> Option<Vec<u8>> {
    parts(challenges).find_map(|part| {
        let (word, token) = part.split_once(char::is_whitespace)?;
        let token = token.trim();
        if !word.eq_ignore_ascii_case(scheme) || token.is_empty() {
            return None;
        }
        STANDARD.decode(token).ok()
    })
}

/// The value of the header `Authorization` with a token.
pub(in crate::wsman) fn answer(scheme: &str, token: &[u8]) -> String {
    format!("{scheme} {}", STANDARD.encode(token))
}

/// A server may send one header for each scheme, or all in one.
fn parts(challenges: &[String]) -> impl Iterator<Item = &str> {
    challenges
        .iter()
        .flat_map(|challenge| challenge.split(','))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(values: &[&str]) -> Vec<String> {
        values.iter().map(|&value| value.to_owned()).collect()
    }

    #[test]
    fn schemes_and_tokens_are_found_however_they_are_written() {
        for (challenges, schemes, has_token) in [
            (vec![], vec![], None),
            (
                vec!["Negotiate", "Kerberos", "Basic realm=\"WSMAN\""],
                vec!["Negotiate", "Kerberos", "Basic"],
                None,
            ),
            (
                vec!["Negotiate AQID, Basic realm=\"a, b\", charset=\"UTF-8\""],
                vec!["Negotiate", "Basic"],
                Some(vec![1, 2, 3]),
            ),
            (
                vec!["negotiate  AQID "],
                vec!["negotiate"],
                Some(vec![1, 2, 3]),
            ),
            (vec!["Negotiate ???"], vec!["Negotiate"], None),
        ] {
            let challenges = owned(&challenges);
            let found = offered(&challenges);
            assert!(
                found.starts_with(&owned(&schemes)),
                "{challenges:?}: {found:?}"
            );
            assert_eq!(token(&challenges, "Negotiate"), has_token, "{challenges:?}");
        }
        assert_eq!(answer("Negotiate", &[1, 2, 3]), "Negotiate AQID");
    }
}
