//! Names in sentences: marked as code in a terminal, in quotation marks in the window.

use std::borrow::Cow;

/// A sentence as the window shows it, with its names in quotation marks.
///
/// A lone mark is left alone: it belongs to a name.
pub fn quoted(sentence: &str) -> Cow<'_, str> {
    let marks = sentence.matches('`').count();
    if marks == 0 || marks % 2 == 1 {
        return Cow::Borrowed(sentence);
    }
    let mut shown = String::with_capacity(sentence.len() + 2 * marks);
    for (index, part) in sentence.split('`').enumerate() {
        match index {
            0 => {}
            odd if odd % 2 == 1 => shown.push('\u{201c}'),
            _ => shown.push('\u{201d}'),
        }
        shown.push_str(part);
    }
    Cow::Owned(shown)
}

/// A sentence as the window shows it, with a capital letter.
pub fn shown(sentence: &str) -> String {
    let sentence = quoted(sentence);
    super::watch::first_upper(&sentence).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_quotation_marks() {
        for (words, said) in [
            ("", ""),
            ("no name", "no name"),
            (
                "`HR` waits for `AD`",
                "\u{201c}HR\u{201d} waits for \u{201c}AD\u{201d}",
            ),
            ("one ` alone", "one ` alone"),
            ("a `b` c ` d", "a `b` c ` d"),
        ] {
            assert_eq!(quoted(words), said);
        }
        assert_eq!(shown("run `HR`"), "Run \u{201c}HR\u{201d}");
    }
}
