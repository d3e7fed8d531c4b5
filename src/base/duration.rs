//! Spans of time as people write them: `30s`, `1h30m`, `250ms`.
//!
//! One spelling for files, command lines and screens. Must not know what a span is used for.

use std::fmt;
use std::time::Duration;

const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The longest span that can be written: 366 days. Longer ones are a slip of the pen.
pub const LONGEST: Duration = Duration::from_hours(8784);

/// Why a text is not a span of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// The text does not follow the pattern.
    #[error("`{0}` is not a duration; write a number with a unit, such as `30s`, `5m` or `1h30m`")]
    Malformed(String),
    /// The span is longer than [`LONGEST`].
    #[error("`{0}` is longer than a year; write at most `366d`")]
    TooLong(String),
}

/// Reads a span such as `30s`, `5m`, `1h30m` or `250ms`; units go from large to small, each once.
///
/// # Errors
/// [`DurationError`] when the text has another form or is longer than [`LONGEST`].
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let malformed = || DurationError::Malformed(text.to_owned());
    let mut rest = text.trim_ascii();
    if rest.is_empty() {
        return Err(malformed());
    }
    let mut total_millis: u64 = 0;
    let mut next_unit = 0;
    while !rest.is_empty() {
        let digits_end = rest
            .find(|c: char| !c.is_ascii_digit())
            .ok_or_else(malformed)?;
        let (digits, tail) = rest.split_at(digits_end);
        let unit_end = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let number: u64 = digits.parse().ok().ok_or_else(malformed)?;
        let (index, millis) = UNITS
            .iter()
            .enumerate()
            .skip(next_unit)
            .find_map(|(index, (name, millis))| (*name == unit).then_some((index, *millis)))
            .ok_or_else(malformed)?;
        next_unit = index + 1;
        total_millis = number
            .checked_mul(millis)
            .and_then(|part| total_millis.checked_add(part))
            .ok_or_else(|| DurationError::TooLong(text.to_owned()))?;
        rest = tail;
    }
    let span = Duration::from_millis(total_millis);
    if span > LONGEST {
        return Err(DurationError::TooLong(text.to_owned()));
    }
    Ok(span)
}

/// Writes a span the way [`parse`] reads it, exact to the millisecond: `1h30m`, `0s`, `1s250ms`.
pub fn exact(span: Duration) -> impl fmt::Display {
    Exact(span)
}

struct Exact(Duration);

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut millis = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if millis == 0 {
            return f.write_str("0s");
        }
        for (name, size) in UNITS {
            let count = millis / size;
            millis %= size;
            if count > 0 {
                write!(f, "{count}{name}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for (text, millis) in [
            ("0s", 0),
            ("250ms", 250),
            ("30s", 30_000),
            ("1h30m", 5_400_000),
            ("1d2h3m4s5ms", 93_784_005),
        ] {
            let span = parse(text).unwrap();
            assert_eq!(span, Duration::from_millis(millis), "{text}");
            assert_eq!(exact(span).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_nobody_can_mean() {
        for text in [
            "",
            "30",
            "s",
            "-3s",
            "1.5h",
            "30s1h",
            "5m5m",
            "5 m",
            "99999999999999999999s",
            "\u{a0}5s",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(matches!(parse("400d"), Err(DurationError::TooLong(_))));
    }
}
