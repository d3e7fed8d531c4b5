//! What a person types into a field: read into a value or refused with one sentence, and shown again.
//!
//! Must not know which field it is for.

use std::num::NonZeroU32;
use std::time::Duration;

use super::words::inspector as words;
use crate::base::duration;
use crate::model::ExitCodes;

/// The units of a span: how each is shown, how long it is, how files spell it, what people type.
const UNITS: [(&str, u64, &str, &[&str]); 5] = [
    ("d", 86_400_000, "d", &["d", "day", "days"]),
    (
        "h",
        3_600_000,
        "h",
        &["h", "hr", "hrs", "hour", "hours", "std"],
    ),
    (
        "min",
        60_000,
        "m",
        &["m", "min", "mins", "minute", "minutes"],
    ),
    ("s", 1_000, "s", &["s", "sec", "secs", "second", "seconds"]),
    ("ms", 1, "ms", &["ms", "millisecond", "milliseconds"]),
];

/// Reads a span such as `30 min`, `90s` or `1h30m`.
///
/// # Errors
/// What to type instead.
pub fn span(text: &str) -> Result<Duration, String> {
    let spelled = spelled(text).ok_or_else(|| words::SPAN_EXPECTED.to_owned())?;
    duration::parse(&spelled).map_err(|error| match error {
        duration::DurationError::Malformed(_) => words::SPAN_EXPECTED.to_owned(),
        duration::DurationError::TooLong(_) => words::SPAN_TOO_LONG.to_owned(),
    })
}

/// The same, where nothing means no limit.
///
/// # Errors
/// What to type instead.
pub fn optional_span(text: &str) -> Result<Option<Duration>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    span(text).map(Some)
}

/// The same, where nothing means zero.
///
/// # Errors
/// What to type instead.
pub fn span_or_zero(text: &str) -> Result<Duration, String> {
    optional_span(text).map(Option::unwrap_or_default)
}

/// The span in the spelling of files; `None` when a unit is unknown.
fn spelled(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let end = tail
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let unit = unit.to_lowercase();
        let (.., file, _) = UNITS
            .iter()
            .find(|(.., typed)| typed.contains(&unit.as_str()))?;
        out.push_str(number);
        out.push_str(file);
        rest = tail.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    Some(out)
}

/// Shows a span so that [`span`] reads the same: `1 h 30 min`, `0 s`.
pub fn span_text(span: Duration) -> String {
    let mut millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let mut parts = Vec::new();
    for (shown, size, ..) in UNITS {
        let count = millis / size;
        millis %= size;
        if count > 0 {
            parts.push(format!("{count} {shown}"));
        }
    }
    if parts.is_empty() {
        return "0 s".to_owned();
    }
    parts.join(" ")
}

/// Reads exit codes, separated by blanks or commas.
///
/// # Errors
/// What to type instead.
pub fn exit_codes(text: &str) -> Result<ExitCodes, String> {
    if text.trim().is_empty() {
        return Ok(ExitCodes::default());
    }
    let codes: Option<Vec<i32>> = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().ok())
        .collect();
    codes
        .and_then(ExitCodes::new)
        .ok_or_else(|| words::EXIT_CODES_EXPECTED.to_owned())
}

/// Shows exit codes so that [`exit_codes`] reads the same.
pub fn exit_codes_text(codes: &ExitCodes) -> String {
    let codes: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
    codes.join(" ")
}

/// Reads the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons or blanks.
///
/// # Errors
/// What to type instead.
pub fn pin(text: &str) -> Result<Option<String>, String> {
    let is_space = |c: &char| *c == ':' || c.is_whitespace();
    let digits: String = text.chars().filter(|c| !is_space(c)).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    let is_fine = digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit());
    if is_fine {
        Ok(Some(digits.to_ascii_lowercase()))
    } else {
        Err(words::pin_expected(digits.chars().count()))
    }
}

/// Reads a TCP port; nothing means the usual one.
///
/// # Errors
/// What to type instead.
pub fn port(text: &str) -> Result<Option<u16>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(0) | Err(_) => Err(words::PORT_EXPECTED.to_owned()),
        Ok(port) => Ok(Some(port)),
    }
}

/// Reads a number from 1; nothing means one.
///
/// # Errors
/// What to type instead.
pub fn count(text: &str) -> Result<NonZeroU32, String> {
    optional_count(text).map(|count| count.unwrap_or(NonZeroU32::MIN))
}

/// Reads a number from 1; nothing means no limit.
///
/// # Errors
/// What to type instead.
pub fn optional_count(text: &str) -> Result<Option<NonZeroU32>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_refused| words::COUNT_EXPECTED.to_owned())
}

/// Reads a text; nothing means none.
pub fn optional_text(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_type_them() {
        for (text, millis, shown) in [
            ("30 min", 1_800_000, "30 min"),
            ("90s", 90_000, "1 min 30 s"),
            ("1h30m", 5_400_000, "1 h 30 min"),
            (" 1 Hour, 30 minutes ", 5_400_000, "1 h 30 min"),
            ("250 ms", 250, "250 ms"),
            ("0 s", 0, "0 s"),
            ("2d", 172_800_000, "2 d"),
        ] {
            let read = span(text).unwrap();
            assert_eq!(read, Duration::from_millis(millis), "{text}");
            assert_eq!(span_text(read), shown, "{text}");
            assert_eq!(span(shown), Ok(read), "{shown}");
        }
    }

    #[test]
    fn what_is_no_span_gets_a_sentence() {
        for text in ["30", "min", "-3 s", "1.5 h", "5 parsecs", "30 s 1 h", ""] {
            assert_eq!(span(text), Err(words::SPAN_EXPECTED.to_owned()), "{text}");
        }
        assert_eq!(span("400 d"), Err(words::SPAN_TOO_LONG.to_owned()));
    }

    #[test]
    fn nothing_typed_is_the_default() {
        assert_eq!(optional_span(" "), Ok(None));
        assert_eq!(span_or_zero(""), Ok(Duration::ZERO));
        assert_eq!(count(""), Ok(NonZeroU32::MIN));
        assert_eq!(optional_count(""), Ok(None));
        assert_eq!(port(""), Ok(None));
        assert_eq!(pin(""), Ok(None));
        assert_eq!(exit_codes(""), Ok(ExitCodes::default()));
        assert_eq!(optional_text("  "), None);
    }

    #[test]
    fn numbers_keep_within_their_range() {
        for text in ["0", "-1", "70000", "http"] {
            assert!(port(text).is_err(), "{text}");
        }
        assert_eq!(port("5986"), Ok(Some(5986)));
        for text in ["0", "-1", "many", "99999999999"] {
            assert!(count(text).is_err(), "{text}");
        }
        assert_eq!(optional_count("3"), Ok(NonZeroU32::new(3)));
    }

    #[test]
    fn exit_codes_are_read_as_they_are_shown() {
        let codes = exit_codes("3010, 0 -1").unwrap();
        assert_eq!(exit_codes_text(&codes), "-1 0 3010");
        assert_eq!(exit_codes(&exit_codes_text(&codes)), Ok(codes));
        assert!(exit_codes("0 x").is_err());
    }

    #[test]
    fn pins_come_in_many_spellings() {
        let plain = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        assert_eq!(pin(&colons), Ok(Some(plain.clone())));
        assert_eq!(pin(&plain), Ok(Some(plain)));
        assert!(pin("abcd").is_err());
    }
}
