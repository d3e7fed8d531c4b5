//! A query as a value, and whether an instance satisfies it.

use super::pattern::{PatternPart, is_like};

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The class after `FROM`.
    pub class: String,
    /// The properties to tell; empty is all of them (`*`).
    pub properties: Vec<String>,
    pub(super) condition: Option<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare(String, Comparison, Literal),
    Like(String, Vec<PatternPart>),
    IsNull(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Different,
    Less,
    Greater,
    AtMost,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Number(i64),
    Null,
}

impl Query {
    /// The first property, told or compared, that is none of `known`.
    pub fn unknown_property(&self, known: &[&str]) -> Option<&str> {
        let is_unknown = |name: &&str| !known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let mut compared = Vec::new();
        if let Some(condition) = &self.condition {
            condition.collect_properties(&mut compared);
        }
        self.properties
            .iter()
            .map(String::as_str)
            .chain(compared)
            .find(is_unknown)
    }

    /// Whether an instance satisfies the condition; `value` tells a property, `None` is null.
    pub fn matches(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        self.condition
            .as_ref()
            .is_none_or(|condition| condition.holds(value))
    }
}

impl Condition {
    pub(super) fn negated_if(self, is_negated: bool) -> Self {
        if is_negated {
            Self::Not(Box::new(self))
        } else {
            self
        }
    }

    fn collect_properties<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.collect_properties(names);
                }
            }
            Self::Not(inner) => inner.collect_properties(names),
            Self::Compare(name, ..) | Self::Like(name, _) | Self::IsNull(name) => names.push(name),
        }
    }

    fn holds(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(value)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(value)),
            Self::Not(inner) => !inner.holds(value),
            Self::IsNull(name) => value(name).is_none(),
            Self::Like(name, pattern) => value(name).is_some_and(|text| {
                let text: Vec<char> = folded(&text).chars().collect();
                is_like(&text, pattern)
            }),
            Self::Compare(name, comparison, literal) => {
                compare(value(name).as_deref(), *comparison, literal)
            }
        }
    }
}

fn compare(value: Option<&str>, comparison: Comparison, literal: &Literal) -> bool {
    use std::cmp::Ordering;
    let ordering = match (value, literal) {
        (None, Literal::Null) => Some(Ordering::Equal),
        (Some(_), Literal::Null) => return comparison == Comparison::Different,
        (None, _) => return false,
        (Some(value), Literal::Text(text)) => Some(folded(value).cmp(&folded(text))),
        (Some(value), Literal::Number(number)) => value
            .trim()
            .parse::<i64>()
            .ok()
            .map(|value| value.cmp(number)),
    };
    let Some(ordering) = ordering else {
        return false;
    };
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::Different => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::AtLeast => ordering.is_ge(),
    }
}

impl Comparison {
    pub(super) const fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::Different => self,
            Self::Less => Self::Greater,
            Self::Greater => Self::Less,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
        }
    }
}

pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}
