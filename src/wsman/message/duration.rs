//! Spans of time as XML Schema writes them: `PT60.000S`, `PT1M30S`. Years and months are refused,
//! since they have no fixed length.

use std::time::Duration;

/// Reads a span such as `PT1M30S`; `None` when it has another form or does not fit.
pub fn parse(text: &str) -> Option<Duration> {
    let rest = text.trim().strip_prefix('P')?;
    let (days, time) = match rest.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let mut total = Duration::ZERO;
    let mut days = days;
    take(&mut total, &mut days, 'D', 86_400)?;
    let mut time = time;
    take(&mut total, &mut time, 'H', 3_600)?;
    take(&mut total, &mut time, 'M', 60)?;
    take_seconds(&mut total, &mut time)?;
    (days.is_empty() && time.is_empty()).then_some(total)
}

/// Writes a span as seconds with three digits after the point, as `PT20.000S`.
pub fn write(span: Duration) -> String {
    format!("PT{}.{:03}S", span.as_secs(), span.subsec_millis())
}

/// Takes `<number><unit>` from the front, if it is there.
fn take(total: &mut Duration, text: &mut &str, unit: char, unit_secs: u64) -> Option<()> {
    let Some((number, rest)) = text.split_once(unit) else {
        return Some(());
    };
    let secs = number.parse::<u64>().ok()?.checked_mul(unit_secs)?;
    *total = total.checked_add(Duration::from_secs(secs))?;
    *text = rest;
    Some(())
}

fn take_seconds(total: &mut Duration, text: &mut &str) -> Option<()> {
    let Some((number, rest)) = text.split_once('S') else {
        return Some(());
    };
    let secs: f64 = number.parse().ok()?;
    *total = total.checked_add(Duration::try_from_secs_f64(secs).ok()?)?;
    *text = rest;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_others_write() {
        for (text, millis) in [
            ("PT60.000S", 60_000),
            ("PT1M30S", 90_000),
            ("PT1M", 60_000),
            ("P1DT2H", 93_600_000),
            ("P1D", 86_400_000),
            ("PT0.5S", 500),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in [
            "", "P", "PT", "60", "PT-5S", "PTxS", "P1Y", "PT1S1M", "PT1e999S", "PTNaNS",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(write(Duration::from_millis(5_250)), "PT5.250S");
    }
}
