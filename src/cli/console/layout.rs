//! How wide text is on a terminal, and how it is made to fit.
//!
//! Counts cells, not characters: a Chinese character takes two. Pure.

/// A blank at which no line is broken.
const NO_BREAK: &str = "\u{a0}";

/// The cells a text takes on a terminal.
pub fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// Shortens a text to `limit` cells by leaving out its middle; names often differ at the end.
pub fn elide(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let kept = limit.saturating_sub(1);
    let head = fitting(text.chars(), kept - kept / 2);
    let tail = fitting(text.chars().rev(), kept / 2);
    let tail: String = tail.chars().rev().collect();
    format!("{head}…{tail}")
}

/// Breaks a text at its blanks into lines of at most `limit` cells; a longer word is broken
/// anywhere.
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    // What is too long to be kept together is broken at its blanks all the same.
    let words = text.split(' ').flat_map(|word| {
        let blank = if width(word) > limit { NO_BREAK } else { " " };
        word.split(blank)
    });
    for word in words.filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) <= limit {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        while width(rest) > limit {
            let piece = fitting(rest.chars(), limit);
            // A character that is wider than the line has a line of its own.
            let end = piece
                .len()
                .max(rest.chars().next().map_or(0, char::len_utf8));
            let (head, tail) = rest.split_at(end);
            lines.push(head.to_owned());
            rest = tail;
        }
        rest.clone_into(&mut line);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        *line = line.replace(NO_BREAK, " ");
    }
    lines
}

/// Joins words with commas such that [`wrap`] breaks between them and not within.
pub fn keep_together(words: &[String]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| word.replace(' ', NO_BREAK))
        .collect();
    words.join(", ")
}

/// As many of the first characters as fit.
fn fitting(chars: impl Iterator<Item = char>, limit: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for c in chars {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > limit {
            break;
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_not_characters() {
        assert_eq!(width("Ärzte"), 5);
        assert_eq!(width("人事"), 4);
    }

    #[test]
    fn shortened_texts_fit_and_keep_both_ends() {
        for (text, limit, shown) in [
            ("short", 9, "short"),
            ("Fabrikam HR Management Agent", 11, "Fabri…Agent"),
            ("人事情報システム", 9, "人事…テム"),
            ("人事情報システム", 8, "人事…ム"),
            ("ab", 1, "…"),
        ] {
            assert_eq!(elide(text, limit), shown, "{text} in {limit}");
        }
    }

    #[test]
    fn lines_break_at_blanks_and_long_words_anywhere() {
        for (text, limit, lines) in [
            ("", 10, &[][..]),
            ("one two three", 7, &["one two", "three"]),
            ("one abcdefghij k", 4, &["one", "abcd", "efgh", "ij k"]),
            ("人事情報", 5, &["人事", "情報"]),
            ("人a", 1, &["人", "a"]),
        ] {
            assert_eq!(wrap(text, limit), lines, "{text} in {limit}");
        }
    }

    #[test]
    fn what_belongs_together_is_not_broken() {
        let list = keep_together(&["a b".to_owned(), "c d".to_owned()]);
        assert_eq!(wrap(&list, 6), ["a b,", "c d"]);
        assert_eq!(wrap(&list, 8), ["a b, c d"]);
        assert_eq!(wrap(&list, 3), ["a", "b,", "c d"]);
    }
}
