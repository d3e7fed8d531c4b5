//! Finds the word that somebody probably meant.
//!
//! Must not know what the words stand for.

/// Words longer than this are not compared: the cost grows with the square of their length.
const LONGEST_WORD: usize = 64;

/// The candidate that differs from a word by the fewest slips of the pen, if it is likely meant.
///
/// A slip is one character that is missing, added, wrong or swapped with its neighbour; letter case
/// does not count. At most a third of the word may be wrong. Of equals the first one wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word)?;
    let most = word.len() / 3;
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let slips = slips(&word, &folded(candidate)?);
            (slips <= most).then_some((slips, candidate))
        })
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Option<Vec<char>> {
    let chars: Vec<char> = word
        .chars()
        .take(LONGEST_WORD + 1)
        .flat_map(char::to_lowercase)
        .collect();
    (chars.len() <= LONGEST_WORD).then_some(chars)
}

/// The optimal string alignment distance, with three rows of the table alive at a time.
fn slips(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, &a) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        current.push(row + 1);
        let mut previous_right = None;
        for (column, &b) in right.iter().enumerate() {
            let cell = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let mut best = (cell(&last, column) + usize::from(a != b))
                .min(cell(&last, column + 1) + 1)
                .min(cell(&current, column) + 1);
            if previous_left == Some(b) && previous_right == Some(a) && column > 0 {
                best = best.min(cell(&before_last, column - 1).saturating_add(1));
            }
            current.push(best);
            previous_right = Some(b);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_left = Some(a);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let words = ["thread", "run-profile", "delay", "command"];
        for (typed, meant) in [
            ("thraed", Some("thread")),
            ("Thread", Some("thread")),
            ("runprofile", Some("run-profile")),
            ("run_profile", Some("run-profile")),
            ("dely", Some("delay")),
            ("comand", Some("command")),
            ("xyz", None),
            ("de", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
    }

    #[test]
    fn counts_slips() {
        for (left, right, count) in [
            ("", "", 0),
            ("a", "", 1),
            ("ab", "ba", 1),
            ("kitten", "sitting", 3),
            ("abcd", "acbd", 1),
        ] {
            let chars = |word: &str| word.chars().collect::<Vec<_>>();
            assert_eq!(slips(&chars(left), &chars(right)), count, "{left} {right}");
        }
    }

    #[test]
    fn a_giant_word_costs_nothing() {
        assert_eq!(nearest(&"x".repeat(1_000_000), ["thread"]), None);
    }
}
