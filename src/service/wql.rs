//! Texts inside of WQL queries. Must not know what is asked for.

/// A text as a literal of WQL: in single quotes, with backslashes and quotes escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for c in text.chars() {
        if matches!(c, '\\' | '\'') {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_leave_its_quotes() {
        for (text, literal) in [
            ("HR", "'HR'"),
            ("O'Brien's \"MA\"", "'O\\'Brien\\'s \"MA\"'"),
            ("a\\' or Name='b", "'a\\\\\\' or Name=\\'b'"),
        ] {
            assert_eq!(quoted(text), literal);
        }
    }
}
