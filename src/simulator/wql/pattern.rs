//! The patterns of `LIKE`.

use super::query::folded;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PatternPart {
    Char(char),
    AnyOne,
    AnyRun,
    Set {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

/// Matches a pattern; the time grows with text times pattern, never faster.
pub(super) fn is_like(text: &[char], pattern: &[PatternPart]) -> bool {
    // reached[i]: the pattern so far matches the first i characters.
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for part in pattern {
        let mut next = vec![false; text.len() + 1];
        let mut run = false;
        for (index, (was, now)) in reached.iter().zip(next.iter_mut()).enumerate() {
            match part {
                PatternPart::AnyRun => {
                    run |= *was;
                    *now = run;
                }
                PatternPart::Char(_) | PatternPart::AnyOne | PatternPart::Set { .. } => {
                    *now = run;
                    run = *was && text.get(index).is_some_and(|c| part.takes(*c));
                }
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

impl PatternPart {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(wanted) => *wanted == c,
            Self::AnyOne | Self::AnyRun => true,
            Self::Set { ranges, is_negated } => {
                let is_inside = ranges.iter().any(|(low, high)| *low <= c && c <= *high);
                is_inside != *is_negated
            }
        }
    }
}

pub(super) fn pattern(text: &str) -> Vec<PatternPart> {
    let folded = folded(text);
    let mut parts = Vec::new();
    let mut rest = folded.chars().peekable();
    while let Some(c) = rest.next() {
        parts.push(match c {
            '%' => PatternPart::AnyRun,
            '_' => PatternPart::AnyOne,
            '[' => {
                let inner: String = rest.by_ref().take_while(|c| *c != ']').collect();
                set(&inner)
            }
            c => PatternPart::Char(c),
        });
    }
    parts
}

/// `a-f`, `^a-f` or single characters; `=` stands for `-` in WQL (`[a=f]`).
fn set(inner: &str) -> PatternPart {
    let (inner, is_negated) = match inner.strip_prefix('^') {
        Some(rest) => (rest, true),
        None => (inner, false),
    };
    let chars: Vec<char> = inner.chars().collect();
    let mut ranges = Vec::new();
    let mut rest = chars.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        rest = match tail {
            ['-' | '=', last, more @ ..] => {
                ranges.push((*first, *last));
                more
            }
            more => {
                ranges.push((*first, *first));
                more
            }
        };
    }
    PatternPart::Set { ranges, is_negated }
}
