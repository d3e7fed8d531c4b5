//! The XML declaration and processing instructions, whose form the parser does not examine
//! (XML 1.0 sections 2.6 and 2.8).

/// How a declaration is written.
const EXAMPLE: &str = "write `<?xml version=\"1.0\" encoding=\"utf-8\"?>`";

/// The encoding that a declaration names; `content` is what is between `<?` and `?>`.
///
/// # Errors
/// What to write instead.
pub(super) fn declared_encoding(content: &str) -> Result<Option<&str>, &'static str> {
    let rest = content.strip_prefix("xml").ok_or(EXAMPLE)?;
    let (version, rest) = entry(rest, "version").ok_or(EXAMPLE)?;
    if version != "1.0" {
        return Err(EXAMPLE);
    }
    let (encoding, rest) = match entry(rest, "encoding") {
        Some((encoding, rest)) => (Some(encoding), rest),
        None => (None, rest),
    };
    let rest = match entry(rest, "standalone") {
        Some(("yes" | "no", rest)) => rest,
        Some(_) => return Err(EXAMPLE),
        None => rest,
    };
    if rest.trim_ascii().is_empty() {
        Ok(encoding)
    } else {
        Err(EXAMPLE)
    }
}

/// Makes sure that a processing instruction begins with a name; `content` is what is between `<?`
/// and `?>`.
///
/// # Errors
/// What is wrong.
pub(super) fn check_instruction(content: &str) -> Result<(), &'static str> {
    let is_blank = |c: char| c.is_ascii_whitespace();
    let target = content.split(is_blank).next().unwrap_or_default();
    let is_name = target.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && target
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if !is_name || target.eq_ignore_ascii_case("xml") {
        return Err("`<?` without a name behind it; remove it up to `?>`");
    }
    Ok(())
}

/// The value of ` name="value"` at the beginning of a text, and what follows.
fn entry<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let trimmed = text.trim_ascii_start();
    if trimmed.len() == text.len() {
        return None;
    }
    let value = trimmed.strip_prefix(name)?.trim_ascii_start();
    let value = value.strip_prefix('=')?.trim_ascii_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_have_one_form() {
        for (content, encoding) in [
            ("xml version=\"1.0\"", None),
            ("xml version='1.0' encoding=\"utf-8\"", Some("utf-8")),
            ("xml\r\n version = '1.0'\tencoding='a' ", Some("a")),
            ("xml version='1.0' standalone='yes'", None),
            ("xml version='1.0' encoding='a' standalone='no'", Some("a")),
        ] {
            assert_eq!(declared_encoding(content), Ok(encoding), "{content}");
        }
        for content in [
            "xml",
            "xml/> version='1.0'",
            "xml\u{a0} version='1.0'",
            "xml version='1.1'",
            "xml version=\"1.0'",
            "xml encoding='a'",
            "xml encoding='a' version='1.0'",
            "xml version='1.0'encoding='a'",
            "xml version='1.0' encodings='a'",
            "xml version='1.0' encoding='a'/",
            "xml version='1.0' standalone='maybe'",
        ] {
            assert_eq!(declared_encoding(content), Err(EXAMPLE), "{content}");
        }
    }

    #[test]
    fn instructions_begin_with_a_name() {
        for content in ["editor", "xml-stylesheet href='a'", "ä.b\nc", "_"] {
            assert_eq!(check_instruction(content), Ok(()), "{content}");
        }
        for content in ["", " a", "\"xml\"", "xml/>", "XML a", "a:b", "\u{2028}a"] {
            assert!(check_instruction(content).is_err(), "{content}");
        }
    }
}
