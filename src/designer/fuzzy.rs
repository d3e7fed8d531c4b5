//! How well a typed text fits a title: a part of it, beginnings of its words, or letters in order.

use std::ops::Range;

/// How well a text fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The title begins with it.
    Beginning,
    /// A word of the title begins with it.
    Word,
    /// It is somewhere in the title.
    Part,
    /// Its letters begin words of the title, in order.
    WordStarts,
    /// Its letters are in the title, in order.
    Letters,
}

/// A letter of a title.
#[derive(Clone, Copy)]
struct Letter {
    at: usize,
    end: usize,
    folded: char,
    begins_word: bool,
}

fn letters(title: &str) -> Vec<Letter> {
    let mut before: Option<char> = None;
    title
        .char_indices()
        .map(|(at, c)| {
            let begins_word = c.is_alphanumeric() && !before.is_some_and(char::is_alphanumeric);
            before = Some(c);
            Letter {
                at,
                end: at + c.len_utf8(),
                folded: fold(c),
                begins_word,
            }
        })
        .collect()
}

/// One letter for one letter, so that places in the folded text are places in the title.
fn fold(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// How a text fits a title, and where, in bytes; `None` when it does not. No text fits everything.
pub(super) fn fit(text: &str, title: &str) -> Option<(Fit, Vec<Range<usize>>)> {
    let wanted: Vec<char> = text.trim().chars().map(fold).collect();
    if wanted.is_empty() {
        return Some((Fit::Beginning, Vec::new()));
    }
    let letters = letters(title);
    if let Some(found) = part(&wanted, &letters) {
        return Some(found);
    }
    let wanted: Vec<char> = wanted.into_iter().filter(|c| !c.is_whitespace()).collect();
    if let Some(found) = word_starts(&wanted, &letters) {
        return Some((Fit::WordStarts, joined(&found)));
    }
    in_order(&wanted, &letters).map(|found| (Fit::Letters, joined(&found)))
}

fn part(wanted: &[char], letters: &[Letter]) -> Option<(Fit, Vec<Range<usize>>)> {
    let mut places = letters
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| {
            let folded = window.iter().map(|letter| letter.folded);
            folded.eq(wanted.iter().copied())
        });
    let first = places.next()?;
    let is_word = |window: &[Letter]| window.first().is_some_and(|letter| letter.begins_word);
    let (index, window) = if is_word(first.1) {
        first
    } else {
        places.find(|(_, window)| is_word(window)).unwrap_or(first)
    };
    let fit = match (index, is_word(window)) {
        (0, _) => Fit::Beginning,
        (_, true) => Fit::Word,
        (_, false) => Fit::Part,
    };
    let range = window.first()?.at..window.last()?.end;
    Some((fit, vec![range]))
}

/// Each letter goes on with the word or begins a later one, so that `di hr` and `delim` find `Delta
/// Import`.
fn word_starts(wanted: &[char], letters: &[Letter]) -> Option<Vec<Letter>> {
    let mut found: Vec<Letter> = Vec::new();
    let mut from = 0;
    for c in wanted {
        let rest = letters.get(from..)?;
        let goes_on = !found.is_empty() && rest.first().is_some_and(|next| next.folded == *c);
        let away = if goes_on {
            0
        } else {
            rest.iter()
                .position(|letter| letter.begins_word && letter.folded == *c)?
        };
        found.push(*rest.get(away)?);
        from += away + 1;
    }
    Some(found)
}

fn in_order(wanted: &[char], letters: &[Letter]) -> Option<Vec<Letter>> {
    let mut rest = letters.iter();
    wanted
        .iter()
        .map(|c| rest.find(|letter| letter.folded == *c).copied())
        .collect()
}

/// The ranges of letters, neighbours joined.
fn joined(letters: &[Letter]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for letter in letters {
        match ranges.last_mut() {
            Some(last) if last.end == letter.at => last.end = letter.end,
            _ => ranges.push(letter.at..letter.end),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_fits_come_first() {
        for (text, title, fitted, marked) in [
            ("exp", "Export plan", Fit::Beginning, vec!["Exp"]),
            ("EXPORT", "AD, Export", Fit::Word, vec!["Export"]),
            ("port", "Export", Fit::Part, vec!["port"]),
            ("di", "Delta Import", Fit::WordStarts, vec!["D", "I"]),
            ("delim", "Delta Import", Fit::WordStarts, vec!["Del", "Im"]),
            ("dlt", "Delta Import", Fit::Letters, vec!["D", "lt"]),
            ("ärz", "HR Ärzte", Fit::Word, vec!["Ärz"]),
        ] {
            let (fit, ranges) = fit(text, title).unwrap();
            assert_eq!(fit, fitted, "{text} {title}");
            let parts: Vec<&str> = ranges.into_iter().map(|range| &title[range]).collect();
            assert_eq!(parts, marked, "{text} {title}");
        }
        assert!(fit("xyz", "Delta Import").is_none());
        assert_eq!(fit(" ", "x"), Some((Fit::Beginning, Vec::new())));
        assert!(fit("long", "lo").is_none());
    }
}
