//! Character and entity references, line ends and blanks, as XML 1.0 sections 2.11, 3.3.3 and 4.1
//! define them, exact to the character.

use crate::base::text::is_xml_char;

use super::error::Problem;

/// The character that a reference stands for; `name` is what is between `&` and `;`.
pub(super) fn resolve(name: &str) -> Result<char, Problem> {
    let unknown = || Problem::UnknownEntity(name.to_owned());
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "quot" => Ok('"'),
            "apos" => Ok('\''),
            _ => Err(unknown()),
        };
    };
    let (digits, radix) = number
        .strip_prefix('x')
        .map_or((number, 10), |hexadecimal| (hexadecimal, 16));
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(unknown());
    }
    let c = u32::from_str_radix(digits, radix)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(unknown)?;
    if is_xml_char(c) {
        Ok(c)
    } else {
        Err(Problem::IllegalCharacter(c))
    }
}

/// The value of an attribute as it stands between its quotes, or the byte at which it goes wrong.
pub(super) fn attribute_value(raw: &str) -> Result<String, (usize, Problem)> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(special) = rest.find(['&', '<', '\t', '\n', '\r']) {
        let (plain, tail) = rest.split_at(special);
        value.push_str(plain);
        let offset = raw.len() - tail.len();
        rest = if let Some(reference) = tail.strip_prefix('&') {
            let (name, after) = reference.split_once(';').ok_or_else(|| {
                let problem = "a lone `&`; write `&amp;`";
                (offset, Problem::Syntax(problem.to_owned()))
            })?;
            value.push(resolve(name).map_err(|problem| (offset, problem))?);
            after
        } else if tail.starts_with('<') {
            let problem = "a `<` within an attribute's value; write `&lt;`, or close the quotes";
            return Err((offset, Problem::Syntax(problem.to_owned())));
        } else {
            value.push(' ');
            tail.strip_prefix("\r\n")
                .or_else(|| tail.strip_prefix(['\t', '\n', '\r']))
                .unwrap_or_default()
        };
    }
    value.push_str(rest);
    Ok(value)
}

/// Adds text that holds no reference, with its line ends made one line feed each.
pub(super) fn push_text(text: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\r') {
        text.push_str(before);
        text.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_characters() {
        for (name, c) in [
            ("lt", '<'),
            ("apos", '\''),
            ("#10", '\n'),
            ("#x1F600", '😀'),
            ("#xd", '\r'),
        ] {
            assert_eq!(resolve(name), Ok(c), "{name}");
        }
        for name in [
            "",
            "nbsp",
            "#",
            "#x",
            "#+5",
            "#-5",
            "#X41",
            "#xD800",
            "#99999999999",
            "LT",
        ] {
            assert_eq!(
                resolve(name),
                Err(Problem::UnknownEntity(name.to_owned())),
                "{name}"
            );
        }
        assert_eq!(resolve("#0"), Err(Problem::IllegalCharacter('\0')));
    }

    #[test]
    fn attribute_values_are_normalized() {
        for (raw, value) in [
            ("a\tb\nc\rd\r\ne", "a b c d e"),
            ("&#9;&#10;&#13; &#13;&#10;", "\t\n\r \r\n"),
            ("a&amp;lt;b", "a&lt;b"),
            ("", ""),
        ] {
            assert_eq!(attribute_value(raw).as_deref(), Ok(value), "{raw}");
        }
        assert_eq!(attribute_value("ä<").unwrap_err().0, 2);
        assert_eq!(attribute_value("a&b").unwrap_err().0, 1);
    }

    #[test]
    fn line_ends_of_text_are_normalized() {
        let mut text = String::new();
        push_text(&mut text, "a\r\nb\rc\n\r");
        assert_eq!(text, "a\nb\nc\n\n");
    }
}
