//! Words and figures for people: durations, plurals, shortened texts.
//!
//! Must not decide anything; what it returns is for reading only.

use std::time::Duration;

/// A duration at a glance: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`.
pub fn short_duration(span: Duration) -> String {
    let secs = span.as_secs();
    match secs {
        0..10 => format!("{}.{} s", secs, span.subsec_millis() / 100),
        10..60 => format!("{secs} s"),
        60..3600 => format!("{} min {:02} s", secs / 60, secs % 60),
        _ => format!("{} h {:02} min", secs / 3600, secs % 3600 / 60),
    }
}

/// A count with its noun: `1 step`, `1,000 steps`. Nouns that take more than an `s` are not for it.
pub fn plural(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", grouped(count))
    }
}

/// A count with its thousands apart, as English text has it: `1,234`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Shortens a text to `max_chars` characters by leaving out its middle.
pub fn elide_middle(text: &str, max_chars: usize) -> String {
    let count = text.chars().count();
    if count <= max_chars {
        return text.to_owned();
    }
    let keep = max_chars.saturating_sub(1);
    let head: String = text.chars().take(keep - keep / 2).collect();
    let tail: String = text.chars().skip(count - keep / 2).collect();
    format!("{head}…{tail}")
}

/// Replaces control characters, so that foreign text cannot forge a line of a log or a terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Whether XML 1.0 can hold this character at all, even as a reference (production `Char`).
pub const fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Joins words as a sentence does: `a`, `a and b`, `a, b and c`.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn durations_read_well() {
        for (millis, text) in [
            (0, "0.0 s"),
            (420, "0.4 s"),
            (12_900, "12 s"),
            (185_000, "3 min 05 s"),
            (7_620_000, "2 h 07 min"),
        ] {
            assert_eq!(short_duration(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn shortened_texts_keep_both_ends() {
        assert_eq!(
            elide_middle("Fabrikam HR Management Agent", 11),
            "Fabri…Agent"
        );
        assert_eq!(elide_middle("short", 11), "short");
        assert_eq!(elide_middle("äöü", 2), "ä…");
    }

    #[test]
    fn control_characters_have_no_place_in_xml() {
        for (c, held) in [
            ('\0', false),
            ('\u{1b}', false),
            ('\t', true),
            ('\u{85}', true),
            ('\u{FFFD}', true),
            ('\u{FFFE}', false),
            ('\u{1F600}', true),
        ] {
            assert_eq!(is_xml_char(c), held, "{c:?}");
        }
    }

    #[test]
    fn words_make_sentences() {
        assert_eq!(plural(1, "step"), "1 step");
        assert_eq!(plural(0, "step"), "0 steps");
        assert_eq!(plural(999, "step"), "999 steps");
        assert_eq!(plural(1_234_567, "step"), "1,234,567 steps");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(printable("a\r\nb\u{1b}[2J"), "a  b [2J");
    }
}
